//! A build while it is written, in a directory that no reader sees.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, ErrorKind, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use ring::digest::{Context, Digest, SHA256};

use super::disk::{Dir, Kind};
use super::refusal::Refusal;
use super::sealed::Sealed;
use super::{MANIFEST, Manifest, ManifestFile, Output, path};
use crate::diagnostics::{Code, Diagnostic};

/// A build of one role that is being written. Dropped before it is swapped in, it leaves
/// nothing behind.
#[derive(Debug)]
pub struct Staging<'output> {
    role: String,
    scaffold: Scaffold<'output>,
    time: SystemTime,
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
    /// By folded path: the spelling, and whether it is a file.
    taken: HashMap<String, (String, bool)>,
    failed: usize,
    files: Vec<ManifestFile>,
}

impl<'output> Staging<'output> {
    pub(super) fn create(output: &'output Output, role: &str, name: String) -> Result<Self, Diagnostic> {
        let time = time(output, role)?;
        let dir = output.workshop.make_dir(&name, 0o700)?;
        let scaffold = Scaffold { output, name, dir };
        Ok(Self { role: role.to_owned(), scaffold, time, claims: Mutex::default() })
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

    /// Writes the file at `path` with what `fill` writes, piece by piece.
    ///
    /// # Errors
    /// As those of [`Self::write`].
    pub fn fill(&self, path: &str, fill: impl Fn(&mut dyn Write) -> io::Result<()>) -> Result<(), Diagnostic> {
        self.put(path, &fill).inspect_err(|_| self.claims().failed += 1)
    }

    fn put(&self, path: &str, fill: &dyn Fn(&mut dyn Write) -> io::Result<()>) -> Result<(), Diagnostic> {
        path::check(path).map_err(|why| invalid(path, why))?;
        if path::fold(path) == MANIFEST {
            return Err(clash(path, MANIFEST));
        }
        self.claim(path)?;
        let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
        let place = self.scaffold.dir.descend(directory)?;
        let (mut digest, mut size) = (Context::new(&SHA256), 0);
        let mut fill = |out: &mut dyn Write| fill(&mut Witnessed { out, digest: &mut digest, size: &mut size });
        place.write_dated(name, &mut fill, 0o644, self.time).map_err(|refusal| refused(path, refusal))?;
        let file = ManifestFile { path: path.to_owned(), sha256: hex(&digest.finish()), size };
        self.claims().files.push(file);
        Ok(())
    }

    /// Takes the path and creates the directories it needs.
    fn claim(&self, path: &str) -> Result<(), Diagnostic> {
        let mut claims = self.claims();
        for (end, _) in path.match_indices('/') {
            let directory = &path[..end];
            if claims.take(directory, false)? {
                let (above, name) = directory.rsplit_once('/').unwrap_or(("", directory));
                let place = self.scaffold.dir.descend(above)?;
                place.make_dir(name, 0o755).map_err(|refusal| refused(directory, refusal))?;
            }
        }
        claims.take(path, true).map(drop)
    }

    /// Ends the build with its manifest. `as_of` is "now" of its figures; `audited` says
    /// whether it is swapped in only after an audit.
    ///
    /// # Errors
    /// `Disk` when the disk refuses, or when one of the files could not be written.
    pub fn seal(self, as_of: Timestamp, audited: bool) -> Result<Sealed<'output>, Diagnostic> {
        let Self { role, scaffold, time, claims } = self;
        let claims = claims.into_inner().unwrap_or_else(PoisonError::into_inner);
        if claims.failed > 0 {
            let message = format!("this build lacks {} files that could not be written", claims.failed);
            return Err(Diagnostic::error(Code::Disk, message)
                .in_file(scaffold.output.place(&role).display().to_string())
                .hint("set right what the errors before this one say, and build again"));
        }
        let manifest = Manifest::new(&role, as_of, audited, claims.files);
        let bytes = manifest.bytes();
        scaffold.dir.write_dated(MANIFEST, &mut |out| out.write_all(&bytes), 0o644, time)?;
        // Until now only the owner could look into it.
        scaffold.dir.set_mode(0o755)?;
        Ok(Sealed { scaffold, manifest })
    }

    fn claims(&self) -> MutexGuard<'_, Claims> {
        self.claims.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Claims {
    /// Takes a path for a file or a directory; `false` where the directory is there already.
    fn take(&mut self, path: &str, is_file: bool) -> Result<bool, Diagnostic> {
        let folded = path::fold(path);
        match self.taken.get(&folded) {
            None => {
                self.taken.insert(folded, (path.to_owned(), is_file));
                Ok(true)
            }
            Some((spelling, false)) if !is_file && spelling == path => Ok(false),
            Some((spelling, _)) => Err(clash(path, spelling)),
        }
    }
}

/// When every file of a build is said to have been changed: when the build began, and at least a
/// second after the one it replaces.
///
/// Web servers and `rsync` take two files of one size for the same when their times are one, and
/// web servers count whole seconds. A page where a 12 became a 13 would be "not modified" to a
/// reader who has the old one, had both been written within a second, or the clock been set back.
fn time(output: &Output, role: &str) -> Result<SystemTime, Refusal> {
    let whole = |time: SystemTime| match time.duration_since(UNIX_EPOCH) {
        Ok(since) => UNIX_EPOCH + Duration::from_secs(since.as_secs()),
        Err(_) => UNIX_EPOCH,
    };
    let began = whole(SystemTime::now());
    let last = match output.dir.kind(role)? {
        Some(Kind::Directory) => output.dir.descend(role)?.modified(MANIFEST)?,
        _ => None,
    };
    Ok(last.map_or(began, |last| began.max(whole(last) + Duration::from_secs(1))))
}

/// A file, with the digest and the size of what has gone into it.
struct Witnessed<'a> {
    out: &'a mut dyn Write,
    digest: &'a mut Context,
    size: &'a mut u64,
}

impl Write for Witnessed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.digest.update(bytes.get(..written).unwrap_or(bytes));
        *self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A digest in lower-case hexadecimal.
pub(super) fn hex(digest: &Digest) -> String {
    let mut out = String::with_capacity(64);
    for byte in digest.as_ref() {
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// A path that is free in our eyes and taken in the disk's is one that this file system folds
/// in a way of its own.
fn refused(path: &str, refusal: Refusal) -> Diagnostic {
    match refusal.error.kind() {
        ErrorKind::AlreadyExists => clash(path, "a path this file system holds for the same"),
        _ => refusal.into(),
    }
}

fn clash(path: &str, other: &str) -> Diagnostic {
    Diagnostic::error(Code::RouteClash, format!("two pages want one path: `{path}` and `{other}`"))
        .hint("rename one of them; paths that differ only in case are one on many disks")
}

fn invalid(path: &str, why: &str) -> Diagnostic {
    Diagnostic::error(Code::InvalidPath, format!("`{path}` cannot be a path in a build: {why}"))
        .hint("rename the page, attachment or theme file it comes from")
}
