//! What a role may know of incidents.

use std::collections::{BTreeMap, BTreeSet};

use crate::fleet::{Alert, Incident};
use crate::terms::Severity;

/// The incidents that these alerts lead to, redirects included. A role that does not see
/// everything gets only their status and redirect: title, severity and times are made from
/// alerts it may not see.
pub(super) fn visible(
    incidents: &BTreeMap<String, Incident>,
    alerts: &[Alert],
    sees_all: bool,
) -> BTreeMap<String, Incident> {
    let mut wanted: Vec<&str> = alerts.iter().filter_map(|alert| alert.incident_id.as_deref()).collect();
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    while let Some(id) = wanted.pop() {
        if reached.insert(id) {
            wanted.extend(incidents.get(id).and_then(|incident| incident.redirect_to.as_deref()));
        }
    }
    reached
        .into_iter()
        .filter_map(|id| incidents.get_key_value(id))
        .map(|(id, incident)| {
            let incident = if sees_all {
                incident.clone()
            } else {
                Incident {
                    title: String::new(),
                    status: incident.status,
                    severity: Severity::Unknown,
                    created: None,
                    updated: None,
                    redirect_to: incident.redirect_to.clone(),
                }
            };
            (id.clone(), incident)
        })
        .collect()
}
