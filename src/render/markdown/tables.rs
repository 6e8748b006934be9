//! Tables, in a region that can be scrolled by keyboard.

use pulldown_cmark::{Alignment, Event as Raw, TagEnd};

use super::writer::{Closing, Writer};
use crate::scope::markdown::Event;

/// Where in a table the writer is. Tables do not nest.
#[derive(Default)]
pub(super) struct TableState {
    alignments: Vec<Alignment>,
    in_head: bool,
    column: usize,
}

impl<'a> Writer<'a> {
    /// Opens a table, which is the first of `ahead`.
    pub(super) fn table(&mut self, alignments: &[Alignment], ahead: &[Event]) -> Closing<'a> {
        self.tables = TableState { alignments: alignments.to_vec(), ..TableState::default() };
        self.out.tags("<div class=\"scroll table-scroll\" role=\"region\" tabindex=\"0\"");
        self.out.attribute("aria-label", &label(ahead)).tags(">\n<table>\n");
        Closing::Tags("</tbody>\n</table>\n</div>\n")
    }

    pub(super) fn row(&mut self, head: bool) -> Closing<'a> {
        self.tables.in_head = head;
        self.tables.column = 0;
        self.out.tags(if head { "<thead>\n<tr>" } else { "<tr>" });
        Closing::Tags("</tr>\n")
    }

    /// Opens a cell, which is the first of `ahead`. An empty header is no header.
    pub(super) fn cell(&mut self, ahead: &[Event]) -> Closing<'a> {
        let empty = matches!(ahead.get(1), Some(Event::Markdown(Raw::End(TagEnd::TableCell))));
        let header = self.tables.in_head && !empty;
        self.out.tags(if header { "<th scope=\"col\"" } else { "<td" });
        self.out.tags(match self.tables.alignments.get(self.tables.column) {
            Some(Alignment::Right) => " class=\"align-end\">",
            Some(Alignment::Center) => " class=\"align-center\">",
            _ => ">",
        });
        self.tables.column += 1;
        Closing::Tags(if header { "</th>" } else { "</td>" })
    }
}

/// What a table is called: its columns.
fn label(ahead: &[Event]) -> String {
    let mut columns = vec![String::new()];
    for event in ahead {
        match event {
            Event::Markdown(Raw::End(TagEnd::TableHead)) => break,
            Event::Markdown(Raw::End(TagEnd::TableCell)) => columns.push(String::new()),
            event => {
                if let (Some(text), Some(column)) = (event.text(), columns.last_mut()) {
                    column.push_str(text);
                }
            }
        }
    }
    let named: Vec<_> = columns.iter().map(|column| column.trim()).filter(|column| !column.is_empty()).collect();
    if named.is_empty() { "Table".to_owned() } else { format!("Table: {}", named.join(", ")) }
}
