//! A profile's text, read.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::keys::{FEED, JOIN, MERGED, NEWEST, PREFER, PROFILE, VALUE};
use super::path::Path;
use super::{Condition, Feed, Filter, Join, MergedFrom, Newest, Place, Prefer, Profile, Value};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source, nearest, visible};
use crate::snapshot::read::Column;
use crate::snapshot::tables::{Table, all};
use crate::terms::word;
use crate::yaml::{self, Kind, Map, Node, entries, value};

/// What a path looks like, for messages.
const PATH: &str = "a column, or a path into the JSON of one, as device.groups[0].name";

/// Columns that the contract requires of a table in its own form, and that a source may not know.
const MAY_BE_UNKNOWN: [(&str, &str); 5] = [
    ("alerts", "status"),
    ("configurations", "applicable"),
    ("software", "version"),
    ("incidents", "severity"),
    ("incidents", "status"),
];

/// Reads a profile. `None` when something in it is wrong; all of it is told.
pub(in crate::snapshot) fn read(source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<Profile> {
    let mut told = Diagnostics::new();
    let profile = profile(source, &mut told);
    let is_sound = !told.has_errors();
    diagnostics.append(told);
    profile.filter(|_| is_sound)
}

fn profile(source: &Arc<Source>, told: &mut Diagnostics) -> Option<Profile> {
    let node = yaml::parse(source, 0..source.text().len(), told)?;
    let mut map = Map::open(source, &node, &PROFILE, told)?;
    let merged = map.get("merged").and_then(|node| merged(source, node, told));
    let mut feeds = BTreeMap::new();
    for table in all() {
        let nodes = map.list(table.name);
        if !nodes.is_empty() {
            let sources = nodes.iter().filter_map(|node| Reader::new(source).feed(&table, node, told)).collect();
            feeds.insert(table.name, sources);
        }
    }
    map.finish(told);
    if !feeds.contains_key("devices") {
        let message = "the profile does not say where `devices` come from";
        told.push(
            Diagnostic::error(Code::MissingKey, message)
                .at(source, node.span.start..node.span.start)
                .hint("add `devices:`, with `from:` and `columns:`"),
        );
    }
    Some(Profile { feeds, merged })
}

fn merged(source: &Arc<Source>, node: &Node, told: &mut Diagnostics) -> Option<MergedFrom> {
    let mut map = Map::open(source, node, &MERGED, told)?;
    let from = names(&mut map, told);
    let id = map.require("id", PATH, told).and_then(|node| path(source, node, "id", told));
    let into = map.require("into", PATH, told).and_then(|node| path(source, node, "into", told));
    map.finish(told);
    Some(MergedFrom { from, id: id?, into: into? })
}

fn names(map: &mut Map<'_>, told: &mut Diagnostics) -> Vec<String> {
    // That it is there; a list is read below.
    let _ = map.require("from", "the name of a source table", told);
    map.texts("from", told).into_iter().map(|(name, _)| name).collect()
}

fn path(source: &Arc<Source>, node: &Node, key: &str, told: &mut Diagnostics) -> Option<Path> {
    value(source, node, key, PATH, told, Path::parse)
}

/// Reads one source of a table.
struct Reader<'a> {
    source: &'a Arc<Source>,
    each: Vec<(Path, Place)>,
    joins: Vec<Join>,
}

impl<'a> Reader<'a> {
    fn new(source: &'a Arc<Source>) -> Self {
        Self { source, each: Vec::new(), joins: Vec::new() }
    }

