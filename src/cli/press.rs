//! From a site that was read to the builds of its roles: the one way that every verb goes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::audit;
use super::console::Console;
use super::dead_links::DeadLinks;
use super::timings::Timings;
use crate::audit::Auditor;
use crate::config::Role;
use crate::desk::Loaded;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity};
use crate::exposure::{self, Figures};
#[cfg(feature = "trial")]
use crate::leaks::Seeded;
use crate::pages::{Listing, Portal, Route};
use crate::publish::{Output, Sealed, Staging};
use crate::render::{File, Printer, Renderer};
use crate::scope;

/// A site that was read, and the theme its pages are printed with.
pub(super) struct Press<'a> {
    loaded: &'a Loaded,
    printer: Printer,
    /// Looks at each build before it is published, where that is wanted.
    auditor: Option<Auditor<'a>>,
}

impl<'a> Press<'a> {
    /// Loads the site's theme; `None` where that fails.
    pub(super) fn set(loaded: &'a Loaded, diagnostics: &mut Diagnostics) -> Option<Self> {
        let printer = Printer::set(&loaded.site.theme, &loaded.site.root, diagnostics)?;
        Some(Self { loaded, printer, auditor: None })
    }

    /// What looks at builds of this site for what their roles may not see.
    pub(super) fn auditor(&self) -> Auditor<'a> {
        audit::auditor(self.loaded, &self.printer.theme)
    }

    /// From now on every build is looked at.
    pub(super) fn audit(&mut self) {
        self.auditor = Some(self.auditor());
    }

    /// A role's build, finished but not in its place; `None` where it could not be finished.
    pub(super) fn build<'o>(
        &self,
        role: &Role,
        output: &'o Output,
        timings: &mut Timings,
        diagnostics: &mut Diagnostics,
    ) -> Option<Sealed<'o>> {
        #[cfg(feature = "trial")]
        let leak = Seeded::new(self.loaded.input(), role);
        let slice = scope::slice(self.loaded.input(), role);
        #[cfg(feature = "trial")]
        let slice = leak.slice(slice);
        timings.lap("scope");
        let figures = exposure::count(&slice);
        #[cfg(feature = "trial")]
        let figures = leak.figures(&slice, figures);
        timings.lap("exposure");
        let before = diagnostics.count(Severity::Error);
        let listing = Listing::of(&slice, diagnostics);
        let portal = Portal::new(&slice, &figures, &listing);
        let staging = told(output.stage(&role.name), diagnostics)?;
        let work = Work {
            press: self,
            portal: &portal,
            staging: &staging,
            #[cfg(feature = "trial")]
            leak: &leak,
        };
        work.write(diagnostics);
        timings.lap("render");
        if diagnostics.count(Severity::Error) > before {
            return None;
        }
        let sealed = told(staging.seal(self.loaded.as_of, self.auditor.is_some()), diagnostics)?;
        #[cfg(feature = "trial")]
        leak.tree(sealed.dir());
        timings.lap("publish");
        if let Some(auditor) = &self.auditor {
            diagnostics.append(auditor.look(role, sealed.dir(), &output.place(&role.name)).diagnostics);
            timings.lap("audit");
        }
        Some(sealed)
    }
}

/// A role's build in the making.
struct Work<'a, 'output> {
    press: &'a Press<'a>,
    portal: &'a Portal<'a>,
    staging: &'a Staging<'output>,
    #[cfg(feature = "trial")]
    leak: &'a Seeded<'a>,
}

