//! Every call this room makes to the file system.
//!
//! Each goes through [`attempt`], so that a failure always names what was tried and on which
//! path. A [`Dir`] is held open, and what is done in it is done there: neither a link nor another
//! directory that somebody puts in its way while a build runs leads a call elsewhere.

#[cfg(any(test, not(unix)))]
mod portable;
#[cfg(unix)]
mod unix;

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Read as _, Seek as _, Write};
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(not(unix))]
use portable as system;
#[cfg(unix)]
use unix as system;

#[cfg(feature = "trial")]
use super::fault::{self, outlet};
use super::refusal::Refusal;

/// The longest file that is read whole; the manifest of a build of a million files stays well below it.
const LARGEST: u64 = 1 << 30;

/// Writes what a file holds. Once something is written it may not say that it was interrupted: it would be asked to begin
/// again. `write_all` keeps that.
pub(super) type Fill<'a> = &'a mut dyn FnMut(&mut dyn Write) -> io::Result<()>;

/// Fewer entries of a directory than these are not shared among threads.
pub(super) const SHARED: usize = 32;

/// Tries a call until no signal interrupts it; that is nobody's mistake and no reason to give up.
fn attempt<T>(action: &'static str, path: &Path, mut call: impl FnMut() -> io::Result<T>) -> Result<T, Refusal> {
    loop {
        #[cfg(feature = "trial")]
        let outcome = fault::strike(action, path).and_then(|()| call());
        #[cfg(not(feature = "trial"))]
        let outcome = call();
        match outcome {
            Ok(value) => return Ok(value),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(Refusal { action, path: path.to_path_buf(), error }),
        }
    }
}

#[cfg(not(feature = "trial"))]
fn outlet(file: &mut File) -> &mut File {
    file
}

/// What a name stands for, a link being one itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Directory,
    File,
    Link,
    /// A pipe, a socket or a device.
    Other,
}

impl From<fs::FileType> for Kind {
    fn from(kind: fs::FileType) -> Self {
        match kind {
            kind if kind.is_symlink() => Self::Link,
            kind if kind.is_dir() => Self::Directory,
            kind if kind.is_file() => Self::File,
            _ => Self::Other,
        }
    }
}

/// What tells whether anything of a file has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    /// Its kind and permissions, as the system numbers them.
    pub(super) mode: u64,
    /// The numbers of the user and the group whose it is.
    pub(super) owner: [u64; 2],
    /// In bytes.
    pub(super) size: u64,
    /// Its device and its number there.
    pub(super) place: [u64; 2],
    /// When its bytes changed last: seconds since 1970 and nanoseconds.
    pub(super) modified: [u64; 2],
    /// When anything of it did, a name of it too.
    pub(super) changed: [u64; 2],
}

impl Mark {
    /// Whether it is the same file with the same mode, owner, size and time of its bytes. That a file got or lost a name
    /// leaves no trace but the time, and is no change of it.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        Self { changed: other.changed, ..*self } == *other
    }
}

/// What stands at a path as a person names it; `None` where nothing does.
pub(super) fn kind(path: &Path) -> Result<Option<Kind>, Refusal> {
    attempt("look at", path, || present(fs::symlink_metadata(path).map(|metadata| metadata.file_type().into())))
}

fn present<T>(outcome: io::Result<T>) -> io::Result<Option<T>> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The bytes of a regular file of a finished build; a link, a pipe or a device is refused.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Refusal> {
    let (dir, name) = home(path)?;
    dir.read(name)
}

/// Writes out what a regular file of a finished build holds, however long it is.
pub(super) fn copy(path: &Path, out: &mut dyn Write) -> Result<(), Refusal> {
    let (dir, name) = home(path)?;
    attempt("read", path, || dir.copy(name, out))
}

/// The directory of a file, opened, and its name there.
fn home(path: &Path) -> Result<(Dir, &OsStr), Refusal> {
    match path.parent().zip(path.file_name()) {
        Some((dir, name)) => Ok((Dir::open(dir)?, name)),
        None => Err(Refusal { action: "read", path: path.to_path_buf(), error: ErrorKind::InvalidFilename.into() }),
    }
}

/// The path without links or `..`, for comparison; what does not exist yet is taken as written.
pub(super) fn real(path: &Path) -> Result<PathBuf, Refusal> {
    let path = attempt("look at", path, || std::path::absolute(path))?;
    for ancestor in path.ancestors() {
        let Some(mut real) = attempt("look at", ancestor, || present(fs::canonicalize(ancestor)))? else { continue };
        for part in path.strip_prefix(ancestor).unwrap_or(Path::new("")).components() {
            match part {
                Component::ParentDir => drop(real.pop()),
                part => real.push(part),
            }
        }
        return Ok(real);
    }
    Ok(path)
}

