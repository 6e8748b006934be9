//! The native tables of a snapshot: their columns, and one value of a row.

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Time,
    Truth,
    Number,
}

/// One value of a row.
#[derive(Clone, Copy)]
pub(crate) enum Cell<'a> {
    Absent,
    /// An empty text is an absent value.
    Text(&'a str),
    /// Seconds since 1970.
    Time(i64),
    Truth(bool),
    /// A number in tenths: 98 is 9.8.
    Tenths(u32),
}

impl Cell<'_> {
    pub(crate) fn maybe_time(moment: Option<i64>) -> Self {
        moment.map_or(Cell::Absent, Cell::Time)
    }

    pub(crate) fn maybe_truth(truth: Option<bool>) -> Self {
        truth.map_or(Cell::Absent, Cell::Truth)
    }
}

/// A table's name and columns.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [(&'static str, Kind)],
}

use Kind::{Number, Text, Time, Truth};

pub(crate) const DEVICES: Table = Table {
    name: "devices",
    columns: &[
        ("device_id", Text),
        ("name", Text),
        ("device_group", Text),
        ("os", Text),
        ("os_version", Text),
        ("onboarding", Text),
        ("health", Text),
        ("last_seen", Time),
        ("antivirus_mode", Text),
        ("excluded", Truth),
        ("criticality", Text),
        ("internet_facing", Truth),
    ],
};

pub(crate) const VULNERABILITIES: Table = Table {
    name: "vulnerabilities",
    columns: &[
        ("device_id", Text),
        ("cve_id", Text),
        ("severity", Text),
        ("cvss", Number),
        ("vendor", Text),
        ("product", Text),
        ("version", Text),
        ("status", Text),
        ("update_id", Text),
        ("update_name", Text),
        ("update_available", Truth),
        ("first_seen", Time),
    ],
};

pub(crate) const CONFIGURATIONS: Table = Table {
    name: "configurations",
    columns: &[
        ("device_id", Text),
        ("configuration_id", Text),
        ("applicable", Truth),
        ("compliant", Truth),
        ("at", Time),
    ],
};

pub(crate) const CONFIGURATION_CATALOG: Table = Table {
    name: "configuration_catalog",
    columns: &[
        ("configuration_id", Text),
        ("name", Text),
        ("category", Text),
        ("subcategory", Text),
        ("impact", Number),
        ("remediation", Text),
    ],
};

pub(crate) const SOFTWARE: Table =
    Table { name: "software", columns: &[("device_id", Text), ("vendor", Text), ("product", Text), ("version", Text)] };

pub(crate) const AFFECTED_SOFTWARE: Table =
    Table { name: "affected_software", columns: &[("cve_id", Text), ("vendor", Text), ("product", Text)] };

pub(crate) const ALERTS: Table = Table {
    name: "alerts",
    columns: &[
        ("alert_id", Text),
        ("title", Text),
        ("status", Text),
        ("created", Time),
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

pub(crate) const ALERT_DEVICES: Table =
    Table { name: "alert_devices", columns: &[("alert_id", Text), ("device_id", Text)] };

pub(crate) const INCIDENTS: Table = Table {
    name: "incidents",
    columns: &[
        ("incident_id", Text),
        ("title", Text),
        ("status", Text),
        ("severity", Text),
        ("created", Time),
        ("updated", Time),
        ("redirect_to", Text),
    ],
};

/// Every table, to clear a directory of an earlier run's files.
pub(crate) const ALL: [&Table; 9] = [
    &DEVICES,
    &VULNERABILITIES,
    &CONFIGURATIONS,
    &CONFIGURATION_CATALOG,
    &SOFTWARE,
    &AFFECTED_SOFTWARE,
    &ALERTS,
    &ALERT_DEVICES,
    &INCIDENTS,
];
