//! Images as they may be published: what draws the picture, and nothing else.
//!
//! A photograph says where it was taken, a screenshot whose machine took it, and behind the end
//! of a picture whole archives can hide. So an image is never copied: it is read part by part,
//! and written anew from the parts that are known to draw. The pixels of PNG, JPEG, GIF and WebP
//! are not decoded and stay as they are.

mod gif;
mod jpeg;
mod orientation;
mod png;
mod reader;
mod svg;
mod webp;

use std::path::Path;

/// The most pixels of an image: what a browser decodes into 160 MB.
const MOST_PIXELS: u64 = 40_000_000;

/// The kinds of image that are published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Portable Network Graphics, not animated.
    Png,
    /// JPEG as browsers show it: baseline or progressive.
    Jpeg,
    /// GIF, animated or not.
    Gif,
    /// WebP, animated or not.
    Webp,
    /// A drawing in SVG.
    Svg,
}

impl Kind {
    /// The endings of the names of images.
    pub const ENDINGS: [&str; 6] = ["png", "jpg", "jpeg", "gif", "webp", "svg"];
    /// The largest file of an image, in bytes.
    pub const LARGEST: u64 = 16 << 20;

    /// What a file is by its name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        match Path::new(name).extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "png" => Some(Self::Png),
            "jpg" | "jpeg" => Some(Self::Jpeg),
            "gif" => Some(Self::Gif),
            "webp" => Some(Self::Webp),
            "svg" => Some(Self::Svg),
            _ => None,
        }
    }

    /// What a file is by its first bytes.
    fn of_content(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            _ => svg::seems(bytes).then_some(Self::Svg),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::Gif => "GIF",
            Self::Webp => "WebP",
            Self::Svg => "SVG",
        }
    }
}

/// An image that may be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The file.
    pub bytes: Vec<u8>,
    /// Width and height in pixels as a browser shows it; a drawing may have none.
    pub size: Option<(u32, u32)>,
}

/// Why an image may not be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, as the rest of a sentence that begins with the image's name.
    pub what: String,
    /// What to do about it.
    pub advice: &'static str,
    /// Whether it holds something that could act on a reader, not just something wrong.
    pub active: bool,
}

impl Fault {
    fn new(what: impl Into<String>, advice: &'static str) -> Self {
        Self { what: what.into(), advice, active: false }
    }

    /// The file is not in its form.
    fn damaged(what: &str) -> Self {
        Self::new(format!("is damaged: {what}"), "open it in an image editor and export it again")
    }
}

/// The image of the file `name`, which holds `bytes`, without anything that does not draw.
///
/// # Errors
/// It is not what its name says, damaged, too large, or holds what is not published.
pub fn clean(name: &str, bytes: &[u8]) -> Result<Picture, Fault> {
    let Some(kind) = Kind::of_name(name) else {
        return Err(Fault::new("is of a kind that is not published", "save it as PNG, JPEG, GIF, WebP or SVG"));
    };
    if bytes.len() as u64 > Kind::LARGEST {
        return Err(Fault::new("is larger than 16 MiB", "scale it down"));
    }
    match Kind::of_content(bytes) {
        Some(found) if found == kind => {}
        Some(found) => {
            let what = format!("is not what its name says: it is {}", found.word());
            return Err(Fault::new(what, "rename it, or save it as what its name says"));
        }
        None => {
            let what = format!("is not what its name says: it does not begin as {} does", kind.word());
            return Err(Fault::new(what, "open it in an image editor and export it again"));
        }
    }
    match kind {
        Kind::Png => png::clean(bytes),
        Kind::Jpeg => jpeg::clean(bytes),
        Kind::Gif => gif::clean(bytes),
        Kind::Webp => webp::clean(bytes),
        Kind::Svg => svg::clean(bytes),
    }
}

/// The measures of an image, if a browser can be asked to show that many pixels.
fn measured(width: u32, height: u32) -> Result<(u32, u32), Fault> {
    if width == 0 || height == 0 {
        return Err(Fault::damaged("it has no width or no height"));
    }
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        let what = format!("has {width} × {height} pixels, more than 40 million");
        return Err(Fault::new(what, "scale it down"));
    }
    Ok((width, height))
}

#[cfg(test)]
mod tests;
