//! Directives and scope blocks: inside code they are text, and a hidden block leaves nothing.

use std::iter;

use threatpress::diagnostics::{Diagnostics, Source};
use threatpress::report::blocks::CutText;
use threatpress::report::{Blocks, Document};

use super::are_told_well;

pub(super) fn hold(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let text = text.replace('\r', "\n");
    let mut told = Diagnostics::new();
    let source = Source::new("a.md", text.as_str());
    let _ = Document::parse(&CutText::whole(&source, 0..text.len()), &mut told);
    are_told_well(&told);
    is_text_in_code(&text);
    leaves_nothing_when_hidden(&text);
}

fn is_text_in_code(text: &str) {
    let longest = text.split(|c| c != '~').map(str::len).max().unwrap_or_default();
    let fence: String = iter::repeat_n('~', longest.max(2) + 1).collect();
    let fenced = format!("{fence}\n{text}\n{fence}\n");
    let source = Source::new("a.md", fenced.as_str());
    let mut told = Diagnostics::new();
    let document = Document::parse(&CutText::whole(&source, 0..fenced.len()), &mut told);
    assert!(told.is_empty(), "{:?}", told.iter().map(|problem| &problem.message).collect::<Vec<_>>());
    let interpreted = document.figures().count() + document.embedded().count() + document.images().len();
    assert_eq!(interpreted + document.links().len() + document.headings().len() + document.techniques().len(), 0);
    let code: String = document.events().filter_map(|event| event.text()).collect();
    assert_eq!(code, format!("{text}\n"));
}

fn leaves_nothing_when_hidden(text: &str) {
    const AFTER: &str = "After.\n";
    let scoped = format!("::: scope tlp=\"red\"\n{text}\n:::\n{AFTER}");
    let source = Source::new("a.md", scoped.as_str());
    let mut told = Diagnostics::new();
    let blocks = Blocks::find(&source, 0..scoped.len(), &mut told);
    // A text that closes the block and opens another is seen between the two.
    if !told.has_errors() && blocks.iter().filter(|block| block.parent.is_none()).count() == 1 {
        assert_eq!(blocks.cut(&source, &blocks.signature(|_| false)).text(), AFTER);
    }
}
