//! A look at every file, again and again, where the system tells nothing of changes: network drives,
//! folders that are shared with virtual machines.
//!
//! `notify` has a watcher for this too. It tells times by whole seconds, so that the second of two saves
//! in a second is never seen, unless it reads every file each time.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::Places;
use super::name::is_temporary;
use crate::index::Identity;

/// How long to wait between two looks.
const INTERVAL: Duration = Duration::from_millis(300);
/// A look may take this part of the time at most: a large site on a slow drive is looked at less often.
const SHARE: u32 = 10;
/// The largest file whose bytes are compared. The largest text that is read is as large.
const LARGEST: u64 = 4 << 20;

/// What the files looked like.
#[derive(Debug)]
pub(super) struct Polling {
    files: BTreeMap<PathBuf, Seen>,
    due: Instant,
}

/// What a file looked like; all of it `None` for a directory.
#[derive(Debug)]
struct Seen {
    identity: Option<Identity>,
    digest: Option<blake3::Hash>,
    /// When it was first seen like this.
    since: Instant,
}

impl Seen {
    fn new(path: &Path, identity: Option<Identity>, now: Instant) -> Self {
        let digest = digest(path, identity.as_ref());
        Self { identity, digest, since: now }
    }

    /// Whether it does not look like this any more. Size and times tell, but where the times count in
    /// steps a file may change within one; and where the system keeps no time of any change, a file may
    /// be given back the time it had. Then its bytes tell.
    fn differs(&self, path: &Path, identity: Option<&Identity>, now: Instant) -> bool {
        let is_trusted = cfg!(unix) && now.saturating_duration_since(self.since) > Identity::STEP;
        self.identity.as_ref() != identity || !is_trusted && self.digest != digest(path, identity)
    }
}

fn digest(path: &Path, identity: Option<&Identity>) -> Option<blake3::Hash> {
    identity.filter(|identity| identity.length() <= LARGEST)?;
    fs::read(path).ok().map(|bytes| blake3::hash(&bytes))
}

/// A file's identity; `None` for a directory, and for what is not there.
fn identity(path: &Path) -> Option<Identity> {
    fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|metadata| Identity::of(&metadata))
}

impl Polling {
    /// With the files as they are.
    pub(super) fn start(places: &Places) -> Self {
        let began = Instant::now();
        let mut polling = Self { files: BTreeMap::new(), due: began };
        polling.scan(places);
        polling.rest(began);
        polling
    }

    /// When to look again.
    pub(super) fn due(&self) -> Instant {
        self.due
    }

    /// Waits until the next look, as long as that which began then has earned.
    pub(super) fn rest(&mut self, began: Instant) {
        self.due = Instant::now() + INTERVAL.max(began.elapsed() * SHARE);
    }

    /// Looks at everything but the snapshots, and returns what has come, changed or gone.
    pub(super) fn scan(&mut self, places: &Places) -> Vec<PathBuf> {
        let now = Instant::now();
        let mut before = std::mem::take(&mut self.files);
        let mut changed = Vec::new();
        for path in standing(places) {
            let identity = identity(&path);
            let seen = match before.remove(&path) {
                Some(seen) if !seen.differs(&path, identity.as_ref(), now) => seen,
                _ => {
                    changed.push(path.clone());
                    Seen::new(&path, identity, now)
                }
            };
            self.files.insert(path, seen);
        }
        changed.extend(before.into_keys());
        changed
    }

    /// Those of `paths` that are being written: they have changed since the last look.
    pub(super) fn moving(&mut self, paths: Vec<PathBuf>) -> Vec<PathBuf> {
        let now = Instant::now();
        let mut moving = Vec::new();
        for path in paths {
            let identity = identity(&path);
            let Some(seen) = self.files.get_mut(&path) else { continue };
            if seen.differs(&path, identity.as_ref(), now) {
                *seen = Seen::new(&path, identity, now);
                moving.push(path);
            }
        }
        moving
    }
}

/// Everything that is read for the site, without the snapshots.
fn standing(places: &Places) -> Vec<PathBuf> {
    let mut standing = Vec::new();
    if places.config.exists() {
        standing.push(places.config.clone());
    }
    for tree in places.trees_of_site().into_iter().filter(|tree| tree.is_dir()) {
        let mut directories = Vec::new();
        let walked: Result<(), std::convert::Infallible> = places.walk(
            tree,
            |directory| {
                directories.push(directory.to_owned());
                Ok(())
            },
            |file| {
                if !is_temporary(&file) {
                    standing.push(file);
                }
            },
        );
        let Ok(()) = walked;
        standing.append(&mut directories);
    }
    standing
}
