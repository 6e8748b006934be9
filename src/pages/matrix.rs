//! The techniques by tactic, as ATT&CK draws them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::cell::Part;
use super::number::counted;
use super::page::Page;
use super::portal::{Portal, to};
use super::route::{Choice, Route};
use super::techniques;
use crate::terms::TechniqueId;

/// Reports of a technique are shaded in so many steps.
const STEPS: usize = 5;

#[derive(Serialize)]
struct View {
    intro: String,
    choices: Vec<ChoiceLink>,
    empty: &'static str,
    tactics: Vec<Tactic>,
    notice: Option<String>,
}

/// A matrix that a reader can choose.
#[derive(Serialize)]
struct ChoiceLink {
    part: Part,
    current: bool,
}

#[derive(Serialize)]
struct Tactic {
    name: String,
    techniques: Vec<Technique>,
}

#[derive(Serialize)]
struct Technique {
    part: Part,
    reports: String,
    alerts: Option<String>,
    shade: usize,
    parts: Vec<Technique>,
}

/// `/techniques/matrix/`, and the choices under it.
pub(super) fn page(portal: &Portal, choice: Option<Choice>) -> Page<'static> {
    let knowledge = portal.ground.knowledge();
    let version = knowledge
        .attack_version
        .as_ref()
        .map_or_else(String::new, |version| format!(" Names and tactics are those of MITRE ATT&CK {version}."));
    let (what, empty) = match choice {
        None => ("The techniques that your reports name, by tactic", "Your reports name no technique."),
        Some(Choice::Alerted) => (
            "The techniques of reports that have active alerts on your devices, by tactic",
            "No report of yours that names a technique has an active alert.",
        ),
        Some(Choice::Undetected) => (
            "The techniques that no specific detection and no query of your reports is known to find, by tactic",
            "For every technique that your reports name there is a detection or a query.",
        ),
    };
    let view = View {
        intro: format!("{what}; the darker, the more reports name them.{version}"),
        choices: choices(choice),
        empty,
        tactics: tactics(portal, choice),
        notice: knowledge.notice.clone(),
    };
    let route = choice.map_or(Route::Matrix, Route::MatrixOf);
    let page = Page::new(route, "matrix.html", choice.map_or("Technique matrix", Choice::label), "techniques", &view)
        .tlp(portal.strictest())
        .under("Dashboard", &Route::Dashboard)
        .under("Techniques", &Route::Techniques);
    match choice {
        None => page,
        Some(_) => page.of("Technique matrix").under("Technique matrix", &Route::Matrix),
    }
}

fn choices(current: Option<Choice>) -> Vec<ChoiceLink> {
    let link = |label, route: &Route, current| ChoiceLink { part: Part::linked(label, Some(to(route))), current };
    let whole = link("All that reports name", &Route::Matrix, current.is_none());
    let others = Choice::ALL.map(|choice| link(choice.label(), &Route::MatrixOf(choice), current == Some(choice)));
    std::iter::once(whole).chain(others).collect()
}

/// Whether a choice has a technique.
fn chosen(portal: &Portal, choice: Option<Choice>, id: &TechniqueId, places: &[usize]) -> bool {
    let together = || portal.together(places);
    match choice {
        None => true,
        Some(Choice::Alerted) => together().active_alerts.is_some_and(|alerts| alerts > 0),
        Some(Choice::Undetected) => together().detections == 0 && techniques::languages(portal, id).is_empty(),
    }
}

/// The tactics in ATT&CK's order, each with its techniques; last those of no tactic that is known.
fn tactics(portal: &Portal, choice: Option<Choice>) -> Vec<Tactic> {
    let most = portal.names.techniques.values().map(Vec::len).max().unwrap_or(1);
    let knowledge = portal.ground.knowledge();
    let named: Vec<&TechniqueId> = portal
        .names
        .techniques
        .iter()
        .filter(|(id, places)| chosen(portal, choice, id, places))
        .map(|(id, _)| id)
        .collect();
    let of = |holds: &dyn Fn(&TechniqueId) -> bool| -> Vec<Technique> {
        let mut families: BTreeMap<TechniqueId, Vec<&TechniqueId>> = BTreeMap::new();
        for id in named.iter().copied().filter(|id| holds(id)) {
            families.entry(id.parent().unwrap_or_else(|| id.clone())).or_default().push(id);
        }
        let families = families.into_iter();
        families.map(|(id, members)| family(portal, &id, &members, most)).collect()
    };
    let mut tactics: Vec<Tactic> = knowledge
        .tactics
        .iter()
        .map(|tactic| Tactic {
            name: tactic.name.clone(),
            techniques: of(&|id| {
                knowledge.techniques.get(id).is_some_and(|known| known.tactics.contains(&tactic.shortname))
            }),
        })
        .collect();
    let name = if tactics.is_empty() { "Techniques" } else { "Other techniques" };
    let is_known = |short: &String| knowledge.tactics.iter().any(|tactic| tactic.shortname == *short);
    let unknown =
        |id: &TechniqueId| knowledge.techniques.get(id).is_none_or(|known| !known.tactics.iter().any(is_known));
    tactics.push(Tactic { name: name.to_owned(), techniques: of(&unknown) });
    tactics.retain(|tactic| !tactic.techniques.is_empty());
    tactics
}

/// A technique with those of its parts that reports name; it may be named by its parts only.
fn family(portal: &Portal, id: &TechniqueId, members: &[&TechniqueId], most: usize) -> Technique {
    let parts = members.iter().filter(|member| *member != &id).map(|member| cell(portal, member, most)).collect();
    Technique { parts, ..cell(portal, id, most) }
}

fn cell(portal: &Portal, id: &TechniqueId, most: usize) -> Technique {
    let places = portal.names.techniques.get(id).map(Vec::as_slice).unwrap_or_default();
    let together = portal.together(places);
    let alerts = together.active_alerts.unwrap_or_default();
    let link = (!places.is_empty()).then(|| to(&Route::Technique(id.clone())));
    Technique {
        part: Part::linked(techniques::label(portal, id), link),
        reports: match together.reports {
            0 => "named by its parts".to_owned(),
            count => counted(count, "report", "reports"),
        },
        alerts: (alerts > 0).then(|| counted(alerts, "active alert", "active alerts")),
        shade: (places.len() * STEPS).div_ceil(most.max(1)),
        parts: Vec::new(),
    }
}

/// Tactics in ATT&CK's order, each with those of some techniques that serve it. A tactic of others
/// only is left out: their reports may be labelled more strictly.
pub(super) fn strip(portal: &Portal, own: &BTreeSet<TechniqueId>) -> Vec<Step> {
    let knowledge = portal.ground.knowledge();
    let serves = |id: &TechniqueId, tactic: &String| {
        knowledge.techniques.get(id).is_some_and(|known| known.tactics.contains(tactic))
    };
    let step = |tactic: &crate::knowledge::Tactic| Step {
        name: tactic.name.clone(),
        techniques: own
            .iter()
            .filter(|id| serves(id, &tactic.shortname))
            .map(|id| Part::linked(techniques::label(portal, id), portal.technique_link(id)))
            .collect(),
    };
    knowledge.tactics.iter().map(step).filter(|step| !step.techniques.is_empty()).collect()
}

/// A tactic with techniques.
#[derive(Serialize)]
pub(super) struct Step {
    name: String,
    techniques: Vec<Part>,
}