    fn feed(mut self, table: &Table, node: &Node, told: &mut Diagnostics) -> Option<Feed> {
        let mut map = Map::open(self.source, node, &FEED, told)?;
        let from = names(&mut map, told);
        for node in map.list("each") {
            if let Some(path) = path(self.source, node, "each", told) {
                let place = self.place(path.clone());
                self.each.push((path, place));
            }
        }
        if let Some(node) = map.get("join") {
            for (name, _, node) in entries(self.source, node, "`join`", told).unwrap_or_default() {
                let join = self.join(name, node, told);
                self.joins.extend(join);
            }
        }
        let columns = map.require("columns", "the columns of the table and what fills them", told);
        let columns = columns.map(|node| self.columns(table, node, told)).unwrap_or_default();
        let filter =
            Filter { when: self.conditions(&mut map, "when", told), unless: self.conditions(&mut map, "unless", told) };
        let newest = map.get("newest").and_then(|node| self.newest(table, node, told));
        let prefer = map.get("prefer").and_then(|node| self.prefer(table, node, told));
        map.finish(told);
        let each = self.each.into_iter().map(|(_, place)| place).collect();
        Some(Feed { from, each, filter, newest, prefer, joins: self.joins, columns, is_met: OnceLock::new() })
    }

    /// Where a path leads: into a join of that name, into the element that a row is made for, or into the row.
    fn place(&mut self, path: Path) -> Place {
        let joined = self.joins.iter().position(|join| word(&join.name) == word(&path.column));
        if let Some(number) = joined
            && let Some(inner) = path.to_string().split_once('.').and_then(|(_, inner)| Path::parse(inner))
        {
            let wanted = &mut self.joins[number].wanted;
            let slot = wanted.iter().position(|known| *known == inner).unwrap_or_else(|| {
                wanted.push(inner);
                wanted.len() - 1
            });
            return Place::Joined(number, slot);
        }
        let within = |(array, _): &(Path, Place)| path.within(array).is_some();
        match self.each.iter().rposition(within) {
            Some(number) => Place::Element(number, path),
            None => Place::Row(path),
        }
    }

    fn at(&mut self, node: &Node, key: &str, told: &mut Diagnostics) -> Option<Place> {
        path(self.source, node, key, told).map(|path| self.place(path))
    }

