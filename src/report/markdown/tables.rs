//! The tables of a text: what they are called, and their ids.

use pulldown_cmark::{Event as Raw, Tag, TagEnd};

use super::outline::Ids;
use super::{Event, Heading, Table};

/// The tables among `events`, which are those of `headings` too.
pub(super) fn tables<'a>(events: impl Iterator<Item = &'a Event>, headings: &[Heading], ids: &mut Ids) -> Vec<Table> {
    let table = |(number, name)| match name {
        Name::Caption(name) => Table { id: ids.of(&name), name },
        Name::Place(name) => Table { id: ids.of(&format!("table-{number}")), name },
    };
    (1..).zip(named(events, headings)).map(table).collect()
}

/// What the tables among `events` are called.
pub(super) fn names<'a>(events: impl Iterator<Item = &'a Event>, headings: &[Heading]) -> Vec<String> {
    named(events, headings).into_iter().map(|(Name::Caption(name) | Name::Place(name))| name).collect()
}

/// The name of a table: the author's, or one of where it stands and what it holds.
enum Name {
    Caption(String),
    Place(String),
}

fn named<'a>(events: impl Iterator<Item = &'a Event>, headings: &[Heading]) -> Vec<Name> {
    let mut names = Vec::new();
    let (mut headings, mut above, mut open) = (headings.iter(), None, None::<Labels>);
    for event in events {
        match event {
            Event::Markdown(Raw::Start(Tag::Heading { .. })) => above = headings.next(),
            Event::Markdown(Raw::Start(Tag::Table(_))) => open = Some(Labels::default()),
            Event::Markdown(Raw::End(TagEnd::TableHead)) => {
                names.extend(open.take().map(|labels| labels.name(above)));
            }
            event => open.iter_mut().for_each(|labels| labels.take(event)),
        }
    }
    names
}

/// What the head of a table says.
#[derive(Default)]
struct Labels {
    caption: String,
    columns: Vec<String>,
    in_caption: bool,
}

impl Labels {
    fn take(&mut self, event: &Event) {
        match event {
            Event::StartCaption => self.in_caption = true,
            Event::EndCaption => self.in_caption = false,
            Event::Markdown(Raw::Start(Tag::TableCell)) => self.columns.push(String::new()),
            event => {
                let label = if self.in_caption { Some(&mut self.caption) } else { self.columns.last_mut() };
                if let (Some(label), Some(text)) = (label, event.text()) {
                    label.push_str(text);
                }
            }
        }
    }

    fn name(self, above: Option<&Heading>) -> Name {
        let caption = self.caption.trim();
        if !caption.is_empty() {
            return Name::Caption(caption.to_owned());
        }
        let columns: Vec<&str> = self.columns.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
        let above = above.map(|heading| heading.text.trim()).filter(|text| !text.is_empty()).unwrap_or("Table");
        let name = if columns.is_empty() { above.to_owned() } else { format!("{above}: {}", columns.join(", ")) };
        Name::Place(name)
    }
}
