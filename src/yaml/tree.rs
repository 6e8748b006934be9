//! The parser's events to a tree. What YAML has beside values, lists and mappings is told where it stands.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use granit_parser::{Event, ScalarStyle, Span};

use super::{Kind, Node};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source, visible};

/// How deep lists and mappings may stand in one another.
pub(super) const DEEPEST: usize = 32;

/// A tree in the making.
pub(super) struct Tree<'a> {
    source: &'a Arc<Source>,
    /// Where the text begins in the source.
    base: usize,
    /// The lists and mappings that have no end yet.
    open: Vec<Open>,
    root: Option<Node>,
    documents: usize,
    refused: Diagnostics,
}

/// A list or a mapping of which more may come; a mapping's keys and values by turns.
struct Open {
    span: Range<usize>,
    is_map: bool,
    nodes: Vec<Node>,
}

impl<'a> Tree<'a> {
    pub(super) fn new(source: &'a Arc<Source>, base: usize) -> Self {
        Self { source, base, open: Vec::new(), root: None, documents: 0, refused: Diagnostics::new() }
    }

    /// Takes the next event. `None`: what follows is not worth reading.
    pub(super) fn take(&mut self, event: Event<'_>, span: &Span) -> Option<()> {
        let at = self.bytes(span);
        if event.tag().is_some() || span.tag_start.is_some() {
            let tag = span.tag_span().map_or_else(|| at.clone(), |tag| self.bytes(&tag));
            self.refuse_written(tag, "tag", "remove it: values stay as they are typed");
        }
        match event {
            Event::DocumentStart(..) => return self.begin(at),
            Event::Scalar(text, style, ..) => {
                let is_null = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let kind = if is_null { Kind::Null } else { Kind::Scalar(text.into_owned()) };
                self.add(Node { span: at, kind });
            }
            Event::SequenceStart(..) => return self.descend(at, false),
            Event::MappingStart(..) => return self.descend(at, true),
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            // What follows may be made of it, many times over.
            Event::Anchor(..) => {
                self.refuse_written(at, "anchor", REPEAT);
                return None;
            }
            Event::Alias(..) | Event::UnresolvedAlias(..) => {
                self.refuse_written(at, "alias", REPEAT);
                return None;
            }
            _ => {}
        }
        Some(())
    }

    /// The tree, and what was refused of it.
    pub(super) fn finish(self) -> (Option<Node>, Diagnostics) {
        (self.root, self.refused)
    }

    /// The bytes of the source that a span stands on.
    fn bytes(&self, span: &Span) -> Range<usize> {
        let range = span.byte_range().unwrap_or_default();
        let start = self.base + range.start;
        start..(self.base + range.end).max(start)
    }

    fn begin(&mut self, at: Range<usize>) -> Option<()> {
        self.documents += 1;
        if self.documents > 1 {
            self.refuse(
                at,
                "a second document begins here".to_owned(),
                "only one is read: remove the line, or the rest",
            );
            return None;
        }
        Some(())
    }

    fn descend(&mut self, span: Range<usize>, is_map: bool) -> Option<()> {
        if self.open.len() == DEEPEST {
            self.refuse(span, TOO_DEEP.to_owned(), HOW_DEEP);
            return None;
        }
        self.open.push(Open { span, is_map, nodes: Vec::new() });
        Some(())
    }

    fn close(&mut self) {
        let Some(Open { span, is_map, nodes }) = self.open.pop() else { return };
        let kind = if is_map { Kind::Map(self.entries(nodes)) } else { Kind::List(nodes) };
        self.add(Node { span, kind });
    }

    /// The keys and values of a mapping. A key is what it says, however it is written.
    fn entries(&mut self, nodes: Vec<Node>) -> Vec<(Node, Node)> {
        let mut nodes = nodes.into_iter();
        let pairs = std::iter::from_fn(|| Some((nodes.next()?, nodes.next()?)));
        let entries: Vec<(Node, Node)> = pairs.collect();
        let mut keys = BTreeSet::new();
        for (key, _) in &entries {
            if let Some(name) = key.text().filter(|name| !keys.insert(*name)) {
                let message = format!("duplicate mapping key: {}", visible(name));
                self.refuse(key.span.clone(), message, "remove one of them");
            }
        }
        entries
    }

    fn add(&mut self, node: Node) {
        match self.open.last_mut() {
            Some(open) => open.nodes.push(node),
            None => self.root = Some(node),
        }
    }

    /// Refuses what stands in the text as it is shown.
    fn refuse_written(&mut self, at: Range<usize>, what: &str, hint: &str) {
        let written = visible(self.source.text().get(at.clone()).unwrap_or_default());
        self.refuse(at, format!("unsupported {what} `{written}`"), hint);
    }

    fn refuse(&mut self, at: Range<usize>, message: String, hint: &str) {
        self.refused.push(Diagnostic::error(Code::InvalidYaml, message).at(self.source, at).hint(hint));
    }
}

pub(super) const TOO_DEEP: &str = "lists and mappings stand too deep in one another";
pub(super) const HOW_DEEP: &str = "they may stand in one another 32 deep";
const REPEAT: &str = "write the value out wherever it is wanted";
