use std::io::Write as _;

use proptest::prelude::*;

use super::*;

const SECRET: &[u8] = b"SECRET-HOST-01";

fn holds_secret(bytes: &[u8]) -> bool {
    bytes.windows(SECRET.len()).any(|window| window == SECRET)
}

/// The picture of a file with secrets in every part that does not draw: without one of them, and
/// the same again when it is cleaned twice.
fn cleaned(name: &str, bytes: &[u8]) -> Picture {
    assert!(holds_secret(bytes), "{name} has no secret to lose");
    let picture = clean(name, bytes).unwrap_or_else(|fault| panic!("{name} {}", fault.what));
    assert!(!holds_secret(&picture.bytes), "{name} still holds the secret");
    assert_eq!(clean(name, &picture.bytes), Ok(picture.clone()), "{name} is not clean after one time");
    picture
}

fn fault(name: &str, bytes: &[u8]) -> String {
    match clean(name, bytes) {
        Ok(_) => panic!("{name} was taken"),
        Err(fault) => fault.what,
    }
}

// PNG

fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(kind);
    crc.update(content);
    let length = u32::try_from(content.len()).expect("short").to_be_bytes();
    [&length[..], kind, content, &crc.sum().to_be_bytes()].concat()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

/// A picture of 3 × 2 pixels in RGB, with `more` before its data.
fn png(more: &[Vec<u8>], data: &[u8], interlace: u8) -> Vec<u8> {
    let header = [&3_u32.to_be_bytes()[..], &2_u32.to_be_bytes(), &[8, 2, 0, 0, interlace]].concat();
    let parts = [chunk(b"IHDR", &header), more.concat(), chunk(b"IDAT", data), chunk(b"IEND", &[])];
    [&b"\x89PNG\r\n\x1a\n"[..], &parts.concat()].concat()
}

#[test]
fn a_png_keeps_its_pixels_and_colours_only() {
    let pixels = zlib(&[7; 20]);
    let drawing = [chunk(b"gAMA", &[0, 0, 1, 2]), chunk(b"tRNS", &[1, 2, 3, 4, 5, 6])];
    let silent =
        [b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"iCCP", b"tIME", b"pHYs", b"prVt"].map(|kind| chunk(kind, SECRET));
    let hidden = [&pixels, SECRET].concat();
    let dirty = [&png(&[drawing.concat(), silent.concat()], &hidden, 0)[..], b"PK\x03\x04", SECRET].concat();
    let picture = cleaned("a.png", &dirty);
    assert_eq!(picture.size, Some((3, 2)));
    assert_eq!(picture.bytes, png(&drawing, &pixels, 0));
}

#[test]
fn an_interlaced_png_has_its_own_count_of_bytes() {
    // 3 × 2 in the passes of Adam7: 1 × 1, 1 × 1, 1 × 1 and 3 × 1 pixels, each row with its filter.
    let pixels = zlib(&[0; 4 + 4 + 4 + 10]);
    assert_eq!(clean("a.png", &png(&[], &pixels, 1)).map(|picture| picture.size), Ok(Some((3, 2))));
    assert!(fault("a.png", &png(&[], &pixels, 0)).contains("more than its pixels"));
}

#[test]
fn a_png_is_as_large_as_it_says() {
    for (data, says) in [
        (zlib(&[7; 19]), "not hold all"),
        (zlib(&[7; 21]), "more than its pixels"),
        (zlib(&[0; 1 << 20]), "more than its pixels"),
        (b"nonsense".to_vec(), "not hold all"),
        (zlib(&[7; 20])[..8].to_vec(), "not hold all"),
    ] {
        assert!(fault("a.png", &png(&[], &data, 0)).contains(says), "{says}");
    }
    let whole = png(&[], &zlib(&[7; 20]), 0);
    assert!(fault("a.png", &whole[..whole.len() - 1]).contains("breaks off"));
    let mut flipped = whole;
    flipped[20] ^= 1;
    assert!(fault("a.png", &flipped).contains("checksum"));
    let huge = [&50_000_u32.to_be_bytes()[..], &50_000_u32.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let huge = [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"IHDR", &huge)].concat();
    assert!(fault("a.png", &huge).contains("50000 × 50000 pixels"));
}

#[test]
fn a_png_that_would_be_shown_differently_is_refused() {
    let pixels = zlib(&[7; 20]);
    let turned = chunk(b"eXIf", &orientation::exif(6)[6..]);
    assert!(fault("a.png", &png(&[turned], &pixels, 0)).contains("turned"));
    assert!(fault("a.png", &png(&[chunk(b"acTL", &[0; 8])], &pixels, 0)).contains("animated"));
    assert!(fault("a.png", &png(&[chunk(b"SeCr", SECRET)], &pixels, 0)).contains("no browser knows"));
}

// JPEG

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).expect("short").to_be_bytes();
    [&[0xff, marker][..], &length, content].concat()
}

