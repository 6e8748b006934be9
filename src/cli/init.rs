//! `threatpress init`

use std::path::Path;

use super::Exit;
use super::args::{Format, InitArgs};
use super::console::{Console, exit};
use super::typed::typed;
use crate::diagnostics::{Diagnostics, visible};
use crate::start;

pub(super) fn run(args: &InitArgs) -> Exit {
    let console = Console::new(Format::Text);
    let mut diagnostics = Diagnostics::new();
    match start::site(&args.directory) {
        Ok(()) => {
            let site = site_option(&args.directory);
            console.say(&format!(
                "a small site is in {}. Next:\n  threatpress build{site}\n  threatpress new report NAME --type activity{site}",
                visible(&args.directory.display().to_string()),
            ));
        }
        Err(problem) => diagnostics.push(problem),
    }
    console.tell(&diagnostics);
    exit(&diagnostics)
}

/// The option that names a site, as a shell takes it; nothing for the working directory.
pub(super) fn site_option(site: &Path) -> String {
    match site == Path::new(".") {
        true => String::new(),
        false => format!(" --site {}", typed(site)),
    }
}
