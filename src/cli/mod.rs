//! The command: one short file per verb, and the only place that knows exit codes.

mod again;
mod args;
mod audit;
mod build;
mod check;
mod console;
mod dead_links;
mod diff;
mod explain;
mod finished;
mod hosting;
mod init;
mod keep;
mod list;
mod loaded;
mod new;
mod plates;
mod press;
mod prove;
mod run;
mod schema;
mod serve;
mod shell;
mod snapshot;
mod timings;
mod typed;
mod verify;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser;

use crate::diagnostics::visible;
use args::{Args, SnapshotVerb, Verb};

/// How a run ended; contract, section 6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// Done.
    Done = 0,
    /// Problems in the input.
    Input = 1,
    /// Wrong usage.
    Usage = 2,
    /// A policy, an audit or a proof failed.
    Policy = 3,
    /// The disk or the network failed.
    Disk = 4,
    /// A fault of the program.
    Fault = 5,
}

/// Runs the command with the process's arguments.
#[must_use]
pub fn run() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let code = if error.use_stderr() { Exit::Usage } else { Exit::Done };
            // Nothing is left to do when the terminal is gone.
            let _ = error.print();
            return ExitCode::from(code as u8);
        }
    };
    std::panic::set_hook(Box::new(tell_panic));
    let outcome = std::panic::catch_unwind(|| match &args.verb {
        Verb::Build(args) => build::run(args),
        Verb::Check(args) => check::run(args),
        Verb::List(args) => list::run(args),
        Verb::Serve(args) => serve::run(args),
        Verb::Prove(args) => prove::run(args),
        Verb::Audit(args) => audit::run(args),
        Verb::Verify(args) => verify::run(args),
        Verb::Diff(args) => diff::run(args),
        Verb::Hosting(args) => hosting::run(args),
        Verb::Init(args) => init::run(args),
        Verb::New(verb) => new::run(verb),
        Verb::Explain(args) => explain::run(args),
        Verb::Snapshot(SnapshotVerb::Check(args)) => snapshot::check(args),
        Verb::Schema(args) => schema::run(args),
        Verb::Completions(args) => shell::completions(args),
        Verb::Man(args) => shell::man(args),
    });
    ExitCode::from(outcome.unwrap_or(Exit::Fault) as u8)
}

/// A panic is a fault of ours: it is said so that what it quotes cannot steer a terminal. Those of
/// the Markdown parser are caught, and told with the text that they come from; after those of the highlighter,
/// code is shown plain.
fn tell_panic(panic: &std::panic::PanicHookInfo<'_>) {
    const CAUGHT: [&str; 3] = ["pulldown-cmark", "syntect", "fancy-regex"];
    if panic.location().is_some_and(|place| CAUGHT.iter().any(|library| place.file().contains(library))) {
        return;
    }
    let trace = std::backtrace::Backtrace::capture();
    let _ = writeln!(std::io::stderr(), "a fault of threatpress, please report it: {}", visible(&panic.to_string()));
    if trace.status() == std::backtrace::BacktraceStatus::Captured {
        let _ = writeln!(std::io::stderr(), "{trace}");
    }
}
