//! Which device groups somebody may see.

use std::collections::BTreeSet;

/// The pseudo-group of devices in no group.
pub const UNGROUPED: &str = "ungrouped";
/// The pseudo-group of alerts that name no device.
pub const NO_DEVICE: &str = "no-device";
/// The keyword that means every group; it cannot be a group's name.
pub const ALL_GROUPS: &str = "all";

/// Which groups: all there are, or those listed (pseudo-groups included).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupSelection {
    /// Everything, the pseudo-groups included.
    All,
    /// These and no others.
    Listed(BTreeSet<String>),
}

impl GroupSelection {
    /// Whether a group (or pseudo-group) is among them.
    #[must_use]
    pub fn has(&self, group: &str) -> bool {
        match self {
            Self::All => true,
            Self::Listed(names) => names.contains(group),
        }
    }

    /// Whether it is the keyword `all`.
    #[must_use]
    pub fn is_all(&self) -> bool {
        *self == Self::All
    }
}
