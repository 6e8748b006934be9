//! Leaks, seeded on purpose: a test of the promise that cannot fail proves nothing, so each of
//! these is a bug of the kind that could be made, and the tests must find it.
//!
//! The room stands only in builds with the feature `trial`, and of those only in builds for
//! tests. The environment variable `THREATPRESS_LEAK` chooses one leak; without it nothing
//! leaks. It is the one room after `scope` that may see what was not sliced, and only `cli`
//! may call it, where one room's result is handed to the next.

mod everything;
mod figures;
mod files;
mod list;
mod markup;
mod page;
mod slice;
mod tree;

use std::path::Path;

use everything::Everything;
pub use list::Leak;

use crate::config::Role;
use crate::diagnostics::Diagnostic;
use crate::exposure::Figures;
use crate::pages::{Portal, Route};
use crate::render::{File, Renderer};
use crate::scope::{Input, Slice};

/// The chosen leak at work on one role's build.
pub struct Seeded<'a> {
    leak: Option<(Leak, Everything)>,
    input: Input<'a>,
    role: &'a Role,
}

impl<'a> Seeded<'a> {
    /// The leak that the environment asks for, if any, in the build of `role`.
    #[must_use]
    pub fn new(input: Input<'a>, role: &'a Role) -> Self {
        let leak = Leak::chosen().map(|leak| (leak, Everything::of(input, role)));
        Self { leak, input, role }
    }

    /// The slice, after the leak.
    #[must_use]
    pub fn slice(&self, mut slice: Slice) -> Slice {
        if let Some((leak, all)) = &self.leak {
            slice::leak(*leak, self, all, &mut slice);
        }
        slice
    }

    /// The figures, after the leak.
    #[must_use]
    pub fn figures(&self, slice: &Slice, mut figures: Figures) -> Figures {
        if let Some((leak, all)) = &self.leak {
            figures::leak(*leak, self, all, slice, &mut figures);
        }
        figures
    }

    /// The files of some pages as [`Renderer::sheet`] gives them, their models and their bytes after the leak.
    pub fn sheet<'p>(
        &'p self,
        renderer: &Renderer<'p>,
        portal: Portal<'p>,
        routes: &[Route],
    ) -> impl Iterator<Item = Result<Vec<File<'p>>, Diagnostic>> {
        let pages = portal.pages(routes).map(|mut page| {
            if let Some((leak, all)) = &self.leak {
                page::leak(*leak, all, &mut page);
            }
            page
        });
        renderer.pages(portal, pages).map(move |files| files.map(|files| self.files(&portal, files)))
    }

    /// Rendered files after the leak: those of a page, or those of no page.
    #[must_use]
    pub fn files<'p>(&self, portal: &Portal<'p>, mut files: Vec<File<'p>>) -> Vec<File<'p>> {
        if let Some((leak, all)) = &self.leak {
            let slice = portal.slice();
            markup::leak(*leak, self, all, slice, &mut files);
            files::leak(*leak, self, all, slice, &mut files);
        }
        files
    }

    /// Lets the leak change a finished build that still stands in the workshop.
    pub fn tree(&self, dir: &Path) {
        if let Some((leak, _)) = &self.leak {
            // A leak that cannot be planted is one that the tests miss, and they say so.
            let _ = tree::leak(*leak, self, dir);
        }
    }
}
