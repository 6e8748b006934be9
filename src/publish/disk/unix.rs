//! The system's calls relative to an open directory. None follows a link in the name it is given.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::ffi::OsStringExt as _;
use std::path::Path;

use rustix::fs::{self, AtFlags, FileType, Mode, OFlags, Stat};

use super::{Kind, Mark};

/// An open directory.
pub(super) type Handle = OwnedFd;

const DIRECTORY: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
/// A pipe that somebody left in the place of a file cannot make us wait.
const PLAIN: OFlags = OFlags::NOFOLLOW.union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);

/// Opens the directory at a path as a person names it: links on the way are theirs.
pub(super) fn open(path: &Path) -> io::Result<Handle> {
    Ok(fs::open(path, DIRECTORY, Mode::empty())?)
}

/// Opens a directory below `dir`, step by step, so that no part of `path` may be a link.
pub(super) fn descend(dir: &Handle, path: &Path) -> io::Result<Handle> {
    let mut handle = dir.try_clone()?;
    for part in path {
        handle = fs::openat(&handle, part, DIRECTORY | OFlags::NOFOLLOW, Mode::empty())?;
    }
    Ok(handle)
}

pub(super) fn make_dir(dir: &Handle, name: &str, mode: u16) -> io::Result<()> {
    Ok(fs::mkdirat(dir, name, Mode::from_raw_mode(mode.into()))?)
}

pub(super) fn set_mode(dir: &Handle, mode: u16) -> io::Result<()> {
    Ok(fs::fchmod(dir, Mode::from_raw_mode(mode.into()))?)
}

/// A new file with exactly this mode, whatever the umask.
pub(super) fn create(dir: &Handle, name: &str, mode: u16) -> io::Result<File> {
    let mode = Mode::from_raw_mode(mode.into());
    let file = fs::openat(dir, name, OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | PLAIN, mode)?;
    fs::fchmod(&file, mode)?;
    Ok(file.into())
}

/// A file for its owner alone, which need not be there yet, to read and to write.
pub(super) fn open_private(dir: &Handle, name: &str) -> io::Result<File> {
    let mode = Mode::RUSR | Mode::WUSR;
    let file = fs::openat(dir, name, OFlags::RDWR | OFlags::CREATE | PLAIN, mode)?;
    fs::fchmod(&file, mode)?;
    Ok(file.into())
}

pub(super) fn open_file(dir: &Handle, name: &Path) -> io::Result<File> {
    Ok(fs::openat(dir, name, OFlags::RDONLY | PLAIN, Mode::empty())?.into())
}

pub(super) fn kind(dir: &Handle, name: &str) -> io::Result<Kind> {
    let stat = fs::statat(dir, name, AtFlags::SYMLINK_NOFOLLOW)?;
    Ok(FileType::from_raw_mode(stat.st_mode).into())
}

pub(super) fn mark(dir: &Handle, name: &Path) -> io::Result<Mark> {
    let stat = fs::statat(dir, name, AtFlags::SYMLINK_NOFOLLOW)?;
    Ok(Mark {
        mode: u64::from(stat.st_mode),
        owner: [stat.st_uid, stat.st_gid].map(u64::from),
        size: stat.st_size.cast_unsigned(),
        place: [stat.st_dev, stat.st_ino],
        modified: [stat.st_mtime, stat.st_mtime_nsec as _].map(i64::cast_unsigned),
        changed: [stat.st_ctime, stat.st_ctime_nsec as _].map(i64::cast_unsigned),
    })
}

/// What stands in a directory, in no order.
pub(super) fn entries(dir: &Handle) -> io::Result<Vec<(OsString, Kind)>> {
    let mut entries = Vec::new();
    for entry in fs::Dir::read_from(dir)? {
        let entry = entry?;
        let name = OsString::from_vec(entry.file_name().to_bytes().to_vec());
        if name == "." || name == ".." {
            continue;
        }
        let kind = match entry.file_type() {
            // Some file systems do not say it here.
            FileType::Unknown => FileType::from_raw_mode(fs::statat(dir, &name, AtFlags::SYMLINK_NOFOLLOW)?.st_mode),
            kind => kind,
        };
        entries.push((name, kind.into()));
    }
    Ok(entries)
}

pub(super) fn remove_file(dir: &Handle, name: &Path) -> io::Result<()> {
    Ok(fs::unlinkat(dir, name, AtFlags::empty())?)
}

pub(super) fn remove_dir(dir: &Handle, name: &Path) -> io::Result<()> {
    Ok(fs::unlinkat(dir, name, AtFlags::REMOVEDIR)?)
}

/// A further name for a file; not for what a link leads to.
pub(super) fn link(dir: &Handle, name: &str, to: &Handle, new: &str) -> io::Result<()> {
    Ok(fs::linkat(dir, name, to, new, AtFlags::empty())?)
}

pub(super) fn rename(dir: &Handle, name: &str, to: &Handle, new: &str) -> io::Result<()> {
    Ok(fs::renameat(dir, name, to, new)?)
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
pub(super) fn exchange(dir: &Handle, name: &str, other: &Handle, place: &str) -> io::Result<()> {
    Ok(fs::renameat_with(dir, name, other, place, fs::RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
pub(super) fn exchange(_: &Handle, _: &str, _: &Handle, _: &str) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Whether the name `name` in `dir` is this very directory.
pub(super) fn is_at(handle: &Handle, dir: &Handle, name: &str) -> io::Result<bool> {
    Ok(same(&fs::fstat(handle)?, &fs::statat(dir, name, AtFlags::SYMLINK_NOFOLLOW)?))
}

/// Whether `path` leads to this very directory.
pub(super) fn is_at_path(handle: &Handle, path: &Path) -> io::Result<bool> {
    Ok(same(&fs::fstat(handle)?, &fs::stat(path)?))
}

fn same(one: &Stat, other: &Stat) -> bool {
    (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)
}

/// Whether this user may write into the directory at `path`; asked, not tried.
pub(super) fn is_writable(path: &Path) -> io::Result<()> {
    Ok(fs::access(path, fs::Access::WRITE_OK | fs::Access::EXEC_OK)?)
}

pub(super) fn sync_file(dir: &Handle, name: &str) -> io::Result<()> {
    open_file(dir, Path::new(name))?.sync_all()
}

/// Makes the names in a directory durable.
pub(super) fn sync(dir: &Handle) -> io::Result<()> {
    Ok(fs::fsync(dir)?)
}

/// Makes the whole file system durable that `dir` is on; an error of the kind `Unsupported` where
/// the system cannot.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn sync_file_system(dir: &Handle) -> io::Result<()> {
    Ok(fs::syncfs(dir.as_fd())?)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn sync_file_system(_dir: &Handle) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

impl From<FileType> for Kind {
    fn from(kind: FileType) -> Self {
        match kind {
            FileType::Directory => Self::Directory,
            FileType::RegularFile => Self::File,
            FileType::Symlink => Self::Link,
            _ => Self::Other,
        }
    }
}
