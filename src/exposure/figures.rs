//! The figures as values, in the shape of a report's `data.json` (contract, section 7).
//!
//! `None` is "not available" and is written as `null`; it is never zero.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::{Detail, Newest, Week};
use crate::scope::DeviceSet;
use crate::terms::{ConfigurationId, CveId, Severity};

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

/// Devices by headline state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DeviceStates {
    /// Devices of the role.
    pub total: Count,
    /// With an active linked alert; not known without alerts.
    pub impacted: Count,
    /// Exposed on either axis.
    pub exposed: Count,
    /// Nobody can vouch for them.
    pub unavailable: Count,
    /// Secure or patched, nothing worse.
    pub mitigated: Count,
    /// The threat does not concern them.
    pub not_applicable: Count,
}

/// Why devices are unavailable, first reason that holds (section 3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct UnavailableReasons {
    /// Not onboarded.
    pub not_onboarded: Count,
    /// Health inactive.
    pub inactive: Count,
    /// No sensor data.
    pub no_sensor_data: Count,
    /// Never heard of.
    pub never_seen: Count,
    /// Silent for longer than `freshness_days`.
    pub stale: Count,
    /// Reports, but was not assessed.
    pub not_assessed: Count,
}

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

/// The configuration axis over all tracked configurations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ConfigurationFigures {
    /// Of the applicable ones, those without an exposed pair.
    pub implemented: u64,
    /// Configurations with a secure or exposed pair.
    pub applicable: u64,
    /// (device, configuration) pairs that are secure.
    pub pairs_secure: u64,
    /// Pairs that are exposed.
    pub pairs_exposed: u64,
    /// Devices by state.
    pub devices: ConfigurationStates,
    /// Exposed devices all of whose exposed pairs may only look so because another antivirus runs.
    pub other_antivirus: u64,
}

/// Devices by their state on the configuration axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ConfigurationStates {
    /// Secure.
    pub secure: u64,
    /// Exposed: misconfigured.
    pub exposed: u64,
    /// Not known.
    pub unavailable: u64,
    /// Not applicable.
    pub not_applicable: u64,
}

/// The vulnerability axis over all tracked vulnerabilities.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VulnerabilityFigures {
    /// Devices by state.
    pub devices: VulnerabilityStates,
}

/// Devices by their state on the vulnerability axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VulnerabilityStates {
    /// Patched.
    pub patched: u64,
    /// Exposed: vulnerable.
    pub exposed: u64,
    /// Not known.
    pub unavailable: u64,
    /// Not exposed: patched or never affected, the data cannot tell.
    pub not_exposed: u64,
    /// Not applicable.
    pub not_applicable: u64,
}

/// How exposed the role's devices are, severity and breadth together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ExposureLevel {
    /// The level, by the exact quotient of weight and population.
    pub level: Option<Level>,
    /// The quotient, cut to an integer, 0-100.
    pub score: Count,
    /// The devices' weights, summed.
    pub weight: Count,
    /// The devices it could concern.
    pub population: Count,
}

/// An exposure level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing exposed.
    None,
    /// Below 30.
    Low,
    /// Below 70.
    Medium,
    /// From 70.
    High,
}

impl Level {
    /// The word of output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// The tracked mitigations, one row each.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Mitigations {
    /// Configurations, by devices exposed, most first, then id.
    pub configurations: Vec<ConfigurationRow>,
    /// Vulnerabilities, likewise.
    pub vulnerabilities: Vec<VulnerabilityRow>,
    /// Updates with an exposed device, likewise.
    pub updates: Option<Vec<UpdateRow>>,
}

/// One tracked configuration.
#[derive(Clone, Debug, Serialize)]
pub struct ConfigurationRow {
    /// The id, as the author spells it.
    pub id: String,
    /// The folded id, by which the catalogue is asked; not written.
    #[serde(skip)]
    pub key: ConfigurationId,
    /// Front matter's name, else the catalogue's, else the id.
    pub name: String,
    /// Devices that are secure.
    pub secure: Count,
    /// Devices that are exposed.
    pub exposed: Count,
    /// Devices not known.
    pub unavailable: Count,
    /// Devices it does not apply to.
    pub not_applicable: Count,
    /// Of the exposed, those that run another antivirus, where the configuration is about ours.
    pub other_antivirus: Count,
    /// The exposed devices; not written.
    #[serde(skip)]
    pub exposed_devices: DeviceSet,
}

/// One tracked vulnerability.
#[derive(Clone, Debug, Serialize)]
pub struct VulnerabilityRow {
    /// The id.
    pub id: CveId,
    /// The highest severity among the slice's rows.
    pub severity: Severity,
    /// Devices that are patched.
    pub patched: Count,
    /// Devices that are exposed.
    pub exposed: Count,
    /// Devices not known.
    pub unavailable: Count,
    /// Devices not exposed.
    pub not_exposed: Count,
    /// Devices it does not apply to.
    pub not_applicable: Count,
    /// Of the exposed, those for which there is no update yet.
    pub no_update: Count,
    /// Of the exposed, those that only need a restart.
    pub pending_restart: Count,
    /// The exposed devices; not written.
    #[serde(skip)]
    pub exposed_devices: DeviceSet,
}

/// One update.
#[derive(Clone, Debug, Serialize)]
pub struct UpdateRow {
    /// The id.
    pub id: String,
    /// Its name in the slice, else the id.
    pub name: String,
    /// Devices that need it.
    pub exposed: u64,
    /// The tracked vulnerabilities it answers.
    pub vulnerabilities: Vec<CveId>,
    /// The devices that need it; not written.
    #[serde(skip)]
    pub exposed_devices: DeviceSet,
}

/// Headline states of one group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupStates {
    /// The group.
    pub name: String,
    /// Its devices.
    pub devices: DeviceStates,
}

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

/// The devices, alerts and incidents behind a report's figures.
#[derive(Clone, Debug, Default)]
pub struct ReportSets {
    /// Headline: impacted.
    pub impacted: DeviceSet,
    /// Headline: exposed.
    pub exposed: DeviceSet,
    /// Headline: unavailable.
    pub unavailable: DeviceSet,
    /// Headline: mitigated.
    pub mitigated: DeviceSet,
    /// Headline: not applicable.
    pub not_applicable: DeviceSet,
    /// Devices with linked alerts, all resolved.
    pub alerts_resolved: DeviceSet,
    /// Exposed on the configuration axis: misconfigured.
    pub misconfigured: DeviceSet,
    /// Exposed on the vulnerability axis: vulnerable.
    pub vulnerable: DeviceSet,
    /// Of the misconfigured, those that may only look so because another antivirus runs.
    pub other_antivirus: DeviceSet,
    /// Linked alerts: their places in the fleet's list, ascending.
    pub alerts: Vec<usize>,
    /// Incidents of linked alerts, by id.
    pub incidents: Vec<LinkedIncident>,
    /// The unavailable devices by reason; disjoint.
    pub reasons: BTreeMap<UnavailableReason, DeviceSet>,
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
    /// The status, as a word; empty when not said.
    pub status: Option<crate::scope::IncidentStatus>,
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

/// Why a device is unavailable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnavailableReason {
    /// Not onboarded.
    NotOnboarded,
    /// Health inactive.
    Inactive,
    /// No sensor data.
    NoSensorData,
    /// Never heard of.
    NeverSeen,
    /// Silent for longer than `freshness_days`.
    Stale,
    /// Reports, but was not assessed.
    NotAssessed,
}

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

fn shown<T: std::fmt::Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}
