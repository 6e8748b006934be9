//! `threatpress build`

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::Exit;
use super::args::BuildArgs;
use super::console::{Console, exit};
use super::loaded::Loaded;
use super::timings::Timings;
use crate::config::{self, Role};
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::exposure;
use crate::pages::Portal;
use crate::publish::{Output, Retired, Sealed, Staging, swap_all};
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
    /// The builds that were pruned.
    removed: Vec<String>,
}

/// Reads, counts, renders and publishes; `None` when something stops it, and then nothing that
/// was published has changed.
fn build(args: &BuildArgs, console: &Console, timings: &mut Timings, diagnostics: &mut Diagnostics) -> Option<Built> {
    let site = &args.input.site;
    let out = args.out.clone().unwrap_or_else(|| site.join("output"));
    // Before all the reading. Where there is no site, that is what has to be told.
    if site.join(config::FILE_NAME).exists() {
        told(Output::look(&out, &[site.join("content"), site.join("themes")]), diagnostics)?;
    }
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
    let output = open(&out, &loaded, &roles, diagnostics)?;
    let names: Vec<&str> = loaded.site.roles.iter().map(|role| role.name.as_str()).collect();
    let retired = told(output.retired(&names), diagnostics)?;
    let mut sealed = Vec::new();
    for role in &roles {
        console.step(format!("building {}", role.name));
        let work = Work { loaded: &loaded, theme: &theme, templates: &templates, output: &output };
        sealed.extend(work.role(role, timings, diagnostics));
        // The disk will be no better for the next role.
        if diagnostics.iter().any(|problem| problem.code == Code::Disk) {
            return None;
        }
    }
    // All roles or none: a reader never finds one role's new numbers beside another's old ones.
    if diagnostics.has_errors() {
        return None;
    }
    let roles = roles.iter().zip(&sealed).map(|(role, build)| line(role, build)).collect();
    told(swap_all(sealed), diagnostics)?;
    let removed = retire(retired, args.prune, diagnostics);
    timings.lap("publish");
    Some(Built { out, roles, removed })
}

/// The output, once the place of every role is known to be ours.
fn open(out: &Path, loaded: &Loaded, roles: &[&Role], diagnostics: &mut Diagnostics) -> Option<Output> {
    told(Output::look(out, std::slice::from_ref(&loaded.site.snapshots)), diagnostics)?;
    let output = told(Output::open(out), diagnostics)?;
    for role in roles {
        told(output.admit(&role.name), diagnostics);
    }
    (!diagnostics.has_errors()).then_some(output)
}

/// Tells of the builds that no role wants any more, or removes them; answers the removed ones.
fn retire(retired: Vec<Retired<'_>>, prune: bool, diagnostics: &mut Diagnostics) -> Vec<String> {
    let mut removed = Vec::new();
    for build in retired {
        if !prune {
            diagnostics.push(build.warning());
            continue;
        }
        let name = build.name().to_owned();
        removed.extend(told(build.remove(), diagnostics).map(|()| name));
    }
    removed
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
        let complaints = Complaints::default();
        let routes = portal.routes();
        let sound = |_: &(usize, &_)| !complaints.disk_refused.load(Ordering::Relaxed);
        routes.par_iter().enumerate().filter(sound).for_each(|(at, route)| match renderer.route(route) {
            Ok(files) => files.iter().for_each(|file| complaints.hear(at, staging.write(&file.path, &file.bytes))),
            Err(problem) => complaints.hear(at, Err(problem)),
        });
        for file in std::iter::once(renderer.feed()).chain(self.theme.static_files()) {
            complaints.hear(routes.len(), staging.write(&file.path, &file.bytes));
        }
        for (directory, media) in media(slice) {
            complaints.hear(routes.len(), copy(staging, &format!("{directory}{}", media.name), &media.path));
        }
        complaints.tell(diagnostics);
    }
}

/// The problems of a role's files, from many threads.
#[derive(Default)]
struct Complaints {
    /// Each with its page's place in the order of pages.
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
        let mut lines: Vec<String> = self
            .roles
            .iter()
            .map(|(name, title, files, bytes)| {
                let megabytes = *bytes as f64 / 1e6;
                format!("  {out}/{name:<width$}  {files:>5} files {megabytes:>7.1} MB  {title}")
            })
            .collect();
        lines.extend(self.removed.iter().map(|name| format!("Removed {out}/{name}, which no role has any more")));
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
