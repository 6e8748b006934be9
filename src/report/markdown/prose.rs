//! The parser's events to ours.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event as Raw, LinkType, Tag, TagEnd};

use super::directives::{Directive, Kind, is_escaped};
use super::ids::{Piece, pieces};
use super::parse::{Problem, Spanned};
use super::{Embedded, Event, Image, ImageKind};
use crate::diagnostics::{Code, Diagnostic, nearest};

/// Deeper than this nobody writes; a text that does wants to hurt.
const DEEPEST: usize = 100;

/// Gathers events.
pub(super) struct Prose<'a> {
    /// What the parser reads.
    masked: &'a str,
    directives: Vec<Option<Directive>>,
    /// The first of them that may stand in what is still to come.
    next: usize,
    out: Vec<Spanned>,
    problems: Vec<Problem>,
    open: Vec<TagEnd>,
    /// Text not yet searched for ids: the parser tells one line in many parts.
    text: (String, Range<usize>),
    /// The images being read, as alternative text knows no markup.
    images: Vec<Image>,
}

/// More than [`DEEPEST`] levels.
pub(super) struct TooDeep;

impl<'a> Prose<'a> {
    /// Gathers the events of `masked`, a text in which `directives` were masked.
    pub(super) fn new(masked: &'a str, directives: Vec<Directive>) -> Self {
        Self {
            masked,
            directives: directives.into_iter().map(Some).collect(),
            next: 0,
            out: Vec::new(),
            problems: Vec::new(),
            open: Vec::new(),
            text: (String::new(), 0..0),
            images: Vec::new(),
        }
    }

    /// Takes the parser's next event.
    pub(super) fn take(&mut self, event: Raw<'static>, range: Range<usize>) -> Result<(), TooDeep> {
        let in_code = self.open.last() == Some(&TagEnd::CodeBlock);
        match event {
            Raw::Text(text) if in_code => self.push(Event::Markdown(Raw::Text(text)), range),
            Raw::Text(text) => self.prose(&text, range),
            Raw::Html(text) | Raw::InlineHtml(text) => {
                self.warn_of_comment(&text, &range);
                self.plain(&text, range);
            }
            Raw::Code(text) if !self.images.is_empty() => self.plain(&text, range),
            Raw::SoftBreak | Raw::HardBreak if !self.images.is_empty() => self.plain(" ", range),
            Raw::SoftBreak | Raw::HardBreak if self.is_at_edge() => {}
            Raw::Start(tag) => {
                self.flush();
                self.open.push(tag.to_end());
                self.start(tag, range);
                if self.open.len() > DEEPEST {
                    return Err(TooDeep);
                }
            }
            Raw::End(end) => {
                self.finish(end, range);
                self.open.pop();
            }
            other => self.push(Event::Markdown(other), range),
        }
        Ok(())
    }

    /// What was gathered. A directive that no text held is told: the parser took its place for
    /// something else.
    pub(super) fn end(mut self) -> (Vec<Spanned>, Vec<Problem>) {
        self.flush();
        for directive in self.directives.iter().flatten() {
            let problem = Diagnostic::error(Code::InvalidDirective, "a directive where none can stand");
            self.problems.push((problem.hint("write it in a paragraph of its own"), directive.span.clone()));
        }
        (self.out, self.problems)
    }

    fn push(&mut self, event: Event, range: Range<usize>) {
        self.flush();
        if self.images.is_empty() {
            self.out.push((event, range));
        }
    }

    fn plain(&mut self, text: &str, range: Range<usize>) {
        if let Some(image) = self.images.last_mut() {
            image.alt.push_str(text);
            return;
        }
        let (pending, span) = &mut self.text;
        if pending.is_empty() {
            *span = range.clone();
        }
        pending.push_str(text);
        span.end = range.end.max(span.end);
    }

    /// Takes text in which directives may stand.
    fn prose(&mut self, text: &str, range: Range<usize>) {
        let mut at = range.start;
        // Where the parser changed the text (an entity, say), offsets do not hold, and there
        // can be no directive either.
        while let Some((directive, span)) = (text.len() == range.len()).then(|| self.directive(at..range.end)).flatten()
        {
            self.plain(&text[at - range.start..span.start - range.start], at..span.start);
            at = span.end;
            match directive.kind {
                Kind::Figure(path) => self.push(Event::Figure(path), span),
                Kind::Image(image) => self.image(image, span),
                Kind::Embedded(embedded) => self.embedded(embedded, span),
                Kind::Nothing => {}
            }
        }
        self.plain(&text[at - range.start..], at..range.end);
    }

    /// The next directive that stands in `range`, taken.
    fn directive(&mut self, range: Range<usize>) -> Option<(Directive, Range<usize>)> {
        let passed = |slot: &Option<Directive>| slot.as_ref().is_none_or(|found| found.span.start < range.start);
        while self.directives.get(self.next).is_some_and(passed) {
            self.next += 1;
        }
        let directive = self.directives.get_mut(self.next)?.take_if(|found| found.span.end <= range.end)?;
        let span = directive.span.clone();
        Some((directive, span))
    }

