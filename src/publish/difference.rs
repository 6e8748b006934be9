//! Where two builds differ.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use walkdir::WalkDir;

use super::refusal::Refusal;
use super::{MANIFEST, disk};
use crate::diagnostics::{Diagnostic, Source};

/// How two builds differ, at the first path where they do.
#[derive(Debug)]
pub struct Difference {
    /// The path in the builds, with `/`.
    pub path: String,
    /// What differs.
    pub kind: Kind,
}

/// A difference of two builds at one path.
#[derive(Debug)]
pub enum Kind {
    /// Only the first build has the path.
    First,
    /// Only the second one has it.
    Second,
    /// One has a directory, the other a file.
    Form,
    /// The permissions.
    Modes(u32, u32),
    /// Text in a file: the first passage in each that differs.
    Text(Passage, Passage),
    /// Bytes of a file that are no text.
    Bytes,
}

/// A part of a text.
#[derive(Debug)]
pub struct Passage {
    /// The text it stands in.
    pub source: Arc<Source>,
    /// Where it begins.
    pub start: usize,
}

/// A path of a build: whether it is a directory, and its permissions.
type Entries = BTreeMap<String, (bool, u32)>;

/// The first difference of two builds in paths, bytes or permissions, if there is any. The
/// manifest, which differs wherever anything does, comes last.
///
/// # Errors
/// `Disk` when one of them cannot be read.
pub fn difference(first: &Path, second: &Path) -> Result<Option<Difference>, Diagnostic> {
    let (ours, theirs) = (entries(first)?, entries(second)?);
    let mut paths: Vec<&String> = ours.keys().chain(theirs.keys()).collect();
    paths.sort_by_key(|path| (*path == MANIFEST, *path));
    paths.dedup();
    for path in paths {
        let kind = match (ours.get(path), theirs.get(path)) {
            (Some(_), None) => Some(Kind::First),
            (None, _) => Some(Kind::Second),
            (Some((ours, _)), Some((theirs, _))) if ours != theirs => Some(Kind::Form),
            (Some((_, ours)), Some((_, theirs))) if ours != theirs => Some(Kind::Modes(*ours, *theirs)),
            (Some((true, _)), Some(_)) => None,
            (Some(_), Some(_)) => of_files(path, &disk::read(&first.join(path))?, &disk::read(&second.join(path))?),
        };
        if let Some(kind) = kind {
            return Ok(Some(Difference { path: path.clone(), kind }));
        }
    }
    Ok(None)
}

fn entries(build: &Path) -> Result<Entries, Diagnostic> {
    let mut entries = Entries::new();
    for entry in WalkDir::new(build).min_depth(1) {
        let seen = entry.and_then(|entry| Ok((entry.metadata()?, entry)));
        let (metadata, entry) = seen.map_err(|error| {
            let path = error.path().map_or_else(|| build.to_owned(), PathBuf::from);
            Diagnostic::from(Refusal { action: "look at", path, error: error.into() })
        })?;
        let path = entry.path().strip_prefix(build).unwrap_or(entry.path());
        let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        entries.insert(parts.join("/"), (metadata.is_dir(), disk::mode(&metadata)));
    }
    Ok(entries)
}

fn of_files(path: &str, first: &[u8], second: &[u8]) -> Option<Kind> {
    if first == second {
        return None;
    }
    let (Ok(ours), Ok(theirs)) = (std::str::from_utf8(first), std::str::from_utf8(second)) else {
        return Some(Kind::Bytes);
    };
    let same = first.iter().zip(second).take_while(|(ours, theirs)| ours == theirs).count();
    let passage = |text: &str| Passage { source: Source::new(path, text), start: text.floor_char_boundary(same) };
    Some(Kind::Text(passage(ours), passage(theirs)))
}

impl Passage {
    /// The line it begins on, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.source.position(self.start).line
    }

    /// What stands there, with a few characters before it; short enough for a message.
    #[must_use]
    pub fn excerpt(&self) -> String {
        const BEFORE: usize = 20;
        const LONGEST: usize = 56;
        let line = self.source.line(self.line());
        let start = self.source.floor(self.start.saturating_sub(BEFORE)).max(line.start);
        self.source.text().get(start..line.end).unwrap_or_default().chars().take(LONGEST).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let home = tempfile::tempdir().expect("a directory");
        for (path, bytes) in files {
            let path = home.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("directories");
            std::fs::write(path, bytes).expect("a file");
        }
        home
    }

    fn told(first: &tempfile::TempDir, second: &tempfile::TempDir) -> String {
        match difference(first.path(), second.path()).expect("readable") {
            None => "none".to_owned(),
            Some(Difference { path, kind: Kind::Text(ours, theirs) }) => {
                format!("{path}:{} {} / {}", ours.line(), ours.excerpt(), theirs.excerpt())
            }
            Some(Difference { path, kind }) => format!("{path} {kind:?}"),
        }
    }

    #[test]
    fn the_first_difference_is_told_and_the_manifest_last() {
        let one = build(&[("a/x.html", b"a\nb 1\n"), (MANIFEST, b"1"), ("z", b"\xff")]);
        assert_eq!(told(&one, &one), "none");
        let other = build(&[("a/x.html", b"a\nb 2\n"), (MANIFEST, b"2"), ("z", b"\xff")]);
        assert_eq!(told(&one, &other), "a/x.html:2 b 1 / b 2");
        assert_eq!(told(&one, &build(&[("a/x.html", b"a\nb 1\n"), (MANIFEST, b"2"), ("z", b"\xfe")])), "z Bytes");
        assert_eq!(told(&one, &build(&[("a/x.html", b"a\nb 1\n"), (MANIFEST, b"1")])), "z First");
        assert_eq!(told(&build(&[("a", b"")]), &build(&[("a/b", b"")])), "a Form");
        assert_eq!(told(&build(&[]), &build(&[("a/b", b"")])), "a Second");
    }

    #[cfg(unix)]
    #[test]
    fn permissions_count() {
        use std::os::unix::fs::PermissionsExt as _;
        let (one, other) = (build(&[("a", b"")]), build(&[("a", b"")]));
        let set = |home: &tempfile::TempDir, mode| {
            std::fs::set_permissions(home.path().join("a"), std::fs::Permissions::from_mode(mode)).expect("set");
        };
        set(&one, 0o644);
        set(&other, 0o640);
        assert_eq!(told(&one, &other), format!("a Modes({}, {})", 0o644, 0o640));
    }
}
