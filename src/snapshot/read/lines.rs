//! NDJSON: one object on each line.

use super::batch::{Batch, Rows};
use super::blocks::{BLOCK, Block, Blocks, Cut, Flaw, LONGEST_RECORD, Scanner, Why, in_parallel};
use super::fault::Fault;
use super::files::TableFile;
use super::harvest::Harvest;
use super::input::{self, Text, damaged};
use super::object::{NoRow, Objects, Told};
use super::{Outcome, Request, Take};
use crate::diagnostics::Diagnostic;

pub(super) fn read(file: &TableFile, request: &Request<'_>, take: Take<'_>) -> Result<Outcome, Diagnostic> {
    read_blocks(file, request, take, BLOCK)
}

pub(super) fn read_blocks(
    file: &TableFile,
    request: &Request<'_>,
    take: Take<'_>,
    size: usize,
) -> Result<Outcome, Diagnostic> {
    read_text(file, input::open(file)?, request, take, size).map(|(outcome, _)| outcome)
}

/// The lines of a text, and how many of them are objects.
pub(super) fn read_text(
    file: &TableFile,
    text: Text,
    request: &Request<'_>,
    take: Take<'_>,
    size: usize,
) -> Result<(Outcome, u64), Diagnostic> {
    let like_objects = text.head.trim_ascii_start().starts_with(b"{");
    let mut blocks = Blocks::new(file, text, Lines::default(), 1, size);
    let parts = Harvest::default();
    in_parallel(&mut blocks, &|block| {
        let (batch, told) = parse(file, request, &block)?;
        parts.add((told, batch.rows + batch.bad.len()));
        take(batch);
        Ok(())
    })
    .map_err(|fault| fault.told)?;
    let (told, lines): (Vec<Told>, Vec<usize>) = parts.into_vec().into_iter().unzip();
    let (outcome, objects) = Outcome::of_objects(file, request, told);
    if lines.iter().any(|lines| *lines > 0) && objects == 0 && !like_objects {
        // Bad rows are left out, and then this would pass for a table where nothing was found.
        let message = "the file is not what its name says: no line of it is a JSON object";
        return Err(damaged(file, message).hint("name it as what it is (.csv?), or export it again"));
    }
    Ok((outcome, objects))
}

fn parse(file: &TableFile, request: &Request<'_>, block: &Block) -> Result<(Batch, Told), Fault> {
    let text = input::utf8(file, block)?;
    let mut objects = Objects::new(request);
    let mut rows = Rows::new(request.decoded().count(), block.first, block.start.line);
    for (number, text) in (block.start.line..).zip(text.split('\n')) {
        if text.trim_ascii().is_empty() {
            continue;
        }
        match objects.read(text, number, &mut rows) {
            Ok(()) => {}
            Err(NoRow::Syntax(error)) => {
                rows.add_bad(number, format!("not a JSON object: {}", without_line(&error)));
            }
            Err(NoRow::Bad(why)) => rows.add_bad(number, why),
        }
    }
    Ok((rows.finish(&file.shown), objects.finish()))
}

/// An error's text; its line would be that in the one line that was parsed.
fn without_line(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.replace(&format!("at line {} column", error.line()), "at column")
}

/// Finds the ends of lines; one of white space only is no record.
#[derive(Default)]
pub(super) struct Lines {
    /// Where the line under way begins.
    line: usize,
}

impl Lines {
    fn fits(&self, end: usize) -> Result<(), Flaw> {
        let is_long = end.saturating_sub(self.line) > LONGEST_RECORD;
        if is_long { Err(Flaw { at: self.line, why: Why::TooLong }) } else { Ok(()) }
    }

    fn is_record(&self, text: &[u8], end: usize) -> bool {
        text.get(self.line..end).is_some_and(|line| !line.trim_ascii().is_empty())
    }
}

impl Scanner for Lines {
    fn scan(&mut self, text: &[u8], from: usize, cut: &mut Cut) -> Result<(), Flaw> {
        for step in memchr::memchr_iter(b'\n', text.get(from..).unwrap_or_default()) {
            let end = from + step;
            self.fits(end)?;
            cut.records += u64::from(self.is_record(text, end));
            cut.end = end + 1;
            self.line = cut.end;
        }
        self.fits(text.len())
    }

    fn finish(&mut self, text: &[u8], cut: &mut Cut) -> Result<(), Flaw> {
        cut.records += u64::from(self.is_record(text, text.len()));
        cut.end = text.len();
        Ok(())
    }

    fn shift(&mut self, end: usize) {
        self.line = self.line.saturating_sub(end);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::blocks::tests::cut;
    use super::*;

    proptest! {
        #[test]
        fn lines_are_kept_whole(text in "[ab \n\r]{0,60}", size in 1_usize..20) {
            let mut before = 0;
            for block in cut(text.as_bytes(), Lines::default(), size).expect("blocks") {
                prop_assert_eq!(block.first, before);
                let lines = std::str::from_utf8(&block.bytes).expect("text").split('\n');
                before += lines.filter(|line| !line.trim().is_empty()).count() as u64;
            }
            prop_assert_eq!(before, text.split('\n').filter(|line| !line.trim().is_empty()).count() as u64);
        }
    }
}
