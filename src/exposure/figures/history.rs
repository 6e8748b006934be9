//! The figures of one report over days and snapshots.

use jiff::Timestamp;
use serde::Serialize;

use super::{Count, DeviceStates, shown};

/// One day of the trend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TrendDay {
    /// The day, in UTC.
    #[serde(serialize_with = "shown")]
    pub date: jiff::civil::Date,
    /// Alerts active on it.
    pub alerts_active: u64,
    /// Alerts resolved by it.
    pub alerts_resolved: u64,
    /// Devices with an alert active on it.
    pub devices_active: u64,
    /// Devices with alerts, none active.
    pub devices_resolved: u64,
}

/// The figures over one snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct HistoryEntry {
    /// The snapshot's time.
    #[serde(serialize_with = "shown")]
    pub as_of: Timestamp,
    /// Devices by headline state.
    pub devices: DeviceStates,
    /// Configuration pairs.
    pub configuration: Option<HistoryConfiguration>,
    /// Vulnerable devices.
    pub vulnerability: Option<HistoryVulnerability>,
    /// Linked alerts that were active; not written.
    #[serde(skip)]
    pub active_alerts: Count,
    /// Incidents that were active; not written.
    #[serde(skip)]
    pub active_incidents: Count,
    /// Misconfigured devices; not written.
    #[serde(skip)]
    pub misconfigured: Count,
}

impl HistoryEntry {
    /// The exposed devices, where the snapshot holds anything by which the report finds some.
    #[must_use]
    pub fn exposed(&self) -> Count {
        self.devices.exposed.filter(|_| self.configuration.is_some() || self.vulnerability.is_some())
    }
}

/// Configuration pairs of one snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct HistoryConfiguration {
    /// Secure pairs.
    pub pairs_secure: u64,
    /// Exposed pairs.
    pub pairs_exposed: u64,
}

/// Vulnerable devices of one snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct HistoryVulnerability {
    /// Exposed devices.
    pub exposed: u64,
}
