//! A small complete site.

use std::path::Path;

use include_dir::{Dir, DirEntry, include_dir};

use super::{create, occupied};
use crate::diagnostics::{Code, Diagnostic, visible};

static SITE: Dir = include_dir!("$CARGO_MANIFEST_DIR/src/start/site");

/// Writes a small complete site into `directory`, which is made, or is there and empty but for a `.git`.
///
/// # Errors
/// The directory is a file or not empty, and then nothing is written; or the disk refuses.
pub fn site(directory: &Path) -> Result<(), Diagnostic> {
    is_free(directory)?;
    write(&SITE, directory)
}

fn is_free(directory: &Path) -> Result<(), Diagnostic> {
    const ELSEWHERE: &str = "name a directory that is empty, or one that is not there yet";
    let shown = || directory.display().to_string();
    let mut entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) => {
            return match error.kind() {
                std::io::ErrorKind::NotFound => Ok(()),
                std::io::ErrorKind::NotADirectory => Err(occupied("it is a file", shown()).hint(ELSEWHERE)),
                _ => Err(Diagnostic::error(Code::Unreadable, format!("cannot read it: {error}")).in_file(shown())),
            };
        }
    };
    // What a version control keeps of a directory is no file of a site.
    match entries.find(|entry| !entry.as_ref().is_ok_and(|entry| entry.file_name() == ".git")) {
        None => Ok(()),
        Some(first) => {
            let found = first.map(|entry| format!(": it holds `{}`", visible(&entry.file_name().to_string_lossy())));
            let problem = format!("the directory is not empty{}", found.unwrap_or_default());
            Err(occupied(problem, shown()).hint(format!("{ELSEWHERE}; nothing was written")))
        }
    }
}

fn write(from: &Dir, to: &Path) -> Result<(), Diagnostic> {
    from.entries().iter().try_for_each(|entry| match entry {
        DirEntry::Dir(directory) => write(directory, to),
        DirEntry::File(file) => create(&to.join(file.path()), file.contents()),
    })
}
