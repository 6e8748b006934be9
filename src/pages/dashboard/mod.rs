//! The dashboard: what needs action, and the landscape behind it.

mod changed;
mod landscape;
mod lists;
mod side;

use serde::Serialize;

use super::cell::{Cell, Part};
use super::entries;
use super::number::{agreeing, counted, grouped};
use super::page::{Chart, Page};
use super::portal::{Portal, Threat};
use super::reason::{OF_ACTION, absent_from, caveat, not_available, unknown};
use super::route::Route;
use super::since::{Since, of_exposed};
use super::table::{Kind, Table, columns};
use super::tile::Tile;
use super::{charts, data, guide};
use crate::exposure::{Count, DashboardHistory};
use lists::List;

/// How many threats the table of what needs action names.
const ACTIONS: usize = 7;

#[derive(Serialize)]
struct View {
    lead: String,
    tiles: Vec<Tile>,
    summary: Vec<Tile>,
    lists: Vec<List>,
    landscape: Vec<List>,
    no_bars: String,
    no_weeks: Option<String>,
    guides: Vec<Part>,
}

/// `/`.
pub(super) fn page(portal: &Portal) -> Page<'static> {
    let figures = &portal.dashboard();
    let view = View {
        lead: lead(portal),
        tiles: tiles(portal),
        summary: summary(portal),
        lists: lists::threats(portal),
        landscape: landscape::lists(portal),
        no_bars: unknown(portal.ground, &OF_ACTION).map_or_else(
            || "No device of yours is known to be impacted by or exposed to a threat.".to_owned(),
            not_available,
        ),
        no_weeks: figures.weeks.is_none().then(|| absent_from(portal.ground, "alerts and incidents")),
        guides: guide::links(portal),
    };
    Page::new(Route::Dashboard, "dashboard.html", "Dashboard", "dashboard", &view)
        .tlp(portal.strictest())
        .tables([actions(portal), side::groups(portal), side::sources(portal)])
        .tables(changed::table(portal))
        .charts(charts(portal))
        .data(data::dashboard(portal))
}

fn charts(portal: &Portal) -> impl Iterator<Item = Chart> {
    let weeks = portal.dashboard().weeks.as_deref().map(|weeks| charts::weeks(weeks, ""));
    charts::threats(portal).into_iter().chain(weeks).chain(charts::burn_down(&points(portal), ""))
}

fn points(portal: &Portal) -> Vec<charts::Point> {
    let history = portal.dashboard().history.iter();
    let point = |entry: &DashboardHistory| charts::Point {
        as_of: entry.as_of,
        impacted: entry.impacted_devices,
        exposed: entry.exposed_devices,
    };
    history.map(point).collect()
}

fn lead(portal: &Portal) -> String {
    let figures = &portal.dashboard();
    let reports = portal.count() as u64;
    if reports == 0 {
        return "No report is published for your role yet.".to_owned();
    }
    let threats = counted(reports, "threat is", "threats are");
    if !figures.needs_action.is_empty() {
        return format!("{threats} tracked for you; {}.", reached(portal));
    }
    if let Some(clause) = unknown(portal.ground, &OF_ACTION) {
        return format!("{threats} tracked for you. Whether action is needed cannot be told: {clause}.");
    }
    let none = agreeing(reports, "it needs no action", "none of them needs action");
    let caveat = caveat(portal.ground, &OF_ACTION).unwrap_or_default();
    format!("{threats} tracked for you; {none} on what this snapshot holds.{caveat}")
}

/// How many threats have active alerts, and how many others stand beside them in the table of what needs action.
fn reached(portal: &Portal) -> String {
    let figures = &portal.dashboard();
    let active = figures.summary.map_or(0, |counts| counts.active_alerts);
    let resolved = figures.summary.map_or(0, |counts| counts.resolved_alerts_only);
    let others = (figures.needs_action.len() as u64).saturating_sub(active);
    let why = match (resolved, others - resolved.min(others)) {
        (0, _) => "exposed devices",
        (_, 0) => "resolved alerts only",
        _ => "exposed devices or resolved alerts only",
    };
    let have = |count| if portal.count() == 1 { "it has".to_owned() } else { counted(count, "has", "have") };
    match (active, others) {
        (active, 0) => format!("{} active alerts", have(active)),
        (0, others) => format!("{} {why}", have(others)),
        (active, others) => {
            format!("{} active alerts, {} {why}", have(active), counted(others, "more has", "more have"))
        }
    }
}