/// Asks whether this user may write to the directory at `path`, or to the nearest that exists above
/// it.
pub(super) fn expect_writable(path: &Path) -> Result<(), Refusal> {
    let path = attempt("look at", path, || std::path::absolute(path))?;
    for ancestor in path.ancestors() {
        if attempt("write to", ancestor, || present(system::is_writable(ancestor)))?.is_some() {
            break;
        }
    }
    Ok(())
}

/// Creates the directories at and above `path` that are missing.
pub(super) fn make_all(path: &Path) -> Result<(), Refusal> {
    attempt("create the directory", path, || fs::create_dir_all(path))
}

/// A directory that is held open. Every name is taken in that directory, whatever its own path
/// leads to by now, and none is followed where it is a link.
#[derive(Debug)]
pub(super) struct Dir {
    handle: system::Handle,
    /// For messages.
    path: PathBuf,
}

impl Dir {
    /// The directory at `path`, to which links may lead.
    pub(super) fn open(path: &Path) -> Result<Self, Refusal> {
        let handle = attempt("open the directory", path, || system::open(path))?;
        Ok(Self { handle, path: path.to_path_buf() })
    }

    /// The directory at a relative path below this one; no part of the path may be a link.
    pub(super) fn descend(&self, below: impl AsRef<Path>) -> Result<Self, Refusal> {
        let path = self.path.join(&below);
        let handle = attempt("open the directory", &path, || system::descend(&self.handle, below.as_ref()))?;
        Ok(Self { handle, path })
    }

    /// The path by which it was opened.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Creates a directory with exactly this mode, whatever the umask; the name must be free.
    pub(super) fn make_dir(&self, name: &str, mode: u16) -> Result<Self, Refusal> {
        attempt("create the directory", &self.path.join(name), || system::make_dir(&self.handle, name, mode))?;
        let dir = self.descend(name)?;
        dir.set_mode(mode)?;
        Ok(dir)
    }

    /// Opens a directory and gives it exactly this mode; creates it where the name is free. Another
    /// build that is starting may be faster.
    pub(super) fn ensure_dir(&self, name: &str, mode: u16) -> Result<Self, Refusal> {
        match self.make_dir(name, mode) {
            Err(refusal) if refusal.error.kind() == ErrorKind::AlreadyExists => {
                let dir = self.descend(name)?;
                dir.set_mode(mode)?;
                Ok(dir)
            }
            outcome => outcome,
        }
    }

    /// Gives this directory a mode, where the system has modes.
    pub(super) fn set_mode(&self, mode: u16) -> Result<(), Refusal> {
        attempt("set the permissions of", &self.path, || system::set_mode(&self.handle, mode))
    }

    /// Writes a new file with exactly this mode; the name must be free.
    pub(super) fn write_new(&self, name: &str, bytes: &[u8], mode: u16) -> Result<(), Refusal> {
        self.put(name, &mut |out| out.write_all(bytes), mode).map(drop)
    }

    /// Writes a new file as [`Self::write_new`] does, and says that it was changed at `time`.
    pub(super) fn write_dated(&self, name: &str, fill: Fill, mode: u16, time: SystemTime) -> Result<(), Refusal> {
        let file = self.put(name, fill, mode)?;
        attempt("set the time of", &self.path.join(name), || file.set_modified(time))
    }

    fn put(&self, name: &str, fill: Fill, mode: u16) -> Result<File, Refusal> {
        let path = self.path.join(name);
        let mut file = attempt("create", &path, || system::create(&self.handle, name, mode))?;
        attempt("write", &path, || fill(&mut outlet(&mut file)))?;
        Ok(file)
    }

    /// When a file was last changed; `None` where there is none.
    pub(super) fn modified(&self, name: &str) -> Result<Option<SystemTime>, Refusal> {
        let time = || system::open_file(&self.handle, Path::new(name)).and_then(|file| file.metadata()?.modified());
        attempt("look at", &self.path.join(name), || present(time()))
    }

