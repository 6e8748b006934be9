//! One report over one snapshot: its alerts, its two axes, and the headline they make.

use super::alerts::{LinkedAlerts, incident_counts};
use super::census::Census;
use super::configuration::{ConfigurationAxis, ConfigurationPairs};
use super::headline::{Axis, Headline};
use super::vulnerability::{VulnerabilityAxis, VulnerabilityPairs};
use super::{HistoryConfiguration, HistoryEntry, HistoryVulnerability, LinkedIncident};
use crate::scope::Report;
use std::sync::Arc;

pub(super) struct Assessment<'a> {
    pub(super) alerts: Option<LinkedAlerts<'a>>,
    pub(super) configuration: Axis<ConfigurationAxis>,
    pub(super) vulnerability: Axis<VulnerabilityAxis>,
    pub(super) headline: Headline,
}

impl<'a> Assessment<'a> {
    pub(super) fn of(report: &Report, census: &'a Census) -> Self {
        let alerts = LinkedAlerts::of(report, &census.fleet, &census.alerts);
        let configuration = configuration(report, census);
        let vulnerability = vulnerability(report, census);
        let impacted = alerts.as_ref().map(|alerts| alerts.active.clone());
        let headline = Headline::of(&census.everyone, impacted, &census.reporting, &configuration, &vulnerability);
        Self { alerts, configuration, vulnerability, headline }
    }

    /// The incidents of the report's alerts; nothing where either table is absent or the report
    /// selects no alerts.
    pub(super) fn incidents(&self, census: &Census, sees_all: bool) -> Option<Vec<LinkedIncident>> {
        let linked = self.alerts.as_ref().filter(|_| census.fleet.tables.incidents)?;
        Some(linked.incidents(&census.fleet, &census.alerts, sees_all))
    }

    /// `incidents` are those of this assessment.
    pub(super) fn history(&self, census: &Census, incidents: Option<&[LinkedIncident]>) -> HistoryEntry {
        HistoryEntry {
            as_of: census.fleet.as_of,
            devices: self.headline.states(&census.whole()),
            configuration: self.configuration.known().map(|axis| HistoryConfiguration {
                pairs_secure: axis.pairs_secure,
                pairs_exposed: axis.pairs_exposed,
            }),
            vulnerability: self.vulnerability.known().map(|axis| HistoryVulnerability { exposed: axis.exposed.len() }),
            active_alerts: self.alerts.as_ref().map(|alerts| alerts.counts().active),
            active_incidents: incidents.map(|incidents| incident_counts(incidents).active),
            misconfigured: self.configuration.known().map(|axis| axis.exposed.len()),
        }
    }
}

fn configuration(report: &Report, census: &Census) -> Axis<ConfigurationAxis> {
    if report.configurations.is_empty() {
        return Axis::Untracked;
    }
    if !census.fleet.tables.configurations {
        return Axis::Unknown;
    }
    let pairs: Vec<Arc<ConfigurationPairs>> =
        report.configurations.iter().filter_map(|tracked| census.configuration(&tracked.id)).collect();
    Axis::Known(ConfigurationAxis::over(&pairs, &census.everyone))
}

fn vulnerability(report: &Report, census: &Census) -> Axis<VulnerabilityAxis> {
    if report.vulnerabilities.is_empty() {
        return Axis::Untracked;
    }
    if !census.fleet.tables.vulnerabilities {
        return Axis::Unknown;
    }
    let pairs: Vec<Arc<VulnerabilityPairs>> =
        report.vulnerabilities.iter().filter_map(|id| census.vulnerability(id)).collect();
    Axis::Known(VulnerabilityAxis::over(&pairs, &census.everyone))
}
