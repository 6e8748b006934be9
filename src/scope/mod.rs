//! The only door: role × reports × fleet to a [`Slice`].
//!
//! A slice holds what one role may see and nothing else: admitted reports with hidden blocks
//! cut before parsing, the role's devices under fresh ordinals, the rows about them. Rooms
//! after this one name only what is exported here, so that nothing unsliced can reach a page.

#[cfg(test)]
pub(crate) mod sample;
mod slice;

pub use crate::fleet::{
    Alert, AlertStatus, AntivirusMode, CatalogueEntry, Classification, Configuration, Criticality, Device, DeviceSet,
    Fix, Group, Health, Incident, IncidentStatus, Onboarding, Ordinal, Tables, Update, Vulnerability,
};
pub use crate::report::{
    Change, Detection, Document, Indicator, Mitigation, Reference, Selectors, TrackedConfiguration,
};
pub use slice::{FleetSlice, Links, Prose, Report, RoleView, SiteView, Slice};
