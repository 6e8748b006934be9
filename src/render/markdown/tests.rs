use proptest::prelude::*;

use super::*;
use crate::diagnostics::{Diagnostics, Source};
use crate::report::blocks::CutText;

struct Site;

impl Context for Site {
    fn link(&self, destination: &str) -> Option<String> {
        match destination {
            "hidden" => None,
            "trap" => Some("javascript:alert(1)".to_owned()),
            other => Some(format!("../{other}")),
        }
    }

    fn image(&self, source: &str) -> Option<ImageTarget> {
        (source != "gone.png").then(|| ImageTarget { url: format!("../{source}"), size: Some((640, 480)) })
    }

    fn figure(&self, path: &FigurePath) -> Option<String> {
        (path.as_str() == "devices.exposed").then(|| "1\u{202f}234".to_owned())
    }

    fn embedded(&self, embedded: Embedded, prefix: &str) -> Option<Html> {
        (embedded == Embedded::Chart("device-states"))
            .then(|| Html::trusted(format!("<figure id=\"{prefix}x\"></figure>\n")))
    }

    fn technique(&self, id: &TechniqueId) -> Option<Target> {
        let url = format!("/techniques/{id}/");
        (id.as_str() != "T1003").then(|| Target { url, title: Some("A \"name\"".to_owned()) })
    }

    fn vulnerability(&self, id: &CveId) -> Option<Target> {
        Some(Target { url: format!("/vulnerabilities/{id}/"), title: None })
    }
}

fn shown(text: &str) -> String {
    let source = Source::new("a.md", text);
    let document = Document::parse(&CutText::whole(&source, 0..text.len()), &mut Diagnostics::new());
    html(&document, &Site).to_string()
}

#[test]
fn prose_has_figures_and_linked_ids() {
    assert_eq!(
        shown("**:figure[devices.exposed]** :figure[devices.total] T1059 T1003 cve-2025-53770"),
        "<p><strong><span class=\"figure\">1\u{202f}234</span></strong> <span class=\"figure figure-unknown\">not available</span> \
         <a class=\"technique\" href=\"/techniques/T1059/\" title=\"A &quot;name&quot;\">T1059</a> T1003 \
         <a class=\"vulnerability\" href=\"/vulnerabilities/CVE-2025-53770/\">CVE-2025-53770</a></p>\n"
    );
}

#[test]
fn headings_begin_where_the_page_wants_them() {
    assert_eq!(
        shown("### A\n\n#### B {#x}\n"),
        "<h2 id=\"h-a\">A <a class=\"heading-anchor\" href=\"#h-a\" aria-label=\"Link to this heading\">#</a></h2>\n\
         <h3 id=\"h-x\">B <a class=\"heading-anchor\" href=\"#h-x\" aria-label=\"Link to this heading\">#</a></h3>\n"
    );
}

#[test]
fn only_allowed_links_are_links() {
    for (text, expected) in [
        (
            "[a](https://h/ \"t\")",
            "<a href=\"https://h/\" title=\"t\" class=\"external\" rel=\"noopener noreferrer\">a</a>",
        ),
        ("<mailto:a@b.example>", "<a href=\"mailto:a@b.example\">mailto:a@b.example</a>"),
        ("[a](b.md)", "<a href=\"../b.md\">a</a>"),
        ("[T1059](b)", "<a href=\"../b\">T1059</a>"),
        ("[a](hidden)", "a"),
        ("[a](trap)", "a"),
        ("[a](javascript:x)", "a"),
        ("[a](java&Tab;script:x)", "a"),
        ("[a](<java\tscript:x>)", "a"),
        ("[a](//h)", "a"),
        ("[a](\\\\\\\\h)", "a"),
        ("[a](#nowhere)", "a"),
        ("<javascript:x>", "javascript:x"),
    ] {
        assert_eq!(shown(text), format!("<p>{expected}</p>\n"), "{text}");
    }
    assert!(shown("# A\n\n[a](#a)").contains("<p><a href=\"#h-a\">a</a></p>"));
}

#[test]
fn images_are_figures_or_stand_in_the_line() {
    let img = "<img src=\"../a.png\" alt=\"b\" width=\"640\" height=\"480\" loading=\"lazy\" decoding=\"async\">";
    assert_eq!(
        shown("![b](a.png \"c\")"),
        format!("<figure class=\"image\">{img}<figcaption>c</figcaption></figure>\n")
    );
    assert_eq!(
        shown(":::image source=\"a.png\" alt-text=\"b\" lightbox=\"l.png\":::"),
        format!("<figure class=\"image\"><a class=\"lightbox\" href=\"../l.png\">{img}</a></figure>\n")
    );
    assert_eq!(shown("x ![b](a.png)"), format!("<p>x {img}</p>\n"));
    assert_eq!(shown("x ![b](gone.png)"), "<p>x <span class=\"image-missing\">b</span></p>\n");
}

