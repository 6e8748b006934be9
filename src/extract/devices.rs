//! Whose devices are whose: the group of every device of a snapshot.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::diagnostics::Diagnostic;
use crate::snapshot::Snapshot;
use crate::snapshot::rows::{DEVICES, Row};
use crate::terms::{GroupSelection, UNGROUPED};

/// The devices of one snapshot that stand in a role's groups.
#[derive(Debug)]
pub(super) struct Roster {
    /// By folded id: its group.
    devices: HashMap<String, String>,
}

/// The form in which two spellings of a device's id are one.
fn fold(id: &str) -> String {
    id.to_lowercase()
}

/// The group that a row names: none, in any spelling, is `ungrouped`.
fn group<'a>(row: &Row<'a>) -> &'a str {
    let group = row.get("device_group");
    let is_none = group.is_empty() || ["unassigned", "none"].contains(&group.to_lowercase().as_str());
    if is_none { UNGROUPED } else { group }
}

impl Roster {
    /// Reads the devices of a snapshot. Of the groups that a device's rows name, the one that is
    /// ranked first is its group.
    pub(super) fn read(snapshot: &Snapshot, ranks: &[String], groups: &GroupSelection) -> Result<Self, Diagnostic> {
        let rank = |group: &str| ranks.iter().position(|ranked| ranked == group).unwrap_or(usize::MAX);
        let mut devices: HashMap<String, String> = HashMap::new();
        snapshot.visit(&DEVICES, |rows| {
            for row in rows.iter() {
                let group = group(&row);
                let known = devices.entry(fold(row.get("device_id"))).or_insert_with(|| group.to_owned());
                if rank(group) < rank(known) {
                    group.clone_into(known);
                }
            }
        })?;
        devices.retain(|_, group| groups.has(group));
        Ok(Self { devices })
    }

    /// Whether the role sees a device.
    pub(super) fn has(&self, id: &str) -> bool {
        self.devices.contains_key(&fold(id))
    }

    /// The groups of the devices.
    pub(super) fn groups(&self) -> BTreeSet<String> {
        let distinct: HashSet<&String> = self.devices.values().collect();
        distinct.into_iter().cloned().collect()
    }

    /// Whether a row of `devices` is about one of them, as it stands in its group.
    pub(super) fn counts(&self, row: &Row<'_>) -> bool {
        self.devices.get(&fold(row.get("device_id"))).is_some_and(|own| own == group(row))
    }
}