    /// Puts an image where the text stands: beside the paragraph, if it stands by itself.
    fn image(&mut self, mut image: Image, span: Range<usize>) {
        image.block &= self.may_stand_by_itself();
        match image.block {
            true => self.by_itself(Event::Image(image), span),
            false => self.push(Event::Image(image), span),
        }
    }

    /// Puts a chart or table where the text stands: beside the paragraph.
    fn embedded(&mut self, embedded: Embedded, span: Range<usize>) {
        if self.may_stand_by_itself() {
            self.by_itself(Event::Embedded(embedded), span);
        } else {
            let problem = Diagnostic::error(Code::InvalidDirective, "a chart or table where none can stand");
            self.problems.push((problem.hint("write it on a line of its own, with an empty line before it"), span));
        }
    }

    fn may_stand_by_itself(&self) -> bool {
        use TagEnd::{BlockQuote, FootnoteDefinition, Item, Paragraph};
        matches!(self.open.last(), Some(Paragraph | Item | BlockQuote(_) | FootnoteDefinition))
    }

    /// Tells something that is no part of a paragraph: it ends before and begins again after it.
    fn by_itself(&mut self, event: Event, span: Range<usize>) {
        let splits = self.open.last() == Some(&TagEnd::Paragraph);
        self.flush();
        self.drop_break();
        if splits {
            self.finish(TagEnd::Paragraph, span.clone());
        }
        self.push(event, span.clone());
        if splits {
            self.out.push((Event::Markdown(Raw::Start(Tag::Paragraph)), span));
        }
    }

    fn start(&mut self, tag: Tag<'static>, range: Range<usize>) {
        if matches!(tag, Tag::BlockQuote(None)) {
            self.problems.extend(self.masked.get(range.clone()).and_then(|quote| lost_callout(quote, range.start)));
        }
        let event = match tag {
            Tag::Image { dest_url, title, .. } => {
                let (source, caption) = (dest_url.into_string(), title.into_string());
                let (alt, kind) = (String::new(), ImageKind::Content);
                self.images.push(Image { source, alt, caption, lightbox: None, kind, block: false });
                return;
            }
            Tag::HtmlBlock => return,
            Tag::Link { link_type: LinkType::Email, dest_url, title, id } => {
                let dest_url = format!("mailto:{dest_url}").into();
                Tag::Link { link_type: LinkType::Email, dest_url, title, id }
            }
            other => other,
        };
        self.push(Event::Markdown(Raw::Start(event)), range);
    }

    fn finish(&mut self, end: TagEnd, range: Range<usize>) {
        match end {
            TagEnd::HtmlBlock => self.html(range),
            TagEnd::Image => self.end_image(range),
            TagEnd::Heading(_) => {
                self.take_heading_id();
                self.push(Event::Markdown(Raw::End(end)), range);
            }
            TagEnd::Paragraph => {
                self.flush();
                self.drop_break();
                self.end_paragraph(range);
            }
            other => self.push(Event::Markdown(Raw::End(other)), range),
        }
    }

    /// Takes the `{#id}` at the end of a heading's text for the heading's id.
    fn take_heading_id(&mut self) {
        let (text, span) = &self.text;
        let written = self.masked.get(span.clone()).and_then(trailing_id);
        let Some((id, braced)) = written.filter(|(_, braced)| text.trim_end().ends_with(braced)) else { return };
        let kept = text[..text.trim_end().len() - braced.len()].trim_end().len();
        let opened = self.out.iter_mut().rev().find_map(|(event, _)| match event {
            Event::Markdown(Raw::Start(Tag::Heading { id, .. })) => Some(id),
            _ => None,
        });
        if let Some(slot) = opened {
            *slot = Some(CowStr::from(id.to_owned()));
            self.text.0.truncate(kept);
        }
    }

    /// Ends a paragraph: an empty one is none, and one that is only an image is that image.
    fn end_paragraph(&mut self, range: Range<usize>) {
        let start = |event: &Spanned| matches!(event.0, Event::Markdown(Raw::Start(Tag::Paragraph)));
        match self.out.as_mut_slice() {
            [.., last] if start(last) => {
                self.out.pop();
            }
            [.., first, (Event::Image(image), _)] if start(first) => {
                image.block = image.kind != ImageKind::Icon;
                if image.block {
                    self.out.swap_remove(self.out.len() - 2);
                } else {
                    self.push(Event::Markdown(Raw::End(TagEnd::Paragraph)), range);
                }
            }
            _ => self.push(Event::Markdown(Raw::End(TagEnd::Paragraph)), range),
        }
    }

    fn end_image(&mut self, range: Range<usize>) {
        let Some(image) = self.images.pop() else { return };
        if let Some(outer) = self.images.last_mut() {
            outer.alt.push_str(&image.alt);
            return;
        }
        if image.alt.trim().is_empty() {
            let problem = Diagnostic::warning(Code::Image, "an image without alternative text");
            let hint = "say between the brackets what it shows: `![What it shows](a.png)`";
            self.problems.push((problem.hint(hint), range.clone()));
        }
        self.push(Event::Image(image), range);
    }

