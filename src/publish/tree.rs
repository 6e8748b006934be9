//! A finished build as it lies on the disk: names, kinds and modes.

use std::collections::BTreeMap;
use std::fs::{FileType, Metadata};
use std::path::{Path, PathBuf};

use crate::diagnostics::{Code, Diagnostic};

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Directory,
    /// Neither, in words.
    Other(&'static str),
}

/// Something in a build.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) path: PathBuf,
    pub(super) kind: Kind,
    /// Its permissions, where the system has modes.
    pub(super) mode: Option<u32>,
}

/// Everything in `dir`, itself under the name `.`, by its path with `/`. No link is followed;
/// what stands in a name and is no text is shown by a mark.
pub(super) fn tree(dir: &Path) -> Result<BTreeMap<String, Node>, Diagnostic> {
    let mut nodes = BTreeMap::new();
    for entry in walkdir::WalkDir::new(dir).follow_root_links(false) {
        let (entry, metadata) = entry
            .and_then(|entry| entry.metadata().map(|metadata| (entry, metadata)))
            .map_err(|error| unreadable(dir, &error))?;
        let relative = entry.path().strip_prefix(dir).unwrap_or(entry.path());
        let name = match relative.as_os_str().is_empty() {
            true => ".".to_owned(),
            false => relative.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"),
        };
        let node = Node { kind: kind(entry.file_type()), mode: mode(&metadata), path: entry.into_path() };
        nodes.insert(name, node);
    }
    Ok(nodes)
}

fn kind(kind: FileType) -> Kind {
    if kind.is_file() {
        Kind::File
    } else if kind.is_dir() {
        Kind::Directory
    } else if kind.is_symlink() {
        Kind::Other("a symbolic link")
    } else {
        Kind::Other("neither a file nor a directory")
    }
}

#[cfg(unix)]
fn mode(metadata: &Metadata) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    Some(metadata.permissions().mode() & 0o7777)
}

#[cfg(not(unix))]
fn mode(_metadata: &Metadata) -> Option<u32> {
    None
}

fn unreadable(dir: &Path, error: &walkdir::Error) -> Diagnostic {
    let place = error.path().unwrap_or(dir).display().to_string();
    let why = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
    Diagnostic::error(Code::Disk, format!("cannot look into the build: {why}"))
        .in_file(place)
        .hint("name the directory of a finished build, as somebody who may read all of it")
}
