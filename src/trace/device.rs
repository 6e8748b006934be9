//! Why a device is in its state.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::chain::word;
use super::{Asked, rows};
use crate::diagnostics::{Diagnostic, visible};
use crate::scope::{FleetSlice, Ordinal};
use crate::snapshot::rows::{
    AFFECTED_SOFTWARE, ALERT_DEVICES, ALERTS, CONFIGURATIONS, DEVICES, Row, SOFTWARE, VULNERABILITIES,
};
use crate::terms::{ConfigurationId, CveId};

/// What is to be said of the device with an id or name, in any case; `None` where the role sees no
/// such device.
///
/// # Errors
/// A table that can no longer be read.
pub fn device(asked: Asked<'_>, name: &str) -> Result<Option<String>, Diagnostic> {
    let Some((fleet, at)) = asked.slice.fleet().and_then(|fleet| Some((fleet, find(fleet, name)?))) else {
        return Ok(None);
    };
    let Some(device) = usize::try_from(at).ok().and_then(|at| fleet.devices.get(at)) else { return Ok(None) };
    let group = fleet.group_of(at).map_or("", |group| group.name.as_str());
    let mut out = format!("{} ({}), in the group {}\n", visible(&device.id), visible(&device.name), visible(group));
    let (state, why) = state(asked, fleet, at);
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{state}: {why}\n\nThe rows that say so:");
    rows_of(asked, fleet, &device.id, at, &mut out)?;
    Ok(Some(out))
}

/// The device with this id, else the first with this name.
fn find(fleet: &FleetSlice, name: &str) -> Option<Ordinal> {
    let folded = name.to_lowercase();
    let by = |test: &dyn Fn(&crate::scope::Device) -> bool| fleet.devices_where(test).iter().next();
    by(&|device| device.id.to_lowercase() == folded).or_else(|| by(&|device| device.name.to_lowercase() == folded))
}

fn state(asked: Asked<'_>, fleet: &FleetSlice, at: Ordinal) -> (&'static str, String) {
    let sets = &asked.figures.sets;
    if sets.impacted.contains(at) {
        return ("impacted", "it has an active alert that is linked to the report".to_owned());
    }
    if let Some((reason, _)) = sets.reasons.iter().find(|(_, devices)| devices.contains(at)) {
        return ("unavailable", word(*reason).to_owned());
    }
    if sets.exposed.contains(at) {
        let why = match (sets.vulnerable.contains(at), sets.misconfigured.contains(at)) {
            (true, true) => "it is open to a tracked vulnerability and fails a tracked configuration",
            (true, false) => "it is open to a tracked vulnerability",
            _ => "it fails a tracked configuration",
        };
        return ("exposed", why.to_owned());
    }
    if sets.mitigated.contains(at) {
        return ("mitigated", "it is patched or secure in what is tracked, and nothing is worse".to_owned());
    }
    let why = match is_excluded(fleet, at) {
        true => "it is excluded from vulnerability management",
        false => "nothing that is tracked concerns it",
    };
    ("not applicable", why.to_owned())
}

