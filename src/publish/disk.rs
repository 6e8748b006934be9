//! Every call this room makes to the file system.
//!
//! Each goes through [`attempt`], so that a failure always names what was tried and on which
//! path. Calls that only some systems have stand here beside their portable fallback. Nothing
//! here follows a symbolic link in the last part of a path.

use std::ffi::OsString;
use std::fs::{self, File, FileType, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::refusal::Refusal;

/// The longest manifest that is read; a build of a million files stays well below it.
const LARGEST: u64 = 1 << 30;

fn attempt<T>(action: &'static str, path: &Path, call: impl FnOnce() -> io::Result<T>) -> Result<T, Refusal> {
    call().map_err(|error| Refusal { action, path: path.to_path_buf(), error })
}

/// Creates one directory with exactly this mode, whatever the umask; it must not exist.
pub(super) fn make_dir(path: &Path, mode: u32) -> Result<(), Refusal> {
    attempt("create the directory", path, || fs::create_dir(path))?;
    set_mode(path, mode)
}

/// Creates one directory with exactly this mode where nothing stands; another build that is
/// starting may be faster.
pub(super) fn ensure_dir(path: &Path, mode: u32) -> Result<(), Refusal> {
    match make_dir(path, mode) {
        Err(refusal) if refusal.error.kind() == ErrorKind::AlreadyExists => Ok(()),
        outcome => outcome,
    }
}

/// Creates the directories above `path` that are missing.
pub(super) fn make_parents(path: &Path) -> Result<(), Refusal> {
    let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) else {
        return Ok(());
    };
    attempt("create the directory", parent, || fs::create_dir_all(parent))
}

/// Gives a directory this mode, where the system has modes.
pub(super) fn set_mode(path: &Path, mode: u32) -> Result<(), Refusal> {
    attempt("set the permissions of", path, || match permissions(mode) {
        Some(permissions) => fs::set_permissions(path, permissions),
        None => Ok(()),
    })
}

/// Writes a new file with exactly this mode; anything that stands at `path` is an error.
pub(super) fn write_new(path: &Path, bytes: &[u8], mode: u32) -> Result<(), Refusal> {
    let mut file = attempt("create", path, || {
        let mut options = OpenOptions::new();
        guard(&mut options, mode);
        options.write(true).create_new(true).open(path)
    })?;
    attempt("write", path, || file.write_all(bytes))?;
    attempt("set the permissions of", path, || {
        permissions(mode).map_or(Ok(()), |permissions| file.set_permissions(permissions))
    })
}

/// What stands at `path` itself, a symbolic link being one; `None` where nothing does.
pub(super) fn kind(path: &Path) -> Result<Option<FileType>, Refusal> {
    attempt("look at", path, || match fs::symlink_metadata(path) {
        Ok(metadata) => Ok(Some(metadata.file_type())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    })
}

/// The path without symbolic links or `..`, for comparison.
pub(super) fn real(path: &Path) -> Result<PathBuf, Refusal> {
    attempt("look at", path, || fs::canonicalize(path))
}

/// Whether a directory holds nothing.
pub(super) fn is_empty(path: &Path) -> Result<bool, Refusal> {
    attempt("read the directory", path, || Ok(fs::read_dir(path)?.next().transpose()?.is_none()))
}

/// The names in a directory, sorted.
pub(super) fn names(path: &Path) -> Result<Vec<OsString>, Refusal> {
    attempt("read the directory", path, || {
        let entries = fs::read_dir(path)?.map(|entry| Ok(entry?.file_name()));
        let mut names = entries.collect::<io::Result<Vec<_>>>()?;
        names.sort();
        Ok(names)
    })
}

/// The bytes of a regular file; a link, a pipe or a device is refused.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Refusal> {
    attempt("read", path, || {
        if !fs::symlink_metadata(path)?.is_file() {
            return Err(io::Error::new(ErrorKind::InvalidInput, "not a regular file"));
        }
        let mut options = OpenOptions::new();
        guard(&mut options, 0);
        let mut bytes = Vec::new();
        options.read(true).open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LARGEST {
            return Err(io::Error::new(ErrorKind::FileTooLarge, "larger than 1 GiB"));
        }
        Ok(bytes)
    })
}

/// Removes whatever stands at `path`: a directory with all in it, a file, or a link but not
/// what it leads to. Nothing there is fine.
pub(super) fn remove(path: &Path) -> Result<(), Refusal> {
    let Some(kind) = kind(path)? else {
        return Ok(());
    };
    attempt("remove", path, || match kind.is_dir() {
        true => fs::remove_dir_all(path),
        false => fs::remove_file(path),
    })
}

/// Removes a directory that is empty, and no other.
pub(super) fn remove_empty(path: &Path) -> Result<(), Refusal> {
    attempt("remove", path, || fs::remove_dir(path))
}

