//! The paths of a build: each is taken once, whatever a file system makes of the case of letters.

use std::collections::HashMap;

use super::{MANIFEST, path};
use crate::diagnostics::{Code, Diagnostic};

/// Which paths are taken.
#[derive(Debug, Default)]
pub struct Paths {
    /// By folded path: the spelling, and whether it is a file.
    taken: HashMap<String, (String, bool)>,
}

impl Paths {
    /// Takes the path of a file, relative and `/`-separated, and of the directories it stands in.
    ///
    /// # Errors
    /// `InvalidPath` when the path may not stand in a build, `RouteClash` when it is taken, by a file or directory that
    /// differs at most in case.
    pub fn take_file(&mut self, path: &str) -> Result<(), Diagnostic> {
        allow(path)?;
        directories(path::directory(path)).try_for_each(|part| self.take(part, false).map(drop))?;
        self.take(path, true).map(drop)
    }

    /// Whether a directory is there, spelt like this.
    pub(super) fn has(&self, directory: &str) -> bool {
        let is_it = |(spelling, is_file): &(String, bool)| !is_file && spelling == directory;
        directory.is_empty() || self.taken.get(&path::fold(directory)).is_some_and(is_it)
    }

    /// Takes a path for a file or a directory; `false` where the directory is there already.
    pub(super) fn take(&mut self, path: &str, is_file: bool) -> Result<bool, Diagnostic> {
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

/// A directory and those it stands in, the outermost first.
pub(super) fn directories(directory: &str) -> impl Iterator<Item = &str> {
    let ends = directory.match_indices('/').map(|(end, _)| end).chain([directory.len()]);
    ends.filter_map(|end| directory.get(..end)).filter(|part| !part.is_empty())
}

/// Whether a path may be that of a file of a build.
pub(super) fn allow(path: &str) -> Result<(), Diagnostic> {
    path::check(path).map_err(|why| invalid(path, why))?;
    match path::fold(path) == MANIFEST {
        true => Err(clash(path, MANIFEST)),
        false => Ok(()),
    }
}

pub(super) fn clash(path: &str, other: &str) -> Diagnostic {
    Diagnostic::error(Code::RouteClash, format!("two files want one path: `{path}` and `{other}`"))
        .hint("rename one of them; paths that differ only in case are one on many disks")
}

fn invalid(path: &str, why: &str) -> Diagnostic {
    Diagnostic::error(Code::InvalidPath, format!("`{path}` cannot be a path in a build: {why}"))
        .hint("rename the page, attachment or theme file it comes from")
}
