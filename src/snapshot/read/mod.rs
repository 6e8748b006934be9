//! Files of a table to batches of rows, whatever the format and the compression.
//!
//! A [`Batch`] has its columns dictionary-encoded: each distinct value once, and a key per
//! row. Whoever reads a table understands each distinct value once, in one way for all formats.
//! Files are read in blocks and row groups, in parallel and in bounded memory; batches come in
//! no particular order.

mod batch;
mod cutter;
mod delimited;
mod files;
mod input;
mod json;
mod parquet;
#[cfg(test)]
mod tests;

use rayon::prelude::*;

pub use batch::{BadRow, Batch, DictionaryColumn};
pub use files::{TableFile, table_files};

use batch::Columns;
use files::Format;
use json::Keys;

use crate::diagnostics::{Code, Diagnostic, Diagnostics, nearest, visible};

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
}

/// What is asked of a table. The columns of a batch are the decoded ones, in this order.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The table's name.
    pub table: &'a str,
    /// Every column it can have.
    pub columns: &'a [Column<'a>],
}

/// What `map` makes of every batch of the files, and what is wrong with the files. When there
/// are errors the values are not of the whole table.
pub fn read_table<T: Send>(
    files: &[TableFile],
    request: &Request<'_>,
    map: impl Fn(Batch) -> T + Sync,
) -> (Vec<T>, Diagnostics) {
    let outcomes: Vec<Outcome<T>> = files.par_iter().map(|file| read_file(file, request, &map)).collect();
    let mut values = Vec::new();
    let mut diagnostics = Diagnostics::new();
    let mut unknown = Vec::new();
    let mut keys = Keys::default();
    for outcome in outcomes {
        values.extend(outcome.values);
        diagnostics.append(outcome.diagnostics);
        unknown.extend(outcome.unknown_columns);
        keys.add(outcome.keys);
    }
    // An object may leave a key out; a key that every object leaves out is a missing column.
    let lacking = |column: &&Column<'_>| column.required && !keys.known.contains(column.name);
    let lacking = request.columns.iter().find(lacking).filter(|_| keys.objects > 0);
    if let (Some(column), Some(file)) = (lacking, files.iter().find(|file| file.format.has_objects())) {
        let names: Vec<String> = keys.known.iter().chain(&keys.unknown).cloned().collect();
        diagnostics.push(missing(file, column.name, &names));
    }
    unknown.extend(keys.unknown);
    unknown.sort();
    unknown.dedup();
    if let (false, Some(file)) = (unknown.is_empty(), files.first()) {
        let names: Vec<String> = unknown.iter().map(|name| format!("`{}`", visible(name))).collect();
        let message = format!("columns of `{}` that nothing reads: {}", request.table, names.join(", "));
        let hint = "they are ignored; a misspelt optional column would be too: docs/snapshots.md lists the columns";
        diagnostics.push(Diagnostic::note(Code::IgnoredColumns, message).in_file(&*file.shown).hint(hint));
    }
    (values, diagnostics)
}

/// What reading one file gave.
struct Outcome<T> {
    values: Vec<T>,
    diagnostics: Diagnostics,
    unknown_columns: Vec<String>,
    keys: Keys,
}

impl<T> Outcome<T> {
    fn of(values: Vec<T>, unknown_columns: Vec<String>, keys: Keys) -> Self {
        Self { values, diagnostics: Diagnostics::new(), unknown_columns, keys }
    }

    fn failed(diagnostic: Diagnostic) -> Self {
        let mut diagnostics = Diagnostics::new();
        diagnostics.push(diagnostic);
        Self { values: Vec::new(), diagnostics, unknown_columns: Vec::new(), keys: Keys::default() }
    }
}

fn read_file<T: Send>(file: &TableFile, request: &Request<'_>, map: &(impl Fn(Batch) -> T + Sync)) -> Outcome<T> {
    let result = match file.format {
        Format::Csv => delimited::read(file, request, map),
        Format::NdJson => json::read_lines(file, request, map),
        Format::Json => json::read_array(file, request, map),
        Format::Parquet => parquet::read(file, request, map),
    };
    result.unwrap_or_else(Outcome::failed)
}

/// Finds the asked columns among those a file has.
///
/// # Errors
/// A column that stands there twice, or a required one that does not.
fn locate(file: &TableFile, request: &Request<'_>, names: &[String]) -> Result<Columns, Diagnostic> {
    let folded: Vec<String> = names.iter().map(|name| name.trim().to_lowercase()).collect();
    if let Some(twice) = folded.iter().enumerate().find(|(at, name)| !name.is_empty() && folded[..*at].contains(name)) {
        let message = format!("the column `{}` stands there twice", visible(twice.1));
        return Err(Diagnostic::error(Code::DamagedFile, message)
            .in_file(&*file.shown)
            .hint("remove or rename one of them"));
    }
    let place = |column: &Column<'_>| folded.iter().position(|name| name == column.name);
    for column in request.columns.iter().filter(|column| column.required && place(column).is_none()) {
        return Err(missing(file, column.name, names));
    }
    let known = |name: &&String| request.columns.iter().all(|column| column.name != name.as_str());
    Ok(Columns {
        places: request.columns.iter().filter(|column| column.decoded).map(place).collect(),
        unknown: folded.iter().filter(known).filter(|name| !name.is_empty()).cloned().collect(),
        count: names.len(),
    })
}

/// A required column is not there.
fn missing(file: &TableFile, column: &str, names: &[String]) -> Diagnostic {
    let found: Vec<String> = names.iter().map(|name| visible(name)).collect();
    let near = nearest(column, names.iter().map(String::as_str));
    let hint = match near {
        Some(near) => format!("is `{}` meant? Rename it to `{column}`", visible(near)),
        None if found.is_empty() => format!("the first line has to name the columns, `{column}` among them"),
        None => format!("the columns found are {}", found.join(", ")),
    };
    Diagnostic::error(Code::MissingColumn, format!("the required column `{column}` is missing"))
        .in_file(&*file.shown)
        .hint(hint)
}
