//! The same calls for systems that know no open directories: by path, with what `std` offers.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::{Kind, Mark};

/// A directory is its path here.
pub(super) type Handle = PathBuf;

pub(super) fn open(path: &Path) -> io::Result<Handle> {
    match fs::metadata(path)?.is_dir() {
        true => Ok(path.to_path_buf()),
        false => Err(io::ErrorKind::NotADirectory.into()),
    }
}

pub(super) fn descend(dir: &Handle, path: &Path) -> io::Result<Handle> {
    let mut handle = dir.clone();
    for part in path {
        handle.push(part);
        if Kind::from(fs::symlink_metadata(&handle)?.file_type()) != Kind::Directory {
            return Err(io::ErrorKind::NotADirectory.into());
        }
    }
    Ok(handle)
}

pub(super) fn make_dir(dir: &Handle, name: &str, _mode: u16) -> io::Result<()> {
    fs::create_dir(dir.join(name))
}

/// Such systems have no modes.
pub(super) fn set_mode(_dir: &Handle, _mode: u16) -> io::Result<()> {
    Ok(())
}

pub(super) fn create(dir: &Handle, name: &str, _mode: u16) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(dir.join(name))
}

pub(super) fn open_private(dir: &Handle, name: &str) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(dir.join(name))
}

pub(super) fn open_file(dir: &Handle, name: &Path) -> io::Result<File> {
    let path = dir.join(name);
    match Kind::from(fs::symlink_metadata(&path)?.file_type()) {
        Kind::File => File::open(path),
        _ => Err(io::ErrorKind::InvalidInput.into()),
    }
}

pub(super) fn kind(dir: &Handle, name: &str) -> io::Result<Kind> {
    Ok(fs::symlink_metadata(dir.join(name))?.file_type().into())
}

/// A file may be given back the time it had here, and nobody would know.
pub(super) fn mark(_dir: &Handle, _name: &Path) -> io::Result<Mark> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(super) fn entries(dir: &Handle) -> io::Result<Vec<(OsString, Kind)>> {
    fs::read_dir(dir)?.map(|entry| entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?.into())))).collect()
}

pub(super) fn remove_file(dir: &Handle, name: &Path) -> io::Result<()> {
    let path = dir.join(name);
    // A link to a directory is one itself on some systems.
    fs::remove_file(&path).or_else(|error| fs::remove_dir(&path).map_err(|_| error))
}

pub(super) fn remove_dir(dir: &Handle, name: &Path) -> io::Result<()> {
    fs::remove_dir(dir.join(name))
}

pub(super) fn link(dir: &Handle, name: &str, to: &Handle, new: &str) -> io::Result<()> {
    fs::hard_link(dir.join(name), to.join(new))
}

pub(super) fn rename(dir: &Handle, name: &str, to: &Handle, new: &str) -> io::Result<()> {
    fs::rename(dir.join(name), to.join(new))
}

pub(super) fn exchange(_: &Handle, _: &str, _: &Handle, _: &str) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(super) fn is_at(_handle: &Handle, dir: &Handle, name: &str) -> io::Result<bool> {
    Ok(kind(dir, name)? == Kind::Directory)
}

pub(super) fn is_at_path(handle: &Handle, path: &Path) -> io::Result<bool> {
    Ok(fs::canonicalize(handle)? == fs::canonicalize(path)?)
}

/// Only trying tells it here.
pub(super) fn is_writable(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Some systems sync only what may be written.
pub(super) fn sync_file(dir: &Handle, name: &str) -> io::Result<()> {
    OpenOptions::new().write(true).open(dir.join(name))?.sync_all()
}

/// Such systems cannot open a directory; they keep names durable by themselves.
pub(super) fn sync(_dir: &Handle) -> io::Result<()> {
    Ok(())
}

pub(super) fn sync_file_system(_dir: &Handle) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn the_calls_do_what_their_names_say() {
        let home = tempfile::tempdir().expect("a directory");
        let dir = open(home.path()).expect("opened");
        make_dir(&dir, "a", 0o755).expect("made");
        let a = descend(&dir, Path::new("a")).expect("opened");
        set_mode(&a, 0o755).expect("set");
        create(&a, "file", 0o644).expect("created").write_all(b"x").expect("written");
        assert!(create(&a, "file", 0o644).is_err() && descend(&a, Path::new("file")).is_err());
        open_file(&a, Path::new("file")).and_then(|_| sync_file(&a, "file")).expect("read");
        open_private(&a, "lock").expect("opened");
        link(&a, "file", &a, "other").and_then(|()| remove_file(&a, Path::new("other"))).expect("linked");
        assert_eq!(kind(&a, "file").expect("there"), Kind::File);
        assert_eq!(entries(&dir).expect("read"), [(OsString::from("a"), Kind::Directory)]);
        assert!(is_at(&a, &dir, "a").expect("there") && is_at_path(&a, &home.path().join("a")).expect("there"));
        assert!(mark(&a, Path::new("file")).is_err());
        assert!(exchange(&dir, "a", &dir, "b").is_err() && sync_file_system(&dir).is_err());
        is_writable(home.path()).and_then(|()| sync(&dir)).expect("nothing to do");
        rename(&dir, "a", &dir, "b").expect("renamed");
        let b = descend(&dir, Path::new("b")).expect("opened");
        for name in ["file", "lock"] {
            remove_file(&b, Path::new(name)).expect("removed");
        }
        remove_dir(&dir, Path::new("b")).expect("removed");
        assert_eq!(entries(&dir).expect("read"), []);
    }
}
