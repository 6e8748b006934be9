//! What lies outside a role's slice, and which ids lie inside it.

use crate::twin::{Fleet, admits, blocks_read, group_in_role, lower, reads_no_device};
use crate::world::pools::{CVES, GROUPS};
use crate::world::{Config, Groups, Role, Snapshot, World};

/// What a role does not see of one snapshot.
pub(super) struct Secret {
    pub(super) whole: bool,
    /// Devices of the role, and their names.
    pub(super) visible: Vec<String>,
    pub(super) visible_names: Vec<String>,
    /// Known devices of other groups.
    pub(super) hidden: Vec<String>,
    /// The group of every known device.
    pub(super) groups_of: Vec<(String, String)>,
    /// Groups that a hidden device may stand in.
    pub(super) groups: Vec<String>,
    pub(super) alerts: Vec<AlertSeen>,
    pub(super) hidden_alerts: Vec<String>,
    /// Incidents that visible alerts reach, redirects and all.
    pub(super) reached: Vec<String>,
}

pub(super) struct AlertSeen {
    pub(super) id: String,
    pub(super) names_nobody: bool,
}

impl Secret {
    pub(super) fn of(snapshot: &Snapshot, config: &Config, role: &Role) -> Secret {
        let fleet = Fleet::read(snapshot, 0, &config.group_ranks);
        let (mut visible, mut hidden, mut groups_of) = (Vec::new(), Vec::new(), Vec::new());
        for device in &fleet.devices {
            groups_of.push((device.id.clone(), device.group.clone()));
            let list = if group_in_role(&device.group, role) { &mut visible } else { &mut hidden };
            list.push(device.id.clone());
        }
        let names = snapshot.devices.rows.iter().filter_map(|row| {
            let id = lower(snapshot.devices.cell(row, "device_id"));
            visible.contains(&id).then(|| snapshot.devices.cell(row, "name").to_owned())
        });
        let candidates = GROUPS.iter().copied().chain(["ungrouped", "Omega"]);
        let candidates = candidates.filter(|group| !group_in_role(group, role));
        // A file says "no group" by leaving it empty.
        let groups = candidates.map(|g| if g == "ungrouped" { "" } else { g }.to_owned()).collect();
        let mut secret = Secret {
            whole: matches!(role.groups, Groups::All),
            visible_names: names.collect(),
            visible,
            hidden,
            groups_of,
            groups,
            alerts: Vec::new(),
            hidden_alerts: Vec::new(),
            reached: Vec::new(),
        };
        secret.look_at_alerts(&fleet, role);
        secret
    }

    fn look_at_alerts(&mut self, fleet: &Fleet, role: &Role) {
        for alert in fleet.alerts.iter().flatten() {
            let names_nobody = alert.devices.is_empty();
            self.alerts.push(AlertSeen { id: alert.id.clone(), names_nobody });
            let seen =
                alert.devices.iter().any(|id| self.visible.contains(id)) || names_nobody && reads_no_device(role);
            if seen {
                self.reach(&alert.incident, fleet);
            } else {
                self.hidden_alerts.push(alert.id.clone());
            }
        }
    }

    fn reach(&mut self, id: &str, fleet: &Fleet) {
        let mut id = id.to_owned();
        while !self.reached.contains(&id) {
            self.reached.push(id.clone());
            let row = fleet.incidents.iter().flatten().find(|incident| incident.id == id);
            if let Some(row) = row {
                id = row.redirect_to.clone();
            }
        }
    }
}

/// Whether a visible report of the role names an id, an actor or malware: what the world says of
/// anything else is not for its build.
pub(super) fn is_named(world: &World, role: &Role, name: &str) -> bool {
    world.reports.iter().filter(|report| admits(world, report, role)).any(|report| {
        let block = report.hidden.as_ref().filter(|block| blocks_read(block, role));
        let texts = [Some(&report.text), block.map(|block| &block.text)];
        let names = &report.names;
        let ids = report.vulnerabilities.iter().flatten().chain(&names.techniques);
        // A technique is named with those that are part of it.
        let names = ids.chain(&names.actors).chain(&names.malware);
        let part = |id: &str| id.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
        let said = |id: &str| lower(id) == lower(name) || part(id);
        names.into_iter().any(|id| said(id.trim())) || texts.into_iter().flatten().any(|text| text.contains(name))
    })
}

/// The ids that the role's visible reports or rows name, in any snapshot.
pub(super) struct Named {
    pub(super) cves: Vec<String>,
    pub(super) configurations: Vec<String>,
}

impl Named {
    pub(super) fn by(world: &World, role: &Role) -> Named {
        let mut named = Named { cves: Vec::new(), configurations: Vec::new() };
        for report in world.reports.iter().filter(|report| admits(world, report, role)) {
            named.cves.extend(report.vulnerabilities.iter().flatten().map(|id| id.trim().to_uppercase()));
            let prose = CVES.iter().filter(|cve| report.text.contains(**cve));
            named.cves.extend(prose.map(|cve| (*cve).to_owned()));
            named.configurations.extend(report.configurations.iter().flatten().map(|c| lower(&c.id)));
        }
        for snapshot in &world.snapshots {
            let secret = Secret::of(snapshot, &world.config, role);
            let fleet = Fleet::read(snapshot, 0, &world.config.group_ranks);
            let cves = fleet.vulnerabilities.iter().flatten();
            named.cves.extend(cves.filter(|row| secret.visible.contains(&row.device)).map(|row| row.cve.clone()));
            let settings = fleet.configurations.iter().flatten();
            let settings = settings.filter(|row| secret.visible.contains(&row.device));
            named.configurations.extend(settings.map(|row| row.configuration.clone()));
        }
        named
    }
}
