//! Where a link may lead: http, https, mailto, or somewhere in the site.

use crate::diagnostics::is_unprintable;

/// A link's destination, as a browser would take it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// Another site: `http` or `https`.
    External(String),
    /// `mailto:`.
    Mail(String),
    /// A place in the same text: what follows the `#`.
    Anchor(String),
    /// Another page or file of the site, relative or from its root.
    Relative(String),
}

impl Destination {
    /// Reads a destination; `None` is one that must not become a link.
    ///
    /// Browsers trim controls and spaces, drop tabs and line ends anywhere, and take `\` for
    /// `/`; so that is done, or refused, before anything is judged.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim_matches(|c: char| c <= ' ').replace(['\t', '\n', '\r'], "");
        if text.chars().any(is_unprintable) {
            return None;
        }
        if let Some(fragment) = text.strip_prefix('#') {
            return Some(Self::Anchor(fragment.to_owned()));
        }
        let path = &text[..text.find(['?', '#']).unwrap_or(text.len())];
        if path.contains('\\') || path.starts_with("//") {
            return None;
        }
        let scheme = path[..path.find('/').unwrap_or(path.len())].split_once(':').map(|(scheme, _)| scheme);
        let Some(scheme) = scheme else { return Some(Self::Relative(text)) };
        let rest = &text[scheme.len() + 1..];
        match scheme.to_ascii_lowercase().as_str() {
            "http" | "https" => {
                let host = rest.strip_prefix("//")?;
                (!host.starts_with(['/', '?', '#']) && !host.is_empty()).then_some(Self::External(text))
            }
            "mailto" => (!rest.is_empty()).then_some(Self::Mail(text)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_allowed_is_read() {
        let external = |url: &str| Some(Destination::External(url.to_owned()));
        assert_eq!(Destination::read(" https://h/a?b#c "), external("https://h/a?b#c"));
        assert_eq!(Destination::read("HTTP://h"), external("HTTP://h"));
        assert_eq!(Destination::read("ht\ttp://h"), external("http://h"));
        assert_eq!(Destination::read("mailto:a@b.example"), Some(Destination::Mail("mailto:a@b.example".into())));
        assert_eq!(Destination::read("#a"), Some(Destination::Anchor("a".into())));
        for relative in ["/threats/a/", "../a.md#b", "a?b=c:d", "?x=\\y", ""] {
            assert_eq!(Destination::read(relative), Some(Destination::Relative(relative.to_owned())));
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\tscript:x",
            "\u{1}javascript:x",
            "java\u{0}script:x",
            "vbscript:x",
            "data:text/html,x",
            "file:///etc/passwd",
            "//host",
            "\\\\host",
            "/\\host",
            "\\/host",
            "https:host",
            "https:\\\\host",
            "https:///host",
            "https://",
            "mailto:",
            "blob:x",
            "a\\b",
            "\u{202e}x",
            "1:2",
            "ms-word:x",
            " //host",
            "\t//host",
            "/\t/host",
            ":x",
        ] {
            assert_eq!(Destination::read(bad), None, "{bad:?}");
        }
    }
}
