//! A text cut into blocks of whole records: one thread reads and cuts, all of them parse.

use std::io::{Cursor, Read};
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::fault::{Fault, Spot};
use super::files::TableFile;
use super::input::{MEND_IT, Text, broken_off, damage, forms, no_json};

/// How much text a block has, about.
pub(super) const BLOCK: usize = 4 << 20;
/// The longest record, in bytes.
pub(super) const LONGEST_RECORD: usize = 16 << 20;

/// A run of whole records.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) bytes: Vec<u8>,
    /// Where it begins.
    pub(super) start: Spot,
    /// The number of its first record in the file.
    pub(super) first: u64,
    /// How many records it has.
    pub(super) records: u64,
    /// Which of them, from 0, are none of the format.
    pub(super) broken: Vec<u64>,
}

/// How far a scanner has come in the text it is shown.
#[derive(Debug, Default)]
pub(super) struct Cut {
    /// Where the last whole record ends; the text may be cut there.
    pub(super) end: usize,
    /// How many whole records the text has.
    pub(super) records: u64,
    /// Which of them, from 0, are none of the format, though they end.
    pub(super) broken: Vec<u64>,
}

/// What a scanner cannot pass.
#[derive(Debug)]
pub(super) struct Flaw {
    /// Where in the text that it was shown.
    pub(super) at: usize,
    pub(super) why: Why,
}

#[derive(Debug)]
pub(super) enum Why {
    /// The quote that is opened here is not closed.
    OpenQuote,
    /// The record that begins here is longer than [`LONGEST_RECORD`].
    TooLong,
    /// This is no JSON.
    Syntax(&'static str),
    /// It may be JSON, but no table.
    Form(&'static str),
    /// The text does not begin as JSON does.
    NoJson,
}

/// Finds the ends of records. It looks at every byte once, in order; how the text is cut has
/// no influence on what it finds.
pub(super) trait Scanner: Send {
    /// Looks at `text[from..]`.
    fn scan(&mut self, text: &[u8], from: usize, cut: &mut Cut) -> Result<(), Flaw>;

    /// Nothing comes after `text`, all of which was looked at.
    fn finish(&mut self, text: &[u8], cut: &mut Cut) -> Result<(), Flaw>;

    /// The first bytes of the text are handed out: the next text begins after them.
    fn shift(&mut self, end: usize);
}

/// Cuts a text into blocks.
pub(super) struct Blocks<'a, S> {
    file: &'a TableFile,
    input: Box<dyn Read + Send>,
    scanner: S,
    size: usize,
    /// Text that was read and not yet handed out.
    rest: Vec<u8>,
    /// How much of the rest the scanner has looked at.
    scanned: usize,
    /// Where the rest begins.
    start: Spot,
    /// The number of the rest's first record.
    first: u64,
    /// What is wrong after the block that was handed out last.
    fault: Option<Fault>,
    ended: bool,
}

impl<'a, S: Scanner> Blocks<'a, S> {
    /// The blocks of `text`, each of about `size` bytes; `first` is the first record's number.
    pub(super) fn new(file: &'a TableFile, text: Text, scanner: S, first: u64, size: usize) -> Self {
        let Text { input, head, start, .. } = text;
        let input = Box::new(Cursor::new(head).chain(input));
        Self { file, input, scanner, size, rest: Vec::new(), scanned: 0, start, first, fault: None, ended: false }
    }

    fn cut(&mut self) -> Result<Option<Block>, Fault> {
        let mut cut = Cut::default();
        loop {
            let read = self.input.by_ref().take(self.size as u64).read_to_end(&mut self.rest);
            let mut found = self.scanner.scan(&self.rest, self.scanned, &mut cut);
            self.scanned = self.rest.len();
            self.ended = match read {
                Ok(count) => count < self.size,
                Err(error) => {
                    let rows = (self.first + cut.records).saturating_sub(1);
                    let at = self.start.offset + self.scanned as u64;
                    return Err(Fault { at, told: broken_off(self.file, &error, rows) });
                }
            };
            if self.ended && found.is_ok() {
                found = self.scanner.finish(&self.rest, &mut cut);
            }
            if let Err(flaw) = found {
                self.ended = true;
                let fault = self.fault(&flaw);
                if cut.end == 0 {
                    return Err(fault);
                }
                // What stands before may have an earlier fault.
                self.fault = Some(fault);
                return Ok(Some(self.take(cut)));
            }
            if self.ended || cut.end > 0 {
                return Ok((cut.end > 0).then(|| self.take(cut)));
            }
        }
    }

