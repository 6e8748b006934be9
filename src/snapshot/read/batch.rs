//! Rows in columns, each distinct value once.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::BuildHasher as _;
use std::sync::Arc;

use rustc_hash::FxBuildHasher;

/// A run of rows of one file.
#[derive(Debug)]
pub struct Batch {
    /// The file's path as messages show it.
    pub file: Arc<str>,
    /// How many rows, the bad ones not counted.
    pub rows: usize,
    /// The decoded columns, in the order asked.
    pub columns: Vec<DictionaryColumn>,
    /// Rows that are no rows of this table. The columns do not have them.
    pub bad: Vec<BadRow>,
    pub(super) places: Places,
    /// Where the rows are not those of the file: which of its rows each of them was made of.
    pub(super) origin: Option<Vec<u32>>,
    /// What the file calls the columns of the table, where it calls them otherwise.
    pub(super) spelt: Option<Arc<Spelt>>,
}

/// For columns of a table, the names that their source has for them.
pub type Spelt = BTreeMap<&'static str, String>;

impl Batch {
    /// Rows of no text format, all of them good; `first` is the number of the first one.
    pub(in crate::snapshot) fn of_columns(
        file: &Arc<str>,
        first: u64,
        rows: usize,
        columns: Vec<DictionaryColumn>,
    ) -> Self {
        let places = Places { first, gaps: Vec::new(), lines: Lines::None };
        Self { file: Arc::clone(file), rows, columns, bad: Vec::new(), places, origin: None, spelt: None }
    }

    /// The number in the file (from 1) of the batch's row `at` (from 0), and its line in a text
    /// format.
    #[must_use]
    pub fn place(&self, at: usize) -> (u64, Option<u64>) {
        let row = self.origin.as_ref().and_then(|origin| origin.get(at)).map_or(at, |row| *row as usize);
        self.places.of(row)
    }

    /// What the file calls a column of the table.
    #[must_use]
    pub fn spelling<'a>(&'a self, column: &'a str) -> &'a str {
        self.spelt.as_ref().and_then(|spelt| spelt.get(column)).map_or(column, String::as_str)
    }

    /// Whether the source says what fills a column of the table.
    #[must_use]
    pub fn is_spelt(&self, column: &str) -> bool {
        self.spelt.as_ref().is_some_and(|spelt| spelt.contains_key(column))
    }

    /// The batch, of whose source these rows (from 0) cannot be used.
    #[must_use]
    pub fn without(mut self, rows: impl IntoIterator<Item = u32>, why: &str) -> Self {
        let bad = rows.into_iter().map(|row| self.places.of(row as usize));
        let bad: Vec<BadRow> = bad.map(|(row, line)| BadRow { row, line, why: why.to_owned() }).collect();
        self.bad.extend(bad);
        self
    }

    /// A batch of other rows and columns that were made of this one's: `rows` says of which. What was wrong with
    /// its rows stays so.
    #[must_use]
    pub fn remade(self, rows: Vec<u32>, columns: Vec<DictionaryColumn>, spelt: Arc<Spelt>) -> Self {
        Self { rows: rows.len(), columns, origin: Some(rows), spelt: Some(spelt), ..self }
    }
}

/// Where the rows of a batch stand in their file.
#[derive(Debug)]
pub(super) struct Places {
    /// The number of the first row, good or bad.
    pub(super) first: u64,
    /// For each bad row, how many good ones stand before it.
    pub(super) gaps: Vec<u64>,
    pub(super) lines: Lines,
}

/// The lines of rows, good and bad.
#[derive(Debug)]
pub(super) enum Lines {
    /// It is no text format.
    None,
    /// One after another, from this one on.
    Run(u64),
    /// Each, counted from a first one.
    Each(u64, Vec<u32>),
}

impl Places {
    fn of(&self, at: usize) -> (u64, Option<u64>) {
        let bad_before = self.gaps.partition_point(|good| *good <= at as u64);
        let place = at + bad_before;
        (self.first + place as u64, self.lines.of(place))
    }
}

impl Lines {
    fn of(&self, place: usize) -> Option<u64> {
        match self {
            Self::None => None,
            Self::Run(first) => Some(first + place as u64),
            Self::Each(first, offsets) => offsets.get(place).map(|offset| first + u64::from(*offset)),
        }
    }
}

/// A row that is no row of its table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// Its number in the file, from 1.
    pub row: u64,
    /// Its line in a text format.
    pub line: Option<u64>,
    /// What is wrong.
    pub why: String,
}

