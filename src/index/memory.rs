//! What engines held, for as long as one program runs.

use std::sync::Arc;

use crate::diagnostics::Diagnostics;
use crate::fleet::Fleet;
use crate::snapshot::Snapshot;

/// The fleets of snapshots that engines hold, each as it was read once. Such a snapshot is read again when its
/// `snapshot.yaml` says something else, or the program is started again; never because time has passed.
#[derive(Default)]
pub struct Memory {
    read: Vec<Remembered>,
}

struct Remembered {
    snapshot: Snapshot,
    group_ranks: Vec<String>,
    fleet: Arc<Fleet>,
    told: Diagnostics,
}

impl Remembered {
    fn is_of(&self, snapshot: &Snapshot, group_ranks: &[String]) -> bool {
        let (Some(mine), Some(theirs)) = (&self.snapshot.engine, &snapshot.engine) else { return false };
        self.snapshot.path == snapshot.path
            && self.snapshot.as_of == snapshot.as_of
            && self.group_ranks == group_ranks
            && mine.is_same(theirs)
            && self.snapshot.profile() == snapshot.profile()
    }
}

impl Memory {
    /// The fleet of a snapshot that was read before, and what was told of it.
    pub(super) fn fleet(&self, snapshot: &Snapshot, group_ranks: &[String]) -> Option<(Arc<Fleet>, Diagnostics)> {
        let known = self.read.iter().find(|known| known.is_of(snapshot, group_ranks))?;
        Some((Arc::clone(&known.fleet), known.told.clone()))
    }

    /// Remembers what an engine held.
    pub(super) fn remember(
        &mut self,
        snapshot: &Snapshot,
        group_ranks: &[String],
        fleet: Option<&Arc<Fleet>>,
        told: &Diagnostics,
    ) {
        if let (Some(fleet), true) = (fleet, snapshot.engine.is_some()) {
            self.read.push(Remembered {
                snapshot: snapshot.clone(),
                group_ranks: group_ranks.to_owned(),
                fleet: Arc::clone(fleet),
                told: told.clone(),
            });
        }
    }

    /// Forgets what is of no snapshot any more, or of one that was read again.
    pub(super) fn forget_all_but(&mut self, snapshots: &[Snapshot], group_ranks: &[String]) {
        self.read.retain(|known| snapshots.iter().any(|snapshot| known.is_of(snapshot, group_ranks)));
    }
}
