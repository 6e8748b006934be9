//! A build while it is written, in a directory that no reader sees.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::refusal::Refusal;
use super::sealed::Sealed;
use super::{MANIFEST, Manifest, ManifestFile, Output, disk, path};
use crate::diagnostics::{Code, Diagnostic};

/// A build of one role that is being written. Dropped before it is swapped in, it leaves
/// nothing behind.
#[derive(Debug)]
pub struct Staging<'output> {
    output: &'output Output,
    role: String,
    scaffold: Scaffold,
    claims: Mutex<Claims>,
}

/// A directory that goes when the value goes.
#[derive(Debug)]
pub(super) struct Scaffold(pub(super) PathBuf);

impl Drop for Scaffold {
    fn drop(&mut self) {
        // Where even this fails, the next build that opens the output removes it.
        let _ = disk::remove(&self.0);
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
    pub(super) fn create(output: &'output Output, role: &str, dir: PathBuf) -> Result<Self, Diagnostic> {
        disk::make_dir(&dir, 0o755)?;
        let scaffold = Scaffold(dir);
        Ok(Self { output, role: role.to_owned(), scaffold, claims: Mutex::default() })
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
        self.put(path, bytes).inspect_err(|_| self.claims().failed += 1)
    }

    fn put(&self, path: &str, bytes: &[u8]) -> Result<(), Diagnostic> {
        path::check(path).map_err(|why| invalid(path, why))?;
        if path::fold(path) == MANIFEST {
            return Err(clash(path, MANIFEST));
        }
        self.claim(path)?;
        let place = self.scaffold.0.join(path);
        disk::write_new(&place, bytes, 0o644).map_err(|refusal| refused(path, refusal))?;
        let file = ManifestFile { path: path.to_owned(), sha256: hex(bytes), size: bytes.len() as u64 };
        self.claims().files.push(file);
        Ok(())
    }

    /// Takes the path and creates the directories it needs.
    fn claim(&self, path: &str) -> Result<(), Diagnostic> {
        let mut claims = self.claims();
        for (end, _) in path.match_indices('/') {
            let directory = &path[..end];
            if claims.take(directory, false)? {
                let place = self.scaffold.0.join(directory);
                disk::make_dir(&place, 0o755).map_err(|refusal| refused(directory, refusal))?;
            }
        }
        claims.take(path, true).map(drop)
    }

    /// Ends the build with its manifest. `as_of` is "now" of its figures.
    ///
    /// # Errors
    /// `Disk` when the disk refuses, or when one of the files could not be written.
    pub fn seal(self, as_of: Timestamp) -> Result<Sealed<'output>, Diagnostic> {
        let Self { output, role, scaffold, claims } = self;
        let claims = claims.into_inner().unwrap_or_else(PoisonError::into_inner);
        if claims.failed > 0 {
            let message = format!("this build lacks {} files that could not be written", claims.failed);
            return Err(Diagnostic::error(Code::Disk, message)
                .in_file(output.place(&role).display().to_string())
                .hint("set right what the errors before this one say, and build again"));
        }
        let manifest = Manifest::new(&role, as_of, claims.files);
        disk::write_new(&scaffold.0.join(MANIFEST), &manifest.bytes(), 0o644)?;
        Ok(Sealed { output, scaffold, manifest })
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

fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
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
