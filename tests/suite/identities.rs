//! The identities of section 9, over the engine's output alone.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::bench::{Bench, Run, cases, hold};
use crate::twin;
use crate::world::files::Layout;
use crate::world::pools::GROUPS;
use crate::world::{Groups, Role, World, worlds};

/// A group each, and what a role adds up from them.
const SINGLES: [(&str, &str); 4] =
    [("one-a", GROUPS[0]), ("one-b", GROUPS[1]), ("one-c", GROUPS[2]), ("one-u", "ungrouped")];

fn role(name: &str, groups: &[&str]) -> Role {
    let groups = Groups::Listed(groups.iter().map(|group| (*group).to_owned()).collect());
    Role { name: name.to_owned(), groups, clearance: Some("red".to_owned()) }
}

/// The same site with a role per group, one of two groups, one of all of them; every report is for
/// every role, so that builds differ in their devices only.
fn recast(world: &World) -> World {
    let mut world = world.clone();
    let mut roles: Vec<Role> = SINGLES.iter().map(|(name, group)| role(name, &[group])).collect();
    roles.push(role("none", &["no-device"]));
    roles.push(role("two", &[GROUPS[0], GROUPS[1]]));
    roles.push(role("wide", &[GROUPS[0], GROUPS[1], GROUPS[2], "ungrouped"]));
    roles.push(Role { groups: Groups::All, ..role("everything", &[]) });
    world.config.roles = roles;
    for report in &mut world.reports {
        report.audience = None;
    }
    world
}

/// Holds a statement about every report of a recast site.
fn of_every_report(name: &str, statement: fn(&World, &Bench, &str) -> Result<(), String>) {
    hold(
        name,
        worlds(),
        cases(8),
        |world| vec![recast(world)],
        |world| {
            let world = recast(world);
            let bench = Bench::build(&world, &Layout::plain(), Run::default())?;
            let slugs = bench.slugs("everything");
            slugs
                .iter()
                .try_for_each(|slug| statement(&world, &bench, slug).map_err(|error| format!("{slug}: {error}")))
        },
    );
}

fn data(bench: &Bench, role: &str, slug: &str) -> Result<Value, String> {
    bench.json(role, &format!("threats/{slug}/data.json"))
}

/// The sum of an object's numbers; `null` is nothing.
fn sum(object: &Value) -> i64 {
    let values = object.as_object().into_iter().flatten();
    values.filter_map(|(_, value)| value.as_i64()).sum()
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, one: T, other: T) -> Result<(), String> {
    if one == other { Ok(()) } else { Err(format!("{what}: {one:?} is not {other:?}")) }
}

#[test]
fn states_partition_the_devices() {
    of_every_report("states_partition_the_devices", |_, bench, slug| {
        for role in ["one-a", "one-u", "two", "wide", "everything"] {
            partitioned(&data(bench, role, slug)?)?;
        }
        Ok(())
    });
}

fn partitioned(data: &Value) -> Result<(), String> {
    let total = data["devices"]["total"].as_i64().unwrap_or(0);
    same("devices", sum(&data["devices"]), 2 * total)?;
    let unavailable = data["devices"]["unavailable"].as_i64().unwrap_or(0);
    same("unavailable_reasons", sum(&data["unavailable_reasons"]), unavailable)?;
    for axis in ["configuration", "vulnerability"] {
        if !data[axis].is_null() {
            same(axis, sum(&data[axis]["devices"]), total)?;
        }
    }
    let mut of_groups = 0;
    for group in data["groups"].as_array().unwrap() {
        let own = group["devices"]["total"].as_i64().unwrap();
        same("a group", sum(&group["devices"]), 2 * own)?;
        of_groups += own;
    }
    same("groups", of_groups, total)?;
    for row in data["mitigations"]["configurations"].as_array().unwrap() {
        let states = sum(row) - row["other_antivirus"].as_i64().unwrap_or(0);
        same("a configuration", states, if row["secure"].is_null() { 0 } else { total })?;
    }
    for row in data["mitigations"]["vulnerabilities"].as_array().unwrap() {
        let of_exposed = ["no_update", "pending_restart"].map(|key| row[key].as_i64().unwrap_or(0));
        let states = sum(row) - of_exposed.iter().sum::<i64>();
        same("a vulnerability", states, if row["patched"].is_null() { 0 } else { total })?;
    }
    Ok(())
}

