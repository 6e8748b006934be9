//! Tree to text.

use std::fmt::Write as _;

use super::{Kind, Node};
use crate::diagnostics::is_unprintable;

/// The tree as YAML that reads back as the same tree: a line for each value, every text in
/// double quotes, so that none can be taken for anything else.
#[must_use]
pub fn write(node: &Node) -> String {
    let mut out = String::new();
    match &node.kind {
        Kind::Map(entries) if entries.is_empty() => {}
        _ => block(node, 0, &mut out),
    }
    out
}

/// The lines of a list or a mapping.
fn block(node: &Node, indent: usize, out: &mut String) {
    match &node.kind {
        Kind::Map(entries) => {
            for (key, node) in entries {
                let _ = write!(out, "{:indent$}{}:", "", inline(key));
                value(node, indent, out);
            }
        }
        Kind::List(items) => {
            for node in items {
                let _ = write!(out, "{:indent$}-", "");
                value(node, indent, out);
            }
        }
        Kind::Null | Kind::Scalar(_) => {
            let _ = writeln!(out, "{:indent$}{}", "", inline(node));
        }
    }
}

/// What comes after `key:` or `-`.
fn value(node: &Node, indent: usize, out: &mut String) {
    let nested = match &node.kind {
        Kind::List(items) => !items.is_empty(),
        Kind::Map(entries) => !entries.is_empty(),
        Kind::Null | Kind::Scalar(_) => false,
    };
    if nested {
        out.push('\n');
        block(node, indent + 2, out);
    } else {
        let _ = writeln!(out, " {}", inline(node));
    }
}

fn inline(node: &Node) -> String {
    match &node.kind {
        Kind::Null => "null".to_owned(),
        Kind::Scalar(text) => quoted(text),
        Kind::List(_) => "[]".to_owned(),
        Kind::Map(_) => "{}".to_owned(),
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            // The last two may stand in no YAML text, but be meant by one.
            c if is_unprintable(c) || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                let _ = write!(out, "\\U{:08x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::diagnostics::{Diagnostics, Source};

    /// The tree without its places.
    fn bare(node: &Node) -> String {
        match &node.kind {
            Kind::Null => "~".to_owned(),
            Kind::Scalar(text) => format!("{text:?}"),
            Kind::List(items) => format!("{:?}", items.iter().map(bare).collect::<Vec<_>>()),
            Kind::Map(entries) => {
                format!("{:?}", entries.iter().map(|(key, value)| (bare(key), bare(value))).collect::<Vec<_>>())
            }
        }
    }

    fn read(text: &str) -> Node {
        let mut diagnostics = Diagnostics::new();
        let source = Source::new("t.yaml", text);
        let node = super::super::parse(&source, 0..text.len(), &mut diagnostics);
        node.unwrap_or_else(|| panic!("{text}\n{diagnostics:?}"))
    }

    #[test]
    fn trees_read_back() {
        for text in [
            "",
            "a: no\nb: 007\nc: ~\nd: [1.50, 2026-11-02, ~, [], {}]\n",
            "a:\n  - {b: [{c: [x]}], d: {}}\n  - [[y]]\nno: {null: ~}\n'': ''\n",
            "a: \"\\uffff \\ufffe \\U0001ffff \\x85 \\ufeff \\ue000 \\u00ad\"\n",
            "text: |\n  two\n    lines\n\nquoted: \"\\\\ \\\" \\t \\x7f \\u2028 \\ud83d\\ude00\"\n",
        ] {
            let node = read(text);
            assert_eq!(bare(&read(&write(&node))), bare(&node), "{text}");
        }
    }

    proptest! {
        #[test]
        fn texts_read_back(key in "\\PC{0,8}", texts in proptest::collection::vec("[\\PC\\x00-\\xa0\u{2028}\u{feff}]{0,12}", 1..4)) {
            let scalar = |text: &str| Node { span: 0..0, kind: Kind::Scalar(text.to_owned()) };
            let list = Kind::List(texts.iter().map(|text| scalar(text)).collect());
            let node = Node { span: 0..0, kind: Kind::Map(vec![(scalar(&key), Node { span: 0..0, kind: list })]) };
            prop_assert_eq!(bare(&read(&write(&node))), bare(&node));
        }
    }
}
