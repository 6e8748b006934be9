//! The dashboard: what needs action, and the landscape behind it.

use serde::Serialize;

use super::cell::{Cell, Part};
use super::entries;
use super::number::{counted, grouped};
use super::page::Page;
use super::portal::{Portal, Threat, to};
use super::reason::absent_from;
use super::route::{Catalogue, Route, Tab};
use super::table::{Kind, Table, columns};
use super::tile::Tile;
use super::{data, techniques, vulnerabilities};
use crate::terms::Moment;

/// How many threats the table of what needs action names.
const ACTIONS: usize = 7;
/// How many lines a short list has.
const LINES: usize = 5;

#[derive(Serialize)]
struct View {
    lead: String,
    tiles: Vec<Tile>,
    summary: Vec<Tile>,
    lists: Vec<List>,
    landscape: Vec<List>,
    guides: Vec<Part>,
}

/// A short list that leads to a long one.
#[derive(Serialize)]
struct List {
    title: &'static str,
    lines: Vec<Line>,
    empty: String,
    more: Option<Part>,
}

#[derive(Serialize)]
struct Line {
    part: Part,
    note: String,
}

/// `/`.
pub(super) fn page(portal: &Portal) -> Page {
    let view = View {
        lead: lead(portal),
        tiles: tiles(portal),
        summary: summary(portal),
        lists: lists(portal),
        landscape: landscape(portal),
        guides: portal
            .slice
            .pages()
            .iter()
            .map(|page| Part::linked(&page.title, Some(to(&Route::Guide(page.name.clone())))))
            .collect(),
    };
    Page::new(Route::Dashboard, "dashboard.html", "Dashboard", "dashboard", &view)
        .tlp(portal.strictest())
        .tables([actions(portal), groups(portal), history(portal)])
        .data(data::dashboard(portal))
}

fn lead(portal: &Portal) -> String {
    let figures = &portal.figures.dashboard;
    let reports = portal.slice.reports().len() as u64;
    if reports == 0 {
        return "No report is published for your role yet.".to_owned();
    }
    let threats = counted(reports, "threat is", "threats are");
    if figures.devices_total == Some(0) {
        return format!("{threats} tracked for you. Your role sees no device, so that nothing is counted.");
    }
    match figures.needs_action.len() as u64 {
        0 => format!("{threats} tracked for you; none of them needs action on what this snapshot holds."),
        n => format!("{threats} tracked for you; {}.", counted(n, "needs action", "need action")),
    }
}

fn tiles(portal: &Portal) -> Vec<Tile> {
    let figures = &portal.figures.dashboard;
    let totals = figures.totals;
    let devices = absent_from(portal.slice, "devices");
    let alerts = absent_from(portal.slice, "alerts");
    let incidents = absent_from(portal.slice, "alerts and incidents");
    vec![
        Tile::count(
            "Active alerts",
            totals.active_alerts,
            "Not yet resolved, linked to at least one threat.",
            Some(alerts.clone()),
        )
        .toned("impacted")
        .to("threats/"),
        Tile::count(
            "Active incidents",
            totals.active_incidents,
            "With at least one active linked alert.",
            Some(incidents),
        )
        .toned("impacted")
        .to("threats/"),
        Tile::count(
            "Impacted devices",
            totals.impacted_devices,
            "With an active alert of at least one threat.",
            Some(alerts),
        )
        .of(figures.devices_total)
        .toned("impacted")
        .to("groups/"),
        Tile::count(
            "Exposed devices",
            totals.exposed_devices,
            "Open to at least one threat and not impacted by it.",
            Some(devices),
        )
        .of(figures.devices_total)
        .toned("exposed")
        .to("groups/"),
    ]
}

fn summary(portal: &Portal) -> Vec<Tile> {
    let summary = portal.figures.dashboard.summary;
    let reason = Some(absent_from(portal.slice, "alerts"));
    let tile = |label, count, note| Tile::count(label, count, note, reason.clone());
    vec![
        tile("With active alerts", summary.map(|counts| counts.active_alerts), "Threats").toned("impacted"),
        tile("With resolved alerts only", summary.map(|counts| counts.resolved_alerts_only), "Threats"),
        tile("Without alerts", summary.map(|counts| counts.no_alerts), "Threats"),
    ]
}

fn actions(portal: &Portal) -> Table {
    let columns = columns([
        ("Threat", Kind::Link),
        ("Severity", Kind::Text),
        ("Active alerts", Kind::Number),
        ("Impacted devices", Kind::Number),
        ("Exposed devices", Kind::Number),
        ("Exposure level", Kind::Text),
        ("Latest update", Kind::Date),
    ]);
    let slugs = &portal.figures.dashboard.needs_action;
    let threats = slugs.iter().take(ACTIONS).filter_map(|slug| portal.threat(slug));
    let rest = slugs.len().saturating_sub(ACTIONS) as u64;
    let table = Table::new("", "needs-action", "Threats that need action", columns)
        .rows(threats.map(action))
        .empty(format!(
            "No threat needs action: of {} none has alerts or exposed devices that this snapshot knows of.",
            counted(portal.slice.reports().len() as u64, "report", "reports")
        ))
        .maybe_note((rest > 0).then(|| format!("{} more in the list of threats.", grouped(rest))));
    table.explained()
}

