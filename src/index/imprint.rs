//! How files stand at some places, without a look into them.

use std::io;
use std::path::PathBuf;
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
        Self::since(places, None)
    }

    /// The same of what was read since `begun`; `None` too where something there may have changed meanwhile, or may yet
    /// change without another time.
    #[must_use]
    pub fn settled(places: &[PathBuf], begun: SystemTime) -> Option<Self> {
        Self::since(places, Some(begun))
    }

    fn since(places: &[PathBuf], begun: Option<SystemTime>) -> Option<Self> {
        let mut hasher = blake3::Hasher::new();
        for place in places {
            hasher.update(blake3::hash(place.as_os_str().as_encoded_bytes()).as_bytes());
            // That nothing stands there is known too.
            if place.symlink_metadata().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
                continue;
            }
            let entries = WalkDir::new(place).follow_links(true).sort_by_file_name();
            let entries: Vec<DirEntry> = entries.into_iter().collect::<Result<_, _>>().ok()?;
            let looks: Vec<blake3::Hash> = entries.par_iter().map(|entry| look(entry, begun)).collect::<Option<_>>()?;
            hasher.update(&(looks.len() as u64).to_le_bytes());
            for look in looks {
                hasher.update(look.as_bytes());
            }
        }
        Some(Self(hasher.finalize().into()))
    }
}

/// The digest of one file or directory.
fn look(entry: &DirEntry, begun: Option<SystemTime>) -> Option<blake3::Hash> {
    let identity = Identity::of(&entry.metadata().ok()?);
    if begun.is_some_and(|begun| !identity.is_settled(begun)) {
        return None;
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[u8::from(entry.file_type().is_dir())]);
    hasher.update(&postcard::to_allocvec(&identity).ok()?);
    hasher.update(entry.path().as_os_str().as_encoded_bytes());
    Some(hasher.finalize())
}
