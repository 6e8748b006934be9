//! The same device in several snapshots: one id in one group has one seat over all of them.

use std::sync::Arc;

use compact_str::CompactString;

use crate::scope::{DeviceSet, FleetSlice, Ordinal};

/// For each snapshot, the seat of each device. Seats follow the fleet's own order (group, then
/// id), so both rise together.
pub(super) struct Seats {
    of_device: Vec<Vec<Ordinal>>,
}

impl Seats {
    pub(super) fn of(fleets: &[Arc<FleetSlice>]) -> Self {
        if fleets.len() < 2 {
            let only = fleets.iter().map(|fleet| (0..).zip(&fleet.devices).map(|(ordinal, _)| ordinal).collect());
            return Self { of_device: only.collect() };
        }
        let keys: Vec<Vec<(&str, CompactString)>> = fleets.iter().map(|fleet| keys(fleet)).collect();
        let mut seats: Vec<&(&str, CompactString)> = keys.iter().flatten().collect();
        seats.sort_unstable();
        seats.dedup();
        let seat = |key: &(&str, CompactString)| {
            Ordinal::try_from(seats.partition_point(|other| *other < key)).unwrap_or(Ordinal::MAX)
        };
        Self { of_device: keys.iter().map(|keys| keys.iter().map(seat).collect()).collect() }
    }

    /// The seats of devices of a snapshot.
    pub(super) fn seated(&self, snapshot: usize, devices: &DeviceSet) -> DeviceSet {
        let seats = &self.of_device[snapshot];
        DeviceSet::from_ascending(devices.iter().filter_map(|device| seats.get(device as usize).copied()))
    }

    /// The devices of a snapshot that have these seats.
    pub(super) fn devices(&self, snapshot: usize, seated: &DeviceSet) -> DeviceSet {
        let seats = &self.of_device[snapshot];
        DeviceSet::from_ascending(
            seated.iter().filter_map(|seat| seats.binary_search(&seat).ok()).filter_map(|at| at.try_into().ok()),
        )
    }
}

fn keys(fleet: &FleetSlice) -> Vec<(&str, CompactString)> {
    fleet
        .groups
        .iter()
        .flat_map(|group| {
            let devices = &fleet.devices[group.range.start as usize..group.range.end as usize];
            devices.iter().map(|device| (group.name.as_str(), device.id.to_lowercase()))
        })
        .collect()
}
