//! What stands on pages alone, as rows of their CSV files.

use super::alerts::{impacted, is_active, linked};
use super::fleet::{Device, Fleet, SEVERITIES};
use super::incidents::{Reached, reached};
use super::marks::mark;
use super::reporting::reports;
use super::text::{DAY, Time, date_of};
use super::view::View;
use super::{configuration, vulnerability};

/// The rows of a CSV file without its heading; none where there is no such file.
pub(crate) type Rows = Option<Vec<Vec<String>>>;

/// From all devices to those in danger: what a step counts, and how many. (The shares beside them
/// follow.)
pub(crate) fn funnel(view: &View<'_>) -> Rows {
    let fleet = view.fleet()?;
    let tracks_known = fleet.vulnerabilities.is_some() && !view.vulnerabilities().is_empty()
        || fleet.configurations.is_some() && !view.configurations().is_empty();
    if !tracks_known {
        mark("funnel: nothing known");
        return None;
    }
    let speaks = |device: &Device| reports(device, fleet.now, view.freshness_days());
    let open = |device: &Device| {
        let axes = [vulnerability::axis(view, device), configuration::axis(view, device)];
        speaks(device) && !device.excluded && axes.contains(&Some("exposed"))
    };
    let count = |test: &dyn Fn(&Device) -> bool| fleet.devices.iter().filter(|device| test(device)).count();
    let alerts = linked(view);
    let hit = alerts.map(|alerts| {
        let hit = count(&|device| open(device) && impacted(&alerts, device));
        if hit > 0 {
            mark("funnel: open and with an active alert");
        }
        hit
    });
    let steps = [
        ("All your devices", Some(fleet.devices.len())),
        ("Assessable: they report, and are not excluded", Some(count(&|device| speaks(device) && !device.excluded))),
        ("Open to the threat", Some(count(&open))),
        ("Open, and with an active alert", hit),
        ("Not reporting", Some(count(&|device| !speaks(device)))),
        ("Excluded from assessment", Some(count(&|device| speaks(device) && device.excluded))),
    ];
    let text = |count: Option<usize>| count.map(|count| count.to_string()).unwrap_or_default();
    Some(steps.into_iter().map(|(step, count)| vec![step.to_owned(), text(count)]).collect())
}

