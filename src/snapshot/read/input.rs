//! A text file as a stream of bytes: decompressed, and checked to be what its name says.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

use super::files::{Compression, Format, TableFile};
use crate::diagnostics::{Code, Diagnostic};

/// More than so many bytes from so much less is an attack, not a table.
const LARGEST_FROM_LITTLE: u64 = 1 << 30;
const MOST_EXPANSION: u64 = 1000;

/// Opens a text file.
///
/// # Errors
/// It cannot be read, or is of another kind than its name says.
pub(super) fn open(file: &TableFile) -> Result<Box<dyn Read + Send>, Diagnostic> {
    let raw = File::open(&file.path).map_err(|error| unreadable(file, &error))?;
    let size = raw.metadata().map_err(|error| unreadable(file, &error))?.len();
    let mut raw = BufReader::with_capacity(1 << 18, raw);
    let head = raw.fill_buf().map_err(|error| unreadable(file, &error))?;
    let found = compression(head);
    if size == 0 && file.format == Format::NdJson && file.compression == Compression::None {
        // No line is no object: a table where nothing was found.
        return Ok(Box::new(raw));
    }
    if size == 0 {
        return Err(
            damaged(file, "the file is empty").hint("a table without rows still names its columns in the first line")
        );
    }
    if found != file.compression || head.starts_with(b"PAR1") || head.starts_with(b"PK\x03\x04") {
        return Err(not_as_named(file, head));
    }
    Ok(match file.compression {
        Compression::None => Box::new(raw),
        Compression::Gzip => Box::new(Limited::new(MultiGzDecoder::new(raw), size)),
        Compression::Zstd => {
            let decoder = zstd::Decoder::with_buffer(raw).map_err(|error| broken_off(file, &error, 0))?;
            Box::new(Limited::new(decoder, size))
        }
    })
}

fn compression(head: &[u8]) -> Compression {
    if head.starts_with(&[0x1f, 0x8b]) {
        Compression::Gzip
    } else if head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        Compression::Zstd
    } else {
        Compression::None
    }
}

fn not_as_named(file: &TableFile, head: &[u8]) -> Diagnostic {
    let (is, name) = match compression(head) {
        _ if head.starts_with(b"PAR1") => ("a Parquet file", ".parquet"),
        _ if head.starts_with(b"PK\x03\x04") => ("a ZIP archive", "what is inside it"),
        Compression::Gzip => ("gzip data", "… .gz"),
        Compression::Zstd => ("zstd data", "… .zst"),
        Compression::None => ("not compressed", "without .gz or .zst"),
    };
    damaged(file, &format!("the file is not what its name says: it seems to be {is}"))
        .hint(format!("name it {name}, or export it again"))
}

/// The file ends or breaks in the middle.
pub(super) fn broken_off(file: &TableFile, error: &io::Error, rows: u64) -> Diagnostic {
    let message = format!("the file breaks off after about row {rows}: {error}");
    damaged(file, &message).hint("copy or export it again; nothing of it was used")
}

pub(super) fn damaged(file: &TableFile, message: &str) -> Diagnostic {
    Diagnostic::error(Code::DamagedFile, message).in_file(&*file.shown)
}

fn unreadable(file: &TableFile, error: &io::Error) -> Diagnostic {
    Diagnostic::error(Code::Unreadable, format!("cannot read it: {error}")).in_file(&*file.shown)
}

/// Complains of text that is not UTF-8. `at` is where `bytes` begin in the file.
pub(super) fn not_utf8(file: &TableFile, bytes: &[u8], at: u64, line: u64) -> Option<Diagnostic> {
    let error = std::str::from_utf8(bytes).err()?;
    let valid = error.valid_up_to();
    let line = line + memchr::memchr_iter(b'\n', &bytes[..valid]).count() as u64;
    let utf16 = at == 0 && (bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]));
    let message = if utf16 {
        "the text is UTF-16".to_owned()
    } else {
        format!("the text is not UTF-8: byte {} on line {line}", at + valid as u64)
    };
    Some(Diagnostic::error(Code::NotUtf8, message).in_file(&*file.shown).hint("export it as UTF-8"))
}

/// Text whose every second byte is NUL is UTF-16 without a mark.
pub(super) fn is_utf16(bytes: &[u8]) -> bool {
    bytes.len() >= 4 && (bytes[0] == 0) != (bytes[1] == 0) && (bytes[2] == 0) != (bytes[3] == 0)
}

/// A decompressor that stops when little turns into far too much.
struct Limited<R> {
    inner: R,
    most: u64,
    read: u64,
}

impl<R> Limited<R> {
    fn new(inner: R, size: u64) -> Self {
        Self { inner, most: LARGEST_FROM_LITTLE.max(size.saturating_mul(MOST_EXPANSION)), read: 0 }
    }
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
