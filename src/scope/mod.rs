//! The only door: role × reports × fleet to a [`Slice`].
//!
//! A slice holds what one role may see and nothing else: admitted reports with hidden blocks
//! cut before parsing, the role's devices under fresh ordinals, the rows about them. Rooms
//! after this one name only what is exported here, so that nothing unsliced can reach a page.

mod admission;
mod documents;
mod door;
mod hidden;
mod incidents;
mod named;
#[cfg(test)]
pub(crate) mod sample;
mod slice;
mod slicer;

pub use crate::config::Links;
pub use crate::fleet::{
    Alert, AlertStatus, AntivirusMode, CatalogueEntry, Classification, Configuration, Criticality, Device, DeviceSet,
    Fix, Group, Health, Incident, IncidentStatus, Onboarding, Ordinal, Shared, Tables, Update, Vulnerability,
};
pub use crate::report::markdown;
pub use crate::report::{
    Attachment, Change, Detection, Document, Facts, Indicator, Mitigation, Reference, Selectors, TrackedConfiguration,
    canonical_host,
};
pub use admission::{Refusal, admits};
pub use documents::Documents;
pub use door::{Input, slice};
pub use hidden::HiddenBlock;
#[cfg(feature = "trial")]
pub use slice::Opened;
pub use slice::{FleetSlice, Prose, Report, RoleView, SiteView, Slice};
pub use slicer::Slicer;
