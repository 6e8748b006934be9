//! Section 7: exposure level.

use serde_json::{Value, json};

use super::fleet::{Device, Fleet};
use super::marks::mark;
use super::reporting::reports;
use super::view::View;
use super::vulnerability::{is_exposed_row, rows_of};
use super::{configuration, vulnerability};

pub(crate) struct Exposure {
    pub(crate) level: Option<&'static str>,
    pub(crate) score: Option<i64>,
    pub(crate) weight: i64,
    pub(crate) population: i64,
}

/// `None` for a site without a snapshot.
pub(crate) fn exposure(view: &View<'_>) -> Option<Exposure> {
    let fleet = view.fleet()?;
    let cves = !view.vulnerabilities().is_empty();
    let configurations = !view.configurations().is_empty();
    let known = cves && fleet.vulnerabilities.is_some() || configurations && fleet.configurations.is_some();
    if !known {
        mark("exposure: nothing tracked, or every axis null");
        return Some(Exposure { level: None, score: None, weight: 0, population: 0 });
    }
    let (mut weight, mut population) = (0, 0);
    for device in &fleet.devices {
        if !reports(device, fleet.now, view.freshness_days()) {
            continue;
        }
        // On a null axis nobody is "not applicable", an excluded device neither.
        let applies = |tracked: bool, state: Option<&str>| tracked && state != Some("not_applicable");
        let counts = applies(cves, vulnerability::axis(view, device))
            || applies(configurations, configuration::axis(view, device));
        population += i64::from(counts);
        if !device.excluded {
            weight += device_weight(view, fleet, device);
        } else if counts {
            mark("exposure: excluded on a null axis");
        }
    }
    if population == 0 {
        mark("exposure: no population");
        return Some(Exposure { level: None, score: None, weight, population });
    }
    let level = level(weight, population);
    Some(Exposure { level: Some(level), score: Some(weight / population), weight, population })
}

/// By the exact quotient: `weight / population < 30` is `weight < 30 × population`.
fn level(weight: i64, population: i64) -> &'static str {
    let level = if weight == 0 {
        "none"
    } else if weight < 30 * population {
        "level low"
    } else if weight < 70 * population {
        "level medium"
    } else {
        "level high"
    };
    mark(level);
    if weight == 30 * population || weight == 70 * population {
        mark("exposure: at the edge of a level");
    }
    if weight > 0 && (weight / population == 29 || weight / population == 69) {
        mark("exposure: just below a level");
    }
    level.trim_start_matches("level ")
}

/// The largest weight of a reporting, not excluded device's exposed pairs.
fn device_weight(view: &View<'_>, fleet: &Fleet, device: &Device) -> i64 {
    let mut largest = 0;
    if fleet.vulnerabilities.is_some() {
        for cve in view.vulnerabilities() {
            if vulnerability::pair(view, fleet, device, &cve) == "exposed" {
                largest = largest.max(severity_weight(fleet, device, &cve));
            }
        }
    }
    if fleet.configurations.is_some() {
        for tracked in view.configurations() {
            if configuration::pair(view, fleet, device, &tracked.key) == "exposed" {
                largest = largest.max(impact_weight(fleet, &tracked.key));
            }
        }
    }
    largest
}

/// By the highest severity of the device's exposed rows.
fn severity_weight(fleet: &Fleet, device: &Device, cve: &str) -> i64 {
    let rows = rows_of(fleet, device, cve);
    let weights = rows.iter().filter(|row| is_exposed_row(row)).map(|row| match row.severity {
        "critical" => 100,
        "high" => 75,
        "medium" => 50,
        _ => 25,
    });
    weights.max().unwrap_or(25)
}

/// 10 × its impact, 5 when unknown.
fn impact_weight(fleet: &Fleet, configuration: &str) -> i64 {
    let entry = fleet.catalogue.iter().find(|entry| entry.configuration == configuration);
    let impact = entry.and_then(|entry| entry.tenfold_impact);
    mark(if impact.is_some() { "impact known" } else { "impact unknown" });
    impact.unwrap_or(50)
}

pub(crate) fn figures(view: &View<'_>) -> Value {
    match exposure(view) {
        None => json!({"level": null, "score": null, "weight": null, "population": null}),
        Some(exposure) => json!({
            "level": exposure.level,
            "score": exposure.score,
            "weight": exposure.weight,
            "population": exposure.population,
        }),
    }
}
