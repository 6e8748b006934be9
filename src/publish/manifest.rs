//! `manifest.json`: what a build consists of, and the mark by which we know it as ours.

use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::disk;
use super::path;
use crate::diagnostics::{Code, Diagnostic};

/// The manifest's name at the top of every build.
pub const MANIFEST: &str = "manifest.json";

const GENERATOR: &str = "threatpress";
const SCHEMA: u32 = 1;

/// What a build consists of. It says nothing about other roles, inputs or the clock.
// The fields stand in the order of their names, so that the keys of the file are sorted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// "Now" of every figure in the build, RFC 3339 in UTC.
    pub as_of: String,
    /// Whether the build was audited before it was published; builds of versions without an
    /// audit do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audited: Option<bool>,
    /// Every file of the build but the manifest itself, sorted by path.
    pub files: Vec<ManifestFile>,
    /// Always `threatpress`.
    pub generator: String,
    /// The role for which the build was made.
    pub role: String,
    /// The form of the manifest: 1.
    pub schema: u32,
    /// The version of Threatpress that made the build.
    pub version: String,
}

/// One file of a build.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ManifestFile {
    /// The path in the build, with `/`.
    pub path: String,
    /// SHA-256 of the bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// The size in bytes.
    pub size: u64,
}

impl Manifest {
    pub(super) fn new(role: &str, as_of: Timestamp, audited: bool, mut files: Vec<ManifestFile>) -> Self {
        files.sort();
        Self {
            as_of: as_of.to_string(),
            audited: Some(audited),
            files,
            generator: GENERATOR.to_owned(),
            role: role.to_owned(),
            schema: SCHEMA,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// The bytes of `manifest.json`: the same for the same build.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        // Strings, integers and lists cannot fail to serialise.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Why the manifest cannot be trusted to name files of its own build.
    fn fault(&self) -> Option<String> {
        if self.generator != GENERATOR {
            return Some("it was not made by Threatpress".to_owned());
        }
        if self.schema != SCHEMA {
            return Some(format!("its schema is {}, and this version reads {SCHEMA}", self.schema));
        }
        if !self.files.is_sorted_by(|a, b| a.path < b.path) {
            return Some("its files are not sorted, or one is listed twice".to_owned());
        }
        self.files.iter().find_map(|file| match path::check(&file.path) {
            Err(why) => Some(format!("it lists `{}`, but {why}", file.path)),
            Ok(()) if file.path == MANIFEST => Some("it lists itself".to_owned()),
            Ok(()) if !is_digest(&file.sha256) => Some(format!("the digest of `{}` is none", file.path)),
            Ok(()) => None,
        })
    }
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// The manifest of the finished build in `dir`. Every path in it is relative, made of plain
/// names and may safely be joined to `dir`; every digest is 64 hexadecimal digits.
///
/// # Errors
/// `Disk` when there is none or it cannot be read, `InvalidManifest` when it is damaged, not
/// ours, or of another schema.
pub fn read_manifest(dir: &Path) -> Result<Manifest, Diagnostic> {
    let path = dir.join(MANIFEST);
    parse(&path, &disk::read(&path)?)
}

/// The manifest that these bytes of the file at `path` are.
pub(super) fn parse(path: &Path, bytes: &[u8]) -> Result<Manifest, Diagnostic> {
    let manifest: Manifest = serde_json::from_slice(bytes).map_err(|error| invalid(path, &error.to_string()))?;
    match manifest.fault() {
        Some(why) => Err(invalid(path, &why)),
        None => Ok(manifest),
    }
}

pub(super) fn invalid(path: &Path, why: &str) -> Diagnostic {
    Diagnostic::error(Code::InvalidManifest, format!("this manifest cannot be used: {why}"))
        .in_file(path.display().to_string())
        .hint("name the directory of one role's finished build, or build it again with this version")
}

/// Whether these bytes of a `manifest.json` mark its directory as ours, whatever the version
/// that made it.
pub(super) fn is_mark(bytes: &[u8]) -> bool {
    marked_role(bytes).is_some()
}

/// The role for which the mark says that the build was made, empty where it does not say;
/// `None` where it is no mark of ours.
pub(super) fn marked_role(bytes: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Mark {
        generator: String,
        #[serde(default)]
        role: String,
    }
    serde_json::from_slice::<Mark>(bytes).ok().filter(|mark| mark.generator == GENERATOR).map(|mark| mark.role)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(paths: &[&str]) -> Manifest {
        let file = |path: &&str| ManifestFile { path: (*path).to_owned(), sha256: "0".repeat(64), size: 1 };
        let files = paths.iter().map(file).collect();
        Manifest::new("soc", "2026-11-16T06:00:00Z".parse().expect("a time"), true, files)
    }

    #[test]
    fn the_bytes_are_sorted_and_say_nothing_else() {
        let expected = format!(
            r#"{{
  "as_of": "2026-11-16T06:00:00Z",
  "audited": true,
  "files": [
    {{
      "path": "a.css",
      "sha256": "{zeros}",
      "size": 1
    }},
    {{
      "path": "b/index.html",
      "sha256": "{zeros}",
      "size": 1
    }}
  ],
  "generator": "threatpress",
  "role": "soc",
  "schema": 1,
  "version": "{version}"
}}
"#,
            zeros = "0".repeat(64),
            version = env!("CARGO_PKG_VERSION"),
        );
        let bytes = manifest(&["b/index.html", "a.css"]).bytes();
        assert_eq!(String::from_utf8_lossy(&bytes), expected);
    }

    #[test]
    fn a_manifest_that_names_files_elsewhere_is_refused() {
        assert_eq!(manifest(&["a", "b"]).fault(), None);
        for bad in [&["../a"][..], &["/etc/passwd"], &["a", "a"], &["manifest.json"]] {
            assert!(manifest(bad).fault().is_some(), "{bad:?}");
        }
    }

    #[test]
    fn only_our_generator_is_a_mark() {
        assert!(is_mark(br#"{"generator": "threatpress", "schema": 9, "more": []}"#));
        for other in [&b"{}"[..], b"", b"null", b"{", br#"{"generator": "webpack"}"#, br#"{"name": "PWA"}"#] {
            assert!(!is_mark(other));
        }
    }
}
