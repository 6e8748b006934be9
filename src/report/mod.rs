//! One file to one [`Report`] or [`Page`]: typed front matter, scope blocks, Markdown.
//!
//! Looks at no data of the fleet, and at no other file than an indicator list beside the
//! report.

mod attributes;
mod beside;
pub mod blocks;
mod front_matter;
mod host;
mod library;
mod live;
pub mod markdown;
mod media;
mod shelf;
mod split;

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use crate::diagnostics::Source;
use crate::terms::{Moment, Tlp};

pub use blocks::{Block, Blocks};
pub use front_matter::{
    Change, Detection, Facts, Indicator, Mitigation, PAGE, Places, REPORT, Reference, Selectors, StixMarkings,
    TrackedConfiguration,
};
pub use host::canonical as canonical_host;
pub use library::{Library, Shelf, load, reload};
pub use live::LiveIndicators;
pub use markdown::Document;
pub use media::{Attachment, Attachments};
pub use split::split;

/// What every report and page is read with.
#[derive(Clone, Copy, Debug)]
pub struct Defaults<'a> {
    /// The TLP of a text that names none.
    pub tlp: Tlp,
    /// The roles there are.
    pub roles: &'a [&'a str],
}

/// Who may read a text, and when. Never written into a build.
#[derive(Clone, Debug, Default)]
pub struct Admission {
    /// The roles that may; `None` is every role whose clearance allows.
    pub audience: Option<BTreeSet<String>>,
    /// Not finished.
    pub draft: bool,
    /// Hidden before this moment.
    pub publish_at: Option<Moment>,
}

/// Where a text stands.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The file.
    pub source: Arc<Source>,
    /// The bytes after the front matter.
    pub body: Range<usize>,
    /// The directory whose images and files the text may name; `None` for a text that has none
    /// of its own.
    pub directory: Option<PathBuf>,
}

/// A report as its file holds it, for no role in particular.
#[derive(Clone, Debug)]
pub struct Report {
    /// Where it stands.
    pub origin: Origin,
    /// What front matter says.
    pub facts: Facts,
    /// Who may read it.
    pub admission: Admission,
    /// When it should be reviewed.
    pub review_by: Option<Moment>,
    /// Where front matter names what only the rest of the site can judge.
    pub places: Places,
}

/// A free page as its file holds it.
#[derive(Clone, Debug)]
pub struct Page {
    /// Where it stands.
    pub origin: Origin,
    /// Its name in the URL.
    pub name: String,
    /// Where front matter gives that; for messages only.
    pub slug_place: Option<Range<usize>>,
    /// Its title.
    pub title: String,
    /// Its TLP.
    pub tlp: Tlp,
    /// Who may read it.
    pub admission: Admission,
}