/// A column whose distinct values stand once. Values are trimmed; key 0 is the empty value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DictionaryColumn {
    /// The distinct values.
    pub values: Vec<String>,
    /// For each row, which of them.
    pub keys: Vec<u32>,
}

impl DictionaryColumn {
    /// The key of a row: the place of its value.
    #[must_use]
    pub fn key(&self, row: usize) -> usize {
        self.keys[row] as usize
    }

    /// The value of a row.
    #[must_use]
    pub fn text(&self, row: usize) -> &str {
        &self.values[self.key(row)]
    }

    /// The values that some row has, each with the number of its rows. A column whose rows were picked or whose values
    /// were replaced keeps others too.
    pub(in crate::snapshot) fn counted(&self) -> impl Iterator<Item = (&str, u64)> {
        let mut rows = vec![0; self.values.len()];
        self.keys.iter().for_each(|key| rows[*key as usize] += 1);
        self.values.iter().map(String::as_str).zip(rows).filter(|(_, rows)| *rows > 0)
    }

    /// A column of so many empty values.
    pub(in crate::snapshot) fn empty(rows: usize) -> Self {
        Self { values: vec![String::new()], keys: vec![0; rows] }
    }

    /// A column of these values.
    pub(in crate::snapshot) fn of<'v>(values: impl Iterator<Item = Cow<'v, str>>) -> Self {
        let mut encoder = Encoder::new();
        values.for_each(|value| encoder.push(&value));
        encoder.finish()
    }

    /// The column of some of its rows, in this order.
    pub(in crate::snapshot) fn at(&self, rows: &[u32]) -> Self {
        Self { values: self.values.clone(), keys: rows.iter().map(|row| self.keys[*row as usize]).collect() }
    }

    /// The column with other values in the place of each distinct one; `of` never sees the empty value.
    pub(in crate::snapshot) fn replaced<'v>(&'v self, of: impl Fn(&'v str) -> Cow<'v, str>) -> Self {
        let mut encoder = Encoder::new();
        let other = |value: &'v String| if value.is_empty() { 0 } else { encoder.key(&of(value)) };
        let others: Vec<u32> = self.values.iter().map(other).collect();
        let values = encoder.finish().values;
        Self { values, keys: self.keys.iter().map(|key| others[*key as usize]).collect() }
    }

    /// The column with another's values where this one has none; both have the same number of rows.
    pub(in crate::snapshot) fn or(self, other: &Self) -> Self {
        if !self.keys.contains(&0) {
            return self;
        }
        let mut encoder = Encoder::new();
        let mut keys = |column: &Self| column.values.iter().map(|value| encoder.key(value)).collect::<Vec<u32>>();
        let (own, others) = (keys(&self), keys(other));
        let both = self.keys.iter().zip(&other.keys);
        let keys = both.map(|(own_key, other_key)| match own[*own_key as usize] {
            0 => others[*other_key as usize],
            key => key,
        });
        let keys = keys.collect();
        Self { values: encoder.finish().values, keys }
    }
}

/// Builds a column from values.
pub(super) struct Encoder {
    column: DictionaryColumn,
    /// A hash table with open addressing of keys; 0 is a free place (the empty value needs none).
    slots: Vec<u32>,
}

impl Encoder {
    pub(super) fn new() -> Self {
        Self { column: DictionaryColumn::empty(0), slots: vec![0; 64] }
    }

    pub(super) fn push(&mut self, value: &str) {
        let key = self.key(value);
        self.column.keys.push(key);
    }

    pub(super) fn push_key(&mut self, key: u32) {
        self.column.keys.push(key);
    }

    /// The key of a value, without adding a row.
    pub(super) fn key(&mut self, value: &str) -> u32 {
        let value = value.trim();
        if value.is_empty() {
            return 0;
        }
        // Exports often repeat a value row after row.
        if let Some(last) = self.column.keys.last().filter(|last| self.is(**last, value)) {
            return *last;
        }
        let slot = self.slot(value);
        match self.slots[slot] {
            0 => self.add(slot, value),
            key => key,
        }
    }

    fn is(&self, key: u32, value: &str) -> bool {
        self.column.values.get(key as usize).is_some_and(|known| known == value)
    }

