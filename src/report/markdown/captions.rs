//! Captions of tables: a paragraph right before a table that begins with `Table:`.

use pulldown_cmark::{Event as Raw, Tag, TagEnd};

use super::Event;
use super::parse::Spanned;

/// What a caption begins with.
const MARK: &str = "Table:";

/// The same events, with each caption inside its table.
pub(super) fn claim(events: Vec<Spanned>) -> Vec<Spanned> {
    let mut out: Vec<Spanned> = Vec::with_capacity(events.len());
    for (event, span) in events {
        let opens = matches!(event, Event::Markdown(Raw::Start(Tag::Table(_))));
        let caption = if opens { take(&mut out) } else { Vec::new() };
        out.push((event, span));
        out.extend(caption);
    }
    out
}

/// The caption at the end of `out`, taken from there; nothing where there is none.
fn take(out: &mut Vec<Spanned>) -> Vec<Spanned> {
    let Some(start) = begin(out) else { return Vec::new() };
    let mut caption = out.split_off(start);
    for (event, _) in &mut caption {
        match event {
            Event::Markdown(Raw::Start(Tag::Paragraph)) => *event = Event::StartCaption,
            Event::Markdown(Raw::End(TagEnd::Paragraph)) => *event = Event::EndCaption,
            _ => {}
        }
    }
    if let Some((Event::Markdown(Raw::Text(text)), _)) = caption.get_mut(1) {
        *text = text[MARK.len()..].trim_start().to_owned().into();
    }
    caption
}

/// Where the paragraph begins that ends `out` and is a caption.
fn begin(out: &[Spanned]) -> Option<usize> {
    let is_end = |event: &Event| matches!(event, Event::Markdown(Raw::End(TagEnd::Paragraph)));
    let is_start = |event: &Event| matches!(event, Event::Markdown(Raw::Start(Tag::Paragraph)));
    out.last().filter(|(event, _)| is_end(event))?;
    let start = out.iter().rposition(|(event, _)| is_start(event))?;
    let Some((Event::Markdown(Raw::Text(text)), _)) = out.get(start + 1) else { return None };
    let says = !text.strip_prefix(MARK)?.trim().is_empty() || out.len() > start + 3;
    says.then_some(start)
}
