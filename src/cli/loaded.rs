//! The site that a verb is about, read once.

use super::args::InputArgs;
use super::console::Console;
use super::timings::Timings;
use crate::desk::{Changed, Desk, Loaded, Order, Progress};
use crate::diagnostics::Diagnostics;

/// Reads the site; `None` when nothing can be made of it. All problems are told, whatever else is wrong.
pub(super) fn read(
    order: Order,
    console: &Console,
    timings: &mut Timings,
    diagnostics: &mut Diagnostics,
) -> Option<Loaded> {
    Desk::new(order).read(&Changed::everything(), &mut Watched { console, timings }, diagnostics)
}

impl InputArgs {
    /// What is to be read.
    pub(super) fn order(&self) -> Order {
        Order {
            snapshot: self.snapshot.clone(),
            as_of: self.as_of,
            drafts: self.drafts,
            cache: !self.no_cache,
            ..Order::of(self.site.clone())
        }
    }
}

/// The reading, as it is shown and timed.
pub(super) struct Watched<'a> {
    pub(super) console: &'a Console,
    pub(super) timings: &'a mut Timings,
}

impl Progress for Watched<'_> {
    fn step(&mut self, doing: &str) {
        self.console.step(doing);
    }

    fn lap(&mut self, room: &'static str) {
        self.timings.lap(room);
    }
}
