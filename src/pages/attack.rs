//! What ATT&CK says of the actors, malware and techniques that reports name.

use std::collections::BTreeSet;

use super::cell::Part;
use super::link::Link;
use super::page::Fact;
use super::portal::Portal;
use super::route::Catalogue;
use crate::knowledge::{Group, Software};
use crate::terms::{TechniqueId, url_name};

/// What ATT&CK says of a name: its id and kind, and what others call it. Two things can share a name.
pub(super) fn facts(portal: &Portal, catalogue: Catalogue, name: &str) -> Vec<Fact> {
    let knowledge = portal.ground.knowledge();
    let entries: Vec<Part> = match catalogue {
        Catalogue::Actors => knowledge.groups_called(name).into_iter().map(group).collect(),
        Catalogue::Malware => knowledge.software_called(name).into_iter().map(software).collect(),
        Catalogue::Surfaces | Catalogue::Tags => Vec::new(),
    };
    let others = aliases(portal, catalogue, name).into_iter().map(Part::text).collect();
    [Fact::new("In ATT&CK", entries), Fact::new("Also known as", others)].into_iter().flatten().collect()
}

fn group(one: &Group) -> Part {
    Part::linked(format!("{} {}", one.id, one.name), at_mitre("groups", 'G', &one.id))
}

fn software(one: &Software) -> Part {
    let kind = one.kind.as_ref().map(|kind| format!(", {kind}")).unwrap_or_default();
    Part::linked(format!("{} {}{kind}", one.id, one.name), at_mitre("software", 'S', &one.id))
}

/// The page that MITRE has of a group or of software. An id that is not in ATT&CK's form is one of the
/// site's own, of which MITRE knows nothing.
fn at_mitre(directory: &str, letter: char, id: &str) -> Option<Link> {
    let digits = id.strip_prefix(letter)?;
    let is_attack = digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit());
    is_attack.then(|| Link::outside(&format!("https://attack.mitre.org/{directory}/{id}/"))).flatten()
}

/// What else an actor or malware is called, by ATT&CK.
pub(super) fn aliases<'a>(portal: &Portal<'a>, catalogue: Catalogue, name: &str) -> Vec<&'a str> {
    let knowledge = portal.ground.knowledge();
    let called: Vec<(&String, &Vec<String>)> = match catalogue {
        Catalogue::Actors => {
            knowledge.groups_called(name).into_iter().map(|group| (&group.name, &group.aliases)).collect()
        }
        Catalogue::Malware => {
            knowledge.software_called(name).into_iter().map(|one| (&one.name, &one.aliases)).collect()
        }
        Catalogue::Surfaces | Catalogue::Tags => Vec::new(),
    };
    let own = url_name(name);
    let all = called.into_iter().flat_map(|(name, aliases)| std::iter::once(name).chain(aliases));
    let others: BTreeSet<&str> = all.map(String::as_str).filter(|other| url_name(other) != own).collect();
    others.into_iter().collect()
}

/// What ATT&CK advises against a technique.
pub(super) fn mitigations(portal: &Portal, id: &TechniqueId) -> Vec<Part> {
    let all = portal.ground.knowledge().mitigations.iter();
    let against = all.filter(|mitigation| mitigation.techniques.contains(id));
    against.map(|mitigation| Part::text(format!("{} {}", mitigation.id, mitigation.name))).collect()
}
