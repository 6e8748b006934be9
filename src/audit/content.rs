//! A file's bytes as texts to look into.

use std::borrow::Cow;
use std::io::Read;

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::fold::fold;
use super::images;
use super::{decode, json, markup};

/// Why something cannot be looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Opaque(pub(super) &'static str);

/// By which way a text came to light.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// As it stands.
    Plain,
    /// Behind entities or percent signs.
    Decoded,
    /// With tags and comments dropped.
    Joined,
    /// Behind backslashes.
    Unescaped,
    /// In a `data:` URI.
    DataUri,
    /// In an image, beside the pixels.
    Metadata,
    /// In a compressed file.
    Compressed,
    /// In the path of a file.
    Path,
}

impl Way {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Plain => "as it stands",
            Self::Decoded => "behind entities or percent signs",
            Self::Joined => "over tags or comments",
            Self::Unescaped => "behind backslashes",
            Self::DataUri => "in a data: URI",
            Self::Metadata => "in the image's metadata",
            Self::Compressed => "in compressed content",
            Self::Path => "in its path",
        }
    }
}

const TEXTS: [&str; 24] = [
    "atom",
    "css",
    "csv",
    "htm",
    "html",
    "ics",
    "js",
    "json",
    "jsonl",
    "map",
    "md",
    "mjs",
    "ndjson",
    "rss",
    "stix",
    "svg",
    "tsv",
    "txt",
    "vtt",
    "webmanifest",
    "xhtml",
    "xml",
    "yaml",
    "yml",
];
const IMAGES: [&str; 5] = ["gif", "jpeg", "jpg", "png", "webp"];
/// The most that is taken out of something compressed.
const LARGEST: u64 = 1 << 30;
/// A text is looked at in pieces, so that its many forms stay small.
const PIECE: usize = 4 << 20;
/// How many `data:` URIs may stand one inside another.
const DEEPEST: usize = 3;
/// How much of a piece the next one repeats: no name is longer.
const OVERLAP: usize = 8 << 10;

/// Who is shown the forms of a text, folded. Where nothing is sought there is nobody: then forms are not made, and it is
/// only seen whether a file can be looked into.
pub(super) struct Viewer<'v>(Option<&'v mut Look<'v>>);

/// Takes a form of a text, and the way by which it came to light.
pub(super) type Look<'l> = dyn FnMut(&str, Way) + 'l;

impl<'v> Viewer<'v> {
    /// One that looks at everything.
    pub(super) fn new(look: &'v mut Look<'v>) -> Self {
        Self(Some(look))
    }

    /// One that looks at nothing.
    pub(super) fn nobody() -> Self {
        Self(None)
    }

    fn looks(&self) -> bool {
        self.0.is_some()
    }

    fn show(&mut self, text: &str, way: Way) {
        if let Some(look) = &mut self.0 {
            look(&fold(text), way);
        }
    }

