//! What is wrong with a table's rows, gathered over files and threads and told in one order.

use std::collections::BTreeMap;

use roaring::RoaringTreemap;

use super::words::WordCounts;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, visible};
use crate::snapshot::read::Batch;

/// How many bad rows of one file are told one by one.
const TOLD_ONE_BY_ONE: usize = 10;
/// How many unknown words of one column are told.
const WORDS_TOLD: usize = 10;

/// What reading a batch, or a whole table, brought up.
pub(in crate::snapshot) struct Harvest {
    table: &'static str,
    /// Bad rows by file.
    bad: BTreeMap<String, BadRows>,
    /// Unknown words by column.
    words: BTreeMap<&'static str, WordCounts<WORDS_TOLD>>,
    /// Rows that name something the snapshot does not have, by what.
    orphans: BTreeMap<&'static str, u64>,
    /// Rows with a time after "now", by column.
    future: BTreeMap<&'static str, u64>,
    /// Rows that name another group than their device's, and one of these: device, its group, the row's.
    strangers: u64,
    stranger: Option<[String; 3]>,
}

/// The bad rows of a file. They may be all there are, and only the first are told one by one.
#[derive(Default)]
struct BadRows {
    numbers: RoaringTreemap,
    /// The first of them by number.
    first: BTreeMap<u64, Bad>,
}

struct Bad {
    line: Option<u64>,
    why: String,
}

impl BadRows {
    /// Adds a row, unless it is bad already.
    fn add(&mut self, row: u64, bad: impl FnOnce() -> Bad) {
        let is_first = |last: &u64| self.first.len() < TOLD_ONE_BY_ONE || row < *last;
        if self.numbers.insert(row) && self.first.keys().next_back().is_none_or(is_first) {
            self.first.insert(row, bad());
            if self.first.len() > TOLD_ONE_BY_ONE {
                self.first.pop_last();
            }
        }
    }

    fn merge(&mut self, other: Self) {
        for (row, bad) in other.first {
            self.add(row, || bad);
        }
        self.numbers |= other.numbers;
    }
}

impl Harvest {
    pub(super) fn new(table: &'static str) -> Self {
        Self {
            table,
            bad: BTreeMap::new(),
            words: BTreeMap::new(),
            orphans: BTreeMap::new(),
            future: BTreeMap::new(),
            strangers: 0,
            stranger: None,
        }
    }

    /// The bad rows that the reader itself found.
    pub(super) fn of(table: &'static str, batch: &Batch) -> Self {
        let mut harvest = Self::new(table);
        for bad in &batch.bad {
            harvest.bad_rows(batch).add(bad.row, || Bad { line: bad.line, why: bad.why.clone() });
        }
        harvest
    }

    /// A row of `batch` (counted from 0 in it) that cannot be used, for what stands in one of its columns.
    pub(super) fn bad_row(&mut self, batch: &Batch, at: usize, column: &str, what: &str) {
        let (row, line) = batch.place(at);
        let why = || format!("`{}` {what}", visible(batch.spelling(column)));
        self.bad_rows(batch).add(row, || Bad { line, why: why() });
    }

    fn bad_rows(&mut self, batch: &Batch) -> &mut BadRows {
        self.bad.entry(batch.file.to_string()).or_default()
    }

    /// A word that an enumeration does not have.
    pub(super) fn unknown_word(&mut self, column: &'static str, word: &str, rows: u64) {
        self.words.entry(column).or_default().add(word, rows);
    }

    /// A row that names something the snapshot does not have.
    pub(super) fn orphan(&mut self, what: &'static str) {
        *self.orphans.entry(what).or_default() += 1;
    }

    /// A row with a time after "now".
    pub(super) fn after_now(&mut self, column: &'static str) {
        *self.future.entry(column).or_default() += 1;
    }

    /// A row about a device that names another group than the device's.
    pub(super) fn stranger(&mut self, device: &str, group: &str, other: &str) {
        self.strangers += 1;
        let found = [device, group, other];
        // The first in their order, whatever the order of rows.
        if self.stranger.as_ref().is_none_or(|known| found < known.each_ref().map(String::as_str)) {
            self.stranger = Some(found.map(str::to_owned));
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.strangers += other.strangers;
        self.stranger = [self.stranger.take(), other.stranger].into_iter().flatten().min();
        for (file, rows) in other.bad {
            self.bad.entry(file).or_default().merge(rows);
        }
        for (column, words) in other.words {
            self.words.entry(column).or_default().merge(words);
        }
        for (key, rows) in other.orphans {
            *self.orphans.entry(key).or_default() += rows;
        }
        for (key, rows) in other.future {
            *self.future.entry(key).or_default() += rows;
        }
    }

    pub(super) fn tell(self, place: &str, diagnostics: &mut Diagnostics) {
        let table = self.table;
        tell_bad(self.bad, diagnostics);
        let words =
            self.words.iter().flat_map(|(column, words)| words.iter().map(move |(word, rows)| (column, word, rows)));
        for (column, word, rows) in words {
            let message =
                format!("`{column}` has the word `{}` in {rows} row(s), which it does not know", visible(word));
            diagnostics.push(Diagnostic::note(Code::UnknownWord, message).in_file(place).hint(
                "it reads as unknown, or as empty where the column has no such word: docs/snapshots.md lists the words",
            ));
        }
        for (what, rows) in self.orphans {
            let message = format!("{rows} row(s) of `{table}` name {what} that the snapshot does not have");
            let note = Diagnostic::note(Code::Orphan, message).in_file(place);
            diagnostics.push(note.hint("they are left out: export all tables at one time"));
        }
        if let Some([device, group, other]) = self.stranger {
            let message = format!(
                "{} row(s) of `{table}` name another group than their device's: `{}` of `{}` in `{}`, for instance",
                self.strangers,
                visible(&device),
                visible(&group),
                visible(&other)
            );
            let hint = "the group in `devices` counts; a device that changed its group since shows in the next export";
            diagnostics.push(Diagnostic::warning(Code::OtherGroup, message).in_file(place).hint(hint));
        }
        for (column, rows) in self.future {
            let message = format!("{rows} row(s) of `{table}` have `{column}` after the snapshot's as_of");
            diagnostics.push(Diagnostic::note(Code::AfterAsOf, message).in_file(place));
        }
    }
}

/// Each bad row of a file until there are too many, then how many more.
fn tell_bad(bad: BTreeMap<String, BadRows>, diagnostics: &mut Diagnostics) {
    for (file, BadRows { numbers, first }) in bad {
        let more = numbers.len() - first.len() as u64;
        for (row, bad) in first {
            diagnostics.push(
                Diagnostic::warning(Code::BadRow, bad.why)
                    .in_row(file.as_str(), row, bad.line)
                    .hint("correct the row in the export; without --strict it is left out, and the build goes on")
                    .strict(),
            );
        }
        if more > 0 {
            let message = format!("{more} more row(s) of this file cannot be used");
            diagnostics.push(Diagnostic::warning(Code::BadRow, message).in_file(file).strict());
        }
    }
}
