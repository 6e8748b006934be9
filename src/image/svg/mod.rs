//! SVG, written anew from a list of what draws and cannot act.
//!
//! What neither draws nor acts (comments, metadata, layers that are switched off, names that
//! editors give to things) goes without a word. What would look otherwise without it, or could
//! act on a reader (script, style sheets, anything that leads out of the file), is refused with
//! its place: an analyst must see a picture as it was drawn, or be told.

mod allowed;
mod drawing;
mod read;
#[cfg(test)]
mod tests;
mod value;
mod write;

use super::{Fault, Picture};

/// Whether a file begins as XML does.
pub(super) fn seems(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    [&b"<?xml"[..], b"<svg", b"<!--", b"<!DOCTYPE"].iter().any(|start| text.starts_with(start))
}

pub(super) fn clean(bytes: &[u8]) -> Result<Picture, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|_| Fault::new("is not UTF-8 text", "save it as UTF-8"))?;
    let text = text.trim_start_matches('\u{feff}');
    let drawing = read::read(text)?;
    drawing.weigh(text)?;
    Ok(Picture { bytes: write::write(&drawing).into_bytes(), size: drawing.size() })
}

/// Line and column of a byte of the file, both from 1.
fn place(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    format!("line {}, column {}", before.matches('\n').count() + 1, line.chars().count() + 1)
}
