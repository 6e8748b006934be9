//! Alerts and incidents.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::DeviceSet;
use super::device::enumeration;
use crate::terms::Severity;

/// One alert, its rows united.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// The id, as written.
    pub id: String,
    /// The title.
    pub title: String,
    /// The status; not `Resolved` is active.
    pub status: AlertStatus,
    /// When it was raised.
    pub created: Timestamp,
    /// When it was resolved, if the snapshot says.
    pub resolved: Option<Timestamp>,
    /// How bad.
    pub severity: Severity,
    /// What it turned out to be.
    pub classification: Option<Classification>,
    /// The incident it belongs to.
    pub incident_id: Option<String>,
    /// The detector that raised it.
    pub detector_id: Option<String>,
    /// The malware family.
    pub threat_family: Option<String>,
    /// The actor.
    pub actor: Option<String>,
    /// ATT&CK techniques, as written.
    pub techniques: Vec<String>,
    /// The devices it names that the fleet has.
    pub devices: DeviceSet,
    /// Whether it names no device at all (one that names only unknown devices is not such).
    pub names_no_device: bool,
}

impl Alert {
    /// Whether somebody still has to deal with it.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status != AlertStatus::Resolved
    }
}

enumeration! {
    /// An alert's status.
    AlertStatus {
        /// Nobody has looked yet.
        New = "new", "New";
        /// Somebody is at it.
        InProgress = "in_progress", "In progress";
        /// Done.
        Resolved = "resolved", "Resolved";
        /// Not known.
        Unknown = "unknown", "Unknown";
    }
}

enumeration! {
    /// What an alert turned out to be.
    Classification {
        /// An attack.
        TruePositive = "true_positive", "True positive";
        /// Expected activity.
        Informational = "informational", "Informational, expected activity";
        /// A mistake of the detector.
        FalsePositive = "false_positive", "False positive";
    }
}

/// One incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// The title; empty in the slice of a role that does not see everything.
    pub title: String,
    /// The status; absent when not said.
    pub status: Option<IncidentStatus>,
    /// How bad; `Unknown` in the slice of a role that does not see everything.
    pub severity: Severity,
    /// When it began.
    pub created: Option<Timestamp>,
    /// When it last changed.
    pub updated: Option<Timestamp>,
    /// For a redirected one, the incident it was merged into.
    pub redirect_to: Option<String>,
}

impl Incident {
    /// The longest chain of redirects that is followed.
    const MOST_REDIRECTS: usize = 10;

    /// The incident that an id leads to after redirects, with its id; nothing where they lead nowhere.
    #[must_use]
    pub fn followed<'a>(incidents: &'a BTreeMap<String, Self>, id: &str) -> Option<(&'a str, &'a Self)> {
        let (mut id, mut incident) = incidents.get_key_value(id)?;
        for _ in 0..Self::MOST_REDIRECTS {
            if !incident.is_redirected() {
                break;
            }
            (id, incident) = incidents.get_key_value(incident.redirect_to.as_deref()?)?;
        }
        (!incident.is_redirected()).then_some((id, incident))
    }

    fn is_redirected(&self) -> bool {
        self.status == Some(IncidentStatus::Redirected)
    }
}

enumeration! {
    /// An incident's status.
    IncidentStatus {
        /// Open.
        Active = "active", "Active";
        /// Somebody is at it.
        InProgress = "in_progress", "In progress";
        /// Waiting for somebody.
        AwaitingAction = "awaiting_action", "Awaiting action";
        /// Done.
        Resolved = "resolved", "Resolved";
        /// Merged into another.
        Redirected = "redirected", "Redirected";
    }
}
