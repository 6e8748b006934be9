//! The charts of a page as SVG.
//!
//! The seam to `render::chart`.

use std::fmt::Write as _;

use super::Html;
use super::html::escape;
use crate::exposure::{DeviceStates, TrendDay};
use crate::pages::{Chart, Drawing};

/// The drawing of a chart.
pub(super) fn svg(chart: &Chart) -> Html {
    let body = match &chart.drawing {
        Drawing::States(states) => bar(states),
        Drawing::Trend(days) => trend(days),
    };
    let (width, height) = match &chart.drawing {
        Drawing::States(_) => (720, 28),
        Drawing::Trend(_) => (720, 200),
    };
    Html::trusted(format!(
        "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 {width} {height}\" aria-labelledby=\"{id}-title {id}-desc\"><title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>{body}</svg>",
        escape(&chart.title),
        escape(&chart.description),
        id = chart.name,
    ))
}

fn bar(states: &DeviceStates) -> String {
    let total = states.total.unwrap_or_default().max(1);
    let mut out = String::new();
    let mut x = 0;
    for (class, count) in [
        ("impacted", states.impacted),
        ("exposed", states.exposed),
        ("unavailable", states.unavailable),
        ("mitigated", states.mitigated),
        ("not-applicable", states.not_applicable),
    ] {
        let width = count.unwrap_or_default() * 720 / total;
        let _ = write!(out, "<rect class=\"state-{class}\" x=\"{x}\" y=\"0\" width=\"{width}\" height=\"28\"/>");
        x += width;
    }
    out
}

fn trend(days: &[TrendDay]) -> String {
    let most = days.iter().map(|day| day.alerts_active.max(day.alerts_resolved)).max().unwrap_or_default().max(1);
    let last = (days.len().max(2) - 1) as u64;
    let line = |class: &str, count: fn(&TrendDay) -> u64| {
        let points: Vec<String> =
            (0..).zip(days).map(|(at, day)| format!("{},{}", at * 720 / last, 190 - count(day) * 180 / most)).collect();
        format!("<polyline class=\"{class}\" points=\"{}\"/>", points.join(" "))
    };
    format!(
        "<path class=\"axis\" d=\"M0 190H720\"/>{}{}",
        line("line-resolved", |day| day.alerts_resolved),
        line("line-active", |day| day.alerts_active)
    )
}
