//! Parquet: only the asked columns, row groups in parallel, dictionaries kept as such.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema};
use rayon::prelude::*;

use super::batch::{Batch, DictionaryColumn};
use super::blocks::in_parallel;
use super::cells::{encode, no_text};
use super::columns::{Columns, locate};
use super::fault::Fault;
use super::files::TableFile;
use super::input::{damaged, kind, unreadable};
use super::nested::NESTED_ROWS;
use super::{Dialect, Outcome, Request, Take};
use crate::diagnostics::{Diagnostic, visible};

/// How many rows make a batch. A row group has one dictionary per column, and each batch
/// understands it anew: long batches keep that rare.
const ROWS: usize = 1 << 20;

pub(super) fn read(file: &TableFile, request: &Request<'_>, take: Take<'_>) -> Result<Outcome, Diagnostic> {
    let mut handle = open(file)?;
    check_ends(file, &mut handle)?;
    let plain = guarded(file, || {
        // The Arrow schema that some writers embed may be damaged, or of a later version.
        ArrowReaderMetadata::load(&handle, ArrowReaderOptions::new())
            .or_else(|_| ArrowReaderMetadata::load(&handle, ArrowReaderOptions::new().with_skip_arrow_metadata(true)))
            .map_err(|error| error.to_string())
    })?;
    let names: Vec<String> = plain.schema().fields().iter().map(|field| field.name().clone()).collect();
    let columns = locate(&file.shown, request, &names)?;
    have_texts(file, plain.schema(), &columns, request.dialect)?;
    let table = Table { file, metadata: guarded(file, || Ok(as_dictionaries(plain, &columns)))?, columns };
    let groups: Vec<Group> = table.groups();
    let group = |group| in_parallel(&mut table.batches(group)?, &|rows| table.batch(rows).map(take));
    let faults = groups.into_par_iter().filter_map(|one| group(one).err());
    match faults.min_by_key(|fault| fault.at) {
        Some(fault) => Err(fault.told),
        None => Ok(Outcome { seen: table.columns.seen, told: None }),
    }
}

/// The `parquet` crate may panic on a damaged file; that must not take the run with it.
fn guarded<T>(file: &TableFile, work: impl FnOnce() -> Result<T, String>) -> Result<T, Diagnostic> {
    let why = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(why)) => why,
        Err(_) => "it is damaged".to_owned(),
    };
    Err(damaged(file, &format!("not a Parquet file that can be read: {}", visible(&why)))
        .hint("export it again; nothing of it was used"))
}

fn open(file: &TableFile) -> Result<File, Diagnostic> {
    File::open(&file.path).map_err(|error| unreadable(file, &error))
}

/// A Parquet file begins and ends with the same four letters.
fn check_ends(file: &TableFile, handle: &mut File) -> Result<(), Diagnostic> {
    let size = handle.metadata().map_err(|error| unreadable(file, &error))?.len();
    let mut head = Vec::new();
    let mut tail = Vec::new();
    let read = handle
        .by_ref()
        .take(64)
        .read_to_end(&mut head)
        .and_then(|_| handle.seek(SeekFrom::Start(size.saturating_sub(4))))
        .and_then(|_| handle.by_ref().take(4).read_to_end(&mut tail));
    read.map_err(|error| unreadable(file, &error))?;
    match (head.as_slice(), tail.as_slice()) {
        ([], _) => Err(damaged(file, "the file is empty").hint("a Parquet file without rows still has its columns")),
        ([b'P', b'A', b'R', b'E', ..], _) | (_, b"PARE") => {
            Err(damaged(file, "the file is encrypted").hint("write it without encryption"))
        }
        ([b'P', b'A', b'R', b'1', ..], b"PAR1") => Ok(()),
        ([b'P', b'A', b'R', b'1', ..], _) => {
            Err(damaged(file, "the file breaks off: it does not end as a Parquet file does").hint("copy it again"))
        }
        (head, _) => {
            let is = kind(head);
            Err(damaged(file, &format!("not a Parquet file, as its name says: it seems to be {is}"))
                .hint("name it as what it is, or export it again"))
        }
    }
}

/// Complains of an asked column whose values have no text.
fn have_texts(file: &TableFile, schema: &Schema, columns: &Columns, dialect: Dialect<'_>) -> Result<(), Diagnostic> {
    let mut asked = columns.asked(schema.fields());
    let Some(message) = asked.find_map(|field| no_text(field, dialect)) else { return Ok(()) };
    Err(damaged(file, &message).hint("export one plain value a row: a text, a number or a time"))
}

