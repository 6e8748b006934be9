//! Alerts over time.

use jiff::civil::Date;
use plotters::chart::{ChartBuilder, LabelAreaPosition};
use plotters::coord::combinators::BindKeyPoints;
use plotters::element::{Circle, Text};
use plotters::prelude::IntoDrawingArea;
use plotters::series::LineSeries;
use plotters::style::{Color as _, TRANSPARENT};
use plotters_backend::text_anchor::{HPos, VPos};

use super::canvas::{Canvas, Ink};
use super::{Caption, WIDTH, svg};
use crate::pages::grouped;
use crate::render::Html;

/// A day's counts.
#[derive(Clone, Copy, Debug)]
pub struct Day {
    /// The day.
    pub date: Date,
    /// Alerts active on it.
    pub active: u64,
    /// Alerts resolved by it.
    pub resolved: u64,
}

const HEIGHT: i32 = 260;
/// Left of the plot, for the counts; right of it, for the lines' names; above; beneath, for the days.
const MARGINS: [i32; 4] = [72, 190, 16, 36];
/// Two names at the lines' ends stay so far apart.
const APART: i32 = 26;

const AXIS: &str = "axis";
const GRID: &str = "grid";
const TICK: &str = "chart-tick";
const NONE: &str = "chart-none-label";
/// Each line with its end and its name; the one that matters more is drawn last, on top.
const SERIES: [Series; 2] = [
    Series {
        line: "line-resolved",
        end: "end-resolved",
        name: "name-resolved",
        word: "resolved",
        count: |day| day.resolved,
    },
    Series { line: "line-active", end: "end-active", name: "name-active", word: "active", count: |day| day.active },
];

struct Series {
    line: &'static str,
    end: &'static str,
    name: &'static str,
    word: &'static str,
    count: fn(&Day) -> u64,
}

/// A line of active and one of resolved alerts, each named at its end.
#[must_use]
pub fn alerts(caption: &Caption<'_>, days: &[Day]) -> Html {
    svg(caption, HEIGHT, |out| {
        let series = SERIES.iter().flat_map(|series| [series.line, series.end, series.name]);
        let ink = Ink([AXIS, GRID, TICK, NONE].into_iter().chain(series).collect());
        let canvas = Canvas { height: HEIGHT, ink: &ink, out };
        // Writing to a string cannot fail.
        let _ = draw(canvas, &ink, days);
    })
}

fn draw(canvas: Canvas<'_>, ink: &Ink, days: &[Day]) -> Result<(), Box<dyn std::error::Error>> {
    let area = canvas.into_drawing_area();
    let fail = |_| "the canvas refused";
    let Some(today) = days.last() else {
        let style = ink.text(NONE, HPos::Center, VPos::Center);
        let middle = (WIDTH / 2, HEIGHT / 2);
        return Ok(area.draw(&Text::new("No days to show", middle, style)).map_err(fail)?);
    };
    let last = i32::try_from(days.len() - 1).unwrap_or(i32::MAX);
    let counts = counts(days.iter().map(|day| day.active.max(day.resolved)).max().unwrap_or(0));
    // A single day stands at the right, where there is room for its names.
    let first = if last == 0 { -1 } else { 0 };
    let top = counts.last().copied().unwrap_or(1);
    let [left, right, above, beneath] = MARGINS;
    let mut chart = ChartBuilder::on(&area)
        .set_label_area_size(LabelAreaPosition::Left, left)
        .set_label_area_size(LabelAreaPosition::Bottom, beneath)
        .margin_right(right)
        .margin_top(above)
        .build_cartesian_2d((first..last).with_key_points(dates(last)), (0..top).with_key_points(counts))
        .map_err(fail)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .set_tick_mark_size(LabelAreaPosition::Bottom, 6)
        .set_tick_mark_size(LabelAreaPosition::Left, 8)
        .light_line_style(TRANSPARENT.stroke_width(0))
        .bold_line_style(ink.line(GRID))
        .axis_style(ink.line(AXIS))
        .label_style(ink.text(TICK, HPos::Left, VPos::Top))
        .x_label_formatter(&|at| usize::try_from(*at).ok().and_then(|at| days.get(at)).map(day).unwrap_or_default())
        .y_label_formatter(&|count| grouped(*count))
        .draw()
        .map_err(fail)?;
    let mut ends = Vec::new();
    for series in &SERIES {
        let points = (0..).zip(days).map(|(at, day)| (at, (series.count)(day)));
        chart.draw_series(LineSeries::new(points, ink.line(series.line))).map_err(fail)?;
        ends.push(chart.backend_coord(&(last, (series.count)(today))));
    }
    let lines = [ends[0].1, ends[1].1];
    for ((series, (x, y)), name) in SERIES.iter().zip(ends).zip(apart(lines)) {
        area.draw(&Circle::new((x, y), 5, ink.area(series.end))).map_err(fail)?;
        let text = format!("{} {}", grouped((series.count)(today)), series.word);
        area.draw(&Text::new(text, (x + 14, name), ink.text(series.name, HPos::Left, VPos::Center))).map_err(fail)?;
    }
    Ok(())
}

