//! What changed since the snapshot before.

use jiff::Timestamp;

use crate::exposure::Count;
use crate::pages::cell::Cell;
use crate::pages::portal::{Portal, Threat};
use crate::pages::table::{Kind, Table, columns};
use crate::pages::{entries, since};

/// The threats whose report or counts have changed since the snapshot before, those that grew most
/// first.
pub(super) fn table(portal: &Portal) -> Option<Table<'static>> {
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
    let order = "By how many active alerts were added, then exposed devices; those with the most come first.";
    Some(table.note(order).explained())
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
        let report = match threat.latest() > since {
            true if threat.report.published.instant() > since => Some("New"),
            true => Some("Updated"),
            false => None,
        };
        let exposed = (before.exposed(), now.exposed());
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
