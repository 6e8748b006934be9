//! The roles of the configuration.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::Role;
use super::keys::ROLE;
use super::load::{TLP_FORM, URL_FORM, base_url};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source, visible};
use crate::terms::{ALL_GROUPS, GroupSelection, Tlp, is_slug};
use crate::yaml::{self, Kind, Map, Node};

/// Every role, by name.
pub(super) fn all(source: &Arc<Source>, node: &Node, site_url: &str, diagnostics: &mut Diagnostics) -> Vec<Role> {
    let Some(entries) = yaml::entries(source, node, "`roles`", diagnostics) else {
        return Vec::new();
    };
    let mut roles = Vec::new();
    let mut directories = BTreeSet::new();
    for (name, key, value) in &entries {
        if is_slug(name) {
            if !directories.insert(name.to_lowercase()) {
                diagnostics.push(
                    Diagnostic::error(Code::RoleName, format!("two roles are called `{name}`, but for the case"))
                        .at(source, key.span.clone())
                        .hint("some disks would put both builds in one directory: give one another name"),
                );
            }
            roles.extend(role(source, name, value, site_url, diagnostics));
        } else {
            diagnostics.push(
                Diagnostic::error(Code::RoleName, format!("a role cannot be called `{}`", visible(name)))
                    .at(source, key.span.clone())
                    .hint("its name is a directory's: use letters, digits and `-`; put the rest in `title`"),
            );
        }
    }
    if entries.is_empty() {
        diagnostics.push(
            Diagnostic::error(Code::MissingKey, "there is no role")
                .at(source, node.span.clone())
                .hint("a build is always a role's: add at least one under `roles:`"),
        );
    }
    roles.sort_by(|a, b| a.name.cmp(&b.name));
    roles
}

fn role(source: &Arc<Source>, name: &str, node: &Node, site_url: &str, diagnostics: &mut Diagnostics) -> Option<Role> {
    let empty = Node { span: node.span.clone(), kind: Kind::Map(Vec::new()) };
    let node = if matches!(node.kind, Kind::Null) { &empty } else { node };
    let mut map = Map::open(source, node, &ROLE, diagnostics)?;
    let title = map.text("title", diagnostics).unwrap_or_else(|| name.to_owned());
    let (groups, group_spans) = groups(&mut map, diagnostics);
    let clearance = map.value("clearance", TLP_FORM, diagnostics, Tlp::parse).unwrap_or(Tlp::Clear);
    let sign_in_groups = map.texts("sign_in_groups", diagnostics).into_iter().map(|(id, _)| id).collect();
    let own_url = map.value("base_url", URL_FORM, diagnostics, base_url);
    map.finish(diagnostics);
    Some(Role {
        name: name.to_owned(),
        title,
        groups,
        group_spans,
        clearance,
        sign_in_groups,
        base_url: own_url.unwrap_or_else(|| site_url.to_owned()),
    })
}

/// The keyword `all`, or a list of names. Left out or empty is no group, never all.
fn groups(map: &mut Map<'_>, diagnostics: &mut Diagnostics) -> (GroupSelection, Vec<(String, Range<usize>)>) {
    let source = map.source();
    if let Some(Node { kind: Kind::Scalar(word), .. }) = map.get("groups")
        && word.trim() == ALL_GROUPS
    {
        return (GroupSelection::All, Vec::new());
    }
    let mut spans = Vec::new();
    for (name, node) in map.texts("groups", diagnostics) {
        let problem = match name.as_str() {
            ALL_GROUPS => Some("`all` cannot stand in a list of groups"),
            "" => Some("a group without a name"),
            _ => None,
        };
        match problem {
            Some(problem) => diagnostics.push(
                Diagnostic::error(Code::ReservedGroup, problem)
                    .at(source, node.span.clone())
                    .hint("write `groups: all` for everything, or name each group"),
            ),
            None => spans.push((name, node.span.clone())),
        }
    }
    let names: BTreeSet<_> = spans.iter().map(|(name, _)| name.clone()).collect();
    (GroupSelection::Listed(names), spans)
}
