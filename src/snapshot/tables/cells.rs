//! Columns as typed cells: each distinct value of a batch is understood once.

use jiff::Timestamp;

use super::harvest::Harvest;
use crate::snapshot::read::{Batch, DictionaryColumn};
use crate::terms::instant;

/// What a value of a column means.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell<T> {
    /// The value is empty.
    Absent,
    /// A value.
    Value(T),
    /// Nothing this column can hold; the text says what it is instead.
    Bad(String),
}

/// A column whose distinct values were understood once.
pub(super) struct Cells<'b, T> {
    name: &'static str,
    values: Vec<Cell<T>>,
    keys: &'b [u32],
}

impl<'b, T> Cells<'b, T> {
    /// Understands each distinct value; the empty value is absent and `read` never sees it.
    pub(super) fn of(column: &'b DictionaryColumn, name: &'static str, read: impl Fn(&str) -> Cell<T>) -> Self {
        let cell = |value: &String| if value.is_empty() { Cell::Absent } else { read(value) };
        Self { name, values: column.values.iter().map(cell).collect(), keys: &column.keys }
    }

    pub(super) fn get(&self, row: usize) -> &Cell<T> {
        &self.values[self.keys[row] as usize]
    }

    /// The value of a row; a bad one is told and gives `Err`.
    pub(super) fn value(&self, batch: &Batch, row: usize, harvest: &mut Harvest) -> Result<Option<&T>, BadCell> {
        match self.get(row) {
            Cell::Absent => Ok(None),
            Cell::Value(value) => Ok(Some(value)),
            Cell::Bad(what) => {
                harvest.bad_row(batch, row, self.name, what);
                Err(BadCell)
            }
        }
    }
}

/// The row cannot be used; the harvest says why.
#[derive(Clone, Copy, Debug)]
pub(super) struct BadCell;

/// The text of a column.
pub(super) fn text(column: &DictionaryColumn, row: usize) -> &str {
    &column.values[column.keys[row] as usize]
}

/// The text of a column, if it is not empty.
pub(super) fn some_text<'c, T: From<&'c str>>(column: &'c DictionaryColumn, row: usize) -> Option<T> {
    Some(text(column, row)).filter(|text| !text.is_empty()).map(T::from)
}

/// An id that must not be empty; an empty one is told.
pub(super) fn id<'b>(
    batch: &'b Batch,
    column: usize,
    name: &str,
    row: usize,
    harvest: &mut Harvest,
) -> Result<&'b str, BadCell> {
    let id = text(&batch.columns[column], row);
    if id.is_empty() {
        harvest.bad_row(batch, row, name, "is empty");
        return Err(BadCell);
    }
    Ok(id)
}

/// A column of moments.
pub(super) fn times<'b>(column: &'b DictionaryColumn, name: &'static str) -> Cells<'b, Timestamp> {
    Cells::of(column, name, |text| match instant(text) {
        Some(time) => Cell::Value(time),
        None => Cell::Bad(format!("is no RFC 3339 date or date-time: `{text}`")),
    })
}

/// A column of booleans: true, false, 1, 0, yes, no, in any case.
pub(super) fn booleans<'b>(column: &'b DictionaryColumn, name: &'static str) -> Cells<'b, bool> {
    Cells::of(column, name, |text| match boolean(text) {
        Some(value) => Cell::Value(value),
        None => Cell::Bad(format!("is neither true nor false: `{text}`")),
    })
}

/// Whether a value is a boolean.
pub(in crate::snapshot) fn is_boolean(text: &str) -> bool {
    boolean(text).is_some()
}

/// A boolean as the tables write it.
pub(in crate::snapshot) fn boolean(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "1" | "yes" => Some(true),
        "false" | "0" | "no" => Some(false),
        _ => None,
    }
}

/// A column of words; one that `parse` does not know is noted and reads as `unknown`.
pub(super) fn words<'b, T: Copy>(
    column: &'b DictionaryColumn,
    name: &'static str,
    harvest: &mut Harvest,
    parse: impl Fn(&str) -> Option<T>,
    unknown: Option<T>,
) -> Cells<'b, T> {
    let cells = Cells::of(column, name, |text| match parse(text).or(unknown) {
        Some(value) => Cell::Value(value),
        None => Cell::Absent,
    });
    let is_unknown = |value: &str| !value.is_empty() && parse(value).is_none();
    if column.values.iter().any(|value| is_unknown(value)) {
        let unknown = column.counted().filter(|(value, _)| is_unknown(value));
        unknown.for_each(|(value, rows)| harvest.unknown_word(name, value, rows));
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Diagnostics;

    #[test]
    fn a_word_that_no_row_has_is_not_told() {
        let column = DictionaryColumn { values: vec![String::new(), "pending".to_owned()], keys: vec![0] };
        let mut harvest = Harvest::new("devices");
        words(&column, "onboarding", &mut harvest, |_| None::<u8>, None);
        let mut told = Diagnostics::new();
        harvest.tell("devices", &mut told);
        assert!(told.is_empty());
    }
}