/// A day as an axis names it.
fn day(day: &Day) -> String {
    day.date.strftime("%-d %b").to_string()
}

/// The days that are named: the last, and every so many before it.
fn dates(last: i32) -> Vec<i32> {
    let step = (last + 2) / 3;
    let mut dates: Vec<i32> = (0..=3).map(|times| last - times * step.max(1)).filter(|at| *at >= 0).collect();
    dates.reverse();
    dates
}

/// The counts that are named, from zero to at least `most`: whole numbers, at most five, in
/// steps of 1, 2 or 5 times a power of ten.
fn counts(most: u64) -> Vec<u64> {
    let mut step: u64 = 1;
    let mut factors = [2, 5, 10].into_iter().cycle();
    let mut power: u64 = 1;
    while step.saturating_mul(4) < most {
        let factor = factors.next().unwrap_or(10);
        step = power.saturating_mul(factor);
        if factor == 10 {
            power = step;
        }
    }
    let intervals = most.div_ceil(step).max(1);
    (0..=intervals).map(|times| step.saturating_mul(times)).collect()
}

/// Two heights, moved from each other until both names can be read.
fn apart([one, two]: [i32; 2]) -> [i32; 2] {
    let missing = APART - (one - two).abs();
    if missing <= 0 {
        return [one, two];
    }
    // On the axis there is no room beneath.
    let floor = HEIGHT - MARGINS[3] - 6;
    let lower = (one.max(two) + missing / 2).min(floor);
    let upper = lower - APART;
    if one > two { [lower, upper] } else { [upper, lower] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_few_round_and_reach_the_most() {
        for (most, expected) in [
            (0, vec![0, 1]),
            (1, vec![0, 1]),
            (4, vec![0, 1, 2, 3, 4]),
            (5, vec![0, 2, 4, 6]),
            (17, vec![0, 5, 10, 15, 20]),
            (1234, vec![0, 500, 1000, 1500]),
        ] {
            assert_eq!(counts(most), expected, "{most}");
        }
        assert!(counts(u64::MAX).len() <= 5);
    }

    #[test]
    fn few_days_are_named_and_the_last_always() {
        assert_eq!(dates(0), [0]);
        assert_eq!(dates(1), [0, 1]);
        assert_eq!(dates(3), [0, 1, 2, 3]);
        assert_eq!(dates(29), [9, 19, 29]);
        assert_eq!(dates(30), [0, 10, 20, 30]);
    }

    #[test]
    fn names_stay_apart_in_their_order() {
        assert_eq!(apart([10, 100]), [10, 100]);
        assert_eq!(apart([100, 90]), [108, 82]);
        assert_eq!(apart([224, 224]), [192, 218]);
    }
}
