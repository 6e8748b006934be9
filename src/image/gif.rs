//! GIF (89a): the colours, the frames, their timing, and how often they repeat.

use super::reader::Reader;
use super::{Fault, Picture, measured};

pub(super) fn clean(bytes: &[u8]) -> Result<Picture, Fault> {
    let mut reader = Reader(bytes);
    let mut out = reader.take(6)?.to_vec();
    let screen: [u8; 7] = reader.array()?;
    let [w0, w1, h0, h1, flags, ..] = screen;
    let size = measured(u16::from_le_bytes([w0, w1]).into(), u16::from_le_bytes([h0, h1]).into())?;
    out.extend(screen);
    out.extend(reader.take(table(flags))?);
    let mut frames = 0_usize;
    loop {
        match reader.byte()? {
            0x3b => break,
            0x2c => {
                frame(&mut reader, &mut out)?;
                frames += 1;
            }
            0x21 => extension(&mut reader, &mut out)?,
            _ => return Err(Fault::damaged("something stands between its blocks")),
        }
    }
    if frames == 0 {
        return Err(Fault::damaged("it holds no picture"));
    }
    out.push(0x3b);
    Ok(Picture { bytes: out, size: Some(size) })
}

/// How long the colour table is that these flags announce.
fn table(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

fn frame(reader: &mut Reader<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    let head: [u8; 9] = reader.array()?;
    let [.., w0, w1, h0, h1, flags] = head;
    measured(u16::from_le_bytes([w0, w1]).into(), u16::from_le_bytes([h0, h1]).into())?;
    out.push(0x2c);
    out.extend(head);
    out.extend(reader.take(table(flags))?);
    out.push(reader.byte()?);
    blocks(reader, |block| {
        // A block is counted by a byte.
        out.push(u8::try_from(block.len()).unwrap_or(u8::MAX));
        out.extend(block);
    })?;
    out.push(0);
    Ok(())
}

/// Keeps timing and repetition. Comments, text and what programs add go.
fn extension(reader: &mut Reader<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    let kind = reader.byte()?;
    let mut parts: Vec<&[u8]> = Vec::new();
    // Only the first parts can be of interest, and a comment may have very many.
    blocks(reader, |block| parts.extend((parts.len() < 2).then_some(block)))?;
    match (kind, parts.as_slice()) {
        (0xf9, [timing]) if timing.len() == 4 => {
            out.extend([0x21, 0xf9, 4]);
            out.extend(*timing);
            out.push(0);
        }
        (0xff, [b"NETSCAPE2.0" | b"ANIMEXTS1.0", [1, low, high]]) => {
            out.extend(b"\x21\xff\x0bNETSCAPE2.0");
            out.extend([3, 1, *low, *high, 0]);
        }
        _ => {}
    }
    Ok(())
}

/// Reads data in its blocks, up to the empty one that ends it.
fn blocks<'a>(reader: &mut Reader<'a>, mut each: impl FnMut(&'a [u8])) -> Result<(), Fault> {
    loop {
        match reader.byte()? {
            0 => return Ok(()),
            length => each(reader.take(length.into())?),
        }
    }
}
