//! A figure that stands by itself, with what it means.

use serde::Serialize;

use super::cell::Part;
use super::link::Link;
use super::number::Number;
use super::since::Since;
use crate::exposure::Count;

/// One figure.
#[derive(Clone, Debug, Serialize)]
pub struct Tile {
    /// What is counted.
    pub label: &'static str,
    /// The count.
    pub number: Option<Number>,
    /// A word in the place of a count.
    pub word: Option<Part>,
    /// Of how many.
    pub of: Option<Number>,
    /// What the figure means; where there is none, why.
    pub note: String,
    /// The rows behind it.
    pub link: Option<Link>,
    /// The name of its colour.
    pub tone: Option<&'static str>,
    /// Where what it counts is defined.
    pub definition: Option<Link>,
    /// How it has moved since the snapshot before.
    pub since: Option<Since>,
}

impl Tile {
    /// A count, or why there is none.
    #[must_use]
    pub fn count(label: &'static str, count: Count, note: impl Into<String>, reason: Option<String>) -> Self {
        let number = count.map(Number::from);
        let note = match (&number, reason) {
            (None, Some(reason)) => reason,
            _ => note.into(),
        };
        Self { note, number, ..Self::new(label) }
    }

    fn new(label: &'static str) -> Self {
        let note = String::new();
        Self { label, number: None, word: None, of: None, note, link: None, tone: None, definition: None, since: None }
    }

    /// A word, or why there is none.
    #[must_use]
    pub fn word(label: &'static str, word: Option<Part>, note: impl Into<String>, reason: Option<String>) -> Self {
        let note = if word.is_some() { note.into() } else { reason.unwrap_or_else(|| note.into()) };
        Self { note, word, ..Self::new(label) }
    }

    /// Of so many, if there are any.
    #[must_use]
    pub fn of(mut self, whole: Count) -> Self {
        self.of = whole.filter(|whole| *whole > 0).map(Number::from);
        self
    }

    /// Leading to the rows behind it.
    #[must_use]
    pub fn to(mut self, path: &str) -> Self {
        self.link = Some(Link::inside(path));
        self
    }

    /// With the part of the list of definitions that says what it counts: its anchor.
    #[must_use]
    pub fn defined(mut self, anchor: &str) -> Self {
        self.definition = Some(Link::inside(&format!("about/#{anchor}")));
        self
    }

    /// With its change since the snapshot before, if that is known.
    #[must_use]
    pub fn since(mut self, since: Option<Since>) -> Self {
        self.since = since;
        self
    }

    /// In a colour when it counts anything.
    #[must_use]
    pub fn toned(mut self, tone: &'static str) -> Self {
        self.tone = self.number.as_ref().is_some_and(|number| number.value > 0).then_some(tone);
        self
    }
}
