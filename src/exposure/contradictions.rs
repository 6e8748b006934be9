//! Where a snapshot says two things at once. No figure is bent by it: both values are told.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::LinkedIncident;
use crate::scope::{Alert, FleetSlice, IncidentStatus, Onboarding, Ordinal};

/// Two values that cannot both be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contradiction {
    /// An incident is resolved, and linked alerts of it are active.
    ResolvedIncident {
        /// The incident's id.
        incident: String,
        /// Its active linked alerts.
        active_alerts: u64,
    },
    /// An alert is not resolved, and has a time at which it was.
    ResolvedTime {
        /// The alert's id.
        alert: String,
        /// That time.
        resolved: Timestamp,
    },
    /// An alert was resolved before it was raised.
    ResolvedBeforeRaised {
        /// The alert's id.
        alert: String,
        /// When it was raised.
        created: Timestamp,
        /// When it was resolved.
        resolved: Timestamp,
    },
    /// A device has an active alert, and the inventory does not call it onboarded.
    NotOnboarded {
        /// The device.
        device: Ordinal,
        /// What the inventory says.
        onboarding: Onboarding,
        /// Its active linked alerts.
        active_alerts: u64,
    },
}

/// Those among a report's linked alerts, their incidents and devices: incidents by id, then alerts by
/// id, then devices in their order.
pub(super) fn contradictions(
    alerts: &[&Alert],
    incidents: &[LinkedIncident],
    fleet: &FleetSlice,
) -> Vec<Contradiction> {
    let incidents = incidents.iter().filter_map(|incident| of_incident(incident, fleet));
    incidents.chain(alerts.iter().filter_map(|alert| of_alert(alert))).chain(of_devices(alerts, fleet)).collect()
}

fn of_incident(incident: &LinkedIncident, fleet: &FleetSlice) -> Option<Contradiction> {
    let alerts = incident.alerts.iter().filter_map(|at| fleet.alerts.get(*at));
    let active_alerts = alerts.filter(|alert| alert.is_active()).count() as u64;
    (incident.status == Some(IncidentStatus::Resolved) && active_alerts > 0)
        .then(|| Contradiction::ResolvedIncident { incident: incident.id.clone(), active_alerts })
}

fn of_alert(alert: &Alert) -> Option<Contradiction> {
    let resolved = alert.resolved?;
    let id = || alert.id.clone();
    if alert.is_active() {
        return Some(Contradiction::ResolvedTime { alert: id(), resolved });
    }
    let created = alert.created;
    (resolved < created).then(|| Contradiction::ResolvedBeforeRaised { alert: id(), created, resolved })
}

fn of_devices(alerts: &[&Alert], fleet: &FleetSlice) -> impl Iterator<Item = Contradiction> + use<> {
    let mut odd: BTreeMap<Ordinal, (Onboarding, u64)> = BTreeMap::new();
    for device in alerts.iter().filter(|alert| alert.is_active()).flat_map(|alert| alert.devices.iter()) {
        let onboarding = fleet.devices.get(device as usize).and_then(|device| device.onboarding);
        if let Some(onboarding) = onboarding.filter(|onboarding| *onboarding != Onboarding::Onboarded) {
            odd.entry(device).or_insert((onboarding, 0)).1 += 1;
        }
    }
    odd.into_iter().map(|(device, (onboarding, active_alerts))| Contradiction::NotOnboarded {
        device,
        onboarding,
        active_alerts,
    })
}
