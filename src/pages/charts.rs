//! Charts, each with its numbers in a table.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::Offset;

use super::cell::Cell;
use super::number::{agreeing, counted, grouped};
use super::page::{Bar, BarPart, Chart, Drawing, Line};
use super::portal::{Portal, Threat};
use super::table::{Kind, Table, columns};
use crate::exposure::{Count, DeviceStates, Funnel, GroupStates, HistoryEntry, TrendDay, Week};
use crate::terms::Moment;

/// The headline states with their words, the worst first.
fn worded(states: &DeviceStates) -> [(&'static str, Count); 5] {
    [
        ("Impacted", states.impacted),
        ("Exposed", states.exposed),
        ("Unavailable", states.unavailable),
        ("Mitigated", states.mitigated),
        ("Not applicable", states.not_applicable),
    ]
}

/// The charts a report has.
pub(super) fn of(threat: Threat, home: &str) -> Vec<Chart> {
    let states = threat.figures.devices.total.map(|_| states(threat.figures.devices, home));
    let trend = threat.figures.trend.as_deref().map(|days| trend(days, home));
    let tells = threat.figures.history.iter().any(|entry| entry.exposed().is_some());
    let burn_down = tells.then(|| burn_down(&points(&threat.figures.history), home)).flatten();
    let groups = threat.tracks_anything().then(|| groups(&threat.figures.groups, home)).flatten();
    let detail = &threat.figures.detail;
    let funnel = detail.funnel.map(|funnel| self::funnel(funnel, home));
    let weeks = detail.weeks.as_deref().map(|weeks| self::weeks(weeks, home));
    states.into_iter().chain(trend).chain(burn_down).chain(groups).chain(funnel).chain(weeks).collect()
}

fn states(states: DeviceStates, home: &str) -> Chart {
    let known = worded(&states).into_iter().filter_map(|(label, count)| Some((label, count?)));
    let sentence: Vec<String> =
        known.map(|(label, count)| format!("{} {}", grouped(count), label.to_lowercase())).collect();
    let total = states.total.unwrap_or_default();
    let rows = worded(&states)
        .into_iter()
        .map(|(label, count)| vec![Cell::text(label), Cell::count(count), Cell::percent(count, states.total)]);
    let table = Table::new(
        home,
        "devices.states",
        "Devices by state",
        columns([("State", Kind::Text), ("Devices", Kind::Number), ("Share", Kind::Number)]),
    )
    .rows(rows);
    Chart {
        name: "device-states",
        title: "Devices by state".to_owned(),
        description: format!("Of {}: {}.", counted(total, "device", "devices"), sentence.join(", ")),
        drawing: Drawing::States(states),
        table: Arc::new(table),
    }
}

fn trend(days: &[TrendDay], home: &str) -> Chart {
    let rows = days.iter().map(|day| {
        let counts = [day.alerts_active, day.alerts_resolved, day.devices_active, day.devices_resolved];
        let date = Cell::moment(Some(Moment::Date(day.date)));
        std::iter::once(date).chain(counts.map(|count| Cell::count(Some(count)))).collect()
    });
    let table = Table::new(
        home,
        "trend",
        "Alerts and devices by day (UTC)",
        columns([
            ("Day", Kind::Date),
            ("Active alerts", Kind::Number),
            ("Resolved alerts", Kind::Number),
            ("Devices with active alerts", Kind::Number),
            ("Devices with resolved alerts only", Kind::Number),
        ]),
    )
    .rows(rows);
    Chart {
        name: "alerts-over-time",
        title: "Alerts over time".to_owned(),
        description: described(days),
        drawing: Drawing::Course {
            days: days.iter().map(|day| day.date).collect(),
            lines: vec![
                line("resolved", days.iter().map(|day| Some(day.alerts_resolved))),
                line("active", days.iter().map(|day| Some(day.alerts_active))),
            ],
        },
        table: Arc::new(table),
    }
}

fn described(days: &[TrendDay]) -> String {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return "No day.".to_owned() };
    let peak = days.iter().map(|day| day.alerts_active).max().unwrap_or_default();
    format!(
        "Linked alerts per day from {} to {}: {} active on the first day, {} on the last, at most {}; {} resolved by the last day.",
        first.date,
        last.date,
        grouped(first.alerts_active),
        grouped(last.alerts_active),
        grouped(peak),
        grouped(last.alerts_resolved),
    )
}

