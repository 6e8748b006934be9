//! The files of a build.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;

use super::csv;
use crate::pages::Table;

/// A file of a build.
#[derive(Clone, Debug)]
pub struct File<'a> {
    /// Its path from the root, with `/`.
    pub path: String,
    content: Content<'a>,
}

/// What a file holds.
#[derive(Clone, Debug)]
enum Content<'a> {
    Bytes(Cow<'a, [u8]>),
    /// All rows of a table. There may be millions, so none is made before it is written.
    Csv(Arc<Table<'a>>),
}

impl<'a> File<'a> {
    /// A file of some bytes.
    #[must_use]
    pub fn new(path: String, bytes: impl Into<Cow<'a, [u8]>>) -> Self {
        Self { path, content: Content::Bytes(bytes.into()) }
    }

    /// The CSV of a table.
    pub(super) fn csv(table: &Arc<Table<'a>>) -> Self {
        Self { path: table.path(), content: Content::Csv(Arc::clone(table)) }
    }

    /// Writes what it holds.
    ///
    /// # Errors
    /// Where `out` takes no more.
    pub fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        match &self.content {
            Content::Bytes(bytes) => out.write_all(bytes),
            Content::Csv(table) => csv::write(table, out),
        }
    }

    /// Its path, and what it holds.
    #[must_use]
    pub fn into_parts(self) -> (String, Vec<u8>) {
        (self.path, self.content.into_bytes())
    }

    /// What it holds.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.content.into_bytes()
    }

    /// Lets somebody change what it holds.
    #[cfg(feature = "trial")]
    pub fn change(&mut self, change: impl FnOnce(&mut Vec<u8>)) {
        let content = std::mem::replace(&mut self.content, Content::Bytes(Cow::Borrowed(&[])));
        let mut bytes = content.into_bytes();
        change(&mut bytes);
        self.content = Content::Bytes(Cow::Owned(bytes));
    }
}

impl Content<'_> {
    fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Bytes(bytes) => bytes.into_owned(),
            Self::Csv(table) => {
                let mut bytes = Vec::new();
                // Writing to memory does not fail.
                let _ = csv::write(&table, &mut bytes);
                bytes
            }
        }
    }
}
