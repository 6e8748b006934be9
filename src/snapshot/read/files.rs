//! Which files make up a table.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::foreign;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, visible};
use crate::terms::word;

/// A file's form, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Csv,
    NdJson,
    Json,
    Parquet,
}

/// How a text file is compressed, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    None,
    Gzip,
    Zstd,
}

/// A file of a table.
#[derive(Clone, Debug)]
pub struct TableFile {
    pub(super) path: PathBuf,
    /// Its path as messages show it.
    pub(super) shown: Arc<str>,
    pub(super) format: Format,
    pub(super) compression: Compression,
    /// Whether a first line that begins with `#` is no row.
    pub(super) remarked: bool,
    /// Whether another program wrote it: then its name does not tell which form of JSON it has.
    pub(super) is_foreign: bool,
}

impl TableFile {
    /// The same file, whose first line may be a remark: one that begins with `#`.
    #[must_use]
    pub fn with_remark(self) -> Self {
        Self { remarked: true, ..self }
    }

    /// Its path as messages show it.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }
}

/// The files of a table of the snapshot in `directory` (`shown` in messages): `NAME.EXT` and
/// those in `NAME/`, by name. `None` when the table is absent; an empty `NAME/` is an empty
/// table. What belongs to the table but cannot be read is told: a part that is passed over
/// would make the rest look better than it is.
pub fn table_files(
    directory: &Path,
    shown: &str,
    table: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<TableFile>> {
    let mut files = Vec::new();
    for name in names(directory, shown, diagnostics) {
        let Some(extension) = name.strip_prefix(table).and_then(|rest| rest.strip_prefix('.')) else { continue };
        let shown = format!("{shown}/{name}");
        match parse(extension) {
            Some(form) => files.extend(file(&directory.join(&name), shown, form, diagnostics)),
            None => diagnostics.push(no_table(Diagnostic::warning, &name, shown).strict()),
        }
    }
    let own = directory.join(table);
    if own.is_dir() {
        files.extend(parts(&own, &format!("{shown}/{table}"), diagnostics));
    } else if files.is_empty() {
        return None;
    }
    files.sort_by(|a, b| a.shown.cmp(&b.shown));
    Some(files)
}

/// The files of the tables with these names, as another program calls them: `NAME.EXT`, `NAME.….EXT` and those in
/// `NAME/`, in any case, with or without `_` and spaces. `None` where there is none of them.
pub fn foreign_files(
    directory: &Path,
    shown: &str,
    tables: &[String],
    diagnostics: &mut Diagnostics,
) -> Option<Vec<TableFile>> {
    let is_meant = |name: &str| tables.iter().any(|table| word(table) == word(name));
    let mut found: Option<Vec<TableFile>> = None;
    for name in names(directory, shown, diagnostics) {
        let path = directory.join(&name);
        let shown = format!("{shown}/{name}");
        if path.is_dir() {
            if is_meant(&name) {
                found.get_or_insert_default().extend(parts(&path, &shown, diagnostics));
            }
            continue;
        }
        let (stem, extension) = name.split_once('.').unwrap_or((&name, ""));
        if !is_meant(stem) {
            continue;
        }
        match parse(known_end(extension)) {
            Some(form) => found.get_or_insert_default().extend(file(&path, shown, form, diagnostics)),
            None => diagnostics.push(no_table(Diagnostic::warning, &name, shown).strict()),
        }
    }
    let mut files = found?;
    files.sort_by(|a, b| a.shown.cmp(&b.shown));
    let all = files.len();
    files.retain_mut(|file| {
        file.is_foreign = true;
        !foreign::lists_files(file) || {
            diagnostics.push(list_of_files(file));
            false
        }
    });
    // What only says where the rows are is no empty table.
    (files.len() == all || !files.is_empty()).then_some(files)
}

fn list_of_files(file: &TableFile) -> Diagnostic {
    let message = "it is no table: it lists the files of an export";
    Diagnostic::warning(Code::ListOfFiles, message)
        .in_file(&*file.shown)
        .hint("download the files that it names, and put them into a directory with the name of the table")
}

/// The files in a table's own directory.
fn parts(own: &Path, shown: &str, diagnostics: &mut Diagnostics) -> Vec<TableFile> {
    let mut files = Vec::new();
    for name in names(own, shown, diagnostics) {
        let extension = name.split_once('.').map(|(_, extension)| extension).unwrap_or_default();
        let shown = format!("{shown}/{name}");
        match parse(known_end(extension)) {
            Some(form) => files.extend(file(&own.join(&name), shown, form, diagnostics)),
            // `_SUCCESS` and the like, which Spark puts beside the parts it writes.
            None if name.starts_with('_') => {}
            None => diagnostics.push(no_table(Diagnostic::error, &name, shown)),
        }
    }
    files
}

fn no_table(severity: impl Fn(Code, String) -> Diagnostic, name: &str, shown: String) -> Diagnostic {
    severity(Code::DamagedFile, format!("`{}` is of no form that is read", visible(name)))
        .in_file(shown)
        .hint("tables are .csv, .ndjson, .json or .parquet; the text forms may end in .gz or .zst. Remove what is none")
}

/// Names in a directory that are not hidden, sorted.
fn names(directory: &Path, shown: &str, diagnostics: &mut Diagnostics) -> Vec<String> {
    let read = std::fs::read_dir(directory).and_then(|entries| {
        entries.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned())).collect()
    });
    let mut names: Vec<String> = read.unwrap_or_else(|error: std::io::Error| {
        diagnostics.push(Diagnostic::error(Code::Unreadable, format!("cannot read it: {error}")).in_file(shown));
        Vec::new()
    });
    names.retain(|name| !name.starts_with('.'));
    names.sort();
    names
}

