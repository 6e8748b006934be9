//! Techniques that the slice's reports name.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde_json::json;

use super::advice::Advice;
use super::attack;
use super::cell::{Cell, Part, shown};
use super::entries::{self, reports_table};
use super::evidence::Evidence;
use super::link::Link;
use super::number::counted;
use super::page::{Fact, Page};
use super::portal::{Portal, Threat, to};
use super::route::{Choice, Route, Tab};
use super::table::{Kind, Table, columns};
use crate::exchange::{Export, LAYER};
use crate::scope::markdown::Heading;
use crate::terms::{TechniqueId, Tlp};

/// `/techniques/`.
pub(super) fn index(portal: &Portal) -> Page<'static> {
    let version = portal.ground.knowledge().attack_version.as_ref();
    let source =
        version.map_or_else(String::new, |version| format!(" Names and tactics are those of MITRE ATT&CK {version}."));
    let mut more = vec![Part::linked("By tactic, as a matrix", Some(to(&Route::Matrix)))];
    more.extend(Choice::ALL.map(|choice| Part::linked(choice.label(), Some(to(&Route::MatrixOf(choice))))));
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

fn table(portal: &Portal) -> Table<'static> {
    let columns = columns([
        ("ID", Kind::Link),
        ("Name", Kind::Text),
        ("Tactics", Kind::Text),
        ("Reports", Kind::Number),
        ("Active alerts", Kind::Number),
        ("Detections", Kind::Number),
        ("Queries", Kind::Text),
        ("Mitigations", Kind::Number),
        ("Latest update", Kind::Date),
    ]);
    let rows = portal.names.techniques.iter().map(|(id, places)| {
        let threats = portal.latest_of(places);
        let together = portal.together(places);
        vec![
            Cell { code: true, ..Cell::linked(id.as_str(), portal.technique_link(id)) },
            Cell::text(name(portal, id).unwrap_or_default()),
            Cell::text(tactics(portal, id).join(", ")),
            Cell::count(Some(together.reports)),
            Cell::count(together.active_alerts),
            Cell::count(Some(together.detections)),
            Cell::text(languages(portal, id).into_iter().collect::<Vec<_>>().join(", ")),
            Cell::count(Some(together.mitigations)),
            Cell::moment(threats.first().map(entries::latest)),
        ]
    });
    Table::new("techniques/", "techniques", "Techniques, by ID", columns)
        .rows(rows)
        .empty("Your reports name no technique.")
        .explained()
        .note("Alerts, detections and mitigations are those of the reports that name the technique; queries are those that name it, or whose section does.")
}

/// `/techniques/ID/`.
pub(super) fn page(portal: &Portal, id: &TechniqueId) -> Option<Page<'static>> {
    let threats = portal.latest_of(portal.names.techniques.get(id)?);
    let tlp = entries::strictest(&threats)?;
    let route = Route::Technique(id.clone());
    let home = route.directory();
    let view = json!({
        "kind": "Technique",
        "facts": facts(portal, id, tlp),
        "intro": format!("{} this technique.", counted(threats.len() as u64, "of your reports names", "of your reports name")),
        "notice": portal.ground.knowledge().notice,
    });
    let title = name(portal, id).map_or_else(|| id.to_string(), |name| format!("{id} {name}"));
    Some(
        Page::new(route, "entity.html", title, "techniques", &view)
            .of("Technique")
            .tlp(tlp)
            .under("Dashboard", &Route::Dashboard)
            .under("Techniques", &Route::Techniques)
            .tables([
                reports_table(portal, &home, &threats),
                passages(portal, &home, id),
                queries(portal, &home, id),
                mitigations(&home, &threats),
            ]),
    )
}

/// What the reports say of the technique, word by word.
fn passages(portal: &Portal, home: &str, id: &TechniqueId) -> Table<'static> {
    let mut rows = Vec::new();
    for (threat, found) in evidence(portal, id) {
        rows.extend(found.passages.iter().filter(|passage| passage.techniques.contains(id)).map(|passage| {
            vec![entries::title(&threat), Cell::text(&passage.text), section(threat, passage.heading.as_ref())]
        }));
    }
    let columns = columns([("Report", Kind::Link), ("Evidence", Kind::Text), ("Section", Kind::Link)]);
    Table::new(home, "evidence", "What the reports say of it", columns)
        .rows(rows)
        .empty("Reports name it beside their text only.")
}

/// The queries that find it.
fn queries(portal: &Portal, home: &str, id: &TechniqueId) -> Table<'static> {
    let mut rows = Vec::new();
    for (threat, found) in evidence(portal, id) {
        rows.extend(found.queries.iter().filter(|query| query.techniques.contains(id)).map(|query| {
            vec![section(threat, query.heading.as_ref()), Cell::text(query.language), entries::title(&threat)]
        }));
    }
    let columns = columns([("Query under", Kind::Link), ("Language", Kind::Text), ("Report", Kind::Link)]);
    Table::new(home, "queries", "Queries that detect it", columns)
        .rows(rows)
        .empty("No query of your reports, and no section around one, names it.")
        .note("A query is listed where it names the technique itself, or the section it stands in does.")
}

