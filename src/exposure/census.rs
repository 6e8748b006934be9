//! What is counted once per snapshot and shared by every report.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rayon::prelude::*;

use super::alerts::AlertIndex;
use super::configuration::ConfigurationPairs;
use super::reporting::Reporting;
use super::seats::Seats;
use super::vulnerability::VulnerabilityPairs;
use crate::scope::{AntivirusMode, DeviceSet, FleetSlice, Ordinal, Slice};
use crate::terms::{ConfigurationId, CveId};

/// One snapshot of a slice, with the devices' states toward every tracked finding.
pub(super) struct Census<'a> {
    pub(super) fleet: &'a FleetSlice,
    pub(super) everyone: DeviceSet,
    pub(super) reporting: Reporting,
    pub(super) alerts: AlertIndex,
    vulnerabilities: BTreeMap<CveId, VulnerabilityPairs>,
    configurations: BTreeMap<ConfigurationId, ConfigurationPairs>,
}

impl<'a> Census<'a> {
    /// One per snapshot, oldest first.
    pub(super) fn all(slice: &'a Slice) -> Vec<Self> {
        let tracked: BTreeSet<&CveId> = slice.reports().iter().flat_map(|report| &report.vulnerabilities).collect();
        let seats = Seats::of(slice.fleets());
        let mut open: BTreeMap<&CveId, DeviceSet> = BTreeMap::new();
        let mut censuses = Vec::new();
        for (at, fleet) in slice.fleets().iter().enumerate() {
            let was_open = |id: &CveId| open.get(id).map(|seated| seats.devices(at, seated)).unwrap_or_default();
            censuses.push(Self::of(slice, fleet, &tracked, was_open));
            for id in &tracked {
                if let Some(found) = fleet.vulnerabilities.get(id) {
                    *open.entry(id).or_default() |= &seats.seated(at, &found.open());
                }
            }
        }
        censuses
    }

    fn of(
        slice: &Slice,
        fleet: &'a FleetSlice,
        tracked: &BTreeSet<&CveId>,
        was_open: impl Fn(&CveId) -> DeviceSet + Sync,
    ) -> Self {
        let reporting = Reporting::of(fleet, slice.site().freshness_days);
        let everyone = fleet.everyone();
        let vulnerabilities = tracked
            .par_iter()
            .filter(|_| fleet.tables.vulnerabilities)
            .map(|id| ((*id).clone(), VulnerabilityPairs::of(fleet, id, &reporting, &was_open(id))))
            .collect();
        let another =
            fleet.devices_where(|device| device.antivirus_mode.is_some_and(AntivirusMode::is_another_product));
        let nobody = DeviceSet::new();
        let configurations: BTreeSet<_> =
            slice.reports().iter().flat_map(|report| &report.configurations).map(|tracked| &tracked.id).collect();
        let configurations = configurations
            .into_par_iter()
            .filter(|_| fleet.tables.configurations)
            .map(|id| {
                let other = if slice.site().antivirus_configurations.contains(id) { &another } else { &nobody };
                (id.clone(), ConfigurationPairs::of(fleet.configurations.get(id), &everyone, &reporting, other))
            })
            .collect();
        Self { fleet, everyone, reporting, alerts: AlertIndex::of(fleet), vulnerabilities, configurations }
    }

    /// The ordinals of all devices.
    pub(super) fn whole(&self) -> Range<Ordinal> {
        0..Ordinal::try_from(self.fleet.devices.len()).unwrap_or(Ordinal::MAX)
    }

    /// The devices' states toward a vulnerability; nothing where the table is absent.
    pub(super) fn vulnerability(&self, id: &CveId) -> Option<&VulnerabilityPairs> {
        self.vulnerabilities.get(id)
    }

    /// The devices' states toward a configuration; nothing where the table is absent.
    pub(super) fn configuration(&self, id: &ConfigurationId) -> Option<&ConfigurationPairs> {
        self.configurations.get(id)
    }
}