/// A line whose look and word are the same.
fn line(look: &'static str, counts: impl Iterator<Item = Count>) -> Line {
    Line { look, word: look, counts: counts.collect(), stands: true }
}

/// What a burn-down knows of a snapshot.
#[derive(Clone, Copy)]
pub(super) struct Point {
    pub(super) as_of: Timestamp,
    pub(super) impacted: Count,
    pub(super) exposed: Count,
}

fn points(history: &[HistoryEntry]) -> Vec<Point> {
    let point =
        |entry: &HistoryEntry| Point { as_of: entry.as_of, impacted: entry.devices.impacted, exposed: entry.exposed() };
    history.iter().map(point).collect()
}

/// How the exposed devices become fewer from snapshot to snapshot, or do not; nothing before there
/// are two.
pub(super) fn burn_down(points: &[Point], home: &str) -> Option<Chart> {
    let [first, .., last] = points else { return None };
    let day = |point: &Point| Offset::UTC.to_datetime(point.as_of).date();
    let rows = points.iter().map(|point| {
        vec![Cell::moment(Some(Moment::Instant(point.as_of))), Cell::count(point.exposed), Cell::count(point.impacted)]
    });
    let table = Table::new(
        home,
        "burn-down",
        "Exposed and impacted devices by snapshot",
        columns([("Snapshot", Kind::Date), ("Exposed devices", Kind::Number), ("Impacted devices", Kind::Number)]),
    )
    .rows(rows);
    let known = |count: Count| count.map_or_else(|| "not known".to_owned(), grouped);
    Some(Chart {
        name: "burn-down",
        title: "Burn-down of exposed devices".to_owned(),
        description: format!(
            "Over {} from {} to {}: {} exposed at first, {} now.",
            counted(points.len() as u64, "snapshot", "snapshots"),
            day(first),
            day(last),
            known(first.exposed),
            known(last.exposed),
        ),
        drawing: Drawing::Course {
            days: points.iter().map(day).collect(),
            lines: vec![
                line("impacted", points.iter().map(|point| point.impacted)),
                line("exposed", points.iter().map(|point| point.exposed)),
            ],
        },
        table: Arc::new(table),
    })
}

/// How many bars a chart has at most.
const BARS: usize = 10;

/// The groups with most impacted and exposed devices; nothing where there are none to compare.
fn groups(groups: &[GroupStates], home: &str) -> Option<Chart> {
    let rows: Vec<(String, DeviceStates)> = groups.iter().map(|group| (group.name.clone(), group.devices)).collect();
    let chart = exposure(rows, ("exposure-by-group", "exposure.groups", "Exposure by device group"), home)?;
    (groups.len() > 1).then_some(chart)
}

/// The threats with most impacted and exposed devices.
pub(super) fn threats(portal: &Portal) -> Option<Chart> {
    let rows = portal.threats().map(|threat| (threat.report.title.clone(), threat.figures.devices));
    exposure(rows.collect(), ("exposure-by-threat", "exposure.threats", "Exposure by threat"), "")
}