    /// The place of a value, or the free one where it belongs.
    fn slot(&self, value: &str) -> usize {
        // The table's length is a power of two, and it never gets full.
        let mask = self.slots.len() - 1;
        let mut slot = FxBuildHasher.hash_one(value) as usize & mask;
        while self.slots[slot] != 0 && !self.is(self.slots[slot], value) {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn add(&mut self, slot: usize, value: &str) -> u32 {
        let key = u32::try_from(self.column.values.len()).unwrap_or(0);
        self.column.values.push(value.to_owned());
        self.slots[slot] = key;
        if self.column.values.len() * 2 > self.slots.len() {
            self.slots = vec![0; self.slots.len() * 4];
            for (key, value) in (0..).zip(&self.column.values).skip(1) {
                let slot = self.slot(value);
                self.slots[slot] = key;
            }
        }
        key
    }

    pub(super) fn finish(self) -> DictionaryColumn {
        self.column
    }
}

/// Builds a batch of a text format, row by row.
pub(super) struct Rows {
    first: u64,
    first_line: u64,
    encoders: Vec<Encoder>,
    rows: usize,
    bad: Vec<BadRow>,
    gaps: Vec<u64>,
    lines: Vec<u32>,
}

impl Rows {
    /// A batch of so many columns whose first row has this number and stands on or after this
    /// line.
    pub(super) fn new(columns: usize, first: u64, first_line: u64) -> Self {
        let encoders = std::iter::repeat_with(Encoder::new).take(columns).collect();
        Self { first, first_line, encoders, rows: 0, bad: Vec::new(), gaps: Vec::new(), lines: Vec::new() }
    }

    /// Adds the next row.
    pub(super) fn add<'a>(&mut self, line: u64, values: impl Iterator<Item = &'a str>) {
        for (encoder, value) in self.encoders.iter_mut().zip(values) {
            encoder.push(value);
        }
        self.rows += 1;
        self.stands_on(line);
    }

    /// Passes over the next row, which is none of this table.
    pub(super) fn add_bad(&mut self, line: u64, why: String) {
        let row = self.first + self.lines.len() as u64;
        self.gaps.push(self.rows as u64);
        self.bad.push(BadRow { row, line: Some(line), why });
        self.stands_on(line);
    }

    fn stands_on(&mut self, line: u64) {
        self.lines.push(u32::try_from(line.saturating_sub(self.first_line)).unwrap_or(u32::MAX));
    }

    pub(super) fn finish(self, file: &Arc<str>) -> Batch {
        let skipped = self.lines.first().copied().unwrap_or_default();
        let lines = if (skipped..).zip(&self.lines).all(|(run, line)| run == *line) {
            Lines::Run(self.first_line + u64::from(skipped))
        } else {
            Lines::Each(self.first_line, self.lines)
        };
        Batch {
            file: Arc::clone(file),
            rows: self.rows,
            columns: self.encoders.into_iter().map(Encoder::finish).collect(),
            bad: self.bad,
            places: Places { first: self.first, gaps: self.gaps, lines },
            origin: None,
            spelt: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_stands_once_and_the_empty_one_first() {
        let mut encoder = Encoder::new();
        for number in 0..1000 {
            encoder.push(&format!(" {} ", number % 300));
        }
        encoder.push("\u{a0}");
        let column = encoder.finish();
        assert_eq!(column.values.len(), 301);
        assert_eq!((column.values[0].as_str(), column.keys[1000]), ("", 0));
        let number = |row: usize| column.values[column.keys[row] as usize].parse::<usize>().ok();
        assert!((0..1000).all(|row| number(row) == Some(row % 300)));
    }

    #[test]
    fn columns_are_made_of_others() {
        let texts = |column: &DictionaryColumn| -> Vec<String> {
            (0..column.keys.len()).map(|row| column.text(row).to_owned()).collect()
        };
        let column = DictionaryColumn::of(["a", "", "b", "a"].into_iter().map(Cow::Borrowed));
        assert_eq!(texts(&column.at(&[2, 0])), ["b", "a"]);
        let replaced = column.replaced(|value| Cow::Borrowed(if value == "a" { " " } else { "c" }));
        assert_eq!((texts(&replaced), replaced.values.len()), (["", "", "c", ""].map(String::from).to_vec(), 2));
        assert_eq!(texts(&replaced.or(&column)), ["a", "", "c", "a"]);
    }

    #[test]
    fn places_pass_over_bad_rows_and_blank_lines() {
        let mut rows = Rows::new(1, 7, 20);
        rows.add_bad(20, String::new());
        rows.add(21, std::iter::once("a"));
        rows.add_bad(25, String::new());
        rows.add_bad(26, String::new());
        rows.add(27, std::iter::once("b"));
        let batch = rows.finish(&"t.csv".into());
        assert_eq!([batch.place(0), batch.place(1)], [(8, Some(21)), (11, Some(27))]);
        assert_eq!(
            batch.bad.iter().map(|bad| (bad.row, bad.line)).collect::<Vec<_>>(),
            [(7, Some(20)), (9, Some(25)), (10, Some(26))]
        );
    }
}
