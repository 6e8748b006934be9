//! Texts as search compares them. The browser folds a query by the same rules
//! (`static/scripts/text.js`, `search-rank.js`).

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A word has at least so many characters, and at most so many: more is no word.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=64;

/// A text without regard to case and accents.
fn fold(text: &str) -> String {
    let plain: String = text.nfd().filter(|c| !is_combining_mark(*c)).collect();
    plain.to_lowercase()
}

/// The words of a text, folded, each once.
pub(super) fn words(text: &str) -> BTreeSet<String> {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| LENGTHS.contains(&word.chars().count())).map(str::to_owned).collect()
}

/// An id folded, and an indicator as it was before it was defanged: what a reader may paste.
#[must_use]
pub fn bare(id: &str) -> String {
    let plain = fold(id.trim()).replace("[.]", ".").replace("[:]", ":").replace("[@]", "@");
    match plain.split_once("://") {
        Some((scheme, rest)) => format!("{}://{rest}", scheme.replace("hxxp", "http").replace("fxp", "ftp")),
        None => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_told_once() {
        let found = words("Zürich, ZURICH: T1059.001 a naïve x²-test ﬁn");
        let expected = ["001", "naive", "t1059", "test", "x²", "zurich", "ﬁn"];
        assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected);
        assert!(words(&"a".repeat(65)).is_empty());
    }

    #[test]
    fn an_indicator_is_found_as_it_was() {
        for (shown, live) in [
            ("hxxps://Evil[.]example/a", "https://evil.example/a"),
            ("2001[:]db8[:][:]1", "2001:db8::1"),
            ("a[@]evil[.]example", "a@evil.example"),
            ("fxp://evil[.]example", "ftp://evil.example"),
            ("hxxp-client.exe", "hxxp-client.exe"),
            ("CVE-2025-53770", "cve-2025-53770"),
        ] {
            assert_eq!(bare(shown), live);
        }
    }
}
