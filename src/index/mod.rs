//! The index: fleets kept on disk, so that the tables of a snapshot are read once.
//!
//! A fleet is all findings of a snapshot as sets of devices. It is kept under what it was read
//! from: the bytes of every file, the time, the order of groups, and the program that read it.
//! Whatever differs makes another key, so that what is found is never out of date; what is
//! damaged or was written by another version is as good as absent, and read again.
//!
//! ```text
//! snapshot ── contents ──> key ── cache ──> fleet, as it was kept
//!                           └── absent ──> snapshot ──> fleet, which is kept
//! ```
//! What an engine holds has no key, and is never kept on disk. Beside the fleets lie the receipts of builds
//! ([`receipt`]): how everything stood that a build read and wrote.

mod cache;
mod contents;
mod frame;
mod identity;
mod imprint;
mod memory;
mod receipt;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use rayon::prelude::*;

use crate::config::Site;
use crate::diagnostics::Diagnostics;
use crate::fleet::Fleet;
use crate::snapshot::{self, Choice, Snapshot};

pub use cache::Cache;
use contents::Contents;
pub use identity::Identity;
pub use imprint::Imprint;
pub use memory::Memory;
pub use receipt::Receipt;

/// The fleets of a site.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Those of all snapshots up to the current one, oldest first, the current one last. Empty for
    /// a site without a snapshot.
    pub fleets: Vec<Arc<Fleet>>,
    /// Where each of them stands, in the same order.
    pub snapshots: Vec<Snapshot>,
    /// Whether tables had to be read.
    pub were_read: bool,
}

/// Loads the fleets of all snapshots up to the current one, from `cache` where they are kept there,
/// and keeps those that are not. What is wrong with a snapshot is told, whether it is read now or
/// was before; `None` when that stops a build. What an engine held when `memory` heard of it is not asked for again.
pub fn load(
    site: &Site,
    choice: Choice<'_>,
    cache: Option<&Cache>,
    memory: &mut Memory,
    diagnostics: &mut Diagnostics,
) -> Option<Loaded> {
    let snapshots = snapshot::choose(site, choice, diagnostics)?;
    let found: Vec<Found> = match cache {
        Some(cache) => snapshots.par_iter().map(|snapshot| look_up(snapshot, &site.group_ranks, cache)).collect(),
        None => snapshots.iter().map(|_| Found::default()).collect(),
    };
    let mut loaded = Loaded::default();
    let mut is_sound = true;
    for (snapshot, found) in snapshots.iter().zip(found) {
        let remembered = || memory.fleet(snapshot, &site.group_ranks);
        let kept = found.kept.map(|(fleet, told)| (Arc::new(fleet), told)).or_else(remembered);
        let (fleet, told) = match kept {
            Some((fleet, told)) => (Some(fleet), told),
            None => {
                loaded.were_read = true;
                let (fleet, told) = read(snapshot, &site.group_ranks, found.contents, cache);
                let fleet = fleet.map(Arc::new);
                memory.remember(snapshot, &site.group_ranks, fleet.as_ref(), &told);
                (fleet, told)
            }
        };
        diagnostics.append(told);
        match fleet {
            Some(fleet) => loaded.fleets.push(fleet),
            None => is_sound = false,
        }
    }
    if let Some(cache) = cache.filter(|_| loaded.were_read) {
        cache.trim();
    }
    memory.forget_all_but(&snapshots, &site.group_ranks);
    loaded.snapshots = snapshots;
    is_sound.then_some(loaded)
}

/// What a look into the cache brought up.
#[derive(Default)]
struct Found {
    /// What the snapshot holds; `None` where it could not be read whole.
    contents: Option<Contents>,
    kept: Option<(Fleet, Diagnostics)>,
}

fn look_up(snapshot: &Snapshot, group_ranks: &[String], cache: &Cache) -> Found {
    // What an engine holds may change at any time, and no file would tell.
    if snapshot.engine.is_some() {
        return Found::default();
    }
    let contents = Contents::of(snapshot, group_ranks, cache);
    let kept = contents.as_ref().and_then(|contents| cache.fleet(contents.key()));
    Found { contents, kept }
}

/// Reads the tables, and keeps what they say.
fn read(
    snapshot: &Snapshot,
    group_ranks: &[String],
    contents: Option<Contents>,
    cache: Option<&Cache>,
) -> (Option<Fleet>, Diagnostics) {
    let mut told = Diagnostics::new();
    let fleet = snapshot::fleet(snapshot, group_ranks, &mut told);
    // A file that was written while it was read may be kept under bytes that it has no more.
    if let (Some(fleet), Some(contents), Some(cache)) = (&fleet, contents, cache)
        && contents.still_stands()
    {
        cache.keep(contents.key(), fleet, &told);
    }
    (fleet, told)
}
