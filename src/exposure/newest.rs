//! How far the rows of a snapshot reach (figures.md, "On pages alone").

use jiff::Timestamp;

use crate::scope::FleetSlice;

/// The newest that the slice's rows tell. A table can be older than its snapshot says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Newest {
    /// When a device was last seen.
    pub seen: Option<Timestamp>,
    /// When an alert was last raised or resolved.
    pub alert: Option<Timestamp>,
}

impl Newest {
    pub(super) fn of(fleet: &FleetSlice) -> Self {
        let alerts = fleet.alerts.iter().flat_map(|alert| [Some(alert.created), alert.resolved]);
        Self { seen: fleet.devices.iter().filter_map(|device| device.last_seen).max(), alert: alerts.flatten().max() }
    }
}
