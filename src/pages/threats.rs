//! The list of threats.

use serde_json::json;

use super::cell::{Cell, Part};
use super::entries::{latest, names, no_devices, severity, title};
use super::page::Page;
use super::portal::{Portal, Threat};
use super::route::{Catalogue, Route};
use super::table::{Kind, Table, columns};
use super::{data, number::counted};

/// `/threats/`.
pub(super) fn page(portal: &Portal) -> Page {
    let count = portal.slice.reports().len() as u64;
    let view = json!({ "intro": format!("{}, the latest update first.", counted(count, "report", "reports")) });
    Page::new(Route::Threats, "threats.html", "Threats", "threats", &view)
        .tlp(portal.strictest())
        .under("Dashboard", &Route::Dashboard)
        .tables([table(portal)])
        .data(data::threats(portal))
}

fn table(portal: &Portal) -> Table {
    let columns = columns([
        ("Threat", Kind::Link),
        ("Severity", Kind::Text),
        ("Type", Kind::Text),
        ("Active alerts", Kind::Number),
        ("Resolved alerts", Kind::Number),
        ("Impacted devices", Kind::Number),
        ("Misconfigured devices", Kind::Number),
        ("Vulnerable devices", Kind::Number),
        ("Exposure level", Kind::Text),
        ("Latest update", Kind::Date),
        ("Published", Kind::Date),
        ("TLP", Kind::Text),
        ("Tags", Kind::Link),
    ]);
    let threats = portal.latest.iter().filter_map(|at| portal.threat_at(*at));
    Table::new("threats/", "threats", "Threats, the latest update first", columns)
        .rows(threats.map(|threat| row(portal, threat)))
        .empty("No report is published for your role yet. Ask the team that writes the reports which of them are meant for you.")
        .explained()
        .maybe_note(no_devices(portal))
}

fn row(portal: &Portal, threat: Threat) -> Vec<Cell> {
    let (report, figures) = (threat.report, threat.figures);
    let total = figures.devices.total;
    vec![
        title(&threat),
        severity(&threat),
        Cell::text(report.kind.label()),
        Cell::count(figures.alerts.map(|alerts| alerts.active)),
        Cell::count(figures.alerts.map(|alerts| alerts.resolved)),
        Cell::state("impacted", figures.devices.impacted, total),
        Cell::state("exposed", figures.configuration.as_ref().map(|axis| axis.devices.exposed), total),
        Cell::state("exposed", figures.vulnerability.as_ref().map(|axis| axis.devices.exposed), total),
        figures.exposure.level.map_or_else(Cell::missing, |level| Cell::part(Part::level(level))),
        Cell::moment(Some(latest(&threat))),
        Cell::moment(Some(report.published)),
        Cell::part(Part::tlp(report.tlp)),
        Cell::parts(names(portal, Catalogue::Tags, &report.tags)),
    ]
}
