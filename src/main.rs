//! The command `threatpress`.

use std::process::ExitCode;

fn main() -> ExitCode {
    threatpress::cli::run()
}
