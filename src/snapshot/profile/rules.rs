//! Which rows of a source count, as a profile's text says it.

use super::keys::{NEWEST, PREFER};
use super::read::{PATH, Reader};
use super::values::Target;
use super::{Condition, Filter, Newest, Place, Prefer, Wanted};
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::snapshot::tables::Table;
use crate::terms::word;
use crate::yaml::{Kind, Map, Node, entries, value};

impl Reader<'_> {
    pub(super) fn filter(&mut self, map: &mut Map<'_>, told: &mut Diagnostics) -> Filter {
        Filter { when: self.conditions(map, "when", told), unless: self.conditions(map, "unless", told) }
    }

    /// The conditions that something stands at a place.
    pub(super) fn presences(&mut self, map: &mut Map<'_>, told: &mut Diagnostics) -> Vec<Condition> {
        let places: Vec<Place> = map.list("has").iter().filter_map(|node| self.at(node, "has", told)).collect();
        places.into_iter().map(|place| Condition { place, wanted: Wanted::Anything }).collect()
    }

    fn conditions(&mut self, map: &mut Map<'_>, key: &'static str, told: &mut Diagnostics) -> Vec<Condition> {
        map.get(key).map(|node| self.conditions_of(node, key, told)).unwrap_or_default()
    }

    fn conditions_of(&mut self, node: &Node, key: &str, told: &mut Diagnostics) -> Vec<Condition> {
        let mut conditions = Vec::new();
        for (_, key, node) in entries(self.source, node, &format!("`{key}`"), told).unwrap_or_default() {
            let Some(place) = self.at(key, "a condition", told) else { continue };
            let values = match &node.kind {
                Kind::List(values) => values.as_slice(),
                _ => std::slice::from_ref(node),
            };
            let folded = |node: &Node| match node.kind {
                Kind::Null => Some(String::new()),
                _ => {
                    value(self.source, node, "a condition", "a word, or a list of words", told, |text| Some(word(text)))
                }
            };
            let words = values.iter().filter_map(folded).collect();
            conditions.push(Condition { place, wanted: Wanted::OneOf(words) });
        }
        conditions
    }

    pub(super) fn newest(&mut self, table: &Table, node: &Node, told: &mut Diagnostics) -> Option<Newest> {
        let (mut by, mut unless) = (Vec::new(), Vec::new());
        let of = if matches!(node.kind, Kind::Map(_)) {
            let mut map = Map::open(self.source, node, &NEWEST, told)?;
            let of = map
                .require("of", "the column of a time", told)
                .and_then(|node| self.value(node, Target::any("of"), told));
            by.extend(map.list("by").iter().filter_map(|node| self.at(node, "by", told)));
            unless.extend(self.conditions(&mut map, "unless", told));
            map.finish(told);
            of
        } else {
            self.value(node, Target::any("newest"), told)
        };
        let id = super::id_of(table.name);
        if by.is_empty() && id.is_none() {
            told.push(
                Diagnostic::error(Code::MissingKey, format!("`newest` of `{}` does not say by what", table.name))
                    .at(self.source, node.span.clone())
                    .hint("write `newest: {by: COLUMN, of: TIME}`; only tables of things that have an id go without"),
            );
        } else if let Some(id) = id.filter(|_| !by.is_empty()) {
            told.push(self.compared_by_id(table, id, node));
        }
        of.map(|of| Newest { by, of, unless })
    }

    fn compared_by_id(&self, table: &Table, id: &str, node: &Node) -> Diagnostic {
        let message = format!("rows of `{}` are compared by `{id}`, and by nothing else", table.name);
        Diagnostic::error(Code::InvalidValue, message)
            .at(self.source, node.span.clone())
            .hint("several sources may tell of one id; leave `by` out")
    }

    pub(super) fn prefer(&mut self, table: &Table, node: &Node, told: &mut Diagnostics) -> Option<Prefer> {
        if let Some(id) = super::id_of(table.name) {
            told.push(self.compared_by_id(table, id, node));
        }
        let mut map = Map::open(self.source, node, &PREFER, told)?;
        let _ = map.require("by", PATH, told);
        let by = map.list("by").iter().filter_map(|node| self.at(node, "by", told)).collect();
        let when = map.require("when", "columns and values", told);
        let when = when.map(|node| self.conditions_of(node, "when", told)).unwrap_or_default();
        map.finish(told);
        Some(Prefer { by, when })
    }
}
