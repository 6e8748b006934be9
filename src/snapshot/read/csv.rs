//! CSV.

use super::batch::{Batch, Rows};
use super::blocks::{BLOCK, Block, Blocks, Cut, Flaw, LONGEST_RECORD, Scanner, Why, in_parallel};
use super::columns::{Columns, locate};
use super::fault::Fault;
use super::files::TableFile;
use super::input::{self, damaged};
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
    // The header is record 0, so that a row's number is its record's.
    let mut blocks = Blocks::new(file, input::open(file)?, Records::default(), 0, size);
    let no_header = || damaged(file, "the file has no first line").hint("the first line has to name the columns");
    // Before the header there may be more empty lines than a block holds.
    let has_record = |block: &Result<Block, Fault>| !matches!(block, Ok(block) if block.records == 0);
    let first = blocks.find(has_record).ok_or_else(no_header)?.map_err(|fault| fault.told)?;
    let columns = header(file, request, &first)?.ok_or_else(no_header)?;
    let mut blocks = std::iter::once(Ok(first)).chain(blocks);
    in_parallel(&mut blocks, &|block| parse(file, &columns, &block).map(take)).map_err(|fault| fault.told)?;
    Ok(Outcome { seen: columns.seen, told: None })
}

fn reader(text: &[u8]) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(1 << 16).from_reader(text)
}

/// The columns that the first record names. What stands behind it is no concern of its.
fn header(file: &TableFile, request: &Request<'_>, first: &Block) -> Result<Option<Columns>, Diagnostic> {
    let mut names = csv::StringRecord::new();
    match reader(&first.bytes).read_record(&mut names) {
        Ok(true) => {
            let names: Vec<String> = names.iter().map(str::to_owned).collect();
            locate(&file.shown, request, &names).map(Some)
        }
        Ok(false) => Ok(None),
        Err(error) => Err(wrong(file, first, &error).told),
    }
}

/// What keeps the reader from going on: where it is the encoding, with its place.
fn wrong(file: &TableFile, block: &Block, error: &csv::Error) -> Fault {
    match input::utf8(file, block) {
        Err(fault) => fault,
        Ok(_) => Fault { at: block.start.offset, told: damaged(file, &error.to_string()) },
    }
}

/// The rows of a block.
fn parse(file: &TableFile, columns: &Columns, block: &Block) -> Result<Batch, Fault> {
    let wrong = |error: csv::Error| wrong(file, block, &error);
    let mut reader = reader(&block.bytes);
    let mut record = csv::StringRecord::new();
    let has_header = block.first == 0;
    if has_header {
        reader.read_record(&mut record).map_err(wrong)?;
    }
    let mut rows = Rows::new(columns.places.len(), block.first.max(1), block.start.line);
    let first = u64::from(has_header);
    let mut broken = block.broken.iter().filter(|number| **number >= first).peekable();
    let mut numbers = first..block.records;
    while reader.read_record(&mut record).map_err(wrong)? {
        let line = block.start.line + line_in(block, record.position());
        let number = numbers.next();
        if broken.next_if(|broken| Some(**broken) == number).is_some() {
            rows.add_bad(line, "the row is no CSV: something stands behind a closing quote".to_owned());
        } else if record.len() == columns.count {
            let value = |place: &Option<usize>| place.and_then(|place| record.get(place)).unwrap_or_default();
            rows.add(line, columns.places.iter().map(value));
        } else {
            let why = format!("the row has {} fields, the first line names {}", record.len(), columns.count);
            rows.add_bad(line, why);
        }
    }
    Ok(rows.finish(&file.shown))
}

/// How many lines of a block stand before a record. The reader stands before the ends of lines
/// that it passes over.
fn line_in(block: &Block, position: Option<&csv::Position>) -> u64 {
    let Some(position) = position else { return 0 };
    let text = usize::try_from(position.byte()).ok().and_then(|at| block.bytes.get(at..)).unwrap_or_default();
    let passed = text.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).filter(|byte| **byte == b'\n').count();
    position.line() - 1 + passed as u64
}

/// Finds the ends of records just as the `csv` crate does: at CR and LF outside quotes, empty
/// lines passed over. A quote opens where a field begins and nowhere else.
///
/// The text is cut before the end of a line, not after it: a block that began with U+FEFF
/// would lose it, since the crate takes it for a byte-order mark.
#[derive(Default)]
pub(super) struct Records {
    state: State,
    /// Where the record under way begins.
    record: usize,
    /// Where the last quote was opened.
    quote: usize,
    /// Whether something stands behind a closing quote of the record under way. The `csv` crate takes it for a part
    /// of the field, so that it would move what follows to another column, or glue two values together.
    is_broken: bool,
}

#[derive(Clone, Copy, Default)]
enum State {
    #[default]
    Open,
    Quoted,
    /// After a quote inside quotes: the closing one, or the first half of a doubled one.
    Quote,
}

