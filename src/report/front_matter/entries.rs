//! The lists of mappings: detections, mitigations, references, changes.

use super::keys::{CHANGE, DETECTION, MITIGATION, REFERENCE};
use super::read::{MOMENT_FORM, boolean, words};
use super::{Change, Detection, Mitigation, Reference};
use crate::diagnostics::Diagnostics;
use crate::report::markdown::Destination;
use crate::terms::{ChangeKind, Moment};
use crate::yaml::{self, Keys, Map};

/// Every item of `key` that `read` makes something of.
fn entries<T>(
    map: &mut Map<'_>,
    key: &'static str,
    keys: &'static Keys,
    diagnostics: &mut Diagnostics,
    read: impl Fn(&mut Map<'_>, &mut Diagnostics) -> Option<T>,
) -> Vec<T> {
    let source = map.source();
    let mut out = Vec::new();
    for node in map.list(key) {
        if let Some(mut map) = Map::open(source, node, keys, diagnostics) {
            out.extend(read(&mut map, diagnostics));
            map.finish(diagnostics);
        }
    }
    out
}

pub(super) fn detections(map: &mut Map<'_>, diagnostics: &mut Diagnostics) -> Vec<Detection> {
    entries(map, "detections", &DETECTION, diagnostics, |map, diagnostics| {
        let name = map.required_text("name", "the detection's name", diagnostics);
        let product = map.text("product", diagnostics);
        let generic = map.value("generic", "true or false", diagnostics, boolean).unwrap_or(false);
        Some(Detection { name: name?, product, generic })
    })
}

pub(super) fn mitigations(map: &mut Map<'_>, diagnostics: &mut Diagnostics) -> Vec<Mitigation> {
    entries(map, "mitigations", &MITIGATION, diagnostics, |map, diagnostics| {
        let action = map.required_text("action", "what to do", diagnostics);
        let owner = map.text("owner", diagnostics);
        let due = map.value("due", MOMENT_FORM, diagnostics, Moment::parse);
        Some(Mitigation { action: action?, owner, due })
    })
}

pub(super) fn references(map: &mut Map<'_>, diagnostics: &mut Diagnostics) -> Vec<Reference> {
    entries(map, "references", &REFERENCE, diagnostics, |map, diagnostics| {
        let title = map.required_text("title", "the source's title", diagnostics);
        let url = map.value("url", "an http or https address", diagnostics, web_address);
        let accessed = map.value("accessed", MOMENT_FORM, diagnostics, Moment::parse);
        Some(Reference { title: title?, url, accessed })
    })
}

/// The changes, newest first; those of one day in the author's order.
pub(super) fn changes(map: &mut Map<'_>, diagnostics: &mut Diagnostics) -> Vec<Change> {
    let kinds = words(ChangeKind::ALL.map(ChangeKind::word));
    let mut changes = entries(map, "changes", &CHANGE, diagnostics, |map, diagnostics| {
        let date = map.require("date", MOMENT_FORM, diagnostics);
        let date =
            date.and_then(|node| yaml::value(map.source(), node, "date", MOMENT_FORM, diagnostics, Moment::parse));
        let summary = map.required_text("summary", "what changed", diagnostics);
        let kind = map.value("kind", &kinds, diagnostics, ChangeKind::parse);
        Some(Change { date: date?, summary: summary?, kind })
    });
    changes.sort_by_key(|change| std::cmp::Reverse(change.date.instant()));
    changes
}

fn web_address(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let whole = !rest.is_empty() && !rest.chars().any(|c| c.is_whitespace() || c.is_control());
    // What a text could not link to has another host for a browser than for a reader.
    (whole && Destination::read(text).is_some()).then(|| text.to_owned())
}
