//! Reports as rows and links, as many pages list them.

use super::cell::{Cell, Part};
use super::portal::{Portal, Threat};
use super::route::{Catalogue, Tab};
use super::table::{Kind, Table, columns};
use crate::exposure::HistoryEntry;
use crate::terms::{Moment, Tlp};

/// The reports of a name or id, in short.
pub(super) fn reports_table(portal: &Portal, home: &str, threats: &[Threat]) -> Table<'static> {
    let columns = columns([
        ("Report", Kind::Link),
        ("Severity", Kind::Text),
        ("Type", Kind::Text),
        ("Active alerts", Kind::Number),
        ("Exposed devices", Kind::Number),
        ("Latest update", Kind::Date),
        ("TLP", Kind::Text),
    ]);
    let rows = threats.iter().map(|threat| {
        let (report, figures) = (threat.report, threat.figures);
        vec![
            title(threat),
            severity(threat),
            Cell::text(report.kind.label()),
            Cell::count(figures.alerts.map(|alerts| alerts.active)),
            exposed(threat),
            Cell::moment(Some(latest(threat))),
            Cell::part(Part::tlp(report.tlp)),
        ]
    });
    Table::new(home, "reports", "Reports", columns)
        .rows(rows)
        .empty("None of your reports names it.")
        .explained()
        .maybe_note(no_devices(portal))
}

/// A word on a role without devices.
pub(super) fn no_devices(portal: &Portal) -> Option<String> {
    (portal.ground.devices_total() == Some(0))
        .then(|| "Your role sees no device, so that every count of devices is zero.".to_owned())
}

/// A report's title, leading to it.
pub(super) fn title(threat: &Threat) -> Cell {
    Cell::linked(&threat.report.title, Some(threat.link(Tab::Overview)))
}

/// A report's severity.
pub(super) fn severity(threat: &Threat) -> Cell {
    threat.report.severity.map_or_else(Cell::default, |severity| Cell::part(Part::severity(severity)))
}

/// A report's exposed devices, of all, with those of the snapshots before.
pub(super) fn exposed(threat: &Threat) -> Cell {
    let figures = threat.figures;
    let history = figures.history.iter().map(HistoryEntry::exposed);
    Cell::state("exposed", figures.exposed(), figures.devices.total).with_course(history)
}

/// The later of published and updated, as its author wrote it.
pub(super) fn latest(threat: &Threat) -> Moment {
    let report = threat.report;
    report.updated.filter(|updated| updated.instant() >= report.published.instant()).unwrap_or(report.published)
}

/// The strictest label among reports.
pub(super) fn strictest(threats: &[Threat]) -> Option<Tlp> {
    threats.iter().map(|threat| threat.report.tlp).max()
}

/// Names of a catalogue, leading to their pages.
pub(super) fn names(portal: &Portal, catalogue: Catalogue, names: &[String]) -> Vec<Part> {
    names.iter().map(|name| Part::linked(name, portal.name_link(catalogue, name))).collect()
}

/// Plain texts.
pub(super) fn texts(texts: &[String]) -> Vec<Part> {
    texts.iter().map(Part::text).collect()
}