impl Records {
    /// Outside quotes, at a quote or the end of a line.
    fn mark(&mut self, text: &[u8], at: usize, cut: &mut Cut) -> Result<(), Flaw> {
        if text.get(at) == Some(&b'"') {
            if at == self.record || at.checked_sub(1).and_then(|before| text.get(before)) == Some(&b',') {
                self.quote = at;
                self.state = State::Quoted;
            }
            return Ok(());
        }
        self.fits(at)?;
        self.end_record(at, cut);
        cut.end = at;
        self.record = at + 1;
        Ok(())
    }

    /// Counts the record that ends here; an empty line is none.
    fn end_record(&mut self, at: usize, cut: &mut Cut) {
        if std::mem::take(&mut self.is_broken) {
            cut.broken.push(cut.records);
        }
        cut.records += u64::from(at > self.record);
    }

    fn fits(&self, end: usize) -> Result<(), Flaw> {
        if end.saturating_sub(self.record) <= LONGEST_RECORD {
            return Ok(());
        }
        Err(match self.state {
            State::Quoted => Flaw { at: self.quote, why: Why::OpenQuote },
            _ => Flaw { at: self.record, why: Why::TooLong },
        })
    }
}

impl Scanner for Records {
    fn scan(&mut self, text: &[u8], from: usize, cut: &mut Cut) -> Result<(), Flaw> {
        let mut at = from;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let step = match self.state {
                State::Quote if rest.first() == Some(&b'"') => {
                    self.state = State::Quoted;
                    Some(0)
                }
                State::Quote => {
                    self.is_broken |= !matches!(rest.first(), Some(b',' | b'\n' | b'\r'));
                    self.state = State::Open;
                    continue;
                }
                State::Quoted => memchr::memchr(b'"', rest).inspect(|_| self.state = State::Quote),
                State::Open => memchr::memchr3(b'"', b'\n', b'\r', rest),
            };
            let Some(step) = step else { break };
            if matches!(self.state, State::Open) {
                self.mark(text, at + step, cut)?;
            }
            at += step + 1;
        }
        self.fits(text.len())
    }

    fn finish(&mut self, text: &[u8], cut: &mut Cut) -> Result<(), Flaw> {
        if matches!(self.state, State::Quoted) {
            return Err(Flaw { at: self.quote, why: Why::OpenQuote });
        }
        self.end_record(text.len(), cut);
        cut.end = text.len();
        Ok(())
    }

    fn shift(&mut self, end: usize) {
        self.record = self.record.saturating_sub(end);
        self.quote = self.quote.saturating_sub(end);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::blocks::tests::cut;
    use super::*;

    fn records(text: &[u8]) -> Vec<csv::ByteRecord> {
        reader(text).byte_records().map(|record| record.expect("a record")).collect()
    }

    proptest! {
        #[test]
        fn blocks_have_the_records_of_the_whole(text in "[a,\"\n\r é\u{feff}]{0,80}", size in 1_usize..20) {
            // The mark at the beginning is gone before a text is cut.
            let text = text.trim_start_matches('\u{feff}');
            match cut(text.as_bytes(), Records::default(), size) {
                Ok(blocks) => {
                    let mut parts = Vec::new();
                    for block in &blocks {
                        prop_assert_eq!(block.first, parts.len() as u64);
                        parts.extend(records(&block.bytes));
                        prop_assert_eq!(block.first + block.records, parts.len() as u64);
                    }
                    prop_assert_eq!(parts, records(text.as_bytes()));
                    let joined: Vec<u8> = blocks.into_iter().flat_map(|block| block.bytes).collect();
                    prop_assert_eq!(joined, text.as_bytes());
                }
                Err(message) => {
                    prop_assert!(message.contains("quote"), "{}", message);
                    // Closed, it is one record more or none.
                    let closed = cut(format!("{text}\"").as_bytes(), Records::default(), size);
                    prop_assert!(closed.is_ok(), "{:?}", closed);
                }
            }
        }
    }

    #[test]
    fn what_stands_behind_a_closing_quote_breaks_its_record_alone() {
        let text = b"a,b\n\"x\"y,\"1\n\"\n\n\"x\",y\"1\n\"\"\"x\",1\nx,\"y\" ";
        for size in [1, 5, 100] {
            let blocks = cut(text, Records::default(), size).expect("blocks");
            let broken = |block: Block| block.broken.into_iter().map(move |number| block.first + number);
            assert_eq!(blocks.into_iter().flat_map(broken).collect::<Vec<_>>(), [1, 4]);
        }
    }

    #[test]
    fn an_open_quote_is_told_with_its_line() {
        for size in [1, 5, 100] {
            let message = cut(b"a,b\n1,\"x\n2,3\n", Records::default(), size).expect_err("an open quote");
            assert_eq!(message, "2:3: a quote that is opened here is not closed");
        }
    }

    #[test]
    fn a_record_may_be_long_but_not_endless() {
        let long = |length: usize| [b"a\n".as_slice(), &vec![b'x'; length], b"\nb\n"].concat();
        for size in [1 << 20, 64 << 20] {
            assert!(cut(&long(LONGEST_RECORD), Records::default(), size).is_ok());
            let message = cut(&long(LONGEST_RECORD + 1), Records::default(), size).expect_err("an endless record");
            assert_eq!(message, "2:1: the record that begins here is longer than 16 MiB");
        }
    }
}
