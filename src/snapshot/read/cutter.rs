//! A stream of text cut into blocks at the ends of records, so that blocks can be parsed in
//! parallel.

use std::io::{self, Read};

/// How much text a block has, about.
pub(super) const BLOCK: usize = 4 << 20;
/// The longest record, in bytes.
pub(super) const LONGEST_RECORD: usize = 16 << 20;

/// A run of whole records.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) bytes: Vec<u8>,
    /// Where it begins in the text, in bytes.
    pub(super) at: u64,
    /// The line on which it begins, from 1.
    pub(super) line: u64,
    /// How many records stand before it.
    pub(super) before: u64,
}

/// Why a text cannot be cut.
#[derive(Debug)]
pub(super) enum CutError {
    /// Reading failed after so many records.
    Io(io::Error, u64),
    /// A quote that is opened on this line is not closed.
    OpenQuote(u64),
    /// The record that begins on this line is longer than [`LONGEST_RECORD`].
    TooLong(u64),
}

/// Where records end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Records {
    /// At the ends of lines outside quotes, as the `csv` crate has it.
    Csv,
    /// At the ends of lines.
    Lines,
}

/// Where the scanner stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    RecordStart,
    FieldStart,
    Field,
    Quoted,
    /// After a quote inside quotes: the end, or the first half of a doubled one.
    Quote,
}

/// Cuts a stream into blocks.
pub(super) struct Cutter<R> {
    input: R,
    records: Records,
    block: usize,
    /// Text that was read and not yet handed out; begins at the start of a record.
    rest: Vec<u8>,
    at: u64,
    line: u64,
    before: u64,
    ended: bool,
}

impl<R: Read> Cutter<R> {
    pub(super) fn new(input: R, records: Records, block: usize) -> Self {
        Self { input, records, block, rest: Vec::new(), at: 0, line: 1, before: 0, ended: false }
    }

    /// The next block; `None` at the end.
    fn cut(&mut self) -> Result<Option<Block>, CutError> {
        let mut scan = Scan { state: State::RecordStart, from: 0, end: 0, records: 0, quote: 0 };
        loop {
            let wanted = self.block.max(2 * self.rest.len()).min(self.rest.len() + self.block.max(64));
            self.fill(wanted)?;
            scan.run(&self.rest, self.records);
            if self.ended {
                break;
            }
            if scan.end > 0 && self.rest.len() >= self.block {
                return Ok(Some(self.take(scan.end, scan.records)));
            }
            if self.rest.len() - scan.end > LONGEST_RECORD {
                let line = self.line + lines(&self.rest[..scan.end]);
                return Err(match scan.state {
                    State::Quoted => CutError::OpenQuote(self.line + lines(&self.rest[..scan.quote])),
                    _ => CutError::TooLong(line),
                });
            }
        }
        if scan.state == State::Quoted {
            return Err(CutError::OpenQuote(self.line + lines(&self.rest[..scan.quote])));
        }
        let unfinished = u64::from(scan.state != State::RecordStart);
        let all = self.rest.len();
        Ok((all > 0).then(|| self.take(all, scan.records + unfinished)))
    }

    /// Reads until the rest has so many bytes, or the text ends.
    fn fill(&mut self, wanted: usize) -> Result<(), CutError> {
        while self.rest.len() < wanted && !self.ended {
            let missing = (wanted - self.rest.len()) as u64;
            match self.input.by_ref().take(missing).read_to_end(&mut self.rest) {
                Ok(0) => self.ended = true,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(CutError::Io(error, self.before)),
            }
        }
        Ok(())
    }

    fn take(&mut self, end: usize, records: u64) -> Block {
        let rest = self.rest.split_off(end);
        let bytes = std::mem::replace(&mut self.rest, rest);
        let block = Block { at: self.at, line: self.line, before: self.before, bytes };
        self.at += end as u64;
        self.line += lines(&block.bytes);
        self.before += records;
        block
    }
}

impl<R: Read> Iterator for Cutter<R> {
    type Item = Result<Block, CutError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended && self.rest.is_empty() {
            return None;
        }
        let block = self.cut();
        if block.is_err() {
            self.ended = true;
            self.rest.clear();
        }
        block.transpose()
    }
}

