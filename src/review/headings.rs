//! Headings for a reader who moves by them: levels that are skipped, of which one seems to be missing, and headings
//! that say nothing.

use crate::diagnostics::{Code, Diagnostic};
use crate::report::{Document, Origin};

/// The headings of a text without a word in them. Contents leave them out.
pub(super) fn empty(origin: &Origin, document: &Document) -> Vec<Diagnostic> {
    let empty = document.headings().iter().filter(|heading| heading.text.trim().is_empty());
    empty
        .map(|heading| {
            Diagnostic::warning(Code::SkippedHeading, "a heading without a word, which no list of contents can show")
                .at(&origin.source, heading.span.clone())
                .hint("write behind the `#` what comes beneath it, or remove the line")
        })
        .collect()
}

/// The headings of a text that stand more than one level beneath the one before.
pub(super) fn skipped(origin: &Origin, document: &Document) -> Vec<Diagnostic> {
    let pairs = document.headings().windows(2).filter_map(|pair| match pair {
        [before, heading] if heading.level > before.level + 1 => Some((before, heading)),
        _ => None,
    });
    pairs
        .map(|(before, heading)| {
            let (is, should) = (heading.level, before.level + 1);
            Diagnostic::warning(
                Code::SkippedHeading,
                format!("a heading of level {is} right beneath one of level {}", before.level),
            )
            .at(&origin.source, heading.span.clone())
            .hint(format!("write it with `{}`, or add the heading in between", "#".repeat(usize::from(should))))
        })
        .collect()
}
