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
            groups: named(&self.groups, "a group", json, problems, |entry, _| Group {
                aliases: others(&entry.name, entry.aliases),
                id: entry.id,
                name: entry.name,
            }),
            software: named(&self.software, "software", json, problems, |entry, _| Software {
                aliases: others(&entry.name, entry.aliases),
                id: entry.id,
                name: entry.name,
                kind: entry.kind,
            }),
            mitigations: named(&self.mitigations, "a mitigation", json, problems, |entry, tell| Mitigation {
                techniques: entry.techniques.iter().filter_map(|id| technique_id(id, tell)).collect(),
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
        let mut tell = |message| problems.tell(json.mistake(raw, message));
        let Some(id) = technique_id(&entry.id, &mut tell) else { continue };
        if techniques.contains_key(&id) {
            tell(format!("{id} is listed a second time"));
            continue;
        }
        let deprecated = entry.deprecated || entry.revoked_by.is_some();
        let revoked_by = entry.revoked_by.and_then(|id| technique_id(&id, &mut tell));
        techniques.insert(id, Technique { name: entry.name, tactics: entry.tactics, deprecated, revoked_by });
    }
    techniques
}

/// The id that is written, or a word on what is none.
fn technique_id(written: &str, tell: &mut dyn FnMut(String)) -> Option<TechniqueId> {
    let id = TechniqueId::parse(written);
    if id.is_none() {
        tell(format!("`{}` is not a technique id: it is written as T1059 or T1059.001", visible(written)));
    }
    id
}

/// The entries of a list in the order of their ids, whatever their order in the file. What they are made with tells what
/// is wrong with one.
fn named<T>(
    list: &[&RawValue],
    what: &str,
    json: &Json,
    problems: &mut Problems<'_>,
    make: impl Fn(NamedEntry, &mut dyn FnMut(String)) -> T,
) -> Vec<T> {
    let mut made = BTreeMap::new();
    for raw in list {
        let Some(entry) = problems.sound(json.part::<NamedEntry>(raw, what)) else { continue };
        let mut tell = |message| problems.tell(json.mistake(raw, message));
        if made.contains_key(&entry.id) {
            tell(format!("`{}` is listed a second time", visible(&entry.id)));
        } else {
            made.insert(entry.id.clone(), make(entry, &mut tell));
        }
    }
    made.into_values().collect()
}

#[cfg(test)]
mod tests {
    use crate::diagnostics::Diagnostics;
    use crate::knowledge::{ATTACK, attack};

    #[test]
    fn what_is_no_id_and_what_stands_there_twice_is_told() {
        let text = r#"{"techniques": [
{"id": "T1059", "name": "First"}, {"id": "T1059", "name": "Second"},
{"id": "T1086", "name": "Old", "revoked_by": "t1059.001"}],
"groups": [{"id": "G1", "name": "A"}, {"id": "G1", "name": "B"}],
"mitigations": [{"id": "M1", "name": "M", "techniques": ["T1059", "T105"]}]}"#;
        let directory = tempfile::tempdir().expect("a directory");
        std::fs::create_dir_all(directory.path().join("content/knowledge")).expect("directories");
        std::fs::write(directory.path().join(ATTACK), text).expect("a file");
        let mut told = Diagnostics::new();
        let knowledge = attack::load(directory.path(), &mut told);
        let line = |problem: &crate::diagnostics::Diagnostic| problem.place.position().map(|place| place.line);
        let told: Vec<_> = told.iter().map(|problem| (problem.message.as_str(), line(problem))).collect();
        let no_id = |id: &str| format!("`{id}` is not a technique id: it is written as T1059 or T1059.001");
        assert_eq!(
            told,
            [
                ("T1059 is listed a second time", Some(2)),
                (no_id("t1059.001").as_str(), Some(3)),
                ("`G1` is listed a second time", Some(4)),
                (no_id("T105").as_str(), Some(5)),
            ]
        );
        let names: Vec<_> = knowledge.techniques.values().map(|one| (one.name.as_str(), one.deprecated)).collect();
        assert_eq!((names, knowledge.groups[0].name.as_str()), (vec![("First", false), ("Old", true)], "A"));
        assert_eq!(knowledge.mitigations[0].techniques.len(), 1);
    }
}
