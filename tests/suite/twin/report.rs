//! `/threats/SLUG/data.json`, in the contract's shape.

use serde_json::{Value, json};

use super::alerts::{count, impacted, is_active, linked, only_resolved};
use super::fleet::SEVERITIES;
use super::incidents::reached;
use super::text::{time_text, utc};
use super::view::View;
use super::{configuration, exposure, headline, mitigations, trend, vulnerability};

pub(crate) fn data(view: &View<'_>) -> Value {
    let report = view.report;
    json!({
        "schema": 1,
        "as_of": utc(&view.world.as_of),
        "report": {
            "slug": report.slug,
            "title": report.title,
            "type": report.kind,
            "severity": report.severity,
            "tlp": view.tlp(),
            "published": utc(&report.published),
            "updated": report.updated.as_deref().map(utc),
        },
        "devices": headline::devices(view, None),
        "unavailable_reasons": headline::reasons(view),
        "alerts": alert_figures(view),
        "devices_with_alerts": device_figures(view),
        "incidents": incident_figures(view),
        "configuration": configuration::figures(view),
        "vulnerability": vulnerability::figures(view),
        "exposure": exposure::figures(view),
        "mitigations": mitigations::figures(view),
        "groups": headline::groups(view),
        "trend": trend::trend(view),
        "history": history(view),
    })
}

pub(crate) fn alert_figures(view: &View<'_>) -> Value {
    let Some(alerts) = linked(view) else { return Value::Null };
    json!({
        "total": alerts.len(),
        "active": count(&alerts, is_active),
        "resolved": count(&alerts, |alert| !is_active(alert)),
        "false_positive": count(&alerts, |alert| {
            !is_active(alert) && alert.classification == "false_positive"
        }),
    })
}

pub(crate) fn device_figures(view: &View<'_>) -> Value {
    let (Some(alerts), Some(fleet)) = (linked(view), view.fleet()) else { return Value::Null };
    let active = fleet.devices.iter().filter(|device| impacted(&alerts, device)).count();
    let resolved = fleet.devices.iter().filter(|device| only_resolved(&alerts, device)).count();
    json!({"total": active + resolved, "active": active, "resolved": resolved})
}

fn incident_figures(view: &View<'_>) -> Value {
    let incidents = view.fleet().and_then(|fleet| fleet.incidents.as_ref());
    let (Some(alerts), Some(incidents)) = (linked(view), incidents) else { return Value::Null };
    let reached = reached(&alerts, incidents);
    let mut by_severity = serde_json::Map::new();
    for severity in SEVERITIES {
        let of_it = reached.iter().filter(|i| i.is_active() && i.severity(view.whole) == severity);
        by_severity.insert(severity.to_owned(), Value::from(of_it.count()));
    }
    json!({
        "total": reached.len(),
        "active": reached.iter().filter(|incident| incident.is_active()).count(),
        "active_by_severity": by_severity,
    })
}

/// Each snapshot up to the current one, oldest first, at its own time.
fn history(view: &View<'_>) -> Value {
    let mut entries = Vec::new();
    for then in view.history() {
        let configuration = configuration::figures(&then);
        let vulnerability = vulnerability::figures(&then);
        entries.push(json!({
            "as_of": then.fleet().map(|fleet| time_text(fleet.now)),
            "devices": headline::devices(&then, None),
            "configuration": if configuration.is_null() { Value::Null } else { json!({
                "pairs_secure": configuration["pairs_secure"],
                "pairs_exposed": configuration["pairs_exposed"],
            }) },
            "vulnerability": if vulnerability.is_null() { Value::Null } else { json!({
                "exposed": vulnerability["devices"]["exposed"],
            }) },
        }));
    }
    Value::from(entries)
}
