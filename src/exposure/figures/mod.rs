//! The figures as values, in the shape of a report's `data.json` (contract, section 7).
//!
//! `None` is "not available" and is written as `null`; it is never zero.

mod alerts;
mod dashboard;
mod devices;
mod history;
mod mitigations;
mod sets;

use serde::{Serialize, Serializer};

pub use alerts::*;
pub use dashboard::*;
pub use devices::*;
pub use history::*;
pub use mitigations::*;
pub use sets::*;

use super::Detail;

/// A count that may not be known.
pub type Count = Option<u64>;

/// Everything counted for one report in one slice.
#[derive(Clone, Debug, Serialize)]
pub struct ReportFigures {
    /// Devices by headline state (figures.md, section 6).
    pub devices: DeviceStates,
    /// Why devices are unavailable; adds up to `devices.unavailable`.
    pub unavailable_reasons: UnavailableReasons,
    /// Linked alerts (section 2).
    pub alerts: Option<AlertCounts>,
    /// Devices with linked alerts.
    pub devices_with_alerts: Option<AlertedDevices>,
    /// Incidents of linked alerts.
    pub incidents: Option<IncidentCounts>,
    /// Secure configuration (section 4).
    pub configuration: Option<ConfigurationFigures>,
    /// Vulnerability patching (section 5).
    pub vulnerability: Option<VulnerabilityFigures>,
    /// The exposure level (section 7).
    pub exposure: ExposureLevel,
    /// The same by configuration, vulnerability and update.
    pub mitigations: Mitigations,
    /// Headline states per group that has a device, by name.
    pub groups: Vec<GroupStates>,
    /// Alerts and devices per day.
    pub trend: Option<Vec<TrendDay>>,
    /// One entry per snapshot, oldest first.
    pub history: Vec<HistoryEntry>,
    /// What the pages tell beyond the file; not written.
    #[serde(skip)]
    pub detail: Detail,
    /// The devices behind the numbers; not written.
    #[serde(skip)]
    pub sets: ReportSets,
}

impl ReportFigures {
    /// Whether anything is known by which the report finds exposed devices.
    #[must_use]
    pub fn has_findings(&self) -> bool {
        self.configuration.is_some() || self.vulnerability.is_some()
    }

    /// The exposed devices, where [any can be found](Self::has_findings). In `devices` they are none where none can,
    /// so that the states add up.
    #[must_use]
    pub fn exposed(&self) -> Count {
        self.devices.exposed.filter(|_| self.has_findings())
    }
}

fn shown<T: std::fmt::Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}
