//! A snapshot's tables: the rows about the role's devices, and what explains them.

use rayon::prelude::*;

use super::devices::Roster;
use super::folder::Folder;
use super::{Named, alerts};
use crate::config::Role;
use crate::diagnostics::Diagnostic;
use crate::snapshot::Snapshot;
use crate::snapshot::rows::{
    AFFECTED_SOFTWARE, CONFIGURATION_CATALOG, CONFIGURATIONS, DEVICES, Row, SOFTWARE, Table, VULNERABILITIES,
};
use crate::terms::{ConfigurationId, CveId};
use crate::yaml::{self, Kind, Node};

/// One snapshot of the slice.
pub(super) struct Extract<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) roster: &'a Roster,
    pub(super) role: &'a Role,
    pub(super) folder: Folder,
}

/// Writes a table, or several that belong together, and tells what ids their rows name.
type Step<'a> = fn(&Extract<'a>) -> Result<Named, Diagnostic>;

impl<'a> Extract<'a> {
    /// Makes the snapshot's directory, which is named by its time.
    pub(super) fn open(
        snapshot: &'a Snapshot,
        roster: &'a Roster,
        role: &'a Role,
        site: &Folder,
    ) -> Result<Self, Diagnostic> {
        let as_of = snapshot.as_of.to_string();
        let folder = site.within(&format!("content/snapshots/{}", as_of.replace(':', "-")))?;
        let text = |text: &str| Node::new(Kind::Scalar(text.to_owned()));
        let head = Kind::Map(vec![(text("as_of"), text(&as_of)), (text("source"), text("native"))]);
        folder.write("snapshot.yaml", yaml::write(&Node::new(head)).as_bytes())?;
        Ok(Self { snapshot, roster, role, folder })
    }

    /// Writes the rows about the role's devices and the alerts they lead to, and tells what ids
    /// these name.
    pub(super) fn write_rows(&self) -> Result<Named, Diagnostic> {
        let tables: [Step<'a>; 5] =
            [Self::devices, Self::vulnerabilities, Self::configurations, Self::software, |extract| {
                alerts::write(extract)
            }];
        let told: Vec<Named> = tables.par_iter().map(|table| table(self)).collect::<Result<_, _>>()?;
        Ok(told.into_iter().collect())
    }

    /// Writes what the catalogues say of the ids that are named.
    pub(super) fn write_catalogues(&self, named: &Named) -> Result<(), Diagnostic> {
        let is_named = |id: &str| named.configurations.contains(&ConfigurationId::fold(id));
        self.copy(&CONFIGURATION_CATALOG, "configuration_id", is_named, |_| {})?;
        let is_named = |id: &str| named.vulnerabilities.contains(&CveId::from_scanner(id));
        self.copy(&AFFECTED_SOFTWARE, "cve_id", is_named, |_| {})
    }

    fn devices(&self) -> Result<Named, Diagnostic> {
        let mut sheet = self.folder.sheet(&DEVICES)?;
        self.snapshot.visit(&DEVICES, |rows| {
            rows.iter().filter(|row| self.roster.counts(row)).for_each(|row| sheet.row(row.values()));
        })?;
        sheet.finish().map(|()| Named::default())
    }

    fn vulnerabilities(&self) -> Result<Named, Diagnostic> {
        let mut named = Named::default();
        self.copy_findings(&VULNERABILITIES, |row| {
            named.vulnerabilities.insert(CveId::from_scanner(row.get("cve_id")));
        })?;
        // A row without one is inventory.
        named.vulnerabilities.remove(&CveId::from_scanner(""));
        Ok(named)
    }

    fn configurations(&self) -> Result<Named, Diagnostic> {
        let mut named = Named::default();
        self.copy_findings(&CONFIGURATIONS, |row| {
            named.configurations.insert(ConfigurationId::fold(row.get("configuration_id")));
        })?;
        Ok(named)
    }

    fn software(&self) -> Result<Named, Diagnostic> {
        self.copy_findings(&SOFTWARE, |_| {}).map(|()| Named::default())
    }

    /// Copies the rows of a table that are about the role's devices.
    fn copy_findings(&self, table: &Table, seen: impl FnMut(Row<'_>) + Send) -> Result<(), Diagnostic> {
        self.copy(table, "device_id", |id| self.roster.has(id), seen)
    }

    /// Copies the rows whose value in `column` passes `test`, and shows each to `seen`. A table
    /// that is absent stays so; of one where nothing passes its columns are left.
    fn copy(
        &self,
        table: &Table,
        column: &str,
        test: impl Fn(&str) -> bool + Sync,
        mut seen: impl FnMut(Row<'_>) + Send,
    ) -> Result<(), Diagnostic> {
        if !self.snapshot.has(table) {
            return Ok(());
        }
        let mut sheet = self.folder.sheet(table)?;
        self.snapshot.visit(table, |rows| {
            for row in rows.whose(column, &test) {
                sheet.row(row.values());
                seen(row);
            }
        })?;
        sheet.finish()
    }
}
