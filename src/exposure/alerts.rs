//! Alerts and incidents (figures.md, section 2).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{AlertCounts, AlertedDevices, IncidentCounts, LinkedIncident};
use crate::scope::{Alert, Classification, DeviceSet, FleetSlice, Incident, IncidentStatus, Report, Selectors};
use crate::terms::Severity;

/// The alerts of a fleet by what a report can select them by. Values are folded like the
/// selectors; places are those in the fleet's list.
pub(super) struct AlertIndex {
    ids: HashMap<String, usize>,
    titles: HashMap<String, Vec<usize>>,
    detectors: HashMap<String, Vec<usize>>,
    families: HashMap<String, Vec<usize>>,
    actors: HashMap<String, Vec<usize>>,
    /// The alerts of each incident, after redirects.
    incidents: BTreeMap<String, Vec<usize>>,
}

impl AlertIndex {
    pub(super) fn of(fleet: &FleetSlice) -> Self {
        let by = |part: fn(&Alert) -> Option<&str>| {
            let mut places: HashMap<String, Vec<usize>> = HashMap::new();
            for (at, alert) in fleet.alerts.iter().enumerate() {
                if let Some(value) = part(alert).filter(|value| !value.is_empty()) {
                    places.entry(value.to_lowercase()).or_default().push(at);
                }
            }
            places
        };
        let mut incidents: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, alert) in fleet.alerts.iter().enumerate() {
            if let Some((id, _)) = incident_of(fleet, alert) {
                incidents.entry(id.to_owned()).or_default().push(at);
            }
        }
        Self {
            ids: fleet.alerts.iter().enumerate().map(|(at, alert)| (alert.id.clone(), at)).collect(),
            titles: by(|alert| Some(&alert.title)),
            detectors: by(|alert| alert.detector_id.as_deref()),
            families: by(|alert| alert.threat_family.as_deref()),
            actors: by(|alert| alert.actor.as_deref()),
            incidents,
        }
    }

    /// The alerts that any selector matches, ascending.
    fn linked(&self, selectors: &Selectors) -> BTreeSet<usize> {
        let mut places: BTreeSet<usize> = selectors.ids.iter().filter_map(|id| self.ids.get(id)).copied().collect();
        let lists = [
            (&selectors.titles, &self.titles),
            (&selectors.detectors, &self.detectors),
            (&selectors.families, &self.families),
            (&selectors.actors, &self.actors),
        ];
        for (values, index) in lists {
            places.extend(values.iter().filter_map(|value| index.get(value)).flatten());
        }
        places
    }
}

/// The incident of an alert, after redirects, with its id.
fn incident_of<'a>(fleet: &'a FleetSlice, alert: &Alert) -> Option<(&'a str, &'a Incident)> {
    Incident::followed(&fleet.incidents, alert.incident_id.as_deref()?)
}

/// A report's alerts in one snapshot.
pub(super) struct LinkedAlerts<'a> {
    /// Their places in the fleet's list, ascending.
    pub(super) places: Vec<usize>,
    pub(super) alerts: Vec<&'a Alert>,
    /// Devices with an active one: impacted.
    pub(super) active: DeviceSet,
    /// Devices with some, all resolved.
    pub(super) resolved: DeviceSet,
}

impl<'a> LinkedAlerts<'a> {
    /// Nothing where the table is absent or the report selects no alerts.
    pub(super) fn of(report: &Report, fleet: &'a FleetSlice, index: &AlertIndex) -> Option<Self> {
        if !fleet.tables.alerts || report.selectors.is_empty() {
            return None;
        }
        let places: Vec<usize> = index.linked(&report.selectors).into_iter().collect();
        let alerts: Vec<&Alert> = places.iter().map(|at| &fleet.alerts[*at]).collect();
        let devices = |active| -> DeviceSet {
            alerts.iter().filter(|alert| alert.is_active() == active).map(|alert| &alert.devices).collect()
        };
        let active = devices(true);
        let resolved = devices(false) - &active;
        Some(Self { places, alerts, active, resolved })
    }

