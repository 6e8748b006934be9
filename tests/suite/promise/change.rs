//! The ways in which a site may differ without a role's slice differing.

use proptest::prelude::*;
use proptest::sample::select;

use super::bulk::tenfold;
use super::secret::{Named, Secret};
use crate::twin::{self, lower};
use crate::world::pools::{CONFIGURATION_IDS, CVES, TITLES};
use crate::world::{Role, Snapshot, Table, World};

/// One change: what, in which snapshot or report, at which place, and with which values.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(super) what: What,
    pub(super) at: prop::sample::Index,
    place: prop::sample::Index,
    pub(super) salt: u8,
}

/// Every kind of change.
macro_rules! kinds {
    ($($kind:ident * $weight:literal,)+) => {
        #[derive(Clone, Copy, Debug)]
        pub(super) enum What { $($kind,)+ }

        /// Each kind as often as its weight says.
        fn kinds() -> Vec<What> {
            let weighted = [$((What::$kind, $weight),)+];
            weighted.into_iter().flat_map(|(kind, weight)| std::iter::repeat_n(kind, weight)).collect()
        }
    };
}

kinds! {
    AddDevice * 2,
    RemoveDevice * 2,
    AlterDevice * 2,
    AlterDroppedRow * 1,
    AlterFinding * 2,
    NameDevicesOnAlerts * 2,
    AddAlert * 1,
    AlterAlert * 1,
    RemoveAlert * 1,
    AlterIncident * 3,
    AddIncident * 1,
    AddCatalogue * 1,
    Tenfold * 1,
    ManyDevices * 1,
    ExtremeDevice * 1,
    MoveAway * 3,
    OldAlert * 2,
    MalformedRows * 1,
    RenameGroup * 1,
    AddReport * 1,
    ManyReports * 1,
    AlterReport * 1,
    RemoveReport * 1,
    FillBlock * 2,
    HideImage * 1,
    AddIndicator * 1,
    AddGuide * 1,
    AlterGuide * 1,
    FillGuideBlock * 1,
    AddRole * 1,
    AlterRole * 1,
    RenameRole * 1,
    RemoveRole * 1,
    RankMore * 1,
}

pub(crate) fn changes() -> impl Strategy<Value = Change> {
    let what = select(kinds());
    (what, any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0u8..12)
        .prop_map(|(what, at, place, salt)| Change { what, at, place, salt })
}

impl Change {
    /// Changes the site where the role does not see it, or not at all where there is no such place.
    pub(crate) fn apply(&self, world: &mut World, role: &Role) {
        match self.what {
            What::AddReport => self.add_report(world, role),
            What::AlterReport => self.alter_report(world, role),
            What::RemoveReport => self.remove_report(world, role),
            What::ManyReports => (0..12).for_each(|_| self.add_report(world, role)),
            What::FillBlock => self.fill_block(world, role),
            What::HideImage => self.hide_image(world, role),
            What::AddIndicator => self.add_indicator(world, role),
            What::AddGuide => self.add_guide(world, role),
            What::AlterGuide => self.alter_guide(world, role),
            What::FillGuideBlock => self.fill_guide_block(world, role),
            What::AddRole | What::AlterRole | What::RenameRole | What::RemoveRole => self.other_role(world, role),
            What::RenameGroup => self.rename_group(world, role),
            What::RankMore => world.config.group_ranks.push(format!("Omega-{}", world.config.group_ranks.len())),
            _ => self.in_a_snapshot(world, role),
        }
    }

