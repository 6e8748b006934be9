//! Footnotes, out of the text and into the order in which the text refers to them.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Event as Raw, Tag, TagEnd};

use super::Event;
use super::parse::{Problem, Spanned};
use crate::diagnostics::{Code, Diagnostic};

/// Separates a text's events from those of its footnotes, which come by number. A footnote that
/// nothing refers to is left out: a reader could not get to it.
pub(super) fn arrange(events: Vec<Spanned>, problems: &mut Vec<Problem>) -> (Vec<Spanned>, Vec<Vec<Spanned>>) {
    let (mut body, mut definitions) = separate(events, problems);
    let mut numbers =
        Numbers { known: definitions.keys().map(|name| (name.clone(), None)).collect(), order: Vec::new() };
    numbers.give(&mut body);
    let mut footnotes = Vec::new();
    while let Some((_, mut footnote)) = numbers.order.get(footnotes.len()).and_then(|name| definitions.remove(name)) {
        numbers.give(&mut footnote);
        footnotes.push(footnote);
    }
    for (name, (label, _)) in definitions {
        let problem = Diagnostic::warning(Code::DeadLink, format!("nothing refers to the footnote `[^{name}]`"));
        problems.push((problem.hint("refer to it, or remove it; it is not shown"), label));
    }
    (body, footnotes)
}

/// Definitions by their folded names: where each `[^name]` stands, and its events.
type Definitions = BTreeMap<String, (Range<usize>, Vec<Spanned>)>;

/// The text's events, and those of each definition.
fn separate(events: Vec<Spanned>, problems: &mut Vec<Problem>) -> (Vec<Spanned>, Definitions) {
    let mut definitions = Definitions::new();
    let (mut body, mut open) = (Vec::new(), Vec::new());
    for (event, span) in events {
        match event {
            Event::Markdown(Raw::Start(Tag::FootnoteDefinition(name))) => {
                let label = span.start..span.start + "[^]".len() + name.len();
                let name = fold(&name);
                if definitions.contains_key(&name) {
                    let problem =
                        Diagnostic::warning(Code::DeadLink, format!("the footnote `[^{name}]` is defined twice"));
                    problems.push((problem.hint("give one of the two another name"), label.clone()));
                }
                definitions.entry(name.clone()).or_insert((label, Vec::new()));
                open.push(name);
            }
            Event::Markdown(Raw::End(TagEnd::FootnoteDefinition)) => {
                open.pop();
            }
            event => match open.last().and_then(|name: &String| definitions.get_mut(name)) {
                Some((_, definition)) => definition.push((event, span)),
                None => body.push((event, span)),
            },
        }
    }
    (body, definitions)
}

fn fold(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

struct Numbers {
    known: BTreeMap<String, Option<usize>>,
    order: Vec<String>,
}

impl Numbers {
    /// Puts numbers in the place of names, new ones where a name is met for the first time.
    fn give(&mut self, events: &mut [Spanned]) {
        for (event, _) in events {
            let Event::Markdown(Raw::FootnoteReference(name)) = event else { continue };
            let folded = fold(name);
            *event = match self.known.get_mut(&folded) {
                Some(number) => Event::Footnote(*number.get_or_insert_with(|| {
                    self.order.push(folded);
                    self.order.len()
                })),
                None => Event::Markdown(Raw::Text(format!("[^{name}]").into())),
            };
        }
    }
}
