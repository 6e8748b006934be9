//! Files of a table to batches of rows, whatever the format and the compression.
//!
//! A [`Batch`] has its columns dictionary-encoded: each distinct value once, and a key per
//! row. Whoever reads a table understands each distinct value once, in one way for all formats.
//! Files are read in blocks and row groups, in parallel and in bounded memory; batches come in
//! no particular order.

mod array;
mod batch;
mod blocks;
mod cells;
mod columns;
mod csv;
mod fault;
mod files;
mod foreign;
mod harvest;
mod input;
mod lines;
mod nested;
mod object;
mod parquet;
#[cfg(test)]
mod tests;

use rayon::prelude::*;

pub use batch::{BadRow, Batch, DictionaryColumn, Spelt};
pub(super) use blocks::in_parallel;
pub(super) use cells::{encode, no_text};
pub(super) use columns::{Seen, locate, note_unknown};
pub(super) use fault::Fault;
pub use files::{TableFile, foreign_files, table_files};
pub(super) use harvest::Harvest;
pub use input::remark;
pub(super) use nested::NESTED_ROWS;

use files::Format;
use object::Told;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::terms::word;

/// A column that the table can have.
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    name: &'a str,
    required: bool,
    decoded: bool,
}

impl<'a> Column<'a> {
    /// A column that must be there.
    #[must_use]
    pub const fn required(name: &'a str) -> Self {
        Self { name, required: true, decoded: true }
    }

    /// A column that may be there; where it is not, every value is empty.
    #[must_use]
    pub const fn optional(name: &'a str) -> Self {
        Self { name, required: false, decoded: true }
    }

    /// A column that must be there, whose values nobody asks for.
    #[must_use]
    pub const fn presence(name: &'a str) -> Self {
        Self { name, required: true, decoded: false }
    }

    /// A column that may be there, whose values nobody asks for.
    #[must_use]
    pub const fn ignored(name: &'a str) -> Self {
        Self { name, required: false, decoded: false }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// Whether its values are asked for.
    #[must_use]
    pub fn is_decoded(&self) -> bool {
        self.decoded
    }

    /// Whether it must be there.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.required
    }
}

/// What is asked of a table. The columns of a batch are the decoded ones, in this order.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The table's name.
    pub table: &'a str,
    /// Every column it can have.
    pub columns: &'a [Column<'a>],
    /// How its files are written.
    pub dialect: Dialect<'a>,
}

/// How the files of a table are written.
#[derive(Clone, Copy, Debug, Default)]
pub enum Dialect<'a> {
    /// As documentation has it.
    #[default]
    Own,
    /// As other programs write them: names of columns in any case, with or without `_` and spaces; JSON as an
    /// array, as lines or as pages; lists and objects as their JSON text. Of each of these groups of columns a file
    /// has at least one.
    Foreign(&'a [Vec<usize>]),
}

impl Dialect<'_> {
    fn is_foreign(self) -> bool {
        matches!(self, Self::Foreign(_))
    }
}

impl<'a> Request<'a> {
    /// A column's name as names are compared.
    fn fold(&self, name: &str) -> String {
        if self.dialect.is_foreign() { word(name) } else { name.trim().to_lowercase() }
    }

    /// The columns of a batch, in its order.
    pub(super) fn decoded(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.columns.iter().filter(|column| column.decoded).map(|column| column.name)
    }
}

/// What `map` makes of every batch of the files, and what is wrong with the files. When there
/// are errors the values are not of the whole table.
pub fn read_table<T: Send>(
    files: &[TableFile],
    request: &Request<'_>,
    map: impl Fn(Batch) -> T + Sync,
) -> (Vec<T>, Diagnostics) {
    let gathered: Vec<Harvest<T>> = files.iter().map(|_| Harvest::default()).collect();
    let outcomes = read_files(files, request, &|at, batch| {
        let value = map(batch);
        if let Some(gathered) = gathered.get(at) {
            gathered.add(value);
        }
    });
    let mut values = Vec::new();
    let mut diagnostics = Diagnostics::new();
    let mut seen = Seen::of(request);
    // The first file with a column that nothing reads.
    let mut noted = None;
    for ((file, outcome), gathered) in files.iter().zip(outcomes).zip(gathered) {
        match outcome {
            Ok(outcome) => {
                values.extend(gathered.into_vec());
                noted = noted.or(Some(&file.shown).filter(|_| outcome.seen.has_unknown()));
                seen.add(outcome.seen);
                outcome.told.into_iter().for_each(|told| diagnostics.push(told));
            }
            Err(told) => diagnostics.push(told),
        }
    }
    let note = noted.and_then(|shown| note_unknown(&seen, request, shown));
    note.into_iter().for_each(|note| diagnostics.push(note));
    (values, diagnostics)
}

/// What is done with each batch, on whatever thread.
type Take<'a> = &'a (dyn Fn(Batch) + Sync);

/// What reading one file gave.
struct Outcome {
    seen: Seen,
    /// What came to light at its end.
    told: Option<Diagnostic>,
}

impl Outcome {
    /// Of a file of objects, and how many these are. An object may leave a key out; a key that
    /// every object leaves out is a missing column.
    fn of_objects(file: &TableFile, request: &Request<'_>, parts: Vec<Told>) -> (Self, u64) {
        let (mut seen, mut objects) = (Seen::of(request), 0);
        for told in parts {
            seen.add(told.seen);
            objects += told.objects;
        }
        let told = if objects > 0 { seen.lacking(&file.shown, request) } else { None };
        (Self { seen, told }, objects)
    }
}

/// Reads files side by side, and hands each batch over with the place of its file.
fn read_files(
    files: &[TableFile],
    request: &Request<'_>,
    take: &(dyn Fn(usize, Batch) + Sync),
) -> Vec<Result<Outcome, Diagnostic>> {
    let files = files.par_iter().enumerate();
    files.map(|(at, file)| read_file(file, request, &|batch| take(at, batch))).collect()
}

fn read_file(file: &TableFile, request: &Request<'_>, take: Take<'_>) -> Result<Outcome, Diagnostic> {
    match file.format {
        Format::Csv => csv::read(file, request, take),
        Format::NdJson | Format::Json if request.dialect.is_foreign() => foreign::read(file, request, take),
        Format::NdJson => lines::read(file, request, take),
        Format::Json => array::read(file, request, take),
        Format::Parquet => parquet::read(file, request, take),
    }
}

/// What `map` makes of every batch of one text file, read in blocks of about `size` bytes: trials look at
/// what happens where a block ends.
///
/// # Errors
/// The file cannot be read as what its name says.
#[cfg(feature = "trial")]
pub fn read_in_blocks<T: Send>(
    file: &TableFile,
    request: &Request<'_>,
    map: impl Fn(Batch) -> T + Sync,
    size: usize,
) -> Result<Vec<T>, Diagnostic> {
    let values = Harvest::default();
    let take: Take<'_> = &|batch| values.add(map(batch));
    match file.format {
        Format::Csv => csv::read_blocks(file, request, take, size),
        Format::NdJson => lines::read_blocks(file, request, take, size),
        Format::Json => array::read_blocks(file, request, take, size),
        Format::Parquet => parquet::read(file, request, take),
    }?;
    Ok(values.into_vec())
}
