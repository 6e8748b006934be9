//! One file per table: rows to the fleet's parts. What is wrong with a row is gathered by a
//! [`Harvest`] and told once per file, with the rows' numbers.

mod alerts;
mod catalogue;
mod cells;
mod configurations;
mod devices;
mod harvest;
mod incidents;
mod interned;
mod software;
mod source;
mod vulnerabilities;

pub(super) use alerts::{alerts, check_references};
pub(super) use catalogue::{catalogue, is_impact};
pub(super) use cells::is_boolean;
pub(super) use configurations::configurations;
pub(super) use devices::{Roster, devices};
pub(super) use incidents::incidents;
pub(super) use software::software;
pub(super) use source::Source;
pub(super) use vulnerabilities::vulnerabilities;
