//! Which columns of a source are read.

use rustc_hash::FxHashMap;

use super::path::Path;
use super::{Condition, Feed, Filter, Join, Place, Value};
use crate::snapshot::read::Column;
use crate::terms::word;

/// The columns that are asked of a source table, each once.
#[derive(Debug, Default)]
pub(in crate::snapshot) struct Plan {
    names: Vec<String>,
    /// For each of them whether its values are read, and not only asked to be there.
    is_read: Vec<bool>,
    /// By folded name.
    numbers: FxHashMap<String, usize>,
    /// Of each of these groups a file has at least one.
    pub(super) groups: Vec<Vec<usize>>,
}

impl Plan {
    /// What has to be read of a source to fill these columns of its table.
    pub(super) fn of<'c>(feed: &Feed, columns: impl Iterator<Item = &'c str>) -> Self {
        let mut plan = Self::default();
        plan.feed(feed, columns);
        plan
    }

    /// Adds what has to be read of a source.
    pub(super) fn feed<'c>(&mut self, feed: &Feed, columns: impl Iterator<Item = &'c str>) {
        self.filter(&feed.filter);
        for place in feed.each.iter().chain(feed.joins.iter().map(|join| &join.by)) {
            self.place(place);
        }
        feed.deciding().into_iter().for_each(|place| self.place(place));
        if let Some(newest) = &feed.newest {
            self.unless(&newest.unless, &feed.filter);
        }
        for value in columns.filter_map(|column| feed.columns.get(column)) {
            value.places().into_iter().for_each(|place| self.place(place));
        }
    }

    /// Adds what has to be read of a table that is looked into.
    pub(super) fn join(&mut self, join: &Join) {
        self.filter(&join.filter);
        self.require(&Value::At(Place::Row(join.key.clone())), &join.filter);
        for path in std::iter::once(&join.key).chain(&join.newest).chain(&join.wanted) {
            self.add(path);
        }
    }

    /// A file has to have a column for a value, unless something else gives it. Of a table whose rows `when` picks,
    /// nobody knows which columns the others have.
    pub(super) fn require(&mut self, value: &Value, of: &Filter) {
        if of.when.is_empty() && !value.needs_no_column() {
            value.places().into_iter().filter_map(Place::path).for_each(|path| _ = self.know(path));
            self.group(&value.places());
        }
    }

    /// Without the column of a condition a file would lose all of its rows, or keep too many.
    pub(super) fn filter(&mut self, filter: &Filter) {
        for Condition { place, .. } in &filter.when {
            self.place(place);
            self.group(&[place]);
        }
        self.unless(&filter.unless, filter);
    }

    fn unless(&mut self, conditions: &[Condition], of: &Filter) {
        for Condition { place, .. } in conditions {
            self.place(place);
            if of.when.is_empty() {
                self.group(&[place]);
            }
        }
    }

    /// What has to be read to know whether a source with these lists has a row that passes a filter.
    pub(super) fn presence(each: &[Place], filter: &Filter) -> Self {
        let mut plan = Self::default();
        plan.filter(filter);
        each.iter().for_each(|list| plan.place(list));
        plan
    }

    /// A file has to have the column of one of these places. A list that is not there is an empty one.
    fn group(&mut self, places: &[&Place]) {
        let of_row = |place: &&Place| match place {
            Place::Row(path) => self.numbers.get(&word(&path.column)).copied(),
            Place::Element(..) | Place::Joined(..) => None,
        };
        let group: Option<Vec<usize>> = places.iter().map(of_row).collect();
        self.groups.extend(group.filter(|group| !group.is_empty()));
    }

    fn place(&mut self, place: &Place) {
        if let Some(path) = place.path() {
            self.add(path);
        }
    }

    /// The number of a path's column among all that are asked for.
    fn know(&mut self, path: &Path) -> usize {
        let next = self.names.len();
        let number = *self.numbers.entry(word(&path.column)).or_insert(next);
        if number == next {
            self.names.push(path.column.clone());
            self.is_read.push(false);
        }
        number
    }

    /// Has a path's column read.
    pub(super) fn add(&mut self, path: &Path) {
        let number = self.know(path);
        self.is_read[number] = true;
    }

    /// The number of a path's column among those that are read, if it is.
    pub(super) fn number(&self, path: &Path) -> Option<usize> {
        let number = *self.numbers.get(&word(&path.column))?;
        let (before, from) = self.is_read.split_at(number);
        (from.first() == Some(&true)).then(|| before.iter().filter(|is_read| **is_read).count())
    }

    /// The columns, as a reader is asked for them.
    pub(in crate::snapshot) fn columns(&self) -> Vec<Column<'_>> {
        let columns = self.names.iter().zip(&self.is_read);
        columns.map(|(name, is_read)| if *is_read { Column::optional(name) } else { Column::ignored(name) }).collect()
    }
}
