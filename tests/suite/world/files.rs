//! Writes one table in any format, compression and number of files that the contract allows, with
//! its rows and columns in any order.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, Float64Array, RecordBatch, StringArray, TimestampMillisecondArray};
use parquet::arrow::ArrowWriter;
use proptest::prelude::*;
use serde_json::{Map, Value};

use super::Table;
use super::pools::{Column, Kind, columns};

/// How every table of a site is written: one draw per table, reused in a round.
#[derive(Clone, Debug)]
pub(crate) struct Layout(pub(crate) Vec<TableLayout>);

#[derive(Clone, Debug)]
pub(crate) struct TableLayout {
    pub(crate) format: Format,
    pub(crate) compression: Compression,
    /// `NAME.EXT` when 0, else that many files in a folder `NAME/`.
    pub(crate) files: usize,
    /// Orders rows and columns; 0 leaves them as they are.
    pub(crate) shuffle: u64,
    /// Whether values that have a type of their own in the format use it.
    pub(crate) typed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Format {
    Csv,
    Ndjson,
    Json,
    Parquet,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Compression {
    Plain,
    Gzip,
    Zstd,
}

impl Layout {
    /// One plain CSV file a table, rows as they were drawn.
    pub(crate) fn plain() -> Layout {
        Layout(vec![TableLayout {
            format: Format::Csv,
            compression: Compression::Plain,
            files: 0,
            shuffle: 0,
            typed: false,
        }])
    }

    pub(crate) fn of_table(&self, snapshot: usize, table: usize) -> &TableLayout {
        &self.0[(snapshot * 5 + table) % self.0.len()]
    }
}

pub(crate) fn layouts() -> impl Strategy<Value = Layout> {
    let format = prop_oneof![Just(Format::Csv), Just(Format::Ndjson), Just(Format::Json), Just(Format::Parquet),];
    let compression = prop_oneof![Just(Compression::Plain), Just(Compression::Gzip), Just(Compression::Zstd)];
    let one = (format, compression, 0usize..4, any::<u64>(), any::<bool>()).prop_map(
        |(format, compression, files, shuffle, typed)| TableLayout { format, compression, files, shuffle, typed },
    );
    proptest::collection::vec(one, 1..8).prop_map(Layout)
}

/// Writes `NAME.EXT`, or `NAME/part-N.EXT`, under `home`.
pub(crate) fn write_table(name: &str, table: &Table, layout: &TableLayout, home: &Path) {
    let columns = columns(name);
    let table = shuffled(table, layout.shuffle);
    let mut layout = layout.clone();
    // NDJSON without a row is a file without a byte, and whether that is an empty table or a broken
    // export is not said: an array then.
    if layout.format == Format::Ndjson && table.rows.len() < layout.files.max(1) {
        layout.format = Format::Json;
    }
    let layout = &layout;
    if layout.files == 0 {
        write_file(&table, columns, layout, &home.join(name));
        return;
    }
    fs::create_dir_all(home.join(name)).unwrap();
    for part in 0..layout.files {
        let rows = table.rows.iter().skip(part).step_by(layout.files).cloned().collect();
        let part_of = Table { columns: table.columns.clone(), rows };
        write_file(&part_of, columns, layout, &home.join(name).join(format!("part-{part}")));
    }
}

fn write_file(table: &Table, columns: &[Column], layout: &TableLayout, stem: &Path) {
    let (extension, bytes) = match layout.format {
        Format::Csv => ("csv", csv_bytes(table, layout.typed)),
        Format::Ndjson => ("ndjson", ndjson_bytes(&objects(table, columns, layout))),
        Format::Json => ("json", serde_json::to_vec(&objects(table, columns, layout)).unwrap()),
        Format::Parquet => ("parquet", parquet_bytes(table, columns, layout.typed)),
    };
    let (suffix, bytes) = match layout.compression {
        // Parquet compresses inside; only the text forms have `.gz` and `.zst`.
        _ if layout.format == Format::Parquet => ("", bytes),
        Compression::Plain => ("", bytes),
        Compression::Gzip => (".gz", gzip(&bytes)),
        Compression::Zstd => (".zst", zstd::encode_all(&bytes[..], 1).unwrap()),
    };
    // Not `with_extension`: it would cut a stem at its dot.
    let path = format!("{}.{extension}{suffix}", stem.display());
    fs::write(path, bytes).unwrap();
}

/// The typed flavour of CSV is the other way to end lines and to quote.
fn csv_bytes(table: &Table, windows: bool) -> Vec<u8> {
    let mut builder = csv::WriterBuilder::new();
    if windows {
        builder.terminator(csv::Terminator::CRLF).quote_style(csv::QuoteStyle::Always);
    }
    let mut writer = builder.from_writer(Vec::new());
    writer.write_record(&table.columns).unwrap();
    for row in &table.rows {
        writer.write_record(row).unwrap();
    }
    writer.into_inner().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn ndjson_bytes(objects: &[Value]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for object in objects {
        serde_json::to_writer(&mut bytes, object).unwrap();
        bytes.push(b'\n');
    }
    bytes
}

/// Rows as objects. Typed: booleans and numbers as JSON's own, empty values as `null` where the
/// column must stand and as no key at all where it need not.
fn objects(table: &Table, columns: &[Column], layout: &TableLayout) -> Vec<Value> {
    let object = |row: &Vec<String>| {
        let mut object = Map::new();
        for (name, cell) in table.columns.iter().zip(row) {
            let column = column_of(columns, name);
            if !layout.typed {
                object.insert((*name).to_owned(), Value::from(cell.as_str()));
            } else if !cell.is_empty() {
                object.insert((*name).to_owned(), json_cell(column.kind, cell));
            } else if column.required {
                object.insert((*name).to_owned(), Value::Null);
            }
        }
        Value::Object(object)
    };
    table.rows.iter().map(object).collect()
}

fn column_of<'a>(columns: &'a [Column], name: &str) -> &'a Column {
    columns.iter().find(|column| column.name == name).unwrap()
}

fn json_cell(kind: Kind, cell: &str) -> Value {
    match kind {
        Kind::Boolean => plain_boolean(cell).map_or(Value::from(cell), Value::from),
        Kind::Number => cell.parse::<f64>().map_or(Value::from(cell), Value::from),
        Kind::Text | Kind::Time => Value::from(cell),
    }
}

fn plain_boolean(cell: &str) -> Option<bool> {
    match cell.trim().to_lowercase().as_str() {
        "true" | "1" | "yes" => Some(true),
        "false" | "0" | "no" => Some(false),
        _ => None,
    }
}

fn parquet_bytes(table: &Table, columns: &[Column], typed: bool) -> Vec<u8> {
    let arrays: Vec<(&str, ArrayRef)> = table
        .columns
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let cells: Vec<&str> = table.rows.iter().map(|row| row[at].as_str()).collect();
            let kind = if typed { column_of(columns, name).kind } else { Kind::Text };
            (*name, parquet_column(&cells, kind, typed))
        })
        .collect();
    // Every column may hold nulls, whatever the rows of this file happen to be.
    let nullable = arrays.into_iter().map(|(name, array)| (name, array, true));
    let batch = RecordBatch::try_from_iter_with_nullable(nullable).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

