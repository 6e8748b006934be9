//! A snapshot as a source of tables.

use jiff::Timestamp;

use super::harvest::Harvest;
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::snapshot::Snapshot;
use crate::snapshot::engine::Use;
use crate::snapshot::read::{Batch, Column, Dialect, Request};

/// Where the tables of one snapshot are read from.
pub(in crate::snapshot) struct Source<'a> {
    snapshot: &'a Snapshot,
}

impl<'a> Source<'a> {
    pub(in crate::snapshot) fn new(snapshot: &'a Snapshot) -> Self {
        Self { snapshot }
    }

    /// The path of the snapshot as messages show it.
    pub(super) fn shown(&self) -> &str {
        &self.snapshot.shown
    }

    /// Where a table stands, for messages: its file, or its directory where there are several.
    pub(super) fn place(&self, table: &str) -> String {
        self.snapshot.place(table)
    }

    /// "Now".
    pub(super) fn as_of(&self) -> Timestamp {
        self.snapshot.as_of
    }

    /// Whether the snapshot has a table, be it empty.
    pub(in crate::snapshot) fn has(&self, table: &str) -> bool {
        self.snapshot.holds(table)
    }

    /// What `map` makes of every batch of a table, in no particular order; `None` when the
    /// table is absent. Rows that `map` complains of are told when all files are read.
    pub(super) fn read<T: Send>(
        &self,
        table: &'static str,
        columns: &[Column<'_>],
        diagnostics: &mut Diagnostics,
        map: impl Fn(&Batch, &mut Harvest) -> T + Sync,
    ) -> Option<Vec<T>> {
        let request = Request { table, columns, dialect: Dialect::Own };
        let results = self.snapshot.supply(&request, Use::Figures, diagnostics, |batch| {
            let mut harvest = Harvest::of(table, &batch);
            let value = map(&batch, &mut harvest);
            (value, harvest)
        })?;
        let mut all = Harvest::new(table);
        let mut values = Vec::with_capacity(results.len());
        for (value, harvest) in results {
            values.push(value);
            all.add(harvest);
        }
        let mut told = Diagnostics::new();
        all.tell(&self.place(table), &mut told);
        // One file may hold rows of several tables.
        diagnostics.append_new(told);
        Some(values)
    }

    /// That a column has more different ids than can be told apart.
    pub(super) fn too_many(&self, table: &str, column: &str, count: usize, most: usize) -> Diagnostic {
        let message = format!("{count} different values of `{column}`; at most {most} can be told apart");
        let problem = Diagnostic::error(Code::TooLarge, message).in_file(self.place(table));
        problem.hint("there should be far fewer: check what the export writes into the column")
    }
}

/// As many different ids as a packed row has room for.
pub(super) const MOST_NUMBERS: usize = 1 << 24;

/// How many contradictions of one kind are told one by one.
pub(super) const TOLD_ONE_BY_ONE: usize = 10;
