//! What the dashboard shows, over all reports that the role may see.

use jiff::Timestamp;
use serde::Serialize;

use super::super::{Newest, Week};
use super::{Count, UnavailableReasons, shown};

/// The dashboard's figures (section 8), in the shape of `/data.json`.
#[derive(Clone, Debug, Serialize)]
pub struct DashboardFigures {
    /// Devices of the role.
    pub devices_total: Count,
    /// Visible reports.
    pub threats_total: Count,
    /// Reports by their alerts.
    pub summary: Option<AlertSummary>,
    /// Slugs, newest first; at most ten.
    pub latest: Vec<String>,
    /// Slugs by alerts; at most ten.
    pub high_impact: Option<Vec<String>>,
    /// Slugs by weight; at most ten.
    pub highest_exposure: Option<Vec<String>>,
    /// Over all reports.
    pub totals: Totals,
    /// One entry per snapshot, oldest first.
    pub history: Vec<DashboardHistory>,
    /// Slugs in the order in which they need action, all that do; not written.
    #[serde(skip)]
    pub needs_action: Vec<String>,
    /// Incidents of all reports by the week of their beginning; nothing where incidents are not
    /// known. Not written.
    #[serde(skip)]
    pub weeks: Option<Vec<Week>>,
    /// How far the rows of the current snapshot reach; not written.
    #[serde(skip)]
    pub newest: Newest,
}

/// Reports by their alerts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AlertSummary {
    /// With active alerts.
    pub active_alerts: u64,
    /// With resolved ones only.
    pub resolved_alerts_only: u64,
    /// With none.
    pub no_alerts: u64,
}

/// Over all visible reports, distinct.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Devices exposed (headline) in at least one report.
    pub exposed_devices: Count,
    /// Devices impacted in at least one report.
    pub impacted_devices: Count,
    /// Active linked alerts.
    pub active_alerts: Count,
    /// Active incidents.
    pub active_incidents: Count,
}

/// The dashboard over one snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DashboardHistory {
    /// The snapshot's time.
    #[serde(serialize_with = "shown")]
    pub as_of: Timestamp,
    /// Devices exposed in at least one report.
    pub exposed_devices: Count,
    /// Devices impacted in at least one report.
    pub impacted_devices: Count,
    /// Active linked alerts; not written.
    #[serde(skip)]
    pub active_alerts: Count,
    /// Active incidents; not written.
    #[serde(skip)]
    pub active_incidents: Count,
    /// The groups that had a device, by name; not written.
    #[serde(skip)]
    pub groups: Vec<GroupHistory>,
}

impl DashboardHistory {
    /// What is known of a group in this snapshot; nothing where it had no device.
    #[must_use]
    pub fn group(&self, name: &str) -> Option<&GroupHistory> {
        self.groups.iter().find(|group| group.name == name)
    }
}

/// A device group over one snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupHistory {
    /// The group.
    pub name: String,
    /// Its devices.
    pub devices: u64,
    /// Those exposed in at least one report.
    pub exposed: u64,
    /// Those impacted in at least one report.
    pub impacted: Count,
    /// Those that do not report, by the first reason that holds; `not_assessed` is none of them.
    pub silent: UnavailableReasons,
}

impl GroupHistory {
    /// The devices that do not report.
    #[must_use]
    pub fn not_reporting(&self) -> u64 {
        let silent = self.silent;
        let counts = [silent.not_onboarded, silent.inactive, silent.no_sensor_data, silent.never_seen, silent.stale];
        counts.into_iter().flatten().sum()
    }
}
