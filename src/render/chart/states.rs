//! One bar of devices by state.

use plotters::element::{PathElement, Rectangle, Text};
use plotters::prelude::IntoDrawingArea;
use plotters_backend::text_anchor::{HPos, VPos};

use super::canvas::{Canvas, Ink};
use super::{Caption, WIDTH, spans, svg};
use crate::pages::grouped;
use crate::render::Html;

/// A part of the bar.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// What is counted, in a word or two.
    pub label: &'static str,
    /// The class of its rectangle.
    pub class: &'static str,
    /// How many.
    pub count: u64,
}

const HEIGHT: i32 = 128;
const BAR: (i32, i32) = (2, 42);
/// What a letter of a label takes where the theme writes it largest, and what keeps two labels
/// apart.
const LETTER: i32 = 13;
const SPACE: i32 = 12;
/// The sample of a part's colour above its count.
const SWATCH: (i32, i32) = (28, 6);

const EMPTY: &str = "chart-none";
const LEADER: &str = "chart-leader";
const COUNT: &str = "chart-count";
const LABEL: &str = "chart-label";

/// The bar, each part with its count and label beneath it. Parts of zero are left out.
#[must_use]
pub fn states(caption: &Caption<'_>, parts: &[Part]) -> Html {
    let parts: Vec<Part> = parts.iter().copied().filter(|part| part.count > 0).collect();
    svg(caption, HEIGHT, |out| {
        let classes = [EMPTY, LEADER, COUNT, LABEL].into_iter().chain(parts.iter().map(|part| part.class));
        let ink = Ink(classes.collect());
        let canvas = Canvas { height: HEIGHT, ink: &ink, out };
        // Writing to a string cannot fail.
        let _ = draw(canvas, &ink, &parts);
    })
}

fn draw(canvas: Canvas<'_>, ink: &Ink, parts: &[Part]) -> Result<(), Box<dyn std::error::Error>> {
    let area = canvas.into_drawing_area();
    let fail = |_| "the canvas refused";
    let middle = |class| ink.text(class, HPos::Center, VPos::Center);
    if parts.is_empty() {
        area.draw(&Rectangle::new([(0, BAR.0), (WIDTH, BAR.1)], ink.area(EMPTY))).map_err(fail)?;
        area.draw(&Text::new("No devices", (WIDTH / 2, 86), middle(LABEL))).map_err(fail)?;
        return Ok(());
    }
    let spans = spans(&parts.iter().map(|part| part.count).collect::<Vec<_>>(), WIDTH);
    let middles: Vec<i32> = spans.iter().map(|(start, end)| (start + end) / 2).collect();
    let counts: Vec<String> = parts.iter().map(|part| grouped(part.count)).collect();
    let widths = parts.iter().zip(&counts).map(|(part, count)| part.label.len().max(count.chars().count()));
    let widths: Vec<i32> = widths.map(|letters| i32::try_from(letters).unwrap_or(0) * LETTER + SPACE).collect();
    let labels = places(&middles, &widths);
    for (((part, (start, end)), from), (to, count)) in
        parts.iter().zip(spans).zip(middles).zip(labels.into_iter().zip(counts))
    {
        area.draw(&Rectangle::new([(start, BAR.0), (end, BAR.1)], ink.area(part.class))).map_err(fail)?;
        let leader = [(from, BAR.1 + 2), (from, BAR.1 + 6), (to, BAR.1 + 16), (to, BAR.1 + 20)];
        area.draw(&PathElement::new(leader, ink.line(LEADER))).map_err(fail)?;
        let (left, top) = (to - SWATCH.0 / 2, BAR.1 + 20);
        let swatch = [(left, top), (left + SWATCH.0, top + SWATCH.1)];
        area.draw(&Rectangle::new(swatch, ink.area(part.class))).map_err(fail)?;
        area.draw(&Text::new(count, (to, 86), middle(COUNT))).map_err(fail)?;
        area.draw(&Text::new(part.label, (to, 112), middle(LABEL))).map_err(fail)?;
    }
    Ok(())
}

/// Where the labels' middles go: as near to `middles` as they can without touching each other
/// or leaving the chart.
fn places(middles: &[i32], widths: &[i32]) -> Vec<i32> {
    let mut places: Vec<i32> = middles.to_vec();
    let mut free = 0;
    for (place, width) in places.iter_mut().zip(widths) {
        *place = (*place).max(free + width / 2);
        free = *place + width / 2;
    }
    let mut free = WIDTH;
    for (place, width) in places.iter_mut().zip(widths).rev() {
        *place = (*place).min(free - width / 2);
        free = *place - width / 2;
    }
    places
}
