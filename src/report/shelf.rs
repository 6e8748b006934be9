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
            if !changed.iter().any(|path| found.is_concerned(path)) {
                continue;
            }
            *read = None;
            // That the text is still there is all that a listing would tell of its own place. Of a directory above it,
            // it would tell what else is there now.
            if found.is_there() {
                explained += changed.iter().filter(|path| holds(found.home(), path)).count();
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
    /// What is the text's alone: its file, or the directory that it shares with what lies beside it.
    fn home(&self) -> &Path {
        self.directory.as_deref().unwrap_or(&self.path)
    }

    /// Whether a listing would find the text where it was: no link is followed.
    fn is_there(&self) -> bool {
        let is_directory = |path: &Path| path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir());
        let is_file = |path: &Path| path.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
        self.directory.as_deref().is_none_or(is_directory) && is_file(&self.path)
    }

    /// Whether a change at a path concerns the text: its file, a directory that it is in, something beside it.
    fn is_concerned(&self, changed: &Path) -> bool {
        holds(changed, &self.path) || holds(self.home(), changed)
    }
}

/// Whether a path is a place or lies in it, by their letters: this is asked of every text for every change.
fn holds(place: &Path, path: &Path) -> bool {
    let [place, path] = [place, path].map(|path| path.as_os_str().as_encoded_bytes());
    let rest = path.strip_prefix(place);
    rest.is_some_and(|rest| rest.first().is_none_or(|first| is_separator(char::from(*first))))
}

#[cfg(test)]
mod tests {
    use super::super::{Defaults, Shelf, reload};
    use super::*;
    use crate::terms::Tlp;

    const TEXT: &str = "---\ntitle: T\ntype: tool\nsummary: s\npublished: 2026-01-01\n---\n";

    /// The slugs of the reports after a change at these paths of the site, and how much was told.
    fn read(root: &Path, shelf: &mut Shelf, changed: &[&str]) -> (Vec<String>, usize) {
        shelf.forget(&changed.iter().map(|path| root.join(path)).collect());
        let mut told = Diagnostics::new();
        let library = reload(root, Defaults { tlp: Tlp::Red, roles: &[] }, shelf, &mut told);
        (library.reports.iter().map(|report| report.facts.slug.clone()).collect(), told.iter().count())
    }

    #[test]
    fn a_directory_that_changes_is_listed_again() {
        let site = tempfile::tempdir().expect("a directory");
        let reports = site.path().join("content/reports");
        std::fs::create_dir_all(&reports).expect("directories");
        let write = |name: &str| std::fs::write(reports.join(name), TEXT).expect("a file");
        ["a.md", "b.md"].into_iter().for_each(write);
        let mut shelf = Shelf::default();
        assert_eq!(read(site.path(), &mut shelf, &[]).0, ["a", "b"]);
        write("c.md");
        assert_eq!(read(site.path(), &mut shelf, &["content/reports"]).0, ["a", "b", "c"]);
        write("d.md");
        let changed = ["content/reports", "content/reports/a.md", "content/reports/d.md"];
        assert_eq!(read(site.path(), &mut shelf, &changed).0, ["a", "b", "c", "d"]);
        std::fs::remove_file(reports.join("a.md")).expect("a file");
        assert_eq!(read(site.path(), &mut shelf, &["content/reports/a.md"]).0, ["b", "c", "d"]);
    }

    #[test]
    #[cfg(unix)]
    fn a_link_in_the_place_of_a_directory_is_not_followed() {
        let site = tempfile::tempdir().expect("a directory");
        let report = site.path().join("content/reports/a");
        std::fs::create_dir_all(&report).expect("directories");
        std::fs::write(report.join("index.md"), TEXT).expect("a file");
        let mut shelf = Shelf::default();
        assert_eq!(read(site.path(), &mut shelf, &[]), (vec!["a".to_owned()], 0));
        std::fs::rename(&report, site.path().join("elsewhere")).expect("a directory");
        std::os::unix::fs::symlink(site.path().join("elsewhere"), &report).expect("a link");
        assert_eq!(read(site.path(), &mut shelf, &["content/reports/a"]), (vec![], 1));
    }
}
