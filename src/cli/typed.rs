//! Paths as a run tells them.

use std::path::Path;

use crate::diagnostics::{is_unprintable, visible};

/// A path with nothing in it that could steer a terminal, and whole where there is nothing.
pub(super) fn shown(path: &Path) -> String {
    let path = path.display().to_string();
    if path.contains(is_unprintable) { visible(&path) } else { path }
}

/// The same as it is typed into a shell: in quotes where it needs them.
pub(super) fn typed(path: &Path) -> String {
    let path = shown(path);
    let plain = |c: char| c.is_alphanumeric() || "/._-~:\\".contains(c);
    // A shell reads `~` at the beginning as the home directory.
    match path.chars().all(plain) && !path.starts_with('~') {
        true => path,
        false => format!("'{}'", path.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_takes_a_path_for_itself() {
        for (path, shown) in [
            ("output/soc", "output/soc"),
            ("C:\\site", "C:\\site"),
            ("my site/soc", "'my site/soc'"),
            ("it's", r"'it'\''s'"),
            ("~x", "'~x'"),
            ("a\u{1b}b", r"'a\u{1b}b'"),
        ] {
            assert_eq!(typed(Path::new(path)), shown);
        }
    }
}
