//! What is counted once per snapshot and shared by every report.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::alerts::AlertIndex;
use super::configuration::ConfigurationPairs;
use super::made::Made;
use super::reporting::Reporting;
use super::seats::Seats;
use super::vulnerability::VulnerabilityPairs;
use crate::scope::{AntivirusMode, DeviceSet, FleetSlice, Ordinal, Slice};
use crate::terms::{ConfigurationId, CveId};

/// One snapshot of a slice, with the devices' states toward the findings that somebody asks for.
pub(super) struct Census {
    pub(super) fleet: Arc<FleetSlice>,
    devices: Arc<Devices>,
    /// The snapshot before, if there is one.
    earlier: Option<Arc<Census>>,
    seats: Arc<Seats>,
    /// Its place among the snapshots.
    at: usize,
    own_antivirus: BTreeSet<ConfigurationId>,
    vulnerabilities: Made<CveId, Arc<VulnerabilityPairs>>,
    configurations: Made<ConfigurationId, Arc<ConfigurationPairs>>,
    open: Made<CveId, DeviceSet>,
}

/// What is known of the devices and alerts of a snapshot, whatever the reports track.
pub(super) struct Devices {
    pub(super) everyone: DeviceSet,
    pub(super) reporting: Reporting,
    pub(super) alerts: AlertIndex,
    /// Devices with another product's antivirus.
    another: DeviceSet,
}

impl std::ops::Deref for Census {
    type Target = Devices;

    fn deref(&self) -> &Devices {
        &self.devices
    }
}

impl Census {
    /// One per snapshot, oldest first. `before` are those of a slice of the same role of the same site: what they
    /// know of the same devices is not looked for again.
    pub(super) fn all(slice: &Slice, before: &[Arc<Self>]) -> Vec<Arc<Self>> {
        let fleets = slice.fleets();
        let same = |(one, other): (&Arc<Self>, &Arc<FleetSlice>)| one.fleet.is_of_the_rows_of(other);
        let is_known = before.len() == fleets.len() && before.iter().zip(fleets).all(same);
        let seats = before.first().filter(|_| is_known).map(|census| Arc::clone(&census.seats));
        let seats = seats.unwrap_or_else(|| Arc::new(Seats::of(fleets)));
        let mut censuses: Vec<Arc<Self>> = Vec::new();
        for (at, fleet) in fleets.iter().enumerate() {
            let known = before.get(at).filter(|_| is_known).map(|census| Arc::clone(&census.devices));
            censuses.push(Arc::new(Self {
                fleet: Arc::clone(fleet),
                devices: known.unwrap_or_else(|| Arc::new(Devices::of(fleet, slice.site().freshness_days))),
                earlier: censuses.last().map(Arc::clone),
                seats: Arc::clone(&seats),
                at,
                own_antivirus: slice.site().antivirus_configurations.clone(),
                vulnerabilities: Made::default(),
                configurations: Made::default(),
                open: Made::default(),
            }));
        }
        censuses
    }

    /// The ordinals of all devices.
    pub(super) fn whole(&self) -> Range<Ordinal> {
        0..Ordinal::try_from(self.fleet.devices.len()).unwrap_or(Ordinal::MAX)
    }

    /// The devices' states toward a tracked vulnerability; nothing where the table is absent.
    pub(super) fn vulnerability(&self, id: &CveId) -> Option<Arc<VulnerabilityPairs>> {
        let pairs = || Arc::new(VulnerabilityPairs::of(&self.fleet, id, &self.reporting, &self.was_open(id)));
        self.fleet.tables.vulnerabilities.then(|| self.vulnerabilities.get(id, pairs))
    }

    /// The devices' states toward a tracked configuration; nothing where the table is absent.
    pub(super) fn configuration(&self, id: &ConfigurationId) -> Option<Arc<ConfigurationPairs>> {
        let nobody = DeviceSet::new();
        let other = if self.own_antivirus.contains(id) { &self.another } else { &nobody };
        let found = self.fleet.configurations.get(id);
        let pairs = || Arc::new(ConfigurationPairs::of(found, &self.everyone, &self.reporting, other));
        self.fleet.tables.configurations.then(|| self.configurations.get(id, pairs))
    }

    /// The devices that an earlier snapshot shows with an open row, in the group they are in now.
    fn was_open(&self, id: &CveId) -> DeviceSet {
        let seated = self.earlier.as_ref().map(|earlier| earlier.open_until_now(id)).unwrap_or_default();
        self.seats.devices(self.at, &seated)
    }

    /// The seats of the devices that this or an earlier snapshot shows with an open row.
    fn open_until_now(&self, id: &CveId) -> DeviceSet {
        self.open.get(id, || {
            let before = self.earlier.as_ref().map(|earlier| earlier.open_until_now(id)).unwrap_or_default();
            match self.fleet.vulnerabilities.get(id) {
                Some(found) => before | &self.seats.seated(self.at, &found.open()),
                None => before,
            }
        })
    }

    /// Gives back the memory of what was asked for; it can be asked for again.
    pub(super) fn forget(&self) {
        self.vulnerabilities.forget();
        self.configurations.forget();
        self.open.forget();
    }
}

impl Devices {
    fn of(fleet: &FleetSlice, freshness_days: u32) -> Self {
        let is_another = AntivirusMode::is_another_product;
        Self {
            everyone: fleet.everyone(),
            reporting: Reporting::of(fleet, freshness_days),
            alerts: AlertIndex::of(fleet),
            another: fleet.devices_where(|device| device.antivirus_mode.is_some_and(is_another)),
        }
    }
}
