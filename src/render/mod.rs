//! Page models to bytes: theme, templates, charts, CSV, feeds.
//!
//! Rendering is deterministic, and every value is escaped by its type: only what this room
//! itself made of trusted parts ([`Html`]) is put into a page as markup.

mod beside;
pub mod chart;
mod colour;
mod context;
mod csv;
mod drawing;
mod embedded;
mod feed;
mod html;
mod identity;
mod lookup;
pub mod markdown;
mod markup;
mod printer;
mod prose;
mod rows;
mod search;
mod template;
#[cfg(test)]
mod tests;
mod theme;

use rayon::prelude::*;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::exchange;
use crate::pages::{Page, Portal, Route};

pub use context::POLICY;
pub use html::{Html, escape};
pub use printer::Printer;
pub use template::Templates;
pub use theme::Theme;

/// A file of a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path from the root, with `/`.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// A theme at work on the pages of one slice.
#[derive(Debug)]
pub struct Renderer<'a> {
    portal: &'a Portal<'a>,
    theme: &'a Theme,
    templates: &'a Templates,
}

impl<'a> Renderer<'a> {
    /// A renderer of a portal's pages.
    #[must_use]
    pub fn new(portal: &'a Portal<'a>, theme: &'a Theme, templates: &'a Templates) -> Self {
        Self { portal, theme, templates }
    }

    /// Every file of the build: pages with what stands beside them, the feed, the search index, what
    /// leaves for other tools, the theme's own files. Pages are rendered in parallel; their order does
    /// not depend on it.
    #[must_use]
    pub fn render(&self, diagnostics: &mut Diagnostics) -> Vec<File> {
        let rendered: Vec<_> = self.portal.routes().par_iter().map(|route| self.route(route)).collect();
        let mut files = Vec::new();
        for outcome in rendered {
            match outcome {
                Ok(page) => files.extend(page),
                Err(problem) => diagnostics.push(problem),
            }
        }
        files.push(self.feed());
        files.extend(self.search());
        files.extend(self.exchange());
        files.extend(self.theme.static_files());
        files
    }

    /// The files of the page at a route, if there is one.
    ///
    /// # Errors
    /// Where the theme's template cannot show the page.
    pub fn route(&self, route: &Route) -> Result<Vec<File>, Diagnostic> {
        self.portal.page(route).map_or_else(|| Ok(Vec::new()), |page| self.files(page))
    }

    /// The files of one page: the page, its tables as CSV, its figures as JSON.
    ///
    /// # Errors
    /// Where the theme's template cannot show the page.
    pub fn files(&self, page: Page) -> Result<Vec<File>, Diagnostic> {
        let mut files = vec![self.page(&page)?];
        files.extend(beside::of(&page).map(|(path, beside)| File { path, bytes: beside.bytes() }));
        Ok(files)
    }

    /// The feed.
    #[must_use]
    pub fn feed(&self) -> File {
        File { path: "feed.xml".to_owned(), bytes: feed::atom(&self.portal.feed()) }
    }

    /// What leaves the site for other tools.
    #[must_use]
    pub fn exchange(&self) -> Vec<File> {
        let slice = self.portal.slice();
        let beside: Vec<Vec<exchange::File>> =
            slice.reports().par_iter().map(|report| exchange::beside(slice, report).collect()).collect();
        let files = beside.into_iter().flatten().chain(exchange::of_role(slice));
        files.map(|file| File { path: file.path, bytes: file.text.into_bytes() }).collect()
    }

    /// The index that scripts search.
    #[must_use]
    pub fn search(&self) -> Vec<File> {
        search::files(&self.portal.search_index())
    }

    fn page(&self, page: &Page) -> Result<File, Diagnostic> {
        let context = context::of(self.portal, self.theme, page);
        let text = self.templates.render(page.template, &context)?;
        Ok(File { path: page.route.file(), bytes: text.into_bytes() })
    }
}