/// Devices that ask for action, a bar for each row, the most first.
fn exposure(
    mut rows: Vec<(String, DeviceStates)>,
    (name, table, title): (&'static str, &'static str, &'static str),
    home: &str,
) -> Option<Chart> {
    let weight = |states: &DeviceStates| states.impacted.unwrap_or_default() + states.exposed.unwrap_or_default();
    rows.retain(|(_, states)| weight(states) > 0);
    // They stand in an order of their own, and the sort is stable.
    rows.sort_by_key(|(_, states)| std::cmp::Reverse(weight(states)));
    let left_out = rows.len().saturating_sub(BARS) as u64;
    rows.truncate(BARS);
    let (most, states) = rows.first()?;
    let rest = match left_out {
        0 => String::new(),
        count => format!("{} not drawn. ", counted(count, "more is", "more are")),
    };
    // A name may be of any script: nothing follows it that would be drawn into it.
    let description = format!(
        "{rest}The most are {} impacted and {} exposed, in {most}.",
        grouped(states.impacted.unwrap_or_default()),
        grouped(states.exposed.unwrap_or_default()),
    );
    let cells = rows
        .iter()
        .map(|(label, states)| vec![Cell::text(label), Cell::count(states.impacted), Cell::count(states.exposed)]);
    let table = Table::new(
        home,
        table,
        title,
        columns([("Name", Kind::Text), ("Impacted devices", Kind::Number), ("Exposed devices", Kind::Number)]),
    )
    .rows(cells);
    let bar = |(label, states): &(String, DeviceStates)| Bar {
        label: label.clone(),
        parts: vec![
            BarPart { word: "impacted", look: "impacted", count: states.impacted.unwrap_or_default() },
            BarPart { word: "exposed", look: "exposed", count: states.exposed.unwrap_or_default() },
        ],
    };
    let drawing = Drawing::Bars(rows.iter().map(bar).collect());
    Some(Chart { name, title: title.to_owned(), description, drawing, table: Arc::new(table) })
}

/// How the devices narrow down to those in danger, and beneath it those that nobody can vouch for.
fn funnel(funnel: Funnel, home: &str) -> Chart {
    let steps = [
        ("All your devices", "scope", Some(funnel.in_scope)),
        ("Assessable: they report, and are not excluded", "scope", Some(funnel.assessable)),
        ("Open to the threat", "exposed", Some(funnel.open)),
        ("Open, and with an active alert", "impacted", funnel.open_with_alert),
        ("Not reporting", "unavailable", Some(funnel.not_reporting)),
        ("Excluded from assessment", "not-applicable", Some(funnel.excluded)),
    ];
    let rows = steps.iter().map(|(label, _, count)| {
        vec![Cell::text(*label), Cell::count(*count), Cell::percent(*count, Some(funnel.in_scope))]
    });
    let table = Table::new(
        home,
        "funnel",
        "From all devices to those in danger",
        columns([("Step", Kind::Text), ("Devices", Kind::Number), ("Share of all", Kind::Number)]),
    )
    .rows(rows)
    .explained();
    // A step that is not known has no bar, and that of a state without devices says nothing.
    let drawn = steps.iter().enumerate().filter_map(|(at, (label, look, count))| {
        let count = count.filter(|count| at < 4 || *count > 0)?;
        let part = BarPart { word: agreeing(count, "device", "devices"), look, count };
        Some(Bar { label: (*label).to_owned(), parts: vec![part] })
    });
    let drawing = Drawing::Bars(drawn.collect());
    let description = format!(
        "Of {}, {} are assessable and {} open to the threat; {} not reporting.",
        counted(funnel.in_scope, "device", "devices"),
        grouped(funnel.assessable),
        grouped(funnel.open),
        counted(funnel.not_reporting, "device is", "devices are"),
    );
    Chart {
        name: "funnel",
        title: "From all devices to those in danger".to_owned(),
        description,
        drawing,
        table: Arc::new(table),
    }
}

/// Incidents by the week in which they began, up to the week of the snapshot.
pub(super) fn weeks(weeks: &[Week], home: &str) -> Chart {
    let rows = weeks.iter().map(|week| {
        let begins = Cell::moment(Some(Moment::Date(week.begins)));
        vec![begins, Cell::count(Some(week.begun)), Cell::count(Some(week.active))]
    });
    let table = Table::new(
        home,
        "incidents.weeks",
        "Incidents by week (Monday to Sunday, UTC)",
        columns([("Week from", Kind::Date), ("Begun", Kind::Number), ("Of these active now", Kind::Number)]),
    )
    .rows(rows);
    let begun: u64 = weeks.iter().map(|week| week.begun).sum();
    let active: u64 = weeks.iter().map(|week| week.active).sum();
    let since = weeks.first().map(|week| week.begins.to_string()).unwrap_or_default();
    Chart {
        name: "incidents-by-week",
        title: "Incidents by week".to_owned(),
        description: format!(
            "{} since {since}, of which {} active now. The last week is not over.",
            counted(begun, "incident began", "incidents began"),
            counted(active, "is", "are"),
        ),
        drawing: Drawing::Course {
            days: weeks.iter().map(|week| week.begins).collect(),
            lines: vec![
                weekly("resolved", "begun", weeks.iter().map(|week| week.begun)),
                weekly("active", "active now", weeks.iter().map(|week| week.active)),
            ],
        },
        table: Arc::new(table),
    }
}

/// A line of counts, each of its own week: the last says nothing of now.
fn weekly(look: &'static str, word: &'static str, counts: impl Iterator<Item = u64>) -> Line {
    Line { look, word, counts: counts.map(Some).collect(), stands: false }
}
