//! What a text holds, gathered once.

use std::ops::Range;

use pulldown_cmark::{Event as Raw, Tag, TagEnd};

use super::parse::{Problem, Spanned};
use super::{Destination, Document, Event, ImageUse, Link, Mention, outline, tables};
use crate::diagnostics::{Code, Diagnostic};
use crate::report::blocks::CutText;

/// Makes a document of events.
pub(super) fn survey(
    cut: &CutText,
    body: Vec<Spanned>,
    footnotes: Vec<Vec<Spanned>>,
    problems: &mut Vec<Problem>,
) -> Document {
    let events = || body.iter().chain(footnotes.iter().flatten());
    let (headings, mut ids) = outline::headings(cut, events());
    let tables = tables::tables(events().map(|(event, _)| event), &headings, &mut ids);
    let blocks = events().filter(|(event, _)| matches!(event, Event::Markdown(Raw::Start(Tag::CodeBlock(_)))));
    let code: Vec<String> = blocks.zip(1..).map(|(_, number)| format!("code-{number}")).collect();
    let ids = headings.iter().map(|heading| &heading.id).chain(tables.iter().map(|table| &table.id)).chain(&code);
    let anchors = ids.cloned().collect();
    let mut document = Document { headings, tables, code, anchors, ..Document::default() };
    let mut in_code = false;
    for (event, span) in events() {
        match event {
            Event::Markdown(Raw::Start(Tag::CodeBlock(_))) => in_code = true,
            Event::Markdown(Raw::End(TagEnd::CodeBlock)) => in_code = false,
            Event::Markdown(Raw::Start(Tag::Link { dest_url, .. })) => {
                problems.extend(judge(&document, dest_url, span));
                let span = cut.original(span.clone());
                document.links.push(Link { destination: dest_url.to_string(), span });
            }
            Event::Image(image) => {
                let (source, lightbox, alt) = (image.source.clone(), image.lightbox.clone(), image.alt.clone());
                document.images.push(ImageUse { source, lightbox, alt, span: cut.original(span.clone()) });
            }
            Event::Figure(_) | Event::Embedded(_) => document.shown_figures.push(cut.original(span.clone())),
            Event::Technique(id) if document.techniques.insert(id.clone()) => {
                let span = cut.original(word(cut.text(), span, id.as_str()));
                document.technique_mentions.push(Mention { id: id.clone(), span });
            }
            Event::Cve(id) if document.vulnerabilities.insert(id.clone()) => {
                let span = cut.original(word(cut.text(), span, id.as_str()));
                document.vulnerability_mentions.push(Mention { id: id.clone(), span });
            }
            _ => {}
        }
        document.words += event.text().filter(|_| !in_code).map_or(0, words);
    }
    document.body = bare(body);
    document.footnotes = footnotes.into_iter().map(bare).collect();
    document
}

fn bare(events: Vec<Spanned>) -> Vec<Event> {
    events.into_iter().map(|(event, _)| event).collect()
}

/// The bytes of an id within the text that says it, in any case, or all of that text where it is spelt
/// otherwise.
fn word(text: &str, span: &Range<usize>, id: &str) -> Range<usize> {
    let said = text.get(span.clone()).unwrap_or_default();
    // The letters come first, and are all that has a case.
    let (letters, digits) = id.split_at(id.find(|c: char| c.is_ascii_digit()).unwrap_or_default());
    let begins = |(at, _): (usize, &str)| {
        let start = at.checked_sub(letters.len())?;
        said.get(start..at)?.eq_ignore_ascii_case(letters).then_some(span.start + start)
    };
    let found = said.match_indices(digits).find_map(begins);
    found.map_or(span.clone(), |start| start..start + id.len())
}

/// Stretches of text with a letter or digit in them.
fn words(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count()
}

/// What is wrong with a destination, as far as the text alone can tell.
fn judge(document: &Document, destination: &str, span: &Range<usize>) -> Option<Problem> {
    let problem = match Destination::read(destination) {
        None => Diagnostic::warning(Code::ForbiddenScheme, "a link that may not be followed from a report")
            .hint("only http, https, mailto and relative links are kept; of this one the text is shown"),
        Some(Destination::Anchor(anchor)) if document.anchor(&anchor).is_none() => {
            Diagnostic::warning(Code::DeadLink, format!("no heading or table here has the id `{anchor}`"))
                .hint("an id is the heading's text in lower case with `-` between the words and no other signs, or set by `{#id}`")
        }
        Some(_) => return None,
    };
    Some((problem.strict(), span.clone()))
}
