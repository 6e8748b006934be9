//! What a role reads of what authors wrote.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::config::Role;
use crate::report::{Admission, Block};
use crate::terms::{GroupSelection, NO_DEVICE, Tlp, UNGROUPED};

/// A role as a reader, at a moment.
pub(super) struct Reader<'a> {
    pub(super) role: &'a Role,
    /// The role's groups that have a device in some snapshot.
    pub(super) groups: &'a BTreeSet<String>,
    pub(super) as_of: Timestamp,
    pub(super) drafts: bool,
}

impl Reader<'_> {
    /// Whether a report or page is for this reader.
    pub(super) fn gets(&self, tlp: Tlp, admission: &Admission) -> bool {
        let ready = self.drafts || !admission.draft;
        let out = admission.publish_at.is_none_or(|moment| moment.instant() <= self.as_of);
        let meant = admission.audience.as_ref().is_none_or(|audience| audience.contains(&self.role.name));
        ready && out && meant && self.may_know(tlp)
    }

    /// Whether the clearance reaches.
    pub(super) fn may_know(&self, tlp: Tlp) -> bool {
        tlp <= self.role.clearance
    }

    /// Whether the reader meets a scope block's own condition.
    pub(super) fn sees(&self, block: &Block) -> bool {
        block.tlp.is_none_or(|tlp| self.may_know(tlp)) && block.groups.iter().all(|group| self.is_in(group))
    }

    /// Whether it sees a group: a pseudo-group it lists, or one of its own that there is.
    fn is_in(&self, group: &str) -> bool {
        match &self.role.groups {
            GroupSelection::All => true,
            GroupSelection::Listed(listed) if [UNGROUPED, NO_DEVICE].contains(&group) => listed.contains(group),
            GroupSelection::Listed(_) => self.groups.contains(group),
        }
    }
}
