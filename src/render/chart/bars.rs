//! Bars beneath each other on one scale, each of several parts.

use plotters::element::{Rectangle, Text};
use plotters::prelude::IntoDrawingArea;
use plotters_backend::text_anchor::{HPos, VPos};

use super::canvas::{Canvas, Ink};
use super::{Caption, NARROWEST, Part, WIDTH, gaps, spans, svg};
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

/// What a line of a name takes, its middle, and what the bar beneath the name takes.
const LINE: i32 = 26;
const MIDDLE: i32 = 14;
const BEAM: i32 = 28;
/// How high a bar is drawn, in the middle of its room.
const THICK: i32 = 14;
/// Where bars end at most: their counts stand beside them.
const LONGEST: i32 = 370;
/// Between a bar and its counts.
const BESIDE: i32 = 12;
/// So many letters stand in a line where the theme writes them largest, and a name has two lines.
const LETTERS: usize = 58;
const LINES: usize = 2;

const TRACK: &str = "chart-none";
const LABEL: &str = "chart-count";
const COUNTS: &str = "chart-label";

/// A bar for each row, under its name and with its counts beside it. All are on one scale.
#[must_use]
pub fn bars(caption: &Caption<'_>, rows: &[Bar]) -> Html {
    let names: Vec<Vec<String>> = rows.iter().map(|row| broken(&row.label)).collect();
    let lines = |lines: &Vec<String>| i32::try_from(lines.len()).unwrap_or(1) * LINE + BEAM;
    let height = names.iter().map(lines).sum::<i32>().max(LINE + BEAM);
    svg(caption, height, |out| {
        let parts = rows.iter().flat_map(|row| &row.parts).map(|part| part.class);
        let ink = Ink(unique([TRACK, LABEL, COUNTS].into_iter().chain(parts)));
        let canvas = Canvas { height, ink: &ink, out };
        // Writing to a string cannot fail.
        let _ = draw(canvas, &ink, rows, &names);
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

fn draw(canvas: Canvas<'_>, ink: &Ink, rows: &[Bar], names: &[Vec<String>]) -> Result<(), Box<dyn std::error::Error>> {
    let area = canvas.into_drawing_area();
    let fail = |_| "the canvas refused";
    if rows.is_empty() {
        let style = ink.text(COUNTS, HPos::Center, VPos::Center);
        return Ok(area.draw(&Text::new("Nothing to show", (WIDTH / 2, LINE), style)).map_err(fail)?);
    }
    let most = rows.iter().map(Bar::total).max().unwrap_or_default().max(1);
    let mut top = 0;
    for (row, lines) in rows.iter().zip(names) {
        for line in lines {
            let label = ink.text(LABEL, HPos::Left, VPos::Center);
            area.draw(&Text::new(line.as_str(), (0, top + MIDDLE), label)).map_err(fail)?;
            top += LINE;
        }
        let (above, beneath) = (top + (BEAM - THICK) / 2 - 4, top + (BEAM + THICK) / 2 - 4);
        area.draw(&Rectangle::new([(0, above), (LONGEST, beneath)], ink.area(TRACK))).map_err(fail)?;
        let parts: Vec<&Part> = row.parts.iter().filter(|part| part.count > 0).collect();
        let counts: Vec<u64> = parts.iter().map(|part| part.count).collect();
        for (part, (start, end)) in parts.iter().zip(spans(&counts, row.length(parts.len(), most))) {
            area.draw(&Rectangle::new([(start, above), (end, beneath)], ink.area(part.class))).map_err(fail)?;
        }
        let counts = ink.text(COUNTS, HPos::Left, VPos::Center);
        let middle = (LONGEST + BESIDE, (above + beneath) / 2);
        area.draw(&Text::new(row.counts(), middle, counts)).map_err(fail)?;
        top += BEAM;
    }
    Ok(())
}

impl Bar {
    fn total(&self) -> u64 {
        self.parts.iter().map(|part| part.count).fold(0, u64::saturating_add)
    }

    /// How long it is drawn: in proportion to the bar that counts `most`, but with room for so many parts.
    fn length(&self, parts: usize, most: u64) -> i32 {
        let length = u128::from(self.total()) * u128::from(LONGEST.unsigned_abs()) / u128::from(most);
        let least = i32::try_from(parts).unwrap_or(0) * NARROWEST + gaps(parts);
        i32::try_from(length).unwrap_or(LONGEST).max(least)
    }

    /// Its counts in words, without those of nothing.
    fn counts(&self) -> String {
        let known = self.parts.iter().filter(|part| part.count > 0);
        let words: Vec<String> = known.map(|part| format!("{} {}", grouped(part.count), part.label)).collect();
        if words.is_empty() { "none".to_owned() } else { words.join(", ") }
    }
}

/// A name in lines, broken between words where it can be; what is more than they hold is cut.
fn broken(label: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in label.split(' ') {
        let line = lines.last().map_or(0, |line| line.chars().count());
        if line > 0 && line + 1 + word.chars().count() > LETTERS {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(word);
        }
    }
    let more = lines.len() > LINES;
    lines.truncate(LINES);
    let last = lines.len();
    lines.into_iter().zip(1..).map(|(line, at)| cut(&line, more && at == last)).collect()
}

/// A line as far as there is room; `more` where it is not the end of its name.
fn cut(line: &str, more: bool) -> String {
    if line.chars().count() <= LETTERS && !more {
        return line.to_owned();
    }
    let kept: String = line.chars().take(LETTERS - 1).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_broken_between_words_and_cut_at_the_end_alone() {
        assert_eq!(broken("Clop and Oracle"), ["Clop and Oracle"]);
        assert_eq!(
            broken("Storm-2603: hands-on-keyboard ransomware through SharePoint servers (ToolShell)"),
            ["Storm-2603: hands-on-keyboard ransomware through", "SharePoint servers (ToolShell)"]
        );
        let long = broken(&"ransomware ".repeat(20));
        assert_eq!((long.len(), long[1].ends_with('…')), (2, true));
        let word = broken(&"x".repeat(90));
        assert_eq!((word.len(), word[0].chars().count()), (1, LETTERS));
        assert_eq!(broken(""), [""]);
    }
}
