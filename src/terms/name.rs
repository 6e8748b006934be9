//! Names: folded for comparison, and as parts of a URL.

use super::reserved;

/// A word of an enumeration in its folded form: case, spaces and `_` do not count.
#[must_use]
pub fn word(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '_').flat_map(char::to_lowercase).collect()
}

/// A name as it stands in a URL: lower case, runs of other characters than letters and
/// digits as one `-`.
#[must_use]
pub fn url_name(name: &str) -> String {
    let mut out = String::new();
    for c in name.trim().chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.ends_with('-') {
            out.push('-');
        }
    }
    out
}

/// The form of a slug as a regular expression in the dialect of JSON Schema. It lets names pass
/// that Windows or a web host keeps for itself; [`is_slug`] does not.
pub const SLUG_PATTERN: &str = r"^(?!.*\.\.)[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$";

/// Whether `text` can be a directory of the build: ASCII letters, digits, `-`, `.` and `_`,
/// beginning and ending with a letter or digit, at most 100 bytes, and no name that Windows
/// or a web host keeps for itself.
#[must_use]
pub fn is_slug(text: &str) -> bool {
    let bytes = text.as_bytes();
    (1..=100).contains(&bytes.len())
        && bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.last().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
        && !text.contains("..")
        && !is_reserved(&text.to_ascii_lowercase())
}

/// Whether `text` can be the directory of a report: a [slug](is_slug), and nothing that stands beside the reports'
/// directories itself, which are the orders of their list and its table.
#[must_use]
pub fn is_report_slug(text: &str) -> bool {
    is_slug(text) && !["by", "threats.csv"].contains(&text.to_ascii_lowercase().as_str())
}

/// What a name has to be to be a page's, as a hint says it.
pub const PAGE_NAME_FORM: &str =
    "use a name of at most 100 letters that no operating system or web host keeps for itself";

/// A name as the directory of a page, where it can be one on every system and host; `None` where not.
#[must_use]
pub fn page_name(name: &str) -> Option<String> {
    let url = url_name(name);
    let core = url.trim_matches('-');
    let is_reserved = core.is_ascii() && !core.is_empty() && !is_slug(core);
    (!url.is_empty() && url.len() <= 200 && !is_reserved).then_some(url)
}

/// Names that a build, a host or an operating system keeps for itself.
fn is_reserved(text: &str) -> bool {
    const OURS: [&str; 6] = ["index", "index.html", "data.json", "oauth2", "cdn-cgi", "favicon.ico"];
    OURS.contains(&text) || reserved(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_ignore_case_spaces_and_underscores() {
        assert_eq!(word(" Can be_onboarded "), "canbeonboarded");
    }

    #[test]
    fn url_names_follow_the_contract() {
        assert_eq!(url_name("EMEA  Servers (Tier 0)"), "emea-servers-tier-0-");
        assert_eq!(url_name("Zürich Research"), "zürich-research");
    }

    #[test]
    fn slugs_cannot_leave_their_directory() {
        for good in ["storm-2603", "a", "v1.2_x", "Storm--2603"] {
            assert!(is_slug(good), "{good}");
        }
        for bad in [
            "",
            ".",
            "..",
            "../x",
            "a/b",
            "a\\b",
            "CON",
            "con",
            "com1.x",
            "é",
            "a..b",
            "-a",
            "a.",
            "index",
            "a b",
            "web.config",
        ] {
            assert!(!is_slug(bad), "{bad}");
        }
        assert!(!is_slug(&"a".repeat(101)));
    }
}
