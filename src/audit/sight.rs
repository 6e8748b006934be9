//! What a role may see: the plain rules of the contract, written down a second time.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::config::Role;
use crate::fleet::{Alert, DeviceSet, Fleet};
use crate::report::{Admission, Block};
use crate::terms::{GroupSelection, NO_DEVICE, Tlp, UNGROUPED};

/// The eyes of one role.
pub(super) struct Sight<'a> {
    pub(super) role: &'a Role,
    pub(super) as_of: Timestamp,
    pub(super) drafts: bool,
    /// The groups that some snapshot has.
    pub(super) groups: &'a BTreeSet<String>,
}

impl Sight<'_> {
    /// Whether it reads a report or page.
    pub(super) fn text(&self, tlp: Tlp, admission: &Admission) -> bool {
        let is_out = admission.publish_at.is_none_or(|moment| moment.instant() <= self.as_of);
        let is_meant = admission.audience.as_ref().is_none_or(|audience| audience.contains(&self.role.name));
        is_out && is_meant && (self.drafts || !admission.draft) && self.clearance(tlp)
    }

    pub(super) fn clearance(&self, tlp: Tlp) -> bool {
        tlp <= self.role.clearance
    }

    pub(super) fn group(&self, name: &str) -> bool {
        match &self.role.groups {
            GroupSelection::All => true,
            GroupSelection::Listed(names) => names.contains(name),
        }
    }

    /// Whether it reads a scope block, those around it apart.
    pub(super) fn block(&self, block: &Block) -> bool {
        let is_known = |group: &String| [UNGROUPED, NO_DEVICE].contains(&group.as_str()) || self.groups.contains(group);
        block.tlp.is_none_or(|tlp| self.clearance(tlp))
            && (self.role.groups.is_all() || block.groups.iter().all(|group| self.group(group) && is_known(group)))
    }

    /// Whether some of these devices are its own.
    pub(super) fn any_of(&self, fleet: &Fleet, devices: &DeviceSet) -> bool {
        fleet.groups.iter().any(|group| self.group(&group.name) && devices.len_in(&group.range) > 0)
    }

    /// Whether an alert names one of its devices, or none while it sees such alerts.
    pub(super) fn alert(&self, fleet: &Fleet, alert: &Alert) -> bool {
        (alert.names_no_device && self.group(NO_DEVICE)) || self.any_of(fleet, &alert.devices)
    }

    /// The incidents that its alerts lead to, over any number of redirects; all for a role that
    /// sees everything.
    pub(super) fn incidents<'f>(&self, fleet: &'f Fleet) -> BTreeSet<&'f str> {
        if self.role.groups.is_all() {
            return fleet.incidents.keys().map(String::as_str).chain(named(&fleet.alerts)).collect();
        }
        let mut seen = BTreeSet::new();
        let alerts = fleet.alerts.iter().filter(|alert| self.alert(fleet, alert));
        for mut id in alerts.filter_map(|alert| alert.incident_id.as_deref()) {
            while seen.insert(id) {
                match fleet.incidents.get(id).and_then(|incident| incident.redirect_to.as_deref()) {
                    Some(next) => id = next,
                    None => break,
                }
            }
        }
        seen
    }
}

/// The incidents that alerts name.
pub(super) fn named(alerts: &[Alert]) -> impl Iterator<Item = &str> {
    alerts.iter().filter_map(|alert| alert.incident_id.as_deref())
}
