//! The dashboard: what needs action, and the landscape behind it.

use jiff::Timestamp;
use serde::Serialize;

use super::cell::{Cell, Part};
use super::entries;
use super::number::{counted, grouped};
use super::page::Page;
use super::portal::{Portal, Threat, to};
use super::reason::absent_from;
use super::route::{Catalogue, Route, Tab};
use super::since::Since;
use super::table::{Kind, Table, columns};
use super::tile::Tile;
use super::{charts, data, since, techniques, vulnerabilities};
use crate::exposure::{Count, DashboardHistory};

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
        .tables([actions(portal), groups(portal)])
        .tables(changed(portal))
        .charts(charts::threats(portal).into_iter().chain(charts::burn_down(&points(portal), "")))
        .data(data::dashboard(portal))
}

fn points(portal: &Portal) -> Vec<charts::Point> {
    let history = portal.figures.dashboard.history.iter();
    let point = |entry: &DashboardHistory| charts::Point {
        as_of: entry.as_of,
        impacted: entry.impacted_devices,
        exposed: entry.exposed_devices,
    };
    history.map(point).collect()
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
    let since = |count: fn(&DashboardHistory) -> Count, now| {
        portal.before().and_then(|before| Since::between(count(before), now, before.as_of))
    };
    vec![
        Tile::count(
            "Active alerts",
            totals.active_alerts,
            "Not yet resolved, linked to at least one threat.",
            Some(alerts.clone()),
        )
        .toned("impacted")
        .since(since(|before| before.active_alerts, totals.active_alerts))
        .to("threats/"),
        Tile::count(
            "Active incidents",
            totals.active_incidents,
            "With at least one active linked alert.",
            Some(incidents),
        )
        .toned("impacted")
        .since(since(|before| before.active_incidents, totals.active_incidents))
        .to("threats/"),
        Tile::count(
            "Impacted devices",
            totals.impacted_devices,
            "With an active alert of at least one threat.",
            Some(alerts),
        )
        .of(figures.devices_total)
        .toned("impacted")
        .since(since(|before| before.impacted_devices, totals.impacted_devices))
        .to("groups/"),
        Tile::count(
            "Exposed devices",
            totals.exposed_devices,
            "Open to at least one threat and not impacted by it.",
            Some(devices),
        )
        .of(figures.devices_total)
        .toned("exposed")
        .since(since(|before| before.exposed_devices, totals.exposed_devices))
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

/// The threats whose report or counts have changed since the snapshot before, those that grew most
/// first.
fn changed(portal: &Portal) -> Option<Table> {
    let before = portal.before()?.as_of;
    let columns = columns([
        ("Threat", Kind::Link),
        ("Report", Kind::Text),
        ("Exposed devices before", Kind::Number),
        ("Exposed devices now", Kind::Number),
        ("Active alerts before", Kind::Number),
        ("Active alerts now", Kind::Number),
    ]);
    let mut moved: Vec<(Threat, Moved)> =
        portal.threats().filter_map(|threat| Some((threat, Moved::of(&threat, before)?))).collect();
    // Reports stand by slug, and the sort is stable.
    moved.sort_by_key(|(_, moved)| std::cmp::Reverse((moved.growth(), moved.report)));
    let rows = moved.into_iter().map(|(threat, moved)| {
        vec![
            entries::title(&threat),
            Cell::text(moved.report.unwrap_or_default()),
            Cell::count(moved.exposed.0),
            Cell::count(moved.exposed.1),
            Cell::count(moved.alerts.0),
            Cell::count(moved.alerts.1),
        ]
    });
    let day = since::day(before);
    let table = Table::new("", "changed", format!("What changed since {day}"), columns).rows(rows).empty(format!(
        "Since {day} no report, no count of exposed devices and no count of active alerts has changed."
    ));
    Some(table.explained())
}

/// How a threat has moved since a snapshot: counts before and now.
struct Moved {
    report: Option<&'static str>,
    exposed: (Count, Count),
    alerts: (Count, Count),
}

impl Moved {
    /// Nothing where nothing has moved.
    fn of(threat: &Threat, since: Timestamp) -> Option<Self> {
        let [.., before, now] = threat.figures.history.as_slice() else { return None };
        let report = match threat.report.latest() > since {
            true if threat.report.published.instant() > since => Some("New"),
            true => Some("Updated"),
            false => None,
        };
        let exposed = match threat.tracks_anything() {
            true => (before.devices.exposed, now.devices.exposed),
            false => (None, None),
        };
        let moved = Self { report, exposed, alerts: (before.active_alerts, now.active_alerts) };
        (report.is_some() || exposed.0 != exposed.1 || moved.alerts.0 != moved.alerts.1).then_some(moved)
    }

    /// By how much it grew: alerts first, then devices; less than nothing where it became better.
    fn growth(&self) -> (i128, i128) {
        let grown = |(before, now): (Count, Count)| match (before, now) {
            (Some(before), Some(now)) => i128::from(now) - i128::from(before),
            _ => 0,
        };
        (grown(self.alerts), grown(self.exposed))
    }
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
