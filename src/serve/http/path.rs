//! From the path of a request to the key of a file.

use percent_encoding::percent_decode_str;

/// The path as it is looked up: decoded once, and plain.
///
/// Files are never opened by such a path. It is held to this form all the same, so that whoever looks it up may
/// trust what [`Preview::answer`](crate::serve::Preview::answer) says of it.
pub(super) fn plain(path: &str) -> Option<String> {
    let rest = path.strip_prefix('/')?;
    if !is_encoded_well(path) {
        return None;
    }
    let decoded = percent_decode_str(rest).decode_utf8().ok()?;
    let mut parts: Vec<&str> = decoded.split('/').collect();
    // A directory ends with `/`.
    if parts.last().is_some_and(|last| last.is_empty()) {
        parts.pop();
    }
    let is_plain = |part: &&str| !part.is_empty() && *part != "." && *part != "..";
    let is_bad = |c: char| c.is_control() || c == '\\';
    (parts.iter().all(is_plain) && !decoded.contains(is_bad)).then(|| format!("/{decoded}"))
}

/// Whether every `%` begins two hexadecimal digits; a decoder would leave another one as it is.
fn is_encoded_well(path: &str) -> bool {
    let is_hex = |text: &str| text.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    path.split('%').skip(1).all(is_hex)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::path::{Component, Path};

    #[test]
    fn plain_paths_are_decoded() {
        for (asked, path) in [
            ("/", "/"),
            ("/soc/", "/soc/"),
            ("/soc/threats/storm-2603/data.json", "/soc/threats/storm-2603/data.json"),
            ("/soc/groups/z%C3%BCrich/", "/soc/groups/zürich/"),
            ("/soc/a%20b;c", "/soc/a b;c"),
            // Decoded once: a name with a per cent sign, which no build holds.
            ("/soc/%252e%252e/x", "/soc/%2e%2e/x"),
            ("/C:/x", "/C:/x"),
            ("/...", "/..."),
        ] {
            assert_eq!(plain(asked).as_deref(), Some(path), "{asked}");
        }
    }

    #[test]
    fn paths_that_lead_elsewhere_are_none() {
        for bad in [
            "",
            "*",
            "soc/",
            "//",
            "//etc/passwd",
            "/soc//x",
            "/soc/../plant/",
            "/..",
            "/.",
            "/soc/./x",
            "/%2e%2e/x",
            "/%2e%2e%2fetc",
            "/soc%2f..%2fplant",
            "/..%2f",
            "/..%5cx",
            "/a\\b",
            "/%00",
            "/a%0d%0ab",
            "/%7f",
            "/%c0%ae%c0%ae/x",
            "/%c0%af",
            "/%ff",
            "/%",
            "/%2",
            "/%zz",
            "/%+1",
        ] {
            assert_eq!(plain(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_passes_is_made_of_plain_names(asked in "(/|\\.|%2e|%2E|%2f|%5c|\\\\|%00|%25|a|%|;|\\PC){0,12}") {
            if let Some(path) = plain(&format!("/{asked}")) {
                let mut parts = Path::new(&path).components();
                prop_assert_eq!(parts.next(), Some(Component::RootDir));
                prop_assert!(parts.all(|part| matches!(part, Component::Normal(_))));
                prop_assert!(!path.contains("//") && !path.contains("/./") && !path.ends_with("/."));
                prop_assert!(!path.contains(|c: char| c.is_control() || c == '\\'));
            }
        }
    }
}
