//! What a site begins with: a small complete one, and the skeletons of new reports and pages.
//!
//! Nothing that is there is ever overwritten. The texts are files in this room, built into the
//! program; what stands in `{{…}}` is filled in.

mod site;
mod skeleton;
mod title;

pub use site::site;
pub use skeleton::{New, Skeleton, headings, new};

use std::io::Write;
use std::path::Path;

use crate::diagnostics::{Code, Diagnostic};

/// Writes a file that is not there yet, and the directories it needs.
fn create(path: &Path, bytes: &[u8]) -> Result<(), Diagnostic> {
    let shown = || path.display().to_string();
    let written = path
        .parent()
        .map_or(Ok(()), std::fs::create_dir_all)
        .and_then(|()| std::fs::File::create_new(path))
        .and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => occupied("it is there already", shown()),
        _ => Diagnostic::error(Code::Disk, format!("cannot write it: {error}")).in_file(shown()),
    })
}

/// Something stands where something new was wanted.
fn occupied(problem: impl Into<String>, place: String) -> Diagnostic {
    Diagnostic::error(Code::Occupied, problem).in_file(place)
}
