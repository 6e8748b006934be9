//! The part of a fleet that stands in certain groups, with fresh ordinals.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rayon::prelude::*;

use super::{Alert, Configuration, DeviceSet, Fix, Fleet, Group, Ordinal, Update, Vulnerability};
use crate::terms::{ConfigurationId, CveId, GroupSelection, NO_DEVICE};

/// Which vulnerabilities and configurations somebody asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The vulnerabilities.
    pub vulnerabilities: BTreeSet<CveId>,
    /// The configurations.
    pub configurations: BTreeSet<ConfigurationId>,
}

impl Fleet {
    /// The devices of `groups`, only what rows say about them, and of that only what is
    /// `wanted`; alerts are trimmed to those devices, and those without any left are gone.
    ///
    /// Incidents are kept whole: what a role may know of them is for `scope` to say. With `before` they are
    /// that one's, of which it has been said.
    ///
    /// `before` is what this gave for the same groups, and what was wanted then: nothing of it is made again.
    #[must_use]
    pub fn restrict(&self, groups: &GroupSelection, wanted: &Wanted, before: Option<(&Self, &Wanted)>) -> Self {
        let known = before;
        let before = known.map(|(before, _)| before);
        let door = Door::new(&self.groups, groups);
        let devices = || match door.open {
            true => self.devices.clone(),
            false => door.moves.iter().flat_map(|(from, _)| self.devices[index(from)].iter().cloned()).collect(),
        };
        let alerts = || self.alerts.iter().filter_map(|alert| door.alert(alert, groups)).collect();
        // It was wanted, and nothing came of it.
        let was_empty = |id: &CveId| {
            known.is_some_and(|(before, asked)| {
                asked.vulnerabilities.contains(id) && !before.vulnerabilities.contains_key(id)
            })
        };
        let vulnerabilities_before = before.map(|before| &before.vulnerabilities);
        let configurations_before = before.map(|before| &before.configurations);
        let affected_before = before.map(|before| &before.affected);
        let vulnerabilities: BTreeMap<CveId, Vulnerability> = wanted
            .vulnerabilities
            .par_iter()
            .filter_map(|id| self.vulnerabilities.get_key_value(id))
            .filter(|(id, _)| !was_empty(id))
            .map(|(id, found)| (id.clone(), made(vulnerabilities_before, id, || door.vulnerability(found))))
            .filter(|(_, found)| !found.is_empty())
            .collect();
        Self {
            as_of: self.as_of,
            tables: self.tables,
            groups: door.groups.clone(),
            devices: before.map_or_else(devices, |before| before.devices.clone()),
            updates: self.updates(&door, &vulnerabilities, before),
            vulnerabilities,
            configurations: wanted
                .configurations
                .iter()
                .filter_map(|id| self.configurations.get_key_value(id))
                .map(|(id, found)| (id.clone(), made(configurations_before, id, || door.configuration(found))))
                .filter(|(_, found)| *found != Configuration::default())
                .collect(),
            catalogue: wanted
                .configurations
                .iter()
                .filter_map(|id| self.catalogue.get_key_value(id))
                .map(|(id, entry)| (id.clone(), entry.clone()))
                .collect(),
            assessed: before.map_or_else(|| door.set(&self.assessed), |before| before.assessed.clone()),
            affected: wanted
                .vulnerabilities
                .iter()
                .filter_map(|id| self.affected.get_key_value(id))
                .map(|(id, devices)| (id.clone(), made(affected_before, id, || door.set(devices))))
                .collect(),
            alerts: before.map_or_else(alerts, |before| before.alerts.clone()),
            incidents: before.unwrap_or(self).incidents.clone(),
        }
    }

    /// The updates that rows of `vulnerabilities`, already restricted, name.
    fn updates(
        &self,
        door: &Door,
        vulnerabilities: &BTreeMap<CveId, Vulnerability>,
        before: Option<&Self>,
    ) -> BTreeMap<String, Update> {
        let before = before.map(|before| &before.updates);
        let update = |found: &Update| Update { names: Moved::through(door).map(&found.names) };
        let named: BTreeSet<&String> = vulnerabilities.values().flat_map(|found| found.fixes.keys()).collect();
        named
            .into_iter()
            .filter_map(|id| self.updates.get_key_value(id))
            .map(|(id, found)| (id.clone(), made(before, id, || update(found))))
            .filter(|(_, found)| !found.names.is_empty())
            .collect()
    }
}

