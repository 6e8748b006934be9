//! The system's events on the places.
//!
//! Where the system watches single directories only (Linux), each is watched by itself. `notify` could
//! do that too, but it adds a new directory after it has told of it, and says nothing of what was made
//! in between; and it would watch all of `.git`.

use std::collections::BTreeSet;
use std::io::ErrorKind::{NotADirectory, NotFound, PermissionDenied};
use std::path::{Path, PathBuf};

use notify::{Config, Error, ErrorKind, EventHandler, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::Places;

/// Whether the system watches a directory with all that is in it, now and later.
const WHOLE_TREES: bool = cfg!(any(target_os = "macos", windows));

/// A watch on all places that are there.
pub(super) struct Armed {
    watcher: RecommendedWatcher,
    /// The directories that are watched one by one.
    directories: BTreeSet<PathBuf>,
}

impl Armed {
    /// Watches all places that are there, and the directories above, in which the others will appear.
    ///
    /// # Errors
    /// When the system can watch no more, or not these.
    pub(super) fn arm(places: &Places, handler: impl EventHandler) -> notify::Result<Self> {
        let watcher = RecommendedWatcher::new(handler, Config::default())?;
        let mut armed = Self { watcher, directories: BTreeSet::new() };
        let above: BTreeSet<&Path> = places.above().chain([places.root.as_path()]).collect();
        for directory in above {
            armed.watch(directory, RecursiveMode::NonRecursive)?;
        }
        for tree in places.trees() {
            armed.adopt(places, tree, |_| ())?;
        }
        Ok(armed)
    }

    /// Watches a directory that was not there before, with all in it; `found` is called with every file
    /// that is in it already.
    ///
    /// # Errors
    /// When the system can watch no more.
    pub(super) fn adopt(
        &mut self,
        places: &Places,
        directory: &Path,
        mut found: impl FnMut(PathBuf),
    ) -> notify::Result<()> {
        if WHOLE_TREES {
            if places.trees().any(|tree| tree == directory) {
                self.watch(directory, RecursiveMode::Recursive)?;
            }
            return places.walk(directory, |_| Ok(()), found);
        }
        places.walk(directory, |directory| self.watch(directory, RecursiveMode::NonRecursive), &mut found)
    }

    /// What is not there, or may not be read, is watched from above.
    fn watch(&mut self, directory: &Path, mode: RecursiveMode) -> notify::Result<()> {
        match self.watcher.watch(directory, mode) {
            Ok(()) => drop(self.directories.insert(directory.to_owned())),
            Err(error) if is_absence(&error) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Whether a directory is watched.
    pub(super) fn watches(&self, directory: &Path) -> bool {
        WHOLE_TREES || self.directories.contains(directory)
    }

    /// Whether what has gone was a watched directory. The system has ended the watch by then.
    pub(super) fn forget(&mut self, path: &Path) -> bool {
        let was_directory = self.directories.remove(path);
        if was_directory {
            self.directories.retain(|directory| !directory.starts_with(path));
        }
        was_directory
    }
}

fn is_absence(error: &Error) -> bool {
    match &error.kind {
        ErrorKind::PathNotFound => true,
        ErrorKind::Io(error) => matches!(error.kind(), NotFound | NotADirectory | PermissionDenied),
        _ => false,
    }
}
