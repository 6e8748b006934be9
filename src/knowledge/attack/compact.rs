//! The compact form: lists of what is to be known, for a handful of techniques by hand.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Domain, Group, Mitigation, Software, Tactic, Technique, others};
use crate::diagnostics::visible;
use crate::knowledge::Knowledge;
use crate::knowledge::file::Json;
use crate::knowledge::problems::Problems;
use crate::terms::{TechniqueId, instant};

/// The lists, their entries as they are written.
#[derive(Deserialize)]
pub(super) struct Lists<'a> {
    attack_version: Option<String>,
    attack_date: Option<String>,
    domain: Option<String>,
    notice: Option<String>,
    #[serde(borrow, default)]
    tactics: Vec<&'a RawValue>,
    #[serde(borrow)]
    techniques: Option<Vec<&'a RawValue>>,
    #[serde(borrow, default)]
    groups: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    software: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    mitigations: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct TacticEntry {
    id: String,
    shortname: String,
    name: String,
    #[serde(default)]
    order: u32,
}

#[derive(Deserialize)]
struct TechniqueEntry {
    id: String,
    name: String,
    #[serde(default)]
    tactics: Vec<String>,
    #[serde(default)]
    deprecated: bool,
    revoked_by: Option<String>,
}

/// A group, software or a mitigation.
#[derive(Deserialize)]
struct NamedEntry {
    id: String,
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    techniques: Vec<String>,
}

impl Lists<'_> {
    /// What they say; nothing where there are no techniques at all.
    pub(super) fn read(self, json: &Json, problems: &mut Problems<'_>) -> Option<Knowledge> {
        let sound = |raw: &&RawValue| problems.sound(json.part(raw, "a tactic"));
        let mut tactics: Vec<TacticEntry> = self.tactics.iter().filter_map(sound).collect();
        tactics.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
        let attack_changed = self.attack_date.as_deref().and_then(instant);
        if let (Some(said), None) = (&self.attack_date, attack_changed) {
            problems.tell(json.about(format!("`attack_date` is no date: `{}`", visible(said))));
        }
        let attack_domain = self.domain.as_deref().map_or(Some(Domain::default()), Domain::parse);
        if let (Some(said), None) = (&self.domain, attack_domain) {
            problems.tell(json.about(format!("`domain` is none of ATT&CK's: `{}`", visible(said))));
        }
        let tactic = |entry: TacticEntry| Tactic { id: entry.id, shortname: entry.shortname, name: entry.name };
        Some(Knowledge {
            techniques: techniques(&self.techniques?, json, problems),
            attack_version: self.attack_version,
            attack_domain: attack_domain.unwrap_or_default(),
            attack_changed,
            notice: self.notice,
            tactics: tactics.into_iter().map(tactic).collect(),
            groups: named(&self.groups, "a group", json, problems, |entry| Group {
                aliases: others(&entry.name, entry.aliases),
                id: entry.id,
                name: entry.name,
            }),
            software: named(&self.software, "software", json, problems, |entry| Software {
                aliases: others(&entry.name, entry.aliases),
                id: entry.id,
                name: entry.name,
                kind: entry.kind,
            }),
            mitigations: named(&self.mitigations, "a mitigation", json, problems, |entry| Mitigation {
                techniques: entry.techniques.iter().filter_map(|id| TechniqueId::parse(id)).collect(),
                id: entry.id,
                name: entry.name,
            }),
            ..Knowledge::default()
        })
    }
}

fn techniques(list: &[&RawValue], json: &Json, problems: &mut Problems<'_>) -> BTreeMap<TechniqueId, Technique> {
    let mut techniques = BTreeMap::new();
    for raw in list {
        let Some(entry) = problems.sound(json.part::<TechniqueEntry>(raw, "a technique")) else { continue };
        let Some(id) = TechniqueId::parse(&entry.id) else {
            let message =
                format!("`{}` is not a technique id: it is written as T1059 or T1059.001", visible(&entry.id));
            problems.tell(json.mistake(raw, message));
            continue;
        };
        let revoked_by = entry.revoked_by.as_deref().and_then(TechniqueId::parse);
        let deprecated = entry.deprecated || revoked_by.is_some();
        techniques.insert(id, Technique { name: entry.name, tactics: entry.tactics, deprecated, revoked_by });
    }
    techniques
}

/// The entries of a list in the order of their ids, whatever their order in the file.
fn named<T>(
    list: &[&RawValue],
    what: &str,
    json: &Json,
    problems: &mut Problems<'_>,
    make: impl Fn(NamedEntry) -> T,
) -> Vec<T> {
    let entries = list.iter().filter_map(|raw| problems.sound(json.part::<NamedEntry>(raw, what)));
    entries.map(|entry| (entry.id.clone(), make(entry))).collect::<BTreeMap<String, T>>().into_values().collect()
}
