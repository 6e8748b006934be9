//! One headline state per device (figures.md, section 6).

use std::collections::BTreeMap;
use std::ops::Range;

use super::configuration::ConfigurationAxis;
use super::reporting::Reporting;
use super::vulnerability::VulnerabilityAxis;
use super::{DeviceStates, UnavailableReason, UnavailableReasons};
use crate::scope::{DeviceSet, Ordinal};

/// An axis as a report sees it.
pub(super) enum Axis<T> {
    /// The report tracks nothing on it.
    Untracked,
    /// The report does, but the snapshot lacks the table.
    Unknown,
    /// The devices by state.
    Known(T),
}

impl<T> Axis<T> {
    pub(super) fn known(&self) -> Option<&T> {
        match self {
            Self::Known(axis) => Some(axis),
            Self::Untracked | Self::Unknown => None,
        }
    }

    pub(super) fn is_tracked(&self) -> bool {
        !matches!(self, Self::Untracked)
    }

    pub(super) fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }
}

/// The devices by headline state. Together they are all devices.
pub(super) struct Headline {
    /// Not known without alerts.
    pub(super) impacted: Option<DeviceSet>,
    pub(super) exposed: DeviceSet,
    pub(super) unavailable: DeviceSet,
    pub(super) mitigated: DeviceSet,
    pub(super) not_applicable: DeviceSet,
    /// The unavailable ones by reason.
    pub(super) reasons: BTreeMap<UnavailableReason, DeviceSet>,
}

impl Headline {
    pub(super) fn of(
        everyone: &DeviceSet,
        impacted: Option<DeviceSet>,
        reporting: &Reporting,
        configuration: &Axis<ConfigurationAxis>,
        vulnerability: &Axis<VulnerabilityAxis>,
    ) -> Self {
        let nobody = DeviceSet::new();
        let hit = impacted.as_ref().unwrap_or(&nobody);
        if !configuration.is_tracked() && !vulnerability.is_tracked() {
            let not_applicable = everyone - hit;
            let empty = DeviceSet::new;
            let reasons = BTreeMap::new();
            return Self {
                impacted,
                exposed: empty(),
                unavailable: empty(),
                mitigated: empty(),
                not_applicable,
                reasons,
            };
        }
        let mut reasons: BTreeMap<_, _> =
            reporting.reasons.iter().map(|(reason, devices)| (*reason, devices - hit - &reporting.excluded)).collect();

        // Devices that report, neither impacted nor excluded: what the axes say of them.
        let mut rest = reporting.assessable() - hit;
        let mut take = |devices: DeviceSet| {
            let taken = &rest & &devices;
            rest -= &taken;
            taken
        };
        let (c, v) = (configuration.known(), vulnerability.known());
        let either = |c: Option<&DeviceSet>, v: Option<&DeviceSet>| c.unwrap_or(&nobody) | v.unwrap_or(&nobody);
        let exposed = take(either(c.map(|c| &c.exposed), v.map(|v| &v.exposed)));
        let not_assessed = if configuration.is_unknown() || vulnerability.is_unknown() {
            take(everyone.clone())
        } else {
            take(either(c.map(|c| &c.unavailable), v.map(|v| &v.unavailable)))
        };
        let mitigated = take(either(c.map(|c| &c.secure), v.map(|v| &v.patched)));
        reasons.insert(UnavailableReason::NotAssessed, not_assessed);
        let unavailable: DeviceSet = reasons.values().collect();
        let not_applicable = everyone - hit - &exposed - &unavailable - &mitigated;
        Self { impacted, exposed, unavailable, mitigated, not_applicable, reasons }
    }

    /// The states counted over a range of devices: all of them, or a group.
    pub(super) fn states(&self, range: &Range<Ordinal>) -> DeviceStates {
        DeviceStates {
            total: Some(u64::from(range.end - range.start)),
            impacted: self.impacted.as_ref().map(|devices| devices.len_in(range)),
            exposed: Some(self.exposed.len_in(range)),
            unavailable: Some(self.unavailable.len_in(range)),
            mitigated: Some(self.mitigated.len_in(range)),
            not_applicable: Some(self.not_applicable.len_in(range)),
        }
    }

    pub(super) fn unavailable_reasons(&self) -> UnavailableReasons {
        UnavailableReasons::of(&self.reasons, DeviceSet::len)
    }
}
