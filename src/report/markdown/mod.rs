//! Markdown to a [`Document`]: events with spans, directives understood, ids found.

mod captions;
mod destination;
mod directives;
mod disarm;
mod embedded;
mod figure_path;
mod footnotes;
mod ids;
mod learn_image;
mod lost_markers;
mod opaque;
mod outline;
mod parse;
mod prose;
mod survey;
mod tables;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::diagnostics::Diagnostics;
use crate::terms::{CveId, TechniqueId};

use super::blocks::CutText;
pub use destination::Destination;
pub use embedded::Embedded;
pub use figure_path::FigurePath;
pub use ids::seeming_vulnerabilities;

/// A parsed text, with nothing in it that the reader may not see.
#[derive(Clone, Debug, Default)]
pub struct Document {
    body: Vec<Event>,
    footnotes: Vec<Vec<Event>>,
    headings: Vec<Heading>,
    tables: Vec<Table>,
    code: Vec<String>,
    /// The ids that a link can lead to: of headings, tables and code blocks.
    anchors: BTreeSet<String>,
    links: Vec<Link>,
    technique_mentions: Vec<Mention<TechniqueId>>,
    vulnerability_mentions: Vec<Mention<CveId>>,
    images: Vec<ImageUse>,
    shown_figures: Vec<Range<usize>>,
    techniques: BTreeSet<TechniqueId>,
    vulnerabilities: BTreeSet<CveId>,
    words: usize,
}

/// The word behind a code fence that names the language, as written; empty where there is none.
#[must_use]
pub fn language_of<'a>(kind: &'a pulldown_cmark::CodeBlockKind<'_>) -> &'a str {
    match kind {
        pulldown_cmark::CodeBlockKind::Fenced(info) => info.split([' ', '\t', ',', '{']).next().unwrap_or_default(),
        pulldown_cmark::CodeBlockKind::Indented => "",
    }
}

/// A part of a text.
///
/// Of Markdown's own events there are no raw HTML, no images and no footnotes; images and
/// footnotes are told by the other kinds.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// As the parser tells it.
    Markdown(pulldown_cmark::Event<'static>),
    /// A live figure.
    Figure(FigurePath),
    /// A chart or table of the report.
    Embedded(Embedded),
    /// The caption of the table that has just begun.
    StartCaption,
    /// Its end.
    EndCaption,
    /// An image.
    Image(Image),
    /// A technique's id.
    Technique(TechniqueId),
    /// A vulnerability's id.
    Cve(CveId),
    /// A reference to the footnote of that number, from 1.
    Footnote(usize),
}

impl Event {
    /// What the event adds to a plain text.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        use pulldown_cmark::Event as Raw;
        match self {
            Self::Markdown(Raw::Text(text) | Raw::Code(text)) => Some(text),
            Self::Markdown(Raw::SoftBreak | Raw::HardBreak) => Some(" "),
            Self::Technique(id) => Some(id.as_str()),
            Self::Cve(id) => Some(id.as_str()),
            _ => None,
        }
    }
}

/// An image, as Markdown or Microsoft Learn writes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The file, as written.
    pub source: String,
    /// What it shows, in words.
    pub alt: String,
    /// What is written beneath it; may be empty.
    pub caption: String,
    /// A larger version of it.
    pub lightbox: Option<String>,
    /// What kind of image.
    pub kind: ImageKind,
    /// Whether it stands by itself, not in a line of text.
    pub block: bool,
}

/// What an image is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageKind {
    /// It says something.
    Content,
    /// It says so much that the text explains it.
    Complex,
    /// It decorates.
    Icon,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// As the author wrote it, 1 to 6.
    pub level: u8,
    /// Its text, without figures.
    pub text: String,
    /// Its id on the page: unique in the document, and always with `h-` before it, so that no
    /// heading can take the name of something that scripts know.
    pub id: String,
    /// Where in the author's file; for messages only, as [`Link::span`].
    pub span: Range<usize>,
}

/// A table that the author wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its id on the page: of its caption as a heading's is of its text, else its number.
    pub id: String,
    /// What it is called: its caption, else the heading above it and its columns.
    pub name: String,
}

/// A link's destination. Spans point into the author's file; they depend on what was cut and
/// are for messages only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// As written; an e-mail link has its `mailto:`.
    pub destination: String,
    /// Where in the author's file.
    pub span: Range<usize>,
}

