//! What stands where a build is to go, and whether it may be replaced.

use super::disk::{Dir, Kind};
use super::refusal::Refusal;
use super::{MANIFEST, manifest};

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
    /// Who holds the name `name` in `dir`.
    pub(super) fn of(dir: &Dir, name: &str) -> Result<Self, Refusal> {
        match dir.kind(name)? {
            None => return Ok(Self::Nobody),
            Some(Kind::Directory) => {}
            Some(Kind::Link) => return Ok(Self::Stranger("a symbolic link")),
            Some(_) => return Ok(Self::Stranger("not a directory")),
        }
        let place = dir.descend(name)?;
        if place.entries()?.is_empty() {
            return Ok(Self::Empty);
        }
        if place.kind(MANIFEST)? == Some(Kind::File) && manifest::is_mark(&place.read(MANIFEST)?) {
            return Ok(Self::Build);
        }
        Ok(Self::Stranger("a directory with files that Threatpress did not make"))
    }
}
