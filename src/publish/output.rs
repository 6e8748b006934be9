//! The output directory: who may use it, and what a killed build left in it.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::disk::{self, Dir, Kind, Lock};
use super::kept::{Kept, Last};
use super::occupant::Occupant;
use super::refusal::Refusal;
use super::retired::{self, Retired};
use super::staging::{Scaffold, Staging};
use super::standing::Standing;
use super::{MANIFEST, path};
use crate::diagnostics::{Code, Diagnostic, Diagnostics};

/// Where builds are made ready: inside the output directory, so that a rename never crosses
/// file systems, and for the owner's eyes only.
const WORKSHOP: &str = ".threatpress";
const LOCK: &str = "lock";
const IGNORE: &str = ".gitignore";
/// Begins the name of a build that is being written, or of the last one after an exchange.
const NEW: &str = "new-";
/// Begins the name of the last build while a swap in two steps is under way.
const OLD: &str = "old-";

/// The output directory of a site, locked by this process for as long as the value lives.
#[derive(Debug)]
pub struct Output {
    pub(super) dir: Dir,
    pub(super) workshop: Dir,
    stagings: AtomicU64,
    /// The names in the workshop that cannot be removed, and why.
    left: Vec<(String, Refusal)>,
    _lock: Lock,
}

/// A directory that goes when the value goes.
#[derive(Debug)]
pub struct Scratch<'output>(Scaffold<'output>);

impl Scratch<'_> {
    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.dir.path()
    }
}

impl Output {
    /// Looks whether builds may go to `dir`, which need not exist yet, and touches nothing: for a
    /// refusal before the work. `inputs` are directories that are read, and never written to.
    ///
    /// # Errors
    /// As those of [`Output::open`] but for the lock, and `ForeignOutput` when `dir` is in one of
    /// `inputs`.
    pub fn look(dir: &Path, inputs: &[PathBuf]) -> Result<(), Diagnostic> {
        let real = disk::real(dir)?;
        for input in inputs {
            if real.starts_with(disk::real(input)?) {
                return Err(foreign(dir, "where the site's own input lies"));
            }
        }
        survey(&plain(dir))?;
        Ok(disk::expect_writable(dir)?)
    }

    /// Opens the output directory `dir`, creating it where it is missing; takes its lock,
    /// removes what killed builds left behind and finishes or undoes a swap that was cut off. What
    /// cannot be removed is no reason to refuse: see [`Output::leftovers`].
    ///
    /// # Errors
    /// `ForeignOutput` when `dir` is no place for builds: a file, the root, the home directory, a
    /// site, or, where no build went before, a symbolic link or a directory with anything in it
    /// but builds. `OutputLocked` when another build is at work. `Disk` when the disk refuses.
    pub fn open(dir: &Path) -> Result<Self, Diagnostic> {
        let path = plain(dir);
        let dir = match survey(&path)? {
            Some(dir) => dir,
            None => create(&path)?,
        };
        let workshop = workshop(&dir)?;
        let Some(mut lock) = workshop.lock(LOCK)? else {
            return Err(locked(&workshop));
        };
        let left = sweep(&dir, &workshop)?;
        // Only now, since what was swept may have filled the disk.
        lock.sign()?;
        hide(&workshop)?;
        Ok(Self { dir, workshop, stagings: AtomicU64::new(0), left, _lock: lock })
    }

    /// Warnings of what earlier builds left here that cannot be removed.
    #[must_use]
    pub fn leftovers(&self) -> Diagnostics {
        let warning = |(name, refusal): &(String, Refusal)| {
            let message = format!("`{name}`, which an earlier build left here, cannot be removed: {}", refusal.error);
            Diagnostic::warning(Code::Unfinished, message)
                .in_file(refusal.path.display().to_string())
                .hint("no reader sees it, and builds go on beside it; remove it as somebody who may")
        };
        let mut told = Diagnostics::new();
        self.left.iter().for_each(|left| told.push(warning(left)));
        told
    }

    /// Opens a place in the site in `root` for builds that no reader ever sees: for the owner's
    /// eyes only, and hidden from git.
    ///
    /// # Errors
    /// As those of [`Output::open`].
    pub fn open_private(root: &Path, name: &str) -> Result<Self, Diagnostic> {
        let private = workshop(&Dir::open(root)?)?;
        hide(&private)?;
        Self::open(&private.path().join(name))
    }

    /// A fresh directory for a build of `role`. Any number may be open at once.
    ///
    /// # Errors
    /// As those of [`Output::admit`], and `Disk` when the disk refuses.
    pub fn stage(&self, role: &str) -> Result<Staging<'_, 'static>, Diagnostic> {
        self.stage_after(role, None)
    }

