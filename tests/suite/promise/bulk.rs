//! Changes of many rows at once, and rows that are extreme or broken.

use super::change::{Change, add_findings};
use super::secret::Secret;
use crate::twin::{group_in_role, group_of, lower};
use crate::world::pools::{CONFIGURATION_IDS, CVES};
use crate::world::{Groups, Role, ScopeBlock, Snapshot, World};

/// Every row about a hidden device, and every hidden alert, ten times.
pub(super) fn tenfold(snapshot: &mut Snapshot, secret: &Secret) {
    let hidden = |id: &str| secret.hidden.contains(&lower(id));
    let of_devices = [&mut snapshot.vulnerabilities, &mut snapshot.configurations, &mut snapshot.software];
    for table in of_devices.into_iter().flatten().chain([&mut snapshot.devices]) {
        let rows = table.rows_where(|table, row| hidden(table.cell(row, "device_id")));
        rows.into_iter().for_each(|row| table.repeat(row));
    }
    if let Some(alerts) = &mut snapshot.alerts {
        let rows = alerts
            .rows_where(|table, row| secret.hidden_alerts.contains(&table.cell(row, "alert_id").trim().to_owned()));
        rows.into_iter().for_each(|row| alerts.repeat(row));
    }
}

impl Change {
    /// Enough devices to change any rank, threshold or mean, all open to one vulnerability and one
    /// configuration alone.
    pub(super) fn many_devices(&self, snapshot: &mut Snapshot, secret: &Secret) {
        let Some(group) = self.pick(&secret.groups) else { return };
        for number in 0..30 {
            let id = format!("mass-{}-{number}", self.salt);
            if secret.groups_of.iter().all(|(known, _)| *known != id) {
                snapshot.devices.push(&[
                    ("device_id", &id),
                    ("name", "MASS"),
                    ("device_group", group),
                    ("health", "active"),
                ]);
                self.add_finding(snapshot, &id);
            }
        }
    }

    fn add_finding(&self, snapshot: &mut Snapshot, device: &str) {
        let of = usize::from(self.salt) % CVES.len();
        if let Some(table) = &mut snapshot.vulnerabilities {
            table.push(&[("device_id", device), ("cve_id", CVES[of]), ("severity", "critical"), ("status", "exposed")]);
        }
        if let Some(table) = &mut snapshot.configurations {
            table.push(&[("device_id", device), ("configuration_id", CONFIGURATION_IDS[of]), ("compliant", "false")]);
        }
    }

    /// A device that was the role's in another snapshot stands in a hidden group now.
    pub(super) fn move_away(&self, world: &mut World, role: &Role, at: usize) {
        let others = world.snapshots.iter().enumerate().filter(|(other, _)| *other != at);
        let seen: Vec<String> =
            others.flat_map(|(_, snapshot)| Secret::of(snapshot, &world.config, role).visible).collect();
        let snapshot = &mut world.snapshots[at];
        let secret = Secret::of(snapshot, &world.config, role);
        let gone: Vec<String> =
            seen.into_iter().filter(|id| secret.groups_of.iter().all(|(known, _)| known != id)).collect();
        if let (Some(id), Some(group)) = (self.pick(&gone), self.pick(&secret.groups)) {
            snapshot.devices.push(&[("device_id", id), ("name", "HOST-1"), ("device_group", group)]);
            add_findings(snapshot, id);
        }
    }

    /// The longest name, the latest time, the rarest system, the oldest vulnerability; now and then
    /// a megabyte of text.
    pub(super) fn extreme_device(&self, snapshot: &mut Snapshot, secret: &Secret) {
        let Some(group) = self.pick(&secret.groups) else { return };
        let id = format!("aaa-extreme-{}", self.salt);
        if secret.groups_of.iter().any(|(known, _)| *known == id) {
            return;
        }
        let name = "W".repeat(if self.salt == 0 { 1 << 20 } else { 255 });
        snapshot.devices.push(&[
            ("device_id", &id),
            ("name", &name),
            ("device_group", group),
            ("os", "Haiku"),
            ("os_version", "R1/β5"),
            ("last_seen", "2999-12-31T23:59:59Z"),
            ("criticality", "very_high"),
            ("internet_facing", "true"),
        ]);
        add_findings(snapshot, &id);
        if let Some(table) = &mut snapshot.vulnerabilities {
            table.push(&[("device_id", &id), ("cve_id", "CVE-1999-9999999"), ("cvss", "10"), ("severity", "critical")]);
        }
    }

