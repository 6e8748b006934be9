//! How everything in an output stands, without a look into the files.

use std::ffi::OsString;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::disk::{Dir, Kind, Mark, SHARED};
use super::output::is_aside;
use super::refusal::Refusal;

/// What tells that everything in an output stands there as it did, hidden things left out: the name of each file,
/// directory and link, its mode, owner, size and place on the disk, and when anything of it changed last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing([u8; blake3::OUT_LEN]);

impl Standing {
    pub(super) fn of(output: &Dir) -> Result<Self, Refusal> {
        let mut entries = output.entries()?;
        entries.retain(|(name, _)| name.to_str().is_none_or(|name| !is_aside(name)));
        digest(output, &entries).map(|digest| Self(digest.into()))
    }
}

fn digest(dir: &Dir, entries: &[(OsString, Kind)]) -> Result<blake3::Hash, Refusal> {
    let look = |(name, kind): &(OsString, Kind)| -> Result<blake3::Hash, Refusal> {
        let mut hasher = blake3::Hasher::new();
        let Mark { mode, owner, size, place, modified, changed } = dir.mark(name)?;
        for part in [mode, size].into_iter().chain(owner).chain(place).chain(modified).chain(changed) {
            hasher.update(&part.to_le_bytes());
        }
        if *kind == Kind::Directory {
            let inner = dir.descend(name)?;
            hasher.update(digest(&inner, &inner.entries()?)?.as_bytes());
        }
        hasher.update(name.as_encoded_bytes());
        Ok(hasher.finalize())
    };
    let looks: Vec<blake3::Hash> = entries.par_iter().with_min_len(SHARED).map(look).collect::<Result<_, _>>()?;
    let mut hasher = blake3::Hasher::new();
    for look in looks {
        hasher.update(look.as_bytes());
    }
    Ok(hasher.finalize())
}
