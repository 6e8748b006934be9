//! Files of a role's last build that the next one has again.
//!
//! A file with the same bytes stays the same file: it is put into the new build as a further name of it. It keeps its
//! time too, so that web servers and `rsync` can tell by it that nothing has changed. Only a file that stands as it was
//! left is taken, and what a reader may see never depends on whether one was.

use std::io;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::digest::{Digest, hex, unhex};
use super::disk::{Dir, Mark};
use super::output::disturbed;
use super::path::{directory, name};
use super::{MANIFEST, Manifest, ManifestFile, Output};
use crate::diagnostics::Diagnostic;

/// The mode of every file of a build: a plain one, which anybody may read.
const PLAIN: u64 = 0o100_644;

/// How the files of a build stood when it was published.
#[derive(Debug, Serialize, Deserialize)]
pub struct Kept {
    /// In the order of their paths.
    files: Vec<Stood>,
    manifest: Mark,
}

/// A file, and how it stood.
#[derive(Debug, Serialize, Deserialize)]
struct Stood {
    path: String,
    sha256: [u8; 32],
    size: u64,
    mark: Mark,
}

impl Kept {
    /// The path of the file at a place.
    #[must_use]
    pub fn path(&self, at: usize) -> Option<&str> {
        self.files.get(at).map(|stood| stood.path.as_str())
    }

    fn get(&self, path: &str) -> Option<&Stood> {
        self.files.get(self.files.binary_search_by(|stood| stood.path.as_str().cmp(path)).ok()?)
    }
}

impl Output {
    /// How the files of a role's build stand that has just been published; their places are those in its manifest. `last`
    /// is what was known of the build before it.
    ///
    /// # Errors
    /// `Disturbed` where a file is not as this build wrote it or as it was taken over: it was changed meanwhile. `Disk`
    /// when the disk refuses, or where the system does not tell every change of a file.
    pub fn kept(&self, manifest: &Manifest, last: Option<&Kept>) -> Result<Kept, Diagnostic> {
        let root = self.dir.descend(&manifest.role)?;
        let own = root.mark(MANIFEST.as_ref())?;
        let strange =
            |dir: &Dir, name: &str| disturbed(&dir.path().join(name), "this file is not the one that was made");
        if own.mode != PLAIN {
            return Err(strange(&root, MANIFEST));
        }
        let stood = |files: &&[ManifestFile]| -> Result<Vec<Stood>, Diagnostic> {
            let dir = root.descend(files.first().map_or("", |file| directory(&file.path)))?;
            let stood = |file: &ManifestFile| {
                let mark = dir.mark(name(&file.path).as_ref())?;
                let is_written =
                    (mark.mode, mark.owner, mark.size, mark.modified) == (PLAIN, own.owner, file.size, own.modified);
                let last = last.and_then(|last| last.get(&file.path));
                let is_kept = || last.is_some_and(|last| last.mark.is_like(&mark));
                match unhex(&file.sha256).filter(|_| is_written || is_kept()) {
                    Some(sha256) => Ok(Stood { path: file.path.clone(), sha256, size: file.size, mark }),
                    None => Err(strange(&dir, name(&file.path))),
                }
            };
            files.iter().map(stood).collect()
        };
        let by_directory = manifest.files.chunk_by(|one, other| directory(&one.path) == directory(&other.path));
        let by_directory: Vec<&[ManifestFile]> = by_directory.collect();
        let kept: Vec<Vec<Stood>> = by_directory.par_iter().map(stood).collect::<Result<_, _>>()?;
        Ok(Kept { files: kept.into_iter().flatten().collect(), manifest: own })
    }
}

/// A role's last build, opened, with what is known of its files.
#[derive(Debug)]
pub(super) struct Last<'k> {
    pub(super) dir: Dir,
    pub(super) kept: &'k Kept,
}

/// Some files of one directory of the last build.
pub(super) struct Shelf<'k>(Vec<&'k Stood>);

