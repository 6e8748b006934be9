//! Beside the charts: the role's groups, and what the snapshot was made of.

use crate::pages::cell::Cell;
use crate::pages::portal::Portal;
use crate::pages::reason::absent_from;
use crate::pages::table::{Kind, Table, columns};
use crate::terms::Moment;

/// The role's device groups with their devices, and those of them that do not report.
pub(super) fn groups(portal: &Portal) -> Table<'static> {
    let now = portal.dashboard().history.last();
    let rows = now.into_iter().flat_map(|now| &now.groups).map(|group| {
        vec![
            Cell::linked(&group.name, portal.group_link(&group.name)),
            Cell::count(Some(group.devices)),
            Cell::count(Some(group.not_reporting())),
        ]
    });
    let columns = columns([("Device group", Kind::Link), ("Devices", Kind::Number), ("Not reporting", Kind::Number)]);
    Table::new("", "groups", "Your device groups", columns).rows(rows).empty(match portal.ground.fleet() {
        None => absent_from(portal.ground, "devices"),
        Some(_) => "No device group of yours has a device.".to_owned(),
    })
}

/// The tables of the snapshot: which of them it holds, and how far their rows reach.
pub(super) fn sources(portal: &Portal) -> Table<'static> {
    let newest = portal.dashboard().newest;
    let rows = portal.ground.fleet().map(|fleet| {
        let tables = fleet.tables;
        let reach = |time: Option<jiff::Timestamp>| {
            time.map_or_else(Cell::missing, |time| Cell::moment(Some(Moment::Instant(time))))
        };
        let row = |what: &str, held: bool, newest: Cell| {
            let words = if held { "In the snapshot" } else { "Missing: nothing is known" };
            vec![Cell::text(what), Cell::text(words), newest]
        };
        [
            row("Devices", true, reach(newest.seen)),
            row("Alerts", tables.alerts, reach(newest.alert)),
            row("Incidents", tables.incidents, Cell::missing()),
            row("Vulnerabilities", tables.vulnerabilities, Cell::missing()),
            row("Configurations", tables.configurations, Cell::missing()),
            row("Software", tables.software, Cell::missing()),
        ]
    });
    let columns = columns([("Source", Kind::Text), ("State", Kind::Text), ("Newest entry", Kind::Date)]);
    Table::new("", "sources", "What the figures rest on", columns)
        .rows(rows.into_iter().flatten())
        .empty("There is no snapshot of the device fleet: every count is not available.")
        .note("Newest: when a device was last seen, an alert last raised or resolved. Of the other tables it is not told.")
}
