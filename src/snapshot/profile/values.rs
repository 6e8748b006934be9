//! What fills the columns of a table, as a profile's text says it.

use std::collections::BTreeMap;

use super::Value;
use super::keys::VALUE;
use super::read::Reader;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, nearest, visible};
use crate::snapshot::tables::{Table, read_as, words};
use crate::terms::word;
use crate::yaml::{Kind, Map, Node, entries, value};

/// What a value is for.
#[derive(Clone, Copy)]
pub(super) struct Target<'t> {
    /// The key of the profile that it stands at.
    key: &'t str,
    /// The table whose column it fills.
    table: Option<&'static str>,
}

impl<'t> Target<'t> {
    /// A column.
    pub(super) fn column(table: &Table, key: &'t str) -> Self {
        Self { key, table: Some(table.name) }
    }

    /// Something that takes any text.
    pub(super) fn any(key: &'t str) -> Self {
        Self { key, table: None }
    }
}

impl Reader<'_> {
    pub(super) fn value(&mut self, node: &Node, target: Target<'_>, told: &mut Diagnostics) -> Option<Value> {
        match &node.kind {
            Kind::List(items) => {
                let values: Vec<Value> = items.iter().filter_map(|item| self.value(item, target, told)).collect();
                Some(Value::First(values))
            }
            Kind::Map(_) => self.worked(node, target, told),
            Kind::Scalar(_) | Kind::Null => self.at(node, target.key, told).map(Value::At),
        }
    }

    /// A value that is more than a path.
    fn worked(&mut self, node: &Node, target: Target<'_>, told: &mut Diagnostics) -> Option<Value> {
        let mut map = Map::open(self.source, node, &VALUE, told)?;
        for node in ["value", "else"].into_iter().filter_map(|key| map.get(key)) {
            self.check(node, target, told);
        }
        let always = map.text("value", told);
        // What it is made of may be anything.
        let mut value = map.get("from").and_then(|node| self.value(node, Target::any(target.key), told));
        if let Some(pattern) = map.value("find", "a regular expression", told, |text| regex::Regex::new(text).ok()) {
            value = value.map(|value| Value::Found(Box::new(value), pattern));
        }
        let unit = |text: &str| match text {
            "seconds" => Some(1_000_000_000),
            "milliseconds" => Some(1_000_000),
            _ => None,
        };
        if let Some(unit) = map.value("epoch", "`seconds` or `milliseconds`", told, unit) {
            value = value.map(|value| Value::Since1970(Box::new(value), unit));
        }
        let words = map.get("map").map(|node| self.words(node, target, told));
        let has_other = map.has("else");
        let other = map.text("else", told);
        if words.is_some() || has_other {
            let (words, other) = (words.unwrap_or_default(), has_other.then(|| other.unwrap_or_default()));
            value = value.map(|of| Value::Mapped { of: Box::new(of), words, other });
        }
        let is_one = always.is_some() != node.get("from").is_some();
        if !is_one {
            told.push(
                Diagnostic::error(Code::InvalidValue, format!("`{}` has to have `from` or `value`", target.key))
                    .at(self.source, node.span.clone())
                    .hint("`from` is a path, `value` is always the same text; write one of the two"),
            );
        }
        map.finish(told);
        always.map(Value::Always).or(value)
    }

    fn words(&self, node: &Node, target: Target<'_>, told: &mut Diagnostics) -> BTreeMap<String, String> {
        let entries = entries(self.source, node, "`map`", told).unwrap_or_default();
        let text = |(name, _, node): (&str, &Node, &Node)| {
            self.check(node, target, told);
            let meant = match node.kind {
                Kind::Null => Some(String::new()),
                _ => value(self.source, node, name, "a word", told, |text| Some(text.to_owned())),
            };
            Some((word(name), meant?))
        };
        entries.into_iter().filter_map(text).collect()
    }

    /// Complains of a text that is none of the words of the column.
    fn check(&self, node: &Node, target: Target<'_>, told: &mut Diagnostics) {
        let (Some(table), Some(text)) = (target.table, node.text().map(str::trim)) else { return };
        let Some(known) = words(table, target.key) else { return };
        if text.is_empty() || read_as(table, target.key, text).is_some() {
            return;
        }
        let message = format!("`{}` of `{table}` cannot be `{}`", target.key, visible(text));
        let hint = match nearest(text, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its words are {}; `\"\"` is no value", known.join(", ")),
        };
        told.push(Diagnostic::error(Code::InvalidValue, message).at(self.source, node.span.clone()).hint(hint));
    }
}
