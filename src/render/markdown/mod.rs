//! A [`Document`] as HTML.
//!
//! What of a text becomes markup is decided here alone; where things lead is asked of a
//! [`Context`]. Whatever that answers, only http, https, mailto and relative URLs are written.

mod code;
mod figures;
mod links;
mod tables;
#[cfg(test)]
mod tests;
mod writer;

use crate::render::Html;
use crate::scope::Document;
use crate::scope::markdown::{Embedded, FigurePath};
use crate::terms::{CveId, TechniqueId};

/// What a text needs to know of the page it stands on.
pub trait Context {
    /// The URL of a relative link's destination, as seen from the page; `None` leaves only the
    /// link's text.
    fn link(&self, destination: &str) -> Option<String>;

    /// The published file of an image; `None` leaves only its alternative text.
    fn image(&self, source: &str) -> Option<ImageTarget>;

    /// A live figure as it is shown; `None` is "not available".
    fn figure(&self, path: &FigurePath) -> Option<String>;

    /// A chart or table of the report, with `prefix` before its ids; `None` is "not available".
    fn embedded(&self, embedded: Embedded, prefix: &str) -> Option<Html>;

    /// The page of a technique; `None` leaves the id as text.
    fn technique(&self, id: &TechniqueId) -> Option<Target>;

    /// The page of a vulnerability; `None` leaves the id as text.
    fn vulnerability(&self, id: &CveId) -> Option<Target>;

    /// The level at which the text's highest heading stands on the page.
    fn first_level(&self) -> u8 {
        2
    }
}

/// Where an id leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The URL, as seen from the page.
    pub url: String,
    /// What the id stands for, shown as a hint.
    pub title: Option<String>,
}

/// An image's published file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageTarget {
    /// The URL, as seen from the page.
    pub url: String,
    /// Width and height in pixels, where known, so that the page does not move as it loads.
    pub size: Option<(u32, u32)>,
}

/// The markup of a text, its footnotes beneath it.
#[must_use]
pub fn html(document: &Document, context: &dyn Context) -> Html {
    writer::Writer::new(document, context).write()
}
