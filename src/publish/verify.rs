//! A finished build held against its manifest.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::path::Path;

use rayon::prelude::*;

use super::digest::Digest;
use super::refusal::Refusal;
use super::tree::{Kind, Node, is_hidden, tree};
use super::{MANIFEST, Manifest, ManifestFile, disk, manifest};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, visible};

/// A build that was held against its manifest.
#[derive(Debug, Default)]
pub struct Verified {
    /// Every difference, by path; none when the build is what was published.
    pub diagnostics: Diagnostics,
    /// The role whose build it is, by the manifest.
    pub role: String,
    /// How many files are what the manifest says.
    pub files: usize,
    /// How many bytes they have.
    pub bytes: u64,
}

/// Holds the build in `dir` against its manifest: every file's bytes, every mode, and that
/// there is nothing else; and that it is that of `role`, where one is named. No link is followed.
///
/// The manifest has no digest of itself. Who can change a file can change the manifest too:
/// against that, keep a copy of it elsewhere.
///
/// # Errors
/// `Disk` when there is no build to look into, `Missing` when it has no manifest, `StrangeFile` when that cannot be read,
/// `InvalidManifest` when it is damaged.
pub fn verify(dir: &Path, role: Option<&str>) -> Result<Verified, Diagnostic> {
    let nodes = tree(dir)?;
    let place = dir.join(MANIFEST);
    if nodes.get(MANIFEST).is_none_or(|node| node.kind != Kind::File) {
        let missing = Diagnostic::error(Code::Missing, format!("there is no file {MANIFEST}"));
        let hint = "name the directory of one role's finished build: nothing can be told without its manifest";
        return Err(missing.in_file(place.display().to_string()).hint(hint));
    }
    let bytes = disk::read(&place).map_err(|refusal| closed(&place, &refusal.error.to_string()))?;
    let manifest = manifest::parse(&place, &bytes)?;
    if manifest.bytes() != bytes {
        return Err(manifest::invalid(&place, "its bytes are not as Threatpress writes them"));
    }
    let mut verified = Verified::default();
    if let Some(role) = role.filter(|role| *role != manifest.role) {
        let other = format!("this is the build of role `{}`, and not that of `{role}`", visible(&manifest.role));
        let hint = "its readers get what is another role's: take it off the network, publish the builds again, and \
                    find out who exchanged them";
        verified
            .diagnostics
            .push(Diagnostic::error(Code::OtherRole, other).in_file(dir.display().to_string()).hint(hint));
    }
    Check::of(dir, &manifest, &nodes).all(&mut verified);
    verified.role = manifest.role;
    Ok(verified)
}

/// Something that nobody can look at hides what it holds, and nothing else.
fn closed(place: &Path, why: &str) -> Diagnostic {
    Diagnostic::error(Code::StrangeFile, format!("this cannot be read, and nobody can tell what it holds: {why}"))
        .in_file(place.display().to_string())
        .hint("verify as somebody who may read the whole build; if you do, find out who changed it")
}

/// What a file holds: its digest and its size.
type Held = Result<(String, u64), Refusal>;

/// A manifest beside what is there.
struct Check<'a> {
    dir: &'a Path,
    /// The files of the manifest, by path.
    listed: BTreeMap<&'a str, &'a ManifestFile>,
    /// The first of them with each digest.
    by_digest: HashMap<&'a str, &'a str>,
    /// The directories in which they stand.
    directories: BTreeSet<&'a str>,
    nodes: &'a BTreeMap<String, Node>,
}

impl<'a> Check<'a> {
    fn of(dir: &'a Path, manifest: &'a Manifest, nodes: &'a BTreeMap<String, Node>) -> Self {
        let files = || manifest.files.iter().map(|file| (file.path.as_str(), file));
        let directories = files().flat_map(|(path, _)| path.match_indices('/').map(|(end, _)| &path[..end]));
        // What is put in last stays.
        let by_digest = files().rev().map(|(path, file)| (file.sha256.as_str(), path)).collect();
        Self { dir, listed: files().collect(), by_digest, directories: directories.collect(), nodes }
    }

    fn all(&self, verified: &mut Verified) {
        let found = self.digests();
        let mut problems: BTreeMap<&str, Vec<Diagnostic>> = BTreeMap::new();
        for (name, node) in self.nodes {
            problems.insert(name, self.node(name, node, &found));
        }
        // The first file with each digest, of those that the manifest does not list.
        let strays = found.iter().rev().filter(|(name, _)| !self.listed.contains_key(*name));
        let strays = strays.filter_map(|(name, held)| Some((held.as_ref().ok()?.0.as_str(), *name)));
        let strays: HashMap<&str, &str> = strays.collect();
        let is_gone = |path: &String| !self.nodes.contains_key(path) && !is_hidden(self.nodes, path);
        for file in self.listed.values().filter(|file| is_gone(&file.path)) {
            let hint = match strays.get(file.sha256.as_str()) {
                Some(name) => format!("`{}` has its bytes: was it renamed?", visible(name)),
                None => "put it back from where the build was published, or publish the build again".to_owned(),
            };
            let missing = self.problem(Code::Missing, &file.path, "the manifest lists this file, and it is not there");
            problems.entry(&file.path).or_default().push(missing.hint(hint));
        }
        for (name, problems) in problems {
            if let Some(Ok((_, size))) = found.get(name).filter(|_| problems.is_empty()) {
                verified.files += 1;
                verified.bytes += size;
            }
            problems.into_iter().for_each(|problem| verified.diagnostics.push(problem));
        }
    }

