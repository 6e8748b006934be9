//! One file to one [`Report`]: typed front matter, scope blocks, Markdown.
//!
//! Looks at no other file and at no data of the fleet.

mod front_matter;
pub mod markdown;

pub use front_matter::{
    Change, Detection, Indicator, Mitigation, Reference, Selectors, TrackedConfiguration,
};
pub use markdown::Document;
