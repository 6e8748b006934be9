//! The directory in which fleets are kept.
//!
//! Nothing depends on it: what cannot be written is not kept, and what is gone is read again. A
//! file comes into being under a name of its own and is renamed, so that no reader ever meets half
//! of one, however many write.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::contents::Notes;
use super::frame;
use crate::diagnostics::{Diagnostics, read_plain};
use crate::fleet::Fleet;

/// How many bytes are kept at most.
const LARGEST: u64 = 2 << 30;
/// Keeps git from taking up what is in a directory.
const IGNORE: &str = ".gitignore";
/// A file in the making that is older was left behind.
const ABANDONED: Duration = Duration::from_secs(24 * 60 * 60);

/// Fleets, digests and receipts on disk.
#[derive(Clone, Debug)]
pub struct Cache {
    /// The site's private place, which is hidden from git.
    private: PathBuf,
    directory: PathBuf,
    largest: u64,
}

impl Cache {
    /// The cache of the site in `root`, which need not be there.
    #[must_use]
    pub fn of(root: &Path) -> Self {
        Self::new(root.join(".threatpress"), LARGEST)
    }

    pub(super) fn new(private: PathBuf, largest: u64) -> Self {
        Self { directory: private.join("cache"), private, largest }
    }

    /// The fleet that is kept under a key, and what was told when it was read.
    pub(super) fn fleet(&self, key: &str) -> Option<(Fleet, Diagnostics)> {
        let path = self.place(key, "fleet");
        let kept = frame::unpack(&read_plain(&path, self.largest).ok()?)?;
        // What is used last goes last. Where that cannot be noted, it goes earlier.
        let _ = File::options().append(true).open(&path).and_then(|file| file.set_modified(SystemTime::now()));
        Some(kept)
    }

    /// Keeps a fleet, unless what was told of it quotes a text, which is not kept.
    pub(super) fn keep(&self, key: &str, fleet: &Fleet, told: &Diagnostics) {
        self.put(&self.place(key, "fleet"), &(fleet, told));
    }

    /// The digests of the files of a snapshot, as they were noted last.
    pub(super) fn notes(&self, snapshot: &Path) -> Notes {
        self.kept_of(snapshot, "digests").unwrap_or_default()
    }

    /// Notes the digests of the files of a snapshot.
    pub(super) fn note(&self, snapshot: &Path, notes: &Notes) {
        self.keep_of(snapshot, "digests", notes);
    }

    /// Where something is kept of a file or directory.
    fn place_of(&self, path: &Path, kind: &str) -> PathBuf {
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        self.place(blake3::hash(path.as_os_str().as_encoded_bytes()).to_hex().as_str(), kind)
    }

    fn place(&self, name: &str, kind: &str) -> PathBuf {
        self.directory.join(format!("{name}.{kind}"))
    }

    /// Removes what was used longest ago until the rest is small enough, and what was never finished.
    pub(super) fn trim(&self) {
        let mut kept: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
        for entry in fs::read_dir(&self.directory).into_iter().flatten().flatten() {
            let Ok(metadata) = entry.metadata() else { continue };
            let Ok(used) = metadata.modified() else { continue };
            let path = entry.path();
            let is_unfinished = path.extension().is_some_and(|extension| extension == "new");
            if !is_unfinished {
                kept.push((used, metadata.len(), path));
            } else if used.elapsed().is_ok_and(|age| age > ABANDONED) {
                let _ = fs::remove_file(path);
            }
        }
        kept.sort();
        let mut total: u64 = kept.iter().map(|(_, length, _)| length).sum();
        for (_, length, path) in kept {
            if total <= self.largest {
                break;
            }
            let _ = fs::remove_file(path);
            total -= length;
        }
    }

    /// What is kept of a file or directory.
    pub(super) fn kept_of<T: DeserializeOwned>(&self, path: &Path, kind: &str) -> Option<T> {
        frame::unpack(&read_plain(&self.place_of(path, kind), self.largest).ok()?)
    }

    /// Keeps something of a file or directory.
    pub(super) fn keep_of(&self, path: &Path, kind: &str, value: &impl Serialize) {
        self.put(&self.place_of(path, kind), value);
    }

    /// Keeps a value at a place. What cannot be kept is made again next time: no reason to stop, nor to worry anybody.
    fn put(&self, place: &Path, value: &impl Serialize) {
        // For what is too large to be read again, everything else would have to go.
        if let Some(bytes) = frame::pack(value).filter(|bytes| bytes.len() as u64 <= self.largest) {
            let _ = self.write(place, &bytes);
        }
    }

    /// Writes where nobody but the owner looks, nor git; where that cannot be had, nothing is written.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        make(&self.private)?;
        make(&self.directory)?;
        let ignore = self.private.join(IGNORE);
        if !ignore.is_file() {
            self.put_in_place(&ignore, b"*\n")?;
        }
        self.put_in_place(path, bytes)
    }

    fn put_in_place(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let mine = format!("{}-{}.new", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let new = self.directory.join(mine);
        let outcome = create(&new).and_then(|mut file| file.write_all(bytes)).and_then(|()| fs::rename(&new, path));
        if outcome.is_err() {
            let _ = fs::remove_file(&new);
        }
        outcome
    }
}

/// A directory that only its owner may open, whoever could before: what is kept was never sliced.
fn make(directory: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)?;
    #[cfg(unix)]
    fs::set_permissions(directory, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    Ok(())
}

/// A file that only its owner may read.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
