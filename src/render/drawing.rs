//! The charts of a page as SVG.

use super::Html;
use super::chart::{self, Caption, Day, Part};
use crate::exposure::DeviceStates;
use crate::pages::{Chart, Drawing};

/// The drawing of a chart. Its ids begin with `id`.
pub(super) fn svg(chart: &Chart, id: &str) -> Html {
    let caption = Caption { id, title: &chart.title, description: &chart.description };
    match &chart.drawing {
        Drawing::States(states) => chart::states(&caption, &parts(states)),
        Drawing::Trend(days) => {
            let day = |day: &crate::exposure::TrendDay| Day {
                date: day.date,
                active: day.alerts_active,
                resolved: day.alerts_resolved,
            };
            chart::alerts(&caption, &days.iter().map(day).collect::<Vec<_>>())
        }
    }
}

/// The states that are known, the worst first.
fn parts(states: &DeviceStates) -> Vec<Part> {
    let part = |label, class, count: Option<u64>| count.map(|count| Part { label, class, count });
    [
        part("Impacted", "state-impacted", states.impacted),
        part("Exposed", "state-exposed", states.exposed),
        part("Unavailable", "state-unavailable", states.unavailable),
        part("Mitigated", "state-mitigated", states.mitigated),
        part("Not applicable", "state-not-applicable", states.not_applicable),
    ]
    .into_iter()
    .flatten()
    .collect()
}
