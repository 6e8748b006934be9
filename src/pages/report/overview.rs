//! The overview: the answer above the prose.

use serde::Serialize;

use super::{Context, Section, caveats};
use crate::exposure::{ConfigurationFigures, Count, HistoryEntry};
use crate::pages::cell::{Part, Share, capital};
use crate::pages::matrix;
use crate::pages::number::{counted, grouped, percent};
use crate::pages::portal::Threat;
use crate::pages::route::Tab;
use crate::pages::tile::Tile;
use crate::terms::Severity;

/// How many steps "do this first" names.
const STEPS: usize = 5;

#[derive(Serialize)]
struct View {
    answer: String,
    steps: Vec<Step>,
    tiles: Vec<Tile>,
    progress: Vec<Progress>,
    caveats: Vec<String>,
    tactics: Vec<matrix::Step>,
    related: Vec<Part>,
    no_trend: Option<String>,
    no_states: Option<String>,
}

#[derive(Serialize)]
struct Step {
    part: Part,
    note: String,
}

/// How far a kind of mitigation has come.
#[derive(Serialize)]
struct Progress {
    label: &'static str,
    headline: Option<String>,
    share: Option<Share>,
    /// What the bar measures, where the headline does not say it.
    measure: Option<String>,
    detail: String,
    reason: Option<String>,
}

pub(super) fn section(context: &Context) -> Section<'static> {
    let (portal, threat) = (&context.portal, context.threat);
    let view = View {
        answer: answer(threat),
        steps: steps(context),
        tiles: tiles(context),
        progress: vec![configuration(context), patching(context)],
        caveats: caveats::of(threat),
        tactics: matrix::strip(portal, &threat.all_techniques()),
        related: portal.related(threat).iter().map(Threat::title).collect(),
        no_trend: threat.without_alerts(portal.ground),
        no_states: threat
            .figures
            .devices
            .total
            .is_none()
            .then(|| crate::pages::reason::absent_from(portal.ground, "devices")),
    };
    Section::new(serde_json::to_value(&view).unwrap_or_default(), Vec::new())
}

/// Are we exposed?
fn answer(threat: Threat) -> String {
    let devices = threat.figures.devices;
    let Some(total) = devices.total else { return "No snapshot says anything about devices.".to_owned() };
    if total == 0 {
        return "Your role sees no device.".to_owned();
    }
    let of = format!("of your {}", counted(total, "device", "devices"));
    let impacted = match devices.impacted {
        None => "Whether it is active on your devices is not known.".to_owned(),
        Some(0) => "It has no active alert on your devices.".to_owned(),
        Some(1) => format!("1 {of} has an active alert."),
        Some(count) => format!("{} {of} have an active alert.", grouped(count)),
    };
    let exposed = match threat.figures.exposed() {
        _ if !threat.tracks_anything() => "The report tracks nothing by which exposure could be measured.".to_owned(),
        None => "Exposure is not known.".to_owned(),
        Some(0) => format!("None {of} is known to be exposed."),
        Some(1) => format!("1 {of} is exposed."),
        Some(count) => format!("{} {of} are exposed.", grouped(count)),
    };
    format!("{impacted} {exposed}")
}

/// What to do first: the updates that most devices need, then the configurations, then what
/// cannot be measured.
fn steps(context: &Context) -> Vec<Step> {
    let found = &context.threat.figures.mitigations;
    let link = || Some(context.threat.link(Tab::Mitigations));
    let needed = |action: String, devices: u64| Step {
        part: Part::linked(action, link()),
        note: counted(devices, "device needs it", "devices need it"),
    };
    // Both stand by devices, most first.
    let updates = found.updates.iter().flatten().map(|row| needed(format!("Install {}", row.name), row.exposed));
    let open = found.configurations.iter().filter_map(|row| Some((row, row.exposed.filter(|devices| *devices > 0)?)));
    let settings = open.map(|(row, devices)| needed(row.name.clone(), devices));
    let advised = context
        .threat
        .report
        .mitigations
        .iter()
        .map(|advice| Step { part: Part::linked(&advice.action, link()), note: "not measured".to_owned() });
    updates.take(2).chain(settings.take(2)).chain(advised.take(2)).take(STEPS).collect()
}

