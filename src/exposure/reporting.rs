//! Does a device report? (figures.md, section 3)

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::{SignedDuration, Timestamp};

use super::{UnavailableReason, UnavailableReasons};
use crate::scope::{Device, DeviceSet, FleetSlice, Health, Onboarding, Ordinal};

/// Which devices report, and why the others do not. A fact of the devices, whatever the
/// threat.
pub(super) struct Reporting {
    /// Devices that report, excluded ones among them.
    pub(super) reporting: DeviceSet,
    /// Devices that do not, excluded ones among them.
    pub(super) silent: DeviceSet,
    /// Devices excluded from vulnerability management.
    pub(super) excluded: DeviceSet,
    /// Devices that do not report, by the first reason that holds.
    pub(super) reasons: BTreeMap<UnavailableReason, DeviceSet>,
}

impl Reporting {
    pub(super) fn of(fleet: &FleetSlice, freshness_days: u32) -> Self {
        let mut reasons: BTreeMap<UnavailableReason, DeviceSet> = BTreeMap::new();
        for (ordinal, device) in (0..).zip(&fleet.devices) {
            if let Some(reason) = silence(device, fleet.as_of, freshness_days) {
                reasons.entry(reason).or_default().insert(ordinal);
            }
        }
        let silent: DeviceSet = reasons.values().collect();
        let excluded = fleet.devices_where(|device| device.excluded);
        Self { reporting: fleet.everyone() - &silent, silent, excluded, reasons }
    }

    /// How many devices of a range do not report, by reason.
    pub(super) fn silent_in(&self, range: &Range<Ordinal>) -> UnavailableReasons {
        UnavailableReasons::of(&self.reasons, |devices| devices.len_in(range))
    }

    /// Devices whose findings count: reporting and not excluded.
    pub(super) fn assessable(&self) -> DeviceSet {
        &self.reporting - &self.excluded
    }
}

impl UnavailableReasons {
    /// What `count` says of the devices of each reason.
    pub(super) fn of(reasons: &BTreeMap<UnavailableReason, DeviceSet>, count: impl Fn(&DeviceSet) -> u64) -> Self {
        let count = |reason| Some(reasons.get(&reason).map_or(0, &count));
        Self {
            not_onboarded: count(UnavailableReason::NotOnboarded),
            inactive: count(UnavailableReason::Inactive),
            no_sensor_data: count(UnavailableReason::NoSensorData),
            never_seen: count(UnavailableReason::NeverSeen),
            stale: count(UnavailableReason::Stale),
            not_assessed: count(UnavailableReason::NotAssessed),
        }
    }
}

/// Why a device does not report; the first reason that holds.
fn silence(device: &Device, now: Timestamp, freshness_days: u32) -> Option<UnavailableReason> {
    if device.onboarding.is_some_and(|onboarding| onboarding != Onboarding::Onboarded) {
        return Some(UnavailableReason::NotOnboarded);
    }
    match device.health {
        Some(Health::Inactive) => return Some(UnavailableReason::Inactive),
        Some(Health::NoSensorData | Health::NoSensorDataImpairedCommunication) => {
            return Some(UnavailableReason::NoSensorData);
        }
        Some(Health::Active | Health::ImpairedCommunication | Health::Unknown) | None => {}
    }
    let Some(last_seen) = device.last_seen else {
        let silent = matches!(device.health, None | Some(Health::Unknown));
        return silent.then_some(UnavailableReason::NeverSeen);
    };
    // A last_seen after now counts as now: the difference is then negative and not stale.
    let age = now.duration_since(last_seen);
    let fresh = SignedDuration::from_hours(24 * i64::from(freshness_days));
    (age > fresh).then_some(UnavailableReason::Stale)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<Timestamp> {
        crate::terms::instant(text)
    }

    fn why(device: &Device) -> Option<UnavailableReason> {
        silence(device, at("2026-11-16T06:00:00Z").expect("a time"), 7)
    }

    #[test]
    fn the_staleness_boundary_is_strict() {
        let seen = |text| Device { last_seen: at(text), ..Device::default() };
        assert_eq!(why(&seen("2026-11-09T06:00:00Z")), None);
        assert_eq!(why(&seen("2026-11-09T05:59:59Z")), Some(UnavailableReason::Stale));
        assert_eq!(why(&seen("2026-12-01")), None);
    }

    #[test]
    fn the_first_reason_wins() {
        let device = |onboarding, health| Device { onboarding, health, ..Device::default() };
        let both = device(Some(Onboarding::Unsupported), Some(Health::Inactive));
        assert_eq!(why(&both), Some(UnavailableReason::NotOnboarded));
        assert_eq!(why(&device(None, None)), Some(UnavailableReason::NeverSeen));
        assert_eq!(why(&device(None, Some(Health::Active))), None);
        assert_eq!(why(&device(None, Some(Health::ImpairedCommunication))), None);
    }
}
