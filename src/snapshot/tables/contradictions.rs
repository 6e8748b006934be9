//! Rows of one id that say different things.

use std::collections::{BTreeMap, BTreeSet};

use super::Source;
use super::source::TOLD_ONE_BY_ONE;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, visible};
use crate::snapshot::read::{Batch, Column, DictionaryColumn};
use crate::terms::{instant, word};

/// A table whose rows of one id say the same.
pub(super) struct Subject {
    pub(super) table: &'static str,
    /// What a row is about.
    pub(super) what: &'static str,
    /// Its columns, the id first.
    pub(super) columns: &'static [Column<'static>],
    /// An id, as ids are compared.
    pub(super) fold: fn(&str) -> String,
}

/// A row as its source has it. Rows are in the order of their files and numbers.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    file: String,
    row: u64,
    line: Option<u64>,
    /// What its columns are called, and what they hold; but for the device, in which rows may differ.
    values: Vec<[String; 2]>,
}

impl Subject {
    /// Complains of ids whose rows say different things.
    pub(super) fn tell(&self, source: &Source<'_>, ids: &BTreeSet<String>, diagnostics: &mut Diagnostics) {
        let problem = |message: String| Diagnostic::error(Code::Contradiction, message);
        let told: BTreeSet<&str> = ids.iter().map(String::as_str).take(TOLD_ONE_BY_ONE).collect();
        let rows = self.rows(source, &told);
        for id in told {
            let message = format!("the rows of {} `{}` say different things", self.what, visible(id));
            let problem = match rows.get(id).and_then(|rows| difference(rows)) {
                Some((row, said)) => problem(format!("{message}: {said}")).in_row(row.file.as_str(), row.row, row.line),
                None => problem(message).in_file(source.place(self.table)),
            };
            diagnostics.push(problem.hint(self.advice()));
        }
        let more = ids.len().saturating_sub(TOLD_ONE_BY_ONE);
        if more > 0 {
            let message = format!("the rows of {more} more say different things");
            diagnostics.push(problem(message).in_file(source.place(self.table)));
        }
    }

    /// Only a table that tells of devices may have several rows of an id.
    fn advice(&self) -> &'static str {
        match self.columns.iter().any(|column| column.name() == "device_id") {
            true => "rows of one id may differ in `device_id` only: correct the export",
            false => "rows of one id have to be the same: correct the export",
        }
    }

    /// The rows of these ids, in order. They are looked for when they have to be told, so that nobody else pays for it.
    fn rows(&self, source: &Source<'_>, ids: &BTreeSet<&str>) -> BTreeMap<String, Vec<Row>> {
        if ids.is_empty() {
            return BTreeMap::new();
        }
        let found = source.read(self.table, self.columns, &mut Diagnostics::new(), |batch, _| {
            let folded: Vec<String> = batch.columns[0].values.iter().map(|id| (self.fold)(id)).collect();
            let id = |row: usize| &folded[batch.columns[0].key(row)];
            let rows = (0..batch.rows).filter(|row| ids.contains(id(*row).as_str()));
            rows.map(|row| (id(row).clone(), self.row(batch, row))).collect::<Vec<_>>()
        });
        let mut rows: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        for (id, row) in found.into_iter().flatten().flatten() {
            rows.entry(id).or_default().push(row);
        }
        rows.values_mut().for_each(|rows| rows.sort());
        rows
    }

    fn row(&self, batch: &Batch, at: usize) -> Row {
        let (row, line) = batch.place(at);
        let columns = self.columns.iter().zip(&batch.columns).skip(1).filter(|(asked, _)| asked.name() != "device_id");
        let value = |(asked, column): (&Column<'_>, &DictionaryColumn)| {
            [batch.spelling(asked.name()), column.text(at)].map(str::to_owned)
        };
        Row { file: batch.file.to_string(), row, line, values: columns.map(value).collect() }
    }
}

/// The first row that differs from the first of all, and in what.
fn difference(rows: &[Row]) -> Option<(&Row, String)> {
    let (first, others) = rows.split_first()?;
    // One word, number or time may be written in several ways, which is no difference as long as there is another.
    find(first, others, |a, b| meaning(a) != meaning(b)).or_else(|| find(first, others, |a, b| a != b))
}

fn find<'r>(first: &Row, others: &'r [Row], differ: impl Fn(&str, &str) -> bool) -> Option<(&'r Row, String)> {
    others.iter().find_map(|row| {
        let mut values = row.values.iter().zip(&first.values);
        let ([column, value], [_, before]) = values.find(|([_, value], [_, before])| differ(value, before))?;
        let (column, value, before) = (visible(column), shown(value), shown(before));
        let file = if row.file == first.file { String::new() } else { format!(" of {}", visible(&first.file)) };
        Some((row, format!("`{column}` is {value} here and {before} in row {}{file}", first.row)))
    })
}

fn meaning(text: &str) -> String {
    let time = instant(text).map(|time| time.to_string());
    let number = || text.parse::<f64>().ok().map(|number| number.to_string());
    time.or_else(number).unwrap_or_else(|| word(text))
}

/// A value, or the beginning of a long one.
fn shown(text: &str) -> String {
    const LONGEST: usize = 30;
    let start: String = text.chars().take(LONGEST).collect();
    let more = if start.len() < text.len() { "…" } else { "" };
    if text.is_empty() { "empty".to_owned() } else { format!("`{}{more}`", visible(&start)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(file: &str, row: u64, title: &str, created: &str) -> Row {
        let values = [["title", title], ["created", created]].map(|value| value.map(str::to_owned));
        Row { file: file.to_owned(), row, line: None, values: values.to_vec() }
    }

    #[test]
    fn the_first_difference_that_means_something_is_told() {
        let said = |rows: &[Row]| difference(rows).map(|(row, said)| (row.row, said));
        let rows = [row("a", 1, "A b", "2026-11-01"), row("a", 3, "a_B", "2026-11-01T00:00:00Z"), row("b", 2, "", "x")];
        assert_eq!(said(&rows), Some((2, "`title` is empty here and `A b` in row 1 of a".to_owned())));
        assert_eq!(said(&rows[..2]), Some((3, "`title` is `a_B` here and `A b` in row 1".to_owned())));
        let long = [row("a", 1, "x", "é"), row("a", 2, "x", &"é".repeat(31))];
        assert_eq!(said(&long), Some((2, format!("`created` is `{}…` here and `é` in row 1", "é".repeat(30)))));
        assert_eq!(said(&rows[..1]), None);
    }
}
