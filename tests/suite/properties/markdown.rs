//! The way from an author's text to markup: whatever is written, what comes out is well-formed, made of
//! what a page may be made of, and says what the text says.

use html5ever::tendril::TendrilSink as _;
use markup5ever_rcdom::RcDom;
use threatpress::diagnostics::{Diagnostics, Source};
use threatpress::render::Html;
use threatpress::render::markdown::{Context, ImageTarget, Target, html};
use threatpress::report::blocks::CutText;
use threatpress::report::markdown::{Embedded, FigurePath};
use threatpress::report::{Blocks, Document};
use threatpress::terms::{CveId, TechniqueId};

use super::{are_told_well, shown};
use crate::page;

/// A page on which everything is there but figures, charts and tables.
struct Everything;

impl Context for Everything {
    fn link(&self, destination: &str) -> Option<String> {
        Some(destination.to_owned())
    }

    fn image(&self, source: &str) -> Option<ImageTarget> {
        Some(ImageTarget { url: source.to_owned(), size: Some((2, 1)) })
    }

    fn figure(&self, _: &FigurePath) -> Option<String> {
        None
    }

    fn embedded(&self, _: Embedded, _: &str) -> Option<Html> {
        None
    }

    fn technique(&self, id: &TechniqueId) -> Option<Target> {
        Some(Target { url: format!("../techniques/{id}/"), title: Some("A \"technique\"".to_owned()) })
    }

    fn vulnerability(&self, id: &CveId) -> Option<Target> {
        Some(Target { url: format!("../vulnerabilities/{id}/"), title: None })
    }
}

/// The markup of a text.
pub(crate) fn rendered(text: &str) -> String {
    let source = Source::new("a.md", text);
    let document = Document::parse(&CutText::whole(&source, 0..text.len()), &mut Diagnostics::new());
    html(&document, &Everything).to_string()
}

pub(super) fn hold(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let source = Source::new("a.md", text);
    for visible in [true, false] {
        let mut told = Diagnostics::new();
        let blocks = Blocks::find(&source, 0..text.len(), &mut told);
        let cut = blocks.cut(&source, &blocks.signature(|_| visible));
        let document = Document::parse(&cut, &mut told);
        are_told_well(&told);
        says_what_it_is(&document);
    }
}

fn says_what_it_is(document: &Document) {
    let markup = html(document, &Everything).to_string();
    let whole =
        format!("<!DOCTYPE html><html><head><title>t</title></head><body><main>\n{markup}</main></body></html>");
    page::read(&whole).unwrap_or_else(|wrong| panic!("{wrong} in {markup}"));
    let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(whole.as_str());
    let faults = dom.errors.borrow();
    assert!(faults.is_empty(), "{faults:?} in {markup}");
    assert_eq!(bare(&shown::text(&markup)), bare(&document.plain()), "{markup}");
}

/// A text as pages show it, without white space.
fn bare(text: &str) -> String {
    let steers = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
    };
    text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).filter(|c| !c.is_whitespace()).collect()
}
