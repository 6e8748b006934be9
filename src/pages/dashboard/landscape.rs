//! The landscape: what the reports of the role name most, what is new, what is active.

use std::cmp::Reverse;

use super::lists::{LINES, Line, List};
use crate::exposure::{Count, Together};
use crate::pages::cell::Part;
use crate::pages::names::Name;
use crate::pages::number::{counted, grouped};
use crate::pages::portal::{Portal, Threat, to};
use crate::pages::route::{Catalogue, Route};
use crate::pages::{entries, shown, techniques, vulnerabilities};
use crate::terms::ReportType;

pub(super) fn lists(portal: &Portal) -> Vec<List> {
    vec![
        campaigns(portal),
        actors(portal),
        list(
            "Critical vulnerabilities",
            vulnerabilities::most_critical(portal, LINES),
            &Route::Vulnerabilities,
            "Your reports name no vulnerability.",
        ),
        malware(portal),
        list("Most used tactics", tactics(portal), &Route::Matrix, "Your reports name no technique of a known tactic."),
        list(
            "Most used techniques",
            techniques::most_used(portal, LINES),
            &Route::Techniques,
            "Your reports name no technique.",
        ),
        list(
            "Newest techniques",
            techniques::newest(portal, LINES),
            &Route::Techniques,
            "Your reports name no technique.",
        ),
        surfaces(portal),
    ]
}

fn list(title: &'static str, lines: Vec<(Part, String)>, all: &Route, empty: &str) -> List {
    List {
        title,
        lines: lines.into_iter().map(|(part, note)| Line { part, note }).collect(),
        empty: empty.to_owned(),
        more: Some(Part::linked("All", Some(to(all)))),
    }
}

/// Activities and actors with active alerts or an update in the thirty days before the snapshot.
fn campaigns(portal: &Portal) -> List {
    let active = |threat: &Threat| threat.figures.alerts.map_or(0, |alerts| alerts.active);
    let concerned = |threat: &Threat| matches!(threat.report.kind, ReportType::Activity | ReportType::Actor);
    let latest = portal.latest();
    let mut threats: Vec<Threat> = latest.filter(|threat| concerned(threat) && threat.figures.detail.current).collect();
    // The latest stand first, and the sort is stable.
    threats.sort_by_key(|threat| Reverse(active(threat)));
    let note = |threat: &Threat| match active(threat) {
        0 => format!("updated {}", shown(entries::latest(threat))),
        count => counted(count, "active alert", "active alerts"),
    };
    List {
        title: "Active campaigns",
        lines: threats.iter().take(LINES).map(|threat| Line::of(threat, note(threat))).collect(),
        empty: match portal.dashboard().summary {
            Some(_) => "No activity or actor has an active alert or was updated in the last thirty days.".to_owned(),
            None => "No activity or actor was updated in the last thirty days; alerts are not known.".to_owned(),
        },
        more: Some(Part::linked("All threats", Some(to(&Route::Threats)))),
    }
}

/// The names of a catalogue with what their reports count together, in an order.
fn ranked<'a, K: Ord>(
    portal: &'a Portal,
    catalogue: Catalogue,
    key: impl Fn(&Together) -> K,
) -> Vec<(&'a String, &'a Name, Together)> {
    let names = portal.names.catalogue(catalogue);
    let mut names: Vec<_> = names.map(|(url, name)| (url, name, portal.together(&name.reports))).collect();
    // They stand by name, and the sort is stable.
    names.sort_by_key(|(.., together)| Reverse(key(together)));
    names
}

fn named(
    title: &'static str,
    catalogue: Catalogue,
    names: Vec<(&String, &Name, Together)>,
    note: impl Fn(&Together) -> String,
    empty: &str,
) -> List {
    let line = |(url, name, together): (&String, &Name, Together)| {
        let route = Route::Name(catalogue, url.clone());
        (Part::linked(&name.spelling, Some(to(&route))), note(&together))
    };
    list(title, names.into_iter().take(LINES).map(line).collect(), &Route::Catalogue(catalogue), empty)
}

/// The actors of current reports, by active alerts, then current reports.
fn actors(portal: &Portal) -> List {
    let mut names = ranked(portal, Catalogue::Actors, |together| (together.active_alerts, together.current));
    names.retain(|(.., together)| together.current > 0);
    let note = |together: &Together| match together.active_alerts {
        Some(count) if count > 0 => counted(count, "active alert", "active alerts"),
        _ => counted(together.current, "current report", "current reports"),
    };
    named("Active actors", Catalogue::Actors, names, note, "No current report of yours names an actor.")
}

/// Malware by reports, then impacted devices.
fn malware(portal: &Portal) -> List {
    let devices: Devices = (|together| together.impacted, "impacted");
    prevalent(portal, ("Prevalent malware", Catalogue::Malware), devices, "Your reports name no malware.")
}

/// Attack surfaces by reports, then exposed devices.
fn surfaces(portal: &Portal) -> List {
    let devices: Devices = (|together| together.exposed, "exposed");
    prevalent(portal, ("Common attack surfaces", Catalogue::Surfaces), devices, "Your reports name no attack surface.")
}

/// Which devices are told of a name, and in which word.
type Devices = (fn(&Together) -> Count, &'static str);

/// The names of a catalogue by reports, then devices.
fn prevalent(
    portal: &Portal,
    (title, catalogue): (&'static str, Catalogue),
    (devices, word): Devices,
    empty: &str,
) -> List {
    let names = ranked(portal, catalogue, |together| (together.reports, devices(together)));
    let note = |together: &Together| {
        let reports = counted(together.reports, "report", "reports");
        match devices(together) {
            Some(count) if count > 0 => format!("{reports}, {} {word}", grouped(count)),
            _ => reports,
        }
    };
    named(title, catalogue, names, note, empty)
}

/// The tactics that most reports serve.
fn tactics(portal: &Portal) -> Vec<(Part, String)> {
    let knowledge = portal.ground.knowledge();
    let places = |shortname: &String| -> Vec<usize> {
        let techniques = portal
            .names
            .techniques
            .iter()
            .filter(|(id, _)| knowledge.techniques.get(*id).is_some_and(|known| known.tactics.contains(shortname)));
        let mut places: Vec<usize> = techniques.flat_map(|(_, places)| places).copied().collect();
        places.sort_unstable();
        places.dedup();
        places
    };
    let mut tactics: Vec<_> = knowledge
        .tactics
        .iter()
        .map(|tactic| (tactic, places(&tactic.shortname).len() as u64))
        .filter(|(_, reports)| *reports > 0)
        .collect();
    // They stand in ATT&CK's order, and the sort is stable.
    tactics.sort_by_key(|(_, reports)| Reverse(*reports));
    let line = |(tactic, reports): (&crate::knowledge::Tactic, u64)| {
        (Part::text(&tactic.name), counted(reports, "report", "reports"))
    };
    tactics.into_iter().take(LINES).map(line).collect()
}
