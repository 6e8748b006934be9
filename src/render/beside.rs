//! What stands beside a page.

use super::{csv, feed};
use crate::pages::{Data, Feed, Page, Table};

/// A file beside a page, not written yet.
pub(super) enum Beside<'a> {
    Table(&'a Table),
    Feed(&'a Feed),
    Data(&'a Data),
}

impl Beside<'_> {
    /// What the file holds.
    pub(super) fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Table(table) => csv::table(table),
            Self::Feed(feed) => feed::atom(feed),
            Self::Data(data) => format!("{}\n", data.value).into_bytes(),
        }
    }
}

/// The files beside a page, each with its path: its tables and the numbers of its charts as CSV, its feed, its figures
/// as JSON. What another page shows the same of stands beside that one.
pub(super) fn of(page: &Page) -> impl Iterator<Item = (String, Beside<'_>)> {
    let home = page.route.directory();
    let is_at_home = |table: &&Table| table.home == home;
    let tables = page.tables.iter().chain(&page.files).filter(|table| !table.rows.is_empty());
    let charts = page.charts.iter().map(|chart| &chart.table);
    let tables: Vec<&Table> = tables.chain(charts).filter(is_at_home).collect();
    let tables = tables.into_iter().map(|table| (table.path(), Beside::Table(table)));
    let feed = page.feed.iter().map(|feed| (format!("{home}feed.xml"), Beside::Feed(feed)));
    let data = page.data.iter().filter(|data| data.path == format!("{home}data.json"));
    let data: Vec<_> = data.map(|data| (data.path.clone(), Beside::Data(data))).collect();
    tables.chain(feed.collect::<Vec<_>>()).chain(data)
}
