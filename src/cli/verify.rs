//! `threatpress verify`

use super::Exit;
use super::args::VerifyArgs;
use super::console::{Console, exit};
use super::finished::is_directory;
use crate::diagnostics::Diagnostics;
use crate::publish::verify;

pub(super) fn run(args: &VerifyArgs) -> Exit {
    let console = Console::new(args.format.into());
    let mut diagnostics = Diagnostics::new();
    let mut told = None;
    if is_directory(&args.dir, &mut diagnostics) {
        console.step(format!("reading {}", args.dir.display()));
        match verify(&args.dir) {
            Ok(verified) => {
                let matches = format!("{} files, {} bytes, match the manifest", verified.files, verified.bytes);
                told = Some(match verified.diagnostics.is_empty() {
                    true => format!("{matches}: the build is what was published"),
                    false => matches,
                });
                diagnostics.append(verified.diagnostics);
            }
            Err(problem) => diagnostics.push(problem),
        }
    }
    console.tell(&diagnostics);
    if let Some(told) = told {
        console.say(&told);
    }
    exit(&diagnostics)
}
