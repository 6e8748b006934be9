//! Nothing of a text is lost: what a reader sees of a real document is what another CommonMark
//! renderer shows of it. Raw HTML is escaped in both; what only we add (captions of code, anchors,
//! titles of callouts) and what both treat differently on purpose (images, footnotes, directives) is
//! set aside.

use std::fs;
use std::path::Path;

use html5ever::tendril::TendrilSink as _;
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use threatpress::diagnostics::{Diagnostics, Source};
use threatpress::render::Html;
use threatpress::render::markdown::{Context, ImageTarget, Target, html};
use threatpress::report::Document;
use threatpress::report::blocks::CutText;
use threatpress::report::markdown::{Embedded, FigurePath};
use threatpress::terms::{CveId, TechniqueId};

/// A page on which everything is there.
struct Everything;

impl Context for Everything {
    fn link(&self, destination: &str) -> Option<String> {
        Some(destination.to_owned())
    }

    fn image(&self, source: &str) -> Option<ImageTarget> {
        Some(ImageTarget { url: source.to_owned(), size: None })
    }

    fn figure(&self, _: &FigurePath) -> Option<String> {
        None
    }

    fn embedded(&self, _: Embedded, _: &str) -> Option<Html> {
        None
    }

    fn technique(&self, _: &TechniqueId) -> Option<Target> {
        None
    }

    fn vulnerability(&self, _: &CveId) -> Option<Target> {
        None
    }
}

fn ours(text: &str) -> String {
    let source = Source::new("a.md", text);
    let document = Document::parse(&CutText::whole(&source, 0..text.len()), &mut Diagnostics::new());
    html(&document, &Everything).to_string()
}

fn theirs(text: &str) -> String {
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.footnotes = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.alerts = true;
    options.render.escape = true;
    comrak::markdown_to_html(text, &options)
}

/// The words that markup shows.
fn words(markup: &str) -> Vec<String> {
    let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(markup);
    let mut text = String::new();
    gather(&dom.document, &mut text);
    // A callout that only one of the two takes for one shows its marker in the other.
    text.split_whitespace().filter(|word| !word.starts_with("[!")).map(str::to_owned).collect()
}

fn gather(node: &Handle, text: &mut String) {
    match &node.data {
        NodeData::Text { contents } => text.push_str(&contents.borrow()),
        NodeData::Element { name, attrs, .. } => {
            let attrs = attrs.borrow();
            let class =
                attrs.iter().find(|a| &*a.name.local == "class").map(|a| a.value.to_string()).unwrap_or_default();
            const ADDED: [&str; 5] =
                ["heading-anchor", "callout-title", "markdown-alert-title", "task", "footnote-backref"];
            let added = class.split(' ').any(|class| ADDED.contains(&class) || class.starts_with("footnote"));
            let caption = &*name.local == "figcaption";
            if added || caption || &*name.local == "input" {
                return;
            }
            // Blocks and cells are parted, whatever white space stands between their tags.
            const INLINE: [&str; 8] = ["a", "em", "strong", "del", "code", "span", "sup", "img"];
            if !INLINE.contains(&&*name.local) {
                text.push(' ');
            }
        }
        _ => {}
    }
    for child in node.children.borrow().iter() {
        gather(child, text);
    }
    if matches!(&node.data, NodeData::Element { name, .. } if matches!(&*name.local, "td" | "th" | "li" | "p" | "br")) {
        text.push(' ');
    }
}

/// Whether a line is a directive of ours or of the generator that the document was written for.
fn is_directive(line: &str) -> bool {
    let text = line.trim_start_matches([' ', '\t', '>', '-', '*']);
    text.starts_with(":::")
}

#[test]
fn real_documents_show_the_text_that_another_renderer_shows() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/reports");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("note: {} is not there, so no real document is compared", folder.display());
        return;
    };
    let mut differences = Vec::new();
    for entry in entries {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
        let body = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
        let body = body.map_or(text.as_str(), |(_, body)| body);
        let kept: Vec<&str> = body.lines().filter(|line| !is_directive(line)).collect();
        let body = kept.join("\n");
        let (ours, theirs) = (words(&ours(&body)), words(&theirs(&body)));
        if ours == theirs {
            continue;
        }
        let differs = ours.iter().zip(&theirs).position(|(one, other)| one != other);
        let at = differs.unwrap_or(ours.len().min(theirs.len()));
        let around =
            |words: &[String]| words.iter().skip(at.saturating_sub(5)).take(14).cloned().collect::<Vec<_>>().join(" ");
        let (ours, theirs) = (around(&ours), around(&theirs));
        differences.push(format!("{}, word {at}\n  ours:   {ours}\n  theirs: {theirs}", path.display()));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn the_comparison_can_fail() {
    assert_eq!(words(&ours("a *b* `c`\n\n- d\n")), words(&theirs("a *b* `c`\n\n- d\n")));
    assert_ne!(words(&ours("a b")), words(&theirs("a c")));
}