    /// The bytes of a regular file; a link, a pipe or a device is refused.
    pub(super) fn read(&self, name: impl AsRef<Path>) -> Result<Vec<u8>, Refusal> {
        attempt("read", &self.path.join(&name), || {
            let file = self.open_plain(name.as_ref())?;
            let mut bytes = Vec::new();
            // It may grow while it is read.
            if file.metadata()?.len() <= LARGEST && file.take(LARGEST + 1).read_to_end(&mut bytes)? as u64 <= LARGEST {
                return Ok(bytes);
            }
            Err(io::Error::new(ErrorKind::FileTooLarge, "larger than 1 GiB"))
        })
    }

    fn open_plain(&self, name: &Path) -> io::Result<File> {
        let file = system::open_file(&self.handle, name)?;
        match file.metadata()?.is_file() {
            true => Ok(file),
            false => Err(io::Error::new(ErrorKind::InvalidInput, "not a regular file")),
        }
    }

    /// What stands under a name; `None` where it is free.
    pub(super) fn kind(&self, name: &str) -> Result<Option<Kind>, Refusal> {
        attempt("look at", &self.path.join(name), || present(system::kind(&self.handle, name)))
    }

    /// What tells whether anything of the file, directory or link under a name has changed.
    pub(super) fn mark(&self, name: &OsStr) -> Result<Mark, Refusal> {
        attempt("look at", &self.path.join(name), || system::mark(&self.handle, Path::new(name)))
    }

    /// What stands in the directory, sorted by name.
    pub(super) fn entries(&self) -> Result<Vec<(OsString, Kind)>, Refusal> {
        let mut entries = attempt("read the directory", &self.path, || system::entries(&self.handle))?;
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(entries)
    }

    /// Removes whatever stands under a name: a directory with all in it, a file, or a link but not
    /// what it leads to. A free name is fine.
    pub(super) fn remove(&self, name: &str) -> Result<(), Refusal> {
        match self.kind(name)? {
            Some(kind) => self.remove_entry(OsStr::new(name), kind),
            None => Ok(()),
        }
    }

    fn remove_entry(&self, name: &OsStr, kind: Kind) -> Result<(), Refusal> {
        if kind == Kind::Directory {
            let dir = self.descend(name)?;
            let entries = dir.entries()?.into_par_iter().with_min_len(SHARED);
            if let Some(refusal) = entries.find_map_first(|(name, kind)| dir.remove_entry(&name, kind).err()) {
                return Err(refusal);
            }
        }
        let remove = || {
            attempt("remove", &self.path.join(name), || match kind {
                Kind::Directory => system::remove_dir(&self.handle, Path::new(name)),
                _ => system::remove_file(&self.handle, Path::new(name)),
            })
        };
        match remove() {
            // Somebody took the right to write from this directory, which is ours and on its way out.
            Err(refusal) if refusal.error.kind() == ErrorKind::PermissionDenied => {
                self.set_mode(0o700).map_err(|_| refusal)?;
                remove()
            }
            outcome => outcome,
        }
    }

    /// Removes a directory that is empty, and no other.
    pub(super) fn remove_empty(&self, name: &str) -> Result<(), Refusal> {
        attempt("remove", &self.path.join(name), || system::remove_dir(&self.handle, Path::new(name)))
    }

    /// Gives a file a further name, which must be free, in this or another directory.
    pub(super) fn link(&self, name: &str, to: &Self, new: &str) -> Result<(), Refusal> {
        attempt("link", &to.path.join(new), || system::link(&self.handle, name, &to.handle, new))
    }

    /// Puts a file in the place of another one in the same directory, in one step.
    pub(super) fn replace(&self, name: &str, by: &str) -> Result<(), Refusal> {
        attempt("replace", &self.path.join(name), || system::rename(&self.handle, by, &self.handle, name))
    }

    /// Writes out what a regular file holds.
    pub(super) fn copy(&self, name: impl AsRef<Path>, mut out: &mut dyn Write) -> io::Result<()> {
        io::copy(&mut self.open_plain(name.as_ref())?, &mut out).map(drop)
    }

    /// Moves a directory to a free name.
    pub(super) fn rename(&self, name: &str, to: &Self, new: &str) -> Result<(), Refusal> {
        attempt("put the directory in place at", &to.path.join(new), || {
            system::rename(&self.handle, name, &to.handle, new)
        })
    }

    /// Lets two directories change places in one step; `false` where the system cannot.
    pub(super) fn exchange(&self, name: &str, other: &Self, place: &str) -> Result<bool, Refusal> {
        let swap = || system::exchange(&self.handle, name, &other.handle, place);
        match attempt("swap in the new build at", &other.path.join(place), swap) {
            Ok(()) => Ok(true),
            // Linux answers `InvalidInput` for a file system that cannot.
            Err(refusal) if matches!(refusal.error.kind(), ErrorKind::Unsupported | ErrorKind::InvalidInput) => {
                Ok(false)
            }
            Err(refusal) => Err(refusal),
        }
    }

