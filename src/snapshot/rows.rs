//! The rows of a table as its files hold them, for whoever copies them instead of counting.
//!
//! Here the tables of the contract stand as such: their columns, and which values make a bad
//! row of a row. Values are trimmed texts, whatever the format; bad rows are passed over.

use std::sync::{Mutex, PoisonError};

use super::Snapshot;
use super::engine::Use;
use super::read::{Batch, Column, Dialect, DictionaryColumn, Request};
use super::tables::{is_boolean, is_impact};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity};
use crate::terms::instant;

/// A table of the contract.
#[derive(Debug)]
pub struct Table {
    /// Its name, also its file's.
    pub name: &'static str,
    columns: &'static [(&'static str, Holds)],
}

/// What the values of a column must be. Anything else makes the row a bad one.
#[derive(Clone, Copy, Debug)]
enum Holds {
    /// Any text: names, and words of which unknown ones read as `unknown`.
    Text,
    /// A text that is not empty.
    Id,
    /// A time.
    Moment,
    /// A time, or nothing.
    Time,
    /// A boolean, or nothing.
    Boolean,
    /// A number from 1 to 10, or nothing.
    Impact,
}

use Holds::{Boolean, Id, Impact, Moment, Text, Time};

/// Devices; the only table that a snapshot must have.
pub const DEVICES: Table = Table {
    name: "devices",
    columns: &[
        ("device_id", Id),
        ("name", Text),
        ("device_group", Text),
        ("os", Text),
        ("os_version", Text),
        ("onboarding", Text),
        ("health", Text),
        ("last_seen", Time),
        ("antivirus_mode", Text),
        ("excluded", Boolean),
        ("criticality", Text),
        ("internet_facing", Text),
    ],
};

/// Vulnerabilities of devices; without a `cve_id` a row is inventory.
pub const VULNERABILITIES: Table = Table {
    name: "vulnerabilities",
    columns: &[
        ("device_id", Id),
        ("cve_id", Text),
        ("severity", Text),
        ("cvss", Text),
        ("vendor", Text),
        ("product", Text),
        ("version", Text),
        ("status", Text),
        ("update_id", Text),
        ("update_name", Text),
        ("update_available", Boolean),
        ("first_seen", Text),
    ],
};

/// Assessments of configurations on devices.
pub const CONFIGURATIONS: Table = Table {
    name: "configurations",
    columns: &[
        ("device_id", Id),
        ("configuration_id", Id),
        ("applicable", Boolean),
        ("compliant", Boolean),
        ("at", Time),
    ],
};

/// What configurations are called and how much they matter.
pub const CONFIGURATION_CATALOG: Table = Table {
    name: "configuration_catalog",
    columns: &[
        ("configuration_id", Id),
        ("name", Text),
        ("category", Text),
        ("subcategory", Text),
        ("impact", Impact),
        ("remediation", Text),
    ],
};

/// Products installed on devices.
pub const SOFTWARE: Table =
    Table { name: "software", columns: &[("device_id", Id), ("vendor", Text), ("product", Text), ("version", Text)] };

/// Products that a vulnerability affects.
pub const AFFECTED_SOFTWARE: Table =
    Table { name: "affected_software", columns: &[("cve_id", Text), ("vendor", Text), ("product", Text)] };

/// Alerts, a row for each device.
pub const ALERTS: Table = Table {
    name: "alerts",
    columns: &[
        ("alert_id", Id),
        ("title", Text),
        ("status", Text),
        ("created", Moment),
        ("device_id", Text),
        ("incident_id", Text),
        ("severity", Text),
        ("classification", Text),
        ("resolved", Time),
        ("detector_id", Text),
        ("threat_family", Text),
        ("actor", Text),
        ("techniques", Text),
    ],
};

/// Further devices of alerts.
pub const ALERT_DEVICES: Table = Table { name: "alert_devices", columns: &[("alert_id", Id), ("device_id", Id)] };

