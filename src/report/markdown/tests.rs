use std::fmt::Write as _;

use proptest::prelude::*;
use pulldown_cmark::{Event as Raw, Tag, TagEnd};

use super::*;
use crate::diagnostics::{Code, Place, Severity, Source, render};
use crate::report::blocks::Blocks;

/// The document of a text, and what was told: the code and the text meant.
fn parsed(text: &str) -> (Document, Vec<(Code, String)>) {
    let source = Source::new("a.md", text);
    let mut diagnostics = Diagnostics::new();
    let document = Document::parse(&CutText::whole(&source, 0..text.len()), &mut diagnostics);
    let told = diagnostics.iter().map(|d| match &d.place {
        Place::Span { span, .. } => (d.code, text[span.clone()].to_owned()),
        _ => (d.code, String::new()),
    });
    (document, told.collect())
}

fn fine(text: &str) -> Document {
    let (document, told) = parsed(text);
    assert_eq!(told, [], "{text}");
    document
}

/// The events in short.
fn sketch(document: &Document) -> String {
    let mut out = String::new();
    for event in document.body() {
        let _ = match event {
            Event::Markdown(Raw::Start(Tag::Paragraph)) => write!(out, "<"),
            Event::Markdown(Raw::End(TagEnd::Paragraph)) => write!(out, ">"),
            Event::Markdown(Raw::Start(Tag::Item)) => write!(out, "("),
            Event::Markdown(Raw::End(TagEnd::Item)) => write!(out, ")"),
            Event::Markdown(Raw::Text(text) | Raw::Code(text)) => write!(out, "{text}"),
            Event::Markdown(Raw::SoftBreak) => write!(out, "/"),
            Event::Markdown(_) => Ok(()),
            Event::Figure(path) => write!(out, "{{{}}}", path.as_str()),
            Event::StartCaption => write!(out, "«"),
            Event::EndCaption => write!(out, "»"),
            Event::Embedded(embedded) => write!(out, "{embedded:?}"),
            Event::Image(image) => write!(out, "[{}{}]", if image.block { "" } else { "~" }, image.source),
            Event::Technique(id) => write!(out, "«{id}»"),
            Event::Cve(id) => write!(out, "«{id}»"),
            Event::Footnote(number) => write!(out, "^{number}"),
        };
    }
    out
}

#[test]
fn figures_and_ids_stand_where_they_were_written() {
    let document = fine("**:figure[devices.exposed]** of T1059.001, cve-2025-53770. `T1003 :figure[x]`\n\n    T1001\n");
    assert_eq!(sketch(&document), "<{devices.exposed} of «T1059.001», «CVE-2025-53770». T1003 :figure[x]>T1001\n");
    assert_eq!(document.techniques().len(), 1);
    assert_eq!(document.figures().count(), 1);
    assert_eq!(document.words(), 5);
}

#[test]
fn images_stand_beside_paragraphs() {
    let image = ":::image source=\"a_b*c.png\" alt-text=\"x | `y*\":::";
    assert_eq!(sketch(&fine(image)), "[a_b*c.png]");
    assert_eq!(sketch(&fine(&format!("a\n{image}\n{image}  \nb"))), "<a>[a_b*c.png][a_b*c.png]<b>");
    assert_eq!(sketch(&fine(&format!("1. a\n   {image}\n2. b\n\n   {image}"))), "(<a>[a_b*c.png])(<b>[a_b*c.png])");
    assert_eq!(sketch(&fine(&format!("- a\n  {image}\n- b"))), "(a[a_b*c.png])(b)");
    assert_eq!(sketch(&fine(&format!("a {image} b"))), "<a [~a_b*c.png] b>");
    assert_eq!(sketch(&fine("![a *b*](c.png \"d\")\n\na ![b](c)")), "[c.png]<a [~c]>");
    assert_eq!(fine("![a *b* `c`](c.png)").images()[0].alt, "a b c");
    assert_eq!(parsed("a ![](b.png)").1, [(Code::Image, "![](b.png)".into())]);
}

#[test]
fn a_complex_image_keeps_its_long_description() {
    let text = ":::image type=\"complex\" source=\"a\" alt-text=\"b\":::\n   Long.\n:::image-end:::\n\nc";
    assert_eq!(sketch(&fine(text)), "[a]<Long.><c>");
}

#[test]
fn raw_html_is_text_and_comments_too() {
    assert_eq!(sketch(&fine("<div>\na\n</div>\n\nb <i>c</i>")), "<<div>\na\n</div>><b <i>c</i>>");
    for text in ["<!-- a -->\n\nb", "b <!-- a -->", "<!-- a"] {
        let (document, told) = parsed(text);
        assert!(sketch(&document).contains("<!-- a"), "{text}");
        assert_eq!(told.iter().map(|(code, _)| *code).collect::<Vec<_>>(), [Code::ShownComment], "{text}");
    }
}

