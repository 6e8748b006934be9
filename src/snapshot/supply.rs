//! Where the rows of a snapshot's tables come from. Whoever reads a table asks here, and knows nothing of
//! where it is kept, or of how another program names and fills it.

use std::collections::BTreeSet;
use std::path::Path;

use super::engine::Use;
use super::read::{self, Batch, Dialect, Request, TableFile};
use super::{Snapshot, tables};
use crate::diagnostics::{Code, Diagnostic, Diagnostics};

impl Snapshot {
    /// Whether there is a table of this name, be it empty.
    pub(super) fn holds(&self, table: &str) -> bool {
        match (&self.foreign, &self.engine) {
            (Some(foreign), _) => foreign.profile.holds(self, table),
            (None, Some(engine)) => engine.has(table),
            (None, None) => self.files(table, &mut Diagnostics::new()).is_some(),
        }
    }

    /// Where a table stands, for messages: its file, or its directory where there are several; for an engine's, in
    /// `snapshot.yaml`.
    pub(super) fn place(&self, table: &str) -> String {
        match self.places(table).as_slice() {
            [only] => only.clone(),
            _ if self.foreign.is_some() => self.shown.clone(),
            _ => format!("{}/{table}", self.shown),
        }
    }

    /// The files that a table is read from, as messages show them, or the places of an engine's tables.
    pub(super) fn places(&self, table: &str) -> Vec<String> {
        let names: Vec<String> = match &self.foreign {
            Some(foreign) => foreign.profile.sources(table).into_iter().map(str::to_owned).collect(),
            None => vec![table.to_owned()],
        };
        if let Some(engine) = &self.engine {
            return names.iter().filter(|name| engine.has(name)).map(|name| engine.place(name)).collect();
        }
        let mut told = Diagnostics::new();
        let files = match &self.foreign {
            Some(_) => self.raw_files(&names, &mut told),
            None => self.files(table, &mut told),
        };
        files.iter().flatten().map(|file| file.shown().to_owned()).collect()
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
        if let Some(foreign) = &self.foreign {
            let merged = foreign.merged.get_or_init(|| foreign.profile.merged(self));
            return foreign.profile.supply(self, merged, request, purpose, diagnostics, map);
        }
        if let Some(engine) = &self.engine {
            return engine.supply(request, purpose, diagnostics, map);
        }
        let files = self.files(request.table, diagnostics)?;
        let (values, told) = read::read_table(&files, request, map);
        diagnostics.append(told);
        Some(values)
    }

    /// Whether there is one of these tables of another program, be it empty.
    pub(super) fn holds_raw(&self, tables: &[String], diagnostics: &mut Diagnostics) -> bool {
        match &self.engine {
            Some(engine) => tables.iter().any(|table| engine.has(table)),
            None => self.raw_files(tables, diagnostics).is_some(),
        }
    }

    /// As [`Snapshot::supply`], of the tables of another program that have these names.
    pub(super) fn supply_raw<T: Send>(
        &self,
        tables: &[String],
        request: &Request<'_>,
        purpose: Use,
        diagnostics: &mut Diagnostics,
        map: impl Fn(Batch) -> T + Sync,
    ) -> Option<Vec<T>> {
        let (values, mut told) = match &self.engine {
            Some(engine) => {
                let held: Vec<&String> = tables.iter().filter(|table| engine.has(table)).collect();
                let mut told = Diagnostics::new();
                let request = |table| Request { table, ..*request };
                let values = held.iter().filter_map(|table| engine.supply(&request(table), purpose, &mut told, &map));
                let values: Vec<T> = values.flatten().collect();
                (!held.is_empty()).then_some((values, told))?
            }
            None => read::read_table(&self.raw_files(tables, diagnostics)?, request, map),
        };
        // What this table does not read of a source, another may; and nobody exports for us alone.
        told.retain(|problem| problem.code != Code::IgnoredColumns);
        diagnostics.append(told);
        Some(values)
    }

    /// The columns that nothing reads, and the files that are no table, as notes.
    pub(super) fn unread(&self) -> Diagnostics {
        let mut notes = Diagnostics::new();
        let mut known: BTreeSet<String> = BTreeSet::new();
        if let Some(foreign) = &self.foreign {
            for (names, plan) in foreign.profile.plans() {
                let columns = plan.columns();
                let request = Request { table: &names[0], columns: &columns, dialect: Dialect::Foreign(&[]) };
                if let Some(engine) = &self.engine {
                    engine.unread(&request, &mut notes);
                    continue;
                }
                let mut said = Diagnostics::new();
                let files = self.raw_files(&names, &mut said);
                // What is wrong with a file of a table's name is told when the table is read.
                known.extend(said.iter().filter_map(|problem| problem.place.file().map(str::to_owned)));
                let Some(files) = files else { continue };
                known.extend(files.iter().map(|file| file.shown().to_owned()));
                let (_, mut told) = read::read_table(&files, &request, |_| ());
                told.retain(|problem| problem.code == Code::IgnoredColumns);
                notes.append(told);
            }
        } else {
            for table in tables::all() {
                known.extend(self.places(table.name));
            }
        }
        // An engine tells of the contract's tables when they are read, and the directory holds none.
        if self.engine.is_some() {
            notes.retain(|problem| problem.code == Code::IgnoredColumns);
            return notes;
        }
        let entries = walkdir::WalkDir::new(&self.path).min_depth(1).max_depth(2).sort_by_file_name();
        let files = entries.into_iter().flatten().filter(|entry| entry.file_type().is_file());
        for file in files {
            let Some(name) = file.path().strip_prefix(&self.path).ok().and_then(Path::to_str) else { continue };
            let shown = format!("{}/{name}", self.shown);
            let is_other = name == "snapshot.yaml" || self.profile_file() == Some(file.path());
            if !is_other && !name.split('/').any(|name| name.starts_with(['.', '_'])) && !known.contains(&shown) {
                let note = Diagnostic::note(Code::Doubt, "no table of the source has this name: nothing reads it");
                notes.push(note.in_file(shown).hint("mind the spelling; docs/snapshots.md lists the names"));
            }
        }
        notes
    }

    fn files(&self, table: &str, diagnostics: &mut Diagnostics) -> Option<Vec<TableFile>> {
        read::table_files(&self.path, &self.shown, table, diagnostics)
    }

    fn raw_files(&self, tables: &[String], diagnostics: &mut Diagnostics) -> Option<Vec<TableFile>> {
        read::foreign_files(&self.path, &self.shown, tables, diagnostics)
    }
}