/// Incidents.
pub const INCIDENTS: Table = Table {
    name: "incidents",
    columns: &[
        ("incident_id", Id),
        ("title", Text),
        ("status", Text),
        ("severity", Text),
        ("created", Text),
        ("updated", Text),
        ("redirect_to", Text),
    ],
};

impl Table {
    /// The names of its columns, in the contract's order.
    pub fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.columns.iter().map(|(name, _)| *name)
    }

    /// The place of a column among them.
    #[must_use]
    pub fn place(&self, column: &str) -> Option<usize> {
        self.columns().position(|name| name == column)
    }
}

impl Holds {
    fn takes(self, value: &str) -> bool {
        match self {
            Text => true,
            Id => !value.is_empty(),
            Moment => instant(value).is_some(),
            Time => value.is_empty() || instant(value).is_some(),
            Boolean => value.is_empty() || is_boolean(value),
            Impact => value.is_empty() || is_impact(value),
        }
    }
}

/// The good rows of a part of a table.
#[derive(Debug)]
pub struct Rows<'a> {
    table: &'a Table,
    batch: Batch,
    good: Vec<usize>,
}

impl<'a> Rows<'a> {
    fn of(table: &'a Table, batch: Batch) -> Self {
        let judged: Vec<(&DictionaryColumn, Vec<bool>)> = table
            .columns
            .iter()
            .zip(&batch.columns)
            .filter(|((_, holds), _)| !matches!(holds, Text))
            .map(|((_, holds), column)| (column, column.values.iter().map(|value| holds.takes(value)).collect()))
            .collect();
        let good = (0..batch.rows).filter(|row| judged.iter().all(|(column, takes)| takes[column.key(*row)]));
        Self { table, good: good.collect(), batch }
    }

    /// Every row.
    pub fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        self.good.iter().map(|at| Row { rows: self, at: *at })
    }

    fn column(&self, name: &str) -> Option<&DictionaryColumn> {
        self.table.place(name).and_then(|place| self.batch.columns.get(place))
    }

    /// The rows whose value in `column` passes `test`, which is asked once for each value.
    pub fn whose(&self, column: &str, test: impl Fn(&str) -> bool) -> impl Iterator<Item = Row<'_>> {
        let column = self.column(column);
        let passes: Vec<bool> = column.iter().flat_map(|column| &column.values).map(|value| test(value)).collect();
        self.iter().filter(move |row| column.is_some_and(|column| passes[column.key(row.at)]))
    }
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    rows: &'a Rows<'a>,
    at: usize,
}

impl<'a> Row<'a> {
    /// The value in a column: trimmed, and empty where the file says nothing.
    #[must_use]
    pub fn get(&self, column: &str) -> &'a str {
        self.rows.column(column).map_or("", |column| column.text(self.at))
    }

    /// Where it stands: the file, the row in it (from 1), and the line of a text format.
    #[must_use]
    pub fn place(&self) -> (&'a str, u64, Option<u64>) {
        let (row, line) = self.rows.batch.place(self.at);
        (&self.rows.batch.file, row, line)
    }

    /// The values in all columns, in the contract's order.
    pub fn values(&self) -> impl Iterator<Item = &'a str> {
        let at = self.at;
        self.rows.batch.columns.iter().map(move |column| column.text(at))
    }
}

impl Snapshot {
    /// Whether there is such a table, be it empty.
    #[must_use]
    pub fn has(&self, table: &Table) -> bool {
        self.holds(table.name)
    }

