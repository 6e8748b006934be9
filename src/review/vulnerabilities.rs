//! Vulnerabilities whose record was rejected: nobody should count or patch them.

use std::ops::Range;

use super::named::named;
use crate::diagnostics::{Code, Diagnostic, visible};
use crate::knowledge::{Knowledge, Record};
use crate::report::{Document, Origin};
use crate::terms::CveId;

/// The rejected ones among those that front matter lists and those that prose names.
pub(super) fn rejected(
    origin: &Origin,
    listed: &[(CveId, Range<usize>)],
    document: &Document,
    knowledge: &Knowledge,
) -> Vec<Diagnostic> {
    let judge = |(id, span): (&CveId, &Range<usize>)| {
        let record = knowledge.records.get(id)?;
        let reason = record.rejected.as_deref()?;
        let message = format!("the CVE record of `{id}` was rejected: {}", visible(reason));
        let told = Diagnostic::warning(Code::RejectedVulnerability, message).at(&origin.source, span.clone());
        Some(told.hint(instead(id, record, reason)).strict())
    };
    named(listed, document.vulnerability_mentions()).filter_map(judge).collect()
}

/// What to write in its place. Before records had a field for it, and often since, only the sentence
/// that gives the reason names it, among others that it may name.
fn instead(id: &CveId, record: &Record, reason: &str) -> String {
    let words = reason.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let said: Vec<CveId> = words.filter_map(CveId::parse).filter(|other| other != id).collect();
    match (record.replaced_by.as_slice(), said.as_slice()) {
        ([], []) => "leave it out, or name the vulnerability that is meant".to_owned(),
        ([], said) => format!("the reason names {}: write that, if it is what is meant, or leave it out", list(said)),
        (others, _) => format!("write {} in its place", list(others)),
    }
}

/// Each id once.
fn list(ids: &[CveId]) -> String {
    let mut ids: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
    ids.sort();
    ids.dedup();
    ids.join(" or ")
}
