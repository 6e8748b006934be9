//! A configuration on disk: written whole, and nothing touched that is not ours.

use std::fs;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::{File, MARK};
use crate::diagnostics::{Code, Diagnostic};
use crate::publish;

/// A directory for server configuration.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
}

impl Directory {
    /// Opens `path`, creating it where it is missing. `builds` are the places of builds, whether
    /// or not one stands there yet.
    ///
    /// # Errors
    /// `InsideBuild` when it lies inside a build, where readers could fetch it. `Disk` when the
    /// disk refuses.
    pub fn open(path: &Path, builds: &[PathBuf]) -> Result<Self, Diagnostic> {
        let real = publish::real(path)?;
        // Nothing is written through what cannot even be looked at.
        let is_place = builds.iter().any(|build| publish::real(build).is_ok_and(|build| real.starts_with(build)));
        if is_place || real.ancestors().any(|ancestor| publish::read_manifest(ancestor).is_ok()) {
            return Err(Diagnostic::error(Code::InsideBuild, "server configuration cannot go into a build")
                .in_file(path.display().to_string())
                .hint("its readers could fetch it, and the next build would remove it: name another directory"));
        }
        attempt("create the directory", path, || fs::create_dir_all(path))?;
        Ok(Self { path: path.to_owned() })
    }

    /// Writes the files, each in one step. When they are `all` of the site's, files of roles that
    /// are no more are removed, since a server would go on showing those roles.
    ///
    /// # Errors
    /// `ForeignOutput` when a file of that name is not ours: then nothing was written. `Disk`
    /// when the disk refuses.
    pub fn write(&self, files: &[File], all: bool) -> Result<(), Diagnostic> {
        for file in files {
            self.check(&file.name)?;
        }
        for file in files {
            self.put(file)?;
        }
        if all { self.sweep(files) } else { Ok(()) }
    }

    fn check(&self, name: &str) -> Result<(), Diagnostic> {
        let path = self.path.join(name);
        let free = attempt("look at", &path, || match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
            Err(error) => Err(error),
            Ok(metadata) => Ok(metadata.is_file() && is_ours(&path)?),
        })?;
        if free {
            return Ok(());
        }
        Err(Diagnostic::error(Code::ForeignOutput, "a file of this name is here that Threatpress did not write")
            .in_file(path.display().to_string())
            .hint("nothing was written; move it away, or name another directory with --out"))
    }

    fn put(&self, file: &File) -> Result<(), Diagnostic> {
        let path = self.path.join(&file.name);
        let new = self.path.join(format!(".{}.new", file.name));
        attempt("write", &path, || {
            match fs::remove_file(&new) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            let mut out = fs::OpenOptions::new().write(true).create_new(true).open(&new)?;
            out.write_all(file.text.as_bytes())?;
            out.sync_all()?;
            fs::rename(&new, &path)
        })
    }

    fn sweep(&self, files: &[File]) -> Result<(), Diagnostic> {
        let names = attempt("read the directory", &self.path, || {
            fs::read_dir(&self.path)?.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>()
        })?;
        let of_roles = names.iter().filter_map(|name| name.to_str()).filter(|name| {
            let kept = files.iter().any(|file| file.name == **name);
            let kind = |name: &str| name.rsplit_once('.').map(|(_, kind)| kind.to_owned());
            name.starts_with("role-") && !kept && files.iter().any(|file| kind(&file.name) == kind(name))
        });
        for name in of_roles {
            let path = self.path.join(name);
            attempt("remove", &path, || match fs::symlink_metadata(&path)?.is_file() && is_ours(&path)? {
                true => fs::remove_file(&path),
                false => Ok(()),
            })?;
        }
        Ok(())
    }
}

fn is_ours(path: &Path) -> io::Result<bool> {
    let mut start = vec![0; MARK.len()];
    match fs::File::open(path)?.read_exact(&mut start) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
        Ok(()) => Ok(start == MARK.as_bytes()),
    }
}

fn attempt<T>(action: &str, path: &Path, call: impl FnOnce() -> io::Result<T>) -> Result<T, Diagnostic> {
    call().map_err(|error| {
        Diagnostic::error(Code::Disk, format!("cannot {action} `{}`: {error}", path.display()))
            .in_file(path.display().to_string())
            .hint("see to the directory's permissions and its disk, then write it again")
    })
}
