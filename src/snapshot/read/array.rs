//! JSON: one array of objects.

use super::batch::{Batch, Rows};
use super::blocks::{BLOCK, Block, Blocks, Cut, Flaw, LONGEST_RECORD, Scanner, Why, in_parallel};
use super::fault::Fault;
use super::files::TableFile;
use super::harvest::Harvest;
use super::input::{self, MEND_IT, Text, damage};
use super::object::{NoRow, Objects, Told};
use super::{Outcome, Request, Take};
use crate::diagnostics::{Diagnostic, json_place, json_said};

pub(super) fn read(file: &TableFile, request: &Request<'_>, take: Take<'_>) -> Result<Outcome, Diagnostic> {
    read_blocks(file, request, take, BLOCK)
}

pub(super) fn read_blocks(
    file: &TableFile,
    request: &Request<'_>,
    take: Take<'_>,
    size: usize,
) -> Result<Outcome, Diagnostic> {
    read_text(file, input::open(file)?, Elements::default(), request, take, size)
}

/// The elements of a text whose array begins its head.
pub(super) fn read_text(
    file: &TableFile,
    text: Text,
    elements: Elements,
    request: &Request<'_>,
    take: Take<'_>,
    size: usize,
) -> Result<Outcome, Diagnostic> {
    let mut blocks = Blocks::new(file, text, elements, 1, size);
    let told = Harvest::default();
    in_parallel(&mut blocks, &|block| {
        let (batch, part) = parse(file, request, &block)?;
        told.add(part);
        take(batch);
        Ok(())
    })
    .map_err(|fault| fault.told)?;
    Ok(Outcome::of_objects(file, request, told.into_vec()).0)
}

/// The elements of a block. The first block begins with the array's bracket.
fn parse(file: &TableFile, request: &Request<'_>, block: &Block) -> Result<(Batch, Told), Fault> {
    // An element that stands before what is no text may have a fault of its own, which is then the first.
    let (text, fault) = input::text(file, block);
    let mut objects = Objects::new(request);
    let mut rows = Rows::new(request.decoded().count(), block.first, block.start.line);
    let (mut at, mut line) = (0, block.start.line);
    if block.first == 1 {
        at = text.find('[').map_or(0, |bracket| bracket + 1);
        line += lines(text.get(..at));
    }
    for _ in 0..block.records {
        let end = Nesting::default().end(text.as_bytes(), at).unwrap_or(text.len());
        if fault.is_some() && end == text.len() {
            break;
        }
        let element = text.get(at..end).unwrap_or_default();
        let blank = element.len() - element.trim_ascii_start().len();
        let begins = line + lines(element.get(..blank));
        match objects.read(element, begins, &mut rows) {
            Ok(()) => {}
            Err(NoRow::Bad(why)) => rows.add_bad(begins, why),
            Err(NoRow::Syntax(error)) => {
                let problem = damage(format!("not JSON: {}", json_said(&error))).hint(MEND_IT);
                let at = at + json_place(element, &error);
                return Err(Fault::new(problem, file, block.start, &block.bytes, at));
            }
        }
        line += lines(Some(element));
        at = end + 1;
    }
    match fault {
        Some(fault) => Err(fault),
        None => Ok((rows.finish(&file.shown), objects.finish())),
    }
}

fn lines(text: Option<&str>) -> u64 {
    memchr::memchr_iter(b'\n', text.unwrap_or_default().as_bytes()).count() as u64
}

/// Finds the ends of an array's elements. Whether these are JSON is for whoever parses them.
#[derive(Default)]
pub(super) struct Elements {
    stage: Stage,
    nesting: Nesting,
    /// Where the element under way begins.
    element: usize,
    /// Whether the array is a member of an object, whose other members follow.
    is_member: bool,
}

#[derive(Clone, Copy, Default)]
enum Stage {
    /// Before the array.
    #[default]
    Before,
    /// After its bracket.
    First,
    /// After a comma.
    Next,
    Element,
    /// After the array, inside the object that it is a member of.
    Rest,
    /// After the end.
    After,
}

impl Elements {
    /// Those of an array that is a member of an object.
    pub(super) fn of_a_member() -> Self {
        Self { is_member: true, ..Self::default() }
    }

    /// The stage after the array's bracket.
    fn after_array(&mut self) -> Stage {
        self.nesting = Nesting { depth: 1, ..Nesting::default() };
        if self.is_member { Stage::Rest } else { Stage::After }
    }

    /// At a byte that is no white space, outside elements.
    fn mark(&mut self, byte: u8, at: usize) -> Result<(), Flaw> {
        let wrong = |why| Err(Flaw { at, why });
        self.stage = match (self.stage, byte) {
            (Stage::Before, b'[') => Stage::First,
            (Stage::Before, _) => return wrong(Why::NoJson),
            (Stage::First, b']') => self.after_array(),
            (Stage::First | Stage::Next, b',' | b']') => {
                return wrong(Why::Syntax("not JSON: an element of the array is missing"));
            }
            (Stage::After, _) => return wrong(Why::Form("there is more after the end of the array")),
            _ => {
                self.element = at;
                self.nesting = Nesting::default();
                Stage::Element
            }
        };
        Ok(())
    }

