//! Random worlds reach every branch of the figures: a test that never sees a case proves nothing
//! about it. No build is needed, only the twin.

use std::collections::BTreeMap;

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::Value;

use crate::twin::{self, marks};
use crate::world::worlds;

/// Each branch that the twin marks.
const BRANCHES: &[&str] = &[
    "active", "alert after T", "alert with unknown devices only", "alert without device",
];

#[test]
fn worlds_reach_every_branch() {
    let config = Config { rng_seed: RngSeed::Fixed(2603), failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let mut numbers: BTreeMap<String, (bool, bool)> = BTreeMap::new();
    for _ in 0..600 {
        let world = worlds().new_tree(&mut runner).unwrap().current();
        for role in &world.config.roles {
            let site = twin::site(&world, role);
            note("", &site.dashboard, &mut numbers);
            for (_, data) in &site.reports {
                note("", data, &mut numbers);
            }
        }
    }
    let seen = marks::seen();
    let missed: Vec<_> = BRANCHES.iter().filter(|branch| !seen.contains(*branch)).collect();
    assert!(missed.is_empty(), "never taken: {missed:?}\ntaken: {seen:?}");
    let constant: Vec<_> = numbers
        .iter()
        .filter(|(path, (positive, null))| !(*positive && *null || never_null(path) && *positive))
        .collect();
    assert!(constant.is_empty(), "never both above zero and null: {constant:?}");
}
