//! A build while it is written, in a directory that no reader sees.

use std::io::{self, ErrorKind, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;

use super::digest::Digest;
use super::disk::{Dir, Kind};
use super::kept::{Last, Shelf};
use super::output::disturbed;
use super::paths::{Paths, allow, clash, directories};
use super::refusal::Refusal;
use super::sealed::Sealed;
use super::{MANIFEST, Manifest, ManifestFile, Output, path};
use crate::diagnostics::{Code, Diagnostic};

/// A build of one role that is being written. Dropped before it is swapped in, it leaves
/// nothing behind.
#[derive(Debug)]
pub struct Staging<'output, 'last> {
    role: String,
    scaffold: Scaffold<'output>,
    time: SystemTime,
    /// Files of the last build that this one may have again.
    last: Option<Last<'last>>,
    claims: Mutex<Claims>,
}

/// A directory in the workshop that goes when the value goes.
#[derive(Debug)]
pub(super) struct Scaffold<'output> {
    pub(super) output: &'output Output,
    /// Its name in the workshop.
    pub(super) name: String,
    pub(super) dir: Dir,
}

impl Drop for Scaffold<'_> {
    fn drop(&mut self) {
        // Where even this fails, the next build that opens the output removes it.
        let _ = self.output.workshop.remove(&self.name);
    }
}

/// Which paths are taken, and the files that stand.
#[derive(Debug, Default)]
struct Claims {
    paths: Paths,
    failed: usize,
    files: Vec<ManifestFile>,
    /// How many of them are not the last build's.
    fresh: usize,
}

impl<'output, 'last> Staging<'output, 'last> {
    pub(super) fn create(
        output: &'output Output,
        role: &str,
        name: String,
        last: Option<Last<'last>>,
    ) -> Result<Self, Diagnostic> {
        let time = time(output, role)?;
        let dir = output.workshop.make_dir(&name, 0o700)?;
        let scaffold = Scaffold { output, name, dir };
        Ok(Self { role: role.to_owned(), scaffold, time, last, claims: Mutex::default() })
    }

    /// Writes the file at `path`, relative and `/`-separated, creating its directories. May be
    /// called from many threads.
    ///
    /// # Errors
    /// `InvalidPath` when the path may not stand in a build, `RouteClash` when it is taken, by
    /// a file or directory that differs at most in case, `Disk` when the disk refuses. More
    /// files may be written after an error, to find more of them, but the build cannot be
    /// sealed any more.
    pub fn write(&self, path: &str, bytes: &[u8]) -> Result<(), Diagnostic> {
        self.fill(path, |out| out.write_all(bytes))
    }

    /// Takes over the files of the last build at some places of its [`Kept`], all or none; `false` where one of them is
    /// not there any more as it was left. May be called from many threads.
    ///
    /// # Errors
    /// As those of [`Self::write`].
    pub fn take_over(&self, places: &[usize]) -> Result<bool, Diagnostic> {
        let Some(last) = &self.last else { return Ok(false) };
        let Some(shelves) = last.find(places) else { return Ok(false) };
        let taken = shelves.iter().try_for_each(|shelf| self.take(last, shelf));
        taken.inspect_err(|_| self.claims().failed += 1).map(|()| true)
    }

    fn take(&self, last: &Last<'_>, shelf: &Shelf<'_>) -> Result<(), Diagnostic> {
        self.claim(shelf.directory(), shelf.paths())?;
        let [from, place] = [&last.dir, &self.scaffold.dir].map(|dir| dir.descend(shelf.directory()));
        let (from, place) = (from?, place?);
        for file in shelf.files() {
            let name = path::name(&file.path);
            let is_kept = from.link(name, &place, name).is_ok();
            // Where a file system knows no further names, or has no room for one, its bytes will do.
            if !is_kept && self.print(&place, &file.path, &|out| from.copy(name, out))? != file {
                return Err(disturbed(place.path(), "a file of the last build became another one"));
            }
            self.claims().add(file, is_kept);
        }
        Ok(())
    }

    /// Writes the file at `path` with what `fill` writes, piece by piece.
    ///
    /// # Errors
    /// As those of [`Self::write`].
    pub fn fill(&self, path: &str, fill: impl Fn(&mut dyn Write) -> io::Result<()>) -> Result<(), Diagnostic> {
        self.put(path, &fill).inspect_err(|_| self.claims().failed += 1)
    }

    fn put(&self, path: &str, fill: &dyn Fn(&mut dyn Write) -> io::Result<()>) -> Result<(), Diagnostic> {
        allow(path)?;
        let directory = path::directory(path);
        self.claim(directory, [path])?;
        let place = self.scaffold.dir.descend(directory)?;
        let file = self.print(&place, path, fill)?;
        let is_kept = self.keep(&place, &file);
        self.claims().add(file, is_kept);
        Ok(())
    }

    /// Writes a file into its directory.
    fn print(
        &self,
        place: &Dir,
        path: &str,
        fill: &dyn Fn(&mut dyn Write) -> io::Result<()>,
    ) -> Result<ManifestFile, Diagnostic> {
        let mut digest = Digest::default();
        let mut fill = |out: &mut dyn Write| fill(&mut digest.of(out));
        let written = place.write_dated(path::name(path), &mut fill, 0o644, self.time);
        written.map_err(|refusal| refused(path, refusal))?;
        let (sha256, size) = digest.finish();
        Ok(ManifestFile { path: path.to_owned(), sha256, size })
    }

