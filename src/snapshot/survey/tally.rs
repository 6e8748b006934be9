//! The rows of a table, counted as they are read.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rustc_hash::FxHashSet;

use super::{Mix, Surveyed, Word};
use crate::snapshot::read::{Batch, DictionaryColumn};
use crate::snapshot::tables::{Table, read_as, words};
use crate::terms::instant;

/// How many different words of a column are told apart; a column with more has texts that are no words.
const MOST_WORDS: usize = 1000;

/// The digest of an id.
type Digest = [u8; 16];

/// What the rows of a part of a table come to.
#[derive(Default)]
pub(super) struct Tally {
    rows: u64,
    bad_rows: u64,
    distinct: BTreeMap<&'static str, FxHashSet<Digest>>,
    /// By column and word.
    words: BTreeMap<(&'static str, String), u64>,
    spellings: BTreeMap<&'static str, BTreeSet<String>>,
    /// For each column that the source fills, whether some row has a value.
    filled: BTreeMap<&'static str, bool>,
    latest: BTreeMap<&'static str, Timestamp>,
}

impl Tally {
    pub(super) fn of(table: &Table, batch: &Batch, now: Timestamp) -> Self {
        let mut tally = Self { rows: batch.rows as u64, bad_rows: batch.bad.len() as u64, ..Self::default() };
        for (name, column) in table.columns.iter().map(|column| column.name()).zip(&batch.columns) {
            let mut rows = vec![0_u64; column.values.len()];
            column.keys.iter().for_each(|key| rows[*key as usize] += 1);
            let spelling = batch.spelling(name);
            let is_filled = rows.iter().skip(1).any(|rows| *rows > 0);
            if batch.is_spelt(name) {
                tally.filled.insert(name, is_filled);
            }
            if is_id(name) {
                tally.distinct.insert(name, ids(column, &rows));
            } else if words(table.name, name).is_some() && (is_filled || batch.is_spelt(name)) {
                tally.spellings.entry(name).or_default().insert(spelling.to_owned());
                tally.count_words(name, column, &rows);
            } else if is_time(name) {
                let times = column.values.iter().filter_map(|text| instant(text)).filter(|time| *time <= now);
                tally.latest.extend(times.max().map(|time| (name, time)));
            }
        }
        tally
    }

    fn count_words(&mut self, name: &'static str, column: &DictionaryColumn, rows: &[u64]) {
        for (text, rows) in column.values.iter().zip(rows).filter(|(_, rows)| **rows > 0) {
            let key = (name, text.clone());
            if self.words.contains_key(&key) || self.words.len() < MOST_WORDS {
                *self.words.entry(key).or_default() += rows;
            }
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.bad_rows += other.bad_rows;
        for (name, ids) in other.distinct {
            self.distinct.entry(name).or_default().extend(ids);
        }
        for (key, rows) in other.words {
            *self.words.entry(key).or_default() += rows;
        }
        for (name, spellings) in other.spellings {
            self.spellings.entry(name).or_default().extend(spellings);
        }
        for (name, is_filled) in other.filled {
            *self.filled.entry(name).or_default() |= is_filled;
        }
        for (name, time) in other.latest {
            let known = self.latest.entry(name).or_insert(time);
            *known = (*known).max(time);
        }
    }

    pub(super) fn finish(self, table: &Table, files: Vec<String>) -> Surveyed {
        let mixes = self.spellings.into_iter().map(|(column, spellings)| {
            let of_column = self.words.iter().filter(|((name, _), _)| *name == column);
            let word = |((_, written), rows): (&(&str, String), &u64)| {
                let read_as = read_as(table.name, column, written);
                Word { written: written.clone(), read_as, rows: *rows }
            };
            let mut words: Vec<Word> = of_column.map(word).collect();
            words.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.written.cmp(&b.written)));
            let spelling = spellings.into_iter().collect::<Vec<_>>().join(", ");
            Mix { column, spelling, words }
        });
        let words = mixes.collect();
        let is_empty = |(_, is_filled): &(&'static str, bool)| !is_filled && self.rows > 0;
        let empty = self.filled.into_iter().filter(is_empty).map(|(name, _)| name.to_owned()).collect();
        let distinct = self.distinct.into_iter().map(|(name, ids)| (name, ids.len() as u64)).collect();
        let (rows, bad_rows, latest) = (self.rows, self.bad_rows, self.latest);
        Surveyed { table: table.name, files, rows, bad_rows, distinct, words, empty, latest }
    }
}

fn ids(column: &DictionaryColumn, rows: &[u64]) -> FxHashSet<Digest> {
    let there = column.values.iter().zip(rows).filter(|(text, rows)| !text.is_empty() && **rows > 0);
    there
        .map(|(text, _)| {
            let mut digest = Digest::default();
            blake3::Hasher::new().update(text.to_lowercase().as_bytes()).finalize_xof().fill(&mut digest);
            digest
        })
        .collect()
}

fn is_id(column: &str) -> bool {
    ["device_id", "cve_id", "configuration_id", "alert_id", "incident_id", "device_group"].contains(&column)
}

fn is_time(column: &str) -> bool {
    ["last_seen", "at", "created", "resolved", "updated"].contains(&column)
}