    /// An alert older than anything.
    pub(super) fn old_alert(&self, snapshot: &mut Snapshot, secret: &Secret) {
        let created = ["1970-01-01T00:00:00Z", "2026-10-01T00:00:00Z"][usize::from(self.salt) % 2];
        self.push_alert(snapshot, secret, &format!("old-al-{}", self.salt), created);
    }

    /// Rows that the contract leaves out: without an id, or with a time or boolean that is none.
    pub(super) fn malformed_rows(&self, snapshot: &mut Snapshot, secret: &Secret) {
        let group = self.pick(&secret.groups).map_or("", String::as_str);
        let device = self.pick(&secret.hidden).map_or("nobody", String::as_str);
        let late = format!("late-{}", self.salt);
        snapshot.devices.push(&[("device_id", " "), ("name", "NOBODY"), ("device_group", group)]);
        if snapshot.devices.columns.contains(&"last_seen") {
            snapshot.devices.push(&[("device_id", &late), ("device_group", group), ("last_seen", "yesterday")]);
        }
        if let Some(table) = &mut snapshot.vulnerabilities {
            table.push(&[("device_id", ""), ("cve_id", "CVE-2025-1001"), ("status", "exposed")]);
        }
        if let Some(table) = &mut snapshot.configurations {
            table.push(&[("device_id", device), ("configuration_id", "scid-1"), ("compliant", "perhaps")]);
            table.push(&[("device_id", device), ("configuration_id", ""), ("compliant", "false")]);
        }
        if let Some(table) = &mut snapshot.alerts {
            table.push(&[("alert_id", &late), ("title", "No time"), ("status", "new"), ("device_id", device)]);
        }
        if let Some(table) = &mut snapshot.incidents {
            table.push(&[("incident_id", ""), ("title", "No id"), ("status", "active"), ("severity", "high")]);
        }
    }

    /// Another name for a hidden group, wherever it stands.
    pub(super) fn rename_group(&self, world: &mut World, role: &Role) {
        let rows = world.snapshots.iter().flat_map(|snapshot| {
            snapshot.devices.rows.iter().map(|row| group_of(snapshot.devices.cell(row, "device_group")))
        });
        let mut hidden: Vec<String> =
            rows.filter(|group| group != "ungrouped" && !group_in_role(group, role)).collect();
        hidden.sort();
        hidden.dedup();
        let Some(old) = self.pick(&hidden) else { return };
        let new = format!("Renamed {}", self.salt);
        if hidden.contains(&new) {
            return;
        }
        for snapshot in &mut world.snapshots {
            let devices = &mut snapshot.devices;
            let rows = devices.rows_where(|table, row| group_of(table.cell(row, "device_group")) == *old);
            rows.into_iter().for_each(|row| devices.alter(row, &[("device_group", &new)]));
        }
        let lists = world.config.roles.iter_mut().filter_map(|role| match &mut role.groups {
            Groups::Listed(names) => Some(names),
            _ => None,
        });
        let blocks = world.reports.iter_mut().filter_map(|report| report.hidden.as_mut());
        let blocks = blocks.chain(world.guides.iter_mut().filter_map(|guide| guide.hidden.as_mut()));
        let of_blocks = blocks.map(|block: &mut ScopeBlock| &mut block.groups);
        let names = lists.chain(of_blocks).chain([&mut world.config.group_ranks]).flatten();
        names.filter(|name| name.trim() == old).for_each(|name| name.clone_from(&new));
    }
}
