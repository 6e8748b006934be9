//! Events to markup.

use pulldown_cmark::{BlockQuoteKind, Event as Raw, Tag, TagEnd};

use super::tables::TableState;
use super::{Context, Target};
use crate::render::Html;
use crate::render::markup::Markup;
use crate::scope::Document;
use crate::scope::markdown::{Event, Heading, Table};

/// Writes one document.
pub(super) struct Writer<'a> {
    pub(super) document: &'a Document,
    pub(super) context: &'a dyn Context,
    pub(super) out: Markup,
    headings: std::slice::Iter<'a, Heading>,
    /// The names of the tables still to come.
    pub(super) named: std::slice::Iter<'a, Table>,
    /// How much deeper headings stand on the page than in the text.
    shift: i8,
    /// What closes each open tag, the innermost last.
    closings: Vec<Closing<'a>>,
    /// Whether a link is open: links do not nest.
    pub(super) in_link: bool,
    pub(super) tables: TableState<'a>,
    /// The code block being read: its language's name and its text.
    code: Option<(String, String)>,
    /// The ids of the code blocks still to come.
    pub(super) code_ids: std::slice::Iter<'a, String>,
    /// How many charts and tables of the report there were so far.
    pub(super) embedded: usize,
    /// How often each footnote has been referred to so far.
    references: Vec<usize>,
}

