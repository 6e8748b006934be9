//! What is open on devices, over some reports.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::pages::portal::Threat;
use crate::scope::{DeviceSet, Ordinal};
use crate::terms::{ConfigurationId, CveId, Severity, url_name};

/// Updates, vulnerabilities and configurations that are open on some device, each with its
/// devices.
#[derive(Default)]
pub(super) struct Open<'a> {
    /// By name in the URL: what is the same there is the same update.
    pub(super) updates: BTreeMap<String, Update<'a>>,
    vulnerabilities: BTreeMap<&'a CveId, (Severity, &'a DeviceSet)>,
    configurations: BTreeMap<&'a ConfigurationId, (&'a str, &'a DeviceSet)>,
    reports: Vec<(&'a str, DeviceSet)>,
}

/// An update that some device needs.
pub(super) struct Update<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) answers: BTreeSet<&'a CveId>,
    pub(super) devices: DeviceSet,
}

/// What is open on one device, each list in the order of ids.
#[derive(Default)]
pub(super) struct Task<'a> {
    pub(super) updates: Vec<&'a str>,
    pub(super) vulnerabilities: Vec<&'a str>,
    pub(super) configurations: Vec<&'a str>,
    pub(super) reports: Vec<&'a str>,
    /// Of the worst open vulnerability; none where there is none.
    pub(super) severity: Option<Severity>,
}

/// What is open on each device on which anything is.
pub(super) type Tasks<'a> = BTreeMap<Ordinal, Task<'a>>;

impl<'a> Open<'a> {
    /// A device's state follows from its own rows, so that every report that tracks a vulnerability or a
    /// configuration names the same devices for it. For an update, each names those of the vulnerabilities
    /// that it tracks itself.
    pub(super) fn over(threats: impl Iterator<Item = Threat<'a>>) -> Self {
        let mut open = Self::default();
        for threat in threats {
            let figures = threat.figures.get();
            let found = &figures.mitigations;
            for row in found.updates.iter().flatten() {
                let update = open.updates.entry(url_name(&row.id)).or_insert_with(|| Update {
                    id: &row.id,
                    name: &row.name,
                    answers: BTreeSet::new(),
                    devices: DeviceSet::new(),
                });
                update.answers.extend(&row.vulnerabilities);
                update.devices = &update.devices | &row.exposed_devices;
            }
            for row in &found.vulnerabilities {
                open.vulnerabilities.insert(&row.id, (row.severity, &row.exposed_devices));
            }
            for row in &found.configurations {
                open.configurations.entry(&row.key).or_insert((&row.name, &row.exposed_devices));
            }
            open.reports.push((&threat.report.title, &figures.sets.misconfigured | &figures.sets.vulnerable));
        }
        open
    }

    /// The devices of a range on which anything is open.
    pub(super) fn devices(&self, range: &Range<Ordinal>) -> DeviceSet {
        self.reports.iter().flat_map(|(_, devices)| devices.iter_in(range)).collect()
    }

    /// What is open on each device of a range.
    pub(super) fn tasks(&self, range: &Range<Ordinal>) -> Tasks<'a> {
        let mut tasks = Tasks::new();
        for update in self.updates.values() {
            for device in update.devices.iter_in(range) {
                tasks.entry(device).or_default().updates.push(update.id);
            }
        }
        for (id, (severity, devices)) in &self.vulnerabilities {
            for device in devices.iter_in(range) {
                let task = tasks.entry(device).or_default();
                task.vulnerabilities.push(id.as_str());
                task.severity = task.severity.max(Some(*severity));
            }
        }
        for (name, devices) in self.configurations.values() {
            for device in devices.iter_in(range) {
                tasks.entry(device).or_default().configurations.push(name);
            }
        }
        for (title, devices) in &self.reports {
            for device in devices.iter_in(range) {
                tasks.entry(device).or_default().reports.push(title);
            }
        }
        tasks
    }
}

/// The devices in the order in which they are worked on: the worst open vulnerability first, then
/// the most that is open, then by id.
pub(super) fn in_order(tasks: &Tasks) -> Vec<Ordinal> {
    let mut order: Vec<(&Ordinal, &Task)> = tasks.iter().collect();
    order.sort_by_key(|(_, task)| Reverse((task.severity, task.vulnerabilities.len() + task.configurations.len())));
    order.into_iter().map(|(device, _)| *device).collect()
}
