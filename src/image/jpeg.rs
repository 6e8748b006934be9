//! JPEG (ITU T.81): tables, frame and scans. Of what programs add there stay, written anew, that
//! it is JFIF, how its colours are stored, and which way up it is.

use super::reader::Reader;
use super::{Fault, Picture, measured, orientation};

/// A picture in so many scans is made to keep browsers busy; programs write about ten.
const MOST_SCANS: usize = 100;

#[derive(Default)]
struct Jpeg {
    is_jfif: bool,
    /// What Adobe's segment says of the colours.
    colours: Option<u8>,
    orientation: Option<u8>,
    size: Option<(u32, u32)>,
    scans: usize,
    /// Tables, frame and scans.
    body: Vec<u8>,
}

pub(super) fn clean(bytes: &[u8]) -> Result<Picture, Fault> {
    let mut reader = Reader(bytes);
    reader.take(2)?;
    let mut jpeg = Jpeg::default();
    while let Some(marker) = marker(&mut reader)? {
        let length = usize::from(u16::from_be_bytes(reader.array()?));
        let content = reader.take(length.checked_sub(2).ok_or_else(wrong_length)?)?;
        jpeg.segment(marker, content)?;
        if marker == 0xda {
            jpeg.body.extend(scan(&mut reader)?);
        }
    }
    jpeg.finish()
}

/// The next marker; `None` is the end of the picture, and what follows is no part of it.
fn marker(reader: &mut Reader<'_>) -> Result<Option<u8>, Fault> {
    if reader.byte()? != 0xff {
        return Err(Fault::damaged("something stands between its segments"));
    }
    loop {
        match reader.byte()? {
            // Fill bytes.
            0xff => {}
            0xd9 => return Ok(None),
            marker => return Ok(Some(marker)),
        }
    }
}

/// The compressed data of a scan, up to the next marker that does not belong to it.
fn scan<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Fault> {
    let end = memchr::memchr_iter(0xff, reader.0)
        .find(|at| reader.0.get(at + 1).is_some_and(|next| !matches!(next, 0 | 0xd0..=0xd7)))
        .ok_or_else(|| Fault::damaged("it breaks off"))?;
    reader.take(end)
}

fn wrong_length() -> Fault {
    Fault::damaged("a segment has a wrong length")
}

impl Jpeg {
    fn segment(&mut self, marker: u8, content: &[u8]) -> Result<(), Fault> {
        match marker {
            0xe0 => self.is_jfif |= content.starts_with(b"JFIF\0"),
            0xe1 => {
                if let Some(tiff) = content.strip_prefix(b"Exif\0\0") {
                    self.orientation = self.orientation.or_else(|| orientation::of(tiff));
                }
            }
            0xee if content.starts_with(b"Adobe") => self.colours = content.get(11).copied(),
            // What other programs add, and comments.
            0xe2..=0xef | 0xfe => {}
            0xc0..=0xc2 => {
                self.frame(content)?;
                self.keep(marker, content);
            }
            0xc4 | 0xdb | 0xdd | 0xda => {
                if !is_whole(marker, content) {
                    return Err(wrong_length());
                }
                self.scans += usize::from(marker == 0xda);
                if self.scans > MOST_SCANS || self.size.is_none() && marker == 0xda {
                    return Err(Fault::damaged("its scans are not in order"));
                }
                self.keep(marker, content);
            }
            _ => {
                let advice = "export it as an ordinary JPEG (baseline or progressive)";
                return Err(Fault::new("is a JPEG of a kind that browsers do not show", advice));
            }
        }
        Ok(())
    }

    fn frame(&mut self, content: &[u8]) -> Result<(), Fault> {
        let mut reader = Reader(content);
        let _precision = reader.byte()?;
        let (height, width) = (u16::from_be_bytes(reader.array()?), u16::from_be_bytes(reader.array()?));
        let components = usize::from(reader.byte()?);
        if reader.0.len() != 3 * components || self.size.is_some() {
            return Err(wrong_length());
        }
        self.size = Some(measured(width.into(), height.into())?);
        Ok(())
    }

    fn keep(&mut self, marker: u8, content: &[u8]) {
        write(&mut self.body, marker, content);
    }

    fn finish(self) -> Result<Picture, Fault> {
        let Some((width, height)) = self.size.filter(|_| self.scans > 0) else {
            return Err(Fault::damaged("it holds no picture"));
        };
        let mut out = vec![0xff, 0xd8];
        if self.is_jfif {
            write(&mut out, 0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
        }
        if let Some(orientation) = self.orientation {
            write(&mut out, 0xe1, &orientation::exif(orientation));
        }
        if let Some(colours) = self.colours {
            write(&mut out, 0xee, &[b'A', b'd', b'o', b'b', b'e', 0, 100, 0, 0, 0, 0, colours]);
        }
        out.extend(self.body);
        out.extend([0xff, 0xd9]);
        // From 5 on the picture lies on its side.
        let on_its_side = self.orientation.is_some_and(|orientation| orientation >= 5);
        Ok(Picture { bytes: out, size: Some(if on_its_side { (height, width) } else { (width, height) }) })
    }
}

fn write(out: &mut Vec<u8>, marker: u8, content: &[u8]) {
    // What is written was read from a segment, or is short.
    let length = u16::try_from(content.len() + 2).unwrap_or(u16::MAX);
    out.extend([0xff, marker]);
    out.extend(length.to_be_bytes());
    out.extend(content);
}

/// Whether a segment of tables, or the head of a scan, is as long as what it says it holds.
fn is_whole(marker: u8, content: &[u8]) -> bool {
    let mut reader = Reader(content);
    let first = part(marker, &mut reader);
    // Of tables one segment may hold several.
    while matches!(marker, 0xc4 | 0xdb) && !reader.0.is_empty() {
        if part(marker, &mut reader).is_err() {
            return false;
        }
    }
    first.is_ok() && reader.0.is_empty()
}

fn part(marker: u8, reader: &mut Reader<'_>) -> Result<(), Fault> {
    let length = match marker {
        // Huffman tables: how many codes there are of each length, and their values.
        0xc4 => {
            let head: [u8; 17] = reader.array()?;
            head.iter().skip(1).map(|count| usize::from(*count)).sum()
        }
        // Quantisation tables, of one or two bytes a value.
        0xdb => 64 << u32::from(reader.byte()? >> 4).min(1),
        0xdd => 2,
        _ => 2 * usize::from(reader.byte()?) + 3,
    };
    reader.take(length).map(drop)
}