/// A typed array when every value of the file fits it, else strings.
fn parquet_column(cells: &[&str], kind: Kind, nulls: bool) -> ArrayRef {
    let said = |cell: &&str| !cell.trim().is_empty();
    let all = |fits: &dyn Fn(&str) -> bool| cells.iter().filter(|c| said(c)).all(|c| fits(c));
    match kind {
        Kind::Boolean if all(&|cell| plain_boolean(cell).is_some()) => {
            Arc::new(cells.iter().map(|cell| plain_boolean(cell)).collect::<BooleanArray>())
        }
        Kind::Number if all(&|cell| cell.parse::<f64>().is_ok()) => {
            Arc::new(cells.iter().map(|cell| cell.parse::<f64>().ok()).collect::<Float64Array>())
        }
        Kind::Time if all(&|cell| zoned_millis(cell).is_some()) => {
            let millis = cells.iter().map(|cell| zoned_millis(cell));
            Arc::new(millis.collect::<TimestampMillisecondArray>().with_timezone("UTC"))
        }
        _ => {
            let strings = cells.iter().map(|cell| if nulls && cell.is_empty() { None } else { Some(*cell) });
            Arc::new(strings.collect::<StringArray>()) as Arc<dyn Array>
        }
    }
}

/// Only times that say their zone: the others stay strings, as a reader must take both.
fn zoned_millis(cell: &str) -> Option<i64> {
    let at: jiff::Timestamp = cell.trim().parse().ok()?;
    Some(at.as_millisecond())
}

/// The same table with its rows and columns in another order.
fn shuffled(table: &Table, seed: u64) -> Table {
    if seed == 0 {
        return table.clone();
    }
    let mut state = seed;
    let columns = order(table.columns.len(), &mut state);
    let rows = order(table.rows.len(), &mut state);
    let pick = |row: &Vec<String>| columns.iter().map(|at| row[*at].clone()).collect();
    Table {
        columns: columns.iter().map(|at| table.columns[*at]).collect(),
        rows: rows.iter().map(|at| pick(&table.rows[*at])).collect(),
    }
}

/// A permutation of `0..length`: each place swapped with one not after it.
fn order(length: usize, state: &mut u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..length).collect();
    for at in (1..length).rev() {
        // Steele and Vigna's SplitMix64: enough for an order, and the same everywhere.
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        order.swap(at, ((mixed ^ (mixed >> 31)) % (at as u64 + 1)) as usize);
    }
    order
}
