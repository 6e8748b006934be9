//! What holds for any input at all, one property for each reader of what people hand in.
//!
//! `fuzz/` looks for inputs for which one of them does not hold; what it found once, and inputs that
//! lead into every corner, lie in `tests/cases/` and are tried again by `replay`.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report, and its line says where")]

mod code;
mod directives;
mod front_matter;
mod indicators;
pub(crate) mod markdown;
pub(crate) mod shown;
mod tables;

use std::path::{Path, PathBuf};

use tempfile::TempDir;
use threatpress::diagnostics::{Diagnostics, Place, is_unprintable, render};

/// A property: it panics where an input breaks it.
pub(crate) type Property = fn(&[u8]);

/// Every property with the name of its fuzz target, which is that of its cases too.
pub(crate) const ALL: [(&str, Property); 7] = [
    ("code", code::hold),
    ("csv", tables::hold_csv),
    ("directives", directives::hold),
    ("front_matter", front_matter::hold),
    ("indicators", indicators::hold),
    ("markdown", markdown::hold),
    ("ndjson", tables::hold_ndjson),
];

/// Every problem is told so that it can be read: in its file, with a place that is there, and nothing
/// in it that steers a terminal.
fn are_told_well(told: &Diagnostics) {
    for diagnostic in told.iter() {
        if let Place::Span { source, span } = &diagnostic.place {
            assert!(source.text().get(span.clone()).is_some(), "{span:?} is no part of the text");
        }
        let line = render::json(diagnostic);
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert!(value["message"].as_str().is_some_and(|message| !message.is_empty()), "{line}");
        for text in [line, render::github(diagnostic, Path::new(".")), render::text(diagnostic, false)] {
            assert!(!text.contains(|c: char| is_unprintable(c) && c != '\n'), "{text:?}");
        }
    }
}

/// A directory in memory, where there is one.
fn directory() -> TempDir {
    let memory = PathBuf::from("/dev/shm");
    if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }.unwrap()
}
