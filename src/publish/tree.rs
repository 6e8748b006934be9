//! A finished build as it lies on the disk: names, kinds, modes and sizes.

use std::collections::BTreeMap;
use std::ffi::OsStr;
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
    /// In bytes.
    pub(super) size: u64,
    /// Why nobody could look at it, or into the directory that it is.
    pub(super) closed: Option<String>,
}

/// Everything in `dir`, itself under the name `.`, by its path with `/`. No link is followed.
pub(super) fn tree(dir: &Path) -> Result<BTreeMap<String, Node>, Diagnostic> {
    let mut nodes = BTreeMap::new();
    for entry in walkdir::WalkDir::new(dir).follow_root_links(false) {
        match entry.and_then(|entry| entry.metadata().map(|metadata| (entry, metadata))) {
            Ok((entry, metadata)) => {
                let (kind, mode, size) = (kind(entry.file_type()), mode(&metadata), metadata.len());
                let node = Node { path: entry.into_path(), kind, mode, size, closed: None };
                nodes.insert(name(dir, &node.path), node);
            }
            // One place that is closed hides nothing of the others.
            Err(error) => match error.path().filter(|path| *path != dir) {
                Some(path) => nodes.entry(name(dir, path)).or_insert_with(|| unseen(path)).closed = Some(why(&error)),
                None => return Err(unreadable(dir, &error)),
            },
        }
    }
    Ok(nodes)
}

/// Whether nobody could look into a directory that a path leads through.
pub(super) fn is_hidden(nodes: &BTreeMap<String, Node>, path: &str) -> bool {
    let mut directories = path.match_indices('/').filter_map(|(end, _)| nodes.get(path.get(..end)?));
    directories.any(|directory| directory.closed.is_some())
}

/// The path from the build's own directory. What is no text in it stands there in `\xff`, which no path of a manifest
/// has in it.
fn name(dir: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(dir).unwrap_or(path);
    if relative.as_os_str().is_empty() {
        return ".".to_owned();
    }
    let part = |part: &OsStr| match part.to_str() {
        Some(part) => part.to_owned(),
        None => part.as_encoded_bytes().escape_ascii().to_string(),
    };
    relative.iter().map(part).collect::<Vec<_>>().join("/")
}

fn unseen(path: &Path) -> Node {
    Node { path: path.to_owned(), kind: Kind::Other("something unseen"), mode: None, size: 0, closed: None }
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

fn why(error: &walkdir::Error) -> String {
    error.io_error().map_or_else(|| error.to_string(), ToString::to_string)
}

fn unreadable(dir: &Path, error: &walkdir::Error) -> Diagnostic {
    let place = error.path().unwrap_or(dir).display().to_string();
    Diagnostic::error(Code::Disk, format!("cannot look into the build: {}", why(error)))
        .in_file(place)
        .hint("name the directory of a finished build, as somebody who may read all of it")
}