fn action(threat: Threat) -> Vec<Cell> {
    let figures = threat.figures;
    vec![
        entries::title(&threat),
        entries::severity(&threat),
        Cell::count(figures.alerts.map(|alerts| alerts.active)),
        Cell::state("impacted", figures.devices.impacted, figures.devices.total),
        entries::exposed(&threat),
        figures.exposure.level.map_or_else(Cell::missing, |level| Cell::part(Part::level(level))),
        Cell::moment(Some(entries::latest(&threat))),
    ]
}

fn groups(portal: &Portal) -> Table {
    let groups = portal.slice.fleet().map(|fleet| fleet.groups.as_slice()).unwrap_or_default();
    let rows = groups.iter().map(|group| {
        let devices = u64::from(group.range.end - group.range.start);
        vec![Cell::linked(&group.name, portal.group_link(&group.name)), Cell::count(Some(devices))]
    });
    Table::new("", "groups", "Your device groups", columns([("Device group", Kind::Link), ("Devices", Kind::Number)]))
        .rows(rows)
        .empty("No device group of yours has a device.")
}

fn history(portal: &Portal) -> Table {
    let columns =
        columns([("Snapshot", Kind::Date), ("Exposed devices", Kind::Number), ("Impacted devices", Kind::Number)]);
    let rows = portal.figures.dashboard.history.iter().rev().map(|entry| {
        vec![
            Cell::moment(Some(Moment::Instant(entry.as_of))),
            Cell::count(entry.exposed_devices),
            Cell::count(entry.impacted_devices),
        ]
    });
    Table::new("", "history", "Over the snapshots, the newest first", columns)
        .rows(rows)
        .empty("There is no snapshot yet.")
}

fn lists(portal: &Portal) -> Vec<List> {
    let figures = &portal.figures.dashboard;
    let more = || Some(Part::linked("All threats", Some(to(&Route::Threats))));
    let empty = |available: bool, sentence: &str| {
        if available { sentence.to_owned() } else { absent_from(portal.slice, "alerts") }
    };
    let listed = |slugs: Option<&Vec<String>>, note: fn(&Threat) -> String| -> Vec<Line> {
        let threats = slugs.into_iter().flatten().take(LINES).filter_map(|slug| portal.threat(slug));
        threats
            .map(|threat| Line {
                part: Part::linked(&threat.report.title, Some(threat.link(Tab::Overview))),
                note: note(&threat),
            })
            .collect()
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
            empty: "No device of yours is known to be open to a threat.".to_owned(),
            more: more(),
        },
    ]
}

fn dated(threat: &Threat) -> String {
    super::shown(entries::latest(threat))
}

fn alerts(threat: &Threat) -> String {
    threat.figures.alerts.map_or_else(String::new, |alerts| {
        format!("{} active, {} resolved", grouped(alerts.active), grouped(alerts.resolved))
    })
}

fn exposure(threat: &Threat) -> String {
    let level = threat.figures.exposure.level.map(|level| level.word()).unwrap_or_default();
    let exposed = threat.figures.devices.exposed.unwrap_or_default();
    format!("{level}, {}", counted(exposed, "device exposed", "devices exposed"))
}

fn landscape(portal: &Portal) -> Vec<List> {
    let by_reports = |catalogue: Catalogue, empty: &str| {
        let mut names: Vec<_> = portal.names.catalogue(catalogue).collect();
        names.sort_by_key(|(_, name)| std::cmp::Reverse(name.reports.len()));
        let line = |(url, name): (&String, &super::names::Name)| Line {
            part: Part::linked(&name.spelling, Some(to(&Route::Name(catalogue, url.clone())))),
            note: counted(name.reports.len() as u64, "report", "reports"),
        };
        List {
            title: catalogue.title(),
            lines: names.into_iter().take(LINES).map(line).collect(),
            empty: empty.to_owned(),
            more: Some(Part::linked("All", Some(to(&Route::Catalogue(catalogue))))),
        }
    };
    vec![
        most("Techniques", techniques::most_used(portal, LINES), &Route::Techniques, "Your reports name no technique."),
        most(
            "Vulnerabilities",
            vulnerabilities::most_critical(portal, LINES),
            &Route::Vulnerabilities,
            "Your reports name no vulnerability.",
        ),
        by_reports(Catalogue::Actors, "Your reports name no actor."),
        by_reports(Catalogue::Malware, "Your reports name no malware."),
        by_reports(Catalogue::Surfaces, "Your reports name no attack surface."),
    ]
}

fn most(title: &'static str, lines: Vec<(Part, String)>, all: &Route, empty: &str) -> List {
    List {
        title,
        lines: lines.into_iter().map(|(part, note)| Line { part, note }).collect(),
        empty: empty.to_owned(),
        more: Some(Part::linked("All", Some(to(all)))),
    }
}
