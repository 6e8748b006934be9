//! Reading a mapping by its keys, with a message for every key that is wrong, missing or
//! unknown.

use std::ops::Range;
use std::sync::Arc;

use super::{Form, Keys, Kind, Node};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source, nearest, visible};

/// A mapping that is being read. [`Map::finish`] complains about keys that are not declared.
///
/// Reader and declaration cannot part: in a debug build, to ask for a key that is not declared is
/// a fault, and so is to finish without having asked for one that is.
pub struct Map<'a> {
    source: &'a Arc<Source>,
    keys: &'static Keys,
    span: Range<usize>,
    entries: Vec<Entry<'a>>,
    asked: Vec<&'static str>,
}

/// A key's text, its node, and its value.
type Entry<'a> = (&'a str, &'a Node, &'a Node);

impl<'a> Map<'a> {
    /// The mapping that `node` is, or a complaint that it has to be one.
    pub fn open(
        source: &'a Arc<Source>,
        node: &'a Node,
        keys: &'static Keys,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let entries = entries(source, node, keys.what, diagnostics)?;
        Some(Self { source, keys, span: node.span.clone(), entries, asked: Vec::new() })
    }

    /// The source it stands in.
    #[must_use]
    pub fn source(&self) -> &'a Arc<Source> {
        self.source
    }

    /// Whether the key stands there, with or without a value.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(name, _, _)| *name == key)
    }

    /// The value of a key, unless it is left out or empty.
    pub fn get(&mut self, key: &'static str) -> Option<&'a Node> {
        debug_assert!(self.keys.get(key).is_some(), "`{key}` is not declared for {}", self.keys.what);
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

    /// Complains of the keys that stand there without a value and may not, though they may be
    /// left out.
    pub fn forbid_empty(&self, diagnostics: &mut Diagnostics) {
        for (name, key, value) in &self.entries {
            let known = self.keys.get(name).filter(|key| !key.may_be_empty && !key.required);
            if let (Some(known), Kind::Null) = (known, &value.kind) {
                let hint = match known.form {
                    Form::List(_) => "write a value, or remove the key; `[]` is an empty list",
                    _ => "write a value, or remove the key",
                };
                diagnostics.push(
                    Diagnostic::error(Code::MissingKey, format!("`{name}` is empty"))
                        .at(self.source, key.span.clone())
                        .hint(hint),
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

    /// Complains about every key that is not declared.
    pub fn finish(self, diagnostics: &mut Diagnostics) {
        let known: Vec<&str> = self.keys.names().collect();
        debug_assert!(known.iter().all(|key| self.asked.contains(key)), "{} has a key nobody reads", self.keys.what);
        for (name, key, value) in &self.entries {
            if self.keys.get(name).is_none() {
                diagnostics.push(unknown(self.source, (name, key, value), &known));
            }
        }
    }

    fn first_line(&self) -> Range<usize> {
        let start = self.span.start;
        let line = self.source.line(self.source.position(start).line);
        start..line.end.max(start)
    }
}

/// The complaint that a mapping which has `known` keys has another one.
pub(crate) fn unknown(source: &Arc<Source>, (name, key, value): Entry<'_>, known: &[&str]) -> Diagnostic {
    let is_cut_off = matches!(value.kind, Kind::Null) && name.contains(' ');
    // A password may have become a key, and is no more to be told as that.
    let is_quotable = source.text().get(key.span.clone()) == Some(source.quoted(key.span.clone()).as_str());
    let shown = if is_quotable { visible(name) } else { "***".to_owned() };
    let complaint = Diagnostic::error(Code::UnknownKey, format!("unknown key `{shown}`"));
    complaint.at(source, key.span.clone()).hint(match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{}`?", visible(near)),
        None if is_cut_off => "a comma ends a value within `{ }`: put a text that has one into quotes".to_owned(),
        None => format!("known here: {}", known.iter().map(|name| visible(name)).collect::<Vec<_>>().join(", ")),
    })
}

/// The keys and values of the mapping that `node` is, in the author's order, for a mapping whose
/// keys are names; or a complaint that `what` has to be a mapping.
pub(crate) fn entries<'a>(
    source: &Arc<Source>,
    node: &'a Node,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Entry<'a>>> {
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
    Some(entries)
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