    /// Does `work` with a viewer to whom everything comes to light by the same way.
    fn by<T>(&mut self, way: Way, work: impl FnOnce(&mut Viewer<'_>) -> T) -> T {
        match &mut self.0 {
            Some(look) => work(&mut Viewer(Some(&mut |text: &str, _| look(text, way)))),
            None => work(&mut Viewer(None)),
        }
    }
}

/// Shows every form of a file's content to `viewer`.
///
/// # Errors
///
/// Why the file, or a part of it, cannot be looked into.
pub(super) fn open(path: &str, bytes: &[u8], viewer: &mut Viewer<'_>) -> Result<(), Opaque> {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let (stem, kind) = name.rsplit_once('.').unwrap_or((&name, ""));
    if kind == "gz" {
        if !bytes.starts_with(b"\x1f\x8b") {
            return Err(Opaque("it is not the gzip file that its name says"));
        }
        // A gzip file has a name and a comment of its own.
        lossy(bytes.get(..1024).unwrap_or(bytes), Way::Compressed, viewer);
        let inner = inflated(flate2::read::MultiGzDecoder::new(bytes))?;
        return match stem.ends_with(".gz") {
            true => Err(Opaque("it is compressed twice")),
            false => viewer.by(Way::Compressed, |viewer| open(stem, &inner, viewer)),
        };
    }
    if IMAGES.contains(&kind) {
        image(bytes, viewer)
    } else if TEXTS.contains(&kind) {
        let text = std::str::from_utf8(bytes).map_err(|_| Opaque("it is not UTF-8 text"))?;
        let text = if kind == "json" && viewer.looks() { json::without_numbers(text) } else { Cow::Borrowed(text) };
        whole(&text, 0, viewer)
    } else {
        Err(Opaque("a kind of file that the audit does not know"))
    }
}

/// Shows every form of a path to `viewer`.
pub(super) fn open_path(path: &str, viewer: &mut Viewer<'_>) {
    viewer.show(path, Way::Path);
    if path.contains('%') {
        viewer.show(&decode::decode(path), Way::Path);
    }
}

/// All that `reader` gives.
pub(super) fn inflated(reader: impl Read) -> Result<Vec<u8>, Opaque> {
    let mut out = Vec::new();
    match reader.take(LARGEST + 1).read_to_end(&mut out) {
        Err(_) => Err(Opaque("compressed content that is damaged")),
        Ok(_) if out.len() as u64 > LARGEST => Err(Opaque("compressed content of more than 1 GiB")),
        Ok(_) => Ok(out),
    }
}

/// Shows every form of a text to `viewer`, piece by piece. `depth` says how many `data:` URIs it
/// stands in.
pub(super) fn whole(text: &str, depth: usize, viewer: &mut Viewer<'_>) -> Result<(), Opaque> {
    if viewer.looks() {
        let mut start = 0;
        loop {
            let end = text.floor_char_boundary(start + PIECE);
            forms(text.get(start..end).unwrap_or_default(), depth, viewer);
            if end == text.len() {
                break;
            }
            start = text.floor_char_boundary(end - OVERLAP);
        }
    }
    // Not by pieces: half of one cannot be looked into.
    data_uris(text, depth, Stand::Loaded, viewer)
}

fn forms(text: &str, depth: usize, viewer: &mut Viewer<'_>) {
    viewer.show(text, Way::Plain);
    let decoded = decode::decode(text);
    if let Cow::Owned(decoded) = &decoded {
        viewer.show(decoded, Way::Decoded);
    }
    over_tags(text, &decoded, viewer);
    if text.contains('\\') {
        for unescaped in [decode::script(&decoded), decode::style(&decoded)] {
            viewer.show(&unescaped, Way::Unescaped);
            over_tags(&unescaped, &unescaped, viewer);
        }
    }
    // What cannot be opened is no more than text where no browser would load it.
    let _ = data_uris(&decoded, depth, Stand::Anywhere, viewer);
}

/// A text over its tags, and over those that show only when it is decoded, as in a feed.
fn over_tags(text: &str, decoded: &str, viewer: &mut Viewer<'_>) {
    let joined = markup::joined(text);
    let before = decode::decode(&joined);
    if before != decoded {
        viewer.show(&before, Way::Joined);
    }
    let after = markup::joined(decoded);
    if after != decoded && after != before {
        viewer.show(&after, Way::Joined);
    }
}

/// Bytes of which only the words that may be in them matter. Text in UTF-16 shows when the
/// zeros are left out.
fn lossy(bytes: &[u8], way: Way, viewer: &mut Viewer<'_>) {
    viewer.show(&String::from_utf8_lossy(bytes), way);
    if bytes.contains(&0) {
        let without: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
        viewer.show(&String::from_utf8_lossy(&without), way);
    }
}

fn image(bytes: &[u8], viewer: &mut Viewer<'_>) -> Result<(), Opaque> {
    for part in images::metadata(bytes)? {
        lossy(&part, Way::Metadata, viewer);
    }
    Ok(())
}

/// Where a `data:` URI may stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stand {
    /// Anywhere: most are what somebody writes about such URIs.
    Anywhere,
    /// Where a browser would load it: as the value of an attribute or in `url(…)`.
    Loaded,
}

impl Stand {
    fn is_after(self, before: &str) -> bool {
        let unquoted = before.strip_suffix(['"', '\'']).unwrap_or(before);
        self == Self::Anywhere || unquoted.len() < before.len() || unquoted.to_ascii_lowercase().ends_with("url(")
    }
}

/// Looks into each `data:` URI of a text that is written in base64; any other has been decoded with
/// the text around it.
fn data_uris(text: &str, depth: usize, stand: Stand, viewer: &mut Viewer<'_>) -> Result<(), Opaque> {
    let mut outcome = Ok(());
    for at in memchr::memmem::find_iter(text.as_bytes(), b"data:") {
        let before = text.get(text.floor_char_boundary(at.saturating_sub(5))..at).unwrap_or_default();
        let rest = text.get(at + 5..).unwrap_or_default();
        let kind =
            rest.bytes().take(200).take_while(|b| b.is_ascii_alphanumeric() || b"/+.-;=_\"' ".contains(b)).count();
        let Some((kind, rest)) = rest.split_at_checked(kind) else { continue };
        let Some(body) = rest.strip_prefix(',').filter(|_| kind.trim_end().to_ascii_lowercase().ends_with(";base64"))
        else {
            continue;
        };
        if stand.is_after(before) {
            outcome = outcome.and(base64_of(body).and_then(|bytes| payload(&bytes, depth + 1, viewer)));
        }
    }
    outcome
}

/// The bytes of the base64 that `body` begins with, in either alphabet, over line ends.
fn base64_of(body: &str) -> Result<Vec<u8>, Opaque> {
    const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let digits: Vec<u8> = body
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || b"+/-_ \t\r\n\\".contains(b))
        .filter_map(|byte| match byte {
            b'-' => Some(b'+'),
            b'_' => Some(b'/'),
            b if b.is_ascii_whitespace() || b == b'\\' => None,
            other => Some(other),
        })
        .collect();
    let engine = GeneralPurpose::new(&base64::alphabet::STANDARD, LENIENT);
    engine.decode(digits).map_err(|_| Opaque("a data: URI that is no base64"))
}

fn payload(bytes: &[u8], depth: usize, viewer: &mut Viewer<'_>) -> Result<(), Opaque> {
    if depth > DEEPEST {
        return Err(Opaque("a data: URI inside others"));
    }
    let inner;
    let bytes = match bytes.starts_with(b"\x1f\x8b") {
        true => {
            inner = inflated(flate2::read::MultiGzDecoder::new(bytes))?;
            &inner
        }
        false => bytes,
    };
    viewer.by(Way::DataUri, |viewer| {
        if images::is_image(bytes) {
            return image(bytes, viewer);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| Opaque("a data: URI that is neither text nor an image"))?;
        whole(text, depth, viewer)
    })
}
