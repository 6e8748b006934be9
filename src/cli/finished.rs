//! Finished builds, as verbs are given them.

use std::path::Path;

use crate::diagnostics::{Code, Diagnostic, Diagnostics};

/// Whether `dir` is a directory; if not, that is told. A link to one is none: what it leads to
/// may change while it is looked at.
pub(super) fn is_directory(dir: &Path, diagnostics: &mut Diagnostics) -> bool {
    let problem = match dir.symlink_metadata() {
        Ok(metadata) if metadata.is_dir() => return true,
        Ok(metadata) if metadata.is_symlink() => "this is a symbolic link".to_owned(),
        Ok(_) => "this is not a directory".to_owned(),
        Err(error) => format!("cannot look at it: {error}"),
    };
    diagnostics.push(
        Diagnostic::error(Code::Disk, problem)
            .in_file(dir.display().to_string())
            .hint("name the directory of one role's finished build itself, as output/soc"),
    );
    false
}
