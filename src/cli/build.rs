//! `threatpress build`

use std::path::PathBuf;

use super::Exit;
use super::args::BuildArgs;
use super::console::{Console, exit};
use super::loaded::Loaded;
use super::press::{Press, on_threads, told};
use super::timings::Timings;
use crate::config::Role;
use crate::diagnostics::Diagnostics;
use crate::publish::{Output, Sealed, swap_all};

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
    let press = Press::set(&loaded, diagnostics)?;
    timings.lap("theme");
    if diagnostics.has_errors() {
        return None;
    }
    let out = args.out.clone().unwrap_or_else(|| loaded.site.root.join("output"));
    let output = told(Output::open(&out), diagnostics)?;
    let mut sealed = Vec::new();
    for role in &roles {
        console.step(format!("building {}", role.name));
        sealed.extend(press.build(role, &output, timings, diagnostics));
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
