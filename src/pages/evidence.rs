//! Where a report's text names techniques, and the queries that find them.

use std::collections::BTreeSet;

use pulldown_cmark::{CodeBlockKind, Event as Raw, Tag, TagEnd};

use crate::scope::markdown::{Document, Event, Heading, language_of};
use crate::terms::TechniqueId;

/// A quotation is cut after so many letters.
const LONGEST: usize = 320;

/// The languages in which detections are written: as authors name them, and as readers know them.
const LANGUAGES: [(&str, &str); 12] = [
    ("kql", "KQL"),
    ("kusto", "KQL"),
    ("spl", "SPL"),
    ("splunk", "SPL"),
    ("sigma", "Sigma"),
    ("yara", "YARA"),
    ("yara-l", "YARA-L"),
    ("eql", "EQL"),
    ("esql", "ES|QL"),
    ("snort", "Snort"),
    ("suricata", "Suricata"),
    ("zeek", "Zeek"),
];

/// A paragraph, list item or row that names techniques.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Passage {
    /// Its text, cut where it is long.
    pub(super) text: String,
    /// The heading it stands under.
    pub(super) heading: Option<Heading>,
    /// The techniques it names.
    pub(super) techniques: BTreeSet<TechniqueId>,
}

/// A query or rule.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Query {
    /// The language it is written in.
    pub(super) language: &'static str,
    /// The heading it stands under.
    pub(super) heading: Option<Heading>,
    /// The techniques that it or the section around it names.
    pub(super) techniques: BTreeSet<TechniqueId>,
}

/// What a text says of techniques.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Evidence {
    pub(super) passages: Vec<Passage>,
    pub(super) queries: Vec<Query>,
}

impl Evidence {
    /// Reads a text from heading to heading.
    pub(super) fn of(document: &Document) -> Self {
        let mut reading = Reading { headings: document.headings().iter(), ..Reading::default() };
        for event in document.body() {
            reading.take(event);
        }
        reading.end_block();
        reading.end_section();
        reading.found
    }
}

/// A text, half read.
#[derive(Default)]
struct Reading<'a> {
    found: Evidence,
    headings: std::slice::Iter<'a, Heading>,
    heading: Option<&'a Heading>,
    /// Of the block that is read.
    text: String,
    named: BTreeSet<TechniqueId>,
    /// The language of the code that is read, where it is one of queries.
    code: Option<&'static str>,
    /// Of the section that is read: what it names, and its queries.
    section: BTreeSet<TechniqueId>,
    queries: Vec<Query>,
}

impl Reading<'_> {
    fn take(&mut self, event: &Event) {
        match event {
            Event::Markdown(Raw::Start(Tag::Heading { .. })) => {
                self.end_block();
                self.end_section();
                self.heading = self.headings.next();
            }
            Event::Markdown(Raw::Start(Tag::CodeBlock(kind))) => {
                self.end_block();
                self.code = language(kind);
            }
            Event::Markdown(Raw::End(TagEnd::CodeBlock)) => self.end_code(),
            Event::Markdown(Raw::End(TagEnd::Heading(_))) => drop(self.taken()),
            // The text of an item of a tight list stands in no paragraph, and ends where another block in it begins.
            Event::Markdown(Raw::Start(Tag::List(_) | Tag::BlockQuote(_) | Tag::Table(_))) => self.end_block(),
            Event::Markdown(Raw::End(end)) => match end {
                TagEnd::TableCell => self.text.push(' '),
                TagEnd::Paragraph | TagEnd::Item | TagEnd::TableRow | TagEnd::TableHead => self.end_block(),
                _ => {}
            },
            Event::Figure(_) => self.text.push('…'),
            event => {
                if let Event::Technique(id) = event {
                    self.named.insert(id.clone());
                }
                self.text.push_str(event.text().unwrap_or_default());
            }
        }
    }

    /// What was read of a block. A heading is no passage, but names what its section is about, as a passage does.
    fn taken(&mut self) -> (String, BTreeSet<TechniqueId>) {
        let (text, techniques) = (std::mem::take(&mut self.text), std::mem::take(&mut self.named));
        self.section.extend(techniques.iter().cloned());
        (text, techniques)
    }

    fn end_block(&mut self) {
        let (text, techniques) = self.taken();
        if !techniques.is_empty() {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            self.found.passages.push(Passage { text: cut(&text), heading: self.heading.cloned(), techniques });
        }
    }

    fn end_code(&mut self) {
        let text = std::mem::take(&mut self.text);
        self.named.clear();
        if let Some(language) = self.code.take() {
            let techniques = techniques(&text);
            self.queries.push(Query { language, heading: self.heading.cloned(), techniques });
        }
    }

    fn end_section(&mut self) {
        let named = std::mem::take(&mut self.section);
        for mut query in self.queries.drain(..) {
            query.techniques.extend(named.iter().cloned());
            self.found.queries.push(query);
        }
    }
}

fn language(kind: &CodeBlockKind<'_>) -> Option<&'static str> {
    let word = language_of(kind).to_ascii_lowercase();
    LANGUAGES.iter().find(|(name, _)| *name == word).map(|(_, label)| *label)
}

/// The technique ids in code, where none are marked.
fn techniques(code: &str) -> BTreeSet<TechniqueId> {
    let words = code.split(|c: char| !c.is_ascii_alphanumeric() && c != '.');
    words.filter_map(|word| TechniqueId::parse(word.trim_matches('.'))).collect()
}

fn cut(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let kept: String = text.chars().take(LONGEST).collect();
    let whole = kept.rsplit_once(' ').map_or(kept.as_str(), |(whole, _)| whole);
    format!("{whole} …")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{Diagnostics, Source};
    use crate::report::blocks::CutText;

    fn quoted(text: &str) -> Vec<String> {
        let source = Source::new("a.md", text);
        let document = Document::parse(&CutText::whole(&source, 0..text.len()), &mut Diagnostics::new());
        Evidence::of(&document).passages.into_iter().map(|passage| passage.text).collect()
    }

    #[test]
    fn every_item_of_nested_lists_is_a_passage_of_its_own() {
        let text = "- outer T1059\n  - inner T1190\n- tight\n  > quoted T1003\n\nbelow T1105\nit\n";
        assert_eq!(quoted(text), ["outer T1059", "inner T1190", "quoted T1003", "below T1105 it"]);
    }

    #[test]
    fn a_heading_is_no_passage_however_it_is_spaced() {
        assert_eq!(quoted("## T1105  and more\n\nT1105 and more\n"), ["T1105 and more"]);
    }
}
