//! Links to indicators. A role that sees the indicator gets its text alone; the build of one that does
//! not cannot depend on it, so that only the author can take such a link out.

use crate::diagnostics::{Code, Diagnostic, visible};
use crate::report::{Document, LiveIndicators, Origin};

/// The links of a text that lead to an indicator.
pub(super) fn linked(live: &LiveIndicators, origin: &Origin, document: &Document) -> Vec<Diagnostic> {
    let links = document.links().iter().filter_map(|link| Some((live.met(&link.destination)?, link.span.clone())));
    links
        .map(|(indicator, span)| {
            let message = format!("a link that leads to the indicator `{}`", visible(&indicator));
            Diagnostic::warning(Code::LiveIndicator, message)
                .at(&origin.source, span)
                .hint("write it defanged and without a link, in backticks, as `hxxps://login[.]example[.]net`")
                .strict()
        })
        .collect()
}
