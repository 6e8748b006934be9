//! Short lists of threats that lead to the long one.

use serde::Serialize;

use crate::pages::cell::Part;
use crate::pages::entries;
use crate::pages::number::{counted, grouped};
use crate::pages::portal::{Portal, Threat, to};
use crate::pages::reason::{OF_EXPOSURE, absent_from, not_available, unknown};
use crate::pages::route::Route;
use crate::pages::shown;

/// How many lines a short list has.
pub(super) const LINES: usize = 5;

/// A short list that leads to a long one.
#[derive(Serialize)]
pub(super) struct List {
    pub(super) title: &'static str,
    pub(super) lines: Vec<Line>,
    pub(super) empty: String,
    pub(super) more: Option<Part>,
}

/// One of its lines.
#[derive(Serialize)]
pub(super) struct Line {
    pub(super) part: Part,
    pub(super) note: String,
}

impl Line {
    /// A report, with a note.
    pub(super) fn of(threat: &Threat, note: String) -> Self {
        Self { part: threat.title(), note }
    }
}

/// The latest threats, those with most alerts, those with most exposure.
pub(super) fn threats(portal: &Portal) -> Vec<List> {
    let figures = &portal.dashboard();
    let more = || Some(Part::linked("All threats", Some(to(&Route::Threats))));
    let empty = |available: bool, sentence: &str| {
        if available { sentence.to_owned() } else { absent_from(portal.ground, "alerts") }
    };
    let listed = |slugs: Option<&Vec<String>>, note: fn(&Threat) -> String| -> Vec<Line> {
        let threats = slugs.into_iter().flatten().take(LINES).filter_map(|slug| portal.threat(slug));
        threats.map(|threat| Line::of(&threat, note(&threat))).collect()
    };
    vec![
        List {
            title: "Latest threats",
            lines: listed(Some(&figures.latest), dated),
            empty: "No report yet.".to_owned(),
            more: more(),
        },
        List {
            title: "High-impact threats",
            lines: listed(figures.high_impact.as_ref(), alerts),
            empty: empty(figures.high_impact.is_some(), "No threat has alerts in your groups."),
            more: more(),
        },
        List {
            title: "Highest exposure",
            lines: listed(figures.highest_exposure.as_ref(), exposure),
            empty: unknown(portal.ground, &OF_EXPOSURE)
                .map_or_else(|| "No device of yours is known to be open to a threat.".to_owned(), not_available),
            more: more(),
        },
    ]
}

fn dated(threat: &Threat) -> String {
    shown(entries::latest(threat))
}

fn alerts(threat: &Threat) -> String {
    threat.figures.alerts.map_or_else(String::new, |alerts| {
        format!("{} active, {} resolved", grouped(alerts.active), grouped(alerts.resolved))
    })
}

fn exposure(threat: &Threat) -> String {
    let level = threat.figures.exposure.level.map(|level| level.word()).unwrap_or_default();
    let exposed = threat.figures.devices.exposed.unwrap_or_default();
    let weight = grouped(threat.figures.exposure.weight.unwrap_or_default());
    format!("{level}, weight {weight}, {}", counted(exposed, "device exposed", "devices exposed"))
}
