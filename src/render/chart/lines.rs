//! Counts over time.

use jiff::civil::Date;
use plotters::chart::{ChartBuilder, LabelAreaPosition};
use plotters::coord::combinators::BindKeyPoints;
use plotters::element::{Circle, PathElement, Text};
use plotters::prelude::IntoDrawingArea;
use plotters::series::LineSeries;
use plotters::style::{Color as _, TRANSPARENT};
use plotters_backend::text_anchor::{HPos, VPos};

use super::canvas::{Canvas, Ink};
use super::{Caption, WIDTH, svg};
use crate::pages::grouped;
use crate::render::Html;

/// A line of a chart.
#[derive(Clone, Debug)]
pub struct Line {
    /// Which look it has: one of `LOOKS`.
    pub look: &'static str,
    /// What it counts, in a word.
    pub word: &'static str,
    /// The count on each day; none where it is not known.
    pub counts: Vec<Option<u64>>,
    /// Whether the last count stands beside the word: not where each count is of a time of its own.
    pub stands: bool,
}

const HEIGHT: i32 = 260;
/// Left of the plot, for the counts; right of it, for the lines' names; above; beneath, for the days.
const MARGINS: [i32; 4] = [88, 190, 16, 36];
/// Two names at the lines' ends stay so far apart.
const APART: i32 = 26;
/// Two days that are named stay at least this part of the whole apart.
const NAMED_APART: i32 = 5;

const AXIS: &str = "axis";
const GRID: &str = "grid";
const TICK: &str = "chart-tick";
const NONE: &str = "chart-none-label";
/// The end of what is known: hatched by the theme where the reader's clock says that it is stale.
const EDGE: &str = "chart-edge";
/// Every look of a line: its name, and the classes of the line, its end and its name.
const LOOKS: [(&str, [&str; 3]); 4] = [
    ("active", ["line-active", "end-active", "name-active"]),
    ("resolved", ["line-resolved", "end-resolved", "name-resolved"]),
    ("impacted", ["line-impacted", "end-impacted", "name-impacted"]),
    ("exposed", ["line-exposed", "end-exposed", "name-exposed"]),
];

impl Line {
    fn classes(&self) -> [&'static str; 3] {
        let known = LOOKS.iter().find(|(name, _)| *name == self.look);
        known.map_or(LOOKS[0].1, |(_, classes)| *classes)
    }

    fn last(&self) -> Option<u64> {
        self.counts.last().copied().flatten()
    }
}

/// A line for every count that is known today, each named at its end. Days stand in proportion to
/// the time between them; the line that matters most comes last, and is drawn on top.
#[must_use]
pub fn lines(caption: &Caption<'_>, days: &[Date], lines: &[Line]) -> Html {
    svg(caption, HEIGHT, |out| {
        let ink = Ink([AXIS, GRID, TICK, NONE, EDGE].into_iter().chain(lines.iter().flat_map(Line::classes)).collect());
        let canvas = Canvas { height: HEIGHT, ink: &ink, out };
        let known: Vec<&Line> = lines.iter().filter(|line| line.last().is_some()).collect();
        // Writing to a string cannot fail.
        let _ = draw(canvas, &ink, days, &known);
    })
}

