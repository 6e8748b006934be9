//! JSON as other programs write it: an array of objects, an object on each line, or a page, whose rows are the array
//! `value` or `Results` of one object.

use std::io::Read as _;

use super::array::{self, Elements, Nesting};
use super::blocks::{BLOCK, LONGEST_RECORD};
use super::fault::{Fault, Spot};
use super::files::{Compression, Format, TableFile};
use super::input::{self, Text, broken_off, damage, forms};
use super::{Outcome, Request, Take, lines};
use crate::diagnostics::Diagnostic;
use crate::terms::word;

/// How much more of a text is looked at, at least, as long as it may be several things.
const STEP: usize = 1 << 16;

pub(super) fn read(file: &TableFile, request: &Request<'_>, take: Take<'_>) -> Result<Outcome, Diagnostic> {
    let mut text = input::open(file)?;
    match shape(file, &mut text)? {
        Shape::Lines => lines(file, text, request, take),
        Shape::Array => array::read_text(file, text, Elements::default(), request, take, BLOCK),
        Shape::Page(at) => {
            let before: Vec<u8> = text.head.drain(..at).collect();
            text.start = text.start.after(&before);
            array::read_text(file, text, Elements::of_a_member(), request, take, BLOCK)
        }
    }
}

/// The lines of a text. One object alone that has nothing of the table is no row: a service that refuses answers so.
fn lines(file: &TableFile, text: Text, request: &Request<'_>, take: Take<'_>) -> Result<Outcome, Diagnostic> {
    let (start, head) = (text.start, text.head.clone());
    let (outcome, objects) = lines::read_text(file, text, request, take, BLOCK)?;
    let has_nothing = outcome.told.is_some() && !outcome.seen.asked.contains(&true);
    if objects == 1 && has_nothing { Err(no_rows(file, start, &head)) } else { Ok(outcome) }
}

/// Whether a file is the answer of an export that names the files to download, and holds no rows itself.
pub(super) fn lists_files(file: &TableFile) -> bool {
    let is_plain = (file.format, file.compression) == (Format::Json, Compression::None);
    let text = is_plain.then(|| input::open(file).ok()).flatten();
    text.is_some_and(|text| matches!(look(&text.head), Look::ListOfFiles))
}

/// How the rows of a text stand in it.
#[derive(Debug, PartialEq, Eq)]
enum Shape {
    /// Each on a line of its own.
    Lines,
    /// In an array.
    Array,
    /// In an array that is a member of an object; where its bracket stands in the head.
    Page(usize),
}

/// What the beginning of a text shows.
#[derive(Debug, PartialEq, Eq)]
enum Look {
    Shape(Shape),
    ListOfFiles,
    /// One object over several lines, without rows in it.
    Nothing,
    /// More has to be seen.
    Open,
}

/// Looks at as much of a text as has to be seen.
fn shape(file: &TableFile, text: &mut Text) -> Result<Shape, Diagnostic> {
    loop {
        let seen = text.head.len();
        match look(&text.head) {
            Look::Shape(shape) => return Ok(shape),
            Look::Open if seen <= LONGEST_RECORD => {}
            _ => break,
        }
        // Each look begins anew: twice as much each time keeps them few.
        let read = text.input.by_ref().take(seen.max(STEP) as u64).read_to_end(&mut text.head);
        if read.map_err(|error| broken_off(file, &error, 0))? == 0 {
            break;
        }
    }
    Err(no_rows(file, text.start, &text.head))
}

/// That a text, which begins so, is one object without rows: the answer of a service that refused, say.
fn no_rows(file: &TableFile, start: Spot, head: &[u8]) -> Diagnostic {
    let at = head.len() - head.trim_ascii_start().len();
    let problem = damage("one JSON object that has no rows in `value` or `Results`").hint(forms(file));
    Fault::new(problem, file, start, head, at).told
}

fn look(head: &[u8]) -> Look {
    let start = head.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(head.len());
    match head.get(start) {
        Some(b'{') => {}
        // What is neither is told by the reader of arrays.
        _ => return Look::Shape(Shape::Array),
    }
    let mut at = start + 1;
    loop {
        let Some((key, value)) = member(head, at) else { return undecided(head, start) };
        match (word(&key).as_str(), head.get(value)) {
            ("value" | "results", Some(b'[')) => return Look::Shape(Shape::Page(value)),
            ("exportfiles", Some(b'[')) => return Look::ListOfFiles,
            _ => {}
        }
        let ends = |byte, depth| depth == 0 && matches!(byte, b',' | b'}');
        match Nesting::default().until(head, value, ends) {
            Some(end) if head.get(end) == Some(&b',') => at = end + 1,
            // The first object is whole, and no page.
            Some(end) if is_one_line(head, start, end) => return Look::Shape(Shape::Lines),
            Some(_) => return Look::Nothing,
            None => return undecided(head, start),
        }
    }
}

/// What a text is whose first object could not be read to its end: lines, if a line ends in it.
fn undecided(head: &[u8], start: usize) -> Look {
    let line = head.get(start..).and_then(|rest| rest.split(|byte| *byte == b'\n').next()).unwrap_or_default();
    let is_whole = start + line.len() < head.len() && line.trim_ascii_end().ends_with(b"}");
    if is_whole { Look::Shape(Shape::Lines) } else { Look::Open }
}

fn is_one_line(head: &[u8], start: usize, end: usize) -> bool {
    !head.get(start..end).unwrap_or_default().contains(&b'\n')
}

/// The key of the member at `at`, and where its value begins.
fn member(head: &[u8], at: usize) -> Option<(String, usize)> {
    let skip = |at: usize| {
        let blank = head.get(at..)?.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        Some(at + blank)
    };
    let open = skip(at).filter(|at| head.get(*at) == Some(&b'"'))?;
    let key = head.get(open + 1..)?;
    let close = open + 1 + memchr::memchr2(b'"', b'\\', key)?;
    let colon = skip(close + 1).filter(|at| head.get(*at) == Some(&b':'))?;
    let value = skip(colon + 1).filter(|at| *at < head.len())?;
    Some((String::from_utf8_lossy(head.get(open + 1..close)?).into_owned(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_of_a_text_shows_in_its_head() {
        let shape = |text: &str| look(text.as_bytes());
        assert_eq!(shape(" [{}]"), Look::Shape(Shape::Array));
        assert_eq!(shape("HTTP/1.1 200 OK"), Look::Shape(Shape::Array));
        assert_eq!(shape("{\"@odata.context\": \"a]}\", \"value\": []}"), Look::Shape(Shape::Page(35)));
        assert_eq!(shape("{\"Schema\":[{\"Name\":\"x\"}],\"Results\":["), Look::Shape(Shape::Page(35)));
        assert_eq!(shape("{\"value\": 1}\n"), Look::Shape(Shape::Lines));
        assert_eq!(shape("{\"a\": {\"value\": []}}\n{"), Look::Shape(Shape::Lines));
        assert_eq!(shape("{\"a\" 1}\n{\"a\": 1}"), Look::Shape(Shape::Lines));
        assert_eq!(shape("{\"a\": [1,"), Look::Open);
        assert_eq!(shape("{\n\"score\": 1\n}"), Look::Nothing);
        assert_eq!(shape("{\"exportFiles\": [\"https://x\"]}"), Look::ListOfFiles);
    }
}
