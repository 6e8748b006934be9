//! What stands where a build is to go, and whether it may be replaced.

use std::path::Path;

use super::refusal::Refusal;
use super::{MANIFEST, disk, manifest};

/// What stands at the place of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occupant {
    Nobody,
    /// An empty directory, which anybody may have made ready for us.
    Empty,
    /// A directory that carries our mark.
    Build,
    /// Anything else, which is never touched: what it is.
    Stranger(&'static str),
}

impl Occupant {
    pub(super) fn of(place: &Path) -> Result<Self, Refusal> {
        let Some(kind) = disk::kind(place)? else {
            return Ok(Self::Nobody);
        };
        if kind.is_symlink() {
            return Ok(Self::Stranger("a symbolic link"));
        }
        if !kind.is_dir() {
            return Ok(Self::Stranger("not a directory"));
        }
        if disk::is_empty(place)? {
            return Ok(Self::Empty);
        }
        let mark = place.join(MANIFEST);
        if disk::kind(&mark)?.is_some_and(|kind| kind.is_file()) && manifest::is_mark(&disk::read(&mark)?) {
            return Ok(Self::Build);
        }
        Ok(Self::Stranger("a directory with files that Threatpress did not make"))
    }
}