    fn fits(&self, end: usize, cut: &Cut) -> Result<(), Flaw> {
        let start = if matches!(self.stage, Stage::Element) { self.element } else { cut.end };
        let is_long = end.saturating_sub(start) > LONGEST_RECORD;
        if is_long { Err(Flaw { at: start, why: Why::TooLong }) } else { Ok(()) }
    }
}

impl Scanner for Elements {
    fn scan(&mut self, text: &[u8], from: usize, cut: &mut Cut) -> Result<(), Flaw> {
        let mut at = from;
        while let Some(byte) = text.get(at).copied() {
            if matches!(self.stage, Stage::Rest) {
                let closes = |byte, depth| depth == 1 && byte == b'}';
                let Some(end) = self.nesting.until(text, at, closes) else {
                    cut.end = text.len();
                    break;
                };
                self.stage = Stage::After;
                at = end + 1;
                cut.end = at;
                continue;
            }
            if !matches!(self.stage, Stage::Element) {
                if !byte.is_ascii_whitespace() {
                    self.mark(byte, at)?;
                }
                // An element is looked at from its first byte on.
                at += usize::from(!matches!(self.stage, Stage::Element));
                if matches!(self.stage, Stage::After | Stage::Rest) {
                    cut.end = at;
                }
                continue;
            }
            let Some(end) = self.nesting.end(text, at) else { break };
            self.fits(end, cut)?;
            self.stage = if text.get(end) == Some(&b',') { Stage::Next } else { self.after_array() };
            cut.records += 1;
            at = end + 1;
            cut.end = at;
        }
        self.fits(text.len(), cut)
    }

    fn finish(&mut self, text: &[u8], cut: &mut Cut) -> Result<(), Flaw> {
        // The last line that has something is shown.
        let at = text.trim_ascii_end().len();
        match self.stage {
            Stage::After => {
                cut.end = text.len();
                Ok(())
            }
            Stage::Before => Err(Flaw { at, why: Why::Form("the file is empty") }),
            Stage::Rest => Err(Flaw { at, why: Why::Syntax("the object is not closed where the file ends") }),
            _ => Err(Flaw { at, why: Why::Syntax("the array is not closed where the file ends") }),
        }
    }

    fn shift(&mut self, end: usize) {
        self.element = self.element.saturating_sub(end);
    }
}

/// How deep inside an element a place is.
#[derive(Default)]
pub(super) struct Nesting {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Nesting {
    /// Where the element ends that `text` is inside of at `from`: at a comma or the array's
    /// bracket.
    pub(super) fn end(&mut self, text: &[u8], from: usize) -> Option<usize> {
        self.until(text, from, |byte, depth| depth == 0 && matches!(byte, b',' | b']'))
    }

    /// The first place from `from` on, outside strings, where `is_end` holds of the byte and of how deep it stands.
    pub(super) fn until(&mut self, text: &[u8], from: usize, is_end: impl Fn(u8, usize) -> bool) -> Option<usize> {
        let mut at = from;
        while let Some(byte) = text.get(at) {
            if self.escaped {
                self.escaped = false;
            } else if self.in_string {
                at += memchr::memchr2(b'"', b'\\', text.get(at..)?)?;
                self.escaped = text.get(at) == Some(&b'\\');
                self.in_string = self.escaped;
            } else {
                match byte {
                    b'"' => self.in_string = true,
                    b'{' | b'[' => self.depth += 1,
                    byte if is_end(*byte, self.depth) => return Some(at),
                    b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                    _ => {}
                }
            }
            at += 1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::super::blocks::tests::cut;
    use super::*;

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i32>().prop_map(Value::from),
            "[a\"\\\\\\]\\[}{,é\n]{0,8}".prop_map(Value::from)
        ];
        leaf.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::btree_map("[a\"\\]]{0,3}", inner, 0..3).prop_map(|map| json!(map)),
            ]
        })
    }

    proptest! {
        #[test]
        fn elements_are_kept_whole(values in prop::collection::vec(value(), 0..6), size in 1_usize..30, pretty: bool) {
            let write = if pretty { serde_json::to_string_pretty } else { serde_json::to_string };
            let text = format!(" {} ", write(&values).expect("JSON"));
            let mut found = Vec::new();
            for (number, block) in cut(text.as_bytes(), Elements::default(), size).expect("blocks").iter().enumerate() {
                let mut at = if number == 0 { 2 } else { 0 };
                for _ in 0..block.records {
                    let end = Nesting::default().end(&block.bytes, at).expect("an end");
                    found.push(serde_json::from_slice::<Value>(&block.bytes[at..end]).expect("an element"));
                    at = end + 1;
                }
            }
            prop_assert_eq!(found, values);
        }
    }

    #[test]
    fn what_is_no_array_is_told_with_its_place() {
        for (text, wanted) in [
            (" \n ", "1:1: the file is empty"),
            ("x", "1:1: it does not begin as JSON does"),
            ("[\n{},]", "2:4: not JSON: an element of the array is missing"),
            ("[,]", "1:2: not JSON: an element of the array is missing"),
            ("[{}\n] é x", "2:3: there is more after the end of the array"),
            ("[{\"a\":1}\n \n", "1:9: the array is not closed where the file ends"),
        ] {
            for size in [1, 3, 100] {
                assert_eq!(cut(text.as_bytes(), Elements::default(), size).expect_err("no array"), wanted);
            }
        }
    }
}
