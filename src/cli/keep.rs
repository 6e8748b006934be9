//! Where the slices of `prove --keep DIR` go.

use std::path::{Path, PathBuf};

use crate::config::Site;
use crate::diagnostics::{Code, Diagnostic};

/// Why nothing may be kept in `dir`: it must not exist or be empty, and not stand where a site
/// reads or publishes.
pub(super) fn check(dir: &Path, site: &Site) -> Result<(), Diagnostic> {
    let refused = |why: String| {
        Diagnostic::error(Code::KeepRefused, format!("slices cannot be kept here: {why}"))
            .in_file(dir.display().to_string())
            .hint("name a directory that does not exist yet, outside the site")
    };
    if std::fs::symlink_metadata(dir).is_ok() {
        match std::fs::read_dir(dir).map(|mut entries| entries.next().is_none()) {
            Ok(true) => {}
            Ok(false) => return Err(refused("the directory is not empty".to_owned())),
            Err(error) => return Err(refused(error.to_string())),
        }
    }
    let place = real(dir).ok_or_else(|| refused("the path leads through `..` or what is no directory".to_owned()))?;
    let own = ["content", "output", "themes"].map(|part| site.root.join(part));
    for part in own.iter().chain([&site.snapshots]) {
        if real(part).is_some_and(|part| place.starts_with(part)) {
            return Err(refused(format!("it lies in {}, which belongs to the site", part.display())));
        }
    }
    Ok(())
}

/// A path without links and `..`, of which the last parts may not exist yet.
fn real(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let there = path.ancestors().find(|part| std::fs::symlink_metadata(part).is_ok())?;
    let rest = path.strip_prefix(there).ok()?;
    let plain = rest.components().all(|part| matches!(part, std::path::Component::Normal(_)));
    let there = std::fs::canonicalize(there).ok()?;
    plain.then(|| if rest.as_os_str().is_empty() { there } else { there.join(rest) })
}