/// The rows of the current snapshot about the device and what the report tracks, and those by which
/// a vulnerability has a state of which no row of today says anything.
fn rows_of(asked: Asked<'_>, fleet: &FleetSlice, id: &str, at: Ordinal, out: &mut String) -> Result<(), Diagnostic> {
    let Some((current, earlier)) = asked.snapshots.split_last() else { return Ok(()) };
    let folded = id.to_lowercase();
    let own = |value: &str| value.to_lowercase() == folded;
    let tracked: BTreeSet<&CveId> = asked.report.vulnerabilities.iter().collect();
    let open = |row: Row<'_>| tracked.contains(&CveId::from_scanner(row.get("cve_id")));
    let configured: BTreeSet<&ConfigurationId> = asked.report.configurations.iter().map(|one| &one.id).collect();
    let set = |row: Row<'_>| configured.contains(&ConfigurationId::fold(row.get("configuration_id")));
    let places = asked.figures.sets.alerts.iter().filter_map(|at| fleet.alerts.get(*at));
    let linked: BTreeSet<&str> =
        places.filter(|alert| alert.devices.contains(at)).map(|alert| alert.id.as_str()).collect();
    let alert = |row: Row<'_>| linked.contains(row.get("alert_id"));
    // A row of an alert is about one device, or about the alert alone.
    let mine = |row: Row<'_>| row.get("device_id").is_empty() || own(row.get("device_id"));
    let any = |_: Row<'_>| true;
    rows::tell(out, current, &DEVICES, "device_id", own, any)?;
    rows::tell(out, current, &ALERTS, "alert_id", |id| linked.contains(id), mine)?;
    rows::tell(out, current, &ALERT_DEVICES, "device_id", own, alert)?;
    rows::tell(out, current, &VULNERABILITIES, "device_id", own, open)?;
    rows::tell(out, current, &CONFIGURATIONS, "device_id", own, set)?;
    let rowless: BTreeSet<&CveId> = tracked.into_iter().filter(|id| !has_row(fleet, id, at)).collect();
    if rowless.is_empty() || !can_follow(asked, fleet, at) {
        return Ok(());
    }
    let mut undecided = rowless.clone();
    for (snapshot, before) in earlier.iter().zip(asked.slice.fleets()) {
        let opened = opened(before, id, fleet.group_of(at).map(|group| &group.name), &rowless);
        if !opened.is_empty() {
            let gone = |row: Row<'_>| opened.contains(&CveId::from_scanner(row.get("cve_id")));
            rows::tell(out, snapshot, &VULNERABILITIES, "device_id", own, gone)?;
            undecided.retain(|id| !opened.contains(id));
        }
    }
    if fleet.tables.software {
        rows::tell(out, current, &SOFTWARE, "device_id", own, any)?;
        let affects = |id: &str| undecided.contains(&CveId::from_scanner(id));
        rows::tell(out, current, &AFFECTED_SOFTWARE, "cve_id", affects, any)?;
    }
    Ok(())
}

/// Whether a row of the snapshot is about the device and the vulnerability.
fn has_row(fleet: &FleetSlice, id: &CveId, at: Ordinal) -> bool {
    fleet.vulnerabilities.get(id).is_some_and(|found| {
        [&found.exposed, &found.pending_restart, &found.patched, &found.not_applicable]
            .iter()
            .any(|devices| devices.contains(at))
    })
}

/// Whether anything follows for the device where no row is about a vulnerability (figures.md, section 5,
/// lines 1, 2 and 4).
fn can_follow(asked: Asked<'_>, fleet: &FleetSlice, at: Ordinal) -> bool {
    let reports = !asked.figures.sets.silent.contains(at);
    let is_assessed = fleet.tables.vulnerabilities && (!fleet.tables.software || fleet.assessed.contains(at));
    reports && is_assessed && !is_excluded(fleet, at)
}

/// Those of the vulnerabilities that an earlier snapshot shows open on the device, in the group in which
/// it stands now (line 5).
fn opened<'a>(before: &FleetSlice, id: &str, group: Option<&String>, of: &BTreeSet<&'a CveId>) -> BTreeSet<&'a CveId> {
    let folded = id.to_lowercase();
    let Some(at) = before.devices_where(|device| device.id.to_lowercase() == folded).iter().next() else {
        return BTreeSet::new();
    };
    if before.group_of(at).map(|group| &group.name) != group {
        return BTreeSet::new();
    }
    let open = |id: &&&CveId| before.vulnerabilities.get(**id).is_some_and(|found| found.open().contains(at));
    of.iter().filter(open).copied().collect()
}

fn is_excluded(fleet: &FleetSlice, at: Ordinal) -> bool {
    usize::try_from(at).ok().and_then(|at| fleet.devices.get(at)).is_some_and(|device| device.excluded)
}
