//! What a role may see: its reports, and each snapshot cut to its devices. "Slice, then compute."

use super::fleet::{Alert, Fleet};
use super::marks::mark;
use super::text::certain_time;
use crate::world::{Groups, Report, Role, ScopeBlock, World};

const TLPS: [&str; 5] = ["clear", "green", "amber", "amber+strict", "red"];

/// The reports that admit the role, in the order of their files.
pub(crate) fn reports<'a>(world: &'a World, role: &Role) -> Vec<&'a Report> {
    world.reports.iter().filter(|report| admits(world, report, role)).collect()
}

/// Audience and clearance must both admit; drafts and what is not yet published are hidden.
pub(crate) fn admits(world: &World, report: &Report, role: &Role) -> bool {
    if !cleared(&tlp(world, report), role) {
        mark("report hidden by tlp");
        return false;
    }
    if report.audience.as_ref().is_some_and(|names| !names.contains(&role.name)) {
        mark("report hidden by audience");
        return false;
    }
    if report.draft == Some(true) {
        mark("report hidden as a draft");
        return false;
    }
    let hidden_until = report.publish_at.as_deref().map(certain_time);
    if hidden_until.is_some_and(|until| certain_time(&world.as_of) < until) {
        mark("report hidden until later");
        return false;
    }
    true
}

/// Whether the role's clearance reaches a TLP.
pub(crate) fn cleared(tlp: &str, role: &Role) -> bool {
    level(tlp) <= clearance(role)
}

/// Whether the role reads a scope block: all its groups and its TLP.
pub(crate) fn blocks_read(block: &ScopeBlock, role: &Role) -> bool {
    let groups = block.groups.iter().all(|group| group_in_role(group, role));
    groups && block.tlp.as_deref().is_none_or(|tlp| cleared(tlp, role))
}

/// The report's TLP, the site's default, or red.
pub(crate) fn tlp(world: &World, report: &Report) -> String {
    let said = report.tlp.clone().or(world.config.default_tlp.clone());
    said.unwrap_or_else(|| "red".to_owned())
}

fn clearance(role: &Role) -> usize {
    level(role.clearance.as_deref().unwrap_or("clear"))
}

fn level(tlp: &str) -> usize {
    TLPS.iter().position(|known| *known == tlp).unwrap()
}

/// Whether devices of a group (`ungrouped` is one) are the role's to see.
pub(crate) fn group_in_role(group: &str, role: &Role) -> bool {
    match &role.groups {
        Groups::All => true,
        Groups::Listed(names) => names.iter().any(|name| name.trim() == group),
        Groups::LeftOut => false,
    }
}

/// Whether alerts that name no device are the role's to see.
pub(crate) fn reads_no_device(role: &Role) -> bool {
    group_in_role("no-device", role)
}

/// Every snapshot up to the current one, oldest first, each cut to what the role may see.
pub(crate) fn slices(world: &World, role: &Role) -> Vec<Fleet> {
    fleets(world).iter().map(|fleet| slice(fleet, role)).collect()
}

/// Every snapshot up to the current one, oldest first. `--as-of` replaces the current one's time.
fn fleets(world: &World) -> Vec<Fleet> {
    let end = certain_time(&world.as_of);
    let mut usable: Vec<_> = world.snapshots.iter().filter(|snapshot| certain_time(&snapshot.as_of) <= end).collect();
    usable.sort_by_key(|snapshot| certain_time(&snapshot.as_of));
    if usable.len() < world.snapshots.len() {
        mark("snapshot after as-of");
    }
    let newest = usable.len();
    let mut fleets = Vec::new();
    for (place, snapshot) in usable.into_iter().enumerate() {
        let own = certain_time(&snapshot.as_of);
        let now = if place + 1 == newest { end } else { own };
        fleets.push(Fleet::read(snapshot, now, &world.config.group_ranks));
    }
    fleets
}

fn slice(fleet: &Fleet, role: &Role) -> Fleet {
    let mut slice = fleet.clone();
    slice.devices.retain(|device| group_in_role(&device.group, role));
    let devices = slice.devices.clone();
    let seen = |id: &str| devices.iter().any(|device| device.id == id);
    if let Some(rows) = &mut slice.vulnerabilities {
        rows.retain(|row| seen(&row.device));
    }
    if let Some(rows) = &mut slice.configurations {
        rows.retain(|row| seen(&row.device));
    }
    if let Some(rows) = &mut slice.software {
        rows.retain(|row| seen(&row.owner));
    }
    if let Some(alerts) = &mut slice.alerts {
        alerts.retain(|alert| visible_alert(alert, fleet, &seen, role));
        for alert in alerts {
            alert.devices.retain(|id| seen(id));
        }
    }
    slice
}

/// Visible when it names a device of the role, or names none and the role has `no-device`. Left
/// out of every figure when created after T.
fn visible_alert(alert: &Alert, fleet: &Fleet, seen: &dyn Fn(&str) -> bool, role: &Role) -> bool {
    if alert.created > fleet.now {
        mark("alert after T");
        return false;
    }
    if alert.devices.is_empty() {
        mark("alert without device");
        return reads_no_device(role);
    }
    if !alert.devices.iter().any(|id| fleet.devices.iter().any(|device| device.id == *id)) {
        mark("alert with unknown devices only");
    }
    alert.devices.iter().any(|id| seen(id))
}
