//! The rows of a table, counted as they are read.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rustc_hash::FxHashSet;

use super::{Mix, Surveyed, Word};
use crate::snapshot::read::Batch;
use crate::snapshot::tables::{Table, WordCounts, compared, read_as, words};
use crate::terms::instant;

/// How many different words of a column are counted; a column with more has texts that are no words.
const MOST_WORDS: usize = 1000;

/// The digest of an id.
type Digest = [u8; 16];

/// What the rows of a part of a table come to.
#[derive(Default)]
pub(super) struct Tally {
    rows: u64,
    bad_rows: u64,
    distinct: BTreeMap<&'static str, FxHashSet<Digest>>,
    /// By column.
    words: BTreeMap<&'static str, WordCounts<MOST_WORDS>>,
    spellings: BTreeMap<&'static str, BTreeSet<String>>,
    /// For each column that the source fills, whether some row has a value.
    filled: BTreeMap<&'static str, bool>,
    latest: BTreeMap<&'static str, Timestamp>,
}

impl Tally {
    pub(super) fn of(table: &Table, batch: &Batch, now: Timestamp) -> Self {
        let mut tally = Self { rows: batch.rows as u64, bad_rows: batch.bad.len() as u64, ..Self::default() };
        for (name, column) in table.columns.iter().map(|column| column.name()).zip(&batch.columns) {
            let there: Vec<(&str, u64)> = column.counted().collect();
            let spelling = batch.spelling(name);
            let is_filled = there.iter().any(|(text, _)| !text.is_empty());
            if batch.is_spelt(name) {
                tally.filled.insert(name, is_filled);
            }
            if is_id(name) {
                tally.distinct.insert(name, ids(name, &there));
            } else if words(table.name, name).is_some() && (is_filled || batch.is_spelt(name)) {
                tally.spellings.entry(name).or_default().insert(spelling.to_owned());
                let words = tally.words.entry(name).or_default();
                there.iter().for_each(|(word, rows)| words.add(word, *rows));
            } else if is_time(name) {
                let times = there.iter().filter_map(|(text, _)| instant(text)).filter(|time| *time <= now);
                tally.latest.extend(times.max().map(|time| (name, time)));
            }
        }
        tally
    }

    pub(super) fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.bad_rows += other.bad_rows;
        for (name, ids) in other.distinct {
            self.distinct.entry(name).or_default().extend(ids);
        }
        for (name, words) in other.words {
            self.words.entry(name).or_default().merge(words);
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
            let word = |(written, rows): (&str, u64)| {
                let read_as = read_as(table.name, column, written);
                Word { written: written.to_owned(), read_as, rows }
            };
            let counts = self.words.get(column);
            let mut words: Vec<Word> = counts.into_iter().flat_map(WordCounts::iter).map(word).collect();
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

fn ids(column: &str, there: &[(&str, u64)]) -> FxHashSet<Digest> {
    let ids = there.iter().filter(|(id, _)| !id.is_empty());
    ids.map(|(id, _)| {
        let mut digest = Digest::default();
        blake3::Hasher::new().update(compared(column, id).as_bytes()).finalize_xof().fill(&mut digest);
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
