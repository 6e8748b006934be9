//! A problem of a file, and its place.

use super::files::TableFile;
use crate::diagnostics::{Diagnostic, Position, Source};

/// How much of a line is quoted before and after the place that is meant, in bytes.
const AROUND: usize = 200;

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// In bytes, from 0.
    pub(super) offset: u64,
    /// From 1.
    pub(super) line: u64,
    /// In characters, from 1.
    pub(super) column: u64,
}

impl Spot {
    /// Where every text begins.
    pub(super) const FIRST: Self = Self { offset: 0, line: 1, column: 1 };

    /// The place behind `text`, which begins here.
    pub(super) fn after(self, text: &[u8]) -> Self {
        let lines = memchr::memchr_iter(b'\n', text).count() as u64;
        let (column, last) = match memchr::memrchr(b'\n', text) {
            Some(end) => (1, text.get(end + 1..).unwrap_or_default()),
            None => (self.column, text),
        };
        let characters = last.iter().filter(|byte| begins_character(**byte)).count() as u64;
        Self { offset: self.offset + text.len() as u64, line: self.line + lines, column: column + characters }
    }

    fn position(self) -> Position {
        let number = |number| usize::try_from(number).unwrap_or(usize::MAX);
        Position { line: number(self.line), column: number(self.column) }
    }
}

/// Whether a byte is none of those that continue a character.
fn begins_character(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

/// A problem, and where in its file: the first of several is told, whichever thread met it.
#[derive(Debug)]
pub(in crate::snapshot) struct Fault {
    pub(in crate::snapshot) at: u64,
    pub(in crate::snapshot) told: Diagnostic,
}

impl Fault {
    /// A problem that stands at `at` of `text`, which begins at `start` of a file. Of the text only what stands near
    /// in the same line is kept, to be quoted: a line may be as long as its file.
    pub(super) fn new(problem: Diagnostic, file: &TableFile, start: Spot, text: &[u8], at: usize) -> Self {
        let (before, after) = text.split_at(at.min(text.len()));
        let line = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
        let first = line.max(before.len().saturating_sub(AROUND));
        let first = first + before.iter().skip(first).take_while(|byte| !begins_character(**byte)).count();
        let (left_out, before) = before.split_at(first);
        let end = memchr::memchr(b'\n', after).unwrap_or(after.len());
        let end = (0..=end.min(AROUND)).rev().find(|end| after.get(*end).is_none_or(|byte| begins_character(*byte)));
        let after = after.get(..end.unwrap_or_default()).unwrap_or_default();
        let [before, after] = [before, after].map(String::from_utf8_lossy);
        let meant = before.len()..before.len() + after.chars().next().map_or(0, char::len_utf8);
        let begins = start.after(left_out);
        let part = Source::part(&*file.shown, format!("{before}{}", after.trim_end_matches('\r')), begins.position());
        Self { at: start.offset + at as u64, told: problem.at(&part, meant) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::files::sample;
    use super::*;
    use crate::diagnostics::{Code, Place};

    #[test]
    fn a_spot_counts_characters_in_its_line() {
        let start = Spot { offset: 3, ..Spot::FIRST };
        let middle = start.after("aé".as_bytes());
        assert_eq!(middle, Spot { offset: 6, line: 1, column: 3 });
        assert_eq!(middle.after("x\n\nü".as_bytes()), Spot { offset: 11, line: 3, column: 2 });
    }

    #[test]
    fn a_fault_quotes_what_stands_near_in_its_line() {
        let long = format!("x\n{}!{}\ny", "é".repeat(4000), "ü".repeat(4000));
        let at = |byte| memchr::memchr(byte, long.as_bytes()).expect("a byte");
        for (text, at, column, quoted) in [
            ("[\n{,}\r\n]", 3, 7, "{,}".to_owned()),
            ("", 0, 5, String::new()),
            (&long, at(b'!'), 4001, format!("{}!{}", "é".repeat(100), "ü".repeat(99))),
            (&long, long.len() - 1, 1, "y".to_owned()),
        ] {
            let start = Spot { offset: 9, line: 4, column: 5 };
            let problem = Diagnostic::error(Code::DamagedFile, "x");
            let fault = Fault::new(problem, &sample("t.json"), start, text.as_bytes(), at);
            let Place::Span { source, span } = &fault.told.place else { panic!("a span") };
            assert_eq!((source.text(), fault.at), (quoted.as_str(), 9 + at as u64));
            assert!(source.text().get(span.clone()).is_some_and(|meant| meant.chars().count() <= 1));
            let column = if text.starts_with('[') { 2 } else { column };
            assert_eq!(fault.told.place.position().map(|place| place.column), Some(column), "{text:.20}");
        }
    }
}
