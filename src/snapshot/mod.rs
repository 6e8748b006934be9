//! A directory of tables to a fleet, whatever the files' formats, number and order.

mod build;
mod directory;
mod engine;
mod keys;
mod profile;
pub mod read;
pub mod rows;
mod supply;
pub mod survey;
mod tables;

use std::path::Path;

use jiff::Timestamp;

use crate::config::Site;
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::fleet::Wanted;

pub use build::fleet;
pub use directory::{Snapshot, discover, open};
pub use keys::SNAPSHOT;
pub use profile::{ShippedSource, shipped_sources};
pub use tables::{Table, all as tables};

/// Which snapshot is the current one.
#[derive(Clone, Copy, Default)]
pub struct Choice<'a> {
    /// The one in this directory, instead of the newest.
    pub snapshot: Option<&'a Path>,
    /// "Now": the newest not after it is current, and it replaces that snapshot's `as_of`.
    pub as_of: Option<Timestamp>,
    /// Which findings an engine is asked for; left out, all of them.
    pub wanted: Option<&'a dyn Fn() -> Wanted>,
}

/// The snapshots up to the current one, oldest first, with the current one's "now" as its time.
/// `None` when something about them stops a build.
pub fn choose(site: &Site, choice: Choice<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<Snapshot>> {
    let mut snapshots = discover(site, diagnostics)?;
    if let Some(named) = choice.snapshot {
        let path = if named.exists() { named.to_owned() } else { site.snapshots.join(named) };
        let current = directory::open(&path, path.display().to_string(), &site.root, diagnostics)?;
        // With another "now", what is after it is not earlier either.
        let now = choice.as_of.map_or(current.as_of, |as_of| as_of.min(current.as_of));
        snapshots.retain(|snapshot| snapshot.as_of < now);
        snapshots.push(current);
    } else if let Some(as_of) = choice.as_of {
        let there_were = !snapshots.is_empty();
        snapshots.retain(|snapshot| snapshot.as_of <= as_of);
        if there_were && snapshots.is_empty() {
            diagnostics.push(
                Diagnostic::warning(
                    Code::NoSnapshot,
                    format!("every snapshot is after {as_of}: figures are not available"),
                )
                .hint("give a later --as-of, or name a snapshot with --snapshot"),
            );
        }
    }
    if let (Some(as_of), Some(current)) = (choice.as_of, snapshots.last_mut()) {
        current.as_of = as_of;
    }
    if let Some(wanted) = choice.wanted {
        snapshots.iter_mut().for_each(|snapshot| snapshot.narrow(wanted));
    }
    Some(snapshots)
}
