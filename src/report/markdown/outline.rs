//! The headings of a text, and the ids that links lead to.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;
use pulldown_cmark::{Event as Raw, Tag, TagEnd};

use super::parse::Spanned;
use super::{Event, Heading};
use crate::report::blocks::CutText;

/// What every id begins with.
const PREFIX: &str = "h-";

/// The headings among `events`, which are those of `cut`, and the ids that are given with them.
pub(super) fn headings<'a>(cut: &CutText, events: impl Iterator<Item = &'a Spanned> + Clone) -> (Vec<Heading>, Ids) {
    let mut found: Vec<(Heading, Option<String>)> = Vec::new();
    let texts = texts(events.clone().map(|(event, _)| event));
    let starts = events.filter_map(|(event, span)| match event {
        Event::Markdown(Raw::Start(Tag::Heading { level, id, .. })) => Some((*level as u8, id, span)),
        _ => None,
    });
    for ((level, id, span), text) in starts.zip(texts) {
        let heading = Heading { level, text, id: String::new(), span: cut.original(span.clone()) };
        found.push((heading, id.as_deref().map(given).filter(|id| !id.is_empty())));
    }
    name(found)
}

/// The text of each heading among `events`.
pub(super) fn texts<'a>(events: impl Iterator<Item = &'a Event>) -> Vec<String> {
    let mut texts = Vec::new();
    let mut inside = false;
    for event in events {
        match event {
            Event::Markdown(Raw::Start(Tag::Heading { .. })) => {
                inside = true;
                texts.push(String::new());
            }
            Event::Markdown(Raw::End(TagEnd::Heading(_))) => inside = false,
            event if inside => {
                if let Some(text) = texts.last_mut() {
                    text.push_str(event.text().unwrap_or_default());
                }
            }
            _ => {}
        }
    }
    texts
}

/// Gives each heading its id: the author's ids first, as others link to them.
fn name(found: Vec<(Heading, Option<String>)>) -> (Vec<Heading>, Ids) {
    let mut kept: BTreeSet<String> = found.iter().filter_map(|(_, id)| id.clone()).collect();
    let mut ids = Ids { taken: kept.iter().map(|id| (id.clone(), 0)).collect() };
    let headings = found.into_iter().map(|(mut heading, id)| {
        heading.id = match id.filter(|id| kept.remove(id)) {
            Some(id) => format!("{PREFIX}{id}"),
            None => ids.of(&heading.text),
        };
        heading
    });
    (headings.collect(), ids)
}

/// The ids of a text that are taken, each with the last number that was put behind it, so that many
/// headings of one text stay cheap.
pub(super) struct Ids {
    taken: BTreeMap<String, usize>,
}

impl Ids {
    /// The id of a text: its slug, or that with a number after it, as nobody has it yet.
    pub(super) fn of(&mut self, text: &str) -> String {
        let slug = slug(text);
        let slug = if slug.is_empty() { "section".to_owned() } else { slug };
        let mut id = slug.clone();
        while self.taken.contains_key(&id) {
            let number = self.taken.entry(slug.clone()).or_default();
            *number += 1;
            id = format!("{slug}-{number}");
        }
        self.taken.insert(id.clone(), 0);
        format!("{PREFIX}{id}")
    }
}

/// A text as an id, by GitHub's rule, so that the links of texts written for it still lead
/// somewhere: lower case, white space as `-`, other characters than letters, digits, `-` and `_`
/// left out.
fn slug(text: &str) -> String {
    let kept = text.trim().chars().flat_map(char::to_lowercase).filter_map(|c| match c {
        c if c.is_alphanumeric() || matches!(c, '-' | '_') => Some(c),
        c if c.is_whitespace() => Some('-'),
        _ => None,
    });
    kept.collect()
}

/// The ids that a link to `#anchor` may mean, the first of them that there is: authors write a heading's id as it is in
/// their text, browsers copy it as it is in the page, with percent signs.
pub(super) fn anchored(anchor: &str) -> [String; 2] {
    let id = percent_decode_str(anchor).decode_utf8_lossy().to_lowercase();
    [format!("{PREFIX}{id}"), id]
}

/// An author's id, in characters that mean nothing in a URL.
fn given(id: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if id.chars().all(plain) { id.to_lowercase() } else { slug(id) }
}
