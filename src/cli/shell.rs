//! `threatpress completions` and `threatpress man`: what packagers install beside the program.

use clap::CommandFactory;

use super::Exit;
use super::args::{Args, CompletionsArgs, Format, ManArgs};
use super::console::{Console, exit, output};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, visible};

pub(super) fn completions(args: &CompletionsArgs) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "threatpress", &mut script);
    output(&String::from_utf8_lossy(&script))
}

/// Writes `threatpress.1` and a page for each verb.
pub(super) fn man(args: &ManArgs) -> Exit {
    let written = std::fs::create_dir_all(&args.directory)
        .and_then(|()| clap_mangen::generate_to(Args::command(), &args.directory));
    let console = Console::new(Format::Text);
    let mut diagnostics = Diagnostics::new();
    let directory = args.directory.display().to_string();
    match written {
        Ok(()) => console.say(&format!("the manual pages are in {}", visible(&directory))),
        Err(error) => {
            let problem = Diagnostic::error(Code::Disk, format!("cannot write the manual pages: {error}"));
            diagnostics.push(problem.in_file(directory));
        }
    }
    console.tell(&diagnostics);
    exit(&diagnostics)
}