    /// The same, for a build that may have files of the last one again, where they stand as `kept` says.
    ///
    /// # Errors
    /// As those of [`Output::stage`].
    pub fn stage_after<'k>(&self, role: &str, kept: Option<&'k Kept>) -> Result<Staging<'_, 'k>, Diagnostic> {
        self.admit(role)?;
        let last = kept.and_then(|kept| Some(Last { dir: self.dir.descend(role).ok()?, kept }));
        Staging::create(self, role, self.fresh(role), last)
    }

    /// Looks whether a build of `role` may go to its place.
    ///
    /// # Errors
    /// `ForeignOutput` when the role's place holds what Threatpress did not make,
    /// `InvalidPath` when `role` cannot name a directory, `Disk` when the disk refuses.
    pub fn admit(&self, role: &str) -> Result<(), Diagnostic> {
        path::check_part(role).map_err(|why| {
            Diagnostic::error(Code::InvalidPath, format!("`{role}` cannot be a role's directory: {why}"))
                .hint("give the role another name in threatpress.yaml")
        })?;
        self.occupant(role).map(drop)
    }

    /// The builds that stand here of roles that are none of `roles`, in the order of their names.
    ///
    /// # Errors
    /// `Disk` when the disk refuses.
    pub fn retired(&self, roles: &[&str]) -> Result<Vec<Retired<'_>>, Diagnostic> {
        Ok(retired::find(self, roles)?)
    }

    /// A fresh, empty directory for whatever a build is made from.
    ///
    /// # Errors
    /// `Disk` when the disk refuses.
    pub fn scratch(&self) -> Result<Scratch<'_>, Diagnostic> {
        let name = self.fresh("slice");
        let dir = self.workshop.make_dir(&name, 0o700)?;
        Ok(Scratch(Scaffold { output: self, name, dir }))
    }

    /// What stands at the role's place, where it may be replaced.
    pub(super) fn occupant(&self, role: &str) -> Result<Occupant, Diagnostic> {
        match Occupant::of(&self.dir, role)? {
            Occupant::Stranger(what) => Err(foreign(&self.place(role), what)),
            occupant => Ok(occupant),
        }
    }

    /// How everything stands here, whosever it is.
    ///
    /// # Errors
    /// `Disk` when the disk refuses, or where the system does not tell every change of a file.
    pub fn standing(&self) -> Result<Standing, Diagnostic> {
        Ok(Standing::of(&self.dir)?)
    }

    /// The path of a role's build.
    #[must_use]
    pub fn place(&self, role: &str) -> PathBuf {
        self.dir.path().join(role)
    }

    /// A free name in the workshop, which the next build sweeps where this one cannot.
    pub(super) fn fresh(&self, role: &str) -> String {
        loop {
            let name = format!("{NEW}{role}-{}", self.stagings.fetch_add(1, Ordering::Relaxed));
            if !self.left.iter().any(|(left, _)| *left == name) {
                return name;
            }
        }
    }

    /// Nothing is published where the path that was named leads to another directory by now.
    pub(super) fn expect_where_it_was(&self) -> Result<(), Diagnostic> {
        match self.dir.is_where_it_was()? && self.workshop.is_at(&self.dir, WORKSHOP)? {
            true => Ok(()),
            false => Err(disturbed(self.dir.path(), "another directory has been put in its place")),
        }
    }
}

/// Where the last build waits during a swap in two steps; its name tells [`is_spent`] where it
/// belongs.
pub(super) fn waiting_room(role: &str) -> String {
    format!("{OLD}{role}")
}

/// Without the slash at the end, which would have the system follow a link there.
fn plain(dir: &Path) -> PathBuf {
    dir.components().collect()
}

/// The directory at `path`, where there is one and it is a place for builds.
fn survey(path: &Path) -> Result<Option<Dir>, Diagnostic> {
    let kind = disk::kind(path)?;
    let real = disk::real(path)?;
    if real.parent().is_none() {
        return Err(foreign(path, "the root of the file system"));
    }
    if std::env::home_dir().is_some_and(|home| disk::real(&home).is_ok_and(|home| home == real)) {
        return Err(foreign(path, "a home directory"));
    }
    match kind {
        None => return Ok(None),
        Some(Kind::Directory) => {}
        Some(Kind::Link) => {
            if disk::kind(&path.join(WORKSHOP))? != Some(Kind::Directory) {
                return Err(foreign(path, "a symbolic link, and no build has gone there before"));
            }
        }
        Some(_) => return Err(foreign(path, "not a directory")),
    }
    let dir = Dir::open(path)?;
    if dir.kind("threatpress.yaml")?.is_some() {
        return Err(foreign(path, "a site itself: it has a threatpress.yaml"));
    }
    if dir.kind(WORKSHOP)?.is_none() {
        expect_unused(&dir)?;
    }
    Ok(Some(dir))
}

