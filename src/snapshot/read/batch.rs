//! Rows in columns, each distinct value once.

use std::sync::Arc;

use rustc_hash::FxHashMap;

/// A run of rows of one file.
#[derive(Debug)]
pub struct Batch {
    /// The file's path as messages show it.
    pub file: Arc<str>,
    /// How many rows.
    pub rows: usize,
    /// The decoded columns, in the order asked.
    pub columns: Vec<DictionaryColumn>,
    /// Rows that are no rows of this table.
    pub bad: Vec<BadRow>,
    /// The number in the file of each row, and its line in a text format.
    pub(super) places: Places,
}

impl Batch {
    /// The number in the file (from 1) of the batch's row `at` (from 0), and its line in a text
    /// format.
    #[must_use]
    pub fn place(&self, at: usize) -> (u64, Option<u64>) {
        match &self.places {
            Places::Run(first) => (first + at as u64, None),
            Places::Each(places) => places.get(at).map_or((0, None), |(row, line)| (*row, Some(*line))),
            Places::Rows(rows) => (rows.get(at).copied().unwrap_or_default(), None),
        }
    }
}

/// Where the rows of a batch stand.
#[derive(Debug)]
pub(super) enum Places {
    /// One after another, from this row on.
    Run(u64),
    /// Each with its row and line.
    Each(Vec<(u64, u64)>),
    /// Each with its row.
    Rows(Vec<u64>),
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
#[derive(Debug, PartialEq, Eq)]
pub struct DictionaryColumn {
    /// The distinct values.
    pub values: Vec<String>,
    /// For each row, which of them.
    pub keys: Vec<u32>,
}

impl DictionaryColumn {
    /// A column of so many empty values.
    pub(super) fn empty(rows: usize) -> Self {
        Self { values: vec![String::new()], keys: vec![0; rows] }
    }
}

/// Builds a column from values.
pub(super) struct Encoder {
    numbers: FxHashMap<String, u32>,
    column: DictionaryColumn,
}

impl Encoder {
    pub(super) fn new() -> Self {
        Self { numbers: FxHashMap::default(), column: DictionaryColumn::empty(0) }
    }

    pub(super) fn push(&mut self, value: &str) {
        let key = self.key(value);
        self.column.keys.push(key);
    }

    /// The key of a value, without adding a row.
    pub(super) fn key(&mut self, value: &str) -> u32 {
        let value = value.trim();
        if value.is_empty() {
            return 0;
        }
        // Exports often repeat a value row after row.
        if let Some(last) = self.column.keys.last().filter(|last| self.column.values[**last as usize] == value) {
            return *last;
        }
        if let Some(key) = self.numbers.get(value) {
            return *key;
        }
        let key = u32::try_from(self.column.values.len()).unwrap_or(u32::MAX);
        self.column.values.push(value.to_owned());
        self.numbers.insert(value.to_owned(), key);
        key
    }

    pub(super) fn push_key(&mut self, key: u32) {
        self.column.keys.push(key);
    }

    pub(super) fn finish(self) -> DictionaryColumn {
        self.column
    }
}

/// Where the asked columns stand in a file.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    /// For each decoded column, its place, if the file has it.
    pub(super) places: Vec<Option<usize>>,
    /// The columns nobody knows.
    pub(super) unknown: Vec<String>,
    /// How many columns there are.
    pub(super) count: usize,
}