fn draw(canvas: Canvas<'_>, ink: &Ink, days: &[Date], lines: &[&Line]) -> Result<(), Box<dyn std::error::Error>> {
    let area = canvas.into_drawing_area();
    let fail = |_| "the canvas refused";
    let (Some(begin), Some(end), false) = (days.first(), days.last(), lines.is_empty()) else {
        let style = ink.text(NONE, HPos::Center, VPos::Center);
        let middle = (WIDTH / 2, HEIGHT / 2);
        return Ok(area.draw(&Text::new("No days to show", middle, style)).map_err(fail)?);
    };
    let places: Vec<i32> = days.iter().map(|day| between(*begin, *day)).collect();
    let last = between(*begin, *end);
    let counts = counts(lines.iter().flat_map(|line| &line.counts).flatten().max().copied().unwrap_or(0));
    // A single day stands at the right, where there is room for its names.
    let first = if last == 0 { -1 } else { 0 };
    let top = counts.last().copied().unwrap_or(1);
    let [left, right, above, beneath] = MARGINS;
    let mut chart = ChartBuilder::on(&area)
        .set_label_area_size(LabelAreaPosition::Left, left)
        .set_label_area_size(LabelAreaPosition::Bottom, beneath)
        .margin_right(right)
        .margin_top(above)
        .build_cartesian_2d((first..last).with_key_points(named(&places)), (0..top).with_key_points(counts))
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
        .x_label_formatter(&|at| day(*begin, *at))
        .y_label_formatter(&|count| grouped(*count))
        .draw()
        .map_err(fail)?;
    let edge = WIDTH - right;
    let edge = [(edge, above), (edge, HEIGHT - beneath)];
    area.draw(&PathElement::new(edge, ink.line(EDGE))).map_err(fail)?;
    let mut ends = Vec::new();
    for line in lines {
        let points: Vec<(i32, Option<u64>)> = places.iter().copied().zip(line.counts.iter().copied()).collect();
        // Where a count is not known, the line is broken.
        for run in points.split(|(_, count)| count.is_none()) {
            let run = run.iter().map(|(at, count)| (*at, count.unwrap_or_default()));
            chart.draw_series(LineSeries::new(run, ink.line(line.classes()[0]))).map_err(fail)?;
        }
        ends.push(chart.backend_coord(&(last, line.last().unwrap_or_default())));
    }
    let heights = apart(&ends.iter().map(|(_, y)| *y).collect::<Vec<_>>());
    for ((line, (x, y)), name) in lines.iter().zip(ends).zip(heights) {
        let [_, end, named] = line.classes();
        area.draw(&Circle::new((x, y), 5, ink.area(end))).map_err(fail)?;
        let text = line.last().filter(|_| line.stands).map(|last| format!("{} {}", grouped(last), line.word));
        let text = text.unwrap_or_else(|| line.word.to_owned());
        area.draw(&Text::new(text, (x + 14, name), ink.text(named, HPos::Left, VPos::Center))).map_err(fail)?;
    }
    Ok(())
}

/// The days from one to another.
fn between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

/// A day as an axis names it.
fn day(begin: Date, at: i32) -> String {
    let day = begin.checked_add(jiff::Span::new().days(at));
    day.map(|day| day.strftime("%-d %b").to_string()).unwrap_or_default()
}

/// The days that are named: the last, and every so many before it, as far as there is room.
fn named(places: &[i32]) -> Vec<i32> {
    let last = i32::try_from(places.len()).unwrap_or(i32::MAX) - 1;
    let whole = places.last().copied().unwrap_or_default();
    let mut named: Vec<i32> = Vec::new();
    for at in dates(last).into_iter().rev().filter_map(|at| places.get(usize::try_from(at).ok()?).copied()) {
        if named.last().is_none_or(|later| (later - at) * NAMED_APART >= whole.max(1)) {
            named.push(at);
        }
    }
    named.reverse();
    named
}

/// The places of the days that are named: the last, and every so many before it.
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

/// Heights, moved from each other until all names can be read.
fn apart(heights: &[i32]) -> Vec<i32> {
    let mut order: Vec<usize> = (0..heights.len()).collect();
    order.sort_by_key(|at| heights[*at]);
    let mut moved = heights.to_vec();
    // From the lowest up: on the axis there is no room beneath.
    let mut floor = HEIGHT - MARGINS[3] - 6;
    for at in order.into_iter().rev() {
        moved[at] = moved[at].min(floor);
        floor = moved[at] - APART;
    }
    moved
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
    fn days_that_lie_close_together_are_not_both_named() {
        assert_eq!(named(&[0, 7, 14]), [0, 7, 14]);
        assert_eq!(named(&[0, 1, 30]), [1, 30]);
        assert_eq!(named(&[0]), [0]);
        assert!(named(&[]).is_empty());
    }

    #[test]
    fn names_stay_apart_in_their_order() {
        assert_eq!(apart(&[10, 100]), [10, 100]);
        assert_eq!(apart(&[100, 90]), [100, 74]);
        assert_eq!(apart(&[224, 224]), [192, 218]);
        assert_eq!(apart(&[224]), [218]);
    }
}