    fn in_a_snapshot(&self, world: &mut World, role: &Role) {
        if world.snapshots.is_empty() {
            return;
        }
        let at = self.at.index(world.snapshots.len());
        if matches!(self.what, What::MoveAway) {
            return self.move_away(world, role, at);
        }
        let named = Named::by(world, role);
        let snapshot = &mut world.snapshots[at];
        let secret = Secret::of(snapshot, &world.config, role);
        match self.what {
            What::AddDevice => self.add_device(snapshot, &secret),
            What::RemoveDevice => self.remove_device(snapshot, &secret),
            What::AlterDevice => self.alter_device(snapshot, &secret),
            What::AlterDroppedRow => self.alter_dropped_row(snapshot, &secret),
            What::AlterFinding => self.alter_finding(snapshot, &secret),
            What::NameDevicesOnAlerts => self.name_devices_on_alerts(snapshot, &secret),
            What::AddAlert => self.add_alert(snapshot, &secret),
            What::AlterAlert => self.alter_alert(snapshot, &secret),
            What::RemoveAlert => self.remove_alert(snapshot, &secret),
            What::AlterIncident => self.alter_incident(snapshot, &secret),
            What::AddIncident => self.add_incident(snapshot),
            What::Tenfold => tenfold(snapshot, &secret),
            What::ManyDevices => self.many_devices(snapshot, &secret),
            What::ExtremeDevice => self.extreme_device(snapshot, &secret),
            What::OldAlert => self.old_alert(snapshot, &secret),
            What::MalformedRows => self.malformed_rows(snapshot, &secret),
            _ => self.add_catalogue(snapshot, &named),
        }
    }

