//! The headings of a text and their ids.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{Event as Raw, Tag, TagEnd};

use super::parse::Spanned;
use super::{Event, Heading};
use crate::report::blocks::CutText;

/// What every id begins with.
const PREFIX: &str = "h-";

/// The headings among `events`, which are those of `cut`.
pub(super) fn headings<'a>(cut: &CutText, events: impl Iterator<Item = &'a Spanned>) -> Vec<Heading> {
    let mut found: Vec<(Heading, Option<String>)> = Vec::new();
    let mut inside = false;
    for (event, span) in events {
        match event {
            Event::Markdown(Raw::Start(Tag::Heading { level, id, .. })) => {
                inside = true;
                let (text, id_of_text, span) = (String::new(), String::new(), cut.original(span.clone()));
                let heading = Heading { level: *level as u8, text, id: id_of_text, span };
                found.push((heading, id.as_deref().map(given).filter(|id| !id.is_empty())));
            }
            Event::Markdown(Raw::End(TagEnd::Heading(_))) => inside = false,
            event if inside => {
                if let Some((heading, _)) = found.last_mut() {
                    heading.text.push_str(event.text().unwrap_or_default());
                }
            }
            _ => {}
        }
    }
    name(found)
}

/// Gives each heading its id: the author's ids first, as others link to them.
fn name(found: Vec<(Heading, Option<String>)>) -> Vec<Heading> {
    let mut kept: BTreeSet<String> = found.iter().filter_map(|(_, id)| id.clone()).collect();
    let mut taken = kept.iter().map(|id| (id.clone(), 0)).collect();
    let headings = found.into_iter().map(|(mut heading, id)| {
        let id = id.filter(|id| kept.remove(id)).unwrap_or_else(|| free(&slug(&heading.text), &mut taken));
        heading.id = format!("{PREFIX}{id}");
        heading
    });
    headings.collect()
}

/// `slug`, or with a number after it, as nobody has it yet. `taken` holds the last number tried
/// for each id, so that many headings of one text stay cheap.
fn free(slug: &str, taken: &mut BTreeMap<String, usize>) -> String {
    let slug = if slug.is_empty() { "section" } else { slug };
    let mut id = slug.to_owned();
    while taken.contains_key(&id) {
        let number = taken.entry(slug.to_owned()).or_default();
        *number += 1;
        id = format!("{slug}-{number}");
    }
    taken.insert(id.clone(), 0);
    id
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

/// The id that a link to `#anchor` means.
pub(super) fn anchored(anchor: &str) -> String {
    format!("{PREFIX}{}", anchor.to_lowercase())
}

/// An author's id, in characters that mean nothing in a URL.
fn given(id: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if id.chars().all(plain) { id.to_lowercase() } else { slug(id) }
}
