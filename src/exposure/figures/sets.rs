//! What stands behind the numbers.

use std::collections::BTreeMap;

use super::{LinkedIncident, UnavailableReason};
use crate::scope::DeviceSet;

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
    /// Devices that do not report, whatever their headline state.
    pub silent: DeviceSet,
}
