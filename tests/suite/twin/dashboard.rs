//! Section 8: the dashboard, and the list of threats.

use std::cmp::Reverse;

use serde_json::{Value, json};

use super::alerts::{impacted, is_active, linked};
use super::exposure::exposure;
use super::fleet::Fleet;
use super::headline::headline;
use super::incidents::reached;
use super::marks::mark;
use super::report::{alert_figures, device_figures};
use super::text::{Time, certain_time, time_text, utc};
use super::view::View;
use super::{configuration, vulnerability};
use crate::world::World;

/// `/data.json`. The reports' views are asked once per snapshot for the history.
pub(crate) fn dashboard(world: &World, views: &[View<'_>], slices: &[Fleet]) -> Value {
    let fleet = slices.last();
    json!({
        "schema": 1,
        "as_of": utc(&world.as_of),
        "devices_total": fleet.map(|fleet| fleet.devices.len()),
        "threats_total": fleet.map(|_| views.len()),
        "summary": summary(views, fleet),
        "latest": slugs(by_latest(views)),
        "high_impact": high_impact(views, fleet),
        "highest_exposure": highest_exposure(views, fleet),
        "totals": totals(views, fleet),
        "history": history(views, slices),
    })
}

/// The later of published and updated, compared as instants.
fn latest(view: &View<'_>) -> Time {
    let published = certain_time(&view.report.published);
    let updated = view.report.updated.as_deref().map(certain_time);
    updated.map_or(published, |updated| updated.max(published))
}

fn slug(view: &View<'_>) -> String {
    view.report.slug.clone()
}

fn by_latest<'v, 'a>(views: &'v [View<'a>]) -> Vec<&'v View<'a>> {
    let mut views: Vec<&View<'_>> = views.iter().collect();
    views.sort_by_key(|view| (Reverse(latest(view)), slug(view)));
    views
}

/// A list on the dashboard: at most ten.
fn slugs(views: Vec<&View<'_>>) -> Value {
    if views.len() > 10 {
        mark("more than ten");
    }
    views.iter().take(10).map(|view| Value::from(slug(view))).collect()
}