/// Tables, a frame of 16 × 8 pixels, and one scan; what they hold is no picture.
fn jpeg_body() -> Vec<u8> {
    let quantisation = [&[0][..], &[1; 64]].concat();
    let huffman = [&[0x10][..], &[0, 2], &[0; 14], &[4, 5]].concat();
    [
        segment(0xdb, &quantisation),
        segment(0xc0, &[8, 0, 8, 0, 16, 1, 1, 0x11, 0]),
        segment(0xc4, &huffman),
        segment(0xda, &[1, 1, 0, 0, 63, 0]),
        vec![1, 2, 0xff, 0, 3, 0xff, 0xd0, 4],
    ]
    .concat()
}

#[test]
fn a_jpeg_keeps_its_tables_and_scans_only() {
    let exif = [&orientation::exif(1)[..], SECRET].concat();
    let silent = [
        segment(0xe0, &[&b"JFIF\0\x01\x02\0\0\x01\0\x01\x01\x01"[..], SECRET].concat()),
        segment(0xe0, &[&b"JFXX\0\x10"[..], SECRET].concat()),
        segment(0xe1, &exif),
        segment(0xe1, &[&b"http://ns.adobe.com/xap/1.0/\0"[..], SECRET].concat()),
        segment(0xe2, &[&b"ICC_PROFILE\0\x01\x01"[..], SECRET].concat()),
        segment(0xed, &[&b"Photoshop 3.0\08BIM"[..], SECRET].concat()),
        segment(0xee, &[&b"Adobe\0\x64\0\0\0\0\x01"[..], SECRET].concat()),
        segment(0xfe, SECRET),
    ]
    .concat();
    let dirty = [&[0xff, 0xd8][..], &silent, &jpeg_body(), &[0xff, 0xd9], b"PK\x03\x04", SECRET].concat();
    let picture = cleaned("a.JPG", &dirty);
    assert_eq!(picture.size, Some((16, 8)));
    let expected = [
        &[0xff, 0xd8][..],
        &segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
        &segment(0xee, b"Adobe\0\x64\0\0\0\0\x01"),
        &jpeg_body(),
        &[0xff, 0xd9],
    ];
    assert_eq!(picture.bytes, expected.concat());
}

#[test]
fn a_photograph_stays_the_right_way_up() {
    let exif = segment(0xe1, &[&orientation::exif(6)[..], SECRET].concat());
    let dirty = [&[0xff, 0xd8][..], &exif, &jpeg_body(), &[0xff, 0xd9]].concat();
    let picture = cleaned("a.jpeg", &dirty);
    assert_eq!(picture.size, Some((8, 16)), "it stands on its side");
    let expected = [&[0xff, 0xd8][..], &segment(0xe1, &orientation::exif(6)), &jpeg_body(), &[0xff, 0xd9]];
    assert_eq!(picture.bytes, expected.concat());
}

#[test]
fn a_jpeg_that_is_not_whole_is_refused() {
    let jpeg = |body: &[u8]| [&[0xff, 0xd8][..], body, &[0xff, 0xd9]].concat();
    let whole = jpeg(&jpeg_body());
    for end in 3..whole.len() {
        assert!(clean("a.jpg", &whole[..end]).is_err(), "cut at {end}");
    }
    assert!(fault("a.jpg", &jpeg(&segment(0xdb, &[0; 66]))).contains("wrong length"));
    assert!(fault("a.jpg", &jpeg(&segment(0xc4, &[1; 17]))).contains("wrong length"));
    assert!(fault("a.jpg", &jpeg(&segment(0xc9, &[0; 9]))).contains("browsers do not show"));
    assert!(fault("a.jpg", &jpeg(&segment(0xda, &[1, 1, 0, 0, 63, 0]))).contains("not in order"));
    let scans = segment(0xda, &[1, 1, 0, 0, 63, 0]).repeat(100);
    assert!(fault("a.jpg", &jpeg(&[jpeg_body(), scans].concat())).contains("not in order"));
}

// GIF

fn gif(extensions: &[u8]) -> Vec<u8> {
    let screen = [4, 0, 2, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255];
    let frame = [0x2c, 0, 0, 0, 0, 4, 0, 2, 0, 0, 2, 3, 9, 9, 9, 1, 5, 0];
    [b"GIF89a", &screen[..], extensions, &frame, &[0x3b]].concat()
}

#[test]
fn a_gif_keeps_its_frames_timing_and_loop_only() {
    let kept = [&b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x05\x00\x00"[..], b"\x21\xf9\x04\x05\x0a\x00\x00\x00"].concat();
    let length = u8::try_from(SECRET.len()).expect("short");
    let block = [&[length][..], SECRET, &[length], SECRET, &[0]].concat();
    let comment = [&[0x21, 0xfe][..], &block].concat();
    let text = [&[0x21, 0x01, 12][..], &[0; 12], &block].concat();
    let xmp = [&b"\x21\xff\x0bXMP DataXMP"[..], &block].concat();
    let dirty = [&gif(&[&comment[..], &text, &kept, &xmp].concat())[..], SECRET].concat();
    let picture = cleaned("a.gif", &dirty);
    assert_eq!((picture.size, picture.bytes), (Some((4, 2)), gif(&kept)));
}

#[test]
fn a_gif_that_is_not_whole_is_refused() {
    let whole = gif(&[]);
    for end in 6..whole.len() {
        assert!(clean("a.gif", &whole[..end]).is_err(), "cut at {end}");
    }
    let nothing = [&whole[..19], &[0x3b]].concat();
    assert!(fault("a.gif", &nothing).contains("no picture"));
}

// WebP

fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
    let body = chunks.concat();
    let length = u32::try_from(body.len() + 4).expect("short").to_le_bytes();
    [b"RIFF", &length[..], b"WEBP", &body].concat()
}

