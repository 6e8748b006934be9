//! A batch of a source as its rows are looked at: some of them, and a row for each element of a list.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use serde_json::Value as Json;

use super::path::{Path, elements, nested, text_at, value_at};
use super::plan::Plan;
use super::{Condition, Filter, Place, Wanted};
use crate::snapshot::read::{Batch, DictionaryColumn};
use crate::terms::word;

/// As many rows as one row of a source may become: two lists in it make one for each pair.
const MOST_OF_ONE: u64 = 1 << 20;

/// The rows of a batch that count, with the elements that they are made for.
pub(super) struct Sight<'b> {
    plan: &'b Plan,
    batch: &'b Batch,
    /// For each row, which of the batch it is made of.
    pub(super) rows: Vec<u32>,
    levels: Vec<Level>,
    /// The rows of the batch that would have become too many.
    pub(super) excess: BTreeSet<u32>,
    /// For each column of the batch, its distinct values as JSON; those that no row has are null.
    parsed: Vec<OnceCell<Vec<Json>>>,
}

/// A list for each of whose elements there is a row.
struct Level {
    array: Path,
    elements: Vec<Json>,
    /// For each row, its element; none where the list is empty.
    of: Vec<Option<u32>>,
}

impl<'b> Sight<'b> {
    /// All rows of a batch.
    pub(super) fn all(plan: &'b Plan, batch: &'b Batch) -> Self {
        let rows = (0..batch.rows).filter_map(|row| u32::try_from(row).ok()).collect();
        let parsed = std::iter::repeat_with(OnceCell::new).take(batch.columns.len()).collect();
        Self { plan, batch, rows, levels: Vec::new(), excess: BTreeSet::new(), parsed }
    }

    fn source(&self, path: &Path) -> Option<(usize, &'b DictionaryColumn)> {
        let number = self.plan.number(path)?;
        self.batch.columns.get(number).map(|column| (number, column))
    }

    /// The distinct values of a column as JSON. A text that is none stays a text.
    fn parsed(&self, number: usize, column: &DictionaryColumn) -> &[Json] {
        let parse = || {
            let mut is_used = vec![false; column.values.len()];
            self.rows.iter().for_each(|row| is_used[column.key(*row as usize)] = true);
            let json = |(text, used): (&String, bool)| match used {
                true => nested(text).unwrap_or_else(|| Json::from(text.as_str())),
                false => Json::Null,
            };
            column.values.iter().zip(is_used).map(json).collect()
        };
        self.parsed.get(number).map_or(&[], |cell| cell.get_or_init(parse))
    }

    /// The values at a place of the file itself, one for each row.
    pub(super) fn column(&self, place: &Place) -> DictionaryColumn {
        match place {
            Place::Row(path) => self.of_rows(path),
            Place::Element(number, path) => self.of_elements(*number, path),
            Place::Joined(..) => DictionaryColumn::empty(self.rows.len()),
        }
    }

    fn of_rows(&self, path: &Path) -> DictionaryColumn {
        let Some((number, column)) = self.source(path) else { return DictionaryColumn::empty(self.rows.len()) };
        if path.steps.is_empty() {
            return column.at(&self.rows);
        }
        let values = self.parsed(number, column);
        // The empty value has the key 0 and stays what it is.
        let texts: Vec<String> = values.iter().map(|value| text_at(value, &path.steps)).collect();
        let distinct = DictionaryColumn::of(texts.iter().map(|text| text.as_str().into()));
        let keys: Vec<u32> = self.rows.iter().map(|row| column.keys[*row as usize]).collect();
        distinct.at(&keys)
    }

    fn of_elements(&self, number: usize, path: &Path) -> DictionaryColumn {
        let Some(level) = self.levels.get(number) else { return DictionaryColumn::empty(self.rows.len()) };
        let steps = path.within(&level.array).unwrap_or_default();
        let texts: Vec<String> = level.elements.iter().map(|element| text_at(element, steps)).collect();
        let none = u32::try_from(texts.len()).unwrap_or(u32::MAX);
        let distinct = DictionaryColumn::of(texts.iter().map(String::as_str).chain([""]).map(Into::into));
        let rows: Vec<u32> = level.of.iter().map(|element| element.unwrap_or(none)).collect();
        distinct.at(&rows)
    }

    /// Makes a row for each element of a list; a row whose list is empty stays one row.
    pub(super) fn spread(&mut self, list: &Place) {
        let (array, mut found) = match list {
            Place::Row(path) => (path, self.elements_of_rows(path)),
            Place::Element(number, path) => (path, self.elements_of_elements(*number, path)),
            Place::Joined(..) => return,
        };
        let (mut origin, mut of) = (Vec::new(), Vec::new());
        let mut sizes: FxHashMap<u32, u64> = FxHashMap::default();
        for (source, range) in self.rows.iter().zip(&found.of) {
            *sizes.entry(*source).or_default() += range.len().max(1) as u64;
        }
        self.excess.extend(sizes.iter().filter(|(_, size)| **size > MOST_OF_ONE).map(|(source, _)| *source));
        for ((row, source), range) in (0..).zip(&self.rows).zip(&found.of) {
            if self.excess.contains(source) {
                continue;
            }
            if range.is_empty() {
                origin.push(row);
                of.push(None);
            }
            for element in range.clone() {
                origin.push(row);
                of.push(Some(element));
            }
        }
        self.pick(&origin);
        self.levels.push(Level { array: array.clone(), elements: std::mem::take(&mut found.elements), of });
    }

