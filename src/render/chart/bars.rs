//! Bars beneath each other on one scale, each of several parts.

use plotters::element::{Rectangle, Text};
use plotters::prelude::IntoDrawingArea;
use plotters_backend::text_anchor::{HPos, VPos};

use super::canvas::{Canvas, Ink};
use super::{Caption, Part, WIDTH, svg};
use crate::pages::grouped;
use crate::render::Html;

/// A bar and its name.
#[derive(Clone, Debug)]
pub struct Bar {
    /// What it is about.
    pub label: String,
    /// Its parts, from the left.
    pub parts: Vec<Part>,
}

/// What a row takes, the middle of its words, and its bar.
const ROW: i32 = 58;
const WORDS: i32 = 16;
const BEAM: (i32, i32) = (32, 46);
/// Between parts, so that they are told apart without colours.
const GAP: i32 = 2;
/// The least width of a part, so that one device among thousands is still seen.
const NARROWEST: i32 = 4;
/// A longer name is cut: where the theme writes it largest, its counts need the rest.
const LONGEST: usize = 24;

const TRACK: &str = "chart-none";
const LABEL: &str = "chart-count";
const COUNTS: &str = "chart-label";

/// A bar for each row, under its name and its counts. The longest fills the chart.
#[must_use]
pub fn bars(caption: &Caption<'_>, rows: &[Bar]) -> Html {
    let height = i32::try_from(rows.len()).unwrap_or(i32::MAX / ROW).max(1) * ROW;
    svg(caption, height, |out| {
        let parts = rows.iter().flat_map(|row| &row.parts).map(|part| part.class);
        let ink = Ink(unique([TRACK, LABEL, COUNTS].into_iter().chain(parts)));
        let canvas = Canvas { height, ink: &ink, out };
        // Writing to a string cannot fail.
        let _ = draw(canvas, &ink, rows);
    })
}

/// Each class once: there are fewer colours than rows may have parts.
fn unique(classes: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut known = Vec::new();
    for class in classes {
        if !known.contains(&class) {
            known.push(class);
        }
    }
    known
}

fn draw(canvas: Canvas<'_>, ink: &Ink, rows: &[Bar]) -> Result<(), Box<dyn std::error::Error>> {
    let area = canvas.into_drawing_area();
    let fail = |_| "the canvas refused";
    if rows.is_empty() {
        let style = ink.text(COUNTS, HPos::Center, VPos::Center);
        return Ok(area.draw(&Text::new("Nothing to show", (WIDTH / 2, ROW / 2), style)).map_err(fail)?);
    }
    let most = rows.iter().map(Bar::total).max().unwrap_or_default().max(1);
    for (row, top) in rows.iter().zip((0..).step_by(ROW.unsigned_abs() as usize)) {
        let label = ink.text(LABEL, HPos::Left, VPos::Center);
        area.draw(&Text::new(cut(&row.label), (0, top + WORDS), label)).map_err(fail)?;
        let counts = ink.text(COUNTS, HPos::Right, VPos::Center);
        area.draw(&Text::new(row.counts(), (WIDTH, top + WORDS), counts)).map_err(fail)?;
        let (above, beneath) = (top + BEAM.0, top + BEAM.1);
        area.draw(&Rectangle::new([(0, above), (WIDTH, beneath)], ink.area(TRACK))).map_err(fail)?;
        let mut start = 0;
        for part in row.parts.iter().filter(|part| part.count > 0) {
            let end = (start + share(part.count, most)).min(WIDTH);
            area.draw(&Rectangle::new([(start, above), (end, beneath)], ink.area(part.class))).map_err(fail)?;
            start = (end + GAP).min(WIDTH);
        }
    }
    Ok(())
}

impl Bar {
    fn total(&self) -> u64 {
        self.parts.iter().map(|part| part.count).fold(0, u64::saturating_add)
    }

    /// Its counts in words, without those of nothing.
    fn counts(&self) -> String {
        let known = self.parts.iter().filter(|part| part.count > 0);
        let words: Vec<String> = known.map(|part| format!("{} {}", grouped(part.count), part.label)).collect();
        if words.is_empty() { "none".to_owned() } else { words.join(", ") }
    }
}

/// How wide a count is drawn.
fn share(count: u64, most: u64) -> i32 {
    let width = u128::from(count) * u128::from(WIDTH.unsigned_abs()) / u128::from(most);
    i32::try_from(width).unwrap_or(WIDTH).clamp(NARROWEST, WIDTH)
}

fn cut(label: &str) -> String {
    if label.chars().count() <= LONGEST {
        return label.to_owned();
    }
    let kept: String = label.chars().take(LONGEST - 1).collect();
    format!("{}…", kept.trim_end())
}
