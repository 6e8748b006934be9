//! A profile's text, read.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::keys::{FEED, JOIN, MERGED, PROFILE};
use super::path::Path;
use super::values::Target;
use super::{Feed, Join, MergedFrom, Place, Profile, Value};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source, nearest, visible};
use crate::snapshot::read::Column;
use crate::snapshot::tables::{Table, all};
use crate::terms::word;
use crate::yaml::{self, Map, Node, entries, value};

/// What a path looks like, for messages.
pub(super) const PATH: &str = "a column, or a path into the JSON of one, as device.groups[0].name";

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
pub(super) struct Reader<'a> {
    pub(super) source: &'a Arc<Source>,
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
        let mut filter = self.filter(&mut map, told);
        filter.when.extend(self.presences(&mut map, told));
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

    pub(super) fn at(&mut self, node: &Node, key: &str, told: &mut Diagnostics) -> Option<Place> {
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
            columns.extend(self.value(node, Target::column(table, name), told).map(|value| (name, value)));
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
        let filter = inner.filter(&mut map, told);
        let newest = map.get("newest").and_then(|node| path(self.source, node, "newest", told));
        map.finish(told);
        let (key, by) = by?;
        Some(Join { name: name.to_owned(), from, key, by, filter, newest, wanted: Vec::new() })
    }
}