    fn take(&mut self, cut: Cut) -> Block {
        let rest = self.rest.get(cut.end..).unwrap_or_default().to_vec();
        let mut bytes = std::mem::replace(&mut self.rest, rest);
        bytes.truncate(cut.end);
        self.scanned = self.scanned.saturating_sub(cut.end);
        self.scanner.shift(cut.end);
        let Cut { records, broken, .. } = cut;
        let block = Block { start: self.start, first: self.first, records, broken, bytes };
        self.start = self.start.after(&block.bytes);
        self.first += records;
        block
    }

    fn fault(&self, flaw: &Flaw) -> Fault {
        let problem = match flaw.why {
            Why::OpenQuote => damage("a quote that is opened here is not closed")
                .hint("close it; inside quotes, a quote is written twice"),
            Why::TooLong => damage(format!("the record that begins here is longer than {} MiB", LONGEST_RECORD >> 20))
                .hint("is it really a table? Export it again"),
            Why::Syntax(what) => damage(what).hint(MEND_IT),
            Why::Form(what) => damage(what).hint(forms(self.file)),
            Why::NoJson => no_json(self.file, self.rest.get(flaw.at..).unwrap_or_default()),
        };
        Fault::new(problem, self.file, self.start, &self.rest, flaw.at)
    }
}

impl<S: Scanner> Iterator for Blocks<'_, S> {
    type Item = Result<Block, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(fault) = self.fault.take() {
            return Some(Err(fault));
        }
        if self.ended {
            return None;
        }
        let block = self.cut();
        self.ended |= block.is_err();
        block.transpose()
    }
}

/// Does some work for every block, in no particular order. No more blocks are under way than there are threads.
///
/// Whatever the rows are, it is one function: the threads' machinery is much code, and would be compiled anew for each
/// kind.
///
/// # Errors
/// The first fault of the file.
pub(in crate::snapshot) fn in_parallel<B: Send>(
    blocks: &mut (dyn Iterator<Item = Result<B, Fault>> + Send),
    work: &(dyn Fn(B) -> Result<(), Fault> + Sync),
) -> Result<(), Fault> {
    let stopped = AtomicBool::new(false);
    // Blocks are handed out in order: what stands before a fault is parsed whenever it is met.
    let blocks = blocks.take_while(|_| !stopped.load(Ordering::Relaxed)).par_bridge();
    let faults = blocks.filter_map(|block| {
        let fault = block.and_then(work).err();
        if fault.is_some() {
            stopped.store(true, Ordering::Relaxed);
        }
        fault
    });
    faults.min_by_key(|fault| fault.at).map_or(Ok(()), Err)
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::files::sample;
    use super::*;
    use crate::diagnostics::{Code, Diagnostic};

    /// The blocks of a text, whatever it is; or what is wrong with it, after its line and column.
    pub(in crate::snapshot::read) fn cut<S: Scanner>(
        text: &[u8],
        scanner: S,
        size: usize,
    ) -> Result<Vec<Block>, String> {
        let file = sample("t.csv");
        let input = Box::new(Cursor::new(text.to_vec()));
        let text = Text { input, head: Vec::new(), remark: None, start: Spot::FIRST };
        let blocks = Blocks::new(&file, text, scanner, 0, size).collect::<Result<_, _>>();
        blocks.map_err(|Fault { told, .. }| {
            let place = told.place.position().map(|place| (place.line, place.column));
            let (line, column) = place.unwrap_or_default();
            format!("{line}:{column}: {}", told.message)
        })
    }

    #[test]
    fn of_several_faults_the_first_is_told() {
        let fault = |at| Fault { at, told: Diagnostic::error(Code::NotUtf8, at.to_string()) };
        for blocks in [vec![Ok(1), Err(fault(4)), Err(fault(7)), Err(fault(9))], vec![Ok(1), Ok(4), Ok(9)]] {
            let work = |at: u64| if at < 4 { Ok(()) } else { Err(fault(at)) };
            assert_eq!(in_parallel(&mut blocks.into_iter(), &work).expect_err("a fault").at, 4);
        }
    }
}
