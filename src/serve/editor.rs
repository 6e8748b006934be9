//! Links that open a file in an editor.

use std::fmt;
use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stands in a path or a query as it is.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Visual Studio Code's scheme, which its relatives know too.
const DEFAULT: &str = "vscode://file{file}:{line}:{column}";

/// An address with places for a file, a line and a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editor(String);

impl Editor {
    /// Reads a template: a scheme, `://`, and `{file}` somewhere. `None` for another text, and for schemes by which a
    /// link would run or fetch something in the browser.
    #[must_use]
    pub fn parse(template: &str) -> Option<Self> {
        let (scheme, rest) = template.split_once("://")?;
        let is_scheme = scheme.starts_with(|c: char| c.is_ascii_lowercase())
            && scheme.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "+-.".contains(c));
        let is_of_browsers = ["javascript", "data", "blob", "file", "http", "https", "ftp"].contains(&scheme);
        let is_text = template.chars().all(|c| c.is_ascii_graphic());
        (is_scheme && !is_of_browsers && is_text && rest.contains("{file}")).then(|| Self(template.to_owned()))
    }

    /// The link to a place in a file, which is given by its absolute path; line and column count from 1.
    #[must_use]
    pub fn link(&self, file: &Path, line: usize, column: usize) -> String {
        let path = file.to_string_lossy().replace('\\', "/");
        // A drive of Windows stands behind a `/` in URLs.
        let path = if path.starts_with('/') { path } else { format!("/{path}") };
        let path = utf8_percent_encode(&path, RESERVED).to_string();
        self.0.replace("{line}", &line.to_string()).replace("{column}", &column.to_string()).replace("{file}", &path)
    }
}

impl Default for Editor {
    fn default() -> Self {
        Self(DEFAULT.to_owned())
    }
}

impl fmt::Display for Editor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_the_place_encoded() {
        let file = Path::new("/home/a b/x&y#z{line}.md");
        assert_eq!(Editor::default().link(file, 7, 3), "vscode://file/home/a%20b/x%26y%23z%7Bline%7D.md:7:3");
        let idea = Editor::parse("idea://open?file={file}&line={line}").expect("a template");
        assert_eq!(idea.link(Path::new("C:\\site\\x.md"), 7, 3), "idea://open?file=/C%3A/site/x.md&line=7");
        assert_eq!(Editor::parse(DEFAULT), Some(Editor::default()));
    }

    #[test]
    fn what_a_browser_would_run_is_no_template() {
        for bad in
            ["", "x", "idea://open", "{file}", "javascript://%0aalert({file})", "http://a/{file}", "a b://{file}"]
        {
            assert_eq!(Editor::parse(bad), None, "{bad}");
        }
    }
}
