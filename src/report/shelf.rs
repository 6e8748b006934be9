//! Texts that were read, so that only what changed is read again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf, is_separator};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Origin;
use crate::diagnostics::Diagnostics;

/// A Markdown file that was found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    /// Its path as messages show it.
    pub(super) shown: String,
    /// The slug its name gives.
    pub(super) name: String,
    /// Where what lies beside it stands.
    pub(super) directory: Option<PathBuf>,
}

/// What was made of one text, or where it stands, if it could be opened, and what was told of it.
#[derive(Debug)]
pub(super) struct Read<T> {
    pub(super) text: Option<Result<Arc<T>, Origin>>,
    pub(super) told: Diagnostics,
}

/// The texts of one directory, in the order of their paths.
#[derive(Debug)]
pub(super) struct Texts<T> {
    texts: Vec<(Found, Option<Arc<Read<T>>>)>,
    /// What was told of the directory when it was listed; `None` where these may not be all there are.
    listed: Option<Diagnostics>,
}

impl<T> Default for Texts<T> {
    fn default() -> Self {
        Self { texts: Vec::new(), listed: None }
    }
}

impl<T: Send + Sync> Texts<T> {
    /// Forgets what a change at these paths concerns.
    pub(super) fn forget(&mut self, changed: &BTreeSet<PathBuf>) {
        let mut explained = 0;
        for (found, read) in &mut self.texts {
            let concerning = changed.iter().filter(|path| found.is_concerned(path)).count();
            if concerning > 0 {
                *read = None;
                // That its file is still there, and no other thing, is all that a listing would tell.
                let is_there = found.path.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
                explained += if is_there { concerning } else { 0 };
            }
        }
        if explained < changed.len() {
            self.listed = None;
        }
    }

    /// Lists the directory where something may have come or gone, and reads what is not known. What is wrong with the
    /// directory is told whenever this is asked.
    pub(super) fn refill(
        &mut self,
        list: impl FnOnce(&mut Diagnostics) -> Vec<Found>,
        read: impl Fn(&Found) -> Read<T> + Sync,
        diagnostics: &mut Diagnostics,
    ) -> Vec<Arc<Read<T>>> {
        if self.listed.is_none() {
            let known = self.texts.drain(..).map(|(found, read)| (found.path, read));
            let mut known: FxHashMap<PathBuf, Option<Arc<Read<T>>>> = known.collect();
            let again = |found: Found| {
                let read = known.remove(&found.path).flatten();
                (found, read)
            };
            let mut told = Diagnostics::new();
            self.texts = list(&mut told).into_iter().map(again).collect();
            self.listed = Some(told);
        }
        if let Some(told) = &self.listed {
            diagnostics.append(told.clone());
        }
        let missing: Vec<&mut (Found, Option<Arc<Read<T>>>)> =
            self.texts.iter_mut().filter(|(_, read)| read.is_none()).collect();
        missing.into_par_iter().for_each(|(found, place)| *place = Some(Arc::new(read(found))));
        self.texts.iter().filter_map(|(_, read)| read.clone()).collect()
    }
}

impl Found {
    /// Whether a change at a path concerns the text: its file, a directory that it is in, something beside it.
    fn is_concerned(&self, changed: &Path) -> bool {
        holds(changed, &self.path) || self.directory.as_deref().is_some_and(|directory| holds(directory, changed))
    }
}

/// Whether a path is a place or lies in it, by their letters: this is asked of every text for every change.
fn holds(place: &Path, path: &Path) -> bool {
    let [place, path] = [place, path].map(|path| path.as_os_str().as_encoded_bytes());
    let rest = path.strip_prefix(place);
    rest.is_some_and(|rest| rest.first().is_none_or(|first| is_separator(char::from(*first))))
}
