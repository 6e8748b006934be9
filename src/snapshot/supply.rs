//! Where the rows of a snapshot's tables come from. Whoever reads a table asks here, and knows nothing of
//! where it is kept.

use super::Snapshot;
use super::engine::Use;
use super::read::{self, Batch, Request};
use crate::diagnostics::Diagnostics;

impl Snapshot {
    /// Whether there is a table of this name, be it empty.
    pub(super) fn holds(&self, table: &str) -> bool {
        if let Some(engine) = &self.engine {
            return engine.has(table);
        }
        read::table_files(&self.path, &self.shown, table, &mut Diagnostics::new()).is_some()
    }

    /// Where a table stands, for messages: its file, or its directory where there are several; for an engine's, in
    /// `snapshot.yaml`.
    pub(super) fn place(&self, table: &str) -> String {
        if let Some(engine) = &self.engine {
            return engine.place(table);
        }
        match read::table_files(&self.path, &self.shown, table, &mut Diagnostics::new()).as_deref() {
            Some([only]) => only.shown().to_owned(),
            _ => format!("{}/{table}", self.shown),
        }
    }

    /// What `map` makes of every batch of a table, in no particular order; `None` when the table is absent.
    /// Where there are errors the values are not of the whole table.
    pub(super) fn supply<T: Send>(
        &self,
        request: &Request<'_>,
        purpose: Use,
        diagnostics: &mut Diagnostics,
        map: impl Fn(Batch) -> T + Sync,
    ) -> Option<Vec<T>> {
        if let Some(engine) = &self.engine {
            return engine.supply(request, purpose, diagnostics, map);
        }
        let files = read::table_files(&self.path, &self.shown, request.table, diagnostics)?;
        let (values, told) = read::read_table(&files, request, map);
        diagnostics.append(told);
        Some(values)
    }
}