/// Moves a directory to a place where nothing stands.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), Refusal> {
    attempt("put the directory in place at", to, || fs::rename(from, to))
}

/// Lets two directories change places in one step; `false` where the system cannot.
pub(super) fn exchange(new: &Path, place: &Path) -> Result<bool, Refusal> {
    attempt("swap in the new build at", place, || swap(new, place))
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn swap(new: &Path, place: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::{Errno, retry_on_intr};
    match retry_on_intr(|| renameat_with(CWD, new, CWD, place, RenameFlags::EXCHANGE)) {
        Ok(()) => Ok(true),
        Err(errno) if [Errno::INVAL, Errno::NOSYS, Errno::NOTSUP, Errno::OPNOTSUPP].contains(&errno) => Ok(false),
        Err(errno) => Err(errno.into()),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn swap(_new: &Path, _place: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Makes all in `path` durable, its whole file system at once where the system can.
pub(super) fn sync_tree(path: &Path) -> Result<(), Refusal> {
    attempt("sync", path, || match sync_file_system(path)? {
        true => Ok(()),
        false => sync_each(path),
    })
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn sync_file_system(path: &Path) -> io::Result<bool> {
    let directory = File::open(path)?;
    match rustix::io::retry_on_intr(|| rustix::fs::syncfs(&directory)) {
        Ok(()) => Ok(true),
        Err(rustix::io::Errno::NOSYS) => Ok(false),
        Err(errno) => Err(errno.into()),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn sync_file_system(_path: &Path) -> io::Result<bool> {
    Ok(false)
}

fn sync_each(path: &Path) -> io::Result<()> {
    for entry in walkdir::WalkDir::new(path).contents_first(true) {
        let entry = entry?;
        if entry.file_type().is_file() {
            OpenOptions::new().write(true).open(entry.path())?.sync_all()?;
        } else if entry.file_type().is_dir() {
            sync_names(entry.path())?;
        }
    }
    Ok(())
}

/// Makes the names in a directory durable, so that a rename in it survives a loss of power.
pub(super) fn sync_dir(path: &Path) -> Result<(), Refusal> {
    attempt("sync", path, || sync_names(path))
}

#[cfg(unix)]
fn sync_names(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Other systems cannot open a directory; they keep names durable by themselves.
#[cfg(not(unix))]
fn sync_names(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Takes the lock on a file, which lasts as long as the handle; `None` where another has it.
/// The file then holds this process's number, for the message another build will show.
pub(super) fn lock(path: &Path) -> Result<Option<File>, Refusal> {
    attempt("lock", path, || {
        let mut options = OpenOptions::new();
        guard(&mut options, 0o600);
        let mut file = options.read(true).write(true).create(true).truncate(false).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        file.set_len(0)?;
        write!(file, "{}", std::process::id())?;
        Ok(Some(file))
    })
}

/// New files get `mode` at once, no link is followed, and a pipe cannot make us wait.
#[cfg(unix)]
fn guard(options: &mut OpenOptions, mode: u32) {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt as _;
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    options.mode(mode).custom_flags(flags.bits().cast_signed());
}

#[cfg(not(unix))]
fn guard(_options: &mut OpenOptions, _mode: u32) {}

#[cfg(unix)]
fn permissions(mode: u32) -> Option<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt as _;
    Some(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn permissions(_mode: u32) -> Option<fs::Permissions> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portable_sync_reaches_every_file() {
        let dir = tempfile::tempdir().expect("a directory");
        make_dir(&dir.path().join("a"), 0o755).expect("made");
        write_new(&dir.path().join("a/b"), b"x", 0o644).expect("written");
        sync_each(dir.path()).expect("synced");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_removed_and_what_it_leads_to_stays() {
        let dir = tempfile::tempdir().expect("a directory");
        let (kept, link) = (dir.path().join("kept"), dir.path().join("link"));
        make_dir(&kept, 0o755).expect("made");
        write_new(&kept.join("file"), b"x", 0o644).expect("written");
        std::os::unix::fs::symlink(&kept, &link).expect("linked");
        remove(&link).expect("removed");
        assert!(kind(&link).expect("seen").is_none());
        assert!(kept.join("file").is_file());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_neither_read_nor_written_through() {
        let dir = tempfile::tempdir().expect("a directory");
        let (file, link) = (dir.path().join("file"), dir.path().join("link"));
        write_new(&file, b"x", 0o644).expect("written");
        std::os::unix::fs::symlink(&file, &link).expect("linked");
        assert!(read(&link).is_err() && lock(&link).is_err());
        assert!(write_new(&link, b"y", 0o644).is_err());
        assert_eq!(read(&file).expect("read"), b"x");
    }
}
