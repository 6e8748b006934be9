//! From a site that was read to the builds of its roles: the one way that every verb goes.

use std::path::Path;
use std::sync::Mutex;

use rayon::prelude::*;

use super::console::Console;
use super::loaded::Loaded;
use super::timings::Timings;
use crate::config::Role;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity};
use crate::exposure;
use crate::pages::Portal;
use crate::publish::{Output, Sealed, Staging};
use crate::render::{Renderer, Templates, Theme};
use crate::scope::{self, Slice};

/// A site that was read, and the theme its pages are printed with.
pub(super) struct Press<'a> {
    loaded: &'a Loaded,
    theme: Theme,
    templates: Templates,
}

impl<'a> Press<'a> {
    /// Loads the site's theme; `None` where that fails.
    pub(super) fn set(loaded: &'a Loaded, diagnostics: &mut Diagnostics) -> Option<Self> {
        let own = loaded.site.root.join("themes");
        let theme = Theme::load(&loaded.site.theme, Some(&own), diagnostics)?;
        let templates = Templates::compile(&theme, diagnostics)?;
        Some(Self { loaded, theme, templates })
    }

    /// A role's build, finished but not in its place; `None` where something is wrong with it.
    pub(super) fn build<'o>(
        &self,
        role: &Role,
        output: &'o Output,
        timings: &mut Timings,
        diagnostics: &mut Diagnostics,
    ) -> Option<Sealed<'o>> {
        let slice = scope::slice(self.loaded.input(), role);
        timings.lap("scope");
        let figures = exposure::count(&slice);
        timings.lap("exposure");
        let before = diagnostics.count(Severity::Error);
        let portal = Portal::new(&slice, &figures, diagnostics);
        let staging = told(output.stage(&role.name), diagnostics)?;
        self.write(&portal, &slice, &staging, diagnostics);
        timings.lap("render");
        if diagnostics.count(Severity::Error) > before {
            return None;
        }
        let sealed = told(staging.seal(self.loaded.as_of), diagnostics);
        timings.lap("publish");
        sealed
    }

    /// Renders the pages in parallel, each straight into its file.
    fn write(&self, portal: &Portal<'_>, slice: &Slice, staging: &Staging<'_>, diagnostics: &mut Diagnostics) {
        let renderer = Renderer::new(portal, &self.theme, &self.templates);
        let problems = Mutex::new(Vec::new());
        let complain = |problem| problems.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(problem);
        let routes = portal.routes();
        routes.par_iter().enumerate().for_each(|(at, route)| match renderer.route(route) {
            Ok(files) => {
                for file in files {
                    if let Err(problem) = staging.write(&file.path, &file.bytes) {
                        complain((at, problem));
                    }
                }
            }
            Err(problem) => complain((at, problem)),
        });
        let rest = std::iter::once(renderer.feed()).chain(self.theme.static_files());
        for file in rest {
            if let Err(problem) = staging.write(&file.path, &file.bytes) {
                complain((routes.len(), problem));
            }
        }
        for (directory, media) in media(slice) {
            if let Err(problem) = copy(staging, &format!("{directory}{}", media.name), &media.path) {
                complain((routes.len(), problem));
            }
        }
        let mut problems = problems.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        // In the pages' order, whichever thread was first.
        problems.sort_by_key(|(at, _)| *at);
        for (_, problem) in problems {
            diagnostics.push(problem);
        }
    }
}

/// The images that visible texts name, each with the directory it goes to.
fn media(slice: &Slice) -> impl Iterator<Item = (String, &scope::Media)> {
    let reports = slice
        .reports()
        .iter()
        .flat_map(|report| report.media.iter().map(move |media| (format!("threats/{}/media/", report.slug), media)));
    let pages = slice
        .pages()
        .iter()
        .flat_map(|page| page.media.iter().map(move |media| (format!("pages/{}/media/", page.name), media)));
    reports.chain(pages)
}

fn copy(staging: &Staging<'_>, path: &str, file: &Path) -> Result<(), Diagnostic> {
    let bytes = std::fs::read(file).map_err(|error| {
        Diagnostic::error(Code::Unreadable, format!("cannot read it: {error}")).in_file(file.display().to_string())
    })?;
    staging.write(path, &bytes)
}

/// What a build would complain of beyond what reading the site tells: names that clash, a
/// theme that does not load.
pub(super) fn rehearse(loaded: &Loaded, console: &Console, timings: &mut Timings, diagnostics: &mut Diagnostics) {
    let _ = Press::set(loaded, diagnostics);
    timings.lap("theme");
    for role in &loaded.site.roles {
        console.step(format!("checking {}", role.name));
        let slice = scope::slice(loaded.input(), role);
        timings.lap("scope");
        let figures = exposure::count(&slice);
        timings.lap("exposure");
        let _ = Portal::new(&slice, &figures, diagnostics);
        timings.lap("pages");
    }
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
