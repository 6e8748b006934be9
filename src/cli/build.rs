//! `threatpress build`

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rayon::prelude::*;

use super::Exit;
use super::args::BuildArgs;
use super::console::{Console, exit};
use super::loaded::Loaded;
use super::timings::Timings;
use crate::config::Role;
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::exposure;
use crate::pages::Portal;
use crate::publish::{Output, Sealed, Staging, swap_all};
use crate::render::{Renderer, Templates, Theme};
use crate::scope::{self, Slice};

pub(super) fn run(args: &BuildArgs) -> Exit {
    let console = Console::new(args.format.into());
    let mut timings = Timings::start();
    let mut diagnostics = Diagnostics::new();
    let threads = args.jobs.map_or(0, usize::from);
    let built = match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(|| build(args, &console, &mut timings, &mut diagnostics)),
        Err(error) => {
            let message = format!("cannot start the threads: {error}");
            diagnostics.push(Diagnostic::error(Code::Disk, message).hint("give a smaller --jobs"));
            None
        }
    };
    console.tell(&diagnostics);
    if let Some(built) = built {
        console.say(&built.told(&timings));
    }
    if args.timings {
        console.say(&timings.table());
    }
    exit(&diagnostics)
}

/// What a run made.
struct Built {
    out: PathBuf,
    /// Per role: its name and title, how many files, their size.
    roles: Vec<(String, String, usize, u64)>,
}

/// Reads, counts, renders and publishes; `None` when something stops it, and then nothing that
/// was published has changed.
fn build(args: &BuildArgs, console: &Console, timings: &mut Timings, diagnostics: &mut Diagnostics) -> Option<Built> {
    let loaded = Loaded::read(&args.input, console, timings, diagnostics);
    if args.input.strict {
        diagnostics.escalate();
    }
    let loaded = loaded?;
    let roles = loaded.roles(&args.roles, diagnostics);
    let (theme, templates) = theme(&loaded, diagnostics)?;
    timings.lap("theme");
    if diagnostics.has_errors() {
        return None;
    }
    let out = args.out.clone().unwrap_or_else(|| loaded.site.root.join("output"));
    let output = told(Output::open(&out), diagnostics)?;
    let mut sealed = Vec::new();
    for role in &roles {
        console.step(format!("building {}", role.name));
        let work = Work { loaded: &loaded, theme: &theme, templates: &templates, output: &output };
        sealed.extend(work.role(role, timings, diagnostics));
    }
    // All roles or none: a reader never finds one role's new numbers beside another's old ones.
    if diagnostics.has_errors() {
        return None;
    }
    let roles = roles.iter().zip(&sealed).map(|(role, build)| line(role, build)).collect();
    told(swap_all(sealed), diagnostics)?;
    timings.lap("publish");
    Some(Built { out, roles })
}

fn line(role: &Role, build: &Sealed<'_>) -> (String, String, usize, u64) {
    let files = &build.manifest().files;
    (role.name.clone(), role.title.clone(), files.len(), files.iter().map(|file| file.size).sum())
}

/// Everything that the build of a role needs.
struct Work<'a> {
    loaded: &'a Loaded,
    theme: &'a Theme,
    templates: &'a Templates,
    output: &'a Output,
}

impl<'a> Work<'a> {
    /// A role's build, finished but not yet in its place.
    fn role(&self, role: &Role, timings: &mut Timings, diagnostics: &mut Diagnostics) -> Option<Sealed<'a>> {
        let slice = scope::slice(self.loaded.input(), role);
        timings.lap("scope");
        let figures = exposure::count(&slice);
        timings.lap("exposure");
        let portal = Portal::new(&slice, &figures, diagnostics);
        let staging = told(self.output.stage(&role.name), diagnostics)?;
        let before = diagnostics.count(crate::diagnostics::Severity::Error);
        self.write(&portal, &slice, &staging, diagnostics);
        timings.lap("render");
        if diagnostics.count(crate::diagnostics::Severity::Error) > before {
            return None;
        }
        let sealed = told(staging.seal(self.loaded.as_of), diagnostics);
        timings.lap("publish");
        sealed
    }

    /// Renders the pages in parallel, each straight into its file.
    fn write(&self, portal: &Portal<'_>, slice: &Slice, staging: &Staging<'_>, diagnostics: &mut Diagnostics) {
        let renderer = Renderer::new(portal, self.theme, self.templates);
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
        let rest = std::iter::once(renderer.feed()).chain(renderer.search()).chain(self.theme.static_files());
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

fn theme(loaded: &Loaded, diagnostics: &mut Diagnostics) -> Option<(Theme, Templates)> {
    let own = loaded.site.root.join("themes");
    let theme = Theme::load(&loaded.site.theme, Some(&own), diagnostics)?;
    let templates = Templates::compile(&theme, diagnostics)?;
    Some((theme, templates))
}

/// What a build would complain of beyond what reading the site tells: names that clash, a
/// theme that does not load.
pub(super) fn rehearse(loaded: &Loaded, console: &Console, timings: &mut Timings, diagnostics: &mut Diagnostics) {
    let _ = theme(loaded, diagnostics);
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
fn told<T>(result: Result<T, Diagnostic>, diagnostics: &mut Diagnostics) -> Option<T> {
    result.map_err(|problem| diagnostics.push(problem)).ok()
}

impl Built {
    /// What stands where, and how to look at it.
    fn told(&self, timings: &Timings) -> String {
        let out = self.out.strip_prefix(".").unwrap_or(&self.out).display();
        let width = self.roles.iter().map(|(name, ..)| name.len()).max().unwrap_or_default();
        let lines: Vec<String> = self
            .roles
            .iter()
            .map(|(name, title, files, bytes)| {
                let megabytes = *bytes as f64 / 1e6;
                format!("  {out}/{name:<width$}  {files:>5} files {megabytes:>7.1} MB  {title}")
            })
            .collect();
        let first = self.roles.first().map_or("ROLE", |(name, ..)| name);
        format!(
            "Built {} in {:.2} s:\n{}\nTo look at one: python3 -m http.server 8000 --directory {out}/{first}\nthen open http://127.0.0.1:8000/",
            match self.roles.len() {
                1 => "one role".to_owned(),
                count => format!("{count} roles"),
            },
            timings.total().as_secs_f64(),
            lines.join("\n"),
        )
    }
}