#[test]
fn footnotes_are_numbered_as_they_are_met() {
    let text = "a[^B] b[^a] c[^b]\n\n[^a]: one[^c]\n[^b]: two\n[^c]: three T1059\n[^d]: four T1003\n";
    let (document, told) = parsed(text);
    assert_eq!(sketch(&document), "<a^1 b^2 c^1>");
    assert_eq!(document.footnotes().len(), 3);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(document.techniques().iter().map(TechniqueId::as_str).collect::<Vec<_>>(), ["T1059"]);
    let undefined = parsed("a[^x] 漢[^y]\n*[^x]* \\[^z] [^2 b] [^v]\n\n> - [^un]: w").1;
    let told: Vec<_> = undefined.iter().map(|(_, at)| at.as_str()).collect();
    assert_eq!(told, ["[^x]", "[^y]", "[^x]", "[^v]", "[^un]"]);
}

#[test]
fn heading_ids_are_unique_and_prefixed() {
    let text = "# A b\n# A b\n## Übersicht!\n# x {#a-b}\n# __proto__\n# !\n# a-b-2\n# y {#a-b}\n# `T1059` T1059 :figure[devices.total]";
    let document = fine(text);
    let ids: Vec<_> = document.headings().iter().map(|h| h.id.as_str()).collect();
    assert_eq!(
        ids,
        ["h-a-b-1", "h-a-b-2", "h-übersicht", "h-a-b", "h-proto", "h-section", "h-a-b-2-1", "h-y", "h-t1059-t1059"]
    );
    assert_eq!(document.headings()[2].level, 2);
    assert_eq!(document.anchor("A-b"), Some("h-a-b"));
    assert_eq!(document.anchor("nowhere"), None);
}

#[test]
fn a_heading_loses_nothing_but_its_id() {
    for (heading, text, id) in [
        ("## Install #{venv_path}", "Install #{venv_path}", "h-install-venv_path"),
        ("## A {#b}", "A", "h-b"),
        ("## A {#b} ##", "A", "h-b"),
        ("A {#b}\n---", "A", "h-b"),
        ("## `code` {#b_c}", "code", "h-b_c"),
        ("## *A* **b** {#C}", "A b", "h-c"),
        ("## T1059 {#b}", "T1059", "h-b"),
        ("## a\\_b {#c}", "a_b", "h-c"),
        ("## A &amp; {#b}", "A &", "h-b"),
        ("## A {#b/c\"d}", "A", "h-bcd"),
        ("## A {#über}", "A", "h-über"),
        ("## {#b}", "", "h-b"),
        ("## A {.b}", "A {.b}", "h-a-b"),
        ("## A {#b .c}", "A {#b .c}", "h-a-b-c"),
        ("## A {#}", "A {#}", "h-a-"),
        ("## A {#\"/}", "A", "h-a"),
        ("## A \\{#b}", "A {#b}", "h-a-b"),
        ("## A \\\\{#b}", "A \\", "h-b"),
        ("## A {\\#b}", "A {#b}", "h-a-b"),
        ("## A `{#b}`", "A {#b}", "h-a-b"),
        ("## A {#b} c", "A {#b} c", "h-a-b-c"),
        ("## A {#*b*}", "A {#b}", "h-a-b"),
    ] {
        let document = fine(heading);
        let [found] = document.headings() else { panic!("{heading}: one heading") };
        assert_eq!((found.text.trim_end(), found.id.as_str()), (text, id), "{heading}");
        assert_eq!(document.plain().trim_end(), text, "{heading}");
    }
}

#[test]
fn a_paragraph_that_says_table_is_the_caption_of_the_table_beneath_it() {
    let table = "| a | b |\n|---|---|\n| c | d |\n";
    let document = fine(&format!("# Patched\n\nTable: Fixed *in* CVE-2025-53770\n\n{table}\n{table}"));
    assert!(sketch(&document).starts_with("Patched«Fixed in «CVE-2025-53770»»ab"), "{}", sketch(&document));
    let tables: Vec<_> = document.tables().iter().map(|table| (table.id.as_str(), table.name.as_str())).collect();
    assert_eq!(tables, [("h-fixed-in-cve-2025-53770", "Fixed in CVE-2025-53770"), ("h-table-2", "Patched: a, b")]);
    assert_eq!(document.plain(), "Patched Fixed in CVE-2025-53770 a b  c d   a b  c d   ");
    for text in ["Table:", "Tables: a", "> Table: a\n", "Table: a\n\nb", "- Table: a\n"] {
        let document = fine(&format!("{text}\n\n{table}"));
        assert_eq!(
            (document.tables()[0].id.as_str(), document.tables()[0].name.as_str()),
            ("h-table-1", "Table: a, b")
        );
        assert!(
            sketch(&document).contains(text.trim_start_matches(['>', '-', ' ']).lines().next().unwrap_or_default())
        );
    }
    let taken = fine(&format!("# Fixed\n\nTable: Fixed\n\n{table}\n[a](#fixed-1)"));
    assert_eq!(taken.tables()[0].id, "h-fixed-1");
}

