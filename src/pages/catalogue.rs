//! Actors, malware, attack surfaces and tags: an index and a page for each name.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::cell::{Cell, Part};
use super::entries::{self, reports_table};
use super::names::Name;
use super::number::counted;
use super::page::{Fact, Page};
use super::portal::{Portal, Threat, to};
use super::route::{Catalogue, Route};
use super::table::{Kind, Table, columns};
use super::tile::Tile;
use super::{attack, matrix, techniques};
use crate::terms::{Moment, TechniqueId, url_name};

/// The index of a catalogue.
pub(super) fn index(portal: &Portal, catalogue: Catalogue) -> Page<'static> {
    let view = json!({ "intro": catalogue.explained() });
    Page::new(Route::Catalogue(catalogue), "index.html", catalogue.title(), section(catalogue), &view)
        .tlp(portal.strictest())
        .under("Dashboard", &Route::Dashboard)
        .tables([table(portal, catalogue)])
}

fn section(catalogue: Catalogue) -> &'static str {
    catalogue.directory().trim_end_matches('/')
}

fn table(portal: &Portal, catalogue: Catalogue) -> Table<'static> {
    let columns = columns([
        (catalogue.singular(), Kind::Link),
        ("Reports", Kind::Number),
        ("Active alerts", Kind::Number),
        ("Impacted devices", Kind::Number),
        ("Exposed devices", Kind::Number),
        ("Latest report", Kind::Link),
        ("Latest update", Kind::Date),
    ]);
    let rows = portal.names.catalogue(catalogue).map(|(url, name)| {
        let threats = portal.latest_of(&name.reports);
        let together = portal.together(&name.reports);
        let total = portal.ground.devices_total();
        vec![
            Cell::linked(&name.spelling, Some(to(&Route::Name(catalogue, url.clone())))),
            Cell::count(Some(together.reports)),
            Cell::count(together.active_alerts),
            Cell::state("impacted", together.impacted, total),
            Cell::state("exposed", together.exposed, total),
            threats.first().map_or_else(Cell::default, entries::title),
            Cell::moment(threats.first().map(entries::latest)),
        ]
    });
    let name = match catalogue {
        Catalogue::Actors => "actors",
        Catalogue::Malware => "malware",
        Catalogue::Surfaces => "attack-surfaces",
        Catalogue::Tags => "tags",
    };
    Table::new(catalogue.directory(), name, catalogue.title(), columns)
        .rows(rows)
        .empty("Your reports carry no such name.")
        .explained()
}

/// The page of a name.
pub(super) fn page(portal: &Portal, catalogue: Catalogue, name: &str) -> Option<Page<'static>> {
    let found = portal.names.name(catalogue, name)?;
    let threats = portal.latest_of(&found.reports);
    let route = Route::Name(catalogue, name.to_owned());
    let home = route.directory();
    let known = attack::facts(portal, catalogue, &found.spelling);
    let is_known = !known.is_empty();
    let view = json!({
        "kind": catalogue.singular(),
        "facts": known.into_iter().chain(facts(portal, catalogue, found, &threats)).collect::<Vec<_>>(),
        "intro": format!("{} it.", counted(threats.len() as u64, "of your reports names", "of your reports name")),
        "tiles": tiles(portal, &found.reports),
        "tactics": matrix::strip(portal, &techniques_of(&threats)),
        "notice": is_known.then_some(portal.ground.knowledge().notice.as_ref()),
    });
    Some(
        Page::new(route, "entity.html", &found.spelling, section(catalogue), &view)
            .of(catalogue.singular())
            .tlp(entries::strictest(&threats)?)
            .under("Dashboard", &Route::Dashboard)
            .under(catalogue.title(), &Route::Catalogue(catalogue))
            .tables([reports_table(portal, &home, &threats), timeline(&home, &threats)]),
    )
}

fn techniques_of(threats: &[Threat]) -> BTreeSet<TechniqueId> {
    threats.iter().flat_map(|threat| threat.all_techniques()).collect()
}

/// What the reports of a name count together.
fn tiles(portal: &Portal, places: &[usize]) -> Vec<Tile> {
    let together = portal.together(places);
    let total = portal.ground.devices_total();
    let reason = |what: &str| Some(format!("Not available: none of these reports {what} that the snapshot holds."));
    vec![
        Tile::count(
            "Active alerts",
            together.active_alerts,
            "Of at least one of these reports.",
            reason("links alerts"),
        )
        .toned("impacted")
        .defined("together"),
        Tile::count("Impacted devices", together.impacted, "By at least one of these reports.", reason("links alerts"))
            .of(total)
            .toned("impacted")
            .defined("together"),
        Tile::count(
            "Exposed devices",
            together.exposed,
            "To at least one of these reports.",
            reason("tracks findings"),
        )
        .of(total)
        .toned("exposed")
        .defined("together"),
    ]
}

/// When its reports were published and what changed in them, the newest first.
fn timeline(home: &str, threats: &[Threat]) -> Table<'static> {
    let mut events: Vec<(Moment, Vec<Cell>)> = Vec::new();
    for threat in threats {
        let report = threat.report;
        let event =
            |moment: Moment, what: Cell| (moment, vec![Cell::moment(Some(moment)), what, entries::title(threat)]);
        events.push(event(report.published, Cell::text("Published")));
        let changes = report.changes.iter().map(|change| event(change.date, Cell::text(&change.summary)));
        events.extend(changes);
        // An update that no entry of the change log tells of.
        let untold = report.updated.filter(|updated| report.changes.iter().all(|change| change.date != *updated));
        events.extend(untold.map(|updated| event(updated, Cell::text("Updated"))));
    }
    // They stand by report, the latest first, and the sort is stable.
    events.sort_by_key(|(moment, _)| Reverse(moment.instant()));
    let columns = columns([("Date", Kind::Date), ("What happened", Kind::Text), ("Report", Kind::Link)]);
    Table::new(home, "timeline", "Timeline of these reports", columns)
        .rows(events.into_iter().map(|(_, cells)| cells))
        .empty("No report.")
}

/// What else the reports of a name name.
fn facts(portal: &Portal, catalogue: Catalogue, found: &Name, threats: &[Threat]) -> Vec<Fact> {
    let also = |other: Catalogue| {
        let names = threats.iter().flat_map(|threat| other.of(threat.report));
        let mut unique: BTreeMap<String, &String> = BTreeMap::new();
        for name in names {
            // Of several spellings the one that names the page, as far as these reports have it.
            let spelling = unique.entry(url_name(name)).or_insert(name);
            *spelling = name.min(*spelling);
        }
        let own = (other == catalogue).then(|| url_name(&found.spelling));
        let others = unique.into_iter().filter(|(url, _)| Some(url) != own.as_ref());
        others.map(|(_, name)| Part::linked(name, portal.name_link(other, name))).collect()
    };
    let techniques = techniques_of(threats);
    let technique = |id| Part::linked(techniques::label(portal, &id), portal.technique_link(&id));
    [
        Fact::new("Actors in these reports", also(Catalogue::Actors)),
        Fact::new("Malware in these reports", also(Catalogue::Malware)),
        Fact::new("Attack surfaces", also(Catalogue::Surfaces)),
        Fact::new("Techniques", techniques.into_iter().map(technique).collect()),
    ]
    .into_iter()
    .flatten()
    .collect()
}