    /// What every file holds that may be one of the manifest's, under whatever name: no other is read, however large.
    fn digests(&self) -> BTreeMap<&str, Held> {
        let sizes: BTreeSet<u64> = self.listed.values().map(|file| file.size).collect();
        let may_be_listed = |node: &Node| node.kind == Kind::File && sizes.contains(&node.size);
        let files: Vec<(&String, &Node)> =
            self.nodes.iter().filter(|(name, node)| may_be_listed(node) && *name != MANIFEST).collect();
        let held = |node: &Node| -> Held {
            let mut digest = Digest::default();
            disk::copy(&node.path, &mut digest.of(&mut io::sink()))?;
            Ok(digest.finish())
        };
        files.par_iter().map(|(name, node)| (name.as_str(), held(node))).collect()
    }

    fn node(&self, name: &str, node: &Node, found: &BTreeMap<&str, Held>) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        if let Some(why) = &node.closed {
            problems.push(closed(&node.path, why));
        }
        let is_expected = match node.kind {
            Kind::File => name == MANIFEST || self.listed.contains_key(name),
            Kind::Directory => name == "." || self.directories.contains(name),
            Kind::Other(_) => node.closed.is_some(),
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
        if let Some(file) = self.listed.get(name).filter(|_| node.kind == Kind::File) {
            problems.extend(match found.get(name) {
                Some(Ok((digest, size))) => self.altered(file, *size, Some(digest)),
                Some(Err(refusal)) if node.size == file.size => Some(closed(&node.path, &refusal.error.to_string())),
                _ => self.altered(file, node.size, None),
            });
        }
        let due = if node.kind == Kind::Directory { 0o755 } else { 0o644 };
        if let Some(mode) = node.mode.filter(|mode| *mode != due) {
            let message = format!("its mode is {mode:04o}, and it was published with {due:04o}");
            let hint = format!("`chmod {due:04o}` it, and find out who changed it");
            problems.push(self.problem(Code::WrongMode, name, &message).hint(hint));
        }
        problems
    }

    /// What is wrong with a file of this size and digest; without a digest, of another size.
    fn altered(&self, file: &ManifestFile, size: u64, digest: Option<&String>) -> Option<Diagnostic> {
        if size == file.size && digest == Some(&file.sha256) {
            return None;
        }
        let message = match size == file.size {
            true => "its bytes are not those that the manifest lists".to_owned(),
            false => format!("it has {size} bytes, and the manifest lists {}", file.size),
        };
        let hint = match digest.and_then(|digest| self.by_digest.get(digest.as_str())) {
            Some(other) => format!("it has the bytes of `{other}`: were they swapped?"),
            None => "publish the build again, and find out who changed it".to_owned(),
        };
        Some(self.problem(Code::Altered, &file.path, &message).hint(hint))
    }

    fn problem(&self, code: Code, name: &str, message: &str) -> Diagnostic {
        let place = if name == "." { self.dir.to_path_buf() } else { self.dir.join(name) };
        Diagnostic::error(code, message).in_file(place.display().to_string())
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::publish::Output;

    #[test]
    fn a_directory_that_is_closed_hides_what_it_holds_and_nothing_else() {
        let home = tempfile::tempdir().expect("a directory");
        let output = Output::open(&home.path().join("out")).expect("opened");
        let staging = output.stage("soc").expect("staged");
        for path in ["a/one.csv", "a/b/two.csv", "c/three.csv"] {
            staging.write(path, path.as_bytes()).expect("written");
        }
        let sealed = staging.seal(Timestamp::UNIX_EPOCH, true).expect("sealed");
        let (manifest, dir) = (sealed.manifest().clone(), sealed.dir().to_owned());
        let mut nodes = tree(&dir).expect("looked at");
        nodes.retain(|name, _| !name.starts_with("a/") && !name.starts_with("c/"));
        nodes.get_mut("a").expect("there").closed = Some("Permission denied".to_owned());
        let mut verified = Verified::default();
        Check::of(&dir, &manifest, &nodes).all(&mut verified);
        let told: Vec<(Code, String)> = verified
            .diagnostics
            .iter()
            .map(|told| (told.code, told.place.file().unwrap_or_default().to_owned()))
            .collect();
        let at = |path: &str| dir.join(path).display().to_string();
        assert_eq!(told, [(Code::StrangeFile, at("a")), (Code::Missing, at("c/three.csv"))]);
    }
}
