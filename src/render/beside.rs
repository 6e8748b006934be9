//! What stands beside a page.

use std::sync::Arc;

use super::{File, feed};
use crate::pages::{Page, Table};

/// The files beside a page, each made when it is taken: its tables and the numbers of its charts as CSV, its feed, its
/// figures as JSON. What another page shows the same of stands beside that one.
pub(super) fn of<'a>(page: &Page<'a>) -> impl Iterator<Item = File<'a>> {
    let home = page.route.directory();
    let is_at_home = |table: &&Arc<Table<'a>>| table.home == home;
    let tables = page.tables.iter().chain(&page.files).filter(|table| !table.rows.is_empty());
    let charts = page.charts.iter().map(|chart| &chart.table);
    let tables: Vec<File<'a>> = tables.chain(charts).filter(is_at_home).map(File::csv).collect();
    let (of_feed, of_data) = (format!("{home}feed.xml"), format!("{home}data.json"));
    let feed = page.feed.iter().map(move |feed| File::new(of_feed.clone(), feed::atom(feed)));
    let data = page.data.iter().filter(move |data| data.path == of_data);
    let data = data.map(|data| File::new(data.path.clone(), format!("{}\n", data.value).into_bytes()));
    tables.into_iter().chain(feed).chain(data)
}
