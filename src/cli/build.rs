//! `threatpress build`

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Exit;
use super::again::Again;
use super::args::BuildArgs;
use super::console::{Console, exit};
use super::loaded;
use super::plates::{Bases, Printed};
use super::press::{Press, on_threads, told};
use super::timings::Timings;
use super::typed::{shown, typed};
use crate::config::{self, Role};
use crate::desk::{Loaded, Order};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, visible};
use crate::publish::{Manifest, Output, Retired, Sealed, swap_all};

pub(super) fn run(args: &BuildArgs) -> Exit {
    let console = Console::new(args.format.into());
    let mut timings = Timings::start();
    let mut diagnostics = Diagnostics::new();
    let built = on_threads(args.jobs, &mut diagnostics, |diagnostics| build(args, &console, &mut timings, diagnostics));
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
#[derive(Serialize, Deserialize)]
struct Built {
    out: PathBuf,
    /// Per role: its name and title, how many files, their size.
    roles: Vec<(String, String, usize, u64)>,
    /// The builds that were pruned.
    #[serde(skip)]
    removed: Vec<String>,
    /// Whether this run made it, and not the last one.
    #[serde(skip)]
    is_new: bool,
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
    let again = Again::begin(args, &out);
    if let Some((told, built)) = again.as_ref().and_then(Again::last) {
        diagnostics.append(told);
        timings.lap("index");
        return Some(built);
    }
    let order = Order { once: true, ..args.input.order() };
    let loaded = loaded::read(order, console, timings, diagnostics);
    if args.input.strict {
        diagnostics.escalate();
    }
    let loaded = loaded?;
    let roles = loaded.roles(&args.roles, diagnostics);
    let mut press = Press::set(&loaded, diagnostics)?;
    timings.lap("theme");
    if args.no_audit {
        let message = "nobody looked into these builds for what their roles may not see";
        diagnostics.push(Diagnostic::warning(Code::NotAudited, message).hint("build without --no-audit"));
    } else {
        press.audit();
    }
    timings.lap("audit");
    if diagnostics.has_errors() {
        return None;
    }
    // Nothing is kept of what an engine holds.
    let again = again.filter(|_| !loaded.asks_engines());
    press.reprint(again.as_ref().map(|again| Bases::of(again, &loaded)));
    let output = open(&out, &loaded, &roles, diagnostics)?;
    let names: Vec<&str> = loaded.site.roles.iter().map(|role| role.name.as_str()).collect();
    let retired = told(output.retired(&names), diagnostics)?;
    let mut pressed = Vec::new();
    for role in &roles {
        console.step(format!("building {}", role.name));
        pressed.extend(press.build(role, &output, timings, diagnostics));
        // The disk will be no better for the next role.
        if diagnostics.iter().any(|problem| problem.code == Code::Disk) {
            return None;
        }
    }
    // All roles or none: a reader never finds one role's new numbers beside another's old ones.
    if diagnostics.has_errors() {
        return None;
    }
    let roles = roles.iter().zip(&pressed).map(|(role, build)| line(role, &build.sealed)).collect();
    let (sealed, printed): (Vec<_>, Vec<_>) = pressed.into_iter().map(|build| (build.sealed, build.printed)).unzip();
    let manifests = told(swap_all(sealed), diagnostics)?;
    let removed = retire(retired, args.prune, diagnostics);
    let built = Built { out, roles, removed, is_new: true };
    // What a build could not remove may be gone the next time, and then there is no error to tell.
    if let Some(again) = again
        && keep_plates(&again, &output, printed, &manifests)
        && !diagnostics.has_errors()
    {
        again.keep(&loaded, &output, diagnostics, &built);
    }
    timings.lap("publish");
    Some(built)
}

/// The output, once the place of every role is known to be ours.
fn open(out: &Path, loaded: &Loaded, roles: &[&Role], diagnostics: &mut Diagnostics) -> Option<Output> {
    told(Output::look(out, std::slice::from_ref(&loaded.site.snapshots)), diagnostics)?;
    let output = told(Output::open(out), diagnostics)?;
    diagnostics.append(output.leftovers());
    for role in roles {
        told(output.admit(&role.name), diagnostics);
    }
    (!diagnostics.has_errors()).then_some(output)
}

/// Keeps of each build what the next one may have again; `false` where one of them is not what was made: what somebody
/// changed while it ran is to be set right by the next one.
fn keep_plates(again: &Again, output: &Output, printed: Vec<Option<Printed>>, manifests: &[Manifest]) -> bool {
    let mut stand = true;
    for (printed, manifest) in printed.into_iter().zip(manifests) {
        let plates = printed.and_then(|printed| printed.plates(output, manifest));
        stand &= plates.inspect(|plates| again.keep_plates(&manifest.role, plates)).is_some();
    }
    stand
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
    (role.name.clone(), visible(&role.title), files.len(), files.iter().map(|file| file.size).sum())
}

impl Built {
    /// What stands where, and how to look at it.
    fn told(&self, timings: &Timings) -> String {
        let out = self.out.strip_prefix(".").unwrap_or(&self.out);
        let place = |name: &str| shown(&out.join(name));
        let width = self.roles.iter().map(|(name, ..)| place(name).chars().count()).max().unwrap_or_default();
        let mut lines: Vec<String> = self
            .roles
            .iter()
            .map(|(name, title, files, bytes)| {
                let (place, megabytes) = (place(name), *bytes as f64 / 1e6);
                format!("  {place:<width$}  {files:>5} files {megabytes:>7.1} MB  {title}")
            })
            .collect();
        lines.extend(self.removed.iter().map(|name| format!("Removed {}, which no role has any more", place(name))));
        let first = typed(&out.join(self.roles.first().map_or("ROLE", |(name, ..)| name)));
        let roles = match self.roles.len() {
            1 => "one role".to_owned(),
            count => format!("{count} roles"),
        };
        let seconds = timings.total().as_secs_f64();
        let done = match self.is_new {
            true => format!("Built {roles} in {seconds:.2} s:"),
            false => format!("Nothing has changed since the last build of {roles}, seen in {seconds:.2} s:"),
        };
        format!(
            "{done}\n{}\nTo look at one: python3 -m http.server 8000 --directory {first}\nthen open http://127.0.0.1:8000/",
            lines.join("\n"),
        )
    }
}
