//! Charts as SVG that takes its colours from the theme.
//!
//! plotters lays them out; what it draws becomes elements with classes, without a style or a
//! colour of its own, as the pages' policy wants it. All coordinates are whole numbers. A chart
//! is 720 units wide and meant to be shown at 320 to 900 pixels: the theme makes the text larger
//! where the chart is narrow, and there is room for that.

mod bars;
mod canvas;
mod lines;
mod states;

use super::Html;
use super::markup::Markup;

pub use bars::{Bar, bars};
pub use lines::{Line, lines};
pub use states::{Part, states};

/// How wide every chart is, in its own units.
const WIDTH: i32 = 720;
/// Between the parts of a bar, so that they are told apart without colours.
const GAP: i32 = 2;
/// The least width of a part, so that one device among thousands is still seen.
const NARROWEST: i32 = 4;

/// What is told of a chart to those who do not see it.
#[derive(Clone, Copy, Debug)]
pub struct Caption<'a> {
    /// What the chart's ids begin with; unique on its page.
    pub id: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// What it says, in a sentence.
    pub description: &'a str,
}

/// The `svg` element around what `draw` draws.
fn svg(caption: &Caption<'_>, height: i32, draw: impl FnOnce(&mut Markup)) -> Html {
    let (title, description) = (format!("{}-title", caption.id), format!("{}-desc", caption.id));
    let mut out = Markup::default();
    out.tags("<svg class=\"chart\" role=\"img\"").attribute("viewBox", &format!("0 0 {WIDTH} {height}"));
    out.attribute("aria-labelledby", &format!("{title} {description}")).tags("><title").attribute("id", &title);
    out.tags(">").text(caption.title).tags("</title><desc").attribute("id", &description);
    out.tags(">").text(caption.description).tags("</desc>");
    draw(&mut out);
    out.tags("</svg>");
    out.finish()
}

/// Where each part of a bar of some length begins and ends: in proportion, but none narrower than it can be seen.
fn spans(counts: &[u64], length: i32) -> Vec<(i32, i32)> {
    let total: u128 = counts.iter().map(|count| u128::from(*count)).sum::<u128>().max(1);
    let room = length - gaps(counts.len());
    let width = |count: &u64| {
        i32::try_from(u128::from(*count) * u128::from(room.unsigned_abs()) / total).unwrap_or(0).max(NARROWEST)
    };
    let mut widths: Vec<i32> = counts.iter().map(width).collect();
    // What rounding left over, or widening took, is the widest part's.
    let rest = room - widths.iter().sum::<i32>();
    if let Some(widest) = widths.iter_mut().max_by_key(|width| **width) {
        *widest += rest;
    }
    let mut start = 0;
    let span = |width| {
        let span = (start, start + width);
        start = span.1 + GAP;
        span
    };
    widths.into_iter().map(span).collect()
}

/// What the gaps between so many parts take.
fn gaps(parts: usize) -> i32 {
    i32::try_from(parts.saturating_sub(1)).unwrap_or(0) * GAP
}

#[cfg(test)]
mod tests;
