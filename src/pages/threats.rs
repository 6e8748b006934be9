//! The list of threats, in several orders.

use std::cmp::Reverse;

use serde_json::{Value, json};

use super::cell::{Cell, Part};
use super::entries::{exposed, latest, names, no_devices, severity, title};
use super::page::Page;
use super::portal::{Portal, Threat, to};
use super::route::{Catalogue, Order, Route};
use super::table::{Kind, Table, columns};
use super::{data, number::counted};

/// `/threats/`.
pub(super) fn page(portal: &Portal) -> Page<'static> {
    let latest = portal.latest();
    list(portal, Route::Threats, "Threats", "the latest update first", latest.collect())
        .under("Dashboard", &Route::Dashboard)
        .data(data::threats(portal))
}

/// `/threats/by/ORDER/`: the same for those who read without scripts, and to be sent.
pub(super) fn ordered(portal: &Portal, order: Order) -> Page<'static> {
    let mut threats: Vec<Threat> = portal.latest().collect();
    // The sort is stable: of equals the latest update comes first.
    match order {
        Order::Impact => threats.sort_by_key(|threat| {
            let alerts = threat.figures.alerts.unwrap_or_default();
            Reverse((alerts.active, alerts.resolved, threat.figures.devices.impacted))
        }),
        Order::Exposure => threats.sort_by_key(|threat| {
            let exposure = threat.figures.exposure;
            Reverse((exposure.weight, exposure.score))
        }),
        Order::Severity => threats.sort_by_key(|threat| Reverse(threat.report.severity)),
    }
    let words = match order {
        Order::Impact => "the most active alerts first",
        Order::Exposure => "the highest exposure first",
        Order::Severity => "the most severe first",
    };
    list(portal, Route::ThreatsBy(order), order.label(), words, threats)
        .of("Threats")
        .under("Dashboard", &Route::Dashboard)
        .under("Threats", &Route::Threats)
}

fn list(portal: &Portal, route: Route, title: &str, words: &str, threats: Vec<Threat>) -> Page<'static> {
    let count = threats.len() as u64;
    let orders = std::iter::once(("Latest update", Route::Threats))
        .chain(Order::ALL.map(|order| (order.label(), Route::ThreatsBy(order))));
    let orders: Vec<Value> = orders
        .map(|(label, other)| json!({ "part": Part::linked(label, Some(to(&other))), "current": other == route }))
        .collect();
    let view = json!({ "intro": format!("{}, {words}.", counted(count, "report", "reports")), "orders": orders });
    let home = route.directory();
    Page::new(route, "threats.html", title, "threats", &view)
        .tlp(portal.strictest())
        .tables([table(portal, &home, words, threats)])
}

fn table(portal: &Portal, home: &str, words: &str, threats: Vec<Threat>) -> Table<'static> {
    let columns = columns([
        ("Threat", Kind::Link),
        ("Severity", Kind::Text),
        ("Type", Kind::Text),
        ("On your devices", Kind::Text),
        ("Active alerts", Kind::Number),
        ("Resolved alerts", Kind::Number),
        ("Active incidents", Kind::Number),
        ("Impacted devices", Kind::Number),
        ("Exposed devices", Kind::Number),
        ("Misconfigured devices", Kind::Number),
        ("Vulnerable devices", Kind::Number),
        ("Exposure level", Kind::Text),
        ("Latest update", Kind::Date),
        ("Published", Kind::Date),
        ("Actors", Kind::Link),
        ("Tags", Kind::Link),
        ("TLP", Kind::Text),
    ]);
    Table::new(home, "threats", format!("Threats, {words}"), columns)
        .rows(threats.into_iter().map(|threat| row(portal, threat)))
        .empty("No report is published for your role yet. Ask the team that writes the reports which of them are meant for you.")
        .explained()
        .maybe_note(no_devices(portal))
}

/// What is found of a threat in a few words, by which the list can be filtered.
fn found(threat: &Threat) -> Cell {
    let (alerts, exposed) = (threat.figures.alerts, threat.figures.exposed());
    let counts = alerts.unwrap_or_default();
    match (counts.active, exposed.unwrap_or_default(), counts.resolved) {
        (1.., 1.., _) => Cell::text("Active alerts, exposed devices"),
        (1.., 0, _) => Cell::text("Active alerts"),
        (0, 1.., _) => Cell::text("Exposed devices"),
        (0, 0, 1..) => Cell::text("Resolved alerts"),
        _ if alerts.is_some() || exposed.is_some() => Cell::text("Nothing known"),
        _ => Cell::missing(),
    }
}

fn row(portal: &Portal, threat: Threat) -> Vec<Cell> {
    let (report, figures) = (threat.report, threat.figures);
    let total = figures.devices.total;
    vec![
        title(&threat),
        severity(&threat),
        Cell::text(report.kind.label()),
        found(&threat),
        Cell::count(figures.alerts.map(|alerts| alerts.active)),
        Cell::count(figures.alerts.map(|alerts| alerts.resolved)),
        Cell::count(figures.incidents.map(|incidents| incidents.active)),
        Cell::state("impacted", figures.devices.impacted, total),
        exposed(&threat),
        Cell::state("exposed", figures.configuration.as_ref().map(|axis| axis.devices.exposed), total),
        Cell::state("exposed", figures.vulnerability.as_ref().map(|axis| axis.devices.exposed), total),
        figures.exposure.level.map_or_else(Cell::missing, |level| Cell::part(Part::level(level))),
        Cell::moment(Some(latest(&threat))),
        Cell::moment(Some(report.published)),
        Cell::parts(names(portal, Catalogue::Actors, &report.actors)),
        Cell::parts(names(portal, Catalogue::Tags, &report.tags)),
        Cell::part(Part::tlp(report.tlp)),
    ]
}