/// The file with its asked texts as dictionaries; not every writer's columns can be read so.
fn as_dictionaries(plain: ArrowReaderMetadata, columns: &Columns) -> ArrowReaderMetadata {
    let dictionary = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let is_text = |kind: &DataType| matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
    let field = |(at, field): (usize, &Arc<Field>)| {
        if is_text(field.data_type()) && columns.places.contains(&Some(at)) {
            Arc::new(field.as_ref().clone().with_data_type(dictionary()))
        } else {
            Arc::clone(field)
        }
    };
    let schema = Schema::new(plain.schema().fields().iter().enumerate().map(field).collect::<Vec<_>>());
    let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
    ArrowReaderMetadata::try_new(Arc::clone(plain.metadata()), options).unwrap_or(plain)
}

/// A file whose columns are known.
struct Table<'a> {
    file: &'a TableFile,
    metadata: ArrowReaderMetadata,
    columns: Columns,
}

/// A row group.
struct Group {
    number: usize,
    /// The number of its first row in the file.
    first: u64,
    /// The number of the first row behind it.
    end: u64,
}

/// Rows as the crate gives them, and the number of the first.
type NumberedRows = (u64, RecordBatch);

impl Table<'_> {
    fn groups(&self) -> Vec<Group> {
        let mut first = 1;
        let sizes = self.metadata.metadata().row_groups().iter().map(|group| group.num_rows());
        let group = |(number, size): (usize, i64)| {
            let end = first + u64::try_from(size).unwrap_or(0);
            Group { number, first: std::mem::replace(&mut first, end), end }
        };
        sizes.enumerate().map(group).collect()
    }

    fn batches(&self, group: Group) -> Result<Batches<'_>, Fault> {
        let fault = |told| Fault { at: group.first, told };
        // Handles that are cloned share their place in the file: each group has its own.
        let handle = open(self.file).map_err(fault)?;
        let is_nested = self.columns.asked(self.metadata.schema().fields()).any(|field| field.data_type().is_nested());
        let rows = if is_nested { NESTED_ROWS } else { ROWS };
        let reader = guarded(self.file, || {
            let roots = self.columns.places.iter().flatten().copied();
            let mask = ProjectionMask::roots(self.metadata.parquet_schema(), roots);
            ParquetRecordBatchReaderBuilder::new_with_metadata(handle, self.metadata.clone())
                .with_row_groups(vec![group.number])
                .with_projection(mask)
                .with_batch_size(rows)
                .build()
                .map_err(|error| error.to_string())
        });
        Ok(Batches { file: self.file, reader: Some(reader.map_err(fault)?), next: group.first, end: group.end })
    }

    fn batch(&self, (first, rows): NumberedRows) -> Result<Batch, Fault> {
        let column = |place: &Option<usize>| {
            let field = place.and_then(|place| self.metadata.schema().fields().get(place));
            match field.and_then(|field| rows.column_by_name(field.name())) {
                Some(column) => guarded(self.file, || encode(column)),
                None => Ok(DictionaryColumn::empty(rows.num_rows())),
            }
        };
        let columns = self.columns.places.iter().map(column).collect::<Result<Vec<_>, _>>();
        let columns = columns.map_err(|told| Fault { at: first, told })?;
        Ok(Batch::of_columns(&self.file.shown, first, rows.num_rows(), columns))
    }
}

/// The batches of a row group, one after another.
struct Batches<'a> {
    file: &'a TableFile,
    /// None after the end, and after an error.
    reader: Option<ParquetRecordBatchReader>,
    next: u64,
    end: u64,
}

impl Iterator for Batches<'_> {
    type Item = Result<NumberedRows, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut reader = self.reader.take()?;
        let first = self.next;
        let read = guarded(self.file, || reader.next().transpose().map_err(|error| error.to_string()));
        let fault = |told| Some(Err(Fault { at: first, told }));
        match read {
            Ok(Some(rows)) => {
                self.next += rows.num_rows() as u64;
                self.reader = Some(reader);
                Some(Ok((first, rows)))
            }
            Ok(None) if first == self.end => None,
            Ok(None) => {
                let message = format!("the file says it has rows up to {}, but has {}", self.end - 1, first - 1);
                fault(damaged(self.file, &message).hint("export it again; nothing of it was used"))
            }
            Err(told) => fault(told),
        }
    }
}
