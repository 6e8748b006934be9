//! The tables of a text: what they are called, and their ids.

use pulldown_cmark::{Event as Raw, Tag, TagEnd};

use super::outline::Ids;
use super::parse::Spanned;
use super::{Event, Heading, Table};

/// The tables among `events`, which are those of `headings` too.
pub(super) fn tables<'a>(events: impl Iterator<Item = &'a Spanned>, headings: &[Heading], ids: &mut Ids) -> Vec<Table> {
    let mut tables = Vec::new();
    let (mut headings, mut above, mut open) = (headings.iter(), None, None::<Labels>);
    for (event, _) in events {
        match event {
            Event::Markdown(Raw::Start(Tag::Heading { .. })) => above = headings.next(),
            Event::Markdown(Raw::Start(Tag::Table(_))) => open = Some(Labels::default()),
            Event::Markdown(Raw::End(TagEnd::TableHead)) => {
                if let Some(labels) = open.take() {
                    let number = tables.len() + 1;
                    tables.push(labels.table(number, above, ids));
                }
            }
            event => open.iter_mut().for_each(|labels| labels.take(event)),
        }
    }
    tables
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

    fn table(self, number: usize, above: Option<&Heading>, ids: &mut Ids) -> Table {
        let caption = self.caption.trim();
        if !caption.is_empty() {
            return Table { id: ids.of(caption), name: caption.to_owned() };
        }
        let columns: Vec<&str> = self.columns.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
        let above = above.map(|heading| heading.text.trim()).filter(|text| !text.is_empty()).unwrap_or("Table");
        let name = if columns.is_empty() { above.to_owned() } else { format!("{above}: {}", columns.join(", ")) };
        Table { id: ids.of(&format!("table-{number}")), name }
    }
}
