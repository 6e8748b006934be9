//! One form for all ways to write a text.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfkc_quick};

use crate::diagnostics::is_unprintable;

/// The text in compatibility form (NFKC), in lower case but for most of ASCII, with dashes and quotes
/// as ASCII has them and without characters that nobody sees.
///
/// Only runs of other characters than ASCII are touched, each with the character before it,
/// which an accent may belong to.
pub(super) fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = first_other(rest) {
        let (ascii, other) = rest.split_at(start.saturating_sub(1));
        out.push_str(ascii);
        let skip = usize::from(start > 0);
        let length = other.bytes().skip(skip).position(|byte| byte.is_ascii()).map_or(other.len(), |at| at + skip);
        let (run, after) = other.split_at(length);
        let mut say = |c: char| out.extend(c.to_lowercase().filter(|c| !is_invisible(*c)).map(plain));
        match is_nfkc_quick(run.chars()) {
            IsNormalized::Yes => run.chars().for_each(&mut say),
            _ => run.nfkc().for_each(&mut say),
        }
        rest = after;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Where the first character stands that is not of ASCII.
fn first_other(text: &str) -> Option<usize> {
    const MANY: usize = 32;
    let ascii = text.as_bytes().chunks(MANY).take_while(|chunk| chunk.is_ascii()).count() * MANY;
    let rest = text.as_bytes().get(ascii..)?;
    rest.iter().position(|byte| !byte.is_ascii()).map(|at| ascii + at)
}

/// Soft hyphens, joiners, direction marks, variation selectors: nothing to see. Line ends stay.
fn is_invisible(c: char) -> bool {
    (is_unprintable(c) && !c.is_ascii() && !matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}'))
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

fn plain(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{ff0d}' | '\u{fe58}' | '\u{fe63}' => '-',
        '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{2bc}' => '\'',
        '\u{201c}'..='\u{201f}' | '\u{2033}' => '"',
        '\u{b7}' | '\u{2022}' | '\u{2219}' | '\u{3002}' => '.',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_the_same_is_the_same() {
        for written in [
            "host-a01",
            "ho\u{ad}st-a\u{200b}01",
            "host\u{2011}a01",
            "\u{ff48}\u{ff4f}st\u{2013}a0\u{ff11}",
            "h\u{2060}ost-a01\u{fe0f}",
        ] {
            assert_eq!(fold(written), "host-a01", "{written:?}");
        }
        assert_eq!(fold("Zu\u{308}rich O\u{2019}B, \u{c5}"), "Zürich o'B, å");
        assert_eq!(fold("é"), "é");
        assert_eq!(fold("host\u{2026}corp"), "host...corp");
    }
}