    /// Whether this very directory stands under a name in `dir`.
    pub(super) fn is_at(&self, dir: &Self, name: &str) -> Result<bool, Refusal> {
        let at = attempt("look at", &dir.path.join(name), || present(system::is_at(&self.handle, &dir.handle, name)))?;
        Ok(at.unwrap_or(false))
    }

    /// Whether the path by which it was opened still leads here.
    pub(super) fn is_where_it_was(&self) -> Result<bool, Refusal> {
        let at = attempt("look at", &self.path, || present(system::is_at_path(&self.handle, &self.path)))?;
        Ok(at.unwrap_or(false))
    }

    /// Makes the names in the directory durable, so that a rename in it survives a loss of power.
    pub(super) fn sync(&self) -> Result<(), Refusal> {
        attempt("sync", &self.path, || system::sync(&self.handle))
    }

    /// Makes all in the directory durable, its whole file system at once where the system can.
    pub(super) fn sync_all(&self) -> Result<(), Refusal> {
        match attempt("sync", &self.path, || system::sync_file_system(&self.handle)) {
            Err(refusal) if refusal.error.kind() == ErrorKind::Unsupported => self.sync_each(),
            outcome => outcome,
        }
    }

    fn sync_each(&self) -> Result<(), Refusal> {
        for (name, kind) in self.entries()? {
            match (kind, name.to_str()) {
                (Kind::Directory, _) => self.descend(&name)?.sync_each()?,
                (Kind::File, Some(name)) => {
                    attempt("sync", &self.path.join(name), || system::sync_file(&self.handle, name))?;
                }
                _ => {}
            }
        }
        self.sync()
    }

    /// Takes the lock on a file, which lasts as long as the handle; `None` where another has it.
    pub(super) fn lock(&self, name: &str) -> Result<Option<Lock>, Refusal> {
        let path = self.path.join(name);
        let file = attempt("open", &path, || system::open_private(&self.handle, name))?;
        let locked = attempt("lock", &path, || match file.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error),
        })?;
        Ok(locked.then_some(Lock { file, path }))
    }
}

/// A lock that this process holds.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    /// Puts this process's number into the file, for the message another build will show.
    pub(super) fn sign(&mut self) -> Result<(), Refusal> {
        attempt("write", &self.path, || {
            self.file.set_len(0)?;
            self.file.rewind()?;
            write!(outlet(&mut self.file), "{}", std::process::id())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home() -> (tempfile::TempDir, Dir) {
        let home = tempfile::tempdir().expect("a directory");
        let dir = Dir::open(home.path()).expect("opened");
        (home, dir)
    }

    #[test]
    fn the_portable_sync_reaches_every_file() {
        let (_home, dir) = home();
        let a = dir.make_dir("a", 0o755).expect("made");
        a.write_new("b", b"x", 0o644).expect("written");
        dir.sync_each().expect("synced");
    }

    #[test]
    fn a_path_that_is_not_there_yet_is_compared_as_written() {
        let (home, _dir) = home();
        let expected = fs::canonicalize(home.path()).expect("there").join("b/c");
        assert_eq!(real(&home.path().join("a/../b/c")).expect("looked"), expected);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_removed_and_what_it_leads_to_stays() {
        let (home, dir) = home();
        dir.make_dir("kept", 0o755).and_then(|kept| kept.write_new("file", b"x", 0o644)).expect("written");
        std::os::unix::fs::symlink(home.path().join("kept"), home.path().join("link")).expect("linked");
        dir.remove("link").expect("removed");
        assert!(dir.kind("link").expect("seen").is_none());
        assert!(home.path().join("kept/file").is_file());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_neither_read_nor_written_through() {
        let (home, dir) = home();
        dir.write_new("file", b"x", 0o644).expect("written");
        std::os::unix::fs::symlink(home.path().join("file"), home.path().join("link")).expect("linked");
        std::os::unix::fs::symlink(home.path(), home.path().join("way")).expect("linked");
        assert!(dir.read("link").is_err() && dir.lock("link").is_err());
        assert!(dir.write_new("link", b"y", 0o644).is_err());
        assert!(dir.descend("way").is_err());
        assert_eq!(dir.read("file").expect("read"), b"x");
    }
}
