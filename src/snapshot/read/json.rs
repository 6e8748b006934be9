//! NDJSON and JSON arrays.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{BufReader, Read};

use rayon::prelude::*;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::batch::{BadRow, Batch, DictionaryColumn, Encoder, Places};
use super::cutter::{BLOCK, Block, Cutter, Records};
use super::delimited::cannot_cut;
use super::files::TableFile;
use super::input::{self, broken_off, damaged};
use super::{Outcome, Request};
use crate::diagnostics::{Code, Diagnostic};

/// How many elements of an array make a batch.
const ELEMENTS: usize = 1 << 15;
/// How many unknown keys are remembered.
const MOST_UNKNOWN: usize = 50;

/// Reads a file with one object on each line.
pub(super) fn read_lines<T: Send>(
    file: &TableFile,
    request: &Request<'_>,
    map: &(impl Fn(Batch) -> T + Sync),
) -> Result<Outcome<T>, Diagnostic> {
    let blocks = Cutter::new(input::open(file)?, Records::Lines, BLOCK);
    let parts: Vec<Result<(T, Keys), Diagnostic>> = blocks
        .par_bridge()
        .map(|block| {
            let block = block.map_err(|error| cannot_cut(file, error))?;
            let (batch, seen) = parse(file, request, block)?;
            Ok((map(batch), seen))
        })
        .collect();
    let mut values = Vec::new();
    let mut seen = Keys::default();
    for part in parts {
        let (value, of_block) = part?;
        values.push(value);
        seen.add(of_block);
    }
    Ok(Outcome::of(values, Vec::new(), seen))
}

fn parse(file: &TableFile, request: &Request<'_>, mut block: Block) -> Result<(Batch, Keys), Diagnostic> {
    if block.at == 0 {
        if block.bytes.starts_with(b"\xef\xbb\xbf") {
            block.bytes.drain(..3);
        }
        if input::is_utf16(&block.bytes) {
            let problem = Diagnostic::error(Code::NotUtf8, "the text seems to be UTF-16").in_file(&*file.shown);
            return Err(problem.hint("export it as UTF-8"));
        }
        if block.bytes.trim_ascii_start().starts_with(b"[") {
            let message = "the file is not what its name says: it seems to be a JSON array";
            return Err(damaged(file, message).hint("name it .json"));
        }
    }
    if let Some(problem) = input::not_utf8(file, &block.bytes, block.at, block.line) {
        return Err(problem);
    }
    let mut rows = Rows::new(request);
    let mut row = block.before;
    for (line, text) in (block.line..).zip(block.bytes.split(|byte| *byte == b'\n')) {
        let text = text.trim_ascii();
        if !text.is_empty() {
            row += 1;
            rows.add(row, Some(line), text);
        }
    }
    Ok(rows.finish(file))
}

/// Reads a file with one array of objects.
pub(super) fn read_array<T: Send>(
    file: &TableFile,
    request: &Request<'_>,
    map: &(impl Fn(Batch) -> T + Sync),
) -> Result<Outcome<T>, Diagnostic> {
    let mut input = BufReader::with_capacity(1 << 18, input::open(file)?);
    begins_as_array(file, &mut input)?;
    let mut array = Array { file, request, map, values: Vec::new(), seen: Keys::default() };
    let mut json = serde_json::Deserializer::from_reader(input);
    let read = array.deserialize_all(&mut json).and_then(|()| json.end());
    if let Err(error) = read {
        let rows = array.seen.rows;
        return Err(match error.classify() {
            serde_json::error::Category::Io => broken_off(file, &error.into(), rows),
            _ => damaged(file, &format!("not a JSON array, after element {rows}: {error}"))
                .hint("the file has to be one array of objects: [{…}, {…}]"),
        });
    }
    Ok(Outcome::of(array.values, Vec::new(), array.seen))
}

/// Passes over a byte-order mark, and complains of what is no array.
fn begins_as_array(file: &TableFile, input: &mut BufReader<Box<dyn Read + Send>>) -> Result<(), Diagnostic> {
    use std::io::BufRead as _;
    let head = input.fill_buf().map_err(|error| broken_off(file, &error, 0))?;
    let mark = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    if input::is_utf16(head) || head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        let problem = Diagnostic::error(Code::NotUtf8, "the text is UTF-16").in_file(&*file.shown);
        return Err(problem.hint("export it as UTF-8"));
    }
    if head[mark..].trim_ascii_start().starts_with(b"{") {
        let message = "the file is not what its name says: it begins with an object, not with an array";
        return Err(damaged(file, message).hint("name it .ndjson if each line is an object"));
    }
    input.consume(mark);
    Ok(())
}

/// Which keys the objects have.
#[derive(Default)]
pub(super) struct Keys {
    rows: u64,
    pub(super) objects: u64,
    /// Columns of the table.
    pub(super) known: BTreeSet<String>,
    /// Others.
    pub(super) unknown: BTreeSet<String>,
}

