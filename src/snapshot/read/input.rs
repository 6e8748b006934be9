//! A text file as a stream of bytes: decompressed, and checked to be what its name says.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

use super::blocks::Block;
use super::fault::{Fault, Spot};
use super::files::{Compression, Format, TableFile};
use crate::diagnostics::{Code, Diagnostic};

/// More than so many bytes from so much less is an attack, not a table.
const LARGEST_FROM_LITTLE: u64 = 1 << 30;
const MOST_EXPANSION: u64 = 1000;
/// How much of a text is looked at to see what it is.
const HEAD: u64 = 1 << 12;

/// A text that can be read.
pub(super) struct Text {
    /// What comes after the head.
    pub(super) input: Box<dyn Read + Send>,
    /// What was read already, without a byte-order mark and a remark.
    pub(super) head: Vec<u8>,
    /// The remark in the first line, without its `#`.
    pub(super) remark: Option<String>,
    /// Where the head begins.
    pub(super) start: Spot,
}

/// Opens a text file.
///
/// # Errors
/// It cannot be read, or is of another kind than its name says.
pub(super) fn open(file: &TableFile) -> Result<Text, Diagnostic> {
    let mut input = unpacked(file, LARGEST_FROM_LITTLE)?;
    let mut head = Vec::new();
    input.by_ref().take(HEAD).read_to_end(&mut head).map_err(|error| broken_off(file, &error, 0))?;
    let mut start = Spot::FIRST;
    if head.starts_with(b"\xef\xbb\xbf") {
        head.drain(..3);
        start.offset = 3;
    }
    if let Some(encoding) = other_encoding(&head) {
        let problem = Diagnostic::error(Code::NotUtf8, format!("the text is {encoding}, not UTF-8"));
        return Err(problem.in_file(&*file.shown).hint("export it as UTF-8"));
    }
    let known = if file.is_foreign { binary(&head) } else { not_as_named(file.format, &head) };
    if let Some((is, hint)) = known {
        return Err(damaged(file, &format!("the file is not what its name says: it seems to be {is}")).hint(hint));
    }
    let mut remark = None;
    if file.remarked && head.starts_with(b"#") {
        // A remark that is longer than the head is none: it is a row, and a strange one.
        if let Some(end) = memchr::memchr(b'\n', &head) {
            let line: Vec<u8> = head.drain(..=end).collect();
            start = start.after(&line);
            remark = Some(String::from_utf8_lossy(&line).trim().trim_start_matches('#').to_owned());
        }
    }
    Ok(Text { input, head, remark, start })
}

/// The remark in the first line of a file that may have one.
///
/// # Errors
/// It cannot be read, or is of another kind than its name says.
pub fn remark(file: &TableFile) -> Result<Option<String>, Diagnostic> {
    open(file).map(|text| text.remark)
}

/// The text of a file.
fn unpacked(file: &TableFile, largest_from_little: u64) -> Result<Box<dyn Read + Send>, Diagnostic> {
    let raw = File::open(&file.path).map_err(|error| unreadable(file, &error))?;
    let size = raw.metadata().map_err(|error| unreadable(file, &error))?.len();
    let mut raw = BufReader::with_capacity(1 << 18, raw);
    let head = raw.fill_buf().map_err(|error| unreadable(file, &error))?;
    let found = compression(head);
    if size == 0 && (file.format, file.compression) != (Format::NdJson, Compression::None) {
        let hint =
            if file.format == Format::Json { forms(file) } else { "a table without rows still names its columns" };
        return Err(damaged(file, "the file is empty").hint(hint));
    }
    if size > 0 && found != file.compression {
        let (is, hint) = match found {
            Compression::None => binary(head).unwrap_or(("not compressed", "name it without .gz or .zst")),
            Compression::Gzip => ("gzip data", "name it … .gz"),
            Compression::Zstd => ("zstd data", "name it … .zst"),
        };
        return Err(damaged(file, &format!("the file is not what its name says: it seems to be {is}")).hint(hint));
    }
    let most = largest_from_little.max(size.saturating_mul(MOST_EXPANSION));
    Ok(match file.compression {
        Compression::None => Box::new(raw),
        Compression::Gzip => Box::new(Limited { inner: MultiGzDecoder::new(raw), most, read: 0 }),
        Compression::Zstd => {
            let inner = zstd::Decoder::with_buffer(raw).map_err(|error| broken_off(file, &error, 0))?;
            Box::new(Limited { inner, most, read: 0 })
        }
    })
}

fn compression(head: &[u8]) -> Compression {
    match head {
        [0x1f, 0x8b, ..] => Compression::Gzip,
        // A frame, or one that a reader skips.
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Compression::Zstd,
        _ => Compression::None,
    }
}

/// UTF-16 and UTF-32, by their mark or by the NUL bytes of their Latin letters.
fn other_encoding(head: &[u8]) -> Option<&'static str> {
    match head {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => return Some("UTF-32"),
        [0xff, 0xfe, ..] => return Some("UTF-16 (little-endian)"),
        [0xfe, 0xff, ..] => return Some("UTF-16 (big-endian)"),
        _ => {}
    }
    let nul: Vec<bool> = head.iter().take(4).map(|byte| *byte == 0).collect();
    match nul.as_slice() {
        [false, true, true, true] | [true, true, true, false] => Some("UTF-32"),
        [false, true, false, true] => Some("UTF-16 (little-endian)"),
        [true, false, true, false] => Some("UTF-16 (big-endian)"),
        _ => None,
    }
}