    /// Raw HTML is text like any other; whoever writes a comment may think that nobody reads it.
    fn warn_of_comment(&mut self, html: &str, range: &Range<usize>) {
        if html.contains("<!--") {
            let problem = Diagnostic::warning(Code::ShownComment, "an HTML comment is shown to the reader");
            let hint = "raw HTML is shown as text: take out what is not meant for the reader";
            self.problems.push((problem.hint(hint), range.clone()));
        }
    }

    /// Raw HTML is a paragraph of text.
    fn html(&mut self, range: Range<usize>) {
        let text = std::mem::take(&mut self.text.0);
        if text.trim().is_empty() {
            return;
        }
        self.push(Event::Markdown(Raw::Start(Tag::Paragraph)), range.clone());
        self.plain(text.trim(), range.clone());
        self.push(Event::Markdown(Raw::End(TagEnd::Paragraph)), range);
    }

    /// Tells the text gathered so far, with the ids in it.
    fn flush(&mut self) {
        let (text, span) = std::mem::take(&mut self.text);
        if text.is_empty() || (self.is_at_edge() && text.trim().is_empty()) {
            return;
        }
        self.problems.extend(undefined_footnotes(self.masked, &span));
        for piece in pieces(&text) {
            let event = match piece {
                Piece::Text(text) => Event::Markdown(Raw::Text(CowStr::from(text.to_owned()))),
                Piece::Technique(id) => Event::Technique(id),
                Piece::Cve(id) => Event::Cve(id),
            };
            self.out.push((event, span.clone()));
        }
    }

    /// Whether a line break here would be the first thing of a paragraph, or right after an
    /// image, a chart or a table that stands by itself.
    fn is_at_edge(&self) -> bool {
        self.text.0.trim().is_empty()
            && match self.out.last().map(|(event, _)| event) {
                Some(Event::Markdown(Raw::Start(Tag::Paragraph))) => true,
                Some(Event::Image(image)) => image.block,
                Some(Event::Embedded(_)) => true,
                _ => false,
            }
    }

    fn drop_break(&mut self) {
        if let Some((Event::Markdown(Raw::SoftBreak | Raw::HardBreak), _)) = self.out.last() {
            self.out.pop();
        }
    }
}

/// The id that the source text of a heading ends with, alone and in its braces. One whose brace is
/// escaped is text.
fn trailing_id(written: &str) -> Option<(&str, &str)> {
    let written = written.trim_end();
    let start = written.rfind("{#")?;
    let (before, braced) = written.split_at(start);
    let id = braced.strip_prefix("{#")?.strip_suffix('}')?;
    let escaped = before.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
    let plain = !id.is_empty() && !id.contains(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | '\\'));
    (plain && !escaped).then_some((id, braced))
}

/// Footnotes that the reader's text does not define: they stay in it as `[^name]`. `span` holds nothing but text.
fn undefined_footnotes(masked: &str, span: &Range<usize>) -> impl Iterator<Item = Problem> {
    let text = masked.get(span.clone()).unwrap_or_default();
    text.match_indices("[^").filter_map(|(at, mark)| {
        let rest = &text[at + mark.len()..];
        let (name, after) = rest.split_at(rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_')))?);
        let start = span.start + at;
        let meant = !name.is_empty() && after.starts_with(']') && !is_escaped(masked, start);
        let problem = Diagnostic::warning(Code::DeadLink, format!("no footnote is defined as `[^{name}]`"));
        let hint = "define it where everybody who sees the reference sees the definition";
        meant.then(|| (problem.hint(hint), start..start + mark.len() + name.len() + 1))
    })
}

/// A quote that begins as a callout does, and is none: its word would be shown as it is typed.
fn lost_callout(quote: &str, start: usize) -> Option<Problem> {
    const WORDS: [&str; 5] = ["note", "tip", "important", "warning", "caution"];
    let marked = quote.strip_prefix('>')?.trim_start_matches([' ', '\t']);
    let start = start + quote.len() - marked.len();
    let (word, rest) = marked.strip_prefix("[!")?.split_once(']')?;
    if word.is_empty() || !word.chars().all(char::is_alphabetic) {
        return None;
    }
    let folded = word.to_lowercase();
    let known = WORDS.contains(&folded.as_str());
    let more = !rest.lines().next().unwrap_or_default().trim().is_empty();
    // Brackets may be a link's, or mean nothing at all.
    if more && (!known || rest.starts_with(['(', '['])) {
        return None;
    }
    let hint = match nearest(&folded, WORDS) {
        _ if known => "write it on a line of its own".to_owned(),
        Some(near) => format!("did you mean `[!{}]`?", near.to_uppercase()),
        None => format!("there are {}", WORDS.map(|word| format!("`[!{}]`", word.to_uppercase())).join(", ")),
    };
    let problem = Diagnostic::warning(Code::UnknownDirective, format!("`[!{word}]` makes no callout here"));
    Some((problem.hint(hint).strict(), start..start + word.len() + "[!]".len()))
}