fn lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// The scanner: looks at every byte once, and remembers the end of the last whole record.
struct Scan {
    state: State,
    /// How far it has looked.
    from: usize,
    /// The end of the last whole record.
    end: usize,
    /// How many whole records end there.
    records: u64,
    /// Where the last quote was opened.
    quote: usize,
}

impl Scan {
    fn run(&mut self, text: &[u8], records: Records) {
        match records {
            Records::Lines => self.lines(text),
            Records::Csv
                if memchr::memchr(b'"', &text[self.from..]).is_none()
                    && self.state != State::Quoted
                    && self.state != State::Quote =>
            {
                self.unquoted(text);
            }
            Records::Csv => self.quoted(text),
        }
        self.from = text.len();
    }

    /// Lines; one of white space only is no record.
    fn lines(&mut self, text: &[u8]) {
        for end in memchr::memchr_iter(b'\n', &text[self.from..]) {
            let end = self.from + end;
            self.records += u64::from(!text[self.end..end].trim_ascii().is_empty());
            self.end = end + 1;
        }
        let open = text[self.end..].iter().any(|b| !b.is_ascii_whitespace());
        self.state = if open { State::Field } else { State::RecordStart };
    }

    /// Text without quotes: records end at CR and LF; empty lines are no records.
    fn unquoted(&mut self, text: &[u8]) {
        let mut start = self.from;
        for end in memchr::memchr2_iter(b'\n', b'\r', &text[self.from..]) {
            let end = self.from + end;
            self.records += u64::from(end > start || self.state != State::RecordStart);
            self.state = State::RecordStart;
            start = end + 1;
            self.end = start;
        }
        if start < text.len() {
            let after_comma = text.last() == Some(&b',');
            self.state = if after_comma { State::FieldStart } else { State::Field };
        }
    }

    fn quoted(&mut self, text: &[u8]) {
        for (at, byte) in text.iter().enumerate().skip(self.from) {
            self.state = match (self.state, byte) {
                (State::Quoted, b'"') => State::Quote,
                (State::Quote, b'"') | (State::Quoted, _) => State::Quoted,
                (State::RecordStart, b'\n' | b'\r') => {
                    self.end = at + 1;
                    State::RecordStart
                }
                (_, b'\n' | b'\r') => {
                    self.records += 1;
                    self.end = at + 1;
                    State::RecordStart
                }
                (_, b',') => State::FieldStart,
                (State::RecordStart | State::FieldStart, b'"') => {
                    self.quote = at;
                    State::Quoted
                }
                _ => State::Field,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(text: &[u8], records: Records, block: usize) -> Result<Vec<Block>, CutError> {
        Cutter::new(text, records, block).collect()
    }

    fn records(text: &[u8]) -> Vec<csv::ByteRecord> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
        reader.byte_records().map(|record| record.expect("a record")).collect()
    }

    proptest! {
        #[test]
        fn blocks_have_the_records_of_the_whole(text in "[a,\"\n\r é]{0,80}", block in 1_usize..20) {
            let whole = records(text.as_bytes());
            match cut(text.as_bytes(), Records::Csv, block) {
                Ok(blocks) => {
                    let mut parts = Vec::new();
                    for block in &blocks {
                        prop_assert_eq!(block.before, parts.len() as u64);
                        parts.extend(records(&block.bytes));
                    }
                    prop_assert_eq!(parts, whole);
                    let joined: Vec<u8> = blocks.into_iter().flat_map(|block| block.bytes).collect();
                    prop_assert_eq!(joined, text.as_bytes());
                }
                Err(error) => prop_assert!(matches!(error, CutError::OpenQuote(_)), "{:?}", error),
            }
        }

        #[test]
        fn lines_are_kept_whole(text in "[ab \n]{0,60}", block in 1_usize..20) {
            let blocks = cut(text.as_bytes(), Records::Lines, block).expect("blocks");
            let count = |text: &str| text.lines().filter(|line| !line.trim().is_empty()).count() as u64;
            let mut before = 0;
            for block in &blocks {
                prop_assert_eq!(block.before, before);
                before += count(std::str::from_utf8(&block.bytes).expect("text"));
            }
            prop_assert_eq!(before, count(&text));
        }
    }

    #[test]
    fn an_open_quote_is_told_with_its_line() {
        let error = cut(b"a,b\n1,\"x\n2,3\n", Records::Csv, 5).expect_err("an open quote");
        assert!(matches!(error, CutError::OpenQuote(2)), "{error:?}");
    }
}
