//! What a role does not get, and why: for the author, who has all the files.

use serde_json::{Value, json};

use super::state::link;
use crate::desk::Loaded;
use crate::scope::admits;
use crate::serve::Editor;

/// The reports that a role does not get, and the blocks hidden from it in the report that the page at `inside` shows.
/// None of their text is in it.
pub(super) fn from(loaded: &Loaded, role: &str, inside: &str, editor: &Editor) -> Value {
    let Some(role) = loaded.site.role(role) else { return json!({"reports": [], "blocks": []}) };
    let open = |file: &str, line: usize| link(&loaded.site.root, file, Some((line, 1)), editor);
    let refused = loaded.library.reports.iter().filter_map(|report| {
        let refusal = admits(role, report.facts.tlp, &report.admission, loaded.as_of, loaded.drafts).err()?;
        let file = report.origin.source.name();
        Some(json!({
            "title": report.facts.title, "slug": report.facts.slug, "reason": refusal.to_string(),
            "file": file, "open": open(file, 1),
        }))
    });
    let refused: Vec<Value> = refused.collect();
    let slug = inside.strip_prefix("threats/").and_then(|rest| rest.split('/').next());
    let report = slug.and_then(|slug| loaded.library.reports.iter().find(|report| report.facts.slug == slug));
    let blocks = report.map(|report| loaded.documents.hidden(&report.origin, role, &loaded.groups));
    let blocks: Vec<Value> = blocks
        .into_iter()
        .flatten()
        .map(|block| {
            json!({
                "before": block.before, "reason": block.reason, "line": block.line, "end": block.end,
                "file": block.file, "open": open(&block.file, block.line),
            })
        })
        .collect();
    json!({"reports": refused, "blocks": blocks})
}