#[test]
fn charts_and_tables_of_the_report_stand_beside_paragraphs() {
    assert_eq!(
        shown("a\n::chart[device-states]\nb\n\n- ::table[indicators]\n"),
        "<p>a</p>\n<figure id=\"text-1-x\"></figure>\n<p>b</p>\n<ul dir=\"auto\">\n<li>\
         <p class=\"empty\">The table <code>indicators</code> is not available.</p>\n</li>\n</ul>\n"
    );
}

#[test]
fn tables_have_headers_and_can_be_scrolled() {
    assert_eq!(
        shown("| A | |\n|---|--:|\n| 1 | 2 |\n"),
        "<div class=\"scroll table-scroll\" role=\"region\" tabindex=\"0\" id=\"h-table-1\" aria-label=\"Table: A\">\n<table dir=\"auto\">\n\
         <thead>\n<tr><th scope=\"col\">A</th><td class=\"align-end\"></td></tr>\n</thead>\n<tbody>\n\
         <tr><td>1</td><td class=\"align-end\">2</td></tr>\n</tbody>\n</table>\n</div>\n"
    );
}

#[test]
fn a_table_has_a_caption_and_an_address() {
    let table = shown("Table: What *helps*\n\n| A |\n|---|\n| 1 |\n\n[above](#what-helps)\n");
    assert!(
        table.starts_with(
            "<div class=\"scroll table-scroll\" role=\"region\" tabindex=\"0\" id=\"h-what-helps\" \
             aria-label=\"What helps\">\n<table dir=\"auto\">\n<caption>What <em>helps</em> <a class=\"heading-anchor\" \
             href=\"#h-what-helps\" aria-label=\"Link to this table\">#</a></caption>\n<thead>\n"
        ),
        "{table}"
    );
    assert!(table.contains("<a href=\"#h-what-helps\">above</a>"), "{table}");
    let second = shown("## Fixes\n\n| A | B |\n|---|---|\n");
    assert!(second.contains("id=\"h-table-1\" aria-label=\"Fixes: A, B\""), "{second}");
}

#[test]
fn callouts_have_a_title_that_is_seen() {
    assert_eq!(
        shown("> [!WARNING]\n> a"),
        "<aside class=\"callout callout-warning\" role=\"note\"><p class=\"callout-title\">Warning</p>\n<p>a</p>\n</aside>\n"
    );
}

const ANCHOR: &str = "<a class=\"heading-anchor\" href=\"#code-1\" aria-label=\"Link to this code\">#</a>";

#[test]
fn code_has_its_colours_as_classes() {
    let html = shown("```yara\nrule A { condition: \"<b>\" }\n```");
    assert!(
        html.contains(
            "<span class=\"hl-keyword\">rule</span> <span class=\"hl-function\">A</span> { \
             <span class=\"hl-keyword\">condition</span>: <span class=\"hl-string\">&quot;&lt;b&gt;&quot;</span> }"
        ),
        "{html}"
    );
}

#[test]
fn code_takes_only_safe_names() {
    let code = |info: &str| shown(&format!("```{info}\na\n```"));
    assert_eq!(
        code("KQL"),
        format!(
            "<figure class=\"code\" id=\"code-1\" data-language=\"kql\">\n<figcaption><span>kql {ANCHOR}</span></figcaption>\n\
             <pre tabindex=\"0\"><code class=\"language-kql\">a\n</code></pre>\n</figure>\n"
        )
    );
    let plain = format!(
        "<figure class=\"code\" id=\"code-1\">\n<figcaption><span>code {ANCHOR}</span></figcaption>\n\
         <pre tabindex=\"0\"><code>a\n</code></pre>\n</figure>\n"
    );
    for info in ["", "\"><script>", "é", &"a".repeat(10_000)] {
        assert_eq!(code(info), plain, "{info}");
    }
}

#[test]
fn footnotes_lead_there_and_back() {
    let html = shown("a[^x] b[^x]\n\n[^x]: e[^y]\n[^y]: f[^x]\n");
    for part in [
        "a<sup class=\"footnote-ref\"><a id=\"fnref-1\" href=\"#fn-1\" role=\"doc-noteref\" aria-label=\"Footnote 1\">1</a></sup>",
        "b<sup class=\"footnote-ref\"><a id=\"fnref-1-2\"",
        "<li id=\"fn-1\"><p>e<sup",
        "href=\"#fnref-1-3\" role=\"doc-backlink\" aria-label=\"Back to reference 1\"",
        "<li id=\"fn-2\"><p>f<sup class=\"footnote-ref\"><a id=\"fnref-1-3\"",
    ] {
        assert!(html.contains(part), "{part} is missing in:\n{html}");
    }
    assert!(!html.contains("#fnref-1-4"));
}

