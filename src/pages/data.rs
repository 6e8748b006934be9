//! Figures in the contract's form (section 7). Keys come out sorted, since the maps of
//! `serde_json` are.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::portal::{Portal, Threat};

/// `/data.json`.
pub(super) fn dashboard(portal: &Portal) -> Value {
    dated(portal, &portal.dashboard())
}

/// `/threats/SLUG/data.json`.
pub(super) fn report(portal: &Portal, threat: Threat) -> Value {
    let mut value = dated(portal, threat.figures.get());
    let report = threat.report;
    value["report"] = json!({
        "slug": report.slug, "title": report.title, "type": report.kind, "severity": report.severity,
        "tlp": report.tlp, "published": report.published, "updated": report.updated,
    });
    value
}

/// `/threats/data.json`, the latest first.
pub(super) fn threats(portal: &Portal) -> Value {
    let threats = portal.latest().map(row).collect();
    dated(portal, &Map::from_iter([("threats".to_owned(), Value::Array(threats))]))
}

fn row(threat: Threat) -> Value {
    let (report, figures) = (threat.report, threat.figures);
    json!({
        "slug": report.slug, "title": report.title, "type": report.kind, "severity": report.severity,
        "tlp": report.tlp, "tags": report.tags, "published": report.published, "updated": report.updated,
        "alerts_active": figures.alerts.map(|alerts| alerts.active),
        "alerts_resolved": figures.alerts.map(|alerts| alerts.resolved),
        "impacted_devices": figures.devices.impacted,
        "misconfigured_devices": figures.configuration.as_ref().map(|axis| axis.devices.exposed),
        "vulnerable_devices": figures.vulnerability.as_ref().map(|axis| axis.devices.exposed),
        "exposure_level": figures.exposure.level,
    })
}

fn dated(portal: &Portal, figures: &impl Serialize) -> Value {
    // The figures have string keys only, so that this cannot fail.
    let mut value = serde_json::to_value(figures).unwrap_or_default();
    value["schema"] = json!(1);
    value["as_of"] = json!(portal.ground.as_of().to_string());
    value
}
