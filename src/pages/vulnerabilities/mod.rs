//! Vulnerabilities that the slice's reports name: what is counted of them on devices, and what the
//! world says of them.

mod known;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use super::cell::{Cell, Part};
use super::entries::{self, reports_table};
use super::link::Link;
use super::number::{counted, percent};
use super::page::{Fact, Page};
use super::portal::{Portal, Threat, to};
use super::reason::absent_from;
use super::route::Route;
use super::table::{Kind, Limits, Table, columns};
use super::tile::Tile;
use super::{devices, sources};
use crate::exposure::VulnerabilityRow;
use crate::knowledge::{Exploited, Record};
use crate::terms::{CveId, Severity};

pub(super) use known::{Known, exploited};

/// What is counted of the vulnerabilities that some reports track. A device's state follows from its own rows,
/// so that every report that tracks a vulnerability counts the same.
fn rows<'a>(threats: impl Iterator<Item = Threat<'a>>) -> impl Iterator<Item = &'a VulnerabilityRow> {
    threats.flat_map(|threat| &threat.figures.get().mitigations.vulnerabilities)
}

fn tracked<'a>(portal: &Portal<'a>) -> BTreeMap<&'a CveId, &'a VulnerabilityRow> {
    rows(portal.threats()).map(|row| (&row.id, row)).collect()
}

/// `/vulnerabilities/`.
pub(super) fn index(portal: &Portal) -> Page<'static> {
    let view = json!({ "intro": "The vulnerabilities that your reports name. Devices are counted for those that a report tracks." });
    Page::new(Route::Vulnerabilities, "index.html", "Vulnerabilities", "vulnerabilities", &view)
        .tlp(portal.strictest())
        .under("Dashboard", &Route::Dashboard)
        .tables([table(portal)])
}

fn table(portal: &Portal) -> Table<'static> {
    let mut columns = columns([("CVE", Kind::Link)]);
    columns.extend(Known::columns(portal));
    columns.extend(super::columns([
        ("Severity", Kind::Text),
        ("Exposed devices", Kind::Number),
        ("Patched", Kind::Number),
        ("Reports", Kind::Number),
        ("Latest update", Kind::Date),
    ]));
    let tracked = tracked(portal);
    let rows = portal.names.vulnerabilities.iter().map(|(id, places)| {
        let threats = portal.latest_of(places);
        let row = tracked.get(id);
        let mut cells = vec![Cell { code: true, ..Cell::linked(id.as_str(), portal.vulnerability_link(id)) }];
        cells.extend(Known::of(portal, id).cells());
        cells.extend([
            row.map_or_else(Cell::missing, |row| Cell::part(Part::severity(row.severity))),
            Cell::count(row.and_then(|row| row.exposed)),
            Cell::percent(row.and_then(|row| row.patched), row.and_then(|row| patchable(row))),
            Cell::count(Some(threats.len() as u64)),
            Cell::moment(threats.first().map(entries::latest)),
        ]);
        cells
    });
    Table::new("vulnerabilities/", "vulnerabilities", "Vulnerabilities, by ID", columns)
        .rows(rows)
        .empty("Your reports name no vulnerability.")
        .note("Severity: the highest among your own findings.")
        .maybe_note(sources::note_on_scores(portal))
        .maybe_note(sources::note(portal))
        .explained()
}

/// Devices that are patched or exposed.
pub(super) fn patchable(row: &VulnerabilityRow) -> Option<u64> {
    Some(row.patched? + row.exposed?)
}

/// A page in the style of an advisory: what it is, where it stands in this fleet, what is affected.
#[derive(Serialize)]
struct View<'a> {
    name: Option<&'a str>,
    intro: String,
    description: Option<&'a str>,
    rejected: Option<&'a str>,
    listed: Option<Listed<'a>>,
    tiles: Vec<Tile>,
    facts: Vec<Fact>,
    notices: Vec<String>,
}

/// An entry of CISA's catalogue.
#[derive(Serialize)]
struct Listed<'a> {
    line: String,
    action: Option<&'a str>,
}

/// `/vulnerabilities/CVE/`.
pub(super) fn page<'a>(portal: &Portal<'a>, id: &CveId) -> Option<Page<'a>> {
    let threats = portal.latest_of(portal.names.vulnerabilities.get(id)?);
    let known = Known::of(portal, id);
    let row = rows(threats.iter().copied()).find(|row| row.id == *id);
    let route = Route::Vulnerability(id.clone());
    let home = route.directory();
    let view = View {
        name: known.name(),
        intro: intro(portal, id, threats.len() as u64, row),
        description: known.description(),
        rejected: known.record.and_then(|record| record.rejected.as_deref()),
        listed: known.exploited.map(|one| Listed { line: listed(one), action: one.action.as_deref() }),
        tiles: row.map(|row| tiles(portal, row)).unwrap_or_default(),
        facts: facts(portal, id, row, &known),
        notices: sources::note(portal).into_iter().chain(sources::notices_of_vulnerabilities(portal)).collect(),
    };
    let devices = row.filter(|row| row.exposed.is_some()).map(|row| {
        devices::table(portal, (&home, "devices"), "Exposed devices", &row.exposed_devices, [])
            .empty("No device of yours is known to be exposed to it.")
    });
    let record = known.record.filter(|record| record.rejected.is_none());
    Some(
        Page::new(route, "vulnerability.html", id.as_str(), "vulnerabilities", &view)
            .of("Vulnerability")
            .tlp(entries::strictest(&threats)?)
            .under("Dashboard", &Route::Dashboard)
            .under("Vulnerabilities", &Route::Vulnerabilities)
            .tables([reports_table(portal, &home, &threats)])
            .tables(devices)
            .tables(record.into_iter().flat_map(|record| [affected(&home, record), scores(&home, record)])),
    )
}

