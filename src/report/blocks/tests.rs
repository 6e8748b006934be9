use proptest::prelude::*;

use super::*;

fn cut_of(text: &str, blocks: &Blocks, visible: impl Fn(&Block) -> bool) -> CutText {
    blocks.cut(&Source::new("a.md", text), &blocks.signature(visible))
}

fn found(text: &str) -> (Blocks, Vec<(Code, String)>) {
    let source = Source::new("a.md", text);
    let mut diagnostics = Diagnostics::new();
    let blocks = Blocks::find(&source, 0..text.len(), &mut diagnostics);
    let told = diagnostics.iter().map(|d| {
        let crate::diagnostics::Place::Span { span, .. } = &d.place else { panic!("a span") };
        (d.code, text[span.clone()].to_owned())
    });
    (blocks, told.collect())
}

fn cut(text: &str, visible: impl Fn(&Block) -> bool) -> String {
    let (blocks, told) = found(text);
    assert_eq!(told, [], "{text}");
    cut_of(text, &blocks, visible).text().to_owned()
}

#[test]
fn a_hidden_block_leaves_zero_bytes_and_a_visible_one_its_content() {
    let text = "a\n::: scope groups=\"A; B\" tlp=\"red\"\nsecret\n:::\nb\n";
    assert_eq!(cut(text, |_| false), "a\nb\n");
    assert_eq!(cut(text, |_| true), "a\nsecret\nb\n");
    assert_eq!(cut(&text.replace('\n', "\r\n"), |_| false), "a\r\nb\r\n");
    let (blocks, _) = found(text);
    let block = &blocks.list[0];
    assert_eq!(block.groups.iter().map(String::as_str).collect::<Vec<_>>(), ["A", "B"]);
    assert_eq!(block.tlp, Some(Tlp::Red));
}

#[test]
fn nested_blocks_need_both_conditions() {
    let text = "::: scope tlp=\"green\"\n1\n::: scope tlp=\"red\"\n2\n:::\n3\n:::\n4";
    assert_eq!(cut(text, |b| b.tlp == Some(Tlp::Green)), "1\n3\n4");
    assert_eq!(cut(text, |b| b.tlp == Some(Tlp::Red)), "4");
    assert_eq!(cut(text, |_| true), "1\n2\n3\n4");
}

#[test]
fn inside_a_fence_a_marker_is_text() {
    for text in ["````\n```\n::: scope tlp=\"red\"\n:::\n````\n", "~~~ md\n:::\n~~~", "1. a\n   ```\n:::\n      ```\n"]
    {
        assert_eq!(cut(text, |_| false), text);
    }
    let text = "::: scope tlp=\"red\"\n```\n:::\n```\n:::\nb";
    assert_eq!(cut(text, |_| false), "b");
}

#[test]
fn a_fence_that_swallows_a_marker_is_told() {
    let (_, told) = found("```\ncode\n\n::: scope tlp=\"red\"\nsecret\n:::\n");
    assert_eq!(told, [(Code::UnclosedScope, "```".into())]);
    let text = "::: scope tlp=\"red\"\n```\n:::\nb\n";
    let (blocks, told) = found(text);
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(cut_of(text, &blocks, |_| false).text(), "");
}

#[test]
fn mistakes_are_told_where_they_stand_and_hide() {
    for (line, at) in [
        ("::: scope", "::: scope"),
        ("::: scope groups=\"\"", ""),
        ("::: scope groups=\"A;;B\"", "A;;B"),
        ("::: scope tlp=\"white\"", "white"),
        ("::: scope group=\"A\"", "group"),
        ("::: scope groups=\"A\" groups=\"B\"", "groups"),
        ("::: scope groups='A'", "groups='A'"),
        ("::: scope groups=\"A\" {x}", "{x}"),
    ] {
        let (blocks, told) = found(&format!("{line}\nsecret\n:::\n"));
        assert_eq!(told, [(Code::InvalidDirective, at.to_owned())], "{line}");
        assert_eq!(blocks.list[0].tlp, Some(Tlp::Red), "{line}");
    }
    assert_eq!(found("a\n:::\n").1, [(Code::UnclosedScope, ":::".into())]);
    assert_eq!(found("::: scope tlp=\"red\" \nb").1, [(Code::UnclosedScope, "::: scope tlp=\"red\" ".into())]);
}

#[test]
fn offsets_lead_back_to_the_file() {
    let text = "---\nü\n::: scope tlp=\"red\"\nsecret\n:::\nb\n";
    let source = Source::new("a.md", text);
    let blocks = Blocks::find(&source, 4..text.len(), &mut Diagnostics::new());
    let cut = blocks.cut(&source, &blocks.signature(|_| false));
    assert_eq!(cut.text(), "ü\nb\n");
    assert_eq!(&text[cut.original(3..4)], "b");
    assert_eq!(&text[cut.original(0..3)], "ü\n");
    assert_eq!(cut.original(5..5), text.len()..text.len());
}

/// Text without markers and with every fence closed.
fn prose() -> impl Strategy<Value = String> {
    let line = prop_oneof!["[a-zé`*\\[\\]<>:|~ -]{0,8}", Just("- item".to_owned()), Just("[x]: http://h/".to_owned())];
    prop::collection::vec(line, 0..6).prop_map(|lines| {
        let kept = lines.into_iter().filter(|line| Marker::of(line).is_none() && Fence::opened_by(line).is_none());
        kept.map(|line| line + "\n").collect()
    })
}

proptest! {
    #[test]
    fn what_is_hidden_changes_nothing(before in prose(), one in prose(), two in prose(), after in prose(), fenced: bool) {
        let fence = if fenced { "```\n:::\n```\n" } else { "" };
        let with = |inside: &str| format!("{before}::: scope groups=\"A\"\n{inside}:::\n{after}");
        let left = cut(&with(&one), |_| false);
        prop_assert_eq!(&left, &cut(&with(&format!("{fence}{two}")), |_| false));
        prop_assert_eq!(left, format!("{before}{after}"));
    }

    #[test]
    fn nothing_panics(text in "(:::|scope|tlp=\"red\"|groups=\"A\"|```|~~~|\\PC|[ \r\n\"])*") {
        let source = Source::new("a.md", text.as_str());
        let blocks = Blocks::find(&source, 0..text.len(), &mut Diagnostics::new());
        let cut = blocks.cut(&source, &blocks.signature(|block| block.tlp.is_some()));
        for at in 0..=cut.text().len() {
            prop_assert!(cut.original(at..at).end <= text.len());
        }
    }
}
