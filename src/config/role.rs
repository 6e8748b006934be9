//! The roles of the configuration.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::Role;
use super::keys::ROLE;
use super::load::{URL_FORM, base_url};
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
            roles.extend(role(source, (name, key), value, site_url, diagnostics));
        } else {
            let hint = match name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b)) {
                true => {
                    "its name is a directory's, and this one is too long, is kept for something else or begins or ends \
                         with a sign: choose another, and put this one in `title`"
                }
                false => "its name is a directory's: use letters, digits and `-`; put the rest in `title`",
            };
            let message = format!("a role cannot be called `{}`", visible(name));
            diagnostics.push(Diagnostic::error(Code::RoleName, message).at(source, key.span.clone()).hint(hint));
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

fn role(
    source: &Arc<Source>,
    (name, key): (&str, &Node),
    node: &Node,
    site_url: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Role> {
    let empty = Node { span: node.span.clone(), kind: Kind::Map(Vec::new()) };
    let node = if matches!(node.kind, Kind::Null) { &empty } else { node };
    let mut map = Map::open(source, node, &ROLE, diagnostics)?;
    let title = map.text("title", diagnostics).unwrap_or_else(|| name.to_owned());
    let (groups, group_spans) = groups(&mut map, diagnostics);
    let clearance = map.value("clearance", Tlp::FORM, diagnostics, Tlp::parse).unwrap_or(Tlp::Clear);
    let sign_in_groups = sign_in_groups(&mut map, diagnostics);
    let own_url = map.value("base_url", URL_FORM, diagnostics, base_url);
    map.finish(diagnostics);
    Some(Role {
        name: name.to_owned(),
        span: key.span.clone(),
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

/// Ids of groups in the sign-in service, whatever form it gives them. A comma is refused, since
/// the service would read two groups, and so is every sign that means something in a server's
/// configuration or an address, though what writes those encodes it again.
fn sign_in_groups(map: &mut Map<'_>, diagnostics: &mut Diagnostics) -> Vec<String> {
    let source = map.source();
    let read = |node| yaml::value(source, node, "sign_in_groups", SIGN_IN_GROUP_FORM, diagnostics, sign_in_group);
    map.list("sign_in_groups").iter().filter_map(read).collect()
}

const SIGN_IN_GROUP_FORM: &str =
    "a group's id: at most 256 letters, digits, spaces and `-_.:/@+=~&()`; for another, its object id";

fn sign_in_group(text: &str) -> Option<String> {
    let plain = |c: char| c.is_alphanumeric() || " -_.:/@+=~&()".contains(c);
    ((1..=256).contains(&text.chars().count()) && text.chars().all(plain)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_sign_in_groups_cannot_steer_what_they_are_written_into() {
        for good in ["aaaabbbb-0000-cccc-1111-dddd2222eeee", "Zürich R&D (EMEA)", "/emea/it", "a@b.example", "x=1+y~z"]
        {
            assert_eq!(sign_in_group(good).as_deref(), Some(good));
        }
        for bad in [
            "",
            "a,b",
            ",",
            "a;b",
            "a\"b",
            "a'b",
            "a{b",
            "a}b",
            "a$b",
            "a%2Cb",
            "a\\b",
            "a#b",
            "a?b",
            "a\nb",
            "a\0",
            "a\u{202e}b",
            "a`b",
            "a<b",
        ] {
            assert_eq!(sign_in_group(bad), None, "{bad:?}");
        }
        assert_eq!(sign_in_group(&"a".repeat(257)), None);
        assert!(sign_in_group(&"é".repeat(256)).is_some(), "what is counted is letters");
    }
}
