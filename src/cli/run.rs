//! The printing of a role's build: every sheet, and the files of no page.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::plates::{Basis, Impression, Plates};
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
#[cfg(feature = "trial")]
use crate::leaks::Seeded;
use crate::pages::{Asked, Portal, Route};
use crate::publish::Staging;
use crate::render::{File, Printer, Renderer};

/// A role's build in the making.
pub(super) struct Run<'a> {
    pub(super) printer: &'a Printer,
    pub(super) portal: Portal<'a>,
    pub(super) staging: &'a Staging<'a, 'a>,
    /// What is kept of the last build, and what this one is made of.
    pub(super) last: Option<(&'a Plates, &'a Basis)>,
    #[cfg(feature = "trial")]
    pub(super) leak: &'a Seeded<'a>,
}

impl Run<'_> {
    /// Prints the sheets in parallel, each page straight into its file, and beside them the files of no page.
    pub(super) fn print(&self, diagnostics: &mut Diagnostics) -> Vec<Impression> {
        let routes = self.portal.routes();
        let sheets: Vec<&[Route]> = Route::sheets(&routes).collect();
        let asked: Vec<Asked> = sheets.iter().map(|_| Asked::default()).collect();
        let renderer = Renderer::new(&self.portal, &self.printer.theme, &self.printer.templates);
        let complaints = Complaints::default();
        let sheet = |at: usize, routes: &&[Route]| {
            let first = routes.first().map(Route::file).unwrap_or_default();
            match self.take_over(&first) {
                Ok(None) => {
                    let asked = asked.get(at)?;
                    let files = self.sheet(&renderer, asked, at, routes, &complaints);
                    Some(Impression { first, asked: asked.questions(), files })
                }
                Ok(taken) => taken,
                Err(problem) => {
                    complaints.hear(at, Err(problem));
                    None
                }
            }
        };
        let pages = || sheets.par_iter().enumerate().filter_map(|(at, routes)| sheet(at, routes)).collect();
        let (impressions, ()) = rayon::join(pages, || self.rest(&renderer, sheets.len(), &complaints));
        complaints.tell(diagnostics);
        impressions
    }

    /// Takes the sheet that begins with the page in a file from the last build, where it would be the same; `None` where
    /// it has to be printed.
    fn take_over(&self, first: &str) -> Result<Option<Impression>, Diagnostic> {
        let found = self.last.and_then(|(plates, basis)| Some((plates, plates.sheet(first, &self.portal, basis)?)));
        let Some((plates, (asked, places))) = found else { return Ok(None) };
        if !self.staging.take_over(places)? {
            return Ok(None);
        }
        let files = places.iter().filter_map(|at| plates.kept().path(*at)).map(str::to_owned).collect();
        Ok(Some(Impression { first: first.to_owned(), asked: asked.to_vec(), files }))
    }

    /// Prints a sheet; answers the paths of its files.
    fn sheet<'r>(
        &'r self,
        renderer: &Renderer<'r>,
        asked: &'r Asked,
        at: usize,
        routes: &[Route],
        complaints: &Complaints,
    ) -> Vec<String> {
        let portal = self.portal.noting(asked);
        #[cfg(not(feature = "trial"))]
        let mut pages = renderer.sheet(portal, routes);
        #[cfg(feature = "trial")]
        let mut pages = self.leak.sheet(renderer, portal, routes);
        let mut written = Vec::new();
        // A page is made when it is taken: none after the disk has refused.
        while !complaints.is_disk_refused()
            && let Some(page) = pages.next()
        {
            match page {
                Ok(files) => {
                    for file in files {
                        self.put(at, &file, complaints);
                        written.push(file.path);
                    }
                }
                Err(problem) => complaints.hear(at, Err(problem)),
            }
        }
        written
    }

    /// Writes the files of no page. `at` is behind the last sheet.
    fn rest(&self, renderer: &Renderer, at: usize, complaints: &Complaints) {
        let rest = renderer.rest();
        #[cfg(feature = "trial")]
        let rest = self.leak.files(&self.portal, rest.collect()).into_iter();
        rest.take_while(|_| !complaints.is_disk_refused()).for_each(|file| self.put(at, &file, complaints));
        for (path, media) in self.portal.media() {
            complaints.hear(at, media.published().and_then(|bytes| self.staging.write(&path, &bytes)));
        }
    }

    fn put(&self, at: usize, file: &File, complaints: &Complaints) {
        complaints.hear(at, self.staging.fill(&file.path, |out| file.write(out)));
    }
}

/// The problems of a role's files, from many threads.
#[derive(Default)]
struct Complaints {
    /// Each with its sheet's place in the order of pages.
    heard: Mutex<Vec<(usize, Diagnostic)>>,
    disk_refused: AtomicBool,
}

impl Complaints {
    fn is_disk_refused(&self) -> bool {
        self.disk_refused.load(Ordering::Relaxed)
    }

    /// That the disk refuses, being full say, is told once, and not for every file.
    fn hear(&self, at: usize, outcome: Result<(), Diagnostic>) {
        let Err(problem) = outcome else { return };
        if problem.code == Code::Disk && self.disk_refused.swap(true, Ordering::Relaxed) {
            return;
        }
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).push((at, problem));
    }

    /// Tells them in the pages' order, whichever thread was first: what is the same of many pages once.
    fn tell(self, diagnostics: &mut Diagnostics) {
        let mut heard = self.heard.into_inner().unwrap_or_else(PoisonError::into_inner);
        heard.sort_by_key(|(at, _)| *at);
        for (_, problem) in heard {
            diagnostics.push_new(problem);
        }
    }
}
