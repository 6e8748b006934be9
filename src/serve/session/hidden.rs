//! What a role does not get, and why: for the author, who has all the files.

use serde_json::{Value, json};

use super::state::link;
use crate::desk::Loaded;
use crate::scope::{Refusal, admits};
use crate::serve::Editor;

/// The reports and pages that a role does not get, and the blocks hidden from it in the text that stands at `inside`.
/// Nothing that they say is in it.
pub(super) fn from(loaded: &Loaded, role: &str, inside: &str, editor: &Editor) -> Value {
    let Some(role) = loaded.site.role(role) else { return nothing() };
    let open = |file: &str, line: usize| link(&loaded.site.root, file, Some((line, 1)), editor);
    let why = |tlp, admission| admits(role, tlp, admission, loaded.as_of, loaded.drafts).err();
    let told = |title: &str, file: &str, refusal: Refusal| json!({"title": title, "reason": refusal.to_string(), "file": file, "open": open(file, 1)});
    let library = &loaded.library;
    let reports = library.reports.iter().filter_map(|report| {
        let refusal = why(report.facts.tlp, &report.admission)?;
        Some(told(&report.facts.title, report.origin.source.name(), refusal))
    });
    let pages = library.pages.iter().filter_map(|page| {
        let refusal = why(page.tlp, &page.admission)?;
        Some(told(&page.title, page.origin.source.name(), refusal))
    });
    let origin = library.shown_at(inside);
    let blocks = origin.map(|origin| loaded.documents.hidden(origin, role, &loaded.groups));
    let blocks = blocks.into_iter().flatten().map(|block| {
        json!({
            "before": block.before, "reason": block.reason, "line": block.line, "end": block.end,
            "file": block.file, "open": open(&block.file, block.line),
        })
    });
    json!({
        "reports": reports.collect::<Vec<_>>(),
        "pages": pages.collect::<Vec<_>>(),
        "blocks": blocks.collect::<Vec<_>>(),
    })
}

/// Where nothing is known.
pub(super) fn nothing() -> Value {
    json!({"reports": [], "pages": [], "blocks": []})
}
