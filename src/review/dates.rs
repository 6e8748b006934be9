//! Dates that are still to come.

use jiff::Timestamp;

use crate::diagnostics::{Code, Diagnostic};
use crate::report::Report;

/// The dates of a report that are after `now`. One that is to be published later may have them.
pub(super) fn future(report: &Report, now: Timestamp) -> Vec<Diagnostic> {
    let waits = report.admission.draft || report.admission.publish_at.is_some_and(|moment| moment.instant() > now);
    let late = report.places.dates.iter().filter(|(_, moment, _)| !waits && moment.instant() > now);
    late.map(|(key, moment, span)| {
        Diagnostic::warning(Code::FutureDate, format!("`{key}` is {moment}, after \"now\", {now}"))
            .at(&report.origin.source, span.clone())
            .hint("correct the date, or hide the report until then with `publish_at`")
    })
    .collect()
}
