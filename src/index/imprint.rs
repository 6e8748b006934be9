//! How files stand at some places, without a look into them.

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use walkdir::{DirEntry, WalkDir};

use super::Identity;

/// What tells that nothing at some places, nor below them, has changed: the name of everything there, and what tells a
/// file or directory from another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imprint([u8; blake3::OUT_LEN]);

impl Imprint {
    /// That of what stands at these places, to which links may lead; `None` where something cannot be looked at.
    #[must_use]
    pub fn of(places: &[PathBuf]) -> Option<Self> {
        Self::since(places, None, &Own::Times)
    }

    /// The same of what was read since `begun`; `None` too where something there may have changed meanwhile, or may yet
    /// change without another time.
    #[must_use]
    pub fn settled(places: &[PathBuf], begun: SystemTime) -> Option<Self> {
        Self::since(places, Some(begun), &Own::Times)
    }

    /// The same as [`settled`](Self::settled), but for the files that `is_left_out` tells by their paths: those may come,
    /// go and change, and so may the times of directories, which tell no more than that.
    #[must_use]
    pub fn besides(places: &[PathBuf], begun: SystemTime, is_left_out: impl Fn(&Path) -> bool + Sync) -> Option<Self> {
        Self::since(places, Some(begun), &Own::Names(&is_left_out))
    }

    fn since(places: &[PathBuf], begun: Option<SystemTime>, own: &Own) -> Option<Self> {
        let mut hasher = blake3::Hasher::new();
        for place in places {
            hasher.update(blake3::hash(place.as_os_str().as_encoded_bytes()).as_bytes());
            // That nothing stands there is known too.
            if place.symlink_metadata().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
                continue;
            }
            let entries = WalkDir::new(place).follow_links(true).sort_by_file_name();
            let mut entries: Vec<DirEntry> = entries.into_iter().collect::<Result<_, _>>().ok()?;
            entries.retain(|entry| !own.leaves_out(entry));
            let look = |entry: &DirEntry| look(entry, begun, own);
            let looks: Vec<blake3::Hash> = entries.par_iter().map(look).collect::<Option<_>>()?;
            hasher.update(&(looks.len() as u64).to_le_bytes());
            for look in looks {
                hasher.update(look.as_bytes());
            }
        }
        Some(Self(hasher.finalize().into()))
    }
}

/// What is looked at of directories, and of which files.
enum Own<'a> {
    /// Everything.
    Times,
    /// Of directories what they are called, and not those files.
    Names(&'a (dyn Fn(&Path) -> bool + Sync)),
}

impl Own<'_> {
    fn leaves_out(&self, entry: &DirEntry) -> bool {
        match self {
            Self::Times => false,
            Self::Names(is_left_out) => !entry.file_type().is_dir() && is_left_out(entry.path()),
        }
    }
}

/// The digest of one file or directory.
fn look(entry: &DirEntry, begun: Option<SystemTime>, own: &Own) -> Option<blake3::Hash> {
    let is_dir = entry.file_type().is_dir();
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[u8::from(is_dir)]);
    hasher.update(entry.path().as_os_str().as_encoded_bytes());
    if !is_dir || matches!(own, Own::Times) {
        let identity = Identity::of(&entry.metadata().ok()?);
        if begun.is_some_and(|begun| !identity.is_settled(begun)) {
            return None;
        }
        hasher.update(&postcard::to_allocvec(&identity).ok()?);
    }
    Some(hasher.finalize())
}