/// A directory where no build has gone before may hold builds that were copied there, and nothing
/// else: who keeps something in it may not expect us. Hidden files are no reason, since `git` and
/// file managers leave them everywhere.
fn expect_unused(dir: &Dir) -> Result<(), Diagnostic> {
    for (name, _) in dir.entries()? {
        let stranger = match name.to_str() {
            Some(name) if is_aside(name) => false,
            Some(name) => matches!(Occupant::of(dir, name)?, Occupant::Stranger(_)),
            None => true,
        };
        if stranger {
            let what = format!("a directory where no build has gone before, and it holds `{}`", name.display());
            return Err(foreign(dir.path(), &what));
        }
    }
    Ok(())
}

/// Names that nobody gives to a build: hidden ones, and what `mkfs` makes, readable by root alone.
pub(super) fn is_aside(name: &str) -> bool {
    name.starts_with('.') || name == "lost+found"
}

fn create(path: &Path) -> Result<Dir, Diagnostic> {
    disk::make_all(path)?;
    let dir = Dir::open(path)?;
    dir.set_mode(0o755)?;
    Ok(dir)
}

fn workshop(dir: &Dir) -> Result<Dir, Diagnostic> {
    match dir.kind(WORKSHOP)? {
        None | Some(Kind::Directory) => Ok(dir.ensure_dir(WORKSHOP, 0o700)?),
        Some(_) => Err(foreign(&dir.path().join(WORKSHOP), "not a directory")),
    }
}

/// Keeps git from taking up what is in the workshop.
fn hide(workshop: &Dir) -> Result<(), Refusal> {
    match workshop.write_new(IGNORE, b"*\n", 0o600) {
        // It is there, or another build that is starting was faster.
        Err(refusal) if refusal.error.kind() == ErrorKind::AlreadyExists => Ok(()),
        outcome => outcome,
    }
}

/// Removes what earlier builds left, and answers what of it has to stay.
fn sweep(dir: &Dir, workshop: &Dir) -> Result<Vec<(String, Refusal)>, Refusal> {
    // What readers miss comes first, then what is only in the way.
    let entries = workshop.entries()?;
    let names = || entries.iter().filter_map(|(name, _)| name.to_str());
    let mut left = Vec::new();
    for (old, role) in names().filter_map(|name| Some((name, name.strip_prefix(OLD)?))) {
        if is_spent(dir, workshop, old, role)? {
            left.extend(retire(workshop, old).err().map(|refusal| (old.to_owned(), refusal)));
        }
    }
    for new in names().filter(|name| name.starts_with(NEW)) {
        left.extend(workshop.remove(new).err().map(|refusal| (new.to_owned(), refusal)));
    }
    Ok(left)
}

/// Whether the last build may go after a swap in two steps. Where that was cut off between them, the build is put back.
fn is_spent(dir: &Dir, workshop: &Dir, old: &str, role: &str) -> Result<bool, Refusal> {
    if path::check_part(role).is_err() || Occupant::of(workshop, old)? != Occupant::Build {
        return Ok(true);
    }
    match Occupant::of(dir, role)? {
        Occupant::Nobody => workshop.rename(old, dir, role)?,
        Occupant::Empty => {
            dir.remove_empty(role)?;
            workshop.rename(old, dir, role)?;
        }
        Occupant::Build => return Ok(true),
        // `stage` will refuse; the build waits until the stranger has gone.
        Occupant::Stranger(_) => {}
    }
    Ok(false)
}

/// Removes a build, its mark first: what still carries the mark is whole.
pub(super) fn retire(dir: &Dir, build: &str) -> Result<(), Refusal> {
    if dir.kind(build)? == Some(Kind::Directory) {
        dir.descend(OsStr::new(build))?.remove(MANIFEST)?;
    }
    dir.remove(build)
}

pub(super) fn foreign(path: &Path, what: &str) -> Diagnostic {
    Diagnostic::error(Code::ForeignOutput, format!("a build cannot go here: this is {what}"))
        .in_file(path.display().to_string())
        .hint("nothing was touched; move it away yourself, or name another output directory with --out")
}

pub(super) fn disturbed(path: &Path, what: &str) -> Diagnostic {
    Diagnostic::error(Code::Disturbed, format!("somebody changed the output while the build ran: {what}"))
        .in_file(path.display().to_string())
        .hint("nothing was published; find out who else writes there, and build again")
}

fn locked(workshop: &Dir) -> Diagnostic {
    let holder = workshop.read(LOCK).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let holder = holder.and_then(|text| text.trim().parse::<u32>().ok());
    let who = holder.map_or_else(|| "another process".to_owned(), |number| format!("process {number}"));
    Diagnostic::error(Code::OutputLocked, format!("another build is at work on this output: {who}"))
        .in_file(workshop.path().join(LOCK).display().to_string())
        .hint("wait until it has ended, or name another output directory with --out")
}
