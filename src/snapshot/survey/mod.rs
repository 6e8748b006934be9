//! What was understood of a snapshot, table by table, and what about it is doubtful.

mod doubts;
mod tally;

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Snapshot;
use super::engine::Use;
use super::read::{Column, Dialect, Request};
use super::tables::{self, Table};
use crate::diagnostics::{Diagnostics, Severity};
use crate::fleet::Fleet;
use tally::Tally;

pub use doubts::doubts;

/// A table as it was read.
#[derive(Debug)]
pub struct Surveyed {
    /// Its name.
    pub table: &'static str,
    /// The files that its rows come from, as messages show them.
    pub files: Vec<String>,
    /// How many rows it has, the bad ones not counted.
    pub rows: u64,
    /// How many rows are none.
    pub bad_rows: u64,
    /// For each column of ids, how many different ones there are.
    pub distinct: BTreeMap<&'static str, u64>,
    /// For each column of words, which there are and how they are read.
    pub words: Vec<Mix>,
    /// The columns that the source fills, and that no row has anything in.
    pub empty: Vec<String>,
    /// For each column of times, the latest that is not after the snapshot's own.
    pub latest: BTreeMap<&'static str, Timestamp>,
}

/// The words of a column.
#[derive(Debug)]
pub struct Mix {
    /// The table's name of the column.
    pub column: &'static str,
    /// What the source calls it.
    pub spelling: String,
    /// The words, the most frequent first.
    pub words: Vec<Word>,
}

/// A word of a column.
#[derive(Debug, PartialEq, Eq)]
pub struct Word {
    /// As it is written; empty for no value.
    pub written: String,
    /// What it is read as; none where nothing is known by this word.
    pub read_as: Option<&'static str>,
    /// How many rows have it.
    pub rows: u64,
}

/// Reads every table of a snapshot, for its own sake, and leaves out what cannot be read. It asks for more columns than
/// figures do, and of an engine for another time.
#[must_use]
pub fn survey(snapshot: &Snapshot, diagnostics: &mut Diagnostics) -> Vec<Surveyed> {
    tables::all().iter().filter_map(|table| surveyed(snapshot, table, diagnostics)).collect()
}

fn surveyed(snapshot: &Snapshot, table: &Table, diagnostics: &mut Diagnostics) -> Option<Surveyed> {
    let columns: Vec<Column<'_>> = table.columns.iter().map(|column| Column::optional(column.name())).collect();
    let request = Request { table: table.name, columns: &columns, dialect: Dialect::Own };
    let mut told = Diagnostics::new();
    let parts = snapshot.supply(&request, Use::Rows, &mut told, |batch| Tally::of(table, &batch, snapshot.as_of));
    // Notes and warnings were told when a fleet was made of the rows.
    told.retain(|problem| problem.severity == Severity::Error);
    if told.has_errors() {
        diagnostics.append_new(told);
        return None;
    }
    let parts = parts?;
    let mut tally = Tally::default();
    parts.into_iter().for_each(|part| tally.add(part));
    Some(tally.finish(table, snapshot.places(table.name)))
}

/// The columns of its files that nothing reads, and the files that are no table, as notes.
#[must_use]
pub fn unread(snapshot: &Snapshot) -> Diagnostics {
    snapshot.unread()
}

/// What is known of a snapshot beside its rows.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The snapshot.
    pub snapshot: &'a Snapshot,
    /// What its tables say.
    pub tables: &'a [Surveyed],
    /// What they come to, unless that failed.
    pub fleet: Option<&'a Fleet>,
}
