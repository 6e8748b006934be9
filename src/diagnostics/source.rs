//! The text of a file, with the way from a byte offset to a line and a column.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A text file that was read, kept so that messages can quote it.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: String,
    /// Where the text begins in its file.
    start: Position,
    line_starts: Vec<usize>,
    /// What of it no message quotes.
    hidden: Vec<Range<usize>>,
}

/// Where something stands: both count from 1; a column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Position {
    /// Where every text begins.
    pub const FIRST: Self = Self { line: 1, column: 1 };
}

impl Source {
    /// A source called `name` (its path as messages show it) that holds `text`.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Self::part(name, text, Position::FIRST)
    }

    /// A part of a source that is too large to be kept: `text` begins at `start` of it.
    #[must_use]
    pub fn part(name: impl Into<String>, text: impl Into<String>, start: Position) -> Arc<Self> {
        Arc::new(Self::build(name.into(), text.into(), start, Vec::new()))
    }

    /// A source of which these parts are never quoted.
    #[must_use]
    pub fn guarded(name: impl Into<String>, text: impl Into<String>, hidden: Vec<Range<usize>>) -> Arc<Self> {
        Arc::new(Self::build(name.into(), text.into(), Position::FIRST, hidden))
    }

    fn build(name: String, text: String, start: Position, hidden: Vec<Range<usize>>) -> Self {
        let line_starts =
            std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect();
        Self { name, text, start, line_starts, hidden }
    }

    /// The path as messages show it: relative to the site, with `/`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the text begins in its file.
    #[must_use]
    pub fn start(&self) -> Position {
        self.start
    }

    /// The whole text, or that of the part.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What stands in a range, as messages may quote it: with a `*` for each character that they may not.
    #[must_use]
    pub fn quoted(&self, range: Range<usize>) -> String {
        let range = self.floor(range.start)..self.floor(range.end).max(self.floor(range.start));
        let near = |hidden: &&Range<usize>| hidden.start < range.end && range.start < hidden.end;
        let hidden: Vec<&Range<usize>> = self.hidden.iter().filter(near).collect();
        let is_hidden = |at: usize| hidden.iter().any(|hidden| hidden.contains(&at));
        let shown = |(at, c)| if c != '\n' && is_hidden(range.start + at) { '*' } else { c };
        self.text[range.clone()].char_indices().map(shown).collect()
    }

    /// The line and column of a byte offset; an offset past the end is the end.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.floor(offset);
        let line = self.line_starts.partition_point(|start| *start <= offset) - 1;
        let start = self.line_starts[line];
        let first = if line == 0 { self.start.column } else { 1 };
        Position { line: self.start.line + line, column: first + self.text[start..offset].chars().count() }
    }

    /// The byte range of a line (from 1) without its line end.
    #[must_use]
    pub fn line(&self, line: usize) -> Range<usize> {
        let line = line.saturating_sub(self.start.line);
        let Some(start) = self.line_starts.get(line).copied() else {
            return self.text.len()..self.text.len();
        };
        let end = self.line_starts.get(line + 1).map_or(self.text.len(), |next| next - 1);
        let text = self.text[start..end].trim_end_matches('\r');
        start..start + text.len()
    }

    /// The greatest character boundary that is not after `offset`.
    #[must_use]
    pub fn floor(&self, offset: usize) -> usize {
        self.text.floor_char_boundary(offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_ends_are_safe() {
        let source = Source::new("a.md", "é=1\r\nzwei");
        assert_eq!(source.position(3), Position { line: 1, column: 3 });
        assert_eq!(source.position(6), Position { line: 2, column: 1 });
        assert_eq!(source.position(99), Position { line: 2, column: 5 });
        assert_eq!(&source.text()[source.line(1)], "é=1");
        assert_eq!(source.line(9), 10..10);
    }

    #[test]
    fn what_is_hidden_is_not_quoted() {
        let source = Source::guarded("a.yaml", "a: é1\nb: 2", vec![3..7, 10..11]);
        assert_eq!((source.quoted(0..11).as_str(), source.quoted(4..99).as_str()), ("a: **\nb: *", "**\nb: *"));
    }

    #[test]
    fn a_part_stands_where_it_begins() {
        let part = Source::part("a.json", "é x\ny", Position { line: 7, column: 40 });
        assert_eq!(part.position(0), Position { line: 7, column: 40 });
        assert_eq!(part.position(3), Position { line: 7, column: 42 });
        assert_eq!(part.position(5), Position { line: 8, column: 1 });
        assert_eq!((&part.text()[part.line(7)], &part.text()[part.line(8)]), ("é x", "y"));
    }
}
