//! Tables of a snapshot: in blocks of any size the same rows, and as many as other readers find.

use std::fs;

use serde_json::value::RawValue;
use threatpress::diagnostics::Diagnostics;
use threatpress::snapshot::read::{Batch, Column, Dialect, Request, read_in_blocks, table_files};

use super::directory;

const COLUMNS: [Column<'static>; 4] =
    [Column::required("id"), Column::required("name"), Column::optional("note"), Column::ignored("unread")];
const REQUEST: Request<'static> = Request { table: "t", columns: &COLUMNS, dialect: Dialect::Own };
/// Larger than any input.
const WHOLE: usize = 1 << 20;

/// A row's number and line, and its values or what is wrong with it.
type Row = (u64, Option<u64>, Result<Vec<String>, String>);

pub(super) fn hold_csv(input: &[u8]) {
    let rows = is_read_alike("t.csv", input);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(input);
    let records: Result<Vec<csv::StringRecord>, csv::Error> = reader.records().collect();
    if let (Ok(rows), Ok(records)) = (rows, records) {
        assert_eq!(rows.len() + 1, records.len(), "rows are lost or made");
        for ((.., row), record) in rows.iter().zip(&records[1..]) {
            for value in row.iter().flatten() {
                assert!(
                    value.is_empty() || record.iter().any(|field| field.trim() == value),
                    "{value:?} is not in the file"
                );
            }
        }
    }
}

pub(super) fn hold_ndjson(input: &[u8]) {
    let _ = is_read_alike("t.json", input);
    let rows = is_read_alike("t.ndjson", input);
    if let (Ok(rows), Ok(text)) = (rows, std::str::from_utf8(input)) {
        let text = text.trim_start_matches('\u{feff}');
        let lines = text.split('\n').filter(|line| !line.trim_ascii().is_empty());
        assert_eq!(rows.len(), lines.count(), "rows are lost or made");
        for (number, _, row) in &rows {
            let line = text.split('\n').filter(|line| !line.trim_ascii().is_empty()).nth(*number as usize - 1).unwrap();
            // Half a surrogate pair is JSON all the same, and may stand where nobody reads it.
            let is_json = serde_json::from_str::<Box<RawValue>>(line).is_ok();
            let is_object = is_json && line.trim_ascii_start().starts_with('{');
            assert!(is_object || row.is_err(), "row {number} is no object: {line:?}");
        }
    }
}

/// Reads a file whole and in small blocks; both have to say the same.
fn is_read_alike(name: &str, input: &[u8]) -> Result<Vec<Row>, String> {
    let directory = directory();
    fs::write(directory.path().join(name), input).unwrap();
    let whole = read(directory.path(), WHOLE);
    for size in [1, 7, 64] {
        assert_eq!(read(directory.path(), size), whole, "{name} in blocks of {size} bytes");
    }
    whole
}

fn read(directory: &std::path::Path, size: usize) -> Result<Vec<Row>, String> {
    let files = table_files(directory, "s", "t", &mut Diagnostics::new()).unwrap();
    let batches = read_in_blocks(&files[0], &REQUEST, rows, size).map_err(|told| told.message)?;
    let mut rows: Vec<Row> = batches.into_iter().flatten().collect();
    rows.sort();
    Ok(rows)
}

fn rows(batch: Batch) -> Vec<Row> {
    let row = |at: usize| {
        let (number, line) = batch.place(at);
        let values = batch.columns.iter().map(|column| column.values[column.keys[at] as usize].clone());
        (number, line, Ok(values.collect()))
    };
    let bad = batch.bad.iter().map(|bad| (bad.row, bad.line, Err(bad.why.clone())));
    (0..batch.rows).map(row).chain(bad).collect()
}
