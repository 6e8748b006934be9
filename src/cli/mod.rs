//! The command: one short file per verb, and the only place that knows exit codes.

mod args;
mod build;
mod check;
mod console;
mod explain;
mod init;
mod list;
mod loaded;
mod new;
mod schema;
mod shell;
mod timings;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Verb};

/// How a run ended; contract, section 6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// Done.
    Done = 0,
    /// Problems in the input.
    Input = 1,
    /// Wrong usage.
    Usage = 2,
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
    // A panic is a fault of ours; say so, in the words of every other message.
    let outcome = std::panic::catch_unwind(|| match &args.verb {
        Verb::Build(args) => build::run(args),
        Verb::Check(args) => check::run(args),
        Verb::List(args) => list::run(args),
        Verb::Init(args) => init::run(args),
        Verb::New(verb) => new::run(verb),
        Verb::Explain(args) => explain::run(args),
        Verb::Schema(args) => schema::run(args),
        Verb::Completions(args) => shell::completions(args),
        Verb::Man(args) => shell::man(args),
    });
    ExitCode::from(outcome.unwrap_or(Exit::Fault) as u8)
}
