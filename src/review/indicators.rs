//! Links to indicators. A role that sees the indicator gets its text alone; the build of one that does
//! not cannot depend on it, so that only the author can take such a link out.

use std::ops::Range;

use crate::diagnostics::{Code, Diagnostic, visible};
use crate::report::{Document, LiveIndicators, Origin, Report};

/// The links of a text that lead to an indicator.
pub(super) fn linked(live: &LiveIndicators, origin: &Origin, document: &Document) -> Vec<Diagnostic> {
    let links = document.links().iter().filter_map(|link| Some((live.met(&link.destination)?, link.span.clone())));
    let told = links.map(|(indicator, span)| {
        leading(origin, &indicator, span)
            .hint("write it defanged and without a link, in backticks, as `hxxps://login[.]example[.]net`")
    });
    told.collect()
}

/// The sources of a report that are an indicator.
pub(super) fn cited(live: &LiveIndicators, report: &Report) -> Vec<Diagnostic> {
    let sources = report.places.references.iter().filter_map(|(url, span)| Some((live.met(url)?, span.clone())));
    let told = sources.map(|(indicator, span)| {
        leading(&report.origin, &indicator, span)
            .hint("leave `url` out, and write the address defanged in the title, as `hxxps://login[.]example[.]net`")
    });
    told.collect()
}

fn leading(origin: &Origin, indicator: &str, span: Range<usize>) -> Diagnostic {
    let message = format!("a link that leads to the indicator `{}`", visible(indicator));
    Diagnostic::warning(Code::LiveIndicator, message).at(&origin.source, span).strict()
}
