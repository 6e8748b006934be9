//! What the world knows of the techniques that a slice names.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Named;
use super::folder::Folder;
use crate::config::Site;
use crate::diagnostics::Diagnostic;
use crate::knowledge::{self, Knowledge};
use crate::terms::TechniqueId;

/// Writes the compact form, where the site has either. A technique brings the one it belongs to,
/// and the tactics of both.
pub(super) fn write(site: &Site, all: &Knowledge, named: &Named, folder: &Folder) -> Result<(), Diagnostic> {
    if !site.root.join(knowledge::FILE).exists() {
        return Ok(());
    }
    let mut ids: BTreeSet<TechniqueId> = named.techniques.clone();
    ids.extend(named.techniques.iter().filter_map(TechniqueId::parent));
    let told: Vec<_> = all.techniques.iter().filter(|(id, _)| ids.contains(*id)).collect();
    let techniques: Vec<Value> = told
        .iter()
        .map(|(id, technique)| {
            json!({
                "id": id, "name": technique.name, "tactics": technique.tactics,
                "deprecated": technique.deprecated, "revoked_by": technique.revoked_by,
            })
        })
        .collect();
    let used = |shortname| told.iter().any(|(_, technique)| technique.tactics.contains(shortname));
    let tactics = all.tactics.iter().filter(|tactic| used(&tactic.shortname));
    // Counted anew: the places of other tactics say nothing here.
    let tactics: Vec<Value> = (0..)
        .zip(tactics)
        .map(|(order, tactic): (u32, _)| {
            json!({"id": tactic.id, "shortname": tactic.shortname, "name": tactic.name, "order": order})
        })
        .collect();
    let compact = json!({
        "attack_version": all.attack_version, "notice": all.notice, "tactics": tactics, "techniques": techniques,
    });
    folder.write(knowledge::FILE, format!("{compact:#}\n").as_bytes())
}