impl Work<'_, '_> {
    /// Prints the sheets in parallel, each page straight into its file, and beside them the files of no page.
    fn write(&self, diagnostics: &mut Diagnostics) {
        let renderer = Renderer::new(self.portal, &self.press.printer.theme, &self.press.printer.templates);
        let complaints = Complaints::default();
        let routes = self.portal.routes();
        let sheets: Vec<&[Route]> = Route::sheets(&routes).collect();
        let is_refused = || complaints.disk_refused.load(Ordering::Relaxed);
        let put = |at, file: &File| complaints.hear(at, self.staging.fill(&file.path, |out| file.write(out)));
        #[cfg(not(feature = "trial"))]
        let print = |sheet| renderer.sheet(sheet);
        #[cfg(feature = "trial")]
        let print = |sheet| self.leak.sheet(&renderer, self.portal, sheet);
        let pages = || {
            sheets.par_iter().enumerate().for_each(|(at, sheet)| {
                let mut pages = print(sheet);
                // A page is made when it is taken: none after the disk has refused.
                while !is_refused()
                    && let Some(page) = pages.next()
                {
                    match page {
                        Ok(files) => files.iter().for_each(|file| put(at, file)),
                        Err(problem) => complaints.hear(at, Err(problem)),
                    }
                }
            });
        };
        let rest = || {
            let rest = renderer.rest();
            #[cfg(feature = "trial")]
            let rest = self.leak.files(self.portal.slice(), rest.collect()).into_iter();
            rest.take_while(|_| !is_refused()).for_each(|file| put(sheets.len(), &file));
        };
        rayon::join(pages, rest);
        for (path, media) in self.portal.media() {
            let written = media.published().and_then(|bytes| self.staging.write(&path, &bytes));
            complaints.hear(sheets.len(), written);
        }
        complaints.tell(diagnostics);
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
    /// That the disk refuses, being full say, is told once, and not for every file.
    fn hear(&self, at: usize, outcome: Result<(), Diagnostic>) {
        let Err(problem) = outcome else { return };
        if problem.code == Code::Disk && self.disk_refused.swap(true, Ordering::Relaxed) {
            return;
        }
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).push((at, problem));
    }

    /// Tells them in the pages' order, whichever thread was first.
    fn tell(self, diagnostics: &mut Diagnostics) {
        let mut heard = self.heard.into_inner().unwrap_or_else(PoisonError::into_inner);
        heard.sort_by_key(|(at, _)| *at);
        heard.into_iter().for_each(|(_, problem)| diagnostics.push(problem));
    }
}

/// What a build would complain of beyond what reading the site tells: names that clash, a
/// theme that does not load.
pub(super) fn rehearse(loaded: &Loaded, console: &Console, timings: &mut Timings, diagnostics: &mut Diagnostics) {
    let _ = Press::set(loaded, diagnostics);
    timings.lap("theme");
    let mut links = DeadLinks::default();
    for role in &loaded.site.roles {
        console.step(format!("checking {}", role.name));
        let slice = scope::slice(loaded.input(), role);
        timings.lap("scope");
        let figures = Figures::of(&slice, None);
        timings.lap("exposure");
        let listing = Listing::of(&slice, diagnostics);
        let portal = Portal::new(&slice, &figures, &listing);
        links.gather(&loaded.library, role, &portal);
        timings.lap("pages");
    }
    links.tell(diagnostics);
}

/// The value, or `None` and the problem told.
pub(super) fn told<T>(result: Result<T, Diagnostic>, diagnostics: &mut Diagnostics) -> Option<T> {
    result.map_err(|problem| diagnostics.push(problem)).ok()
}

/// Does `work` on so many threads, or one per core.
pub(super) fn on_threads<T: Send>(
    jobs: Option<u16>,
    diagnostics: &mut Diagnostics,
    work: impl FnOnce(&mut Diagnostics) -> Option<T> + Send,
) -> Option<T> {
    match rayon::ThreadPoolBuilder::new().num_threads(jobs.map_or(0, usize::from)).build() {
        Ok(pool) => pool.install(|| work(diagnostics)),
        Err(error) => {
            let message = format!("cannot start the threads: {error}");
            diagnostics.push(Diagnostic::error(Code::Disk, message).hint("give a smaller --jobs"));
            None
        }
    }
}
