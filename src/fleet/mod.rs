//! The fleet in memory: devices, groups, findings, alerts and incidents of one snapshot, and
//! the set algebra over them.
//!
//! Devices stand in the order (group, id); an ordinal is a place in that order. A group is
//! therefore a range, and everything else about devices is a [`DeviceSet`].

mod alert;
mod device;
mod restrict;
mod set;
mod shared;
mod vulnerability;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::terms::{ConfigurationId, CveId};

pub use alert::{Alert, AlertStatus, Classification, Incident, IncidentStatus};
pub use device::{AntivirusMode, Criticality, Device, Health, Onboarding};
pub use restrict::{Shift, Wanted};
pub use set::{DeviceSet, Ordinal};
pub use shared::Shared;
pub use vulnerability::{Fix, Update, Vulnerability};

/// One snapshot's fleet.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Fleet {
    /// "Now" for every figure.
    pub as_of: Timestamp,
    /// Which tables the snapshot has.
    pub tables: Tables,
    /// The groups that have a device, by name; together their ranges are all devices.
    pub groups: Vec<Group>,
    /// The devices, by group name, then folded id.
    pub devices: Shared<[Device]>,
    /// What is known of each vulnerability.
    pub vulnerabilities: BTreeMap<CveId, Arc<Vulnerability>>,
    /// The names that rows give to an update, each with the devices whose rows say so.
    pub updates: BTreeMap<String, Arc<Update>>,
    /// What is known of each configuration.
    pub configurations: BTreeMap<ConfigurationId, Configuration>,
    /// The configuration catalogue.
    pub catalogue: BTreeMap<ConfigurationId, CatalogueEntry>,
    /// Devices with a row in `software` or `vulnerabilities`.
    pub assessed: DeviceSet,
    /// For each vulnerability in `affected_software`, the devices that run such a product.
    pub affected: BTreeMap<CveId, DeviceSet>,
    /// The alerts, by id.
    pub alerts: Shared<[Alert]>,
    /// The incidents, by id.
    pub incidents: Shared<BTreeMap<String, Incident>>,
}

/// Which optional tables a snapshot has. Absent is "not known"; empty is "nothing found".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tables {
    /// `vulnerabilities` is there.
    pub vulnerabilities: bool,
    /// `configurations` is there.
    pub configurations: bool,
    /// `configuration_catalog` is there.
    pub configuration_catalog: bool,
    /// `software` is there.
    pub software: bool,
    /// `affected_software` is there.
    pub affected_software: bool,
    /// `alerts` is there.
    pub alerts: bool,
    /// `alert_devices` is there.
    pub alert_devices: bool,
    /// `incidents` is there.
    pub incidents: bool,
}

/// A device group: a name and the ordinals of its devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The name, trimmed; `ungrouped` for devices in no group.
    pub name: String,
    /// Its devices.
    pub range: Range<Ordinal>,
}

/// The assessments of one configuration, as its rows say: disjoint sets. A device in none of
/// them has no row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Configuration {
    /// Applicable and compliant.
    pub secure: DeviceSet,
    /// Applicable and not compliant.
    pub exposed: DeviceSet,
    /// Not applicable.
    pub not_applicable: DeviceSet,
    /// Applicable, compliance not said.
    pub unassessed: DeviceSet,
}

/// A row of the configuration catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogueEntry {
    /// The configuration's name.
    pub name: String,
    /// Its category.
    pub category: Option<String>,
    /// Its subcategory.
    pub subcategory: Option<String>,
    /// Ten times its impact (10-100), cut to an integer.
    pub impact_tenths: Option<u32>,
    /// What to do.
    pub remediation: Option<String>,
}

impl Fleet {
    /// The group a device is in.
    #[must_use]
    pub fn group_of(&self, device: Ordinal) -> Option<&Group> {
        let at = self.groups.partition_point(|group| group.range.end <= device);
        self.groups.get(at)
    }

    /// Every device.
    #[must_use]
    pub fn everyone(&self) -> DeviceSet {
        DeviceSet::range(0..Ordinal::try_from(self.devices.len()).unwrap_or(Ordinal::MAX))
    }

    /// The devices of which `test` holds.
    pub fn devices_where(&self, test: impl Fn(&Device) -> bool) -> DeviceSet {
        (0..).zip(&self.devices).filter(|(_, device)| test(device)).map(|(ordinal, _)| ordinal).collect()
    }
}
