//! A finished build held against its manifest.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;
use ring::digest::{SHA256, digest};

use super::digest::hex;
use super::tree::{Kind, Node, tree};
use super::{MANIFEST, Manifest, ManifestFile, disk, manifest};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, visible};

/// A build that was held against its manifest.
#[derive(Debug, Default)]
pub struct Verified {
    /// Every difference, by path; none when the build is what was published.
    pub diagnostics: Diagnostics,
    /// How many files are what the manifest says.
    pub files: usize,
    /// How many bytes they have.
    pub bytes: u64,
}

/// Holds the build in `dir` against its manifest: every file's bytes, every mode, and that
/// there is nothing else. No link is followed.
///
/// The manifest has no digest of itself. Who can change a file can change the manifest too:
/// against that, keep a copy of it elsewhere.
///
/// # Errors
/// `Disk` when the build cannot be read, `Missing` when it has no manifest, `InvalidManifest` when that is damaged.
pub fn verify(dir: &Path) -> Result<Verified, Diagnostic> {
    let nodes = tree(dir)?;
    let place = dir.join(MANIFEST);
    if nodes.get(MANIFEST).is_none_or(|node| node.kind != Kind::File) {
        let missing = Diagnostic::error(Code::Missing, format!("there is no file {MANIFEST}"));
        let hint = "name the directory of one role's finished build: nothing can be told without its manifest";
        return Err(missing.in_file(place.display().to_string()).hint(hint));
    }
    let bytes = disk::read(&place)?;
    let manifest = manifest::parse(&place, &bytes)?;
    if manifest.bytes() != bytes {
        return Err(manifest::invalid(&place, "its bytes are not as Threatpress writes them"));
    }
    let paths = manifest.files.iter().map(|file| file.path.as_str());
    let directories = paths.flat_map(|path| path.match_indices('/').map(|(end, _)| &path[..end])).collect();
    let mut verified = Verified::default();
    Check { dir, manifest: &manifest, directories, nodes: &nodes }.all(&mut verified)?;
    Ok(verified)
}

/// A manifest beside what is there.
struct Check<'a> {
    dir: &'a Path,
    manifest: &'a Manifest,
    /// The directories in which files of the manifest stand.
    directories: BTreeSet<&'a str>,
    nodes: &'a BTreeMap<String, Node>,
}

impl Check<'_> {
    fn all(&self, verified: &mut Verified) -> Result<(), Diagnostic> {
        let listed: BTreeMap<&str, &ManifestFile> =
            self.manifest.files.iter().map(|file| (file.path.as_str(), file)).collect();
        let found = self.digests()?;
        let mut problems: BTreeMap<&str, Vec<Diagnostic>> = BTreeMap::new();
        for (name, node) in self.nodes {
            problems.insert(name, self.node(name, node, &listed, &found));
        }
        for file in listed.values().filter(|file| !self.nodes.contains_key(&file.path)) {
            let moved = found.iter().find(|(name, (digest, _))| *digest == file.sha256 && !listed.contains_key(*name));
            let hint = match moved {
                Some((name, _)) => format!("`{}` has its bytes: was it renamed?", visible(name)),
                None => "put it back from where the build was published, or publish the build again".to_owned(),
            };
            let missing = self.problem(Code::Missing, &file.path, "the manifest lists this file, and it is not there");
            problems.entry(&file.path).or_default().push(missing.hint(hint));
        }
        for (name, problems) in problems {
            if let Some((_, size)) = found.get(name).filter(|_| problems.is_empty()) {
                verified.files += 1;
                verified.bytes += size;
            }
            problems.into_iter().for_each(|problem| verified.diagnostics.push(problem));
        }
        Ok(())
    }

    /// The digest and size of every file but the manifest.
    fn digests(&self) -> Result<BTreeMap<&str, (String, u64)>, Diagnostic> {
        let files: Vec<(&String, &Node)> =
            self.nodes.iter().filter(|(name, node)| node.kind == Kind::File && *name != MANIFEST).collect();
        files
            .par_iter()
            .map(|(name, node)| {
                let bytes = disk::read(&node.path)?;
                Ok((name.as_str(), (hex(digest(&SHA256, &bytes).as_ref()), bytes.len() as u64)))
            })
            .collect()
    }

    fn node(
        &self,
        name: &str,
        node: &Node,
        listed: &BTreeMap<&str, &ManifestFile>,
        found: &BTreeMap<&str, (String, u64)>,
    ) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        let is_expected = match node.kind {
            Kind::File => name == MANIFEST || listed.contains_key(name),
            Kind::Directory => name == "." || self.directories.contains(name),
            Kind::Other(_) => false,
        };
        if !is_expected {
            let what = match node.kind {
                Kind::File => "this file is not in the manifest",
                Kind::Directory => "this directory holds no file of the manifest",
                Kind::Other(what) => what,
            };
            let hint = "take it out: a build holds what its manifest lists, and nothing else";
            problems.push(self.problem(Code::Stray, name, what).hint(hint));
            return problems;
        }
        if let (Some(file), Some((digest, size))) = (listed.get(name), found.get(name)) {
            problems.extend(self.altered(file, digest, *size));
        }
        let due = if node.kind == Kind::Directory { 0o755 } else { 0o644 };
        if let Some(mode) = node.mode.filter(|mode| *mode != due) {
            let message = format!("its mode is {mode:04o}, and it was published with {due:04o}");
            let hint = format!("`chmod {due:04o}` it, and find out who changed it");
            problems.push(self.problem(Code::WrongMode, name, &message).hint(hint));
        }
        problems
    }

    fn altered(&self, file: &ManifestFile, digest: &str, size: u64) -> Option<Diagnostic> {
        if digest == file.sha256 && size == file.size {
            return None;
        }
        let message = match size == file.size {
            true => "its bytes are not those that the manifest lists".to_owned(),
            false => format!("it has {size} bytes, and the manifest lists {}", file.size),
        };
        let hint = match self.manifest.files.iter().find(|other| other.sha256 == digest) {
            Some(other) => format!("it has the bytes of `{}`: were they swapped?", other.path),
            None => "publish the build again, and find out who changed it".to_owned(),
        };
        Some(self.problem(Code::Altered, &file.path, &message).hint(hint))
    }

    fn problem(&self, code: Code, name: &str, message: &str) -> Diagnostic {
        let place = if name == "." { self.dir.to_path_buf() } else { self.dir.join(name) };
        Diagnostic::error(code, message).in_file(place.display().to_string())
    }
}