fn tiles(context: &Context) -> Vec<Tile> {
    let (ground, threat) = (context.portal.ground, context.threat);
    let figures = threat.figures;
    let path = |tab| context.home(tab);
    let since = |count: fn(&HistoryEntry) -> Count, now| context.since(count, now);
    let active_alerts = figures.alerts.map(|alerts| alerts.active);
    vec![
        Tile::count("Active alerts", active_alerts, alerts_note(threat), threat.without_alerts(ground))
            .since(since(|before| before.active_alerts, active_alerts))
            .toned("impacted")
            .defined("alerts")
            .to(&path(Tab::Incidents)),
        Tile::count(
            "Active incidents",
            figures.incidents.map(|incidents| incidents.active),
            incidents_note(threat),
            threat.without_incidents(ground),
        )
        .since(since(|before| before.active_incidents, figures.incidents.map(|incidents| incidents.active)))
        .toned("impacted")
        .defined("alerts")
        .to(&path(Tab::Incidents)),
        Tile::count(
            "Impacted devices",
            figures.devices.impacted,
            "With an active linked alert.",
            threat.without_alerts(ground),
        )
        .since(since(|before| before.devices.impacted, figures.devices.impacted))
        .of(figures.devices.total)
        .toned("impacted")
        .defined("states")
        .to(&path(Tab::Assets)),
        Tile::count(
            "Exposed devices",
            figures.exposed(),
            "Open to it, and not yet impacted.",
            threat.without_level(ground),
        )
        .since(context.exposed_since())
        .of(figures.devices.total)
        .toned("exposed")
        .defined("states")
        .to(&path(Tab::Exposure)),
        Tile::word(
            "Exposure level",
            figures.exposure.level.map(Part::level),
            level_note(threat),
            threat.without_level(ground),
        )
        .defined("exposure")
        .to(&path(Tab::Exposure)),
    ]
}

fn alerts_note(threat: Threat) -> String {
    threat.figures.alerts.map_or_else(String::new, |alerts| {
        format!("{} resolved, {} in all.", grouped(alerts.resolved), grouped(alerts.total))
    })
}

fn incidents_note(threat: Threat) -> String {
    let Some(incidents) = threat.figures.incidents else { return String::new() };
    let by = incidents.active_by_severity;
    let named: Vec<String> = Severity::ALL
        .into_iter()
        .zip([by.critical, by.high, by.medium, by.low, by.informational, by.unknown])
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| format!("{} {}", grouped(count), severity.word()))
        .collect();
    let all = format!("{} in all.", grouped(incidents.total));
    if named.is_empty() { all } else { format!("{}; {all}", capital(&named.join(", "))) }
}

fn level_note(threat: Threat) -> String {
    let exposure = threat.figures.exposure;
    let Some((score, population)) = exposure.score.zip(exposure.population) else { return String::new() };
    format!("Score {score} of 100 over {}.", counted(population, "device", "devices"))
}

fn configuration(context: &Context) -> Progress {
    let label = "Secure configuration";
    let Some(axis) = &context.threat.figures.configuration else {
        let reason = context.threat.without_configuration(context.portal.ground);
        return Progress { label, headline: None, share: None, measure: None, detail: String::new(), reason };
    };
    let ConfigurationFigures { implemented, applicable, pairs_secure, pairs_exposed, .. } = *axis;
    let whole = pairs_secure + pairs_exposed;
    let measure = percent(pairs_secure, whole).map(|share| format!("{share} of the settings on devices are in place"));
    Progress {
        label,
        headline: Some(format!("{} of {} implemented everywhere", grouped(implemented), grouped(applicable))),
        share: Share::of(pairs_secure, whole),
        measure,
        detail: format!("{}.", counted(axis.devices.exposed, "device is misconfigured", "devices are misconfigured")),
        reason: None,
    }
}

fn patching(context: &Context) -> Progress {
    let label = "Vulnerability patching";
    let Some(axis) = &context.threat.figures.vulnerability else {
        let reason = context.threat.without_vulnerability(context.portal.ground);
        return Progress { label, headline: None, share: None, measure: None, detail: String::new(), reason };
    };
    let devices = axis.devices;
    let whole = devices.patched + devices.exposed;
    let headline = percent(devices.patched, whole)
        .map_or_else(|| "No device is patched or exposed".to_owned(), |share| format!("{share} patched"));
    Progress {
        label,
        headline: Some(headline),
        share: Share::of(devices.patched, whole),
        measure: None,
        detail: format!(
            "{}, {} patched.",
            counted(devices.exposed, "device is vulnerable", "devices are vulnerable"),
            grouped(devices.patched)
        ),
        reason: None,
    }
}
