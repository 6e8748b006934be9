//! What authors changed, over all reports.

use std::cmp::Reverse;

use serde_json::json;

use super::cell::{Cell, capital};
use super::entries;
use super::page::Page;
use super::portal::{Portal, Threat};
use super::route::Route;
use super::table::{Kind, Table, columns};
use crate::scope::Change;

/// `/changes/`.
pub(super) fn page(portal: &Portal) -> Page<'static> {
    let intro = "What authors changed in your reports, the newest first. Counts that move from snapshot to snapshot are not changes of a report.";
    Page::new(Route::Changes, "index.html", "Changes", "changes", &json!({ "intro": intro }))
        .tlp(portal.strictest())
        .under("Dashboard", &Route::Dashboard)
        .tables([table(portal)])
}

fn table(portal: &Portal) -> Table<'static> {
    let mut changes: Vec<(Threat, &Change)> =
        portal.threats().flat_map(|threat| threat.report.changes.iter().map(move |change| (threat, change))).collect();
    // Reports stand by slug and their changes newest first, and the sort is stable.
    changes.sort_by_key(|(_, change)| Reverse(change.date.instant()));
    let rows = changes.into_iter().map(|(threat, change)| {
        let mut row = cells(change);
        row.insert(1, entries::title(&threat));
        row
    });
    let columns = columns([("Date", Kind::Date), ("Report", Kind::Link), ("Change", Kind::Text), ("Kind", Kind::Text)]);
    Table::new("changes/", "changes", "Changes, the newest first", columns)
        .rows(rows)
        .empty("No report of yours has changed since it was published.")
}

/// The changes of one report.
pub(super) fn of(home: &str, changes: &[Change]) -> Table<'static> {
    let columns = columns([("Date", Kind::Date), ("Change", Kind::Text), ("Kind", Kind::Text)]);
    Table::new(home, "changes", "Change log", columns)
        .rows(changes.iter().map(cells))
        .empty("The report has not changed since it was published.")
}

fn cells(change: &Change) -> Vec<Cell> {
    vec![
        Cell::moment(Some(change.date)),
        Cell::text(&change.summary),
        Cell::text(change.kind.map(|kind| capital(kind.word())).unwrap_or_default()),
    ]
}
