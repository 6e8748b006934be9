//! What a role does not get, and why: for the author, who has all the files.

use serde_json::{Value, json};

use super::state::link;
use crate::desk::Loaded;
use crate::report::{Admission, Library, Origin};
use crate::scope::admits;
use crate::serve::Editor;
use crate::terms::Tlp;

/// The reports and pages that a role does not get, and the blocks hidden from it in the text that stands at `inside`.
/// Nothing that they say is in it.
pub(super) fn from(loaded: &Loaded, role: &str, inside: &str, editor: &Editor) -> Value {
    let Some(role) = loaded.site.role(role) else { return nothing() };
    let open = |file: &str, line: usize| link(&loaded.site.root, file, Some((line, 1)), editor);
    let refused = |title: &str, origin: &Origin, tlp: Tlp, admission: &Admission| {
        let refusal = admits(role, tlp, admission, loaded.as_of, loaded.drafts).err()?;
        let file = origin.source.name();
        Some(json!({"title": title, "reason": refusal.to_string(), "file": file, "open": open(file, 1)}))
    };
    let library = &loaded.library;
    let reports = library
        .reports
        .iter()
        .filter_map(|report| refused(&report.facts.title, &report.origin, report.facts.tlp, &report.admission));
    let pages = library.pages.iter().filter_map(|page| refused(&page.title, &page.origin, page.tlp, &page.admission));
    let origin = shown_at(library, inside);
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

/// Where the text of a report or of a page stands that is shown at a path of the build.
fn shown_at<'a>(library: &'a Library, inside: &str) -> Option<&'a Origin> {
    let mut parts = inside.split('/');
    let (kind, name) = (parts.next()?, parts.next()?);
    match kind {
        "threats" => library.reports.iter().find(|report| report.facts.slug == name).map(|report| &report.origin),
        "pages" => library.pages.iter().find(|page| page.name == name).map(|page| &page.origin),
        _ => None,
    }
}