/// What the reports that name it advise, by the devices that lack it.
fn mitigations(home: &str, threats: &[Threat]) -> Table<'static> {
    let mut all = Advice::over(threats.iter().copied());
    // They stand by report, and the sort is stable.
    all.sort_by_key(|one| Reverse(one.open()));
    let rows = all.into_iter().map(|one| {
        let open = one.open();
        vec![Cell::linked(one.name, Some(one.link)), Cell::text(one.kind), Cell::count(open)]
    });
    let columns = columns([("Mitigation", Kind::Link), ("Kind", Kind::Text), ("Devices that need it", Kind::Number)]);
    Table::new(home, "mitigations", "Mitigations in these reports", columns)
        .rows(rows)
        .empty("The reports that name it advise nothing.")
        .explained()
}

/// The reports that name a technique with what their texts say of it, the latest first.
fn evidence<'a>(portal: &Portal<'a>, id: &TechniqueId) -> Vec<(Threat<'a>, &'a Evidence)> {
    let places = portal.names.techniques.get(id).map(Vec::as_slice).unwrap_or_default();
    portal.by_rank(places).filter_map(|at| Some((portal.threat_at(at)?, portal.evidence(at)?))).collect()
}

/// A section of a report's text.
fn section(threat: Threat, heading: Option<&Heading>) -> Cell {
    let page = Route::Report(threat.report.slug.clone(), Tab::Analyst).directory();
    let (text, path) = match heading {
        Some(heading) => (heading.text.as_str(), format!("{page}#{}", heading.id)),
        None => (Tab::Analyst.label(), page),
    };
    Cell::linked(text, Some(Link::inside(&path)))
}

/// The languages of the queries that find a technique.
pub(super) fn languages(portal: &Portal, id: &TechniqueId) -> BTreeSet<&'static str> {
    let queries = evidence(portal, id).into_iter().flat_map(|(_, found)| &found.queries);
    queries.filter(|query| query.techniques.contains(id)).map(|query| query.language).collect()
}

fn facts(portal: &Portal, id: &TechniqueId, tlp: Tlp) -> Vec<Fact> {
    let known = portal.ground.knowledge().techniques.get(id);
    let state = known.and_then(|technique| match &technique.revoked_by {
        Some(other) => Some(Part::linked(format!("Replaced by {other}"), portal.technique_link(other))),
        None => technique.deprecated.then(|| Part::text("Deprecated")),
    });
    // What only stricter reports name would be out of place on the page.
    let fits = |places: &[usize]| portal.latest_of(places).iter().any(|threat| threat.report.tlp <= tlp);
    let subs = portal.names.techniques.iter().filter(|(other, _)| other.parent().as_ref() == Some(id));
    let subs = subs.filter(|(_, places)| fits(places)).map(|(other, _)| other);
    let named = |id: &TechniqueId| Part::linked(label(portal, id), portal.technique_link(id));
    let outside = Link::of(portal.ground.site().links.technique.as_ref(), id.as_str());
    [
        Fact::new("ID", vec![Part::linked(id.as_str(), outside)]),
        Fact::new("Tactics", tactics(portal, id).into_iter().map(Part::text).collect()),
        Fact::new("Part of", id.parent().iter().map(named).collect()),
        Fact::new("Sub-techniques named", subs.map(named).collect()),
        Fact::new("In ATT&CK", state.into_iter().collect()),
        Fact::new("Mitigations in ATT&CK", attack::mitigations(portal, id)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A technique's name, where ATT&CK is at hand; a sub-technique's after its technique's.
pub(super) fn name(portal: &Portal, id: &TechniqueId) -> Option<String> {
    let known = &portal.ground.knowledge().techniques;
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
    let knowledge = portal.ground.knowledge();
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
            let newest = places.iter().map(|at| portal.rank(*at)).min();
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

/// The techniques that reports have named for the shortest time; of equals the first by id.
pub(super) fn newest(portal: &Portal, lines: usize) -> Vec<(Part, String)> {
    let published = |at: &usize| portal.threat_at(*at).map(|threat| threat.report.published);
    let first = |places: &Vec<usize>| places.iter().filter_map(published).min_by_key(|moment| moment.instant());
    let mut techniques: Vec<_> =
        portal.names.techniques.iter().filter_map(|(id, places)| Some((first(places)?, id))).collect();
    // They stand by id, and the sort is stable.
    techniques.sort_by_key(|(first, _)| Reverse(first.instant()));
    techniques
        .into_iter()
        .take(lines)
        .map(|(first, id)| {
            (Part::linked(label(portal, id), portal.technique_link(id)), format!("since {}", shown(first)))
        })
        .collect()
}
