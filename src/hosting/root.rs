//! Where the builds stand on the server.

use std::fmt;

/// An absolute path of the server, without `/` at the end. It is made of letters, digits, spaces
/// and `/-_.+@`, so that a configuration may hold it between double quotes: nginx knows no way to
/// write a `$`, Caddy none to write a brace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root(String);

impl Root {
    /// Reads a path.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let path = text.strip_suffix('/').unwrap_or(text);
        let plain = |c: char| c.is_alphanumeric() || "/-_.+@ ".contains(c);
        let parts = path.strip_prefix('/')?.split('/');
        let valid = path.chars().all(plain) && parts.into_iter().all(|part| !["", ".", ".."].contains(&part));
        valid.then(|| Self(path.to_owned()))
    }
}

impl fmt::Display for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_absolute_paths_are_read() {
        for good in ["/srv/threatpress", "/srv/München 2/a.b_c-d+e@f/"] {
            assert_eq!(Root::parse(good).map(|root| root.to_string()).as_deref(), Some(good.trim_end_matches('/')));
        }
        for bad in [
            "",
            "/",
            "srv",
            "//srv",
            "/srv/../etc",
            "/a/./b",
            "/a$b",
            "/a\"b",
            "/a{b",
            "/a;b",
            "/a\nb",
            "/a\\b",
            "/a#b",
            "/a\u{202e}b",
        ] {
            assert_eq!(Root::parse(bad), None, "{bad:?}");
        }
    }
}