#[test]
fn links_are_judged_where_the_text_alone_can() {
    let document = fine("# A\n[a](#a) [b](https://h/ \"t\") <x@y.example> [c](/threats/b/) [T1059](d)");
    let destinations: Vec<_> = document.links().iter().map(|link| link.destination.as_str()).collect();
    assert_eq!(destinations, ["#a", "https://h/", "mailto:x@y.example", "/threats/b/", "d"]);
    assert_eq!(document.techniques().len(), 1);
    assert_eq!(parsed("[a](#b)").1, [(Code::DeadLink, "[a](#b)".into())]);
    assert_eq!(parsed("[a](java&#115;cript:x)").1, [(Code::ForbiddenScheme, "[a](java&#115;cript:x)".into())]);
    assert_eq!(parsed("[a][b]").1, [(Code::DeadLink, "[a][b]".into())]);
}

#[test]
fn a_marker_that_hides_nothing_is_an_error() {
    for text in [
        "- a\n  ::: scope tlp=\"red\"\n  secret\n  :::\n",
        "> ::: scope tlp=\"red\"\n> secret\n> :::\n",
        "<div>\n```\n\n::: scope tlp=\"red\"\nsecret\n:::\n\n<p>\n```\n",
        "1. ```\na\n\n::: scope tlp=\"red\"\nsecret\n:::\n    ```\n",
    ] {
        let source = Source::new("a.md", text);
        let mut diagnostics = Diagnostics::new();
        let blocks = Blocks::find(&source, 0..text.len(), &mut diagnostics);
        let cut = blocks.cut(&source, &blocks.signature(|_| false));
        let _ = Document::parse(&cut, &mut diagnostics);
        assert!(!cut.text().contains("secret") || diagnostics.has_errors(), "{text}");
    }
    assert_eq!(fine("~~~\n::: scope tlp=\"red\"\n:::\n~~~").words(), 0);
}

#[test]
fn problems_point_into_the_file_through_a_cut() {
    let text = "---\nx\n---\n::: scope tlp=\"red\"\nsecret\n:::\n\n:figure[devices.exposd]\n";
    let source = Source::new("a.md", text);
    let mut diagnostics = Diagnostics::new();
    let blocks = Blocks::find(&source, 10..text.len(), &mut diagnostics);
    let _ = Document::parse(&blocks.cut(&source, &blocks.signature(|_| false)), &mut diagnostics);
    let position = diagnostics.iter().next().and_then(|d| d.place.position()).map(|p| (p.line, p.column));
    assert_eq!(position, Some((8, 9)));
}

#[test]
fn texts_that_want_to_hurt_are_refused_or_read() {
    assert_eq!(parsed(&">".repeat(100_000)).1[0].0, Code::Unparseable);
    assert_eq!(parsed(&"a".repeat((4 << 20) + 1)).1[0].0, Code::TooLarge);
    // pulldown-cmark #1110
    let _ = parsed("\u{fffd}\u{fffd}  2\n::<\n  {}\n -\n");
    for hostile in [
        "# a\n",
        "[a](#a) ",
        "*",
        "[",
        ":figure[devices.total] ",
        "a[^a] ",
        ":figure[",
        ":::image ",
        "T1059 ",
        "<!--",
        "`",
        ":::\n",
        "![",
        "- ",
    ] {
        let _ = parsed(&hostile.repeat(10_000));
    }
}

/// Real reports: what may complain, and how often.
#[test]
#[allow(clippy::print_stderr)]
fn real_reports_are_read() {
    let shared = ["../shared", "../../shared"].map(|up| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(up));
    let Some(entries) = shared.iter().find_map(|shared| std::fs::read_dir(shared.join("data/reports")).ok()) else {
        return eprintln!("skipped: no shared data");
    };
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("UTF-8");
        let start = text.strip_prefix("---").and_then(|rest| rest.find("\n---")).map_or(0, |end| end + 7);
        let source = Source::new(path.file_name().unwrap_or_default().to_string_lossy(), text.as_str());
        let mut diagnostics = Diagnostics::new();
        let blocks = Blocks::find(&source, start..text.len(), &mut diagnostics);
        let document = Document::parse(&blocks.cut(&source, &blocks.signature(|_| true)), &mut diagnostics);
        assert!(document.words() > 0, "{}", path.display());
        for diagnostic in diagnostics.iter() {
            eprintln!("{}", render::text(diagnostic, false));
        }
        assert!(diagnostics.iter().all(|d| d.severity < Severity::Error || text.contains(":::")), "{}", path.display());
    }
}

proptest! {
    #[test]
    fn parsing_never_panics(text in "(:::image |source=\"|alt-text=\"|:figure\\[|devices.total|\\]|\\[\\^a\\]|\\(|\\)|`|```|\\*|!\\[|\\||\n\n|\n- |<!--|-->|<b>|T1059|&amp;|\\\\|\\PC|[ \r\n])*") {
        let _ = parsed(&text);
    }
}
