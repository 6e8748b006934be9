//! Scope blocks, found in the source text before anything parses it.
//!
//! A block ends where its closing line stands, and both marker lines stand outside code
//! fences; so whatever a block holds is over when it ends, and a text without the block is the
//! text that would stand there had the author never written it. Where this reading by lines and
//! the Markdown parser disagree about what is code (a fence inside raw HTML, say), a marker line
//! is left over, and [`Document::parse`](super::Document::parse) makes an error of it.

mod cut;
mod lines;
mod marker;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source};
use crate::terms::Tlp;

pub use cut::CutText;
use lines::{Fence, lines};
use marker::Marker;

/// One scope block.
#[derive(Clone, Debug)]
pub struct Block {
    /// The groups a reader must ALL see.
    pub groups: BTreeSet<String>,
    /// The TLP a reader must be cleared for.
    pub tlp: Option<Tlp>,
    /// The block around it: its place in [`Blocks::iter`], always an earlier one.
    pub parent: Option<usize>,
    /// The opening marker's bytes, for messages.
    pub marker: Range<usize>,
    opening: Range<usize>,
    closing: Range<usize>,
}

impl Block {
    /// The bytes from the opening line to the closing one, both of them in it.
    #[must_use]
    pub fn lines(&self) -> Range<usize> {
        self.opening.start..self.closing.end
    }
}

/// The scope blocks of one text.
#[derive(Clone, Debug)]
pub struct Blocks {
    body: Range<usize>,
    list: Vec<Block>,
    /// Closing lines without a block: told as errors, and kept from the parser.
    strays: Vec<Range<usize>>,
}

struct Search<'a> {
    source: &'a Arc<Source>,
    blocks: Blocks,
    /// The blocks not yet closed, the innermost last.
    open: Vec<usize>,
    /// The fence not yet closed: its line, and the first marker line that stands inside it.
    fence: Option<(Fence, Range<usize>, Option<Range<usize>>)>,
    diagnostics: &'a mut Diagnostics,
}

impl Search<'_> {
    fn line(&mut self, line: Range<usize>) {
        let text = self.source.text()[line.clone()].trim_end_matches(['\n', '\r']);
        let marker = Marker::of(text);
        if let Some((fence, _, inside)) = &mut self.fence {
            if marker.is_some() {
                inside.get_or_insert(line);
            } else if fence.is_closed_by(text) {
                self.fence = None;
            }
            return;
        }
        let span = line.start..line.start + text.len();
        match marker {
            Some(Marker::Opening(rest)) => {
                let condition = marker::condition(self.source, &span, line.start + rest, self.diagnostics);
                let (parent, groups, tlp) = (self.open.last().copied(), condition.groups, condition.tlp);
                self.open.push(self.blocks.list.len());
                let closing = self.blocks.body.end..self.blocks.body.end;
                self.blocks.list.push(Block { groups, tlp, parent, marker: span, opening: line, closing });
            }
            Some(Marker::Closing) => self.close(line, span),
            None => self.fence = Fence::opened_by(text).map(|fence| (fence, span, None)),
        }
    }

    fn close(&mut self, line: Range<usize>, span: Range<usize>) {
        match self.open.pop().and_then(|index| self.blocks.list.get_mut(index)) {
            Some(block) => block.closing = line,
            None => {
                let problem = Diagnostic::error(Code::UnclosedScope, "a closing line without a scope block")
                    .hint("remove the line, or write the `::: scope …` line it belongs to");
                self.diagnostics.push(problem.at(self.source, span));
                self.blocks.strays.push(line);
            }
        }
    }

    fn end(self) -> Blocks {
        for index in &self.open {
            let problem = Diagnostic::error(Code::UnclosedScope, "a scope block that is not closed")
                .hint("write `:::` on a line of its own after it, outside code fences");
            self.diagnostics.push(problem.at(self.source, self.blocks.list[*index].marker.clone()));
        }
        // Everything after the fence would be shown as code to everybody, blocks included.
        if let Some((_, span, Some(_))) = self.fence {
            let problem =
                Diagnostic::error(Code::UnclosedScope, "a code fence that is not closed, with scope markers after it")
                    .hint("close the fence; inside code a marker line is text like any other");
            self.diagnostics.push(problem.at(self.source, span));
        }
        self.blocks
    }
}

impl Blocks {
    /// Finds the scope blocks in the bytes `body` of a file.
    #[must_use]
    pub fn find(source: &Arc<Source>, body: Range<usize>, diagnostics: &mut Diagnostics) -> Self {
        let start = source.floor(body.start);
        let body = start..source.floor(body.end).max(start);
        let blocks = Self { body, list: Vec::new(), strays: Vec::new() };
        let mut search = Search { source, blocks, open: Vec::new(), fence: None, diagnostics };
        for line in lines(source.text(), search.blocks.body.clone()) {
            search.line(line);
        }
        search.end()
    }

    /// The blocks, by where they open.
    pub fn iter(&self) -> impl Iterator<Item = &Block> {
        self.list.iter()
    }

    /// Which blocks a reader sees for whom `visible` decides each block's own condition: a
    /// block is seen when its own condition and those of all blocks around it hold. Equal
    /// signatures of one text give equal cuts.
    #[must_use]
    pub fn signature(&self, visible: impl Fn(&Block) -> bool) -> Vec<bool> {
        let mut seen: Vec<bool> = Vec::with_capacity(self.list.len());
        for block in &self.list {
            let around = block.parent.is_none_or(|parent| seen.get(parent) == Some(&true));
            seen.push(around && visible(block));
        }
        seen
    }

    /// The text that is left of `source`, in which the blocks were found: a hidden block leaves
    /// zero bytes, a visible one its content.
    #[must_use]
    pub fn cut(&self, source: &Arc<Source>, signature: &[bool]) -> CutText {
        self.cut_to(source, signature, self.body.end)
    }

    /// What is left of `source` before a block.
    #[must_use]
    pub fn cut_before(&self, source: &Arc<Source>, signature: &[bool], block: &Block) -> CutText {
        self.cut_to(source, signature, block.opening.start)
    }

    fn cut_to(&self, source: &Arc<Source>, signature: &[bool], end: usize) -> CutText {
        let mut removed = self.strays.clone();
        for (index, block) in self.list.iter().enumerate() {
            if signature.get(index) == Some(&true) {
                removed.extend([block.opening.clone(), block.closing.clone()]);
            } else {
                removed.push(block.opening.start..block.closing.end);
            }
        }
        removed.retain(|range| range.start < end);
        removed.sort_by_key(|range| range.start);
        CutText::without(source, self.body.start..end, &removed)
    }
}

/// Whether a line opens or closes a scope block, where one can.
pub(super) fn is_marker(line: &str) -> bool {
    Marker::of(line).is_some()
}

#[cfg(test)]
mod tests;
