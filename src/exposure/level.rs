//! The exposure level (figures.md, section 7).

use std::collections::BTreeMap;

use super::census::Census;
use super::configuration::ConfigurationAxis;
use super::headline::Axis;
use super::vulnerability::VulnerabilityAxis;
use super::{ExposureLevel, Level};
use crate::scope::{DeviceSet, Report};
use crate::terms::Severity;

/// The weight of a configuration whose impact is not known: that of impact 5.
const UNKNOWN_IMPACT: u32 = 50;

pub(super) fn level(
    report: &Report,
    census: &Census,
    configuration: &Axis<ConfigurationAxis>,
    vulnerability: &Axis<VulnerabilityAxis>,
) -> ExposureLevel {
    if configuration.known().is_none() && vulnerability.known().is_none() {
        return ExposureLevel { level: None, score: None, weight: Some(0), population: Some(0) };
    }
    let population = population(census, configuration, vulnerability);
    let weight = weigh(devices_by_weight(report, census));
    let level = match (weight, population) {
        (_, 0) => None,
        (0, _) => Some(Level::None),
        _ if weight < 30 * population => Some(Level::Low),
        _ if weight < 70 * population => Some(Level::Medium),
        _ => Some(Level::High),
    };
    ExposureLevel { level, score: weight.checked_div(population), weight: Some(weight), population: Some(population) }
}

/// Reporting devices that are not "not applicable" on every tracked axis; where an axis is not
/// known, nobody is "not applicable" on it.
fn population(
    census: &Census,
    configuration: &Axis<ConfigurationAxis>,
    vulnerability: &Axis<VulnerabilityAxis>,
) -> u64 {
    let reporting = &census.reporting.reporting;
    if configuration.is_unknown() || vulnerability.is_unknown() {
        return reporting.len();
    }
    let mut beside = reporting.clone();
    if let Some(axis) = configuration.known() {
        beside &= &axis.not_applicable;
    }
    if let Some(axis) = vulnerability.known() {
        beside &= &axis.not_applicable;
    }
    reporting.len() - beside.len()
}

/// The exposed devices under each weight that one of their exposed findings has.
fn devices_by_weight(report: &Report, census: &Census) -> BTreeMap<u32, DeviceSet> {
    let mut weights: BTreeMap<u32, DeviceSet> = BTreeMap::new();
    for id in &report.vulnerabilities {
        let (Some(pairs), Some(found)) = (census.vulnerability(id), census.fleet.vulnerabilities.get(id)) else {
            continue;
        };
        for (severity, devices) in &found.exposed_by_severity {
            *weights.entry(severity_weight(*severity)).or_default() |= &(devices & &pairs.exposed);
        }
    }
    for tracked in &report.configurations {
        let Some(pairs) = census.configuration(&tracked.id) else { continue };
        let impact = census.fleet.catalogue.get(&tracked.id).and_then(|entry| entry.impact_tenths);
        *weights.entry(impact.unwrap_or(UNKNOWN_IMPACT)).or_default() |= &pairs.exposed;
    }
    weights
}

fn severity_weight(severity: Severity) -> u32 {
    match severity {
        Severity::Critical => 100,
        Severity::High => 75,
        Severity::Medium => 50,
        Severity::Low | Severity::Informational | Severity::Unknown => 25,
    }
}

/// Each device once, by the largest weight it stands under.
fn weigh(weights: BTreeMap<u32, DeviceSet>) -> u64 {
    let mut weighed = DeviceSet::new();
    let mut sum = 0;
    for (weight, devices) in weights.into_iter().rev() {
        sum += u64::from(weight) * (&devices - &weighed).len();
        weighed |= &devices;
    }
    sum
}
