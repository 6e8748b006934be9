//! Where a number comes from: the filters between all devices and a figure, each with what it leaves,
//! and why a device is in its state, with the rows that say so.
//!
//! It counts nothing: every number is a figure's, or the size of one of the sets behind the figures.

mod chain;
mod device;
mod rows;

use crate::exposure::ReportFigures;
use crate::scope::{Report, Slice};
use crate::snapshot::Snapshot;

pub use chain::{Subject, chain};
pub use device::device;

/// A report as one role sees it, and what it was counted from.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What the role may see.
    pub slice: &'a Slice,
    /// The report.
    pub report: &'a Report,
    /// Its figures.
    pub figures: &'a ReportFigures,
    /// How many devices the snapshot has, whoever may see them.
    pub devices: u64,
    /// How many alerts it has.
    pub alerts: u64,
    /// The snapshots that were read, oldest first, the current one last.
    pub snapshots: &'a [Snapshot],
}
