//! One file per table: rows to the fleet's parts. What is wrong with a row is gathered by a
//! [`Harvest`] and told once per file, with the rows' numbers.

mod alerts;
mod catalogue;
mod cells;
mod configurations;
mod contradictions;
mod devices;
mod harvest;
mod incidents;
mod interned;
mod runs;
mod software;
mod source;
mod vulnerabilities;
mod words;

pub(super) use alerts::{alerts, check_references};
pub(super) use catalogue::{catalogue, is_impact};
pub(super) use cells::{boolean, is_boolean};
pub(super) use configurations::configurations;
pub(super) use devices::{Roster, devices};
pub(super) use incidents::incidents;
pub(super) use software::software;
pub(super) use source::Source;
pub(super) use vulnerabilities::vulnerabilities;
pub(super) use words::{WordCounts, compared, read_as, words};

use super::read::Column;

/// A table that a snapshot can have.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Its name, which is its file's.
    pub name: &'static str,
    /// The columns that are read.
    pub columns: &'static [Column<'static>],
}

/// Every table, in the order in which documentation has them.
#[must_use]
pub fn all() -> [Table; 9] {
    let table = |name, columns| Table { name, columns };
    [
        table("devices", &devices::COLUMNS),
        table("vulnerabilities", &vulnerabilities::COLUMNS),
        table("configurations", &configurations::COLUMNS),
        table("configuration_catalog", &catalogue::COLUMNS),
        table("software", &software::SOFTWARE),
        table("affected_software", &software::AFFECTED),
        table("alerts", &alerts::ALERTS),
        table("alert_devices", &alerts::ALERT_DEVICES),
        table("incidents", &incidents::COLUMNS),
    ]
}
