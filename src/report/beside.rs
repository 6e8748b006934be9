//! Files that lie beside a text.

use std::path::{Component, Path, PathBuf};

use super::Origin;
use crate::diagnostics::visible;
use crate::terms::reserved;

/// The plain file that a text means by `name`, of at most `largest` bytes.
///
/// # Errors
///
/// Why not: there is none, it is too large, or it would lie outside the text's own directory.
pub(super) fn file_beside(origin: &Origin, name: &str, largest: u64) -> Result<PathBuf, String> {
    let shown = visible(name);
    let plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    // A path is put together in a build as it is written, so that nothing may be left out of it.
    let odd = name.split('/').any(|part| part.is_empty() || part.starts_with('.'));
    if !plain || odd || name.contains(['\\', ':', '?', '#', '%']) {
        return Err(format!("`{shown}` is not a plain path of a file beside the text"));
    }
    if let Some(why) = name.split('/').find_map(reserved) {
        return Err(format!("`{shown}` cannot stand in a build: {why}"));
    }
    let Some(directory) = &origin.directory else {
        let advice = "move this one to a directory of its own, as NAME/index.md";
        return Err(format!("`{shown}` would lie among other texts: {advice}"));
    };
    // A symbolic link anywhere on the way could lead out of the directory.
    let mut path = directory.clone();
    for part in Path::new(name).components() {
        path.push(part);
        let metadata = path.symlink_metadata().map_err(|_| format!("there is no file `{shown}` beside the text"))?;
        if metadata.is_symlink() {
            return Err(format!("`{shown}` leads through a symbolic link"));
        }
        if metadata.is_file() && metadata.len() > largest {
            return Err(format!("`{shown}` is larger than {} MiB", largest >> 20));
        }
    }
    if path.is_file() { Ok(path) } else { Err(format!("`{shown}` is not a file")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Source;

    #[test]
    fn nothing_outside_the_directory_is_reached() {
        let root = tempfile::tempdir().expect("a directory");
        let own = root.path().join("own");
        std::fs::create_dir_all(own.join("sub")).expect("directories");
        for file in ["secret.csv", "own/a.csv", "own/sub/b.csv", "own/.hidden.csv"] {
            std::fs::write(root.path().join(file), "x").expect("a file");
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(root.path(), own.join("out")).expect("a link");
        let origin = Origin { source: Source::new("own/index.md", ""), body: 0..0, directory: Some(own) };
        for good in ["a.csv", "sub/b.csv"] {
            assert!(file_beside(&origin, good, 10).is_ok(), "{good}");
        }
        for bad in [
            "",
            ".",
            "..",
            "../secret.csv",
            "/etc/passwd",
            "out/secret.csv",
            ".hidden.csv",
            "sub",
            "c.csv",
            "sub\\b.csv",
            "sub//b.csv",
            "a.csv/",
            "con.csv",
            "CNAME",
        ] {
            assert!(file_beside(&origin, bad, 10).is_err(), "{bad}");
        }
        assert!(file_beside(&origin, "a.csv", 0).is_err(), "too large");
    }
}
