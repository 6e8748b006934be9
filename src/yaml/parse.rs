//! Text to tree, within a budget.

use std::ops::Range;
use std::sync::Arc;

use serde_saphyr::Spanned;

use super::node::{Raw, bytes};
use super::{Kind, Node};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source};

/// The longest YAML text that is read, in bytes: a front matter or a configuration of more is
/// a mistake or an attack.
const LONGEST: usize = 4 << 20;

/// Reads the YAML in `range` of `source`. What cannot be read is told and gives `None`; an
/// empty text is an empty mapping.
pub fn parse(source: &Arc<Source>, range: Range<usize>, diagnostics: &mut Diagnostics) -> Option<Node> {
    let text = &source.text()[range.clone()];
    if text.len() > LONGEST {
        let message = format!("{} bytes of YAML; at most {LONGEST} are read", text.len());
        diagnostics.push(
            Diagnostic::error(Code::TooLarge, message)
                .at(source, range.start..range.start)
                .hint("keep long text in the body of the report, lists in a file beside it"),
        );
        return None;
    }
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: 32,
            max_anchors: 0,
            max_aliases: 0,
            max_documents: 1,
        },
        reject_unsupported_tags: true,
        // A merge could bring in what nobody sees; as a key, it is one that nothing reads.
        merge_keys: serde_saphyr::MergeKeyPolicy::AsOrdinary,
        with_snippet: false,
    };
    match serde_saphyr::from_str_with_options::<Spanned<Raw>>(text, options) {
        Ok(raw) => {
            let mut node = Raw::into_node(raw, text, range.start);
            if matches!(node.kind, Kind::Null) {
                node.kind = Kind::Map(Vec::new());
            }
            Some(node)
        }
        Err(error) => {
            let at = error.location().map_or(0..0, |location| bytes(&location, text));
            let message = told(&error);
            let hint = if message.starts_with("duplicate") {
                "remove one of them"
            } else if message.contains("recursion") || message.contains("depth") {
                "lists and mappings may stand in one another 32 deep"
            } else {
                "anchors, aliases, tags and further documents are not read; put text with `: ` or `#` in quotes"
            };
            diagnostics.push(
                Diagnostic::error(Code::InvalidYaml, message)
                    .at(source, range.start + at.start..range.start + at.end)
                    .hint(hint),
            );
            None
        }
    }
}

/// The parser's message without the place, which we show ourselves.
fn told(error: &serde_saphyr::Error) -> String {
    let text = error.without_snippet().to_string();
    let first = text.lines().next().unwrap_or_default();
    let message = first.split(" at line ").next().unwrap_or(first);
    let message = message.rsplit_once(" (line ").map_or(message, |(message, _)| message);
    let message = message.split(", set ").next().unwrap_or(message).split("; set ").next().unwrap_or(message);
    message.trim_start_matches("error: ").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<Node>, Diagnostics) {
        let mut diagnostics = Diagnostics::new();
        let source = Source::new("t.yaml", text);
        let node = parse(&source, 0..text.len(), &mut diagnostics);
        (node, diagnostics)
    }

    fn scalar(node: &Node) -> &str {
        match &node.kind {
            Kind::Scalar(text) => text,
            kind => panic!("{kind:?}"),
        }
    }

    #[test]
    fn scalars_stay_as_typed_and_know_their_bytes() {
        let text = "é: no\nb: 007\nc: 'it''s'\nd: [1.50, 2026-11-02, ~]\ne: 0x1F\n";
        let (node, diagnostics) = read(text);
        assert!(diagnostics.is_empty());
        let Some(Node { kind: Kind::Map(entries), .. }) = node else { panic!("a map") };
        let values: Vec<_> = entries[..3].iter().map(|(_, value)| scalar(value)).collect();
        assert_eq!(values, ["no", "007", "it's"]);
        assert_eq!(&text[entries[1].1.span.clone()], "007");
        assert_eq!(&text[entries[0].0.span.clone()], "é");
        let Kind::List(items) = &entries[3].1.kind else { panic!("a list") };
        assert_eq!((scalar(&items[0]), scalar(&items[1])), ("1.50", "2026-11-02"));
        assert!(matches!(items[2].kind, Kind::Null));
        assert_eq!(scalar(&entries[4].1), "0x1F");
    }

    #[test]
    fn a_fault_of_the_text_has_its_place() {
        for text in ["a: 1\nb: \"é\\ud800\"\n", "a: 1\nb: é\0\n"] {
            let (_, diagnostics) = read(text);
            let place = diagnostics.iter().next().and_then(|problem| problem.place.position());
            assert_eq!(place.map(|place| place.line), Some(2), "{text:?}");
        }
    }

    #[test]
    fn a_merge_brings_nothing_in() {
        let (node, _) = read("<<: {tlp: clear}\n");
        let Some(Node { kind: Kind::Map(entries), .. }) = node else { panic!("a map") };
        assert_eq!((entries.len(), scalar(&entries[0].0)), (1, "<<"));
    }

    #[test]
    fn traps_are_refused_with_a_place() {
        let bomb = "a: &a [1]\nb: [*a, *a]\n";
        let deep = "[".repeat(10_000);
        for text in
            [bomb, deep.as_str(), "a: 1\na: 2\n", "a: !!python/object x\n", "a: 1\n---\nb: 2\n", "a: [", "\t- x: : y"]
        {
            let (node, diagnostics) = read(text);
            assert!(node.is_none() && diagnostics.has_errors(), "{:.40}", text);
        }
    }
}
