//! A [`Drawing`] to XML.

use std::collections::{BTreeMap, BTreeSet};

use super::drawing::{Child, Drawing};
use super::value::Value;

/// The file of a drawing. Ids are numbered: the author's names of things stay with the author.
pub(super) fn write(drawing: &Drawing) -> String {
    let used: BTreeSet<usize> = drawing
        .elements
        .iter()
        .flat_map(|element| element.references())
        .filter_map(|id| drawing.ids.get(id).copied())
        .collect();
    let numbers = used.into_iter().enumerate().map(|(number, element)| (element, number + 1)).collect();
    let mut writer = Writer { drawing, numbers, out: String::new() };
    writer.element(0);
    writer.out.push('\n');
    writer.out
}

struct Writer<'a> {
    drawing: &'a Drawing,
    /// The number of each element that another one uses.
    numbers: BTreeMap<usize, usize>,
    out: String,
}

impl Writer<'_> {
    fn element(&mut self, at: usize) {
        let drawing = self.drawing;
        let Some(element) = drawing.elements.get(at) else { return };
        self.out.push('<');
        self.out.push_str(element.name);
        if at == 0 {
            self.attribute("xmlns", "http://www.w3.org/2000/svg");
        }
        if let Some(number) = self.numbers.get(&at).copied() {
            self.attribute("id", &format!("a{number}"));
        }
        for (name, value) in &element.attributes {
            match value {
                Value::Plain(text) => self.attribute(name, text),
                Value::Reference(id, rest) => {
                    let number = drawing.ids.get(id).and_then(|at| self.numbers.get(at)).copied().unwrap_or_default();
                    let written = match *name {
                        "href" => format!("#a{number}"),
                        _ => format!("url(#a{number}) {rest}"),
                    };
                    self.attribute(name, written.trim_end());
                }
            }
        }
        if element.children.is_empty() {
            self.out.push_str("/>");
            return;
        }
        self.out.push('>');
        for child in &element.children {
            match child {
                Child::Element(at) => self.element(*at),
                Child::Text(text) => escape(text, &mut self.out),
            }
        }
        self.out.push_str("</");
        self.out.push_str(element.name);
        self.out.push('>');
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape(value, &mut self.out);
        self.out.push('"');
    }
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
}
