//! Tables, in a region that can be scrolled by keyboard.

use pulldown_cmark::{Alignment, Event as Raw, TagEnd};

use super::writer::{Closing, Writer};
use crate::scope::markdown::{Event, Table};

/// Where in a table the writer is. Tables do not nest.
#[derive(Default)]
pub(super) struct TableState<'a> {
    /// What it is called.
    named: Option<&'a Table>,
    alignments: Vec<Alignment>,
    in_head: bool,
    column: usize,
}

impl<'a> Writer<'a> {
    /// Opens the next of the document's tables.
    pub(super) fn table(&mut self, alignments: &[Alignment]) -> Closing<'a> {
        let named = self.named.next();
        self.tables = TableState { named, alignments: alignments.to_vec(), ..TableState::default() };
        self.out.tags("<div class=\"scroll table-scroll\" role=\"region\" tabindex=\"0\"");
        if let Some(table) = named {
            self.out.attribute("id", &table.id).attribute("aria-label", &table.name);
        }
        self.out.tags(">\n<table dir=\"auto\">\n");
        Closing::Tags("</tbody>\n</table>\n</div>\n")
    }

    /// Ends a caption with a link to its table.
    pub(super) fn end_caption(&mut self) {
        if let Some(table) = self.tables.named {
            self.out.tags(" <a class=\"heading-anchor\"").url("href", &format!("#{}", table.id));
            self.out.tags(" aria-label=\"Link to this table\">#</a>");
        }
        self.out.tags("</caption>\n");
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
