//! Texts that were read, so that only what changed is read again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostics::Diagnostics;

/// Texts by their path as messages show it, each with what was told of it.
#[derive(Debug)]
pub(super) struct Texts<T>(BTreeMap<String, Read<T>>);

/// One text that was read: what was made of it, if anything.
#[derive(Debug)]
pub(super) struct Read<T> {
    pub(super) path: PathBuf,
    /// Where what lies beside it stands.
    pub(super) directory: Option<PathBuf>,
    pub(super) text: Option<Arc<T>>,
    pub(super) told: Diagnostics,
}

impl<T> Default for Texts<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> Texts<T> {
    pub(super) fn get(&self, shown: &str) -> Option<&Read<T>> {
        self.0.get(shown)
    }

    /// Keeps what is in `read` and nothing else.
    pub(super) fn replace(&mut self, read: BTreeMap<String, Read<T>>) {
        self.0 = read;
    }

    /// Forgets the texts that a change at these paths concerns.
    pub(super) fn forget(&mut self, changed: &BTreeSet<PathBuf>) {
        self.0.retain(|_, read| !read.is_concerned(changed));
    }
}

impl<T> Read<T> {
    pub(super) fn again(&self) -> Self {
        Self {
            path: self.path.clone(),
            directory: self.directory.clone(),
            text: self.text.clone(),
            told: self.told.clone(),
        }
    }

    fn is_concerned(&self, changed: &BTreeSet<PathBuf>) -> bool {
        let within = |directory: &Path| {
            changed.range(directory.to_owned()..).next().is_some_and(|path| path.starts_with(directory))
        };
        self.path.ancestors().any(|place| changed.contains(place)) || self.directory.as_deref().is_some_and(within)
    }
}