/// The list of threats, newest update first, then slug.
pub(crate) fn threats(views: &[View<'_>]) -> Value {
    by_latest(views).into_iter().map(list_entry).collect()
}

fn list_entry(view: &View<'_>) -> Value {
    let report = view.report;
    // A figure of a page that is `null` has `null` fields here.
    let alerts = alert_figures(view);
    let devices = device_figures(view);
    json!({
        "slug": report.slug,
        "title": report.title,
        "type": report.kind,
        "severity": report.severity,
        "tlp": view.tlp(),
        "tags": report.tags.clone().unwrap_or_default(),
        "published": utc(&report.published),
        "updated": report.updated.as_deref().map(utc),
        "alerts_active": alerts["active"],
        "alerts_resolved": alerts["resolved"],
        "impacted_devices": devices["active"],
        "misconfigured_devices": configuration::figures(view)["devices"]["exposed"],
        "vulnerable_devices": vulnerability::figures(view)["devices"]["exposed"],
        "exposure_level": exposure(view).and_then(|exposure| exposure.level),
    })
}

/// Whether the snapshot has an alerts table.
fn has_alerts(fleet: Option<&Fleet>) -> bool {
    fleet.is_some_and(|fleet| fleet.alerts.is_some())
}

/// (active, resolved, impacted devices) of a report; zeros without a selector.
fn impact(view: &View<'_>) -> (usize, usize, usize) {
    let alerts = linked(view).unwrap_or_default();
    let devices = view.fleet().map_or(&[][..], |fleet| &fleet.devices[..]);
    let active = alerts.iter().filter(|alert| is_active(alert)).count();
    let hit = devices.iter().filter(|device| impacted(&alerts, device)).count();
    (active, alerts.len() - active, hit)
}

fn summary(views: &[View<'_>], fleet: Option<&Fleet>) -> Value {
    if !has_alerts(fleet) {
        return Value::Null;
    }
    let (mut active, mut resolved_only, mut none) = (0, 0, 0);
    for view in views {
        match impact(view) {
            (0, 0, _) => none += 1,
            (0, _, _) => resolved_only += 1,
            _ => active += 1,
        }
    }
    json!({"active_alerts": active, "resolved_alerts_only": resolved_only, "no_alerts": none})
}

fn high_impact(views: &[View<'_>], fleet: Option<&Fleet>) -> Value {
    if !has_alerts(fleet) {
        return Value::Null;
    }
    let mut hit: Vec<&View<'_>> = views.iter().filter(|view| impact(view).0 + impact(view).1 > 0).collect();
    hit.sort_by_key(|view| (Reverse(impact(view)), Reverse(latest(view)), slug(view)));
    slugs(hit)
}

fn highest_exposure(views: &[View<'_>], fleet: Option<&Fleet>) -> Value {
    if fleet.is_none() {
        return Value::Null;
    }
    let mut exposed = Vec::new();
    for view in views {
        if let Some(exposure) = exposure(view)
            && exposure.level.is_some_and(|level| level != "none")
        {
            exposed.push((exposure.weight, exposure.score, view));
        }
    }
    if exposed.iter().any(|a| exposed.iter().any(|b| a.0 > b.0 && a.1 < b.1)) {
        mark("exposure: more weight, less score");
    }
    exposed.sort_by_key(|(weight, score, view)| (Reverse(*weight), Reverse(*score), slug(view)));
    slugs(exposed.into_iter().map(|(_, _, view)| view).collect())
}

fn totals(views: &[View<'_>], fleet: Option<&Fleet>) -> Value {
    let with_alerts = has_alerts(fleet);
    json!({
        "exposed_devices": fleet.map(|fleet| exposed_devices(views, fleet)),
        "impacted_devices": fleet.filter(|_| with_alerts).map(|fleet| impacted_devices(views, fleet)),
        "active_alerts": with_alerts.then(|| active_alerts(views)),
        "active_incidents": fleet.filter(|_| with_alerts).and_then(|fleet| active_incidents(views, fleet)),
    })
}

/// Devices whose headline is exposed in at least one report.
fn exposed_devices(views: &[View<'_>], fleet: &Fleet) -> usize {
    let exposed = |view: &View<'_>, device: &_| headline(view, linked(view).as_deref(), device).0 == "exposed";
    fleet.devices.iter().filter(|device| views.iter().any(|view| exposed(view, device))).count()
}

fn impacted_devices(views: &[View<'_>], fleet: &Fleet) -> usize {
    let hit = |view: &View<'_>, device: &_| linked(view).is_some_and(|alerts| impacted(&alerts, device));
    fleet.devices.iter().filter(|device| views.iter().any(|view| hit(view, device))).count()
}

fn active_alerts(views: &[View<'_>]) -> usize {
    let mut ids = Vec::new();
    for view in views {
        for alert in linked(view).unwrap_or_default() {
            if is_active(alert) && !ids.contains(&&alert.id) {
                ids.push(&alert.id);
            }
        }
    }
    ids.len()
}

fn active_incidents(views: &[View<'_>], fleet: &Fleet) -> Option<usize> {
    let incidents = fleet.incidents.as_ref()?;
    let mut ids = Vec::new();
    for view in views {
        for reached in reached(&linked(view).unwrap_or_default(), incidents) {
            if reached.is_active() && !ids.contains(&&reached.incident.id) {
                ids.push(&reached.incident.id);
            }
        }
    }
    Some(ids.len())
}

/// One entry per snapshot: today's reports over what was known then.
fn history(views: &[View<'_>], slices: &[Fleet]) -> Value {
    let per_view: Vec<Vec<View<'_>>> = views.iter().map(View::history).collect();
    let mut entries = Vec::new();
    for (place, fleet) in slices.iter().enumerate() {
        let then: Vec<View<'_>> = per_view.iter().map(|views| views[place].clone()).collect();
        let impacted = has_alerts(Some(fleet)).then(|| impacted_devices(&then, fleet));
        entries.push(json!({
            "as_of": time_text(fleet.now),
            "exposed_devices": exposed_devices(&then, fleet),
            "impacted_devices": impacted,
        }));
    }
    Value::from(entries)
}
