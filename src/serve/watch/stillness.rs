//! Snapshots are told when they are whole: a copy may take minutes, and half of one is no snapshot.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use walkdir::WalkDir;

use crate::index::Identity;

/// A snapshot none of whose files has changed for so long is whole.
const STILL: Duration = Duration::from_millis(500);

/// The files of a snapshot by name, size and time; `None` where there is nothing.
pub(super) type Look = Option<u64>;

/// Looks at a snapshot as far down as its readers do. Hidden files count too: programs that copy
/// give a file its name when it is whole.
pub(super) fn look(snapshot: &Path) -> Look {
    if !snapshot.exists() {
        return None;
    }
    let mut hasher = DefaultHasher::new();
    for entry in WalkDir::new(snapshot).max_depth(2).follow_links(true).sort_by_file_name().into_iter().flatten() {
        entry.path().hash(&mut hasher);
        if entry.file_type().is_file() {
            entry.metadata().ok().map(|metadata| Identity::of(&metadata)).hash(&mut hasher);
        }
    }
    Some(hasher.finish())
}

/// Which snapshots are being written.
#[derive(Debug, Default)]
pub(super) struct Stillness {
    /// What each looked like when it was told last, or first seen.
    told: BTreeMap<PathBuf, u64>,
    /// What each that is being written looked like, and when to look again.
    moving: BTreeMap<PathBuf, (Look, Instant)>,
}

impl Stillness {
    /// With these snapshots there, as they look now.
    pub(super) fn new(snapshots: Vec<PathBuf>, look: impl Fn(&Path) -> Look) -> Self {
        let told = snapshots.into_iter().filter_map(|snapshot| look(&snapshot).map(|seen| (snapshot, seen)));
        Self { told: told.collect(), moving: BTreeMap::new() }
    }

    /// Something in a snapshot has changed.
    pub(super) fn touched(&mut self, snapshot: PathBuf, now: Instant, look: impl Fn(&Path) -> Look) {
        self.moving.entry(snapshot).or_insert_with_key(|snapshot| (look(snapshot), now + STILL));
    }

    /// Compares all snapshots that are there with what is known of them.
    pub(super) fn survey(&mut self, snapshots: Vec<PathBuf>, now: Instant, look: impl Fn(&Path) -> Look) {
        let all: BTreeSet<PathBuf> = snapshots.into_iter().chain(self.told.keys().cloned()).collect();
        for snapshot in all.into_iter().filter(|snapshot| !self.moving.contains_key(snapshot)).collect::<Vec<_>>() {
            let seen = look(&snapshot);
            if seen.as_ref() != self.told.get(&snapshot) {
                self.moving.insert(snapshot, (seen, now + STILL));
            }
        }
    }

    /// When to look again; `None` while nothing is being written.
    pub(super) fn due(&self) -> Option<Instant> {
        self.moving.values().map(|(_, again)| *again).min()
    }

    /// The snapshots that nothing has happened to since the look before.
    pub(super) fn settled(&mut self, now: Instant, look: impl Fn(&Path) -> Look) -> Vec<PathBuf> {
        let mut settled = Vec::new();
        for (snapshot, (seen, again)) in self.moving.iter_mut().filter(|(_, (_, again))| *again <= now) {
            let before = std::mem::replace(seen, look(snapshot));
            if *seen != before {
                *again = now + STILL;
                continue;
            }
            settled.push(snapshot.clone());
            match seen {
                Some(seen) => self.told.insert(snapshot.clone(), *seen),
                None => self.told.remove(snapshot),
            };
        }
        self.moving.retain(|snapshot, _| !settled.contains(snapshot));
        settled
    }

    /// The snapshots that are being written.
    pub(super) fn moving(&self) -> BTreeSet<PathBuf> {
        self.moving.keys().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(began: Instant, milliseconds: u64) -> Instant {
        began + Duration::from_millis(milliseconds)
    }

    #[test]
    fn a_snapshot_waits_for_as_long_as_it_grows() {
        let (began, new) = (Instant::now(), || PathBuf::from("new"));
        let mut stillness = Stillness::new(vec!["old".into()], |_| Some(1));
        stillness.touched(new(), began, |_| Some(1));
        for (step, size) in [(1, 2), (2, 3), (3, 4)] {
            stillness.touched(new(), after(began, step * 500 - 1), |_| panic!("looks on its own time"));
            assert!(stillness.settled(after(began, step * 500 - 1), |_| panic!("too early")).is_empty());
            assert!(stillness.settled(after(began, step * 500), |_| Some(size)).is_empty());
            assert_eq!(stillness.moving(), [new()].into());
        }
        assert_eq!(stillness.due(), Some(after(began, 2000)));
        assert_eq!(stillness.settled(after(began, 2000), |_| Some(4)), [new()]);
        assert_eq!((stillness.due(), stillness.moving()), (None, BTreeSet::new()));
    }

    #[test]
    fn a_survey_finds_what_is_new_changed_or_gone() {
        let (began, path) = (Instant::now(), |name: &str| PathBuf::from(name));
        let mut stillness = Stillness::new(vec![path("same"), path("changed"), path("gone")], |_| Some(1));
        let look = |snapshot: &Path| match snapshot.to_str() {
            Some("same") => Some(1),
            Some("gone") => None,
            _ => Some(2),
        };
        stillness.survey(vec![path("same"), path("changed"), path("new")], began, look);
        let found = [path("changed"), path("gone"), path("new")];
        assert_eq!(stillness.moving(), found.clone().into());
        assert_eq!(stillness.settled(after(began, 500), look), found);
        stillness.survey(vec![path("same"), path("changed"), path("new")], after(began, 500), look);
        assert_eq!(stillness.moving(), BTreeSet::new());
    }
}
