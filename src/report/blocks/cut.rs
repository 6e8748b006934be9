//! What is left of a text, with the way back to the author's file.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostics::{Diagnostic, Source};

/// A text without the blocks that are hidden and without marker lines.
///
/// The text is a function of what is visible alone. The way back to the file is not (it knows
/// how much was cut), so offsets serve messages and nothing else.
#[derive(Clone, Debug)]
pub struct CutText {
    source: Arc<Source>,
    text: String,
    pieces: Vec<Piece>,
}

/// From `cut` on the text stands at `original` in the file.
#[derive(Clone, Copy, Debug)]
struct Piece {
    cut: usize,
    original: usize,
}

impl CutText {
    /// The bytes `body` of a file, with nothing cut.
    #[must_use]
    pub fn whole(source: &Arc<Source>, body: Range<usize>) -> Self {
        Self::without(source, body, &[])
    }

    /// The bytes `body` without `removed`, which are ascending by start; one may hold another.
    pub(super) fn without(source: &Arc<Source>, body: Range<usize>, removed: &[Range<usize>]) -> Self {
        let mut cut = Self { source: Arc::clone(source), text: String::new(), pieces: Vec::new() };
        let mut at = body.start;
        for gap in removed {
            cut.keep(at..gap.start);
            at = at.max(gap.end);
        }
        cut.keep(at..body.end);
        cut
    }

    fn keep(&mut self, range: Range<usize>) {
        if let Some(text) = self.source.text().get(range.clone()).filter(|text| !text.is_empty()) {
            self.pieces.push(Piece { cut: self.text.len(), original: range.start });
            self.text.push_str(text);
        }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The author's file.
    #[must_use]
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// Where bytes of the text stand in the author's file.
    #[must_use]
    pub fn original(&self, span: Range<usize>) -> Range<usize> {
        let start = self.offset(span.start);
        let end = if span.end > span.start { self.offset(span.end - 1) + 1 } else { start };
        start..end
    }

    fn offset(&self, at: usize) -> usize {
        let after = self.pieces.partition_point(|piece| piece.cut <= at);
        self.pieces[..after].last().map_or(at, |piece| piece.original + (at - piece.cut))
    }

    /// A problem that stands at bytes of the text.
    pub(in crate::report) fn place(&self, diagnostic: Diagnostic, span: Range<usize>) -> Diagnostic {
        diagnostic.at(&self.source, self.original(span))
    }
}
