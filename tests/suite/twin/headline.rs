//! Section 6: one headline state per device.

use serde_json::{Value, json};

use super::alerts::{impacted, linked};
use super::fleet::{Alert, Device};
use super::marks::mark;
use super::reporting::silence;
use super::view::View;
use super::{configuration, vulnerability};

/// The state of a device, and for an unavailable one the reason.
pub(crate) fn headline(
    view: &View<'_>,
    alerts: Option<&[&Alert]>,
    device: &Device,
) -> (&'static str, Option<&'static str>) {
    let Some(fleet) = view.fleet() else { return ("not_applicable", None) };
    if alerts.is_some_and(|alerts| impacted(alerts, device)) {
        if device.excluded {
            mark("headline: excluded and impacted");
        }
        return ("impacted", None);
    }
    let tracks_cves = !view.vulnerabilities().is_empty();
    let tracks_configurations = !view.configurations().is_empty();
    if !tracks_cves && !tracks_configurations {
        mark("headline: nothing tracked");
        return ("not_applicable", None);
    }
    if device.excluded {
        return ("not_applicable", None);
    }
    if let Some(reason) = silence(device, fleet.now, view.freshness_days()) {
        return ("unavailable", Some(reason));
    }
    let vulnerability = vulnerability::axis(view, device);
    let configuration = configuration::axis(view, device);
    let axes = [vulnerability, configuration];
    if axes.contains(&Some("exposed")) {
        return ("exposed", None);
    }
    let absent = tracks_cves && vulnerability.is_none() || tracks_configurations && configuration.is_none();
    if absent {
        mark("headline: a tracked axis without its table");
    }
    if absent || axes.contains(&Some("unavailable")) {
        return ("unavailable", Some("not_assessed"));
    }
    if axes.contains(&Some("secure")) || axes.contains(&Some("patched")) {
        return ("mitigated", None);
    }
    mark("headline: nothing to say");
    ("not_applicable", None)
}

/// `devices`, of the whole slice or of one group.
pub(crate) fn devices(view: &View<'_>, group: Option<&str>) -> Value {
    let Some(fleet) = view.fleet() else {
        return json!({
            "total": null, "impacted": null, "exposed": null,
            "unavailable": null, "mitigated": null, "not_applicable": null,
        });
    };
    let alerts = linked(view);
    let of_group: Vec<&Device> = fleet.devices.iter().filter(|d| group.is_none_or(|name| d.group == name)).collect();
    let count = |wanted: &str| {
        let states = of_group.iter().map(|device| headline(view, alerts.as_deref(), device).0);
        states.filter(|state| *state == wanted).count()
    };
    json!({
        "total": of_group.len(),
        "impacted": alerts.as_ref().map(|_| count("impacted")),
        "exposed": count("exposed"),
        "unavailable": count("unavailable"),
        "mitigated": count("mitigated"),
        "not_applicable": count("not_applicable"),
    })
}

/// Why devices are unavailable.
pub(crate) fn reasons(view: &View<'_>) -> Value {
    let alerts = linked(view);
    let count = |wanted: &str| {
        let devices = &view.fleet()?.devices;
        let reasons = devices.iter().map(|device| headline(view, alerts.as_deref(), device).1);
        Some(reasons.filter(|reason| *reason == Some(wanted)).count())
    };
    json!({
        "not_onboarded": count("not_onboarded"),
        "inactive": count("inactive"),
        "no_sensor_data": count("no_sensor_data"),
        "never_seen": count("never_seen"),
        "stale": count("stale"),
        "not_assessed": count("not_assessed"),
    })
}

/// The same per group of the role that has a device, by name.
pub(crate) fn groups(view: &View<'_>) -> Value {
    let mut names: Vec<&str> = Vec::new();
    for device in view.fleet().iter().flat_map(|fleet| &fleet.devices) {
        if !names.contains(&device.group.as_str()) {
            names.push(&device.group);
        }
    }
    names.sort_unstable();
    let groups = names.iter();
    groups.map(|name| json!({"name": name, "devices": devices(view, Some(name))})).collect()
}