    fn columns(&mut self, table: &Table, node: &Node, told: &mut Diagnostics) -> BTreeMap<&'static str, Value> {
        let mut columns = BTreeMap::new();
        let known = || table.columns.iter().map(Column::name);
        for (name, key, node) in entries(self.source, node, "`columns`", told).unwrap_or_default() {
            let Some(name) = known().find(|column| *column == name) else {
                let hint = match nearest(name, known()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("`{}` has {}", table.name, known().collect::<Vec<_>>().join(", ")),
                };
                let message = format!("`{}` has no column `{}`", table.name, visible(name));
                told.push(Diagnostic::error(Code::UnknownKey, message).at(self.source, key.span.clone()).hint(hint));
                continue;
            };
            columns.extend(self.value(node, name, told).map(|value| (name, value)));
        }
        let is_needed =
            |column: &&Column<'static>| column.is_required() && !MAY_BE_UNKNOWN.contains(&(table.name, column.name()));
        let lacking = table.columns.iter().filter(is_needed).map(Column::name);
        let lacking: Vec<&str> = lacking.filter(|name| node.get(name).is_none()).collect();
        if !lacking.is_empty() {
            let message = format!("nothing fills `{}` of `{}`", lacking.join("`, `"), table.name);
            let start = node.span.start;
            told.push(
                Diagnostic::error(Code::MissingKey, message)
                    .at(self.source, start..start)
                    .hint(format!("add `{}:`, {PATH}", lacking[0])),
            );
        }
        columns
    }

    fn value(&mut self, node: &Node, column: &str, told: &mut Diagnostics) -> Option<Value> {
        match &node.kind {
            Kind::List(items) => {
                let values: Vec<Value> = items.iter().filter_map(|item| self.value(item, column, told)).collect();
                Some(Value::First(values))
            }
            Kind::Map(_) => self.worked(node, column, told),
            Kind::Scalar(_) | Kind::Null => self.at(node, column, told).map(Value::At),
        }
    }

    /// A value that is more than a path.
    fn worked(&mut self, node: &Node, column: &str, told: &mut Diagnostics) -> Option<Value> {
        let mut map = Map::open(self.source, node, &VALUE, told)?;
        let always = map.text("value", told);
        let mut value = map.get("from").and_then(|node| self.value(node, column, told));
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
        let words = map.get("map").map(|node| self.words(node, told));
        let has_other = map.has("else");
        let other = map.text("else", told);
        if words.is_some() || has_other {
            let (words, other) = (words.unwrap_or_default(), has_other.then(|| other.unwrap_or_default()));
            value = value.map(|of| Value::Mapped { of: Box::new(of), words, other });
        }
        let is_one = always.is_some() != node.get("from").is_some();
        if !is_one {
            told.push(
                Diagnostic::error(Code::InvalidValue, format!("`{column}` has to have `from` or `value`"))
                    .at(self.source, node.span.clone())
                    .hint("`from` is a path, `value` is always the same text; write one of the two"),
            );
        }
        map.finish(told);
        always.map(Value::Always).or(value)
    }

    fn words(&self, node: &Node, told: &mut Diagnostics) -> BTreeMap<String, String> {
        let entries = entries(self.source, node, "`map`", told).unwrap_or_default();
        let text = |(name, _, node): (&str, &Node, &Node)| {
            let meant = match node.kind {
                Kind::Null => Some(String::new()),
                _ => value(self.source, node, name, "a word", told, |text| Some(text.to_owned())),
            };
            Some((word(name), meant?))
        };
        entries.into_iter().filter_map(text).collect()
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
            conditions.push(Condition { place, words });
        }
        conditions
    }

    fn newest(&mut self, table: &Table, node: &Node, told: &mut Diagnostics) -> Option<Newest> {
        let (by, of) = if matches!(node.kind, Kind::Map(_)) {
            let mut map = Map::open(self.source, node, &NEWEST, told)?;
            let of = map.require("of", "the column of a time", told).and_then(|node| self.at(node, "of", told));
            let by = map.list("by").iter().filter_map(|node| self.at(node, "by", told)).collect();
            map.finish(told);
            (by, of)
        } else {
            (Vec::new(), self.at(node, "newest", told))
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
        of.map(|of| Newest { by, of })
    }

    fn compared_by_id(&self, table: &Table, id: &str, node: &Node) -> Diagnostic {
        let message = format!("rows of `{}` are compared by `{id}`, and by nothing else", table.name);
        Diagnostic::error(Code::InvalidValue, message)
            .at(self.source, node.span.clone())
            .hint("several sources may tell of one id; leave `by` out")
    }

    fn prefer(&mut self, table: &Table, node: &Node, told: &mut Diagnostics) -> Option<Prefer> {
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

    fn join(&mut self, name: &str, node: &Node, told: &mut Diagnostics) -> Option<Join> {
        let mut map = Map::open(self.source, node, &JOIN, told)?;
        let from = names(&mut map, told);
        let by = map.require("by", "as `{machineId: id}`: its column, and the path of the row", told);
        let by = by.and_then(|node| match entries(self.source, node, "`by`", told)?.as_slice() {
            [(_, key, node)] => Some((path(self.source, key, "by", told)?, self.at(node, "by", told)?)),
            _ => {
                let problem = Diagnostic::error(Code::InvalidValue, "`by` of a join has to be one pair");
                told.push(problem.at(self.source, node.span.clone()).hint("write `by: {ITS_COLUMN: OUR_PATH}`"));
                None
            }
        });
        // Inside a join, paths are those of its own table.
        let mut inner = Reader::new(self.source);
        let filter = Filter {
            when: inner.conditions(&mut map, "when", told),
            unless: inner.conditions(&mut map, "unless", told),
        };
        let newest = map.get("newest").and_then(|node| path(self.source, node, "newest", told));
        map.finish(told);
        let (key, by) = by?;
        Some(Join { name: name.to_owned(), from, key, by, filter, newest, wanted: Vec::new() })
    }
}