#[test]
fn the_last_point_of_the_trend_equals_the_cards() {
    of_every_report("the_last_point_of_the_trend_equals_the_cards", |world, bench, slug| {
        for role in ["one-b", "none", "everything"] {
            let data = data(bench, role, slug)?;
            let Some(points) = data["trend"].as_array() else { continue };
            same("length", points.len() as i64, world.config.trend_days.unwrap_or(30))?;
            let last = points.last().unwrap();
            same("alerts_active", &last["alerts_active"], &data["alerts"]["active"])?;
            same("alerts_resolved", &last["alerts_resolved"], &data["alerts"]["resolved"])?;
            let devices = &data["devices_with_alerts"];
            same("devices_active", &last["devices_active"], &devices["active"])?;
            same("devices_resolved", &last["devices_resolved"], &devices["resolved"])?;
            same("date", last["date"].as_str(), Some(&world.as_of[..10]))?;
        }
        Ok(())
    });
}

/// The figures that add up over groups, by name. Zeros are left out: an update that nobody needs
/// has no row.
fn additive(data: &Value) -> BTreeMap<String, i64> {
    let mut figures = BTreeMap::new();
    let mut take = |name: String, value: &Value| {
        for (key, number) in value.as_object().into_iter().flatten() {
            if let Some(number) = number.as_i64().filter(|number| *number != 0) {
                figures.insert(format!("{name}.{key}"), number);
            }
        }
    };
    for name in ["devices", "unavailable_reasons", "devices_with_alerts"] {
        take(name.to_owned(), &data[name]);
    }
    take("configuration".to_owned(), &data["configuration"]["devices"]);
    take("vulnerability".to_owned(), &data["vulnerability"]["devices"]);
    for list in ["configurations", "vulnerabilities", "updates"] {
        for row in data["mitigations"][list].as_array().into_iter().flatten() {
            take(format!("{list} {}", row["id"]), row);
        }
    }
    for entry in data["history"].as_array().into_iter().flatten() {
        take(format!("devices at {}", entry["as_of"]), &entry["devices"]);
        take(format!("pairs at {}", entry["as_of"]), &entry["configuration"]);
        take(format!("exposed at {}", entry["as_of"]), &entry["vulnerability"]);
    }
    for point in data["trend"].as_array().into_iter().flatten() {
        for key in ["devices_active", "devices_resolved"] {
            take(format!("{key} on {}", point["date"]), &serde_json::json!({"": point[key]}));
        }
    }
    for (object, key) in [
        ("configuration", "pairs_secure"),
        ("configuration", "pairs_exposed"),
        ("configuration", "other_antivirus"),
        ("exposure", "weight"),
        ("exposure", "population"),
    ] {
        take(format!("{object}.{key}"), &serde_json::json!({"": data[object][key]}));
    }
    figures
}

#[test]
fn a_role_is_the_sum_of_its_groups() {
    of_every_report("a_role_is_the_sum_of_its_groups", |_, bench, slug| {
        let mut summed: BTreeMap<String, i64> = BTreeMap::new();
        for (role, _) in SINGLES {
            for (name, number) in additive(&data(bench, role, slug)?) {
                *summed.entry(name).or_default() += number;
            }
        }
        same("wide", additive(&data(bench, "wide", slug)?), summed.clone())?;
        same("everything", additive(&data(bench, "everything", slug)?), summed)
    });
}

#[test]
fn a_further_group_lowers_nothing() {
    of_every_report("a_further_group_lowers_nothing", |_, bench, slug| {
        for (narrow, wider) in [("one-a", "two"), ("one-b", "two"), ("two", "wide")] {
            let more = additive(&data(bench, wider, slug)?);
            for (name, number) in additive(&data(bench, narrow, slug)?) {
                let wide = more.get(&name).copied().unwrap_or(0);
                if wide < number {
                    return Err(format!("{name}: {number} in {narrow}, {wide} in {wider}"));
                }
            }
        }
        Ok(())
    });
}

/// For alerts, the sum over single-group builds is the sum over alerts of the groups they touch.
#[test]
fn alerts_count_once_per_group_they_touch() {
    of_every_report("alerts_count_once_per_group_they_touch", |world, bench, slug| {
        let everything = world.config.roles.last().unwrap();
        let Some(touched) = twin::groups_touched(world, everything, slug) else { return Ok(()) };
        let mut summed = data(bench, "none", slug)?["alerts"]["total"].as_i64().unwrap();
        for (role, _) in SINGLES {
            summed += data(bench, role, slug)?["alerts"]["total"].as_i64().unwrap();
        }
        same("alerts.total", summed, touched)
    });
}