/// Reads markup as strictly as nobody else would, and tells what is wrong with it.
fn fault(html: &str) -> Option<String> {
    const ELEMENTS: [&str; 33] = [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "a",
        "em",
        "strong",
        "del",
        "code",
        "pre",
        "ul",
        "ol",
        "li",
        "blockquote",
        "aside",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "div",
        "figure",
        "figcaption",
        "span",
        "sup",
        "section",
        "img",
        "br",
        "hr",
    ];
    const ATTRIBUTES: [&str; 18] = [
        "id",
        "class",
        "href",
        "title",
        "rel",
        "role",
        "tabindex",
        "aria-label",
        "scope",
        "src",
        "alt",
        "width",
        "height",
        "loading",
        "decoding",
        "start",
        "dir",
        "data-language",
    ];
    let (mut open, mut ids, mut rest) = (Vec::new(), std::collections::BTreeSet::new(), html);
    while let Some((text, after)) = rest.split_once('<') {
        if text.contains('>') {
            return Some(format!("a stray > in {text}"));
        }
        let Some((tag, after)) = after.split_once('>') else { return Some(format!("an open tag at {after}")) };
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Some(format!("</{name}> closes nothing"));
            }
            continue;
        }
        let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        if !ELEMENTS.contains(&name) || (name == "a" && open.contains(&"a")) {
            return Some(format!("<{name}>"));
        }
        while !attributes.is_empty() {
            let parts = attributes.split_once("=\"").and_then(|(name, rest)| Some((name, rest.split_once('"')?)));
            let Some((attribute, (value, after))) = parts else { return Some(attributes.to_owned()) };
            attributes = after.trim_start();
            let url = ["href", "src"].contains(&attribute);
            let allowed = ["#", "../", "/", "https://", "http://", "HTTP", "mailto:"]
                .iter()
                .any(|start| value.starts_with(start));
            if !ATTRIBUTES.contains(&attribute) || (url && !allowed) || (attribute == "id" && !ids.insert(value)) {
                return Some(format!("{attribute}={value}"));
            }
        }
        if !["img", "br", "hr"].contains(&name) {
            open.push(name);
        }
    }
    if rest.contains('>') {
        return Some(format!("a stray > in {rest}"));
    }
    (!open.is_empty()).then(|| format!("{open:?} left open"))
}

fn unescaped(html: &str) -> String {
    html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

fn without_tags(html: &str) -> String {
    html.split('<')
        .enumerate()
        .map(|(at, part)| if at == 0 { part } else { part.split_once('>').map_or("", |(_, text)| text) })
        .collect()
}

#[test]
fn the_checker_can_fail() {
    for bad in [
        "<p>",
        "<script></script>",
        "<a href=\"javascript:x\"></a>",
        "<p id=\"a\"></p><p id=\"a\"></p>",
        "</p>",
        "a > b",
        "<p onclick=\"x\"></p>",
    ] {
        assert!(fault(bad).is_some(), "{bad}");
    }
}

const MARKDOWN: &str = "(# |> |> \\[!NOTE\\]\n|- |1\\. |\\| a \\| b \\|\n|---\\|---\n|\n|\n\n|\\[|\\]|\\(|\\)|!|`|```|\\*\\*|_|~~|<b>|<!--|-->|&amp;|javascript:|https://h|#a|\\[\\^a\\]|\\[\\^a\\]: |:figure\\[devices.exposed\\]|:::image source=\"a.png\" alt-text=\"b\":::|T1059|\"|'|\\\\|    |[ab\u{202e}é\t\r]|\\PC)*";

proptest! {
    #[test]
    fn markup_is_well_formed_and_allowed(text in MARKDOWN) {
        prop_assert_eq!(fault(&shown(&text)), None);
    }

    #[test]
    fn code_shows_what_was_written(
        lines in prop::collection::vec("(let |rule |\\$a|/\\*|//|\"|'|<#|```|[ -_a-~é😀])*", 1..5),
        crlf: bool,
        language in prop::sample::select(&["kql", "spl", "yara", "powershell", "sigma", "python", "c", "klingon"]),
    ) {
        let end = if crlf { "\r\n" } else { "\n" };
        let text = format!("~~~~~{language}{end}{}{end}~~~~~", lines.join(end));
        let html = shown(&text);
        let code = html.split_once(&format!("language-{language}\">")).and_then(|(_, rest)| rest.split_once("</code>"));
        let code = code.map(|(code, _)| unescaped(&without_tags(code)));
        prop_assert_eq!(code, Some(format!("{}\n", lines.join("\n"))));
    }
}