impl<'k> Last<'k> {
    /// The files at some places, by directory; `None` where one of them does not stand as it did.
    pub(super) fn find(&self, places: &[usize]) -> Option<Vec<Shelf<'k>>> {
        let files: Vec<&Stood> = places.iter().map(|at| self.kept.files.get(*at)).collect::<Option<_>>()?;
        let same = |one: &&Stood, other: &&Stood| directory(&one.path) == directory(&other.path);
        let shelf = |files: &[&'k Stood]| {
            let dir = self.dir.descend(directory(&files.first()?.path)).ok()?;
            files.iter().all(|file| file.stands_in(&dir)).then(|| Shelf(files.to_vec()))
        };
        files.chunk_by(same).map(shelf).collect()
    }

    /// The directory with the file of just this path and these bytes, where it stands as it did.
    pub(super) fn home_of(&self, file: &ManifestFile) -> Option<Dir> {
        let stood = self.kept.get(&file.path)?;
        if stood.size != file.size || hex(&stood.sha256) != file.sha256 {
            return None;
        }
        let dir = self.dir.descend(directory(&file.path)).ok()?;
        stood.stands_in(&dir).then_some(dir)
    }

    /// Whether its manifest stands as it did, and holds just these bytes.
    pub(super) fn has_manifest(&self, bytes: &[u8]) -> bool {
        self.dir.mark(MANIFEST.as_ref()).is_ok_and(|mark| mark.is_like(&self.kept.manifest))
            && self.dir.read(MANIFEST).is_ok_and(|last| last == bytes)
    }
}

impl Stood {
    /// Whether it stands there as it did. Where it may only have got or lost a name, as by a build that was given up, its
    /// bytes tell.
    fn stands_in(&self, dir: &Dir) -> bool {
        let name = name(&self.path);
        let Ok(mark) = dir.mark(name.as_ref()) else { return false };
        mark == self.mark || (mark.is_like(&self.mark) && self.is_written_in(dir, name))
    }

    fn is_written_in(&self, dir: &Dir, name: &str) -> bool {
        let mut digest = Digest::default();
        let is_read = dir.copy(name, &mut digest.of(&mut io::sink())).is_ok();
        is_read && digest.finish() == (hex(&self.sha256), self.size)
    }
}

