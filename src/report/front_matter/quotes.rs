//! The quotes of a CSV text. The `csv` crate takes them as they come: one that nobody closes swallows the rows behind
//! it, and what stands behind a closed one becomes a part of the value.

use std::ops::Range;

/// A quote that is not as CSV has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// It opens and is not closed.
    Open(Range<usize>),
    /// This stands behind it, though it closes a value.
    Behind(Range<usize>),
}

/// The flaws of a text, in its order. A quote opens where a value begins, and nowhere else.
pub(super) fn flaws(text: &str) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with('"') {
            let Some(closed) = closed(rest) else {
                flaws.push(Flaw::Open(at..at + 1));
                break;
            };
            let behind = rest[closed..].find(ENDS).unwrap_or(rest.len() - closed);
            let left = &rest[closed..closed + behind];
            if !left.trim().is_empty() {
                flaws.push(Flaw::Behind(at + closed..at + closed + behind));
            }
            at += closed + behind;
        } else {
            at += rest.find(ENDS).unwrap_or(rest.len());
        }
        // What ends a value, if not the text.
        at += 1;
    }
    flaws
}

/// What ends a value.
const ENDS: [char; 3] = [',', '\n', '\r'];

/// Where a quoted value ends, behind its closing quote; inside, a quote is written twice.
fn closed(value: &str) -> Option<usize> {
    let mut at = 1;
    loop {
        at += value.get(at..)?.find('"')? + 1;
        if !value[at..].starts_with('"') {
            return Some(at);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_has_to_close_and_nothing_to_stand_behind() {
        for (text, expected) in [
            ("", vec![]),
            ("a,\"b\",\"c\"\"d, e\"\r\n\"f\n\ng\" ,h\"i\"\n\"\",\"\"", vec![]),
            ("a,\"b\n\"c,d", vec![Flaw::Behind(6..7)]),
            ("a,\"b\nc,\"\"", vec![Flaw::Open(2..3)]),
            ("\"é\"x,\"y\"z\n\"", vec![Flaw::Behind(4..5), Flaw::Behind(9..10), Flaw::Open(11..12)]),
            ("\"a\" \"b\"\n", vec![Flaw::Behind(3..7)]),
            ("\"a\"\"", vec![Flaw::Open(0..1)]),
        ] {
            assert_eq!(flaws(text), expected, "{text:?}");
        }
    }
}