fn riff_chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("short").to_le_bytes();
    let pad: &[u8] = if content.len().is_multiple_of(2) { &[] } else { &[0] };
    [kind, &length[..], content, pad].concat()
}

#[test]
fn a_webp_keeps_its_pictures_only() {
    // 3 × 2 pixels, lossless.
    let picture = riff_chunk(b"VP8L", &[0x2f, 2, 0x40, 0, 0, 1, 2]);
    let header = |flags| riff_chunk(b"VP8X", &[flags, 0, 0, 0, 2, 0, 0, 1, 0, 0]);
    let silent = [b"ICCP", b"EXIF", b"XMP ", b"SECR"].map(|kind| riff_chunk(kind, SECRET)).concat();
    let dirty = [&riff(&[header(0x3c), silent.clone(), picture.clone(), silent.clone()])[..], SECRET].concat();
    let cleaned_picture = cleaned("a.webp", &dirty);
    assert_eq!(cleaned_picture.size, Some((3, 2)));
    assert_eq!(cleaned_picture.bytes, riff(&[header(0x10), picture.clone()]));

    let frame = |inner: &[u8]| riff_chunk(b"ANMF", &[&[0; 16][..], inner].concat());
    let colours = riff_chunk(b"ANIM", &[0; 6]);
    let dirty = riff(&[header(0x3e), colours.clone(), frame(&[silent, picture.clone()].concat())]);
    assert_eq!(cleaned("a.webp", &dirty).bytes, riff(&[header(0x12), colours, frame(&picture)]));

    let turned = riff_chunk(b"EXIF", &orientation::exif(8)[6..]);
    assert!(fault("a.webp", &riff(&[header(0x08), picture, turned])).contains("turned"));
    let lossy = riff_chunk(b"VP8 ", &[0, 0, 0, 0x9d, 0x01, 0x2a, 5, 0, 4, 0, 9]);
    assert_eq!(clean("a.webp", &riff(&[lossy])).map(|picture| picture.size), Ok(Some((5, 4))));
}

// All

#[test]
fn content_is_what_the_name_says() {
    let samples = [
        ("png", png(&[], &zlib(&[7; 20]), 0)),
        ("jpg", [&[0xff, 0xd8][..], &jpeg_body(), &[0xff, 0xd9]].concat()),
        ("gif", gif(&[])),
        ("svg", br#"<svg xmlns="http://www.w3.org/2000/svg"/>"#.to_vec()),
    ];
    for (own, bytes) in &samples {
        for (ending, _) in &samples {
            assert_eq!(clean(&format!("a.{ending}"), bytes).is_ok(), own == ending, "{own} as {ending}");
        }
    }
    assert!(fault("a.png", b"").contains("not what its name says"));
    assert!(fault("a.png", b"<html>").contains("not what its name says"));
    assert!(fault("a.bmp", b"BM").contains("not published"));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), kind in 0..5_usize) {
        let (name, start): (_, &[u8]) = [
            ("a.png", &b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"[..]),
            ("a.jpg", b"\xff\xd8\xff"),
            ("a.gif", b"GIF89a"),
            ("a.webp", b"RIFF\x80\0\0\0WEBP"),
            ("a.svg", b"<svg "),
        ][kind];
        let _ = clean(name, &[start, &bytes].concat());
    }

    /// What is made of a damaged picture is refused, or clean already.
    #[test]
    fn damage_is_refused_or_without_effect(at in any::<prop::sample::Index>(), byte: u8, cut in any::<prop::sample::Index>(), kind in 0..4_usize) {
        let (name, mut bytes) = [
            ("a.png", png(&[chunk(b"tEXt", SECRET)], &zlib(&[7; 20]), 0)),
            ("a.jpg", [&[0xff, 0xd8][..], &segment(0xfe, SECRET), &jpeg_body(), &[0xff, 0xd9]].concat()),
            ("a.gif", gif(&[&[0x21, 0xfe, 14][..], SECRET, &[0]].concat())),
            ("a.webp", riff(&[riff_chunk(b"VP8L", &[0x2f, 2, 0x40, 0, 0, 1, 2]), riff_chunk(b"XMP ", SECRET)])),
        ][kind].clone();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        bytes.truncate(cut.index(bytes.len() * 2));
        if let Ok(picture) = clean(name, &bytes) {
            prop_assert_eq!(clean(name, &picture.bytes), Ok(picture));
        }
    }
}
