//! WebP (RFC 9649): the picture, its transparency, its frames.

use super::reader::Reader;
use super::{Fault, Picture, measured, orientation};

/// Flags of the extended header: it is animated, it has transparency.
const ANIMATED: u8 = 0x02;
const TRANSPARENT: u8 = 0x10;

pub(super) fn clean(bytes: &[u8]) -> Result<Picture, Fault> {
    let mut reader = Reader(bytes);
    reader.take(4)?;
    let length = u32::from_le_bytes(reader.array()?) as usize;
    // What stands after the length that the file says of itself is no part of it.
    let mut reader = Reader(reader.take(length)?);
    reader.take(4)?;
    let mut body = Vec::new();
    let mut size = None;
    let mut pictures = 0_usize;
    while !reader.0.is_empty() {
        let (kind, content) = chunk(&mut reader)?;
        match &kind {
            b"VP8X" if size.is_none() => {
                let (found, head) = extended(content)?;
                size = Some(found);
                write(&mut body, kind, &head);
            }
            b"VP8 " | b"VP8L" if pictures == 0 => {
                let found = picture(kind, content)?;
                size.get_or_insert(found);
                pictures += 1;
                write(&mut body, kind, content);
            }
            b"ALPH" if size.is_some() && pictures == 0 => write(&mut body, kind, content),
            b"ANIM" if size.is_some() && content.len() == 6 => write(&mut body, kind, content),
            b"ANMF" if size.is_some() => {
                write(&mut body, kind, &frame(content)?);
                pictures += 1;
            }
            b"EXIF" if orientation::of(content.strip_prefix(b"Exif\0\0").unwrap_or(content)).is_some() => {
                let advice = "rotate the picture itself and save it again: not every browser turns a WebP";
                return Err(Fault::new("is to be turned before it is shown", advice));
            }
            _ => {}
        }
    }
    let Some(size) = size.filter(|_| pictures > 0) else {
        return Err(Fault::damaged("it holds no picture"));
    };
    let mut out = b"RIFF".to_vec();
    out.extend(u32::try_from(body.len() + 4).unwrap_or(u32::MAX).to_le_bytes());
    out.extend(b"WEBP");
    out.extend(body);
    Ok(Picture { bytes: out, size: Some(size) })
}

/// The next chunk: its kind and what it holds.
fn chunk<'a>(reader: &mut Reader<'a>) -> Result<([u8; 4], &'a [u8]), Fault> {
    let kind = reader.array()?;
    let length = u32::from_le_bytes(reader.array()?) as usize;
    let content = reader.take(length)?;
    // Chunks begin at even places; some programs leave the last byte out.
    if !length.is_multiple_of(2) && !reader.0.is_empty() {
        reader.byte()?;
    }
    Ok((kind, content))
}

fn write(out: &mut Vec<u8>, kind: [u8; 4], content: &[u8]) {
    out.extend(kind);
    out.extend(u32::try_from(content.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend(content);
    if !content.len().is_multiple_of(2) {
        out.push(0);
    }
}

/// The extended header: the size, and the header without what announces other things.
fn extended(content: &[u8]) -> Result<((u32, u32), [u8; 10]), Fault> {
    let [flags, _, _, _, w0, w1, w2, h0, h1, h2] = Reader(content).array()?;
    let size = measured(u32::from_le_bytes([w0, w1, w2, 0]) + 1, u32::from_le_bytes([h0, h1, h2, 0]) + 1)?;
    Ok((size, [flags & (ANIMATED | TRANSPARENT), 0, 0, 0, w0, w1, w2, h0, h1, h2]))
}

/// The size of a picture.
fn picture(kind: [u8; 4], content: &[u8]) -> Result<(u32, u32), Fault> {
    let mut reader = Reader(content);
    if kind == *b"VP8L" {
        let [signature, a, b, c, d] = reader.array()?;
        if signature != 0x2f {
            return Err(Fault::damaged("its picture does not begin as it must"));
        }
        let bits = u32::from_le_bytes([a, b, c, d]);
        return measured((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1);
    }
    let [_, _, _, 0x9d, 0x01, 0x2a, w0, w1, h0, h1] = reader.array()? else {
        return Err(Fault::damaged("its picture does not begin as it must"));
    };
    // The upper two bits are a scale that nobody uses.
    let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
    measured(side(w0, w1), side(h0, h1))
}

/// A frame of an animation with only what draws it.
fn frame(content: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut reader = Reader(content);
    let mut out = reader.take(16)?.to_vec();
    while !reader.0.is_empty() {
        let (kind, content) = chunk(&mut reader)?;
        match &kind {
            b"VP8 " | b"VP8L" => {
                picture(kind, content)?;
                write(&mut out, kind, content);
            }
            b"ALPH" => write(&mut out, kind, content),
            _ => {}
        }
    }
    Ok(out)
}
