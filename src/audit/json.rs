//! Numbers in JSON, which are no part of any name.

use std::borrow::Cow;

use serde::de::IgnoredAny;

/// Stands for every character of a number: a letter, so that what stands before a number and what stands behind it are not
/// read as one text either.
const NUMBER: char = '\u{16a0}';

/// The text without the numbers that stand in no string: an index of words says in which documents each is, and `"campaign":
/// [1]` is no "Campaign 1". What is no JSON stays as it is, for nobody knows what a number is there.
pub(super) fn without_numbers(text: &str) -> Cow<'_, str> {
    if serde_json::from_str::<IgnoredAny>(text).is_err() {
        return Cow::Borrowed(text);
    }
    let (mut is_string, mut is_escaped) = (false, false);
    let shown = |c: char| {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => is_string = !is_string,
            '0'..='9' if !is_string => return NUMBER,
            _ => {}
        }
        c
    };
    Cow::Owned(text.chars().map(shown).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_strings_stay() {
        let shown = without_numbers(r#"{"a 1\\": [12, "2\" 3", 4.5e6], "7": null}"#);
        assert_eq!(shown, "{\"a 1\\\\\": [ᚠᚠ, \"2\\\" 3\", ᚠ.ᚠeᚠ], \"7\": null}");
        assert_eq!(without_numbers("srv 17"), "srv 17");
    }
}
