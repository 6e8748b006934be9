//! What is watched, and what a path is to it.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::name;

/// What is watched. None of it needs to be there: it is noticed when it comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The site's directory. Only that it comes and goes is watched, not what else is in it.
    pub root: PathBuf,
    /// The configuration, a file.
    pub config: PathBuf,
    /// Reports, pages, knowledge, and what lies beside them.
    pub content: PathBuf,
    /// The themes.
    pub themes: PathBuf,
    /// The snapshots, each a directory in this one; inside or outside of the site.
    pub snapshots: PathBuf,
    /// One snapshot more, which is not among these.
    pub named: Option<PathBuf>,
}

/// What a path is to the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// One of the places, or a directory above one: when it comes or goes, so does all in it.
    Ground,
    /// Something that is read for the site.
    Site,
    /// Something in a snapshot, which is named.
    Snapshot(PathBuf),
    /// Something that nobody reads.
    Nothing,
}

impl Places {
    /// The same places with absolute paths; nothing else about them is changed.
    pub(super) fn absolute(self) -> Self {
        // It fails for an empty path, and where there is no working directory.
        let absolute = |path: PathBuf| std::path::absolute(Path::new(".").join(&path)).unwrap_or(path);
        Self {
            root: absolute(self.root),
            config: absolute(self.config),
            content: absolute(self.content),
            themes: absolute(self.themes),
            snapshots: absolute(self.snapshots),
            named: self.named.map(absolute),
        }
    }

    /// The directories all of whose files are watched.
    pub(super) fn trees(&self) -> impl Iterator<Item = &Path> {
        [&self.content, &self.themes, &self.snapshots].into_iter().chain(&self.named).map(PathBuf::as_path)
    }

    /// The trees without the snapshots, which are looked at in another way.
    pub(super) fn trees_of_site(&self) -> [&Path; 2] {
        [&self.content, &self.themes]
    }

    /// The directories above the places: in each, something can come or go that changes all below it.
    pub(super) fn above(&self) -> impl Iterator<Item = &Path> {
        self.all().flat_map(|place| place.ancestors().skip(1))
    }

    fn all(&self) -> impl Iterator<Item = &Path> {
        [self.root.as_path(), &self.config].into_iter().chain(self.trees())
    }

    /// What an absolute path is to the site. Whether anything stands there does not matter.
    pub(super) fn part(&self, path: &Path) -> Part {
        if path == self.config {
            return Part::Site;
        }
        if self.all().any(|place| place.starts_with(path)) {
            return Part::Ground;
        }
        let Some((tree, below)) = self.tree(path) else { return Part::Nothing };
        let names = || below.components().map(Component::as_os_str);
        if names().any(name::is_hidden) {
            return Part::Nothing;
        }
        match names().next() {
            Some(first) if tree == self.snapshots => Part::Snapshot(tree.join(first)),
            Some(_) if self.named.as_deref() == Some(tree) => Part::Snapshot(tree.to_owned()),
            _ => Part::Site,
        }
    }

    /// The innermost tree that `path` is in, and the path from there.
    fn tree<'p>(&self, path: &'p Path) -> Option<(&Path, &'p Path)> {
        let around = self.trees().filter_map(|tree| Some((tree, path.strip_prefix(tree).ok()?)));
        around.max_by_key(|(tree, _)| tree.components().count())
    }

    /// Whether `path` is a directory whose files are read. The readers follow links where they know
    /// the name beforehand, as that of `content/reports`, or of a theme, or of a snapshot; a report's
    /// directory is found, and no link.
    pub(super) fn is_directory(&self, path: &Path) -> bool {
        let known = match self.tree(path) {
            Some((tree, below)) => below.components().count() <= if tree == self.snapshots { 2 } else { 1 },
            None => true,
        };
        let metadata = if known { fs::metadata(path) } else { fs::symlink_metadata(path) };
        metadata.is_ok_and(|metadata| metadata.is_dir())
    }

    /// Goes through `directory` and all directories in it that belong to the same tree. `enter` is
    /// called with each before its entries are read, so that nothing can come unseen in between;
    /// `file` with all else.
    ///
    /// # Errors
    /// What `enter` says, at once. What cannot be read is left out: the readers tell of it.
    pub(super) fn walk<E>(
        &self,
        directory: &Path,
        mut enter: impl FnMut(&Path) -> Result<(), E>,
        mut file: impl FnMut(PathBuf),
    ) -> Result<(), E> {
        let mut ahead = vec![directory.to_owned()];
        while let Some(directory) = ahead.pop() {
            enter(&directory)?;
            for entry in fs::read_dir(&directory).into_iter().flatten().flatten() {
                let path = entry.path();
                if self.part(&path) == Part::Nothing || self.trees().any(|tree| tree == path) {
                    continue;
                }
                let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
                if !is_file && self.is_directory(&path) {
                    ahead.push(path);
                } else {
                    file(path);
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places {
        let root = PathBuf::from("/srv/.sites/site");
        Places {
            config: root.join("threatpress.yaml"),
            content: root.join("content"),
            themes: root.join("themes"),
            snapshots: root.join("content/data/snapshots"),
            named: Some("/srv/elsewhere/2026-11-17".into()),
            root,
        }
    }

    #[test]
    fn a_path_is_what_the_readers_make_of_it() {
        let part = |path: &str| places().part(&Path::new("/srv/.sites/site").join(path));
        for site in ["threatpress.yaml", "content/reports/x.md", "content/reports/x/chart.png", "themes/a/theme.yaml"] {
            assert_eq!(part(site), Part::Site, "{site}");
        }
        for ground in ["", "..", "/", "/srv", "content", "content/data", "content/data/snapshots", "themes"] {
            let ground = if ground == ".." { "/srv/.sites" } else { ground };
            let ground = if ground.is_empty() { "/srv/.sites/site" } else { ground };
            assert_eq!(part(ground), Part::Ground, "{ground}");
        }
        let nothing = [
            "output/soc/index.html",
            ".git/index",
            "README.md",
            "content/.git/HEAD",
            "content/reports/.x.md.swp",
            "/etc",
        ];
        for nothing in nothing {
            assert_eq!(part(nothing), Part::Nothing, "{nothing}");
        }
        let elsewhere = |path: &str| places().part(&Path::new("/srv/elsewhere").join(path));
        assert_eq!((elsewhere(""), elsewhere("2026-11-17")), (Part::Ground, Part::Ground));
        let named = Part::Snapshot("/srv/elsewhere/2026-11-17".into());
        for inside in ["2026-11-17/devices.csv", "2026-11-17/devices/1.csv"] {
            assert_eq!(elsewhere(inside), named, "{inside}");
        }
        assert_eq!(elsewhere("2026-11-18/devices.csv"), Part::Nothing);
        let snapshot = Part::Snapshot(places().snapshots.join("2026-11-16"));
        for inside in ["2026-11-16", "2026-11-16/devices.csv", "2026-11-16/devices/1.csv"] {
            assert_eq!(part(&format!("content/data/snapshots/{inside}")), snapshot, "{inside}");
        }
    }

    #[test]
    fn relative_places_become_absolute() {
        let here = std::env::current_dir().expect("a directory");
        let places = Places { root: PathBuf::new(), config: "a.yaml".into(), ..places() }.absolute();
        assert_eq!((places.root, places.config), (here.clone(), here.join("a.yaml")));
    }
}
