//! The techniques by tactic, as ATT&CK draws them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::cell::Part;
use super::number::counted;
use super::page::Page;
use super::portal::{Portal, Threat, to};
use super::route::Route;
use super::techniques;
use crate::terms::TechniqueId;

/// Reports of a technique are shaded in so many steps.
const STEPS: usize = 5;

#[derive(Serialize)]
struct View {
    intro: String,
    tactics: Vec<Tactic>,
    notice: Option<String>,
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

/// `/techniques/matrix/`.
pub(super) fn page(portal: &Portal) -> Page {
    let knowledge = portal.slice.knowledge();
    let version = knowledge
        .attack_version
        .as_ref()
        .map_or_else(String::new, |version| format!(" Names and tactics are those of MITRE ATT&CK {version}."));
    let intro =
        format!("The techniques that your reports name, by tactic; the darker, the more reports name them.{version}");
    let view = View { intro, tactics: tactics(portal), notice: knowledge.notice.clone() };
    Page::new(Route::Matrix, "matrix.html", "Technique matrix", "techniques", &view)
        .tlp(portal.strictest())
        .under("Dashboard", &Route::Dashboard)
        .under("Techniques", &Route::Techniques)
}

/// The tactics in ATT&CK's order, each with its techniques; last those of no tactic that is known.
fn tactics(portal: &Portal) -> Vec<Tactic> {
    let most = portal.names.techniques.values().map(Vec::len).max().unwrap_or(1);
    let knowledge = portal.slice.knowledge();
    let named = &portal.names.techniques;
    let of = |holds: &dyn Fn(&TechniqueId) -> bool| -> Vec<Technique> {
        let mut families: BTreeMap<TechniqueId, Vec<&TechniqueId>> = BTreeMap::new();
        for id in named.keys().filter(|id| holds(id)) {
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
    let unknown = |id: &TechniqueId| knowledge.techniques.get(id).is_none_or(|known| known.tactics.is_empty());
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
    let active = |threat: Threat| threat.figures.alerts.map_or(0, |alerts| alerts.active);
    let alerts: u64 =
        places.iter().filter_map(|at| portal.threat_at(*at)).filter(|threat| active(*threat) > 0).count() as u64;
    let link = (!places.is_empty()).then(|| to(&Route::Technique(id.clone())));
    Technique {
        part: Part::linked(techniques::label(portal, id), link),
        reports: match places.len() as u64 {
            0 => "named by its parts".to_owned(),
            count => counted(count, "report", "reports"),
        },
        alerts: (alerts > 0).then(|| format!("{alerts} with active alerts")),
        shade: (places.len() * STEPS).div_ceil(most.max(1)),
        parts: Vec::new(),
    }
}

/// The tactics of a report in ATT&CK's order, each with the report's techniques that serve it. A
/// tactic of other reports only is left out: they may be labelled more strictly.
pub(super) fn strip(portal: &Portal, threat: Threat) -> Vec<Step> {
    let knowledge = portal.slice.knowledge();
    let own = threat.report.all_techniques();
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

/// A tactic of a report.
#[derive(Serialize)]
pub(super) struct Step {
    name: String,
    techniques: Vec<Part>,
}
