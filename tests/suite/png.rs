//! Small pictures in PNG.

use std::io::Write as _;

/// A chunk with its length and its checksum.
pub(crate) fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut sum = flate2::Crc::new();
    sum.update(kind);
    sum.update(content);
    [&u32::try_from(content.len()).unwrap().to_be_bytes()[..], kind, content, &sum.sum().to_be_bytes()].concat()
}

/// A picture of `width` × `height` pixels of one grey, with `chunks` before its pixels.
pub(crate) fn grey(width: u8, height: u8, level: u8, chunks: &[u8]) -> Vec<u8> {
    let line = [&[0][..], &vec![level; width.into()]].concat();
    let header = [0, 0, 0, width, 0, 0, 0, height, 8, 0, 0, 0, 0];
    let parts = [
        b"\x89PNG\r\n\x1a\n",
        &*chunk(b"IHDR", &header),
        chunks,
        &chunk(b"IDAT", &zlib(&line.repeat(height.into()))),
        &chunk(b"IEND", b""),
    ];
    parts.concat()
}

/// Bytes compressed as pixels and long texts are.
pub(crate) fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    zlib.write_all(bytes).unwrap();
    zlib.finish().unwrap()
}