/// What a text seems to be when it is not what its name says, and what to do.
fn not_as_named(format: Format, head: &[u8]) -> Option<(&'static str, &'static str)> {
    if let Some(kind) = binary(head) {
        return Some(kind);
    }
    let text = head.trim_ascii_start();
    let inner = text.get(1..).unwrap_or_default().trim_ascii_start().first();
    let page = [&b"<!"[..], b"<html", b"<HTML", b"<?xml"].iter().any(|start| text.starts_with(start));
    let array = text.starts_with(b"[") && matches!(inner, Some(b'{' | b']'));
    let object = text.starts_with(b"{") && matches!(inner, Some(b'"' | b'}'));
    if page {
        Some(("a web page or XML", "was a sign-in page saved in its place? Export it again"))
    } else if array && format != Format::Json {
        Some(("a JSON array", "name it .json"))
    } else if object && format != Format::NdJson {
        Some(("one JSON object, or several", "name it .ndjson if each line is an object"))
    } else {
        None
    }
}

/// Forms that no text begins with.
fn binary(head: &[u8]) -> Option<(&'static str, &'static str)> {
    let start = &head[..head.len().min(64)];
    let has_control = start.iter().any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace());
    match head {
        [b'P', b'A', b'R', b'1', ..] if has_control => Some(("a Parquet file", "name it .parquet")),
        [b'P', b'K', 3, 4, ..] => Some(("a ZIP archive or an Excel workbook", "export the table itself as CSV")),
        _ if compression(head) == Compression::Gzip => Some(("gzip data", "compress it once only, and name it … .gz")),
        _ if compression(head) == Compression::Zstd => Some(("zstd data", "compress it once only, and name it … .zst")),
        _ if start.contains(&0) => Some(("no text: it has NUL bytes", "is it a table? Export it again")),
        _ => None,
    }
}

/// What another format's file seems to be.
pub(super) fn kind(head: &[u8]) -> &'static str {
    binary(head).map_or("text", |(is, _)| is)
}

/// The file ends or breaks in the middle.
pub(super) fn broken_off(file: &TableFile, error: &io::Error, rows: u64) -> Diagnostic {
    let message = format!("the file breaks off after about row {rows}: {error}");
    damaged(file, &message).hint("copy or export it again; nothing of it was used")
}

pub(super) fn damaged(file: &TableFile, message: &str) -> Diagnostic {
    damage(message).in_file(&*file.shown)
}

/// What keeps a file from being read on, wherever it stands.
pub(super) fn damage(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::DamagedFile, message)
}

/// What to do about a text that is no JSON from some place on.
pub(super) const MEND_IT: &str = "mend it there, or export the file again";

/// What a file that holds JSON has to be.
pub(super) fn forms(file: &TableFile) -> &'static str {
    if file.is_foreign {
        "the file has to be an array of objects, an object on each line, or a page: {\"value\": [{…}, {…}]}"
    } else {
        "the file has to be one array of objects: [{…}, {…}]"
    }
}

/// That a file of JSON begins with something else, which is quoted where the message stands.
pub(super) fn no_json(file: &TableFile, text: &[u8]) -> Diagnostic {
    let hint = match text.starts_with(b"HTTP/") {
        true => "the headers of the answer were saved with it: save the body alone",
        false => forms(file),
    };
    damage("it does not begin as JSON does").hint(hint)
}

pub(super) fn unreadable(file: &TableFile, error: &io::Error) -> Diagnostic {
    Diagnostic::error(Code::Unreadable, format!("cannot read it: {error}")).in_file(&*file.shown)
}

/// The text of a block.
///
/// # Errors
/// It is not UTF-8.
pub(super) fn utf8<'a>(file: &TableFile, block: &'a Block) -> Result<&'a str, Fault> {
    match text(file, block) {
        (text, None) => Ok(text),
        (_, Some(fault)) => Err(fault),
    }
}

/// The text of a block, as far as it is UTF-8, and what is wrong with it there.
pub(super) fn text<'a>(file: &TableFile, block: &'a Block) -> (&'a str, Option<Fault>) {
    let mut chunks = block.bytes.utf8_chunks();
    let text = chunks.next().map(|chunk| chunk.valid()).unwrap_or_default();
    if text.len() == block.bytes.len() {
        return (text, None);
    }
    let at = block.start.offset + text.len() as u64;
    let problem = Diagnostic::error(Code::NotUtf8, format!("the text is not UTF-8: byte {at}"));
    (text, Some(Fault::new(problem.hint("export it as UTF-8"), file, block.start, &block.bytes, text.len())))
}

/// A decompressor that stops when little turns into far too much.
struct Limited<R> {
    inner: R,
    most: u64,
    read: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.read += count as u64;
        if self.read > self.most {
            return Err(io::Error::other("it unpacks to more than a thousand times its size"));
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bomb_is_not_unpacked() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("t.csv.zst");
        std::fs::write(&path, zstd::encode_all(io::repeat(b'x').take(1 << 20), 1).expect("zstd")).expect("a file");
        let (format, compression) = (Format::Csv, Compression::Zstd);
        let shown = "t.csv.zst".into();
        let file = TableFile { path, shown, format, compression, remarked: false, is_foreign: false };
        let read = |most| io::copy(&mut unpacked(&file, most).expect("a text"), &mut io::sink());
        assert_eq!(read(1 << 20).ok(), Some(1 << 20));
        let error = read(1 << 10).expect_err("a bomb");
        assert!(error.to_string().contains("thousand"), "{error}");
    }
}
