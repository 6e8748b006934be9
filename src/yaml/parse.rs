//! Text to tree, within a budget.

use std::ops::Range;
use std::sync::Arc;

use granit_parser::{ErrorKind, Parser, ScanError};

use super::tree::{DEEPEST, HOW_DEEP, TOO_DEEP, Tree};
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
    let options = granit_parser::options! {
        flow_nesting_limit: DEEPEST,
        block_nesting_limit: DEEPEST,
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
    };
    let mut tree = Tree::new(source, range.start);
    for event in Parser::new_from_str_with_options(text, options) {
        match event {
            Ok((event, span)) => {
                if tree.take(event, &span).is_none() {
                    break;
                }
            }
            Err(error) => {
                diagnostics.append(tree.finish().1);
                diagnostics.push(fault(source, &range, &error));
                return None;
            }
        }
    }
    let (root, refused) = tree.finish();
    let is_refused = refused.has_errors();
    diagnostics.append(refused);
    // Nothing at all says as much as a mapping without keys.
    let empty = || Node { span: range.start..range.start, kind: Kind::Map(Vec::new()) };
    let root = root.filter(|root| !matches!(root.kind, Kind::Null)).unwrap_or_else(empty);
    (!is_refused).then_some(root)
}

/// What keeps the parser from going on, where it stands.
fn fault(source: &Arc<Source>, range: &Range<usize>, error: &ScanError) -> Diagnostic {
    let at = range.start + error.marker().byte_offset().unwrap_or(0);
    let at = source.text().floor_char_boundary(at.min(range.end));
    let (message, hint) = match error.kind() {
        ErrorKind::RecursionLimitExceeded => (TOO_DEEP.to_owned(), HOW_DEEP),
        _ => (error.info(), "put text with `: ` or `#` in quotes"),
    };
    Diagnostic::error(Code::InvalidYaml, message).at(source, at..at).hint(hint)
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
    fn numbers_of_any_size_are_text() {
        let (node, diagnostics) = read("a: [9e999, .inf, -.nan, 99999999999999999999999999999999999999999999]\nb:\n");
        assert!(diagnostics.is_empty());
        let Some(Node { kind: Kind::Map(entries), .. }) = node else { panic!("a map") };
        let Kind::List(items) = &entries[0].1.kind else { panic!("a list") };
        let texts: Vec<_> = items.iter().map(scalar).collect();
        assert_eq!(texts, ["9e999", ".inf", "-.nan", "99999999999999999999999999999999999999999999"]);
        assert!(matches!(entries[1].1.kind, Kind::Null));
    }

    /// What is told of a text, with line and column.
    fn told(text: &str) -> Vec<(String, usize, usize)> {
        let (node, diagnostics) = read(text);
        assert!(node.is_none(), "{text}");
        let place = |problem: &Diagnostic| problem.place.position().map_or((0, 0), |at| (at.line, at.column));
        let one = |problem: &Diagnostic| {
            let (line, column) = place(problem);
            (problem.message.clone(), line, column)
        };
        diagnostics.iter().map(one).collect()
    }

    #[test]
    fn every_tag_is_refused_where_it_stands() {
        for tag in ["!!binary", "!!str", "!!int", "!!map", "!", "!x", "!<tag:yaml.org,2002:str>", "!!merge"] {
            let one = |line, column| (format!("unsupported tag `{tag}`"), line, column);
            assert_eq!(told(&format!("é: {tag} cmVk\n")), [one(1, 4)]);
            assert_eq!(told(&format!("{tag} dGxw: clear\n")), [one(1, 1)]);
            assert_eq!(told(&format!("a: {tag} # a comment\n  b: [c, {tag} [d]]\n")), [one(1, 4), one(2, 10)]);
        }
        let own = "%TAG !e! tag:yaml.org,2002:\n---\na: !e!str b\n";
        assert_eq!(told(own), [("unsupported tag `!e!str`".to_owned(), 3, 4)]);
    }

    #[test]
    fn a_key_is_what_it_says_however_it_is_written() {
        for again in ["\"tl\\x70\"", "'tlp'", "? tlp\n"] {
            let told = told(&format!("tlp: clear\n{again}: red\n"));
            assert_eq!(
                told,
                [("duplicate mapping key: tlp".to_owned(), 2, if again.starts_with('?') { 3 } else { 1 })]
            );
        }
    }

    #[test]
    fn what_is_refused_is_told_in_our_words() {
        let one = |message: &str, line, column| (message.to_owned(), line, column);
        assert_eq!(told("a: &t [1]\nb: [*t, *u]\n"), [one("unsupported anchor `&t`", 1, 4)]);
        assert_eq!(told("b: [*u]\n"), [one("unsupported alias `*u`", 1, 5)]);
        let several = "a: !x 1\n'a': 1\nb: {c: 1, c: 2}\n";
        let expected = [
            one("unsupported tag `!x`", 1, 4),
            one("duplicate mapping key: c", 3, 11),
            one("duplicate mapping key: a", 2, 1),
        ];
        assert_eq!(told(several), expected);
        assert_eq!(told("a: 1\n---\nb: 2\n"), [one("a second document begins here", 2, 1)]);
        let deep = |list: &str, depth: usize| format!("a:\n {}", list.repeat(depth));
        let mixed = deep("- ", 20) + &"[".repeat(20) + &"]".repeat(20);
        for deep in [deep("[", 40), deep("- ", 40), mixed] {
            let told = told(&deep);
            assert_eq!((told.len(), told[0].0.as_str(), told[0].1), (1, TOO_DEEP, 2), "{deep}");
        }
        assert!(read(&format!("a: {}{}", "[".repeat(31), "]".repeat(31))).0.is_some());
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
