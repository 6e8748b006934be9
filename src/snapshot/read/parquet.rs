//! Parquet: only the asked columns, row groups in parallel, dictionaries kept as such.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use ::parquet::errors::ParquetError;
use arrow::array::{Array, ArrayRef, AsArray, DictionaryArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Int32Type, Int64Type, Schema, TimeUnit};
use jiff::Timestamp;
use rayon::prelude::*;

use super::batch::{Batch, Columns, DictionaryColumn, Encoder, Places};
use super::files::TableFile;
use super::input::damaged;
use super::json::Keys;
use super::{Outcome, Request, locate};
use crate::diagnostics::{Code, Diagnostic};

/// How many rows make a batch. A row group has one dictionary per column, and each batch
/// understands it anew: long batches keep that rare.
const ROWS: usize = 1 << 20;

pub(super) fn read<T: Send>(
    file: &TableFile,
    request: &Request<'_>,
    map: &(impl Fn(Batch) -> T + Sync),
) -> Result<Outcome<T>, Diagnostic> {
    // The crate may panic on a damaged file; that must not take the run with it.
    let read = catch_unwind(AssertUnwindSafe(|| read_groups(file, request, map)));
    read.unwrap_or_else(|_| Err(not_readable(file, "it is damaged")))
}

fn read_groups<T: Send>(
    file: &TableFile,
    request: &Request<'_>,
    map: &(impl Fn(Batch) -> T + Sync),
) -> Result<Outcome<T>, Diagnostic> {
    let handle = open(file)?;
    let told = |error: ParquetError| not_readable(file, &error.to_string());
    let plain = ArrowReaderMetadata::load(&handle, ArrowReaderOptions::new()).map_err(told)?;
    let names: Vec<String> = plain.schema().fields().iter().map(|field| field.name().clone()).collect();
    let columns = locate(file, request, &names)?;
    nested(file, plain.schema(), &columns)?;
    let options = ArrowReaderOptions::new().with_schema(Arc::new(with_dictionaries(plain.schema(), &columns)));
    // Not every writer's columns can be asked for as dictionaries.
    let metadata = ArrowReaderMetadata::load(&handle, options).unwrap_or(plain);
    let groups = metadata.metadata().row_groups();
    let firsts: Vec<u64> = groups
        .iter()
        .scan(1, |next: &mut u64, group| {
            let first = *next;
            *next += u64::try_from(group.num_rows()).unwrap_or(0);
            Some(first)
        })
        .collect();
    let parts: Vec<Result<Vec<T>, Diagnostic>> = firsts
        .par_iter()
        .enumerate()
        .map(|(group, first)| read_group(file, &metadata, &columns, group, *first, map))
        .collect();
    let mut values = Vec::new();
    for part in parts {
        values.extend(part?);
    }
    Ok(Outcome::of(values, columns.unknown, Keys::default()))
}

fn open(file: &TableFile) -> Result<File, Diagnostic> {
    File::open(&file.path)
        .map_err(|error| Diagnostic::error(Code::Unreadable, format!("cannot read it: {error}")).in_file(&*file.shown))
}

fn not_readable(file: &TableFile, why: &str) -> Diagnostic {
    damaged(file, &format!("not a Parquet file that can be read: {why}"))
        .hint("export it again; nothing of it was used")
}

/// Complains of an asked column that is a list or a structure.
fn nested(file: &TableFile, schema: &Schema, columns: &Columns) -> Result<(), Diagnostic> {
    for place in columns.places.iter().flatten() {
        let field = schema.field(*place);
        if field.data_type().is_nested() {
            let message = format!("the column `{}` has lists or structures", field.name());
            return Err(damaged(file, &message).hint("export one plain value a row"));
        }
    }
    Ok(())
}

