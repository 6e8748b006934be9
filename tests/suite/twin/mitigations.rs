//! The lists under `mitigations`: each tracked id, and the updates that answer what is exposed.

use serde_json::{Value, json};

use super::fleet::{Device, Fleet, SEVERITIES};
use super::marks::mark;
use super::view::{Configuration, View};
use super::vulnerability::{is_exposed_row, rows_of};
use super::{configuration, vulnerability};

/// A row of a list with what orders it: devices exposed, most first, then id.
struct Row {
    exposed: usize,
    key: String,
    value: Value,
}

fn ordered(mut rows: Vec<Row>) -> Value {
    rows.sort_by(|a, b| b.exposed.cmp(&a.exposed).then(a.key.cmp(&b.key)));
    rows.into_iter().map(|row| row.value).collect()
}

pub(crate) fn figures(view: &View<'_>) -> Value {
    let configurations = view.configurations();
    let cves = view.vulnerabilities();
    json!({
        "configurations": ordered(configurations.iter().map(|c| configuration_row(view, c)).collect()),
        "vulnerabilities": ordered(cves.iter().map(|cve| vulnerability_row(view, cve)).collect()),
        "updates": updates(view),
    })
}

fn configuration_row(view: &View<'_>, tracked: &Configuration) -> Row {
    let fleet = view.fleet().filter(|fleet| fleet.configurations.is_some());
    let count = |wanted: &str| {
        fleet.map(|fleet| {
            let pairs = fleet.devices.iter().map(|d| configuration::pair(view, fleet, d, &tracked.key));
            pairs.filter(|state| *state == wanted).count()
        })
    };
    let other_antivirus = fleet.map(|fleet| {
        let explained = |device: &&Device| {
            configuration::pair(view, fleet, device, &tracked.key) == "exposed"
                && configuration::by_other_antivirus(view, device, &tracked.key)
        };
        fleet.devices.iter().filter(explained).count()
    });
    let value = json!({
        "id": tracked.id,
        "name": name(view, tracked),
        "secure": count("secure"),
        "exposed": count("exposed"),
        "unavailable": count("unavailable"),
        "not_applicable": count("not_applicable"),
        "other_antivirus": other_antivirus,
    });
    Row { exposed: count("exposed").unwrap_or(0), key: tracked.key.clone(), value }
}

/// Front matter, else the catalogue, else the id.
fn name(view: &View<'_>, tracked: &Configuration) -> String {
    if let Some(name) = &tracked.name {
        return name.clone();
    }
    let entries = view.fleet().map_or(&[][..], |fleet| &fleet.catalogue[..]);
    let entry = entries.iter().find(|entry| entry.configuration == tracked.key);
    match entry.filter(|entry| !entry.name.is_empty()) {
        Some(entry) => {
            mark("name from the catalogue");
            entry.name.clone()
        }
        None => tracked.id.clone(),
    }
}

fn vulnerability_row(view: &View<'_>, cve: &str) -> Row {
    let fleet = view.fleet().filter(|fleet| fleet.vulnerabilities.is_some());
    let count = |counts: &dyn Fn(&Fleet, &Device) -> bool| {
        fleet.map(|fleet| fleet.devices.iter().filter(|device| counts(fleet, device)).count())
    };
    let state =
        |wanted: &'static str| count(&move |fleet, device| vulnerability::pair(view, fleet, device, cve) == wanted);
    let exposed = |fleet: &Fleet, device: &Device| vulnerability::pair(view, fleet, device, cve) == "exposed";
    let value = json!({
        "id": cve,
        "severity": severity(fleet, cve),
        "patched": state("patched"),
        "exposed": state("exposed"),
        "unavailable": state("unavailable"),
        "not_exposed": state("not_exposed"),
        "not_applicable": state("not_applicable"),
        "no_update": count(&|fleet, device| exposed(fleet, device) && no_update(fleet, device, cve)),
        "pending_restart": count(&|fleet, device| exposed(fleet, device) && pending(fleet, device, cve)),
    });
    Row { exposed: state("exposed").unwrap_or(0), key: cve.to_owned(), value }
}

/// The highest among the slice's rows, else `unknown`.
fn severity(fleet: Option<&Fleet>, cve: &str) -> &'static str {
    let rows = fleet.and_then(|fleet| fleet.vulnerabilities.as_deref()).unwrap_or_default();
    let has = |severity: &&&str| rows.iter().any(|row| row.cve == cve && row.severity == **severity);
    SEVERITIES.iter().find(has).copied().unwrap_or("unknown")
}

/// All of an exposed pair's exposed rows say that there is no update.
fn no_update(fleet: &Fleet, device: &Device, cve: &str) -> bool {
    let rows = rows_of(fleet, device, cve);
    let none = rows.iter().filter(|row| is_exposed_row(row)).all(|row| row.update_available == Some(false));
    if none {
        mark("no update available");
    }
    none
}

/// An exposed pair is pending a restart when no row of it is exposed outright.
fn pending(fleet: &Fleet, device: &Device, cve: &str) -> bool {
    let rows = rows_of(fleet, device, cve);
    let outright = rows.iter().any(|row| row.status == "exposed" || row.status.is_empty());
    let waits = rows.iter().any(|row| row.status == "pending_restart");
    if waits {
        mark(if outright { "exposed beats pending restart" } else { "pending restart" });
    }
    waits && !outright
}

/// The updates with at least one exposed device.
fn updates(view: &View<'_>) -> Value {
    let tracked = view.vulnerabilities();
    if tracked.is_empty() {
        return Value::from(Vec::<Value>::new());
    }
    let Some(fleet) = view.fleet().filter(|fleet| fleet.vulnerabilities.is_some()) else {
        return Value::Null;
    };
    let rows = fleet.vulnerabilities.as_deref().unwrap_or_default();
    let mut ids: Vec<&str> = Vec::new();
    for row in rows {
        if !row.update_id.is_empty() && !ids.contains(&row.update_id.as_str()) {
            ids.push(&row.update_id);
        }
    }
    let mut all = Vec::new();
    for id in ids {
        let needs_it = |device: &&Device| {
            tracked.iter().any(|cve| {
                vulnerability::pair(view, fleet, device, cve) == "exposed"
                    && rows_of(fleet, device, cve).iter().any(|row| is_exposed_row(row) && row.update_id == id)
            })
        };
        let exposed = fleet.devices.iter().filter(needs_it).count();
        if exposed == 0 {
            mark("update nobody needs");
            continue;
        }
        let mut answered: Vec<&String> =
            tracked.iter().filter(|cve| rows.iter().any(|row| row.cve == **cve && row.update_id == id)).collect();
        answered.sort();
        let value = json!({
            "id": id,
            "name": update_name(fleet, id),
            "exposed": exposed,
            "vulnerabilities": answered,
        });
        all.push(Row { exposed, key: id.to_owned(), value });
    }
    ordered(all)
}

/// The bytewise first name that any row of the slice gives the update, else its id.
fn update_name(fleet: &Fleet, id: &str) -> String {
    let rows = fleet.vulnerabilities.as_deref().unwrap_or_default();
    let names = rows.iter().filter(|row| row.update_id == id && !row.update_name.is_empty());
    let mut names: Vec<&String> = names.map(|row| &row.update_name).collect();
    names.sort();
    if names.len() > 1 && names.first() != names.last() {
        mark("update with two names");
    }
    names.first().map_or(id.to_owned(), |name| (*name).clone())
}