/// What was made of an id before, or what is made of it now.
fn made<K: Ord, V: Clone>(before: Option<&BTreeMap<K, V>>, id: &K, make: impl FnOnce() -> V) -> V {
    before.and_then(|before| before.get(id)).cloned().unwrap_or_else(make)
}

/// The way from the fleet's ordinals to fresh ones.
struct Door {
    /// Each admitted range of devices and where it begins afterwards, ascending.
    moves: Vec<(Range<Ordinal>, Ordinal)>,
    groups: Vec<Group>,
    /// Whether everybody comes through, each to the place they have.
    open: bool,
}

impl Door {
    fn new(groups: &[Group], admitted: &GroupSelection) -> Self {
        let open = groups.iter().all(|group| admitted.has(&group.name));
        let mut door = Self { moves: Vec::new(), groups: Vec::new(), open };
        let mut next = 0;
        for group in groups.iter().filter(|group| admitted.has(&group.name)) {
            let end = next + (group.range.end - group.range.start);
            match door.moves.last_mut() {
                // Groups side by side move together.
                Some((range, _)) if range.end == group.range.start => range.end = group.range.end,
                _ => door.moves.push((group.range.clone(), next)),
            }
            door.groups.push(Group { name: group.name.clone(), range: next..end });
            next = end;
        }
        door
    }

    fn set(&self, devices: &DeviceSet) -> DeviceSet {
        if self.open || devices.is_empty() {
            return devices.clone();
        }
        let moved = self.moves.iter().flat_map(|(from, to)| devices.iter_in(from).map(move |at| at - from.start + to));
        let end = self.groups.last().map_or(0, |group| group.range.end);
        // Whether bits or numbers are quicker to write depends on how many there are.
        match devices.len() < u64::from(end / 256) {
            true => DeviceSet::from_ascending(moved),
            false => DeviceSet::from_below(moved, end),
        }
    }

    fn vulnerability(&self, found: &Vulnerability) -> Vulnerability {
        let mut moved = Moved::through(self);
        Vulnerability {
            exposed: moved.set(&found.exposed),
            pending_restart: moved.set(&found.pending_restart),
            patched: moved.set(&found.patched),
            not_applicable: moved.set(&found.not_applicable),
            by_severity: moved.map(&found.by_severity),
            exposed_by_severity: moved.map(&found.exposed_by_severity),
            fixable: moved.set(&found.fixable),
            fixes: found
                .fixes
                .iter()
                .map(|(id, fix)| (id.clone(), Fix { named: moved.set(&fix.named), exposed: moved.set(&fix.exposed) }))
                .filter(|(_, fix)| !fix.named.is_empty())
                .collect(),
        }
    }

    fn configuration(&self, found: &Configuration) -> Configuration {
        Configuration {
            secure: self.set(&found.secure),
            exposed: self.set(&found.exposed),
            not_applicable: self.set(&found.not_applicable),
            unassessed: self.set(&found.unassessed),
        }
    }

    fn alert(&self, alert: &Alert, groups: &GroupSelection) -> Option<Alert> {
        let devices = self.set(&alert.devices);
        let visible = !devices.is_empty() || (alert.names_no_device && groups.has(NO_DEVICE));
        visible.then(|| Alert { devices, ..alert.clone() })
    }
}

/// Sets of one finding that came through. Its rows mostly say the same, so that most of its sets are equal; to
/// find that is much less work than to move a set.
struct Moved<'a> {
    door: &'a Door,
    sets: Vec<(&'a DeviceSet, DeviceSet)>,
}

impl<'a> Moved<'a> {
    fn through(door: &'a Door) -> Self {
        Self { door, sets: Vec::new() }
    }

    fn set(&mut self, devices: &'a DeviceSet) -> DeviceSet {
        if let Some((_, moved)) = self.sets.iter().find(|(other, _)| *other == devices) {
            return moved.clone();
        }
        let moved = self.door.set(devices);
        self.sets.push((devices, moved.clone()));
        moved
    }

    fn map<K: Ord + Clone>(&mut self, sets: &'a BTreeMap<K, DeviceSet>) -> BTreeMap<K, DeviceSet> {
        sets.iter()
            .map(|(key, devices)| (key.clone(), self.set(devices)))
            .filter(|(_, devices)| !devices.is_empty())
            .collect()
    }
}

fn index(range: &Range<Ordinal>) -> Range<usize> {
    range.start as usize..range.end as usize
}