/// Since when it is known to be exploited, by when to act, and whether for ransom.
fn listed(one: &Exploited) -> String {
    let since = one.added.map_or_else(String::new, |day| format!(" since {day}"));
    let due = one.due.map_or_else(String::new, |day| format!("; federal agencies have to act by {day}"));
    let ransom = if one.ransomware { " Ransomware campaigns are known to use it." } else { "" };
    format!("CISA lists it as exploited{since}{due}.{ransom}")
}

fn facts(portal: &Portal, id: &CveId, row: Option<&VulnerabilityRow>, known: &Known) -> Vec<Fact> {
    let outside = Link::of(portal.ground.site().links.vulnerability.as_ref(), id.as_str());
    let severity = row.map(|row| Part::severity(row.severity));
    let own = [
        Fact::new("ID", vec![Part::linked(id.as_str(), outside)]),
        Fact::new("Severity in your inventory", severity.into_iter().collect()),
    ];
    own.into_iter().chain(known.facts()).flatten().collect()
}

fn affected(home: &str, record: &Record) -> Table<'static> {
    const ROWS: usize = 100;
    let columns = columns([("Product", Kind::Text), ("Affected versions", Kind::Text), ("Fixed in", Kind::Text)]);
    let rows = known::affected(record);
    let limits = Limits { page: ROWS, download: usize::MAX };
    Table::new(home, "affected", "Affected products, as the CVE record names them", columns)
        .limited(rows.len() as u64, limits, move || rows.clone().into_iter(), |row| row)
        .empty("The CVE record names no product.")
        .note("Fixed in: versions that the record calls not affected, or with which a range of affected ones ends. — means that it does not say.")
}

fn scores(home: &str, record: &Record) -> Table<'static> {
    let columns = columns([
        ("Version", Kind::Text),
        ("Score", Kind::Number),
        ("Severity", Kind::Text),
        ("Given by", Kind::Text),
        ("Vector", Kind::Text),
    ]);
    Table::new(home, "scores", "CVSS base scores in the CVE record", columns)
        .rows(known::scores(record))
        .empty("The CVE record has no CVSS score.")
}

fn intro(portal: &Portal, id: &CveId, reports: u64, row: Option<&VulnerabilityRow>) -> String {
    let named = format!("{} this vulnerability.", counted(reports, "of your reports names", "of your reports name"));
    let is_found = portal.ground.fleet().is_some_and(|fleet| fleet.vulnerabilities.contains_key(id));
    let counted = match row {
        None => "None tracks it, so that it is not counted on devices.".to_owned(),
        Some(row) if row.exposed.is_none() => absent_from(portal.ground, "vulnerability findings"),
        Some(_) if !is_found => "It was not found in your inventory.".to_owned(),
        Some(_) => String::new(),
    };
    format!("{named} {counted}").trim_end().to_owned()
}

fn tiles(portal: &Portal, row: &VulnerabilityRow) -> Vec<Tile> {
    let tile = |label, count, note: &str| {
        Tile::count(label, count, note, Some(absent_from(portal.ground, "vulnerability findings")))
    };
    let share = row.patched.zip(patchable(row)).and_then(|(patched, whole)| percent(patched, whole));
    let patched = share.map_or_else(String::new, |share| format!("{share} of those patched or exposed."));
    let waiting = |count: Option<u64>, one: &str, many: &str| {
        count.filter(|count| *count > 0).map(|count| format!(" {}.", counted(count, one, many))).unwrap_or_default()
    };
    let open = format!(
        "Devices with an open finding.{}{}",
        waiting(row.no_update, "without an update yet", "without an update yet"),
        waiting(row.pending_restart, "waits for a restart", "wait for a restart"),
    );
    vec![
        tile("Exposed", row.exposed, &open).toned("exposed"),
        tile("Patched", row.patched, &patched),
        tile("Unavailable", row.unavailable, "Devices that nobody can vouch for."),
        tile("Not exposed", row.not_exposed, "Patched or never affected: the data cannot tell which."),
        tile("Not applicable", row.not_applicable, "Devices that it does not concern."),
    ]
}

/// The most critical of them: by severity, then whether they are known to be exploited, EPSS, exposed
/// devices, and id.
pub(super) fn most_critical(portal: &Portal, lines: usize) -> Vec<(Part, String)> {
    let mut rows: Vec<_> = tracked(portal).into_values().map(|row| (row, Known::of(portal, &row.id))).collect();
    rows.sort_by_key(|(row, known)| (Reverse((known.rank(row.severity), row.exposed)), &row.id));
    rows.into_iter()
        .take(lines)
        .map(|(row, known)| {
            let exposed = row.exposed.map_or_else(
                || "not available".to_owned(),
                |count| counted(count, "device exposed", "devices exposed"),
            );
            let severity = match known.rank(row.severity).0 {
                Severity::Unknown => None,
                severity => Some(severity.word().to_owned()),
            };
            let note: Vec<String> = severity.into_iter().chain(known.urgency()).chain([exposed]).collect();
            (Part::linked(row.id.as_str(), Some(to(&Route::Vulnerability(row.id.clone())))), note.join(", "))
        })
        .collect()
}
