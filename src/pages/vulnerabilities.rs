//! Vulnerabilities that the slice's reports name.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::json;

use super::cell::{Cell, Part};
use super::devices;
use super::entries::{self, reports_table};
use super::link::Link;
use super::number::{counted, grouped, percent};
use super::page::{Fact, Page};
use super::portal::{Portal, to};
use super::reason::absent_from;
use super::route::Route;
use super::table::{Kind, Table, columns};
use super::tile::Tile;
use crate::exposure::VulnerabilityRow;
use crate::terms::{CveId, Severity};

/// What is counted of every tracked vulnerability. A device's state follows from its own rows,
/// so that every report that tracks the vulnerability counts the same.
fn tracked<'a>(portal: &Portal<'a>) -> BTreeMap<&'a CveId, &'a VulnerabilityRow> {
    portal.threats().flat_map(|threat| &threat.figures.mitigations.vulnerabilities).map(|row| (&row.id, row)).collect()
}

/// `/vulnerabilities/`.
pub(super) fn index(portal: &Portal) -> Page {
    let view = json!({ "intro": "The vulnerabilities that your reports name. Devices are counted for those that a report tracks." });
    Page::new(Route::Vulnerabilities, "index.html", "Vulnerabilities", "vulnerabilities", &view)
        .tlp(portal.strictest())
        .under("Dashboard", &Route::Dashboard)
        .tables([table(portal)])
}

fn table(portal: &Portal) -> Table {
    let columns = columns([
        ("CVE", Kind::Link),
        ("Severity", Kind::Text),
        ("Exposed devices", Kind::Number),
        ("Patched", Kind::Number),
        ("Reports", Kind::Number),
        ("Latest update", Kind::Date),
    ]);
    let tracked = tracked(portal);
    let rows = portal.names.vulnerabilities.iter().map(|(id, places)| {
        let threats = portal.latest_of(places);
        let row = tracked.get(id);
        vec![
            Cell { code: true, ..Cell::linked(id.as_str(), portal.vulnerability_link(id)) },
            row.map_or_else(Cell::missing, |row| Cell::part(Part::severity(row.severity))),
            Cell::count(row.and_then(|row| row.exposed)),
            Cell::percent(row.and_then(|row| row.patched), row.and_then(|row| patchable(row))),
            Cell::count(Some(threats.len() as u64)),
            Cell::moment(threats.first().map(entries::latest)),
        ]
    });
    Table::new("vulnerabilities/", "vulnerabilities", "Vulnerabilities, by ID", columns)
        .rows(rows)
        .empty("Your reports name no vulnerability.")
        .explained()
}

/// Devices that are patched or exposed.
pub(super) fn patchable(row: &VulnerabilityRow) -> Option<u64> {
    Some(row.patched? + row.exposed?)
}

/// `/vulnerabilities/CVE/`.
pub(super) fn page(portal: &Portal, id: &CveId) -> Option<Page> {
    let threats = portal.latest_of(portal.names.vulnerabilities.get(id)?);
    let tracked = tracked(portal);
    let row = tracked.get(id).copied();
    let route = Route::Vulnerability(id.clone());
    let home = route.directory();
    let outside = Link::of(portal.slice.site().links.vulnerability.as_ref(), id.as_str());
    let severity = row.map(|row| Part::severity(row.severity));
    let facts = [
        Fact::new("ID", vec![Part::linked(id.as_str(), outside)]),
        Fact::new("Severity in your inventory", severity.into_iter().collect()),
    ];
    let view = json!({
        "kind": "Vulnerability",
        "facts": facts.into_iter().flatten().collect::<Vec<_>>(),
        "intro": intro(portal, threats.len() as u64, row),
        "tiles": row.map(|row| tiles(portal, row)).unwrap_or_default(),
        "notice": null,
    });
    let devices = row.filter(|row| row.exposed.is_some()).map(|row| {
        devices::table(portal, (&home, "devices"), "Exposed devices", &row.exposed_devices, portal.limits(), &[])
            .empty("No device of yours is known to be exposed to it.")
    });
    Some(
        Page::new(route, "entity.html", id.as_str(), "vulnerabilities", &view)
            .of("Vulnerability")
            .tlp(entries::strictest(&threats)?)
            .under("Dashboard", &Route::Dashboard)
            .under("Vulnerabilities", &Route::Vulnerabilities)
            .tables([reports_table(portal, &home, &threats)])
            .tables(devices),
    )
}

fn intro(portal: &Portal, reports: u64, row: Option<&VulnerabilityRow>) -> String {
    let named = format!("{} this vulnerability.", counted(reports, "of your reports names", "of your reports name"));
    let counted = match row {
        None => "None tracks it, so that it is not counted on devices.".to_owned(),
        Some(row) if row.exposed.is_none() => absent_from(portal.slice, "vulnerability findings"),
        Some(row) if row.severity == Severity::Unknown && row.exposed == Some(0) => {
            "It was not found in your inventory.".to_owned()
        }
        Some(_) => String::new(),
    };
    format!("{named} {counted}").trim_end().to_owned()
}

fn tiles(portal: &Portal, row: &VulnerabilityRow) -> Vec<Tile> {
    let tile = |label, count, note: &str| {
        Tile::count(label, count, note, Some(absent_from(portal.slice, "vulnerability findings")))
    };
    let share = row.patched.zip(patchable(row)).and_then(|(patched, whole)| percent(patched, whole));
    let patched = share.map_or_else(String::new, |share| format!("{share} of those patched or exposed."));
    let waiting = |count: Option<u64>, what: &str| {
        count.filter(|count| *count > 0).map(|count| format!(" {} {what}.", grouped(count))).unwrap_or_default()
    };
    let open = format!(
        "Devices with an open finding.{}{}",
        waiting(row.no_update, "without an update yet"),
        waiting(row.pending_restart, "wait for a restart"),
    );
    vec![
        tile("Exposed", row.exposed, &open).toned("exposed"),
        tile("Patched", row.patched, &patched),
        tile("Unavailable", row.unavailable, "Devices that nobody can vouch for."),
        tile("Not exposed", row.not_exposed, "Patched or never affected: the data cannot tell which."),
        tile("Not applicable", row.not_applicable, "Devices that it does not concern."),
    ]
}

/// The most critical of them: by severity, then exposed devices, then id.
pub(super) fn most_critical(portal: &Portal, lines: usize) -> Vec<(Part, String)> {
    let mut rows: Vec<_> = tracked(portal).into_values().collect();
    rows.sort_by_key(|row| (Reverse(row.severity), Reverse(row.exposed), &row.id));
    rows.into_iter()
        .take(lines)
        .map(|row| {
            let exposed = row.exposed.map_or_else(
                || "not available".to_owned(),
                |count| counted(count, "device exposed", "devices exposed"),
            );
            let note = match row.severity {
                Severity::Unknown => exposed,
                severity => format!("{}, {exposed}", severity.word()),
            };
            (Part::linked(row.id.as_str(), Some(to(&Route::Vulnerability(row.id.clone())))), note)
        })
        .collect()
}
