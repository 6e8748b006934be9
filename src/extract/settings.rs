//! `threatpress.yaml` of a slice: the global keys, and the role's own entry.

use super::folder::Folder;
use crate::config::{FILE_NAME, Role, Site};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::yaml::{self, Kind, Node};

/// Keys that mean nothing in a slice: ranks have been applied to its rows, and its snapshots
/// stand where they stand when nothing is said.
const SETTLED: [&str; 2] = ["group_ranks", "snapshots"];

pub(super) fn write(site: &Site, role: &Role, folder: &Folder) -> Result<(), Diagnostic> {
    let text = site.source.text();
    let whole = yaml::parse(&site.source, 0..text.len(), &mut Diagnostics::new());
    let whole = whole.unwrap_or_else(|| Node::new(Kind::Map(Vec::new())));
    folder.write(FILE_NAME, yaml::write(&reduced(&whole, &role.name)).as_bytes())
}

fn reduced(whole: &Node, role: &str) -> Node {
    let kept = whole.entries().iter().filter(|(key, _)| !key.text().is_some_and(|key| SETTLED.contains(&key)));
    let entries = kept.map(|(key, value)| match key.text() {
        Some("roles") => (key.clone(), only(value, role)),
        _ => (key.clone(), value.clone()),
    });
    Node::new(Kind::Map(entries.collect()))
}

/// Of all roles this one, without what signs its readers in.
fn only(roles: &Node, role: &str) -> Node {
    let own = roles.entries().iter().filter(|(name, _)| name.text() == Some(role));
    let own = own.map(|(name, entry)| match &entry.kind {
        Kind::Map(keys) => {
            let keys = keys.iter().filter(|(key, _)| key.text() != Some("sign_in_groups"));
            (name.clone(), Node::new(Kind::Map(keys.cloned().collect())))
        }
        _ => (name.clone(), entry.clone()),
    });
    Node::new(Kind::Map(own.collect()))
}
