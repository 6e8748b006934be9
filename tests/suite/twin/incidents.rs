//! Section 2: incidents, with redirects followed.

use super::alerts::is_active;
use super::fleet::{Alert, Incident, SEVERITIES};
use super::marks::mark;

/// An incident that stands at the end of its alerts' redirects, with those alerts.
pub(crate) struct Reached<'a> {
    pub(crate) incident: &'a Incident,
    pub(crate) alerts: Vec<&'a Alert>,
}

/// The incidents of the alerts, each once.
pub(crate) fn reached<'a>(alerts: &[&'a Alert], incidents: &'a [Incident]) -> Vec<Reached<'a>> {
    let mut all: Vec<Reached<'a>> = Vec::new();
    for alert in alerts {
        let Some(incident) = follow(&alert.incident, incidents) else {
            continue;
        };
        match all.iter_mut().find(|known| known.incident.id == incident.id) {
            Some(known) => known.alerts.push(alert),
            None => all.push(Reached { incident, alerts: vec![*alert] }),
        }
    }
    all
}

/// At most ten steps; a missing target, a cycle or a longer chain leads nowhere.
fn follow<'a>(id: &str, incidents: &'a [Incident]) -> Option<&'a Incident> {
    let mut at = incidents.iter().find(|incident| incident.id == id)?;
    let mut steps = 0;
    while at.status == "redirected" {
        if steps == 10 {
            mark("redirect cycle or chain too long");
            return None;
        }
        let Some(next) = incidents.iter().find(|incident| incident.id == at.redirect_to) else {
            mark("redirect without target");
            return None;
        };
        at = next;
        steps += 1;
        mark(if steps == 10 { "redirect of ten steps" } else { "redirect" });
    }
    Some(at)
}

impl Reached<'_> {
    /// Not resolved, and at least one visible linked alert is active.
    pub(crate) fn is_active(&self) -> bool {
        self.incident.status != "resolved" && self.alerts.iter().any(|alert| is_active(alert))
    }

    /// Its own for a role that sees all groups, else the highest among its alerts.
    pub(crate) fn severity(&self, whole: bool) -> &'static str {
        if whole {
            return if self.incident.severity.is_empty() { "unknown" } else { self.incident.severity };
        }
        for severity in SEVERITIES {
            if self.alerts.iter().any(|alert| alert.severity == severity) {
                return severity;
            }
        }
        "unknown"
    }
}
