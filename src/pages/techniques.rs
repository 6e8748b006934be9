//! Techniques that the slice's reports name.

use serde_json::json;

use super::cell::{Cell, Part};
use super::entries::{self, reports_table};
use super::link::Link;
use super::number::counted;
use super::page::{Fact, Page};
use super::portal::{Portal, to};
use super::route::Route;
use super::table::{Kind, Table, columns};
use crate::exchange::{Export, LAYER};
use crate::terms::TechniqueId;

/// `/techniques/`.
pub(super) fn index(portal: &Portal) -> Page {
    let version = portal.slice.knowledge().attack_version.as_ref();
    let source =
        version.map_or_else(String::new, |version| format!(" Names and tactics are those of MITRE ATT&CK {version}."));
    let mut more = vec![Part::linked("By tactic, as a matrix", Some(to(&Route::Matrix)))];
    if !portal.names.techniques.is_empty() {
        more.push(Part::linked(Export::Navigator.label(), Some(Link::inside(LAYER))));
    }
    let view = json!({
        "intro": format!("The ATT&CK techniques that your reports name.{source}"),
        "more": more,
    });
    Page::new(Route::Techniques, "index.html", "Techniques", "techniques", &view)
        .tlp(portal.strictest())
        .under("Dashboard", &Route::Dashboard)
        .tables([table(portal)])
}

fn table(portal: &Portal) -> Table {
    let columns = columns([
        ("ID", Kind::Link),
        ("Name", Kind::Text),
        ("Tactics", Kind::Text),
        ("Reports", Kind::Number),
        ("Latest update", Kind::Date),
    ]);
    let rows = portal.names.techniques.iter().map(|(id, places)| {
        let threats = portal.latest_of(places);
        vec![
            Cell { code: true, ..Cell::linked(id.as_str(), portal.technique_link(id)) },
            Cell::text(name(portal, id).unwrap_or_default()),
            Cell::text(tactics(portal, id).join(", ")),
            Cell::count(Some(threats.len() as u64)),
            Cell::moment(threats.first().map(entries::latest)),
        ]
    });
    Table::new("techniques/", "techniques", "Techniques, by ID", columns)
        .rows(rows)
        .empty("Your reports name no technique.")
}

/// `/techniques/ID/`.
pub(super) fn page(portal: &Portal, id: &TechniqueId) -> Option<Page> {
    let threats = portal.latest_of(portal.names.techniques.get(id)?);
    let route = Route::Technique(id.clone());
    let home = route.directory();
    let view = json!({
        "kind": "Technique",
        "facts": facts(portal, id),
        "intro": format!("{} this technique.", counted(threats.len() as u64, "of your reports names", "of your reports name")),
        "notice": portal.slice.knowledge().notice,
    });
    let title = name(portal, id).map_or_else(|| id.to_string(), |name| format!("{id} {name}"));
    Some(
        Page::new(route, "entity.html", title, "techniques", &view)
            .of("Technique")
            .tlp(entries::strictest(&threats)?)
            .under("Dashboard", &Route::Dashboard)
            .under("Techniques", &Route::Techniques)
            .tables([reports_table(portal, &home, &threats)]),
    )
}

fn facts(portal: &Portal, id: &TechniqueId) -> Vec<Fact> {
    let known = portal.slice.knowledge().techniques.get(id);
    let state = known.and_then(|technique| match &technique.revoked_by {
        Some(other) => Some(Part::linked(format!("Replaced by {other}"), portal.technique_link(other))),
        None => technique.deprecated.then(|| Part::text("Deprecated")),
    });
    let subs = portal.names.techniques.keys().filter(|other| other.parent().as_ref() == Some(id));
    let named = |id: &TechniqueId| Part::linked(label(portal, id), portal.technique_link(id));
    let outside = Link::of(portal.slice.site().links.technique.as_ref(), id.as_str());
    [
        Fact::new("ID", vec![Part::linked(id.as_str(), outside)]),
        Fact::new("Tactics", tactics(portal, id).into_iter().map(Part::text).collect()),
        Fact::new("Part of", id.parent().iter().map(named).collect()),
        Fact::new("Sub-techniques named", subs.map(named).collect()),
        Fact::new("In ATT&CK", state.into_iter().collect()),
        Fact::new("Mitigations in ATT&CK", mitigations(portal, id)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What ATT&CK advises against a technique.
fn mitigations(portal: &Portal, id: &TechniqueId) -> Vec<Part> {
    let all = portal.slice.knowledge().mitigations.iter();
    let against = all.filter(|mitigation| mitigation.techniques.contains(id));
    against.map(|mitigation| Part::text(format!("{} {}", mitigation.id, mitigation.name))).collect()
}

/// A technique's name, where ATT&CK is at hand; a sub-technique's after its technique's.
pub(super) fn name(portal: &Portal, id: &TechniqueId) -> Option<String> {
    let known = &portal.slice.knowledge().techniques;
    let name = &known.get(id)?.name;
    let parent = id.parent().and_then(|parent| known.get(&parent));
    Some(parent.map_or_else(|| name.clone(), |parent| format!("{}: {name}", parent.name)))
}

/// Its id, and its name where it is known.
pub(super) fn label(portal: &Portal, id: &TechniqueId) -> String {
    name(portal, id).map_or_else(|| id.to_string(), |name| format!("{id} {name}"))
}

/// The names of its tactics, in ATT&CK's order.
pub(super) fn tactics(portal: &Portal, id: &TechniqueId) -> Vec<String> {
    let knowledge = portal.slice.knowledge();
    let Some(technique) = knowledge.techniques.get(id) else { return Vec::new() };
    let tactics = knowledge.tactics.iter().filter(|tactic| technique.tactics.contains(&tactic.shortname));
    tactics.map(|tactic| tactic.name.clone()).collect()
}

/// The techniques that most reports name; of equals the one in the latest report.
pub(super) fn most_used(portal: &Portal, lines: usize) -> Vec<(Part, String)> {
    let mut techniques: Vec<_> = portal
        .names
        .techniques
        .iter()
        .map(|(id, places)| {
            let newest = portal.latest.iter().position(|at| places.contains(at));
            ((std::cmp::Reverse(places.len()), newest), id)
        })
        .collect();
    techniques.sort();
    techniques
        .into_iter()
        .take(lines)
        .map(|((std::cmp::Reverse(count), _), id)| {
            (
                Part::linked(label(portal, id), Some(to(&Route::Technique(id.clone())))),
                counted(count as u64, "report", "reports"),
            )
        })
        .collect()
}
