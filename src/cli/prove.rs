//! `threatpress prove`

use std::path::PathBuf;

use super::args::{InputArgs, ProveArgs};
use super::console::{Console, exit};
use super::loaded;
use super::press::{Press, on_threads, told};
use super::timings::Timings;
use super::{Exit, keep};
use crate::config::Role;
use crate::desk::Loaded;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity, visible};
use crate::extract::{self, Whole};
use crate::publish::{Difference, MANIFEST, Output, Sealed, Unlike, compare};

pub(super) fn run(args: &ProveArgs) -> Exit {
    let console = Console::new(args.format.into());
    let mut diagnostics = Diagnostics::new();
    on_threads(args.jobs, &mut diagnostics, |diagnostics| prove(args, &console, diagnostics));
    console.tell(&diagnostics);
    exit(&diagnostics)
}

/// Tells of each role whether its build follows from its slice; `None` when something stops that.
fn prove(args: &ProveArgs, console: &Console, diagnostics: &mut Diagnostics) -> Option<()> {
    let loaded = loaded::read(args.input.order(), console, &mut Timings::start(), diagnostics);
    if args.input.strict {
        diagnostics.escalate();
    }
    let loaded = loaded?;
    let roles = loaded.roles(&args.roles, diagnostics);
    let press = Press::set(&loaded, diagnostics)?;
    if let Some(dir) = &args.keep {
        told(keep::check(dir, &loaded.site), diagnostics);
    }
    if diagnostics.has_errors() {
        return None;
    }
    let output = told(Output::open_private(&loaded.site.root, "proof"), diagnostics)?;
    diagnostics.append(output.leftovers());
    let proof = Proof { args, console, loaded: &loaded, press: &press, output: &output };
    for role in roles {
        let mut found = Diagnostics::new();
        let verdict = proof.of(role, &mut found);
        verdict.into_iter().for_each(|verdict| found.push(verdict));
        // What fails for every role alike is told once.
        diagnostics.append_new(found);
    }
    Some(())
}

/// Everything that the proof of a role needs.
struct Proof<'a> {
    args: &'a ProveArgs,
    console: &'a Console,
    loaded: &'a Loaded,
    press: &'a Press<'a>,
    output: &'a Output,
}

impl Proof<'_> {
    /// Builds a role from everything and from its slice alone: whether the two are the same.
    /// `None` when one of them cannot be built, or not be read.
    fn of(&self, role: &Role, diagnostics: &mut Diagnostics) -> Option<Diagnostic> {
        self.console.step(format!("building {}", role.name));
        let full = self.press.build(role, self.output, &mut Timings::start(), diagnostics)?.sealed;
        self.console.step(format!("writing the slice of {}", role.name));
        let scratch = told(self.output.scratch(), diagnostics)?;
        let site = self.args.keep.as_ref().map_or_else(|| scratch.path().to_owned(), |dir| dir.join(&role.name));
        let whole = Whole {
            site: &self.loaded.site,
            library: &self.loaded.library,
            snapshots: &self.loaded.snapshots,
            knowledge: &self.loaded.knowledge,
            as_of: self.loaded.as_of,
            drafts: self.loaded.drafts,
        };
        told(extract::write(whole, role, &site), diagnostics)?;
        let alone = self.build_alone(role, site, diagnostics)?;
        self.console.step(format!("comparing the builds of {}", role.name));
        // The manifest differs wherever anything does: what else differs says more.
        let mut differences = told(compare(full.dir(), alone.dir(), 2), diagnostics)?.differences;
        differences.sort_by_key(|difference| difference.path == MANIFEST);
        Some(differences.first().map_or_else(|| success(role, &full), |difference| failure(role, difference)))
    }

    /// The build of a role from the site that its slice is.
    fn build_alone(&self, role: &Role, site: PathBuf, diagnostics: &mut Diagnostics) -> Option<Sealed<'_>> {
        // Without a snapshot nothing in the site says what "now" is.
        let as_of = self.loaded.snapshots.is_empty().then_some(self.loaded.as_of);
        let input = InputArgs { site, snapshot: None, as_of, drafts: false, strict: false, no_cache: true };
        let mut found = Diagnostics::new();
        let mut timings = Timings::start();
        let loaded = loaded::read(input.order(), self.console, &mut timings, &mut found);
        let sealed = loaded.and_then(|loaded| {
            let own = loaded.site.role(&role.name)?;
            let press = Press::set(&loaded, &mut found)?;
            press.build(own, self.output, &mut timings, &mut found).map(|build| build.sealed)
        });
        if found.has_errors() || sealed.is_none() {
            if exit(&found) != Exit::Disk {
                let message = format!("the slice of role `{}` does not build alone", role.name);
                diagnostics.push(Diagnostic::error(Code::SliceDoesNotBuild, message).hint(
                    "the errors that follow are about the slice written out as a site: look at it with --keep DIR",
                ));
            }
            found.iter().filter(|d| d.severity == Severity::Error).for_each(|d| diagnostics.push(d.clone()));
            return None;
        }
        sealed
    }
}

fn success(role: &Role, build: &Sealed<'_>) -> Diagnostic {
    // The manifest does not list itself.
    let files = build.manifest().files.len() + 1;
    let message = format!("the build of role `{}` follows from its slice: all {files} files are the same", role.name);
    Diagnostic::note(Code::Proved, message)
}

/// The first difference, as an error with what stands in both builds.
fn failure(role: &Role, difference: &Difference) -> Diagnostic {
    let path = visible(&difference.path);
    let mut hint = "report this fault, and do not publish: `--keep DIR` keeps the slice to look at".to_owned();
    let what = match &difference.unlike {
        Unlike::OnlyFirst => format!("`{path}` is only in the build from everything"),
        Unlike::OnlySecond => format!("`{path}` is only in the build from the slice alone"),
        Unlike::Kind => format!("`{path}` is a file in one build and something else in the other"),
        Unlike::Mode(full, alone) => format!("`{path}` has the mode {full:04o}, from the slice alone {alone:04o}"),
        Unlike::Unread(why) => format!("`{path}` cannot be read: {}", visible(why)),
        Unlike::Bytes(bytes) => {
            let both = (visible(&bytes.first), visible(&bytes.second));
            hint = format!("from everything `{}`, from the slice alone `{}`", both.0, both.1);
            format!("`{path}` differs on line {}", bytes.line)
        }
    };
    let message = format!("the build of role `{}` does not follow from its slice: {what}", role.name);
    Diagnostic::error(Code::ProofFailed, message).in_file(format!("{}/{path}", role.name)).hint(hint)
}