/// An id, where the prose names it first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention<Id> {
    /// The id.
    pub id: Id,
    /// Where in the author's file; for messages only, as [`Link::span`].
    pub span: Range<usize>,
}

/// The files of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageUse {
    /// The file, as written.
    pub source: String,
    /// Its larger version.
    pub lightbox: Option<String>,
    /// Its alternative text.
    pub alt: String,
    /// Where in the author's file; for messages only, as [`Link::span`].
    pub span: Range<usize>,
}

impl ImageUse {
    /// The file and, if there is one, its larger version.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.source).chain(&self.lightbox).map(String::as_str)
    }
}

impl Document {
    /// Parses a text. Problems are told where they stand in the author's file; a text that
    /// cannot be parsed at all gives an error and an empty document.
    ///
    /// The same problem is told again for every distinct cut of a text that has it.
    #[must_use]
    pub fn parse(cut: &CutText, diagnostics: &mut Diagnostics) -> Self {
        parse::parse(cut, diagnostics)
    }

    /// The text's events, without its footnotes.
    #[must_use]
    pub fn body(&self) -> &[Event] {
        &self.body
    }

    /// The events of each footnote that is referred to, by number.
    #[must_use]
    pub fn footnotes(&self) -> &[Vec<Event>] {
        &self.footnotes
    }

    /// All events, the footnotes' after the text's.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.body.iter().chain(self.footnotes.iter().flatten())
    }

    /// The headings, in the order of [`events`](Self::events).
    #[must_use]
    pub fn headings(&self) -> &[Heading] {
        &self.headings
    }

    /// The tables that the author wrote, in the order of [`events`](Self::events).
    #[must_use]
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// The id of the heading, table or code block that `#anchor` leads to.
    #[must_use]
    pub fn anchor(&self, anchor: &str) -> Option<&str> {
        outline::anchored(anchor).iter().find_map(|id| self.anchors.get(id)).map(String::as_str)
    }

    /// The ids of the code blocks, in the order of [`events`](Self::events).
    #[must_use]
    pub fn code(&self) -> &[String] {
        &self.code
    }

    /// The links.
    #[must_use]
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// Where the prose names each technique first.
    #[must_use]
    pub fn technique_mentions(&self) -> &[Mention<TechniqueId>] {
        &self.technique_mentions
    }

    /// Where the prose names each vulnerability first.
    #[must_use]
    pub fn vulnerability_mentions(&self) -> &[Mention<CveId>] {
        &self.vulnerability_mentions
    }

    /// The images.
    #[must_use]
    pub fn images(&self) -> &[ImageUse] {
        &self.images
    }

    /// Where in the author's file live figures, charts and tables of the report stand; for messages only, as
    /// [`Link::span`].
    #[must_use]
    pub fn shown_figures(&self) -> &[Range<usize>] {
        &self.shown_figures
    }

    /// The paths of the live figures.
    pub fn figures(&self) -> impl Iterator<Item = &FigurePath> {
        self.events().filter_map(|event| if let Event::Figure(path) = event { Some(path) } else { None })
    }

    /// The charts and tables of the report that the text shows.
    pub fn embedded(&self) -> impl Iterator<Item = Embedded> {
        self.events().filter_map(|event| if let Event::Embedded(embedded) = event { Some(*embedded) } else { None })
    }

    /// The techniques that the prose (code apart) names.
    #[must_use]
    pub fn techniques(&self) -> &BTreeSet<TechniqueId> {
        &self.techniques
    }

    /// The vulnerabilities that the prose (code apart) names.
    #[must_use]
    pub fn vulnerabilities(&self) -> &BTreeSet<CveId> {
        &self.vulnerabilities
    }

    /// The text alone, footnotes last: what is set in a line of its own is parted by a space.
    #[must_use]
    pub fn plain(&self) -> String {
        use pulldown_cmark::{Event as Raw, TagEnd};
        let mut plain = String::new();
        for event in self.events() {
            match event {
                Event::Markdown(Raw::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link)) => {
                }
                Event::Markdown(Raw::End(_)) | Event::EndCaption => plain.push(' '),
                event => plain.push_str(event.text().unwrap_or_default()),
            }
        }
        plain
    }

    /// How many words the prose has, code blocks apart.
    #[must_use]
    pub fn words(&self) -> usize {
        self.words
    }
}

#[cfg(test)]
mod tests;
