//! Linked alerts, and the incidents they belong to.

use jiff::Timestamp;
use serde::Serialize;

use crate::scope::{DeviceSet, IncidentStatus};
use crate::terms::Severity;

/// Linked alerts, distinct.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AlertCounts {
    /// All.
    pub total: u64,
    /// Not resolved.
    pub active: u64,
    /// Resolved.
    pub resolved: u64,
    /// Resolved as false positive.
    pub false_positive: u64,
}

/// Devices with linked alerts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AlertedDevices {
    /// All.
    pub total: u64,
    /// With at least one active alert: impacted.
    pub active: u64,
    /// All of whose alerts are resolved.
    pub resolved: u64,
}

/// Incidents of linked alerts, distinct.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct IncidentCounts {
    /// All.
    pub total: u64,
    /// Not resolved, with an active linked alert.
    pub active: u64,
    /// The active ones by severity.
    pub active_by_severity: SeverityCounts,
}

/// One count per severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SeverityCounts {
    /// Critical.
    pub critical: u64,
    /// High.
    pub high: u64,
    /// Medium.
    pub medium: u64,
    /// Low.
    pub low: u64,
    /// Informational.
    pub informational: u64,
    /// Not known.
    pub unknown: u64,
}

impl SeverityCounts {
    /// Counts one more.
    pub fn add(&mut self, severity: Severity) {
        *match severity {
            Severity::Critical => &mut self.critical,
            Severity::High => &mut self.high,
            Severity::Medium => &mut self.medium,
            Severity::Low => &mut self.low,
            Severity::Informational => &mut self.informational,
            Severity::Unknown => &mut self.unknown,
        } += 1;
    }
}

/// An incident through a report's linked alerts, as the role may see it.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkedIncident {
    /// The id, after redirects.
    pub id: String,
    /// The title the role may see.
    pub title: String,
    /// The severity the role may see.
    pub severity: Severity,
    /// The status; nothing where it is not said.
    pub status: Option<IncidentStatus>,
    /// Not resolved, with an active linked alert.
    pub active: bool,
    /// When it began: its own time for a role that sees all, else its first visible alert's.
    pub first: Option<Timestamp>,
    /// When it last changed: its own time for a role that sees all, else its last visible alert's.
    pub last: Option<Timestamp>,
    /// Its linked alerts: their places in the fleet's list, ascending.
    pub alerts: Vec<usize>,
    /// The devices those alerts name.
    pub devices: DeviceSet,
}
