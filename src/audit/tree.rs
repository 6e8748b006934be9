//! The files of a build, as they lie on the disk.

use std::ffi::OsStr;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::diagnostics::{Code, Diagnostic, visible};

/// The largest file that is read.
const LARGEST: u64 = 1 << 30;

/// A file of the build.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) path: PathBuf,
    /// The path that messages show.
    pub(super) shown: PathBuf,
    /// Its path in the build, with `/`.
    pub(super) name: String,
    pub(super) is_dir: bool,
}

/// Everything in a directory but itself, by path; what is neither file nor directory, or has a
/// name that is no text, is a problem. No link is followed. Messages call the directory
/// `shown`.
pub(super) fn entries(dir: &Path, shown: &Path) -> (Vec<Entry>, Vec<Diagnostic>) {
    let (mut entries, mut problems) = (Vec::new(), Vec::new());
    for found in walkdir::WalkDir::new(dir).min_depth(1).follow_root_links(false).sort_by_file_name() {
        let place = |path: &Path| shown.join(path.strip_prefix(dir).unwrap_or(path));
        let found = match found {
            Ok(found) => found,
            Err(error) => {
                let shown = place(error.path().unwrap_or(dir));
                problems.push(unreadable(&shown, &error.into()));
                continue;
            }
        };
        let (kind, shown) = (found.file_type(), place(found.path()));
        match name(dir, found.path()) {
            None => problems.push(strange(&shown, "its name is not UTF-8 text")),
            Some(_) if kind.is_symlink() => problems.push(strange(&shown, "a symbolic link")),
            Some(_) if !kind.is_file() && !kind.is_dir() => {
                problems.push(strange(&shown, "neither a file nor a directory"));
            }
            Some(name) => entries.push(Entry { path: found.into_path(), shown, name, is_dir: kind.is_dir() }),
        }
    }
    (entries, problems)
}

/// A path in the build's directory as the build has it, with `/`; `None` where it is no text.
fn name(dir: &Path, path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.strip_prefix(dir).ok()?.iter().map(OsStr::to_str).collect();
    Some(parts?.join("/"))
}

/// The bytes of a regular file that nobody changes meanwhile.
pub(super) fn read(entry: &Entry) -> Result<Vec<u8>, Diagnostic> {
    let mut bytes = Vec::new();
    let mut read = || {
        let mut file = open(&entry.path)?;
        let before = file.metadata()?;
        if !before.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        if before.len() > LARGEST {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "larger than 1 GiB"));
        }
        bytes.reserve_exact(usize::try_from(before.len()).unwrap_or_default());
        file.by_ref().take(LARGEST).read_to_end(&mut bytes)?;
        Ok((stamp(&before), stamp(&file.metadata()?)))
    };
    let (before, after) = read().map_err(|error| unreadable(&entry.shown, &error))?;
    if before != after || before.0 != bytes.len() as u64 {
        return Err(strange(&entry.shown, "it changed while it was read"));
    }
    Ok(bytes)
}

fn stamp(metadata: &Metadata) -> (u64, Option<std::time::SystemTime>) {
    (metadata.len(), metadata.modified().ok())
}

/// Opens without following a link, and without waiting for a pipe.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.custom_flags(flags.bits().cast_signed());
    }
    options.read(true).open(path)
}

fn strange(path: &Path, what: &str) -> Diagnostic {
    Diagnostic::error(Code::StrangeFile, format!("this does not belong in a build: {what}"))
        .in_file(path.display().to_string())
        .hint("take it out, or build again: what cannot be looked at is held for a leak")
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    let error = visible(&error.to_string());
    Diagnostic::error(Code::StrangeFile, format!("the audit cannot read this: {error}"))
        .in_file(path.display().to_string())
        .hint("run the audit as somebody who may read the whole build")
}