impl<'k> Shelf<'k> {
    /// The directory they all stand in, from the root of the build.
    pub(super) fn directory(&self) -> &'k str {
        self.0.first().map_or("", |file| directory(&file.path))
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &'k str> {
        self.0.iter().map(|file| file.path.as_str())
    }

    /// As a manifest lists them.
    pub(super) fn files(&self) -> impl Iterator<Item = ManifestFile> {
        self.0.iter().map(|file| ManifestFile { path: file.path.clone(), sha256: hex(&file.sha256), size: file.size })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use jiff::Timestamp;
    use tempfile::TempDir;

    use super::*;
    use crate::diagnostics::Code;
    use crate::publish::{Staging, read_manifest, swap_all, verify};

    const FILES: [(&str, &str); 4] =
        [("a/one.csv", "1"), ("a/two.csv", "2"), ("b/index.html", "b"), ("index.html", "i")];

    fn publish(staging: Staging<'_, '_>) -> Manifest {
        let sealed = staging.seal(Timestamp::UNIX_EPOCH, true).expect("sealed");
        swap_all(vec![sealed]).expect("swapped").remove(0)
    }

    /// An output in a directory, with a build of those files.
    fn output(place: &Path) -> (Output, Kept) {
        let output = Output::open(&place.join("out")).expect("opened");
        let staging = output.stage("soc").expect("staged");
        FILES.iter().for_each(|(path, text)| staging.write(path, text.as_bytes()).expect("written"));
        let manifest = publish(staging);
        let kept = output.kept(&manifest, None).expect("looked at");
        (output, kept)
    }

    fn is_whole(output: &Output) {
        let place = output.place("soc");
        let verified = verify(&place, Some("soc")).expect("verified");
        assert!(verified.diagnostics.is_empty(), "{:?}", verified.diagnostics);
        assert_eq!(read_manifest(&place).expect("read").files.len(), FILES.len());
    }

    #[cfg(unix)]
    fn inode(output: &Output, path: &str) -> u64 {
        use std::os::unix::fs::MetadataExt as _;
        fs::metadata(output.place("soc").join(path)).expect("there").ino()
    }

    #[cfg(unix)]
    #[test]
    fn what_is_the_same_stays_the_same_file() {
        let home = TempDir::new().expect("a directory");
        let (output, kept) = output(home.path());
        let before = FILES.map(|(path, _)| inode(&output, path));
        let staging = output.stage_after("soc", Some(&kept)).expect("staged");
        assert!(staging.take_over(&[0, 1]).expect("taken"));
        staging.write("b/index.html", b"b").expect("written");
        staging.write("index.html", b"j").expect("written");
        publish(staging);
        is_whole(&output);
        let after = FILES.map(|(path, _)| inode(&output, path));
        assert_eq!((before[..3] == after[..3], before[3] == after[3]), (true, false));
    }

    #[test]
    fn nothing_is_taken_of_what_somebody_changed() {
        let home = TempDir::new().expect("a directory");
        let (output, kept) = output(home.path());
        fs::write(output.place("soc").join("a/two.csv"), "3").expect("written");
        let staging = output.stage_after("soc", Some(&kept)).expect("staged");
        assert!(!staging.take_over(&[0, 1]).expect("looked at"), "all or none");
        assert!(!staging.take_over(&[4]).expect("looked at"), "there is no such file");
        FILES.iter().for_each(|(path, text)| staging.write(path, text.as_bytes()).expect("written"));
        publish(staging);
        is_whole(&output);
    }

    #[test]
    fn a_name_more_or_less_is_no_change() {
        let home = TempDir::new().expect("a directory");
        let (output, kept) = output(home.path());
        let one = output.place("soc").join("a/one.csv");
        // A backup made of further names, and a build that is given up.
        fs::hard_link(&one, home.path().join("backup")).expect("linked");
        drop(output.stage_after("soc", Some(&kept)).map(|staging| staging.take_over(&[2, 3])).expect("staged"));
        let staging = output.stage_after("soc", Some(&kept)).expect("staged");
        assert!(staging.take_over(&[0, 1, 2, 3]).expect("taken"));
        drop(staging);
        // The same size and the same time, but not the same bytes.
        let time = fs::metadata(&one).and_then(|metadata| metadata.modified()).expect("a time");
        fs::write(&one, "2").expect("written");
        fs::File::options().append(true).open(&one).and_then(|file| file.set_modified(time)).expect("dated");
        let staging = output.stage_after("soc", Some(&kept)).expect("staged");
        assert!(!staging.take_over(&[0]).expect("looked at"));
    }

    #[cfg(unix)]
    #[test]
    fn a_manifest_that_somebody_opened_to_others_is_written_anew() {
        use std::os::unix::fs::PermissionsExt as _;
        let home = TempDir::new().expect("a directory");
        let (output, kept) = output(home.path());
        let manifest = output.place("soc").join(MANIFEST);
        let before = inode(&output, MANIFEST);
        let again = || {
            let staging = output.stage_after("soc", Some(&kept)).expect("staged");
            assert!(staging.take_over(&[0, 1, 2, 3]).expect("taken"));
            publish(staging);
        };
        again();
        assert_eq!(inode(&output, MANIFEST), before, "nobody changed it");
        fs::set_permissions(&manifest, fs::Permissions::from_mode(0o666)).expect("set");
        again();
        is_whole(&output);
    }

    /// Only where the tests run as root, who may give files away.
    #[cfg(unix)]
    #[test]
    fn what_somebody_else_owns_is_not_taken() {
        let home = TempDir::new().expect("a directory");
        let (output, kept) = output(home.path());
        let one = output.place("soc").join("a/one.csv");
        if std::os::unix::fs::chown(&one, Some(4711), None).is_err() {
            return;
        }
        let staging = output.stage_after("soc", Some(&kept)).expect("staged");
        assert!(!staging.take_over(&[0]).expect("looked at"));
        FILES.iter().for_each(|(path, text)| staging.write(path, text.as_bytes()).expect("written"));
        publish(staging);
        is_whole(&output);
        use std::os::unix::fs::MetadataExt as _;
        assert_ne!(fs::metadata(&one).expect("there").uid(), 4711);
    }

    #[test]
    fn what_was_changed_while_a_build_ran_is_not_kept() {
        let home = TempDir::new().expect("a directory");
        let (output, kept) = output(home.path());
        let staging = output.stage_after("soc", Some(&kept)).expect("staged");
        assert!(staging.take_over(&[0, 1, 2, 3]).expect("taken"));
        // The last build's file is the new one's too.
        fs::write(output.place("soc").join("index.html"), "x").expect("written");
        let manifest = publish(staging);
        let kept = output.kept(&manifest, Some(&kept));
        assert_eq!(kept.err().map(|problem| problem.code), Some(Code::Disturbed));
    }

    #[test]
    fn where_a_file_can_have_no_further_name_it_is_copied() {
        // In memory there is another file system, on most systems.
        let homes = [TempDir::new(), TempDir::new_in("/dev/shm").or_else(|_| TempDir::new())];
        let [first, second] = homes.map(|home| home.expect("a directory"));
        let (elsewhere, kept) = output(first.path());
        let (output, _) = output(second.path());
        let last = Last { dir: elsewhere.dir.descend("soc").expect("opened"), kept: &kept };
        let staging = Staging::create(&output, "soc", output.fresh("soc"), Some(last)).expect("staged");
        assert!(staging.take_over(&[0, 1, 2]).expect("taken"));
        staging.write("index.html", b"i").expect("written");
        publish(staging);
        is_whole(&output);
    }
}
