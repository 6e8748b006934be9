//! Page models to bytes: theme, templates, charts, CSV, feeds.
//!
//! Rendering is deterministic, and every value is escaped by its type: only what this room
//! itself made of trusted parts ([`Html`]) is put into a page as markup.

mod beside;
pub mod chart;
mod colour;
mod composed;
mod context;
mod csv;
mod drawing;
mod embedded;
mod feed;
mod file;
mod html;
mod identity;
mod lookup;
pub mod markdown;
mod markup;
mod policy;
mod printer;
mod prose;
mod rows;
mod search;
mod template;
#[cfg(test)]
mod tests;
mod theme;

use std::sync::OnceLock;

use rayon::prelude::*;

use composed::Composed;
use context::Common;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::exchange;
use crate::pages::{Page, Portal, Route, Tab};

pub use context::POLICY;
pub use file::File;
pub use html::{Html, escape};
pub use printer::Printer;
pub use template::Templates;
pub use theme::Theme;

/// A theme at work on the pages of one slice.
#[derive(Debug)]
pub struct Renderer<'a> {
    portal: &'a Portal<'a>,
    theme: &'a Theme,
    templates: &'a Templates,
    common: OnceLock<Common>,
}

impl<'a> Renderer<'a> {
    /// A renderer of a portal's pages.
    #[must_use]
    pub fn new(portal: &'a Portal<'a>, theme: &'a Theme, templates: &'a Templates) -> Self {
        Self { portal, theme, templates, common: OnceLock::new() }
    }

    /// Every file of the build: pages with what stands beside them, the feed, the search index, what
    /// leaves for other tools, the theme's own files. Pages are rendered in parallel; their order does
    /// not depend on it.
    #[must_use]
    pub fn render(&self, diagnostics: &mut Diagnostics) -> Vec<File<'a>> {
        let routes = self.portal.routes();
        let sheets: Vec<&[Route]> = Route::sheets(&routes).collect();
        let rendered: Vec<Vec<_>> = sheets.par_iter().map(|sheet| self.sheet(*self.portal, sheet).collect()).collect();
        let mut files = Vec::new();
        for outcome in rendered.into_iter().flatten() {
            match outcome {
                Ok(page) => files.extend(page),
                Err(problem) => diagnostics.push(problem),
            }
        }
        files.extend(self.rest());
        files
    }

    /// The files of some pages, page by page. What several of them show is set once, where they stand side by side.
    /// `portal` is the renderer's own, or the one that [notes](Portal::noting) what these pages ask.
    pub fn sheet(
        &self,
        portal: Portal<'a>,
        routes: &[Route],
    ) -> impl Iterator<Item = Result<Vec<File<'a>>, Diagnostic>> {
        self.pages(portal, portal.pages(routes))
    }

    /// The files of the pages of one sheet: each page, its tables as CSV, its figures as JSON, and what leaves it for other
    /// tools; an error where the theme's template cannot show it.
    pub fn pages(
        &self,
        portal: Portal<'a>,
        pages: impl Iterator<Item = Page<'a>>,
    ) -> impl Iterator<Item = Result<Vec<File<'a>>, Diagnostic>> {
        let mut composed = Composed::default();
        pages.map(move |page| {
            let mut files = vec![self.page(&portal, &page, &mut composed)?];
            files.extend(beside::of(&page));
            files.extend(exports(&portal, &page.route));
            Ok(files)
        })
    }

    /// The files of no page, one after another: the feed, the search index, what leaves all of it for other tools, the
    /// theme's own.
    pub fn rest(&self) -> impl Iterator<Item = File<'a>> {
        let search = std::iter::once_with(|| self.search()).flatten();
        let exports = std::iter::once_with(|| exchange::of_role(self.portal.slice())).flatten().map(exported);
        std::iter::once_with(|| self.feed()).chain(search).chain(exports).chain(self.theme.static_files())
    }

    /// The feed.
    #[must_use]
    pub fn feed(&self) -> File<'a> {
        File::new("feed.xml".to_owned(), feed::atom(&self.portal.feed()))
    }

    /// The index that scripts search, file by file.
    pub fn search(&self) -> impl Iterator<Item = File<'a>> + use<'a> {
        search::files(self.portal.search_index())
    }

    fn page(&self, portal: &Portal<'a>, page: &Page<'a>, composed: &mut Composed<'a>) -> Result<File<'a>, Diagnostic> {
        let common = self.common.get_or_init(|| Common::of(self.portal, self.theme));
        let context = context::of(portal, common, page, composed);
        let text = self.templates.render(page.template, &context)?;
        Ok(File::new(page.route.file(), text.into_bytes()))
    }
}

/// What leaves the site for other tools beside a page: beside a report's first one.
fn exports<'a>(portal: &Portal<'a>, route: &Route) -> impl Iterator<Item = File<'a>> + use<'a> {
    let slug = match route {
        Route::Report(slug, Tab::Overview) => Some(slug),
        _ => None,
    };
    slug.map(|slug| portal.exports(slug)).into_iter().flatten().map(exported)
}

fn exported<'a>(file: exchange::File) -> File<'a> {
    File::new(file.path, file.text.into_bytes())
}
