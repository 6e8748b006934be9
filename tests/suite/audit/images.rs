//! Names beside the pixels of images, and in `data:` URIs.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::png::{chunk, grey, zlib};

use super::planted::gzip;
use super::{Site, messages, report, told};

const NAME: &str = "apac-srv-0001";

/// A PNG of one pixel with a chunk before its pixels.
pub(super) fn png(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    grey(1, 1, 0, &chunk(kind, body))
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn jpeg(marker: u8, body: &[u8]) -> Vec<u8> {
    let mut out = vec![0xff, 0xd8, 0xff, marker];
    out.extend(u16::try_from(body.len() + 2).unwrap().to_be_bytes());
    out.extend(body);
    // A scan with a literal FF in it, and the end.
    out.extend([0xff, 0xda, 0, 2, 1, 2, 0xff, 0, 3, 0xff, 0xd9]);
    out
}

fn gif(comment: &[u8]) -> Vec<u8> {
    let mut out = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff\x21\xfe".to_vec();
    out.push(u8::try_from(comment.len()).unwrap());
    out.extend(comment);
    out.extend([0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b]);
    out
}

fn webp(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut chunks = b"VP8L\x02\0\0\0\x2f\0".to_vec();
    chunks.extend(kind);
    chunks.extend(u32::try_from(body.len()).unwrap().to_le_bytes());
    chunks.extend(body);
    chunks.resize(chunks.len() + body.len() % 2, 0);
    let length = u32::try_from(chunks.len() + 4).unwrap().to_le_bytes();
    [b"RIFF".as_slice(), &length, b"WEBP", &chunks].concat()
}

#[test]
fn what_images_say_beside_their_pixels_is_looked_at() {
    let site = Site::new().built();
    let text = |before: &[u8], text: &[u8]| [before, text].concat();
    let name = NAME.as_bytes();
    let after = [png(b"tEXt", b"a\0b"), NAME.as_bytes().to_vec()].concat();
    for (file, bytes) in [
        ("text.png", png(b"tEXt", &text(b"Comment\0", name))),
        ("compressed.png", png(b"zTXt", &text(b"Comment\0\0", &zlib(name)))),
        ("profile.png", png(b"iCCP", &text(b"p\0\0", &zlib(name)))),
        ("international.png", png(b"iTXt", &text(b"Comment\0\0\0en\0x\0", name))),
        ("international-compressed.png", png(b"iTXt", &text(b"Comment\0\x01\0en\0x\0", &zlib(name)))),
        ("exif.png", png(b"eXIf", &text(b"MM\0*", name))),
        ("wide.png", png(b"eXIf", &utf16(NAME))),
        ("after.png", after),
        ("exif.jpg", jpeg(0xe1, &text(b"Exif\0\0II*\0", name))),
        ("wide.jpeg", jpeg(0xe1, &text(b"Exif\0\0II*\0", &utf16(NAME)))),
        ("comment.jpg", jpeg(0xfe, name)),
        ("comment.gif", gif(name)),
        ("exif.webp", webp(b"EXIF", name)),
        ("xmp.webp", webp(b"XMP ", format!("<x a='{NAME}'/>").as_bytes())),
    ] {
        let build = site.copy("emea-it");
        build.put(file, bytes);
        let output = site.audit(&build);
        assert_eq!(output.status.code(), Some(3), "{file}");
        let messages = messages(&output);
        let leaks = told(&messages, "TP0800");
        assert_eq!(leaks.len(), 1, "{file}: {messages:?}");
        assert!(leaks[0]["file"].as_str().unwrap().ends_with(file), "{file}: {messages:?}");
        assert!(leaks[0]["hint"].as_str().unwrap().contains("the image's metadata"), "{messages:?}");
    }
}

#[test]
fn images_without_a_word_are_let_through_and_damaged_ones_are_not() {
    let site = Site::new().built();
    let sound = [
        ("a.png", png(b"tEXt", b"Software\0x")),
        ("a.jpg", jpeg(0xe0, b"JFIF\0")),
        ("a.gif", gif(b"hello")),
        ("a.webp", webp(b"EXIF", b"x")),
    ];
    for (file, bytes) in sound {
        let build = site.copy("emea-it");
        build.put(file, &bytes);
        assert_eq!(site.audit(&build).status.code(), Some(0), "{file}");
        for bad in [&bytes[..bytes.len() - 3], b"not an image", b""] {
            build.put(file, bad);
            let output = site.audit(&build);
            assert_eq!(output.status.code(), Some(3), "{file}");
            assert!(told(&messages(&output), "TP0802")[0]["file"].as_str().unwrap().ends_with(file));
        }
    }
}

#[test]
fn data_uris_are_opened() {
    let site = Site::new().built();
    let page = |uri: &str| format!("<img src=\"{uri}\">");
    let base64 = |kind: &str, bytes: &[u8]| format!("data:{kind};base64,{}", STANDARD.encode(bytes));
    let nested =
        |times| (0..times).fold(NAME.to_owned(), |text, _| base64("text/plain", format!("'{text}'").as_bytes()));
    for (uri, code) in [
        (base64("text/plain", NAME.as_bytes()), "TP0800"),
        (base64("text/plain", format!("x {NAME}").as_bytes()), "TP0800"),
        (base64("text/plain", format!("xx {NAME}").as_bytes()), "TP0800"),
        (format!("data:;base64,{}", URL_SAFE_NO_PAD.encode(format!("\u{3ff}\u{3ff} {NAME}"))), "TP0800"),
        (base64("image/svg+xml", "<svg><text>apac-<b>srv</b>-0001 é</text></svg>".as_bytes()), "TP0800"),
        (base64("image/png", &png(b"tEXt", format!("a\0{NAME}").as_bytes())), "TP0800"),
        (base64("application/json", &gzip(NAME.as_bytes())), "TP0800"),
        ("data:text/html,%3Cp%3Eapac%3Cb%3E-srv%3C/b%3E-0001%3C/p%3E".to_owned(), "TP0800"),
        (base64("font/woff2", b"wOF2\xff\xfe"), "TP0802"),
        (nested(3), "TP0800"),
        (nested(4), "TP0802"),
        ("data:text/plain;base64,A".to_owned(), "TP0802"),
    ] {
        let build = site.copy("emea-it");
        build.put("page.html", page(&uri));
        let output = site.audit(&build);
        assert_eq!(output.status.code(), Some(3), "{uri}");
        assert_eq!(told(&messages(&output), code).len(), 1, "{uri}: {:?}", messages(&output));
    }
    let build = site.copy("emea-it");
    build.put("page.html", page(&base64("text/plain", b"nothing to see")) + "<p>data: none</p>");
    assert_eq!(site.audit(&build).status.code(), Some(0));
}

/// Large texts are looked at in pieces of 4 MiB that overlap a little, and a URI in them is not.
#[test]
fn data_uris_are_opened_wherever_they_begin_in_a_large_file() {
    let site = Site::new().built();
    let long = format!("{}{NAME}", "word ".repeat(5_000));
    let uris = [("text/plain", long.as_bytes().to_vec(), 20_000, 3), ("image/png", png(b"tEXt", b"a\0b"), 60, 0)];
    for (kind, bytes, before_the_seam, code) in uris {
        let build = site.copy("emea-it");
        let before = "x ".repeat(((4 << 20) - before_the_seam) / 2);
        build.put("page.html", format!("{before}<img src=\"data:{kind};base64,{}\">", STANDARD.encode(bytes)));
        let output = site.audit(&build);
        assert_eq!(output.status.code(), Some(code), "{kind}: {:?}", messages(&output));
        assert_eq!(told(&messages(&output), "TP0800").len(), usize::from(code == 3), "{kind}");
    }
}

#[test]
fn what_is_written_about_data_uris_is_text() {
    let site = Site::new();
    let text = "Lures begin with data:text/html;base64,PHNjcmlwdD4 and so on, or with `<img src=\"data:;base64,A\">`.";
    site.put("content/reports/smuggling.md", report("HTML smuggling", "tlp: clear", text));
    site.built();
}

/// What a program wrote into the author's own screenshot does not reach a build at all.
#[test]
fn a_hidden_name_in_an_image_is_not_published() {
    let site = Site::new();
    site.put("content/reports/chart/index.md", report("With an image", "tlp: clear", "![A chart](chart.png)"));
    site.put("content/reports/chart/chart.png", png(b"tEXt", format!("Source\0{NAME}").as_bytes()));
    let site = site.built();
    let published = std::fs::read(site.output("emea-it").join("threats/chart/media/chart.png")).unwrap();
    assert!(!String::from_utf8_lossy(&published).contains(NAME));
}