    fn elements_of_rows(&self, path: &Path) -> Found {
        let mut found = Found::default();
        let Some((number, column)) = self.source(path) else { return found.nothing(self.rows.len()) };
        let values = self.parsed(number, column);
        for row in &self.rows {
            let key = column.keys[*row as usize];
            let value = values.get(key as usize);
            found.add(key, || value.map(|value| elements(&value_at(value, &path.steps))).unwrap_or_default());
        }
        found
    }

    fn elements_of_elements(&self, number: usize, path: &Path) -> Found {
        let mut found = Found::default();
        let Some(level) = self.levels.get(number) else { return found.nothing(self.rows.len()) };
        let steps = path.within(&level.array).unwrap_or_default();
        for outer in &level.of {
            let value = outer.and_then(|outer| level.elements.get(outer as usize));
            let list = || value.map(|value| elements(&value_at(value, steps))).unwrap_or_default();
            found.add(outer.unwrap_or(u32::MAX), list);
        }
        found
    }

    /// Keeps the rows for which `keeps` holds; it is given their numbers.
    pub(super) fn keep(&mut self, keeps: impl Fn(usize) -> bool) {
        let kept: Vec<u32> = (0..).zip(&self.rows).map(|(at, _)| at).filter(|at| keeps(*at as usize)).collect();
        if kept.len() < self.rows.len() {
            self.pick(&kept);
        }
    }

    fn pick(&mut self, of: &[u32]) {
        self.rows = of.iter().map(|at| self.rows[*at as usize]).collect();
        for level in &mut self.levels {
            level.of = of.iter().map(|at| level.of[*at as usize]).collect();
        }
    }

    /// Keeps the rows that pass those conditions of a filter which `judges` picks; `column` gives their values.
    pub(super) fn filter(
        &mut self,
        filter: &Filter,
        judges: impl Fn(&Place) -> bool,
        column: impl Fn(&Self, &Place) -> DictionaryColumn,
    ) {
        for (conditions, wanted) in [(&filter.when, true), (&filter.unless, false)] {
            for condition in conditions.iter().filter(|condition| judges(&condition.place)) {
                let column = column(self, &condition.place);
                self.judge(condition, &column, wanted);
            }
        }
    }

    /// Keeps the rows for whose value in `column` it is as `wanted` whether the condition holds.
    pub(super) fn judge(&mut self, condition: &Condition, column: &DictionaryColumn, wanted: bool) {
        let holds = condition.holds(column);
        self.keep(|row| holds[column.key(row)] == wanted);
    }

    /// Makes a row for each element of these lists, and keeps those that pass a filter.
    pub(super) fn select(
        &mut self,
        each: &[Place],
        filter: &Filter,
        column: impl Fn(&Self, &Place) -> DictionaryColumn,
    ) {
        let is_of_row = |place: &Place| matches!(place, Place::Row(_));
        self.filter(filter, is_of_row, &column);
        each.iter().for_each(|list| self.spread(list));
        self.filter(filter, |place| !is_of_row(place), &column);
    }
}

impl Condition {
    /// For each distinct value of a column, whether the condition holds.
    pub(super) fn holds(&self, column: &DictionaryColumn) -> Vec<bool> {
        let holds = |value: &String| match &self.wanted {
            Wanted::OneOf(words) => words.contains(&word(value)),
            Wanted::Anything => !value.is_empty(),
        };
        column.values.iter().map(holds).collect()
    }
}

/// The elements of lists, those of equal lists once.
#[derive(Default)]
struct Found {
    elements: Vec<Json>,
    known: FxHashMap<u32, std::ops::Range<u32>>,
    /// For each row, its elements.
    of: Vec<std::ops::Range<u32>>,
}

impl Found {
    fn nothing(mut self, rows: usize) -> Self {
        self.of = vec![0..0; rows];
        self
    }

    /// Adds the next row, whose list has this key.
    fn add(&mut self, key: u32, list: impl FnOnce() -> Vec<Json>) {
        let range = self.known.entry(key).or_insert_with(|| {
            let end = |elements: &Vec<Json>| u32::try_from(elements.len()).unwrap_or(u32::MAX);
            let start = end(&self.elements);
            self.elements.extend(list());
            start..end(&self.elements)
        });
        self.of.push(range.clone());
    }
}