    /// Shows `visit` the good rows of a table, part by part; an absent table has none. One thread
    /// reads, so that the parts come in the same order every time and no more than one is in
    /// memory.
    ///
    /// # Errors
    /// The first problem of a file that cannot be read.
    pub fn visit(&self, table: &Table, visit: impl FnMut(&Rows<'_>) + Send) -> Result<(), Diagnostic> {
        let mut told = Diagnostics::new();
        let columns: Vec<Column<'_>> = table.columns().map(Column::optional).collect();
        let request = Request { table: table.name, columns: &columns, dialect: Dialect::Own };
        let visit = Mutex::new(visit);
        let show = |batch| (visit.lock().unwrap_or_else(PoisonError::into_inner))(&Rows::of(table, batch));
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().map_err(|error| {
            Diagnostic::error(Code::Disk, format!("cannot start a thread: {error}")).hint("give a smaller --jobs")
        })?;
        alone.install(|| self.supply(&request, Use::Rows, &mut told, show));
        let first = told.iter().find(|problem| problem.severity == Severity::Error);
        first.map_or(Ok(()), |problem| Err(problem.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a snapshot of one file has the table, and its rows.
    fn visited(table: &Table, name: &str, text: &str) -> Result<(bool, Vec<String>), Diagnostic> {
        let home = tempfile::tempdir().expect("a directory");
        std::fs::write(home.path().join(name), text).expect("a file");
        let as_of = instant("2026-11-16").expect("a time");
        let snapshot =
            Snapshot { path: home.path().to_owned(), shown: "s".to_owned(), as_of, foreign: None, engine: None };
        let mut lines = Vec::new();
        snapshot.visit(table, |rows| {
            lines.extend(rows.iter().map(|row| row.values().collect::<Vec<_>>().join("|")));
        })?;
        Ok((snapshot.has(table), lines))
    }

    #[test]
    fn values_are_trimmed_and_stand_in_the_contracts_order() {
        let text = "compliant,device_id,configuration_id,colour\n no , d1 ,SCID-1,red\n,d2,scid-1,\n";
        let (there, lines) = visited(&CONFIGURATIONS, "configurations.csv", text).expect("rows");
        assert!(there);
        assert_eq!(lines, ["d1|SCID-1||no|", "d2|scid-1|||"]);
    }

    /// The columns that are copied are those that figures are made of, but for the group that a finding may name too.
    #[test]
    fn the_tables_are_those_of_the_figures() {
        let own = [
            DEVICES,
            VULNERABILITIES,
            CONFIGURATIONS,
            CONFIGURATION_CATALOG,
            SOFTWARE,
            AFFECTED_SOFTWARE,
            ALERTS,
            ALERT_DEVICES,
            INCIDENTS,
        ];
        let all = crate::snapshot::tables();
        assert_eq!(own.len(), all.len());
        for (own, table) in own.iter().zip(all) {
            let is_own = |name: &&str| *name != "device_group" || table.name == "devices";
            let mut counted: Vec<&str> = table.columns.iter().map(Column::name).filter(is_own).collect();
            let mut copied: Vec<&str> = own.columns().collect();
            counted.sort_unstable();
            copied.sort_unstable();
            assert_eq!((own.name, copied), (table.name, counted));
        }
    }

    #[test]
    fn bad_rows_are_passed_over() {
        let text = "device_id,configuration_id,applicable,compliant,at\n,s,,,\nd,,,,\nd,s,perhaps,,\nd,s,,,Tuesday\nd,s\nd,s,1,0,\n";
        let (_, lines) = visited(&CONFIGURATIONS, "configurations.csv", text).expect("rows");
        assert_eq!(lines, ["d|s|1|0|"]);
        let text = "alert_id,title,status,created\na,t,new,\nb,t,new,2026-11-01\n";
        assert_eq!(visited(&ALERTS, "alerts.csv", text).expect("rows").1.len(), 1);
    }

    #[test]
    fn an_absent_table_is_not_an_empty_one() {
        assert_eq!(visited(&ALERTS, "alerts.json", "[]").expect("rows"), (true, Vec::new()));
        assert_eq!(visited(&ALERTS, "incidents.json", "[]").expect("rows"), (false, Vec::new()));
        assert!(visited(&ALERTS, "alerts.json", "[").is_err());
    }
}
