//! The charts of a page as SVG.

use super::Html;
use super::chart::{self, Bar, Caption, Part};
use crate::exposure::DeviceStates;
use crate::pages::{self, BarPart, Chart, Drawing, Line};

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
    chart::Line { look: line.look, word: line.word, counts: line.counts.clone(), stands: line.stands }
}

fn bar(bar: &pages::Bar) -> Bar {
    let part = |part: &BarPart| Part { label: part.word, class: class(part.look), count: part.count };
    Bar { label: bar.label.clone(), parts: bar.parts.iter().map(part).collect() }
}

/// The class of a look.
fn class(look: &str) -> &'static str {
    match look {
        "impacted" => "state-impacted",
        "exposed" => "state-exposed",
        "unavailable" => "state-unavailable",
        "mitigated" => "state-mitigated",
        "not-applicable" => "state-not-applicable",
        _ => "state-scope",
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
