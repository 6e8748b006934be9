//! Problems, told like a good compiler tells them: a stable code, the place, the text that
//! stands there, and what to do.
//!
//! Rooms never print and never stop at the first problem: they push into a [`Diagnostics`]
//! and go on as far as makes sense. The command line decides how the list is shown
//! ([`render`]) and which exit code it means.

mod code;
mod diagnostic;
mod json;
mod manual;
mod plain;
pub mod render;
mod source;

pub use code::Code;
pub use diagnostic::{Diagnostic, Diagnostics, Place, Severity};
pub use json::{json_place, json_said};
pub use manual::explanation;
pub use plain::read_plain;
pub use source::{Position, Source};

/// The one of `known` that a person most likely meant by `typed`, if any is near enough.
///
/// Nearness is Damerau-Levenshtein distance on lower-cased text, at most a third of the
/// length; among equals the first in `known` is taken, so that the answer is stable.
#[must_use]
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let length = typed.chars().count();
    let limit = (length / 3).max(1);
    let distance = |word: &str| {
        let word = word.to_lowercase();
        // Most words are told from it by their length alone.
        let is_near = word.chars().count().abs_diff(length) <= limit;
        is_near.then(|| strsim::damerau_levenshtein(&typed, &word)).filter(|distance| *distance <= limit)
    };
    let near = known.into_iter().filter_map(|word| Some((distance(word)?, word)));
    near.min_by_key(|(distance, _)| *distance).map(|(_, word)| word)
}

/// `text` on one line, with control and bidirectional characters made visible and the length
/// capped: what reports and snapshots contain is written by strangers and must not steer a
/// terminal.
#[must_use]
pub fn visible(text: &str) -> String {
    visible_up_to(text, 160)
}

/// The same with another cap, in characters.
fn visible_up_to(text: &str, longest: usize) -> String {
    let mut out = String::new();
    for (count, c) in text.chars().enumerate() {
        if count == longest {
            out.push('…');
            break;
        }
        if is_unprintable(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// JSON in which every character that could steer a terminal or a log is written as an escape,
/// which means the same.
#[must_use]
pub fn quiet_json(json: &str) -> String {
    // Such characters stand in strings only, so that an escape can stand in their place.
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if is_unprintable(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether `c` is invisible or changes how its neighbours are shown.
#[must_use]
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{61c}' | '\u{180e}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_found_and_a_far_one_is_not() {
        assert_eq!(nearest("audiance", ["authors", "audience"]), Some("audience"));
        assert_eq!(nearest("zzz", ["authors", "audience"]), None);
        assert_eq!(nearest("Tags", ["tag", "ags", "tagged"]), Some("tag"));
        assert_eq!(nearest(&"a".repeat(1 << 20), ["audience"]), None);
    }

    #[test]
    fn escapes_cannot_reach_a_terminal() {
        assert_eq!(visible("a\u{1b}[31mb\u{202e}"), "a\\u{1b}[31mb\\u{202e}");
        assert_eq!(visible("a\u{61c}b\u{fff9}"), "a\\u{61c}b\\u{fff9}");
    }

    #[test]
    fn quiet_json_means_the_same() {
        let text = "a\u{1b}\u{7f}\u{9b}\u{202e}\u{e0041}é";
        let json = serde_json::to_string(text).expect("JSON");
        let quiet = quiet_json(&json);
        assert!(quiet.chars().all(|c| !is_unprintable(c)), "{quiet}");
        assert_eq!(serde_json::from_str::<String>(&quiet).expect("JSON"), text);
    }
}
