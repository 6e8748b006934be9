//! Secure configuration (figures.md, section 4).

use std::sync::Arc;

use super::reporting::Reporting;
use super::{ConfigurationFigures, ConfigurationRow, ConfigurationStates};
use crate::scope::{Configuration, DeviceSet, FleetSlice, Report};
use crate::terms::ConfigurationId;

/// The devices by their pair with one configuration. Together they are all devices.
#[derive(Clone, Default)]
pub(super) struct ConfigurationPairs {
    pub(super) secure: DeviceSet,
    pub(super) exposed: DeviceSet,
    pub(super) unavailable: DeviceSet,
    pub(super) not_applicable: DeviceSet,
    /// Of the exposed, those that may only look so because another antivirus runs.
    pub(super) other_antivirus: DeviceSet,
}

impl ConfigurationPairs {
    /// `another_antivirus` is the devices that run one, where the configuration is about the
    /// vendor's own; else nobody.
    pub(super) fn of(
        found: Option<&Configuration>,
        everyone: &DeviceSet,
        reporting: &Reporting,
        another_antivirus: &DeviceSet,
    ) -> Self {
        let assessable = reporting.assessable();
        let mut pairs = Self { not_applicable: reporting.excluded.clone(), ..Self::default() };
        if let Some(found) = found {
            pairs.secure = &assessable & &found.secure;
            pairs.exposed = &assessable & &found.exposed;
            pairs.not_applicable |= &(&assessable & &found.not_applicable);
        }
        pairs.other_antivirus = &pairs.exposed & another_antivirus;
        // No row, compliance not said, or the device does not report.
        pairs.unavailable = everyone.clone() - &pairs.secure - &pairs.exposed - &pairs.not_applicable;
        pairs
    }
}

/// The devices by their state over all tracked configurations.
#[derive(Clone, Default)]
pub(super) struct ConfigurationAxis {
    pub(super) secure: DeviceSet,
    pub(super) exposed: DeviceSet,
    pub(super) unavailable: DeviceSet,
    pub(super) not_applicable: DeviceSet,
    /// Exposed devices all of whose exposed pairs may only look so.
    pub(super) other_antivirus: DeviceSet,
    pub(super) pairs_secure: u64,
    pub(super) pairs_exposed: u64,
    applicable: u64,
    implemented: u64,
}

impl ConfigurationAxis {
    pub(super) fn over(pairs: &[Arc<ConfigurationPairs>], everyone: &DeviceSet) -> Self {
        let union =
            |part: fn(&ConfigurationPairs) -> &DeviceSet| -> DeviceSet { pairs.iter().map(|p| part(p)).collect() };
        let exposed = union(|p| &p.exposed);
        let unavailable = union(|p| &p.unavailable) - &exposed;
        let secure = union(|p| &p.secure) - &exposed - &unavailable;
        let not_applicable = everyone.clone() - &exposed - &unavailable - &secure;
        let surely: Vec<DeviceSet> = pairs.iter().map(|p| &p.exposed - &p.other_antivirus).collect();
        let other_antivirus = exposed.clone() - &surely.iter().collect::<DeviceSet>();
        let applicable = |p: &&Arc<ConfigurationPairs>| !p.secure.is_empty() || !p.exposed.is_empty();
        Self {
            pairs_secure: pairs.iter().map(|p| p.secure.len()).sum(),
            pairs_exposed: pairs.iter().map(|p| p.exposed.len()).sum(),
            applicable: count(pairs.iter().filter(applicable)),
            implemented: count(pairs.iter().filter(applicable).filter(|p| p.exposed.is_empty())),
            secure,
            exposed,
            unavailable,
            not_applicable,
            other_antivirus,
        }
    }

    pub(super) fn figures(&self) -> ConfigurationFigures {
        ConfigurationFigures {
            implemented: self.implemented,
            applicable: self.applicable,
            pairs_secure: self.pairs_secure,
            pairs_exposed: self.pairs_exposed,
            devices: ConfigurationStates {
                secure: self.secure.len(),
                exposed: self.exposed.len(),
                unavailable: self.unavailable.len(),
                not_applicable: self.not_applicable.len(),
            },
            other_antivirus: self.other_antivirus.len(),
        }
    }
}

fn count<T>(items: impl Iterator<Item = T>) -> u64 {
    items.map(|_| 1).sum()
}

/// One row per tracked configuration, by devices exposed, most first, then id; `pairs` gives
/// nothing where the table is absent.
pub(super) fn rows(
    report: &Report,
    fleet: Option<&FleetSlice>,
    pairs: impl Fn(&ConfigurationId) -> Option<Arc<ConfigurationPairs>>,
) -> Vec<ConfigurationRow> {
    let mut rows: Vec<_> = report
        .configurations
        .iter()
        .map(|tracked| {
            let pairs = pairs(&tracked.id);
            let count = |part: fn(&ConfigurationPairs) -> &DeviceSet| pairs.as_ref().map(|pairs| part(pairs).len());
            let entry = fleet.and_then(|fleet| fleet.catalogue.get(&tracked.id));
            let catalogued = entry.map(|entry| entry.name.clone()).filter(|name| !name.is_empty());
            ConfigurationRow {
                id: tracked.spelling.clone(),
                key: tracked.id.clone(),
                name: tracked.name.clone().or(catalogued).unwrap_or_else(|| tracked.spelling.clone()),
                secure: count(|p| &p.secure),
                exposed: count(|p| &p.exposed),
                unavailable: count(|p| &p.unavailable),
                not_applicable: count(|p| &p.not_applicable),
                other_antivirus: count(|p| &p.other_antivirus),
                exposed_devices: pairs.as_ref().map(|pairs| pairs.exposed.clone()).unwrap_or_default(),
            }
        })
        .collect();
    // Ids compare whatever their case, so the order does not depend on how an author spells them.
    rows.sort_by(|a, b| b.exposed.cmp(&a.exposed).then_with(|| a.key.cmp(&b.key)));
    rows
}
