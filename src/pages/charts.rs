//! The charts of a report, each with its numbers in a table.

use super::cell::Cell;
use super::number::{counted, grouped};
use super::page::{Chart, Drawing};
use super::portal::Threat;
use super::table::{Kind, Table, columns};
use crate::exposure::{Count, DeviceStates, TrendDay};
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
    states.into_iter().chain(trend).collect()
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
        table,
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
        drawing: Drawing::Trend(days.to_vec()),
        table,
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
