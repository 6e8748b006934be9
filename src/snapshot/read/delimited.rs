//! CSV.

use rayon::prelude::*;

use super::batch::{BadRow, Batch, Columns, DictionaryColumn, Encoder, Places};
use super::cutter::{BLOCK, Block, CutError, Cutter, LONGEST_RECORD, Records};
use super::files::TableFile;
use super::input::{self, broken_off, damaged};
use super::json::Keys;
use super::{Outcome, Request, locate};
use crate::diagnostics::{Code, Diagnostic};

pub(super) fn read<T: Send>(
    file: &TableFile,
    request: &Request<'_>,
    map: &(impl Fn(Batch) -> T + Sync),
) -> Result<Outcome<T>, Diagnostic> {
    read_blocks(file, request, map, BLOCK)
}

fn read_blocks<T: Send>(
    file: &TableFile,
    request: &Request<'_>,
    map: &(impl Fn(Batch) -> T + Sync),
    block: usize,
) -> Result<Outcome<T>, Diagnostic> {
    let mut blocks = Cutter::new(input::open(file)?, Records::Csv, block);
    let mut first = match blocks.next() {
        Some(block) => block.map_err(|error| cannot_cut(file, error))?,
        None => return Err(damaged(file, "the file is empty").hint("the first line has to name the columns")),
    };
    if first.bytes.starts_with(b"\xef\xbb\xbf") {
        first.bytes.drain(..3);
        first.at += 3;
    }
    let columns = header(file, request, &first)?;
    let parts: Vec<Result<T, Diagnostic>> = std::iter::once(Ok(first))
        .chain(blocks)
        .par_bridge()
        .map(|block| {
            let block = block.map_err(|error| cannot_cut(file, error))?;
            parse(file, &columns, &block).map(map)
        })
        .collect();
    let values: Result<Vec<T>, Diagnostic> = parts.into_iter().collect();
    Ok(Outcome::of(values?, columns.unknown, Keys::default()))
}

fn reader(bytes: &[u8]) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(1 << 16).from_reader(bytes)
}

fn header(file: &TableFile, request: &Request<'_>, first: &Block) -> Result<Columns, Diagnostic> {
    let mut names = csv::ByteRecord::new();
    let bytes = &first.bytes;
    if input::is_utf16(bytes) {
        let problem = Diagnostic::error(Code::NotUtf8, "the text seems to be UTF-16").in_file(&*file.shown);
        return Err(problem.hint("export it as UTF-8"));
    }
    if let Some(problem) = input::not_utf8(file, bytes, first.at, 1) {
        return Err(problem);
    }
    if memchr::memchr(0, &bytes[..bytes.len().min(1 << 12)]).is_some() {
        return Err(damaged(file, "the text has NUL bytes").hint("is it really CSV? Export it again"));
    }
    let there = reader(bytes).read_byte_record(&mut names).unwrap_or(false);
    if !there {
        return Err(damaged(file, "the file has no first line").hint("the first line has to name the columns"));
    }
    let names: Vec<String> = names.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
    locate(file, request, &names)
}

/// The rows of a block; the first block of a file begins with the header.
fn parse(file: &TableFile, columns: &Columns, block: &Block) -> Result<Batch, Diagnostic> {
    if let Some(problem) = input::not_utf8(file, &block.bytes, block.at, block.line) {
        return Err(problem);
    }
    let header = u64::from(block.before == 0);
    let mut encoders: Vec<Encoder> = columns.places.iter().map(|_| Encoder::new()).collect();
    let (mut places, mut bad) = (Vec::new(), Vec::new());
    let mut record = csv::StringRecord::new();
    let mut reader = reader(&block.bytes);
    let mut count = 0;
    while reader.read_record(&mut record).map_err(|error| damaged(file, &error.to_string()))? {
        count += 1;
        if count <= header {
            continue;
        }
        // The header is the first record of the file, so that the record's number is the row's
        // number plus one.
        let row = block.before + count - 1;
        let line = block.line + record.position().map_or(1, csv::Position::line) - 1;
        if record.len() != columns.count {
            let why = format!("the row has {} fields, the first line names {}", record.len(), columns.count);
            bad.push(BadRow { row, line: Some(line), why });
            continue;
        }
        for (encoder, place) in encoders.iter_mut().zip(&columns.places) {
            encoder.push(place.and_then(|place| record.get(place)).unwrap_or_default());
        }
        places.push((row, line));
    }
    let columns: Vec<DictionaryColumn> = encoders.into_iter().map(Encoder::finish).collect();
    Ok(Batch { file: file.shown.clone(), rows: places.len(), columns, bad, places: Places::Each(places) })
}

pub(super) fn cannot_cut(file: &TableFile, error: CutError) -> Diagnostic {
    match error {
        CutError::Io(error, rows) => broken_off(file, &error, rows),
        CutError::OpenQuote(line) => damaged(file, &format!("a quote that is opened on line {line} is not closed"))
            .hint("close it; inside quotes, a quote is written twice"),
        CutError::TooLong(line) => {
            let message = format!("the record on line {line} is longer than {} MiB", LONGEST_RECORD >> 20);
            damaged(file, &message).hint("is it really a table? Export it again")
        }
    }
}
