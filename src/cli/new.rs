//! `threatpress new`

use std::path::Path;

use jiff::Timestamp;
use jiff::tz::Offset;

use super::Exit;
use super::args::{Format, NewVerb};
use super::console::{Console, exit};
use super::init::site_option;
use crate::config;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, visible};
use crate::start::{self, New, Skeleton};

pub(super) fn run(verb: &NewVerb) -> Exit {
    let console = Console::new(Format::Text);
    let mut diagnostics = Diagnostics::new();
    let (name, place, skeleton) = match verb {
        NewVerb::Report(args) => (&args.name, &args.place, Skeleton::Report(args.kind)),
        NewVerb::Page(args) => (&args.name, &args.place, Skeleton::Page),
    };
    // What is begun today is dated today. No build ever asks the clock.
    let today = Offset::UTC.to_datetime(Timestamp::now()).date();
    let new = New { skeleton, name, directory: place.directory, today };
    match is_site(&place.site).and_then(|()| start::new(&place.site, new)) {
        Ok(path) => console.say(&format!(
            "{} is begun, as a draft. When it is written, remove `draft: true`, and\n  threatpress check{}",
            visible(&path.display().to_string()),
            site_option(&place.site),
        )),
        Err(problem) => diagnostics.push(problem),
    }
    console.tell(&diagnostics);
    exit(&diagnostics)
}

/// A text is begun in a site, not wherever somebody happens to stand.
fn is_site(root: &Path) -> Result<(), Diagnostic> {
    if root.join(config::FILE_NAME).is_file() {
        return Ok(());
    }
    let message = format!("there is no {} in {}", config::FILE_NAME, root.display());
    Err(Diagnostic::error(Code::NoConfiguration, message).hint(
        "run the command in the site's directory, name it with --site DIR, or make a site with `threatpress init DIR`",
    ))
}
