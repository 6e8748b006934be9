//! Finished builds on disk: the old build or the new one, never a mixture.
//!
//! ```text
//! Output::open ── stage ──> Staging ── write, write, … ── seal ──> Sealed ── swap_all ──> output/ROLE/
//! ```
//! A build is written into `output/.threatpress/`, closed by its manifest and put in its place
//! by one exchange of two names. Nothing is ever deleted outside that directory and the
//! directories of roles, which are known as ours by their `manifest.json`.

mod compare;
mod digest;
mod disk;
#[cfg(feature = "trial")]
mod fault;
mod kept;
mod manifest;
mod occupant;
mod output;
mod path;
mod paths;
mod refusal;
mod retired;
mod sealed;
mod staging;
mod standing;
#[cfg(test)]
mod tests;
mod tree;
mod verify;

pub use compare::{Comparison, Difference, Unlike, compare};
pub use kept::Kept;
pub use manifest::{MANIFEST, Manifest, ManifestFile, read_manifest};
pub use output::{Output, Scratch};
pub use paths::Paths;
pub use retired::Retired;
pub use sealed::{Sealed, swap_all};
pub use staging::Staging;
pub use standing::Standing;
pub use verify::{Verified, verify};

use std::path::{Path, PathBuf};

use crate::diagnostics::Diagnostic;

/// A path without links or `..`, for comparison with others; what does not exist yet is taken as written.
///
/// # Errors
/// `Disk` when the disk refuses to tell.
pub fn real(path: &Path) -> Result<PathBuf, Diagnostic> {
    Ok(disk::real(path)?)
}
