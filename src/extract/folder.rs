//! A directory for the owner's eyes only, and the files in it.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use crate::diagnostics::{Code, Diagnostic};
use crate::snapshot::rows::Table;

/// A directory that is being filled.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Makes the directory, which must not exist or be empty.
    pub(super) fn create(path: &Path) -> Result<Self, Diagnostic> {
        make(path).map_err(|error| refused(path, &error))?;
        match std::fs::read_dir(path).map(|mut entries| entries.next().is_none()) {
            Ok(true) => Ok(Self { path: path.to_owned() }),
            Ok(false) => Err(refused(path, &io::ErrorKind::DirectoryNotEmpty.into())),
            Err(error) => Err(refused(path, &error)),
        }
    }

    /// A directory in it, which must not exist.
    pub(super) fn within(&self, name: &str) -> Result<Self, Diagnostic> {
        Self::create(&self.path.join(name))
    }

    /// Writes a new file in it; `name` is a relative path of plain names.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Diagnostic> {
        let path = self.path.join(name);
        let written = self.open(&path).and_then(|mut file| file.write_all(bytes));
        written.map_err(|error| refused(&path, &error))
    }

    /// Copies a file into it.
    pub(super) fn copy(&self, name: &str, from: &Path) -> Result<(), Diagnostic> {
        let bytes = std::fs::read(from).map_err(|error| {
            Diagnostic::error(Code::Unreadable, format!("cannot read it: {error}")).in_file(from.display().to_string())
        })?;
        self.write(name, &bytes)
    }

    /// Begins a table as CSV, with a line that names its columns.
    pub(super) fn sheet(&self, table: &Table) -> Result<Sheet, Diagnostic> {
        let path = self.path.join(format!("{}.csv", table.name));
        let file = self.open(&path).map_err(|error| refused(&path, &error))?;
        let mut sheet = Sheet { path, csv: csv::Writer::from_writer(BufWriter::new(file)), failed: None };
        sheet.row(table.columns());
        Ok(sheet)
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        path.parent().map_or(Ok(()), make)?;
        let mut options = OpenOptions::new();
        guard(&mut options);
        options.write(true).create_new(true).open(path)
    }
}

/// A table that is being written.
pub(super) struct Sheet {
    path: PathBuf,
    csv: csv::Writer<BufWriter<File>>,
    failed: Option<csv::Error>,
}

impl Sheet {
    /// Adds a row. What goes wrong is told at the end.
    pub(super) fn row<'a>(&mut self, values: impl IntoIterator<Item = &'a str>) {
        if self.failed.is_none() {
            self.failed = self.csv.write_record(values).err();
        }
    }

    /// Ends the table.
    pub(super) fn finish(mut self) -> Result<(), Diagnostic> {
        let flushed = self.csv.flush().map_err(csv::Error::from);
        match self.failed.map_or(flushed, Err) {
            Ok(()) => Ok(()),
            Err(error) => Err(refused(&self.path, &io::Error::other(error))),
        }
    }
}

/// Makes a directory and those above it that are missing.
fn make(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    guard_directories(&mut builder);
    builder.create(path)
}

#[cfg(unix)]
fn guard_directories(builder: &mut DirBuilder) {
    use std::os::unix::fs::DirBuilderExt as _;
    builder.mode(0o700);
}

#[cfg(unix)]
fn guard(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600);
}

#[cfg(not(unix))]
fn guard_directories(_builder: &mut DirBuilder) {}

#[cfg(not(unix))]
fn guard(_options: &mut OpenOptions) {}

fn refused(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::error(Code::Disk, format!("cannot write a role's slice: {error}"))
        .in_file(path.display().to_string())
        .hint("free some space, or let the user who runs this own the directory, and try again")
}