/// The incidents of some reports, each once, with whether it is active in any.
fn incidents<'a>(fleet: &'a Fleet, views: &[View<'a>]) -> Option<Vec<(Reached<'a>, bool)>> {
    fleet.alerts.as_ref()?;
    let known = fleet.incidents.as_ref()?;
    let mut all: Vec<(Reached<'a>, bool)> = Vec::new();
    for view in views {
        for found in reached(&linked(view).unwrap_or_default(), known) {
            let active = found.is_active();
            match all.iter_mut().find(|(other, _)| other.incident.id == found.incident.id) {
                Some((_, known)) => *known |= active,
                None => all.push((found, active)),
            }
        }
    }
    Some(all)
}

/// When an incident began: as it says itself for a role that sees all groups, else with the first of
/// its alerts that the role sees, linked or not.
fn beginning(found: &Reached<'_>, fleet: &Fleet, whole: bool) -> Option<Time> {
    if whole {
        return found.incident.created;
    }
    let alerts: Vec<_> = fleet.alerts.iter().flatten().collect();
    let own = reached(&alerts, fleet.incidents.as_deref()?);
    let own = own.into_iter().find(|other| other.incident.id == found.incident.id)?;
    own.alerts.iter().map(|alert| alert.created).min()
}

/// The Monday of a time's week, as days since 1970. (That year began on a Thursday.)
fn monday(at: Time) -> Time {
    let day = at.div_euclid(DAY);
    day - (day + 3).rem_euclid(7)
}

/// Thirteen weeks: Monday, incidents begun, of these active now. Of one report, or of all together.
pub(crate) fn weeks<'a>(fleet: Option<&'a Fleet>, views: &[View<'a>]) -> Rows {
    let fleet = fleet?;
    let all = incidents(fleet, views)?;
    let this = monday(fleet.now);
    let mut rows = Vec::new();
    for ago in (0..13).rev() {
        let week = this - 7 * ago;
        let (mut begun, mut active) = (0, 0);
        for (found, is_active) in &all {
            let whole = views.iter().any(|view| view.whole);
            if beginning(found, fleet, whole).is_some_and(|at| monday(at.min(fleet.now)) == week) {
                mark("an incident in a week");
                begun += 1;
                active += i32::from(*is_active);
            }
        }
        rows.push(vec![date_of(week * DAY), begun.to_string(), active.to_string()]);
    }
    Some(rows)
}

/// Incidents of a report by status: how many, and by severity.
pub(crate) fn statuses(view: &View<'_>) -> Rows {
    linked(view)?;
    let all = incidents(view.fleet()?, std::slice::from_ref(view))?;
    let mut rows = Vec::new();
    for (status, label) in [
        ("active", "Active"),
        ("in_progress", "In progress"),
        ("awaiting_action", "Awaiting action"),
        ("resolved", "Resolved"),
        ("", "Not said"),
    ] {
        let own: Vec<_> = all.iter().filter(|(found, _)| found.incident.status == status).collect();
        if own.is_empty() {
            continue;
        }
        let mut row = vec![label.to_owned(), own.len().to_string()];
        row.extend(SEVERITIES.map(|severity| {
            own.iter().filter(|(found, _)| found.severity(view.whole) == severity).count().to_string()
        }));
        rows.push(row);
    }
    (!rows.is_empty()).then_some(rows)
}

/// Devices of each group, and those of them that do not report.
pub(crate) fn silent(fleet: &Fleet, freshness_days: i64) -> Rows {
    let mut groups: Vec<&String> = fleet.devices.iter().map(|device| &device.group).collect();
    groups.sort();
    groups.dedup();
    let row = |group: &String| {
        let own: Vec<_> = fleet.devices.iter().filter(|device| device.group == *group).collect();
        let silent = own.iter().filter(|device| !reports(device, fleet.now, freshness_days)).count();
        vec![group.clone(), own.len().to_string(), silent.to_string()]
    };
    let rows: Vec<_> = groups.into_iter().map(row).collect();
    (!rows.is_empty()).then_some(rows)
}

/// Where a report's data contradicts itself: about what, and of which kind.
pub(crate) fn contradictions(view: &View<'_>) -> Rows {
    let alerts = linked(view).unwrap_or_default();
    let fleet = view.fleet()?;
    let mut rows = Vec::new();
    let mut found = incidents(fleet, std::slice::from_ref(view)).unwrap_or_default();
    found.sort_by(|(one, _), (other, _)| one.incident.id.cmp(&other.incident.id));
    for (found, _) in found.iter().filter(|(found, _)| found.incident.status == "resolved") {
        if found.alerts.iter().any(|alert| is_active(alert)) {
            rows.push(vec![found.incident.id.clone(), "Incident".to_owned()]);
        }
    }
    let mut odd: Vec<_> = alerts.iter().filter(|alert| alert.resolved.is_some()).collect();
    odd.retain(|alert| is_active(alert) || alert.resolved < Some(alert.created));
    odd.sort_by(|one, other| one.id.cmp(&other.id));
    rows.extend(odd.into_iter().map(|alert| vec![alert.id.clone(), "Alert".to_owned()]));
    let unknown = |device: &&Device| !device.onboarding.is_empty() && device.onboarding != "onboarded";
    let devices = fleet.devices.iter().filter(unknown).filter(|device| impacted(&alerts, device)).count();
    rows.extend((0..devices).map(|_| vec![String::new(), "Device".to_owned()]));
    if !rows.is_empty() {
        mark("contradictions");
    }
    (!rows.is_empty()).then_some(rows)
}
