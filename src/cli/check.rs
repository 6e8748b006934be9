//! `threatpress check`

use super::args::CheckArgs;
use super::console::{Console, counted, exit};
use super::loaded;
use super::timings::Timings;
use super::{Exit, press};
use crate::diagnostics::Diagnostics;
use crate::review;

pub(super) fn run(args: &CheckArgs) -> Exit {
    let console = Console::new(args.format).of_site(&args.input.site);
    let mut diagnostics = Diagnostics::new();
    let mut timings = Timings::start();
    let loaded = loaded::read(args.input.order(), &console, &mut timings, &mut diagnostics);
    if let Some(loaded) = &loaded {
        console.step("reviewing the reports");
        review::review(&loaded.library, loaded.known(), &mut diagnostics);
        timings.lap("review");
        press::rehearse(loaded, &console, &mut timings, &mut diagnostics);
    }
    if args.input.strict {
        diagnostics.escalate();
    }
    console.tell(&diagnostics);
    if let (Some(loaded), false) = (&loaded, diagnostics.has_errors()) {
        let reports = counted(loaded.library.reports.len(), "report");
        let roles = counted(loaded.site.roles.len(), "role");
        console.say(&format!("{reports} for {roles}: nothing stops a build"));
    }
    if args.timings {
        console.say(&timings.table());
    }
    exit(&diagnostics)
}
