//! The theme, which is the same for every role.

use walkdir::WalkDir;

use super::folder::Folder;
use crate::config::Site;
use crate::diagnostics::{Code, Diagnostic};

/// Copies the site's own theme, where it has one. Hidden files and links are no part of a theme.
pub(super) fn copy(site: &Site, folder: &Folder) -> Result<(), Diagnostic> {
    let own = site.root.join("themes").join(&site.theme);
    if !own.is_dir() {
        return Ok(());
    }
    for entry in WalkDir::new(&own).sort_by_file_name() {
        let entry = entry.map_err(|error| {
            let message = format!("a theme's file cannot be read: {error}");
            Diagnostic::error(Code::Unreadable, message).in_file(own.display().to_string())
        })?;
        let relative = entry.path().strip_prefix(&own).ok().and_then(|path| path.to_str());
        let Some(relative) = relative.filter(|_| entry.file_type().is_file()) else { continue };
        if !relative.split(['/', '\\']).any(|part| part.starts_with('.')) {
            folder.copy(&format!("themes/{}/{relative}", site.theme), entry.path())?;
        }
    }
    Ok(())
}