impl Keys {
    pub(super) fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.objects += other.objects;
        self.known.extend(other.known);
        self.unknown.extend(other.unknown);
        while self.unknown.len() > MOST_UNKNOWN {
            self.unknown.pop_last();
        }
    }
}

/// Rows of one batch, as they are read.
struct Rows<'a> {
    request: &'a Request<'a>,
    encoders: Vec<Encoder>,
    places: Vec<(u64, u64)>,
    bad: Vec<BadRow>,
    seen: Keys,
    has_lines: bool,
}

impl<'a> Rows<'a> {
    fn new(request: &'a Request<'a>) -> Self {
        let encoders = request.columns.iter().filter(|column| column.decoded).map(|_| Encoder::new()).collect();
        Self { request, encoders, places: Vec::new(), bad: Vec::new(), seen: Keys::default(), has_lines: false }
    }

    /// Adds a row, or says why it is none.
    fn add(&mut self, row: u64, line: Option<u64>, text: &[u8]) {
        self.seen.rows += 1;
        let object = if text.starts_with(b"{") {
            serde_json::from_slice::<Object>(text).map_err(|error| format!("not a JSON object: {error}"))
        } else {
            Err("not a JSON object".to_owned())
        };
        match object.and_then(|object| self.values(object)) {
            Ok(values) => {
                for (encoder, value) in self.encoders.iter_mut().zip(values) {
                    encoder.push(&value);
                }
                self.has_lines |= line.is_some();
                self.places.push((row, line.unwrap_or_default()));
            }
            Err(why) => self.bad.push(BadRow { row, line, why }),
        }
    }

    /// The values of the asked columns.
    fn values(&mut self, object: Object) -> Result<Vec<String>, String> {
        self.seen.objects += 1;
        let mut values = vec![String::new(); self.encoders.len()];
        let mut keys = BTreeSet::new();
        for (key, raw) in object.0 {
            let key = key.trim().to_lowercase();
            if let Some(column) = self.request.columns.iter().find(|column| column.name == key) {
                if !self.seen.known.contains(column.name) {
                    self.seen.known.insert(column.name.to_owned());
                }
                let decoded = self.request.columns.iter().filter(|column| column.decoded);
                let place = decoded.clone().position(|decoded| decoded.name == key);
                if let Some(value) = place.and_then(|place| values.get_mut(place)) {
                    *value = text(&raw).ok_or_else(|| format!("`{key}` is not a single value"))?;
                }
            } else if self.seen.unknown.len() < MOST_UNKNOWN && !self.seen.unknown.contains(&key) {
                self.seen.unknown.insert(key.clone());
            }
            if !keys.insert(key.clone()) {
                return Err(format!("the key `{key}` stands there twice"));
            }
        }
        Ok(values)
    }

    fn finish(self, file: &TableFile) -> (Batch, Keys) {
        let columns: Vec<DictionaryColumn> = self.encoders.into_iter().map(Encoder::finish).collect();
        let rows = self.places.len();
        let places = if self.has_lines {
            Places::Each(self.places)
        } else {
            Places::Rows(self.places.into_iter().map(|(row, _)| row).collect())
        };
        (Batch { file: file.shown.clone(), rows, columns, bad: self.bad, places }, self.seen)
    }
}

/// The text of a scalar: numbers keep their digits. `None` for a list or an object.
fn text(raw: &RawValue) -> Option<String> {
    let raw = raw.get();
    match raw.as_bytes().first()? {
        b'"' => serde_json::from_str(raw).ok(),
        b'{' | b'[' => None,
        b'n' => Some(String::new()),
        _ => Some(raw.to_owned()),
    }
}

/// An object's keys and values in their order, repeated keys included.
struct Object(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor;
        impl<'de> Visitor<'de> for ObjectVisitor {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Object(entries))
            }
        }
        deserializer.deserialize_map(ObjectVisitor)
    }
}

/// An array that is read element by element: each is held for as long as its batch.
struct Array<'a, T, F> {
    file: &'a TableFile,
    request: &'a Request<'a>,
    map: &'a F,
    values: Vec<T>,
    seen: Keys,
}

impl<T, F: Fn(Batch) -> T> Array<'_, T, F> {
    fn deserialize_all<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn hand_over(&mut self, rows: Rows<'_>) {
        let (batch, seen) = rows.finish(self.file);
        self.values.push((self.map)(batch));
        self.seen.add(seen);
    }
}

impl<'de, T, F: Fn(Batch) -> T> DeserializeSeed<'de> for &mut Array<'_, T, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T, F: Fn(Batch) -> T> Visitor<'de> for &mut Array<'_, T, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut rows = Rows::new(self.request);
        let mut row = 0;
        while let Some(element) = seq.next_element::<Box<RawValue>>()? {
            row += 1;
            rows.add(row, None, element.get().as_bytes());
            if rows.places.len() >= ELEMENTS {
                let full = std::mem::replace(&mut rows, Rows::new(self.request));
                self.hand_over(full);
            }
        }
        self.hand_over(rows);
        Ok(())
    }
}
