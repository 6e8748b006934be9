//! Live figures, charts and tables where there are none to show.

use crate::diagnostics::{Code, Diagnostic};
use crate::report::{Document, Origin};

/// Those of a free page, which is about no report.
pub(super) fn homeless(origin: &Origin, document: &Document) -> Vec<Diagnostic> {
    let places = document.shown_figures().iter().cloned();
    places
        .map(|place| {
            Diagnostic::warning(Code::UnknownFigure, "a page has no figures: `not available` is shown here")
                .at(&origin.source, place)
                .hint("live figures, charts and tables belong to reports: link to the report that shows them")
                .strict()
        })
        .collect()
}