/// What closes a tag.
pub(super) enum Closing<'a> {
    Tags(&'static str),
    Heading(Option<&'a Heading>, u8),
    Code,
    Link(&'static str),
}

impl<'a> Writer<'a> {
    pub(super) fn new(document: &'a Document, context: &'a dyn Context) -> Self {
        let highest = document.headings().iter().map(|heading| heading.level).min().unwrap_or(1);
        Self {
            document,
            context,
            out: Markup::default(),
            headings: document.headings().iter(),
            named: document.tables().iter(),
            shift: context.first_level().min(6) as i8 - highest as i8,
            closings: Vec::new(),
            in_link: false,
            tables: TableState::default(),
            code: None,
            code_ids: document.code().iter(),
            embedded: 0,
            references: vec![0; document.footnotes().len()],
        }
    }

    pub(super) fn write(mut self) -> Html {
        self.events(self.document.body());
        if !self.document.footnotes().is_empty() {
            self.footnotes();
        }
        self.out.finish()
    }

    fn events(&mut self, events: &'a [Event]) {
        for (index, event) in events.iter().enumerate() {
            match event {
                Event::Markdown(Raw::Start(tag)) => {
                    let closing = self.start(tag, &events[index..]);
                    self.closings.push(closing);
                }
                Event::Markdown(Raw::End(end)) => self.end(*end),
                Event::Markdown(raw) => self.inline(raw),
                Event::StartCaption => _ = self.out.tags("<caption>"),
                Event::EndCaption => self.end_caption(),
                Event::Figure(path) => self.figure(path),
                Event::Image(image) => self.image(image),
                Event::Embedded(embedded) => self.embedded(*embedded),
                Event::Technique(id) => self.id("technique", id.as_str(), self.context.technique(id)),
                Event::Cve(id) => self.id("vulnerability", id.as_str(), self.context.vulnerability(id)),
                Event::Footnote(number) => self.reference(*number),
            }
        }
    }

    fn inline(&mut self, raw: &Raw<'_>) {
        match raw {
            Raw::Text(text) => match &mut self.code {
                Some((_, code)) => code.push_str(text),
                None => _ = self.out.text(text),
            },
            Raw::Code(text) => _ = self.out.tags("<code>").text(text).tags("</code>"),
            Raw::SoftBreak => _ = self.out.tags("\n"),
            Raw::HardBreak => _ = self.out.tags("<br>\n"),
            Raw::Rule => _ = self.out.tags("<hr>\n"),
            Raw::TaskListMarker(done) => {
                self.out.tags(match done {
                    true => "<span class=\"task task-done\" role=\"img\" aria-label=\"Done\">\u{2611}</span> ",
                    false => "<span class=\"task\" role=\"img\" aria-label=\"Not done\">\u{2610}</span> ",
                });
            }
            // A document has no others; were there one, it would be text.
            Raw::Html(text) | Raw::InlineHtml(text) | Raw::InlineMath(text) | Raw::DisplayMath(text) => {
                self.out.text(text);
            }
            Raw::Start(_) | Raw::End(_) | Raw::FootnoteReference(_) => {}
        }
    }

    /// Opens a tag, which is the first of `ahead`.
    fn start(&mut self, tag: &'a Tag<'a>, ahead: &'a [Event]) -> Closing<'a> {
        let (open, close) = match tag {
            Tag::Paragraph => ("<p>", "</p>\n"),
            Tag::BlockQuote(kind) => return self.quote(*kind),
            Tag::Heading { level, .. } => return self.heading(*level as u8),
            Tag::CodeBlock(kind) => {
                self.code = Some((super::code::language(kind), String::new()));
                return Closing::Code;
            }
            Tag::List(None) => ("<ul dir=\"auto\">\n", "</ul>\n"),
            Tag::List(Some(first)) => {
                self.out.tags("<ol dir=\"auto\"");
                if *first != 1 {
                    self.out.measure("start", i64::try_from(*first).unwrap_or(1));
                }
                (">\n", "</ol>\n")
            }
            Tag::Item => ("<li>", "</li>\n"),
            Tag::Emphasis => ("<em>", "</em>"),
            Tag::Strong => ("<strong>", "</strong>"),
            Tag::Strikethrough => ("<del>", "</del>"),
            Tag::Link { dest_url, title, .. } => return self.link(dest_url, title),
            Tag::Table(alignments) => return self.table(alignments),
            Tag::TableHead | Tag::TableRow => return self.row(matches!(tag, Tag::TableHead)),
            Tag::TableCell => return self.cell(ahead),
            _ => ("", ""),
        };
        self.out.tags(open);
        Closing::Tags(close)
    }

    fn end(&mut self, end: TagEnd) {
        match self.closings.pop() {
            Some(Closing::Tags(tags)) => _ = self.out.tags(tags),
            Some(Closing::Link(tags)) => {
                self.in_link = false;
                self.out.tags(tags);
            }
            Some(Closing::Code) => {
                let (language, text) = self.code.take().unwrap_or_default();
                self.code_block(&language, &text);
            }
            Some(Closing::Heading(heading, level)) => self.end_heading(heading, level),
            None => {}
        }
        if end == TagEnd::TableHead {
            self.out.tags("</thead>\n<tbody>\n");
        }
    }

    fn heading(&mut self, level: u8) -> Closing<'a> {
        let level = (level as i8 + self.shift).clamp(1, 6).unsigned_abs();
        let heading = self.headings.next();
        self.out.tags("<h").number(level);
        if let Some(heading) = heading {
            self.out.attribute("id", &heading.id);
        }
        self.out.tags(">");
        Closing::Heading(heading, level)
    }

    fn end_heading(&mut self, heading: Option<&Heading>, level: u8) {
        if let Some(heading) = heading {
            self.out.tags(" <a class=\"heading-anchor\"").url("href", &format!("#{}", heading.id));
            self.out.tags(" aria-label=\"Link to this heading\">#</a>");
        }
        self.out.tags("</h").number(level).tags(">\n");
    }

    fn quote(&mut self, kind: Option<BlockQuoteKind>) -> Closing<'a> {
        macro_rules! callout {
            ($class:literal, $title:literal) => {
                concat!(
                    "<aside class=\"callout callout-",
                    $class,
                    "\" role=\"note\"><p class=\"callout-title\">",
                    $title,
                    "</p>\n"
                )
            };
        }
        let Some(kind) = kind else {
            self.out.tags("<blockquote>\n");
            return Closing::Tags("</blockquote>\n");
        };
        self.out.tags(match kind {
            BlockQuoteKind::Note => callout!("note", "Note"),
            BlockQuoteKind::Tip => callout!("tip", "Tip"),
            BlockQuoteKind::Important => callout!("important", "Important"),
            BlockQuoteKind::Warning => callout!("warning", "Warning"),
            BlockQuoteKind::Caution => callout!("caution", "Caution"),
        });
        Closing::Tags("</aside>\n")
    }

    /// An id, linked to its page where it has one and stands in no link already.
    fn id(&mut self, class: &'static str, id: &str, target: Option<Target>) {
        let target = target.filter(|target| !self.in_link && super::links::is_safe(&target.url));
        let Some(target) = target else {
            self.out.text(id);
            return;
        };
        self.out.tags("<a class=\"").tags(class).tags("\"").url("href", &target.url);
        if let Some(title) = &target.title {
            self.out.attribute("title", title);
        }
        self.out.tags(">").text(id).tags("</a>");
    }

    /// A reference to a footnote. The parser lets none stand inside a link.
    fn reference(&mut self, number: usize) {
        let place = number.checked_sub(1).and_then(|index| self.references.get_mut(index));
        let Some(times) = place.filter(|_| !self.in_link) else { return };
        *times += 1;
        let id = reference_id(number, *times);
        self.out.tags("<sup class=\"footnote-ref\"><a").attribute("id", &id);
        self.out.attribute("href", &format!("#fn-{number}")).tags(" role=\"doc-noteref\"");
        self.out.attribute("aria-label", &format!("Footnote {number}"));
        self.out.tags(">").text(&number.to_string()).tags("</a></sup>");
    }

    fn footnotes(&mut self) {
        let times = self.total_references();
        self.out
            .tags("<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"Footnotes\">\n<ol dir=\"auto\">\n");
        for (index, (footnote, times)) in self.document.footnotes().iter().zip(times).enumerate() {
            let number = index + 1;
            self.out.tags("<li").attribute("id", &format!("fn-{number}")).tags(">");
            self.events(footnote);
            for time in 1..=times {
                self.out
                    .tags("<a class=\"footnote-back\"")
                    .attribute("href", &format!("#{}", reference_id(number, time)));
                self.out.tags(" role=\"doc-backlink\"").attribute("aria-label", &format!("Back to reference {number}"));
                self.out.tags(">\u{21a9}\u{fe0e}</a>\n");
            }
            self.out.tags("</li>\n");
        }
        self.out.tags("</ol>\n</section>\n");
    }

    /// How often each footnote is referred to, in the text and in the footnotes.
    fn total_references(&self) -> Vec<usize> {
        let mut times = vec![0; self.references.len()];
        for event in self.document.events() {
            let Event::Footnote(number) = event else { continue };
            if let Some(times) = number.checked_sub(1).and_then(|index| times.get_mut(index)) {
                *times += 1;
            }
        }
        times
    }
}

fn reference_id(number: usize, time: usize) -> String {
    if time == 1 { format!("fnref-{number}") } else { format!("fnref-{number}-{time}") }
}
