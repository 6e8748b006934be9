//! What an image says beside its pixels.
//!
//! Gives every part of a PNG, JPEG, GIF or WebP file but the compressed pixels: text chunks,
//! EXIF, XMP, comments, profiles, and whatever stands after the image's end.

use std::io::Read as _;

use super::content::{Opaque, inflated};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Whether the bytes begin as an image of a kind that is understood does.
pub(super) fn is_image(bytes: &[u8]) -> bool {
    bytes.starts_with(PNG) || bytes.starts_with(b"\xff\xd8\xff") || bytes.starts_with(b"GIF8") || is_webp(bytes)
}

fn is_webp(bytes: &[u8]) -> bool {
    bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP")
}

/// The parts of an image that are no pixels.
///
/// # Errors
///
/// `Opaque` when the file is no image, or is cut off, so that it cannot be told what is in it.
pub(super) fn metadata(bytes: &[u8]) -> Result<Vec<Vec<u8>>, Opaque> {
    let parts = if let Some(chunks) = bytes.strip_prefix(PNG) {
        png(chunks)?
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        jpeg(Reader(&bytes[2..]))
    } else if bytes.starts_with(b"GIF8") {
        gif(Reader(bytes))
    } else if is_webp(bytes) {
        webp(Reader(&bytes[12..]))
    } else {
        None
    };
    parts.ok_or(Opaque("it is not the image that its name says, or is damaged"))
}

/// Bytes that are taken from the front.
struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).and_then(|taken| taken.first().copied())
    }

    fn big(&mut self, count: usize) -> Option<usize> {
        Some(self.take(count)?.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)))
    }
}

fn png(bytes: &[u8]) -> Result<Option<Vec<Vec<u8>>>, Opaque> {
    let mut reader = Reader(bytes);
    let mut parts = Vec::new();
    loop {
        let Some((length, kind)) = reader.big(4).zip(reader.take(4)) else { return Ok(None) };
        let Some((body, _checksum)) = reader.take(length).zip(reader.take(4)) else { return Ok(None) };
        match kind {
            b"IDAT" | b"fdAT" => {}
            b"zTXt" | b"iCCP" => {
                // A keyword, a zero, the method, the text.
                let keyword = body.split(|byte| *byte == 0).next().unwrap_or_default();
                parts.push(keyword.to_vec());
                parts.push(zlib(body.get(keyword.len() + 2..).unwrap_or_default())?);
            }
            b"iTXt" => parts.push(international(body)?),
            _ => parts.push(body.to_vec()),
        }
        if kind == b"IEND" {
            parts.push(reader.0.to_vec());
            return Ok(Some(parts));
        }
    }
}

/// A keyword, whether and how the text is compressed, two more names, the text.
fn international(body: &[u8]) -> Result<Vec<u8>, Opaque> {
    let keyword = body.split(|byte| *byte == 0).next().unwrap_or_default().len();
    if body.get(keyword + 1) != Some(&1) {
        return Ok(body.to_vec());
    }
    let names = body.get(keyword + 3..).unwrap_or_default();
    let ends = names.iter().enumerate().filter(|(_, byte)| **byte == 0).map(|(at, _)| at);
    let text = ends.take(2).last().map_or(names.len(), |end| end + 1);
    let mut part = body[..body.len() - names.len() + text].to_vec();
    part.extend(zlib(names.get(text..).unwrap_or_default())?);
    Ok(part)
}

fn zlib(bytes: &[u8]) -> Result<Vec<u8>, Opaque> {
    inflated(flate2::read::ZlibDecoder::new(bytes).by_ref())
}

fn jpeg(mut reader: Reader<'_>) -> Option<Vec<Vec<u8>>> {
    let mut parts = Vec::new();
    let mut in_pixels = false;
    loop {
        // Outside pixels nothing but a marker may stand: what hid there would not be looked at.
        while reader.byte()? != 0xff {
            if !in_pixels {
                return None;
            }
        }
        let marker = loop {
            match reader.byte()? {
                0xff => {}
                marker => break marker,
            }
        };
        match marker {
            // A literal FF among pixels, and restarts.
            0x00 | 0x01 | 0xd0..=0xd7 => {}
            0xd9 => {
                parts.push(reader.0.to_vec());
                return Some(parts);
            }
            _ => {
                let length = reader.big(2)?.checked_sub(2)?;
                parts.push(reader.take(length)?.to_vec());
                in_pixels = marker == 0xda;
            }
        }
    }
}

fn gif(mut reader: Reader<'_>) -> Option<Vec<Vec<u8>>> {
    let colours = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let head = reader.take(13)?;
    reader.take(colours(*head.get(10)?))?;
    let mut parts = Vec::new();
    loop {
        match reader.byte()? {
            0x21 => {
                reader.byte()?;
                parts.push(blocks(&mut reader)?);
            }
            0x2c => {
                let descriptor = reader.take(9)?;
                reader.take(colours(*descriptor.get(8)?))?;
                reader.byte()?;
                blocks(&mut reader)?;
            }
            0x3b => {
                parts.push(reader.0.to_vec());
                return Some(parts);
            }
            _ => return None,
        }
    }
}

/// Blocks of at most 255 bytes, joined.
fn blocks(reader: &mut Reader<'_>) -> Option<Vec<u8>> {
    let mut joined = Vec::new();
    loop {
        match reader.byte()? {
            0 => return Some(joined),
            length => joined.extend_from_slice(reader.take(usize::from(length))?),
        }
    }
}

fn webp(mut reader: Reader<'_>) -> Option<Vec<Vec<u8>>> {
    let mut parts = Vec::new();
    while !reader.0.is_empty() {
        let kind = reader.take(4)?;
        let length = u32::from_le_bytes(reader.take(4)?.try_into().ok()?) as usize;
        let body = reader.take(length)?;
        if length % 2 == 1 {
            // What is missing at the very end holds nothing.
            let _ = reader.byte();
        }
        if ![b"VP8 ", b"VP8L", b"ALPH"].iter().any(|pixels| *pixels == kind) {
            parts.push(body.to_vec());
        }
    }
    Some(parts)
}
