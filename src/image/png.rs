//! PNG (ISO/IEC 15948): the chunks that say what the pixels are.

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::reader::Reader;
use super::{Fault, Picture, measured, orientation};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

pub(super) fn clean(bytes: &[u8]) -> Result<Picture, Fault> {
    let mut reader = Reader(bytes);
    reader.take(SIGNATURE.len())?;
    let (kind, head) = chunk(&mut reader)?;
    if kind != *b"IHDR" {
        return Err(Fault::damaged("it does not begin with its header"));
    }
    let header = Header::read(head)?;
    // The first of a kind counts; a second could only say more than is needed.
    let mut kept: Vec<([u8; 4], &[u8])> = Vec::new();
    let mut data = Vec::new();
    loop {
        let (kind, content) = chunk(&mut reader)?;
        match &kind {
            b"IEND" => break,
            b"IDAT" => data.extend_from_slice(content),
            b"acTL" | b"fcTL" | b"fdAT" => {
                return Err(Fault::new("is an animated PNG", "save it as GIF or WebP, or as a still picture"));
            }
            b"eXIf" if orientation::of(content).is_some() => {
                let advice = "rotate the picture itself and save it again: not every browser turns a PNG";
                return Err(Fault::new("is to be turned before it is shown", advice));
            }
            _ if draws(&kind, content.len()) => {
                let counts = data.is_empty() && !kept.iter().any(|(other, _)| *other == kind);
                kept.extend(counts.then_some((kind, content)));
            }
            // A capital letter at the start says that the picture is wrong without the chunk.
            [b'A'..=b'Z', ..] => return Err(Fault::damaged("it has a part that no browser knows")),
            _ => {}
        }
    }
    let length = compressed_length(&data, header.pixel_bytes())?;
    let mut out = SIGNATURE.to_vec();
    write(&mut out, *b"IHDR", head);
    for (kind, content) in kept {
        write(&mut out, kind, content);
    }
    write(&mut out, *b"IDAT", data.get(..length).unwrap_or(&data));
    write(&mut out, *b"IEND", &[]);
    Ok(Picture { bytes: out, size: Some(header.size) })
}

/// Whether a chunk changes how the pixels look, and cannot hold anything but numbers. Colour
/// profiles are not among them: they carry names and texts.
fn draws(kind: &[u8; 4], length: usize) -> bool {
    match kind {
        b"PLTE" => length <= 3 * 256 && length.is_multiple_of(3),
        b"tRNS" => length <= 256,
        b"gAMA" | b"cICP" => length == 4,
        b"cHRM" => length == 32,
        b"sRGB" => length == 1,
        _ => false,
    }
}

/// The next chunk: its kind and what it holds.
fn chunk<'a>(reader: &mut Reader<'a>) -> Result<([u8; 4], &'a [u8]), Fault> {
    let length = u32::from_be_bytes(reader.array()?);
    let kind: [u8; 4] = reader.array()?;
    let content = reader.take(length as usize)?;
    if u32::from_be_bytes(reader.array()?) != checksum(kind, content) {
        return Err(Fault::damaged("a checksum does not match"));
    }
    Ok((kind, content))
}

fn write(out: &mut Vec<u8>, kind: [u8; 4], content: &[u8]) {
    // A file of at most 16 MiB has no longer part.
    out.extend(u32::try_from(content.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend(kind);
    out.extend(content);
    out.extend(checksum(kind, content).to_be_bytes());
}

fn checksum(kind: [u8; 4], content: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(&kind);
    crc.update(content);
    crc.sum()
}

/// What the header says.
struct Header {
    size: (u32, u32),
    bits_per_pixel: u64,
    interlaced: bool,
}

impl Header {
    fn read(content: &[u8]) -> Result<Self, Fault> {
        let mut reader = Reader(content);
        let (width, height) = (u32::from_be_bytes(reader.array()?), u32::from_be_bytes(reader.array()?));
        let [depth, colours, compression, filter, interlace] = reader.array()?;
        let channels = match (colours, depth) {
            (0, 1 | 2 | 4 | 8 | 16) | (3, 1 | 2 | 4 | 8) => 1,
            (2, 8 | 16) => 3,
            (4, 8 | 16) => 2,
            (6, 8 | 16) => 4,
            _ => return Err(Fault::damaged("it has a form of pixels that does not exist")),
        };
        if (compression, filter) != (0, 0) || interlace > 1 || !reader.0.is_empty() {
            return Err(Fault::damaged("its header is not valid"));
        }
        let size = measured(width, height)?;
        Ok(Self { size, bits_per_pixel: channels * u64::from(depth), interlaced: interlace == 1 })
    }

    /// How many bytes the pixels are, with the byte before each row that names its filter.
    fn pixel_bytes(&self) -> u64 {
        /// Where the seven passes of Adam7 begin, and their steps: x, y, step in x, step in y.
        const ADAM7: [(u32, u32, u32, u32); 7] =
            [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
        let passes: &[(u32, u32, u32, u32)] = if self.interlaced { &ADAM7 } else { &[(0, 0, 1, 1)] };
        let (width, height) = self.size;
        passes
            .iter()
            .map(|(x, y, step_x, step_y)| {
                let columns = u64::from(width.saturating_sub(*x).div_ceil(*step_x));
                let rows = u64::from(height.saturating_sub(*y).div_ceil(*step_y));
                if columns == 0 { 0 } else { rows * (1 + (columns * self.bits_per_pixel).div_ceil(8)) }
            })
            .sum()
    }
}

/// How much of `data` the compressed pixels take: what follows them would be invisible.
fn compressed_length(data: &[u8], pixel_bytes: u64) -> Result<usize, Fault> {
    let mut inflater = Decompress::new(true);
    let mut pixels = vec![0; 1 << 16];
    loop {
        let before = (inflater.total_in(), inflater.total_out());
        let rest = usize::try_from(before.0).ok().and_then(|at| data.get(at..)).unwrap_or_default();
        let status = inflater.decompress(rest, &mut pixels, FlushDecompress::None);
        let now = (inflater.total_in(), inflater.total_out());
        match status {
            Ok(Status::StreamEnd) if now.1 == pixel_bytes => return Ok(usize::try_from(now.0).unwrap_or(data.len())),
            Ok(Status::Ok) if now != before && now.1 <= pixel_bytes => {}
            _ if now.1 > pixel_bytes => return Err(Fault::damaged("it holds more than its pixels")),
            _ => return Err(Fault::damaged("it does not hold all its pixels")),
        }
    }
}
