//! The charts of a page as SVG.

use super::Html;
use super::chart::{self, Bar, Caption, Part};
use crate::exposure::DeviceStates;
use crate::pages::{Chart, Drawing, Line};

/// The drawing of a chart. Its ids begin with `id`.
pub(super) fn svg(chart: &Chart, id: &str) -> Html {
    let caption = Caption { id, title: &chart.title, description: &chart.description };
    match &chart.drawing {
        Drawing::States(states) => chart::states(&caption, &parts(states)),
        Drawing::Course { days, lines } => chart::lines(&caption, days, &lines.iter().map(line).collect::<Vec<_>>()),
        Drawing::Bars(rows) => chart::bars(&caption, &rows.iter().map(bar).collect::<Vec<_>>()),
    }
}

fn line(line: &Line) -> chart::Line {
    chart::Line { look: line.look, word: line.word, counts: line.counts.clone() }
}

/// What a row of bars shows: what asks for action.
fn bar((label, states): &(String, DeviceStates)) -> Bar {
    let part = |label, class, count: Option<u64>| Part { label, class, count: count.unwrap_or_default() };
    let parts =
        vec![part("impacted", "state-impacted", states.impacted), part("exposed", "state-exposed", states.exposed)];
    Bar { label: label.clone(), parts }
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