    pub(super) fn pick<'a, T>(&self, all: &'a [T]) -> Option<&'a T> {
        (!all.is_empty()).then(|| self.place.get(all))
    }

    /// A new device with a visible device's name and everything wrong with it.
    fn add_device(&self, snapshot: &mut Snapshot, secret: &Secret) {
        let Some(group) = self.pick(&secret.groups) else { return };
        let id = format!("hid-{}-{}", self.salt, lower(group).len());
        if secret.groups_of.iter().any(|(known, _)| *known == id) {
            return;
        }
        let name = secret.visible_names.first().map_or("HOST-X", String::as_str);
        let now = snapshot.as_of.clone();
        snapshot.devices.push(&[
            ("device_id", &id),
            ("name", name),
            ("device_group", group),
            ("onboarding", "onboarded"),
            ("health", "active"),
            ("last_seen", &now),
        ]);
        add_findings(snapshot, &id);
    }

    /// The device's rows go; alerts go on naming it, as a device nobody knows.
    fn remove_device(&self, snapshot: &mut Snapshot, secret: &Secret) {
        let Some(id) = self.pick(&secret.hidden) else { return };
        snapshot.devices.remove_device(id);
        let tables = [&mut snapshot.vulnerabilities, &mut snapshot.configurations, &mut snapshot.software];
        tables.into_iter().flatten().for_each(|table| table.remove_device(id));
    }

    /// Another name, another state, another hidden group.
    fn alter_device(&self, snapshot: &mut Snapshot, secret: &Secret) {
        let (Some(id), Some(group)) = (self.pick(&secret.hidden), self.pick(&secret.groups)) else {
            return;
        };
        let name = secret.visible_names.last().map_or("HOST-Y", String::as_str);
        let now = snapshot.as_of.clone();
        let excluded = if self.salt.is_multiple_of(2) { "true" } else { "false" };
        snapshot.devices.alter_where(
            "device_id",
            id,
            &[
                ("name", name),
                ("device_group", group),
                ("health", if self.salt.is_multiple_of(3) { "inactive" } else { "active" }),
                ("last_seen", &now),
                ("excluded", excluded),
                ("antivirus_mode", "passive"),
            ],
        );
        add_findings(snapshot, id);
    }

    /// A row of a device in a group that is not the device's: outside every slice. A bad row stays
    /// bad: made good, it could decide the group.
    fn alter_dropped_row(&self, snapshot: &mut Snapshot, secret: &Secret) {
        let devices = &mut snapshot.devices;
        let dropped = devices.rows_where(|table, row| {
            let id = lower(table.cell(row, "device_id"));
            let group = twin::group_of(table.cell(row, "device_group"));
            let bad = row.iter().any(|cell| cell == "last Tuesday" || cell == "maybe");
            !bad && secret.groups_of.iter().any(|(known, its)| *known == id && *its != group)
        });
        if let Some(row) = self.pick(&dropped) {
            devices.alter(
                *row,
                &[("name", "zzz"), ("health", "active"), ("last_seen", "2999-01-01T00:00:00Z"), ("excluded", "true")],
            );
        }
    }

    /// What stands about a device that the role does not see, or that nobody knows.
    fn alter_finding(&self, snapshot: &mut Snapshot, secret: &Secret) {
        let hidden = |table: &Table, row: &[String]| !secret.visible.contains(&lower(table.cell(row, "device_id")));
        let cve = CVES[usize::from(self.salt) % CVES.len()];
        let changes: [(_, Vec<(&str, &str)>); 3] = [
            (
                &mut snapshot.vulnerabilities,
                vec![
                    ("cve_id", cve),
                    ("severity", "critical"),
                    ("status", "exposed"),
                    ("update_id", "KB1"),
                    ("update_name", "A"),
                    ("update_available", "true"),
                ],
            ),
            (
                &mut snapshot.configurations,
                vec![
                    ("configuration_id", CONFIGURATION_IDS[usize::from(self.salt) % 4]),
                    ("applicable", "true"),
                    ("compliant", "false"),
                ],
            ),
            (&mut snapshot.software, vec![("product", "Reader DC")]),
        ];
        for (table, values) in changes {
            let Some(table) = table else { continue };
            let rows = table.rows_where(hidden);
            if let Some(row) = self.pick(&rows) {
                table.alter(*row, &values);
            }
        }
    }

    /// Devices that are hidden, or unknown, on alerts that already name some device. (An alert that
    /// names none would leave `no-device`.)
    fn name_devices_on_alerts(&self, snapshot: &mut Snapshot, secret: &Secret) {
        let ghost = format!("nobody-{}", self.salt);
        let device = self.pick(&secret.hidden).cloned().unwrap_or(ghost);
        let Some(alerts) = &mut snapshot.alerts else { return };
        for alert in secret.alerts.iter().filter(|alert| !alert.names_nobody) {
            if let Some(further) = &mut snapshot.alert_devices {
                further.push(&[("alert_id", &alert.id), ("device_id", &device)]);
            } else if alerts.columns.contains(&"device_id") {
                let rows = alerts.rows_where(|t, row| t.cell(row, "alert_id").trim() == alert.id);
                // A row that is bad names nobody, so that its copy would name nobody either.
                let good = rows.into_iter().filter(|row| !alerts.rows[*row].contains(&"last Tuesday".to_owned()));
                if let Some(row) = good.max() {
                    let copy = alerts.rows[row].clone();
                    alerts.rows.push(copy);
                    alerts.alter(alerts.rows.len() - 1, &[("device_id", &device)]);
                }
            }
        }
    }

    /// A new alert on a hidden device, or on one nobody knows, which every selector would link.
    fn add_alert(&self, snapshot: &mut Snapshot, secret: &Secret) {
        let now = snapshot.as_of.clone();
        self.push_alert(snapshot, secret, &format!("hid-al-{}", self.salt), &now);
    }

    pub(super) fn push_alert(&self, snapshot: &mut Snapshot, secret: &Secret, id: &str, created: &str) {
        let device = self.pick(&secret.hidden).map_or("nobody", String::as_str);
        let Some(alerts) = &mut snapshot.alerts else { return };
        let known = secret.alerts.iter().any(|alert| alert.id == id);
        if known || !alerts.columns.contains(&"device_id") {
            return;
        }
        alerts.push(&[
            ("alert_id", id),
            ("title", TITLES[0]),
            ("status", "new"),
            ("created", created),
            ("device_id", device),
            ("incident_id", "inc-1"),
            ("severity", "critical"),
            ("threat_family", "Warlock"),
        ]);
    }

    fn alter_alert(&self, snapshot: &mut Snapshot, secret: &Secret) {
        let (Some(alert), Some(alerts)) = (self.pick(&secret.hidden_alerts), &mut snapshot.alerts) else {
            return;
        };
        let status = if self.salt.is_multiple_of(2) { "resolved" } else { "new" };
        alerts.alter_where(
            "alert_id",
            alert,
            &[("title", TITLES[1]), ("status", status), ("severity", "critical"), ("incident_id", "inc-2")],
        );
    }

    fn remove_alert(&self, snapshot: &mut Snapshot, secret: &Secret) {
        if let (Some(alert), Some(alerts)) = (self.pick(&secret.hidden_alerts), &mut snapshot.alerts) {
            let gone = alerts.rows_where(|table, row| table.cell(row, "alert_id").trim() == alert);
            gone.into_iter().rev().for_each(|row| drop(alerts.rows.remove(row)));
        }
    }

    /// Everything of an incident that no visible alert reaches; of one that is reached, for a role
    /// that is not `all`, what is not its id, status or redirect.
    fn alter_incident(&self, snapshot: &mut Snapshot, secret: &Secret) {
        let Some(incidents) = &mut snapshot.incidents else { return };
        let mut ids: Vec<String> = Vec::new();
        for row in &incidents.rows {
            let id = incidents.cell(row, "incident_id").trim().to_owned();
            if !secret.reached.contains(&id) || !secret.whole {
                ids.push(id);
            }
        }
        // Long chains of redirects would be nearly every pick: rather one that is reached.
        let near: Vec<String> = ids.iter().filter(|id| secret.reached.contains(id)).cloned().collect();
        let ids = if near.is_empty() || self.salt.is_multiple_of(3) { ids } else { near };
        let Some(id) = self.pick(&ids) else { return };
        let mut values = vec![("title", "Multi-stage incident on 300 endpoints"), ("severity", "critical")];
        if !secret.reached.contains(id) {
            values.push(("status", "active"));
            values.push(("redirect_to", ""));
        }
        incidents.alter_where("incident_id", id, &values);
    }

    /// An incident that nothing visible reaches, with the title of one that may be visible, and
    /// redirected to it.
    fn add_incident(&self, snapshot: &mut Snapshot) {
        let id = format!("hid-inc-{}", self.salt);
        if let Some(incidents) = &mut snapshot.incidents
            && !incidents.rows.iter().any(|row| incidents.cell(row, "incident_id") == id)
        {
            incidents.push(&[
                ("incident_id", &id),
                ("title", "Multi-stage incident on 3 endpoints"),
                ("status", "redirected"),
                ("severity", "critical"),
                ("redirect_to", "inc-1"),
            ]);
        }
    }

    /// Explanations of ids that nothing the role sees names.
    fn add_catalogue(&self, snapshot: &mut Snapshot, named: &Named) {
        let configuration = format!("scid-9{}", self.salt);
        let unnamed = CVES.iter().find(|cve| !named.cves.contains(&(**cve).to_owned()));
        let cve = unnamed.map_or("CVE-1999-7777", |cve| cve);
        if let Some(catalogue) = &mut snapshot.configuration_catalog {
            catalogue.push(&[("configuration_id", &configuration), ("name", "Quiet"), ("impact", "10")]);
            let quiet = catalogue
                .rows_where(|table, row| !named.configurations.contains(&lower(table.cell(row, "configuration_id"))));
            for row in quiet {
                catalogue.alter(row, &[("name", "Quiet"), ("impact", "10")]);
            }
        }
        if let Some(affected) = &mut snapshot.affected_software {
            affected.push(&[("cve_id", cve), ("vendor", "Contoso"), ("product", "Server")]);
        }
    }
}

/// Everything exposed: rows for each tracked id, where the tables exist.
pub(super) fn add_findings(snapshot: &mut Snapshot, device: &str) {
    if let Some(table) = &mut snapshot.vulnerabilities {
        for cve in CVES {
            table.push(&[
                ("device_id", device),
                ("cve_id", cve),
                ("severity", "critical"),
                ("status", "exposed"),
                ("update_id", "KB1"),
                ("update_name", "A"),
            ]);
        }
    }
    if let Some(table) = &mut snapshot.configurations {
        for id in CONFIGURATION_IDS {
            table.push(&[("device_id", device), ("configuration_id", id), ("compliant", "false")]);
        }
    }
    if let Some(table) = &mut snapshot.software {
        table.push(&[("device_id", device), ("vendor", "Contoso"), ("product", "Server")]);
    }
}