fn tiles(portal: &Portal) -> Vec<Tile> {
    let figures = &portal.dashboard();
    let totals = figures.totals;
    let devices = absent_from(portal.ground, "devices");
    let alerts = absent_from(portal.ground, "alerts");
    let incidents = absent_from(portal.ground, "alerts and incidents");
    let since = |count: fn(&DashboardHistory) -> Count, now| {
        portal.before().and_then(|before| Since::between(count(before), now, before.as_of))
    };
    let impacted = since(|before| before.impacted_devices, totals.impacted_devices);
    let exposed = since(|before| before.exposed_devices, totals.exposed_devices);
    vec![
        Tile::count(
            "Active alerts",
            totals.active_alerts,
            "Not yet resolved, linked to at least one threat.",
            Some(alerts.clone()),
        )
        .toned("impacted")
        .since(since(|before| before.active_alerts, totals.active_alerts))
        .defined("alerts")
        .to("threats/"),
        Tile::count(
            "Active incidents",
            totals.active_incidents,
            "With at least one active linked alert.",
            Some(incidents),
        )
        .toned("impacted")
        .since(since(|before| before.active_incidents, totals.active_incidents))
        .defined("alerts")
        .to("threats/"),
        Tile::count(
            "Impacted devices",
            totals.impacted_devices,
            "With an active alert of at least one threat.",
            Some(alerts),
        )
        .of(figures.devices_total)
        .toned("impacted")
        .since(impacted.clone())
        .defined("states")
        .to("groups/"),
        Tile::count(
            "Exposed devices",
            totals.exposed_devices,
            "Open to at least one threat and not impacted by it.",
            Some(devices),
        )
        .of(figures.devices_total)
        .toned("exposed")
        .since(of_exposed(exposed, impacted.as_ref()))
        .defined("states")
        .to("groups/"),
    ]
}

fn summary(portal: &Portal) -> Vec<Tile> {
    let summary = portal.dashboard().summary;
    let reason = Some(absent_from(portal.ground, "alerts"));
    let tile = |label, count: Count| {
        Tile::count(label, count, agreeing(count.unwrap_or_default(), "Threat", "Threats"), reason.clone())
    };
    vec![
        tile("With active alerts", summary.map(|counts| counts.active_alerts)).toned("impacted"),
        tile("With resolved alerts only", summary.map(|counts| counts.resolved_alerts_only)),
        tile("Without alerts", summary.map(|counts| counts.no_alerts)),
    ]
}

fn actions(portal: &Portal) -> Table<'static> {
    let columns = columns([
        ("Threat", Kind::Link),
        ("Severity", Kind::Text),
        ("Active alerts", Kind::Number),
        ("Impacted devices", Kind::Number),
        ("Exposed devices", Kind::Number),
        ("Exposure level", Kind::Text),
        ("Latest update", Kind::Date),
    ]);
    let slugs = &portal.dashboard().needs_action;
    let threats = slugs.iter().take(ACTIONS).filter_map(|slug| portal.threat(slug));
    let rest = slugs.len().saturating_sub(ACTIONS) as u64;
    let table = Table::new("", "needs-action", "Threats that need action", columns)
        .rows(threats.map(action))
        .empty(no_action(portal))
        .maybe_note((rest > 0).then(|| format!("{} more in the list of threats.", grouped(rest))));
    table.explained()
}

fn no_action(portal: &Portal) -> String {
    let reports = counted(portal.count() as u64, "report", "reports");
    unknown(portal.ground, &OF_ACTION).map_or_else(
        || {
            let caveat = caveat(portal.ground, &OF_ACTION).unwrap_or_default();
            format!("No threat needs action: of {reports} none has alerts or exposed devices that this snapshot knows of.{caveat}")
        },
        not_available,
    )
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
