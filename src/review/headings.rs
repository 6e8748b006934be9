//! Heading levels that are skipped: a reader who moves by headings thinks that one is missing.

use crate::diagnostics::{Code, Diagnostic};
use crate::report::{Document, Origin};

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