    pub(super) fn counts(&self) -> AlertCounts {
        let count = |test: fn(&Alert) -> bool| self.alerts.iter().filter(|alert| test(alert)).map(|_| 1).sum();
        let false_positive =
            |alert: &Alert| !alert.is_active() && alert.classification == Some(Classification::FalsePositive);
        AlertCounts {
            total: count(|_| true),
            active: count(Alert::is_active),
            resolved: count(|alert| !alert.is_active()),
            false_positive: count(false_positive),
        }
    }

    pub(super) fn devices(&self) -> AlertedDevices {
        let (active, resolved) = (self.active.len(), self.resolved.len());
        AlertedDevices { total: active + resolved, active, resolved }
    }

    /// The incidents of these alerts, by id, as the role may see them.
    pub(super) fn incidents(&self, fleet: &FleetSlice, index: &AlertIndex, sees_all: bool) -> Vec<LinkedIncident> {
        let mut linked: BTreeMap<&str, (&Incident, Vec<usize>)> = BTreeMap::new();
        for (at, alert) in self.places.iter().zip(&self.alerts) {
            if let Some((id, incident)) = incident_of(fleet, alert) {
                linked.entry(id).or_insert_with(|| (incident, Vec::new())).1.push(*at);
            }
        }
        let view = |(id, (incident, places))| incident_view(id, incident, places, fleet, index, sees_all);
        linked.into_iter().map(view).collect()
    }
}

/// An incident as the role may see it. Only a role that sees all may know its own title,
/// severity and times: they are made from every alert in it, the hidden ones too.
fn incident_view(
    id: &str,
    incident: &Incident,
    places: Vec<usize>,
    fleet: &FleetSlice,
    index: &AlertIndex,
    sees_all: bool,
) -> LinkedIncident {
    let linked: Vec<&Alert> = places.iter().map(|at| &fleet.alerts[*at]).collect();
    let visible: Vec<&Alert> = index.incidents.get(id).into_iter().flatten().map(|at| &fleet.alerts[*at]).collect();
    let open = incident.status != Some(IncidentStatus::Resolved);
    let own = |title: &str| if title.is_empty() { format!("Incident {id}") } else { title.to_owned() };
    LinkedIncident {
        id: id.to_owned(),
        title: if sees_all { own(&incident.title) } else { neutral_title(id, &visible) },
        severity: if sees_all { incident.severity } else { worst(&linked) },
        status: incident.status,
        active: open && linked.iter().any(|alert| alert.is_active()),
        first: if sees_all { incident.created } else { visible.iter().map(|alert| alert.created).min() },
        last: if sees_all {
            incident.updated
        } else {
            visible.iter().flat_map(|alert| [Some(alert.created), alert.resolved]).flatten().max()
        },
        devices: linked.iter().map(|alert| &alert.devices).collect(),
        alerts: places,
    }
}

fn worst(alerts: &[&Alert]) -> Severity {
    alerts.iter().map(|alert| alert.severity).max().unwrap_or_default()
}

/// The title of the most severe, then earliest, then lowest-id visible alert.
fn neutral_title(id: &str, visible: &[&Alert]) -> String {
    let lead = visible.iter().min_by_key(|alert| (std::cmp::Reverse(alert.severity), alert.created, &alert.id));
    match lead {
        Some(alert) => format!("Incident {id}: {}", alert.title),
        None => format!("Incident {id}"),
    }
}

pub(super) fn incident_counts(incidents: &[LinkedIncident]) -> IncidentCounts {
    let mut counts = IncidentCounts::default();
    for incident in incidents {
        counts.total += 1;
        if incident.active {
            counts.active += 1;
            counts.active_by_severity.add(incident.severity);
        }
    }
    counts
}
