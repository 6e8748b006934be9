//! Actors, malware, attack surfaces and tags: an index and a page for each name.

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
use super::techniques;
use crate::knowledge::Software;
use crate::terms::url_name;

/// The index of a catalogue.
pub(super) fn index(portal: &Portal, catalogue: Catalogue) -> Page {
    let view = json!({ "intro": catalogue.explained() });
    Page::new(Route::Catalogue(catalogue), "index.html", catalogue.title(), section(catalogue), &view)
        .tlp(portal.strictest())
        .under("Dashboard", &Route::Dashboard)
        .tables([table(portal, catalogue)])
}

fn section(catalogue: Catalogue) -> &'static str {
    catalogue.directory().trim_end_matches('/')
}

fn table(portal: &Portal, catalogue: Catalogue) -> Table {
    let columns = columns([
        (catalogue.singular(), Kind::Link),
        ("Reports", Kind::Number),
        ("Latest report", Kind::Link),
        ("Latest update", Kind::Date),
    ]);
    let rows = portal.names.catalogue(catalogue).map(|(url, name)| {
        let threats = portal.latest_of(&name.reports);
        vec![
            Cell::linked(&name.spelling, Some(to(&Route::Name(catalogue, url.clone())))),
            Cell::count(Some(threats.len() as u64)),
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
}

/// The page of a name.
pub(super) fn page(portal: &Portal, catalogue: Catalogue, name: &str) -> Option<Page> {
    let found = portal.names.name(catalogue, name)?;
    let threats = portal.latest_of(&found.reports);
    let route = Route::Name(catalogue, name.to_owned());
    let home = route.directory();
    let known = attack(portal, catalogue, &found.spelling);
    let is_known = !known.is_empty();
    let view = json!({
        "kind": catalogue.singular(),
        "facts": known.into_iter().chain(facts(portal, catalogue, found, &threats)).collect::<Vec<_>>(),
        "intro": format!("{} it.", counted(threats.len() as u64, "of your reports names", "of your reports name")),
        "tiles": [],
        "notice": is_known.then_some(portal.slice.knowledge().notice.as_ref()),
    });
    Some(
        Page::new(route, "entity.html", &found.spelling, section(catalogue), &view)
            .of(catalogue.singular())
            .tlp(entries::strictest(&threats)?)
            .under("Dashboard", &Route::Dashboard)
            .under(catalogue.title(), &Route::Catalogue(catalogue))
            .tables([reports_table(portal, &home, &threats)]),
    )
}

/// What ATT&CK says of a name: its id and kind, and what others call it. Two things can share a name.
fn attack(portal: &Portal, catalogue: Catalogue, name: &str) -> Vec<Fact> {
    let knowledge = portal.slice.knowledge();
    let labels: Vec<String> = match catalogue {
        Catalogue::Actors => {
            knowledge.groups_called(name).into_iter().map(|group| format!("{} {}", group.id, group.name)).collect()
        }
        Catalogue::Malware => knowledge.software_called(name).into_iter().map(software).collect(),
        Catalogue::Surfaces | Catalogue::Tags => Vec::new(),
    };
    let others = aliases(portal, catalogue, name).into_iter().map(Part::text).collect();
    let labels = labels.into_iter().map(Part::text).collect();
    [Fact::new("In ATT&CK", labels), Fact::new("Also known as", others)].into_iter().flatten().collect()
}

fn software(one: &Software) -> String {
    let kind = one.kind.as_ref().map(|kind| format!(", {kind}")).unwrap_or_default();
    format!("{} {}{kind}", one.id, one.name)
}

/// What else an actor or malware is called, by ATT&CK.
pub(super) fn aliases<'a>(portal: &Portal<'a>, catalogue: Catalogue, name: &str) -> Vec<&'a str> {
    let knowledge = portal.slice.knowledge();
    let called: Vec<(&String, &Vec<String>)> = match catalogue {
        Catalogue::Actors => {
            knowledge.groups_called(name).into_iter().map(|group| (&group.name, &group.aliases)).collect()
        }
        Catalogue::Malware => {
            knowledge.software_called(name).into_iter().map(|one| (&one.name, &one.aliases)).collect()
        }
        Catalogue::Surfaces | Catalogue::Tags => Vec::new(),
    };
    let own = url_name(name);
    let all = called.into_iter().flat_map(|(name, aliases)| std::iter::once(name).chain(aliases));
    let others: BTreeSet<&str> = all.map(String::as_str).filter(|other| url_name(other) != own).collect();
    others.into_iter().collect()
}

/// What else the reports of a name name.
fn facts(portal: &Portal, catalogue: Catalogue, found: &Name, threats: &[Threat]) -> Vec<Fact> {
    let also = |other: Catalogue| {
        let names = threats.iter().flat_map(|threat| other.of(threat.report));
        let unique: BTreeMap<String, &String> = names.map(|name| (url_name(name), name)).collect();
        let own = (other == catalogue).then(|| url_name(&found.spelling));
        let others = unique.into_iter().filter(|(url, _)| Some(url) != own.as_ref());
        others.map(|(_, name)| Part::linked(name, portal.name_link(other, name))).collect()
    };
    let techniques: BTreeSet<_> = threats.iter().flat_map(|threat| threat.report.all_techniques()).collect();
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