/// The last parts of `part-0.2026.csv.gz` that say what it is: `csv.gz`.
fn known_end(extension: &str) -> &str {
    let is_end = |text: &&str| parse(text).is_some();
    let starts = std::iter::once(0).chain(extension.match_indices('.').map(|(at, _)| at + 1));
    starts.map(|at| &extension[at..]).find(is_end).unwrap_or(extension)
}

fn parse(extension: &str) -> Option<(Format, Compression)> {
    let extension = extension.to_lowercase();
    if extension == "parquet" {
        return Some((Format::Parquet, Compression::None));
    }
    let (format, compression) = match extension.rsplit_once('.') {
        None => (extension.as_str(), Compression::None),
        Some((format, "gz")) => (format, Compression::Gzip),
        Some((format, "zst")) => (format, Compression::Zstd),
        Some(_) => return None,
    };
    let format = match format {
        "csv" => Format::Csv,
        "ndjson" | "jsonl" => Format::NdJson,
        "json" => Format::Json,
        _ => return None,
    };
    Some((format, compression))
}

fn file(
    path: &Path,
    shown: String,
    (format, compression): (Format, Compression),
    diagnostics: &mut Diagnostics,
) -> Option<TableFile> {
    if !path.is_file() {
        diagnostics.push(
            Diagnostic::error(Code::Unreadable, "it is not a file that can be read")
                .in_file(shown)
                .hint("a link may lead nowhere: put the file itself there, or remove it"),
        );
        return None;
    }
    Some(TableFile {
        path: path.to_owned(),
        shown: shown.into(),
        format,
        compression,
        remarked: false,
        is_foreign: false,
    })
}

/// A file of this name, which need not be there.
#[cfg(test)]
pub(super) fn sample(name: &str) -> TableFile {
    let (format, compression) = parse(known_end(name)).unwrap_or((Format::Csv, Compression::None));
    TableFile { path: PathBuf::from(name), shown: name.into(), format, compression, remarked: false, is_foreign: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_its_file_and_its_directory() {
        let directory = tempfile::tempdir().expect("a directory");
        let make = |name: &str| std::fs::write(directory.path().join(name), "").expect("a file");
        std::fs::create_dir(directory.path().join("alerts")).expect("a directory");
        std::fs::create_dir(directory.path().join("software")).expect("a directory");
        for name in [
            "alerts.csv",
            "alerts.x",
            "alerts/b.v2.csv.gz",
            "alerts/a.parquet",
            "alerts/.hidden",
            "alerts/c.txt",
            "alerts/_SUCCESS",
            "alert_devices.csv",
        ] {
            make(name);
        }
        let mut diagnostics = Diagnostics::new();
        let files = table_files(directory.path(), "s", "alerts", &mut diagnostics).expect("a table");
        let shown: Vec<&str> = files.iter().map(|file| &*file.shown).collect();
        assert_eq!(shown, ["s/alerts.csv", "s/alerts/a.parquet", "s/alerts/b.v2.csv.gz"]);
        assert_eq!(diagnostics.iter().count(), 2, "alerts.x and c.txt: {diagnostics:?}");
        assert!(diagnostics.has_errors(), "a part of the table is passed over");
        assert!(table_files(directory.path(), "s", "devices", &mut diagnostics).is_none());
        assert_eq!(table_files(directory.path(), "s", "software", &mut diagnostics).map(|files| files.len()), Some(0));
    }
}