/// The schema with the asked texts as dictionaries.
fn with_dictionaries(schema: &Schema, columns: &Columns) -> Schema {
    let dictionary = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let field = |(at, field): (usize, &Arc<Field>)| {
        let text = matches!(field.data_type(), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
        if text && columns.places.contains(&Some(at)) {
            Arc::new(field.as_ref().clone().with_data_type(dictionary()))
        } else {
            Arc::clone(field)
        }
    };
    Schema::new(schema.fields().iter().enumerate().map(field).collect::<Vec<_>>())
}

fn read_group<T>(
    file: &TableFile,
    metadata: &ArrowReaderMetadata,
    columns: &Columns,
    group: usize,
    first: u64,
    map: &(impl Fn(Batch) -> T + Sync),
) -> Result<Vec<T>, Diagnostic> {
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(open(file)?, metadata.clone());
    let roots = columns.places.iter().flatten().copied();
    let mask = ProjectionMask::roots(metadata.parquet_schema(), roots);
    let reader = builder
        .with_row_groups(vec![group])
        .with_projection(mask)
        .with_batch_size(ROWS)
        .build()
        .map_err(|error| not_readable(file, &error.to_string()))?;
    let mut next = first;
    let mut values = Vec::new();
    for batch in reader {
        let batch = batch.map_err(|error| not_readable(file, &error.to_string()))?;
        let names = metadata.schema();
        let columns = columns
            .places
            .iter()
            .map(|place| match place.and_then(|place| batch.column_by_name(names.field(place).name())) {
                Some(column) => encode(column).map_err(|error| not_readable(file, &error)),
                None => Ok(DictionaryColumn::empty(batch.num_rows())),
            })
            .collect::<Result<Vec<_>, _>>()?;
        values.push(map(Batch {
            file: Arc::clone(&file.shown),
            rows: batch.num_rows(),
            columns,
            bad: Vec::new(),
            places: Places::Run(next),
        }));
        next += rows(&batch);
    }
    Ok(values)
}

fn rows(batch: &RecordBatch) -> u64 {
    batch.num_rows() as u64
}

/// A column as its distinct texts; whatever its type, a value is written as CSV would have it.
fn encode(column: &ArrayRef) -> Result<DictionaryColumn, String> {
    if let Some(dictionary) = column.as_any_dictionary_opt()
        && dictionary.keys().data_type() == &DataType::Int32
        && dictionary.values().data_type() == &DataType::Utf8
    {
        return Ok(from_dictionary(column.as_dictionary::<Int32Type>()));
    }
    if let DataType::Timestamp(unit, _) = column.data_type() {
        return from_instants(column, *unit);
    }
    let texts = cast(column, &DataType::Utf8).map_err(|error| error.to_string())?;
    let mut encoder = Encoder::new();
    for text in texts.as_string::<i32>() {
        encoder.push(text.unwrap_or_default());
    }
    Ok(encoder.finish())
}

/// Instants, as text in UTC. With a zone or without, the integers count from 1970 in UTC.
fn from_instants(column: &ArrayRef, unit: TimeUnit) -> Result<DictionaryColumn, String> {
    let integers = cast(column, &DataType::Int64).map_err(|error| error.to_string())?;
    let instant = |value: i64| match unit {
        TimeUnit::Second => Timestamp::from_second(value),
        TimeUnit::Millisecond => Timestamp::from_millisecond(value),
        TimeUnit::Microsecond => Timestamp::from_microsecond(value),
        TimeUnit::Nanosecond => Timestamp::from_nanosecond(value.into()),
    };
    let mut encoder = Encoder::new();
    let mut last = None;
    for value in integers.as_primitive::<Int64Type>() {
        match value {
            None => encoder.push_key(0),
            // Exports often have one time for many rows.
            Some(value) if last.is_some_and(|(seen, _)| seen == value) => {
                encoder.push_key(last.map_or(0, |(_, key)| key));
            }
            Some(value) => {
                // What is outside the years jiff knows stays a number, and a bad row.
                let text = instant(value).map_or_else(|_| value.to_string(), |instant| instant.to_string());
                let key = encoder.key(&text);
                last = Some((value, key));
                encoder.push_key(key);
            }
        }
    }
    Ok(encoder.finish())
}

fn from_dictionary(column: &DictionaryArray<Int32Type>) -> DictionaryColumn {
    let mut encoder = Encoder::new();
    // Trimming may make one value of two, so that their keys have to be made anew.
    let values = column.values().as_string::<i32>();
    let keys: Vec<u32> = values.iter().map(|value| encoder.key(value.unwrap_or_default())).collect();
    for key in column.keys() {
        let key = key.and_then(|key| usize::try_from(key).ok()).and_then(|key| keys.get(key));
        encoder.push_key(key.copied().unwrap_or(0));
    }
    encoder.finish()
}
