//! The output directory: who may use it, and what a killed build left in it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::occupant::Occupant;
use super::staging::Staging;
use super::{MANIFEST, disk, path};
use crate::diagnostics::{Code, Diagnostic};

/// Where builds are made ready: inside the output directory, so that a rename never crosses
/// file systems, and for the owner's eyes only.
const WORKSHOP: &str = ".threatpress";
/// Begins the name of a build that is being written, or of the last one after an exchange.
const NEW: &str = "new-";
/// Begins the name of the last build while a swap in two steps is under way.
const OLD: &str = "old-";

/// The output directory of a site, locked by this process for as long as the value lives.
#[derive(Debug)]
pub struct Output {
    pub(super) dir: PathBuf,
    pub(super) workshop: PathBuf,
    stagings: AtomicU64,
    _lock: File,
}

impl Output {
    /// Opens the output directory `dir`, creating it where it is missing; takes its lock,
    /// removes what killed builds left behind and finishes or undoes a swap that was cut off.
    ///
    /// # Errors
    /// `ForeignOutput` when `dir` is no place for builds: a symbolic link no build went through
    /// before, a file, the root, the home directory or a site. `OutputLocked` when another
    /// build is at work. `Disk` when the disk refuses.
    pub fn open(dir: &Path) -> Result<Self, Diagnostic> {
        // A slash at the end would have the system follow a link there.
        let dir: PathBuf = dir.components().collect();
        settle(&dir)?;
        let workshop = dir.join(WORKSHOP);
        disk::ensure_dir(&workshop, 0o700)?;
        if !is_dir(&workshop)? {
            return Err(foreign(&workshop, "not a directory"));
        }
        disk::set_mode(&workshop, 0o700)?;
        let lock = workshop.join("lock");
        let Some(lock) = disk::lock(&lock)? else {
            return Err(locked(&lock));
        };
        let output = Self { dir, workshop, stagings: AtomicU64::new(0), _lock: lock };
        output.hide_from_git()?;
        output.sweep()?;
        Ok(output)
    }

    /// A fresh directory for a build of `role`. Any number may be open at once.
    ///
    /// # Errors
    /// `ForeignOutput` when the role's place holds what Threatpress did not make,
    /// `InvalidPath` when `role` cannot name a directory, `Disk` when the disk refuses.
    pub fn stage(&self, role: &str) -> Result<Staging<'_>, Diagnostic> {
        path::check_part(role).map_err(|why| {
            Diagnostic::error(Code::InvalidPath, format!("`{role}` cannot be a role's directory: {why}"))
                .hint("give the role another name in threatpress.yaml")
        })?;
        self.occupant(role)?;
        let count = self.stagings.fetch_add(1, Ordering::Relaxed);
        Staging::create(self, role, self.workshop.join(format!("{NEW}{role}-{count}")))
    }

    /// What stands at the role's place, where it may be replaced.
    pub(super) fn occupant(&self, role: &str) -> Result<Occupant, Diagnostic> {
        let place = self.place(role);
        match Occupant::of(&place)? {
            Occupant::Stranger(what) => Err(foreign(&place, what)),
            occupant => Ok(occupant),
        }
    }

    pub(super) fn place(&self, role: &str) -> PathBuf {
        self.dir.join(role)
    }

    /// Where the last build waits during a swap in two steps; its name tells [`Self::recover`]
    /// where it belongs.
    pub(super) fn waiting_room(&self, role: &str) -> PathBuf {
        self.workshop.join(format!("{OLD}{role}"))
    }

    fn hide_from_git(&self) -> Result<(), Diagnostic> {
        let ignore = self.workshop.join(".gitignore");
        if disk::kind(&ignore)?.is_none() {
            disk::write_new(&ignore, b"*\n", 0o644)?;
        }
        Ok(())
    }

    fn sweep(&self) -> Result<(), Diagnostic> {
        for name in disk::names(&self.workshop)? {
            let Some(name) = name.to_str() else { continue };
            let path = self.workshop.join(name);
            if name.starts_with(NEW) {
                disk::remove(&path)?;
            } else if let Some(role) = name.strip_prefix(OLD) {
                self.recover(&path, role)?;
            }
        }
        Ok(())
    }

    /// Puts the last build back where a swap in two steps was cut off between them.
    fn recover(&self, old: &Path, role: &str) -> Result<(), Diagnostic> {
        if path::check_part(role).is_err() || Occupant::of(old)? != Occupant::Build {
            return Ok(disk::remove(old)?);
        }
        let place = self.place(role);
        match Occupant::of(&place)? {
            Occupant::Nobody => Ok(disk::rename(old, &place)?),
            Occupant::Empty => {
                disk::remove_empty(&place)?;
                Ok(disk::rename(old, &place)?)
            }
            Occupant::Build => retire(old),
            // `stage` will refuse; the build waits until the stranger has gone.
            Occupant::Stranger(_) => Ok(()),
        }
    }
}

/// Removes a build, its mark first: what still carries the mark is whole.
pub(super) fn retire(build: &Path) -> Result<(), Diagnostic> {
    if is_dir(build)? {
        disk::remove(&build.join(MANIFEST))?;
    }
    Ok(disk::remove(build)?)
}

/// Sees to it that `dir` exists and is a place for builds.
fn settle(dir: &Path) -> Result<(), Diagnostic> {
    match disk::kind(dir)? {
        None => {
            disk::make_parents(dir)?;
            disk::ensure_dir(dir, 0o755)?;
        }
        Some(kind) if kind.is_symlink() => {
            if !is_dir(&dir.join(WORKSHOP))? {
                return Err(foreign(dir, "a symbolic link, and no build has gone there before"));
            }
        }
        Some(kind) if !kind.is_dir() => return Err(foreign(dir, "not a directory")),
        Some(_) => {}
    }
    let real = disk::real(dir)?;
    if real.parent().is_none() {
        return Err(foreign(dir, "the root of the file system"));
    }
    if std::env::home_dir().is_some_and(|home| disk::real(&home).is_ok_and(|home| home == real)) {
        return Err(foreign(dir, "a home directory"));
    }
    if disk::kind(&real.join("threatpress.yaml"))?.is_some() {
        return Err(foreign(dir, "a site itself: it has a threatpress.yaml"));
    }
    Ok(())
}

fn is_dir(path: &Path) -> Result<bool, Diagnostic> {
    Ok(disk::kind(path)?.is_some_and(|kind| kind.is_dir()))
}

fn foreign(path: &Path, what: &str) -> Diagnostic {
    Diagnostic::error(Code::ForeignOutput, format!("a build cannot go here: this is {what}"))
        .in_file(path.display().to_string())
        .hint("nothing was touched; move it away yourself, or name another output directory with --out")
}

fn locked(lock: &Path) -> Diagnostic {
    let holder = disk::read(lock).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let holder = holder.and_then(|text| text.trim().parse::<u32>().ok());
    let who = holder.map_or_else(|| "another process".to_owned(), |number| format!("process {number}"));
    Diagnostic::error(Code::OutputLocked, format!("another build is at work on this output: {who}"))
        .in_file(lock.display().to_string())
        .hint("wait until it has ended, or name another output directory with --out")
}
