//! Reading a mapping by its keys, with a message for every key that is wrong, missing or
//! unknown.

use std::ops::Range;
use std::sync::Arc;

use super::{Kind, Node};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source, nearest, visible};

/// A mapping that is being read. [`Map::finish`] complains about keys nobody asked for.
pub struct Map<'a> {
    source: &'a Arc<Source>,
    span: Range<usize>,
    entries: Vec<(&'a str, &'a Node, &'a Node)>,
    asked: Vec<&'static str>,
}

impl<'a> Map<'a> {
    /// The mapping that `node` is, or a complaint that `what` has to be one.
    pub fn open(source: &'a Arc<Source>, node: &'a Node, what: &str, diagnostics: &mut Diagnostics) -> Option<Self> {
        let Kind::Map(nodes) = &node.kind else {
            diagnostics.push(wrong_kind(source, node, what, "a mapping of keys to values"));
            return None;
        };
        let mut entries = Vec::new();
        for (key, value) in nodes {
            match &key.kind {
                Kind::Scalar(name) => entries.push((name.as_str(), key, value)),
                _ => diagnostics.push(wrong_kind(source, key, "a key", "a plain word")),
            }
        }
        Some(Self { source, span: node.span.clone(), entries, asked: Vec::new() })
    }

    /// The source it stands in.
    #[must_use]
    pub fn source(&self) -> &'a Arc<Source> {
        self.source
    }

    /// Every key with its node and its value, in the author's order, for a mapping whose keys
    /// are names.
    pub fn entries(&self) -> impl Iterator<Item = (&'a str, &'a Node, &'a Node)> {
        self.entries.iter().copied()
    }

    /// The value of a key, unless it is left out or empty.
    pub fn get(&mut self, key: &'static str) -> Option<&'a Node> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        let (_, _, value) = self.entries.iter().find(|(name, _, _)| *name == key)?;
        (!matches!(value.kind, Kind::Null)).then_some(value)
    }

    /// The value of a key that must be there.
    pub fn require(&mut self, key: &'static str, what: &str, diagnostics: &mut Diagnostics) -> Option<&'a Node> {
        let value = self.get(key);
        if value.is_none() {
            let at = self.entries.iter().find(|(name, _, _)| *name == key).map(|(_, key, _)| key.span.clone());
            let at = at.unwrap_or_else(|| self.first_line());
            diagnostics.push(
                Diagnostic::error(Code::MissingKey, format!("`{key}` is missing"))
                    .at(self.source, at)
                    .hint(format!("add `{key}:`, {what}")),
            );
        }
        value
    }

    /// Complains of a key that stands there without a value. For keys that decide who may
    /// read: nothing after the colon could be taken for more than was meant.
    pub fn forbid_empty(&self, keys: &[&str], diagnostics: &mut Diagnostics) {
        for (name, key, value) in &self.entries {
            if keys.contains(name) && matches!(value.kind, Kind::Null) {
                diagnostics.push(
                    Diagnostic::error(Code::MissingKey, format!("`{name}` is empty"))
                        .at(self.source, key.span.clone())
                        .hint("write a value, or remove the key; `[]` is an empty list"),
                );
            }
        }
    }

    /// Text of a key, trimmed; an empty text is as good as none.
    pub fn text(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> Option<String> {
        let node = self.get(key)?;
        text(self.source, node, key, diagnostics).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// Text of a key that must be there and not be empty.
    pub fn required_text(&mut self, key: &'static str, what: &str, diagnostics: &mut Diagnostics) -> Option<String> {
        let node = self.require(key, what, diagnostics)?;
        let text = text(self.source, node, key, diagnostics)?.trim();
        if text.is_empty() {
            diagnostics.push(
                Diagnostic::error(Code::MissingKey, format!("`{key}` is empty"))
                    .at(self.source, node.span.clone())
                    .hint(format!("write {what}")),
            );
            return None;
        }
        Some(text.to_owned())
    }

    /// A value that `read` understands, or a complaint that `expected` was wanted.
    pub fn value<T>(
        &mut self,
        key: &'static str,
        expected: &str,
        diagnostics: &mut Diagnostics,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let node = self.get(key)?;
        value(self.source, node, key, expected, diagnostics, read)
    }

    /// A list of texts, trimmed; one text alone is a list of one. Each comes with its node.
    pub fn texts(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> Vec<(String, &'a Node)> {
        let mut out = Vec::new();
        for node in self.list(key) {
            if let Some(text) = text(self.source, node, key, diagnostics) {
                out.push((text.trim().to_owned(), node));
            }
        }
        out
    }

    /// The items of a list; a value alone is a list of one; nothing is none.
    pub fn list(&mut self, key: &'static str) -> &'a [Node] {
        match self.get(key) {
            None => &[],
            Some(Node { kind: Kind::List(items), .. }) => items,
            Some(node) => std::slice::from_ref(node),
        }
    }

    /// Complains about every key that nothing asked for.
    pub fn finish(self, diagnostics: &mut Diagnostics) {
        for (name, key, _) in &self.entries {
            if self.asked.contains(name) {
                continue;
            }
            let complaint = Diagnostic::error(Code::UnknownKey, format!("unknown key `{}`", visible(name)))
                .at(self.source, key.span.clone());
            diagnostics.push(complaint.hint(match nearest(name, self.asked.iter().copied()) {
                Some(known) => format!("did you mean `{known}`?"),
                None => format!("known here: {}", self.asked.join(", ")),
            }));
        }
    }

    fn first_line(&self) -> Range<usize> {
        let start = self.span.start;
        let line = self.source.line(self.source.position(start).line);
        start..line.end.max(start)
    }
}

/// The text that `node` is, or a complaint that `key` wants one.
fn text<'a>(source: &Arc<Source>, node: &'a Node, key: &str, diagnostics: &mut Diagnostics) -> Option<&'a str> {
    match &node.kind {
        Kind::Scalar(text) => Some(text),
        _ => {
            diagnostics.push(wrong_kind(source, node, &format!("`{key}`"), "a single value"));
            None
        }
    }
}

/// What `read` makes of the text that `node` is, or a complaint that `expected` was wanted.
pub(crate) fn value<T>(
    source: &Arc<Source>,
    node: &Node,
    key: &str,
    expected: &str,
    diagnostics: &mut Diagnostics,
    read: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    let text = text(source, node, key, diagnostics)?;
    let value = read(text.trim());
    if value.is_none() {
        diagnostics.push(
            Diagnostic::error(Code::InvalidValue, format!("`{key}` cannot be `{}`", visible(text)))
                .at(source, node.span.clone())
                .hint(format!("write {expected}")),
        );
    }
    value
}

fn wrong_kind(source: &Arc<Source>, node: &Node, what: &str, wanted: &str) -> Diagnostic {
    Diagnostic::error(Code::WrongKind, format!("{what} is {}", node.kind.name()))
        .at(source, node.span.clone())
        .hint(format!("write {wanted}"))
}
