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

/// How what somebody asks for differs from what they asked for before.
#[derive(Clone, Debug, Default)]
pub struct Shift {
    /// Asked for now, and not before.
    pub gained: Wanted,
    /// Asked for before, and no longer.
    pub lost: Wanted,
}

impl Wanted {
    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.vulnerabilities.is_empty() && self.configurations.is_empty()
    }
}

impl Shift {
    /// Whether the same is asked for.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.gained.is_empty() && self.lost.is_empty()
    }
}

impl Fleet {
    /// The devices of `groups`, only what rows say about them, and of that only what is
    /// `wanted`; alerts are trimmed to those devices, and those without any left are gone.
    ///
    /// Incidents are kept whole: what a role may know of them is for `scope` to say.
    #[must_use]
    pub fn restrict(&self, groups: &GroupSelection, wanted: &Wanted) -> Self {
        let door = Door::new(&self.groups, groups);
        let devices = || door.moves.iter().flat_map(|(from, _)| self.devices[index(from)].iter().cloned()).collect();
        let mut part = Self {
            as_of: self.as_of,
            tables: self.tables,
            groups: door.groups.clone(),
            devices: if door.open { self.devices.clone() } else { devices() },
            assessed: door.set(&self.assessed),
            alerts: self.alerts.iter().filter_map(|alert| door.alert(alert, groups)).collect(),
            incidents: self.incidents.clone(),
            ..Self::default()
        };
        self.add(&door, wanted, &mut part);
        part
    }

    /// What [`restrict`](Self::restrict) gives for the same groups where something else is wanted. `before` is what it
    /// gave last; its incidents stay as they are in it.
    #[must_use]
    pub fn restrict_again(&self, groups: &GroupSelection, before: &Self, shift: &Shift) -> Self {
        let mut part = before.clone();
        part.remove(&shift.lost);
        self.add(&Door::new(&self.groups, groups), &shift.gained, &mut part);
        part
    }

    /// Adds to a part of this fleet what is wanted, and not in it.
    fn add(&self, door: &Door, wanted: &Wanted, part: &mut Self) {
        let found: Vec<(&CveId, Vulnerability)> = wanted
            .vulnerabilities
            .par_iter()
            .filter_map(|id| self.vulnerabilities.get_key_value(id))
            .map(|(id, found)| (id, door.vulnerability(found)))
            .filter(|(_, found)| !found.is_empty())
            .collect();
        for (id, found) in found {
            for name in found.fixes.keys() {
                self.add_update(door, name, part);
            }
            part.vulnerabilities.insert(id.clone(), found.into());
        }
        for (id, devices) in wanted.vulnerabilities.iter().filter_map(|id| self.affected.get_key_value(id)) {
            part.affected.insert(id.clone(), door.set(devices));
        }
        for id in &wanted.configurations {
            let found = self.configurations.get(id).map(|found| door.configuration(found));
            if let Some(found) = found.filter(|found| *found != Configuration::default()) {
                part.configurations.insert(id.clone(), found);
            }
            if let Some(entry) = self.catalogue.get(id) {
                part.catalogue.insert(id.clone(), entry.clone());
            }
        }
    }

    fn add_update(&self, door: &Door, id: &String, part: &mut Self) {
        if part.updates.contains_key(id) {
            return;
        }
        let names = self.updates.get(id).map(|update| Moved::through(door).map(&update.names)).unwrap_or_default();
        if !names.is_empty() {
            part.updates.insert(id.clone(), Update { names }.into());
        }
    }

    /// Takes out what is no longer wanted, and the updates that nothing names then.
    fn remove(&mut self, lost: &Wanted) {
        let mut unnamed = BTreeSet::new();
        for id in &lost.vulnerabilities {
            if let Some(found) = self.vulnerabilities.remove(id) {
                unnamed.extend(found.fixes.keys().cloned());
            }
            self.affected.remove(id);
        }
        if !unnamed.is_empty() {
            for id in self.vulnerabilities.values().flat_map(|found| found.fixes.keys()) {
                unnamed.remove(id);
            }
        }
        self.updates.retain(|id, _| !unnamed.contains(id));
        for id in &lost.configurations {
            self.configurations.remove(id);
            self.catalogue.remove(id);
        }
    }
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
