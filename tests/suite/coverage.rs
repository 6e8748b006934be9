//! Random worlds reach every branch of the figures: a property that never sees a case proves
//! nothing about it. No build is needed, only the twin.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{RngSeed, TestRunner};
use serde_json::Value;

use crate::twin::{self, marks};
use crate::world::{calm_worlds, worlds};

/// Each branch that the twin marks.
const BRANCHES: &[&str] = &[
    // reading rows
    "bad row",
    "device in two ranked groups",
    "newer device row",
    "greater device row",
    "newer configuration row",
    "greater configuration row",
    "snapshot after as-of",
    // who sees what
    "report hidden by tlp",
    "report hidden by audience",
    "report hidden as a draft",
    "report hidden until later",
    "alert after T",
    "alert without device",
    "alert with unknown devices only",
    // alerts and incidents
    "device with resolved alerts only",
    "resolved without a time",
    "resolved after T",
    "resolved before created",
    "redirect",
    "redirect of ten steps",
    "redirect cycle or chain too long",
    "redirect without target",
    // does a device report?
    "not_onboarded",
    "inactive",
    "no_sensor_data",
    "never_seen",
    "stale",
    "reports",
    "last_seen after T",
    "at the edge of staleness",
    // configurations
    "configuration: excluded",
    "configuration: no row",
    "configuration: not applicable",
    "configuration: compliance empty",
    "passive",
    "passive_audit",
    "edr_blocked",
    "other",
    "name from the catalogue",
    // vulnerabilities
    "vulnerability 1: excluded",
    "vulnerability 2: not reporting",
    "vulnerability 3: no status",
    "vulnerability 3: exposed",
    "vulnerability 3: patched",
    "vulnerability 3: not applicable",
    "vulnerability 4: inventory row",
    "vulnerability 4: not assessed",
    "vulnerability 5: patched since",
    "vulnerability 5: another group then",
    "vulnerability 6: patched",
    "vulnerability 6: not applicable",
    "vulnerability 7: not exposed",
    "no update available",
    "pending restart",
    "exposed beats pending restart",
    "update nobody needs",
    "update with two names",
    // headline and exposure
    "headline: excluded and impacted",
    "headline: nothing tracked",
    "headline: a tracked axis without its table",
    "headline: nothing to say",
    "exposure: nothing tracked, or every axis null",
    "exposure: excluded on a null axis",
    "exposure: no population",
    "exposure: at the edge of a level",
    "exposure: just below a level",
    "exposure: more weight, less score",
    "impact known",
    "impact unknown",
    "none",
    "level low",
    "level medium",
    "level high",
    "more than ten",
    // on pages alone
    "funnel: nothing known",
    "funnel: open and with an active alert",
    "an incident in a week",
    "contradictions",
];

/// Figures that must be `null` in some world, and a number or more in another.
const NULLABLE: &[&str] = &[
    ".alerts",
    ".devices_with_alerts",
    ".incidents",
    ".trend",
    ".configuration",
    ".vulnerability",
    ".devices.impacted",
    ".devices.total",
    ".exposure.level",
    ".exposure.weight",
    ".mitigations.updates",
    ".mitigations.configurations[].secure",
    ".mitigations.vulnerabilities[].patched",
    ".history[].configuration",
    ".history[].vulnerability",
    ".history[].devices.impacted",
    ".history[].impacted_devices",
    ".report.severity",
    ".report.updated",
    ".devices_total",
    ".summary",
    ".high_impact",
    ".highest_exposure",
    ".totals.impacted_devices",
    ".totals.active_incidents",
];

/// What the values at one path of the data were over all worlds.
#[derive(Default)]
struct Sightings {
    numbers: BTreeSet<String>,
    positive: BTreeSet<String>,
    null: BTreeSet<String>,
    more: BTreeSet<String>,
}

impl Sightings {
    fn note(&mut self, path: String, value: &Value) {
        if value.is_null() {
            self.null.insert(path);
            return;
        }
        match value {
            Value::Object(object) => {
                object.iter().for_each(|(key, value)| self.note(format!("{path}.{key}"), value));
            }
            Value::Array(list) => list.iter().for_each(|value| self.note(format!("{path}[]"), value)),
            Value::Number(number) => {
                self.numbers.insert(path.clone());
                if number.as_i64().is_some_and(|number| number > 0) {
                    self.positive.insert(path.clone());
                }
            }
            _ => {}
        }
        self.more.insert(path);
    }
}

#[test]
fn worlds_reach_every_branch() {
    let config =
        ProptestConfig { rng_seed: RngSeed::Fixed(2603), failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = TestRunner::new(config);
    let mut sightings = Sightings::default();
    // As many of each as a plain run of the properties holds against the engine.
    let all = prop_oneof![2 => worlds(), 1 => calm_worlds()];
    for _ in 0..384 {
        let world = all.new_tree(&mut runner).unwrap().current();
        for role in &world.config.roles {
            let site = twin::site(&world, role);
            sightings.note(String::new(), &site.dashboard);
            site.reports.iter().for_each(|(_, data)| sightings.note(String::new(), data));
        }
    }
    let seen = marks::seen();
    let missed: Vec<_> = BRANCHES.iter().filter(|branch| !seen.contains(*branch)).collect();
    assert!(missed.is_empty(), "never taken: {missed:?}");
    let unlisted: Vec<_> = seen.iter().filter(|branch| !BRANCHES.contains(branch)).collect();
    assert!(unlisted.is_empty(), "not in the list: {unlisted:?}");
    let flat: Vec<_> = sightings.numbers.difference(&sightings.positive).collect();
    assert!(flat.is_empty(), "never above zero: {flat:?}");
    let certain: Vec<_> =
        NULLABLE.iter().filter(|path| !sightings.null.contains(**path) || !sightings.more.contains(**path)).collect();
    assert!(certain.is_empty(), "not both null and not: {certain:?}");
}
