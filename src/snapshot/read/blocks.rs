//! A text cut into blocks of whole records: one thread reads and cuts, all of them parse.

use std::io::{Cursor, Read};
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::files::TableFile;
use super::input::{Text, broken_off, damaged};
use crate::diagnostics::Diagnostic;

/// How much text a block has, about.
pub(super) const BLOCK: usize = 4 << 20;
/// The longest record, in bytes.
pub(super) const LONGEST_RECORD: usize = 16 << 20;

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// In bytes, from 0.
    pub(super) offset: u64,
    /// From 1.
    pub(super) line: u64,
    /// In characters, from 1.
    pub(super) column: u64,
}

impl Spot {
    /// The place behind `text`, which begins here.
    pub(super) fn after(self, text: &[u8]) -> Self {
        let lines = memchr::memchr_iter(b'\n', text).count() as u64;
        let (column, last) = match memchr::memrchr(b'\n', text) {
            Some(end) => (1, text.get(end + 1..).unwrap_or_default()),
            None => (self.column, text),
        };
        // Every byte but those that continue a character.
        let characters = last.iter().filter(|byte| **byte & 0xc0 != 0x80).count() as u64;
        Self { offset: self.offset + text.len() as u64, line: self.line + lines, column: column + characters }
    }
}

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
}

/// A problem, and where in its file: the first of several is told, whichever thread met it.
#[derive(Debug)]
pub(in crate::snapshot) struct Fault {
    pub(in crate::snapshot) at: u64,
    pub(in crate::snapshot) told: Diagnostic,
}

/// How far a scanner has come in the text it is shown.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cut {
    /// Where the last whole record ends; the text may be cut there.
    pub(super) end: usize,
    /// How many whole records the text has.
    pub(super) records: u64,
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
    /// This cannot stand here.
    Syntax(&'static str),
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
        let block = Block { start: self.start, first: self.first, records: cut.records, bytes };
        self.start = self.start.after(&block.bytes);
        self.first += cut.records;
        block
    }

    fn fault(&self, flaw: &Flaw) -> Fault {
        let spot = self.start.after(self.rest.get(..flaw.at).unwrap_or_default());
        let Spot { offset: at, line, column } = spot;
        let (message, hint) = match flaw.why {
            Why::OpenQuote => (
                format!("a quote that is opened on line {line} is not closed"),
                "close it; inside quotes, a quote is written twice",
            ),
            Why::TooLong => (
                format!("the record on line {line} is longer than {} MiB", LONGEST_RECORD >> 20),
                "is it really a table? Export it again",
            ),
            Why::Syntax(what) => (format!("{what}, on line {line}, column {column}"), ONE_ARRAY),
        };
        Fault { at, told: damaged(self.file, &message).hint(hint) }
    }
}

/// What a JSON file has to be.
pub(super) const ONE_ARRAY: &str = "the file has to be one array of objects: [{…}, {…}]";

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

    /// The blocks of a text, whatever it is.
    pub(in crate::snapshot::read) fn cut<S: Scanner>(
        text: &[u8],
        scanner: S,
        size: usize,
    ) -> Result<Vec<Block>, String> {
        let file = sample("t.csv");
        let start = Spot { offset: 0, line: 1, column: 1 };
        let text = Text { input: Box::new(Cursor::new(text.to_vec())), head: Vec::new(), remark: None, start };
        Blocks::new(&file, text, scanner, 0, size).collect::<Result<_, _>>().map_err(|fault| fault.told.message)
    }

    #[test]
    fn a_spot_counts_characters_in_its_line() {
        let start = Spot { offset: 3, line: 1, column: 1 };
        let middle = start.after("aé".as_bytes());
        assert_eq!(middle, Spot { offset: 6, line: 1, column: 3 });
        assert_eq!(middle.after("x\n\nü".as_bytes()), Spot { offset: 11, line: 3, column: 2 });
    }

    #[test]
    fn of_several_faults_the_first_is_told() {
        let fault = |at| Fault { at, told: Diagnostic::error(crate::diagnostics::Code::NotUtf8, at.to_string()) };
        for blocks in [vec![Ok(1), Err(fault(4)), Err(fault(7)), Err(fault(9))], vec![Ok(1), Ok(4), Ok(9)]] {
            let work = |at: u64| if at < 4 { Ok(()) } else { Err(fault(at)) };
            assert_eq!(in_parallel(&mut blocks.into_iter(), &work).expect_err("a fault").at, 4);
        }
    }
}