    /// Puts the last build's file in the place of one that was written with the same bytes: when a file changed last,
    /// as web servers tell readers, says that its bytes did, and nothing else of what was read. Where that cannot be
    /// done, the new file stands; answers whether it was.
    fn keep(&self, place: &Dir, file: &ManifestFile) -> bool {
        let Some(from) = self.last.as_ref().and_then(|last| last.home_of(file)) else { return false };
        let name = path::name(&file.path);
        // No file of a build has a name like this.
        let aside = format!(".{name}");
        if from.link(name, place, &aside).is_err() {
            return false;
        }
        let is_kept = place.replace(name, &aside).is_ok();
        if !is_kept {
            let _ = place.remove(&aside);
        }
        is_kept
    }

    /// Takes the paths of files in one directory, and creates what is not there of it.
    fn claim<'p>(&self, directory: &str, paths: impl IntoIterator<Item = &'p str>) -> Result<(), Diagnostic> {
        let mut claims = self.claims();
        if !claims.paths.has(directory) {
            for part in directories(directory) {
                if claims.paths.take(part, false)? {
                    let place = self.scaffold.dir.descend(path::directory(part))?;
                    place.make_dir(path::name(part), 0o755).map_err(|refusal| refused(part, refusal))?;
                }
            }
        }
        paths.into_iter().try_for_each(|path| claims.paths.take(path, true).map(drop))
    }

    /// Ends the build with its manifest. `as_of` is "now" of its figures; `audited` says
    /// whether it is swapped in only after an audit.
    ///
    /// # Errors
    /// `Disk` when the disk refuses, or when one of the files could not be written.
    pub fn seal(self, as_of: Timestamp, audited: bool) -> Result<Sealed<'output>, Diagnostic> {
        let Self { role, scaffold, time, last, claims } = self;
        let claims = claims.into_inner().unwrap_or_else(PoisonError::into_inner);
        if claims.failed > 0 {
            let message = format!("this build lacks {} files that could not be written", claims.failed);
            return Err(Diagnostic::error(Code::Disk, message)
                .in_file(scaffold.output.place(&role).display().to_string())
                .hint("set right what the errors before this one say, and build again"));
        }
        let manifest = Manifest::new(&role, as_of, audited, claims.files);
        let bytes = manifest.bytes();
        // Where every file is the last build's, so is the manifest. Otherwise it has the time of this build, which the
        // next one's has to be later than.
        let last = last.filter(|last| claims.fresh == 0 && last.has_manifest(&bytes));
        if last.is_none_or(|last| last.dir.link(MANIFEST, &scaffold.dir, MANIFEST).is_err()) {
            scaffold.dir.write_dated(MANIFEST, &mut |out| out.write_all(&bytes), 0o644, time)?;
        }
        // Until now only the owner could look into it.
        scaffold.dir.set_mode(0o755)?;
        Ok(Sealed { scaffold, manifest })
    }

    fn claims(&self) -> MutexGuard<'_, Claims> {
        self.claims.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Claims {
    fn add(&mut self, file: ManifestFile, is_kept: bool) {
        self.files.push(file);
        self.fresh += usize::from(!is_kept);
    }
}

/// When every file of a build is said to have been changed: when the build began, and at least a
/// second after the one it replaces.
///
/// Web servers and `rsync` take two files of one size for the same when their times are one, and
/// web servers count whole seconds. A page where a 12 became a 13 would be "not modified" to a
/// reader who has the old one, had both been written within a second, or the clock been set back.
fn time(output: &Output, role: &str) -> Result<SystemTime, Refusal> {
    let last = match output.dir.kind(role)? {
        Some(Kind::Directory) => output.dir.descend(role)?.modified(MANIFEST)?,
        _ => None,
    };
    let began = whole(SystemTime::now());
    Ok(last.map_or(began, |last| began.max(second_after(last))))
}

/// The begin of a time's second; the begin of 1970 for any before it.
fn whole(time: SystemTime) -> SystemTime {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    UNIX_EPOCH + Duration::from_secs(since.as_secs())
}

/// The begin of the second after a time; of its own where the system can tell none after it, and somebody gave a file
/// such a time.
fn second_after(time: SystemTime) -> SystemTime {
    let own = whole(time);
    own.checked_add(Duration::from_secs(1)).unwrap_or(own)
}

/// A path that is free in our eyes and taken in the disk's is one that this file system folds
/// in a way of its own.
fn refused(path: &str, refusal: Refusal) -> Diagnostic {
    match refusal.error.kind() {
        ErrorKind::AlreadyExists => clash(path, "a path this file system holds for the same"),
        _ => refusal.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_has_a_whole_second_after_the_last_where_there_is_one() {
        let at = |millis| UNIX_EPOCH + Duration::from_millis(millis);
        for (last, next) in [(0, 1_000), (999, 1_000), (1_000, 2_000), (1_001, 2_000)] {
            assert_eq!(second_after(at(last)), at(next), "{last}");
        }
        assert_eq!(whole(UNIX_EPOCH - Duration::from_secs(3)), UNIX_EPOCH);
        let end = UNIX_EPOCH + Duration::from_secs(i64::MAX.unsigned_abs());
        assert_eq!(second_after(end), end);
    }
}
