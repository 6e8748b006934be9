//! MITRE's STIX bundle, 2.0 or 2.1.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Domain, Group, Mitigation, Software, Tactic, Technique, others};
use crate::knowledge::Knowledge;
use crate::knowledge::file::Json;
use crate::knowledge::problems::Problems;
use crate::terms::{TechniqueId, instant};

/// The parts of a STIX object that are read.
#[derive(Deserialize)]
struct Object {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    revoked: bool,
    #[serde(default)]
    x_mitre_deprecated: bool,
    #[serde(default)]
    x_mitre_aliases: Vec<String>,
    #[serde(default)]
    x_mitre_domains: Vec<String>,
    x_mitre_shortname: Option<String>,
    x_mitre_version: Option<String>,
    modified: Option<String>,
    #[serde(default)]
    tactic_refs: Vec<String>,
    #[serde(default)]
    kill_chain_phases: Vec<Phase>,
    #[serde(default)]
    external_references: Vec<External>,
    relationship_type: Option<String>,
    source_ref: Option<String>,
    target_ref: Option<String>,
}

#[derive(Deserialize)]
struct Phase {
    phase_name: String,
}

#[derive(Deserialize)]
struct External {
    source_name: String,
    external_id: Option<String>,
}

impl Object {
    fn attack_id(&self) -> Option<&str> {
        let own = self.external_references.iter().find(|reference| reference.source_name.starts_with("mitre"));
        own.and_then(|reference| reference.external_id.as_deref())
    }

    /// Whether ATT&CK still says it.
    fn stands(&self) -> bool {
        !self.revoked && !self.x_mitre_deprecated
    }
}

/// The notice that MITRE's terms of use ask for.
const NOTICE: &str =
    "© The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation.";

/// What a bundle says.
pub(super) fn read(json: &Json, list: &[&RawValue], problems: &mut Problems<'_>) -> Knowledge {
    let objects: Vec<Object> = list.iter().filter_map(|raw| problems.sound(json.part(raw, "a STIX object"))).collect();
    let of = |kind: &'static str| objects.iter().filter(move |object| object.kind == kind);
    let techniques: BTreeMap<&str, TechniqueId> = of("attack-pattern")
        .filter_map(|object| Some((object.id.as_str(), TechniqueId::parse(object.attack_id()?)?)))
        .collect();
    let related = |kind: &'static str| {
        of("relationship")
            .filter(move |object| object.stands() && object.relationship_type.as_deref() == Some(kind))
            .filter_map(|object| Some((object.source_ref.as_deref()?, techniques.get(object.target_ref.as_deref()?)?)))
    };
    let successors: BTreeMap<&str, &TechniqueId> = related("revoked-by").collect();
    let mut answered: BTreeMap<&str, BTreeSet<TechniqueId>> = BTreeMap::new();
    for (mitigation, technique) in related("mitigates") {
        answered.entry(mitigation).or_default().insert(technique.clone());
    }
    let technique = |object: &Object| {
        let technique = Technique {
            name: object.name.clone(),
            tactics: object.kill_chain_phases.iter().map(|phase| phase.phase_name.clone()).collect(),
            deprecated: object.x_mitre_deprecated || object.revoked,
            revoked_by: successors.get(object.id.as_str()).copied().cloned(),
        };
        techniques.get(object.id.as_str()).map(|id| (id.clone(), technique))
    };
    Knowledge {
        attack_version: of("x-mitre-collection").find_map(|object| object.x_mitre_version.clone()),
        attack_domain: of("attack-pattern")
            .flat_map(|object| &object.x_mitre_domains)
            .find_map(|word| Domain::parse(word))
            .unwrap_or_default(),
        // Not every bundle has a collection with a date of its own.
        attack_changed: objects.iter().filter_map(|object| instant(object.modified.as_deref()?)).max(),
        notice: Some(NOTICE.to_owned()),
        tactics: tactics(&objects),
        techniques: of("attack-pattern").filter_map(technique).collect(),
        groups: by_id(of("intrusion-set"), |id, object| Group {
            id,
            name: object.name.clone(),
            aliases: others(&object.name, object.aliases.clone()),
        }),
        software: by_id(of("malware").chain(of("tool")), |id, object| Software {
            id,
            name: object.name.clone(),
            aliases: others(&object.name, object.x_mitre_aliases.clone()),
            kind: Some(object.kind.clone()),
        }),
        mitigations: by_id(of("course-of-action"), |id, object| Mitigation {
            id,
            name: object.name.clone(),
            techniques: answered.get(object.id.as_str()).cloned().unwrap_or_default(),
        }),
        ..Knowledge::default()
    }
}

/// The tactics in the order of the matrix.
fn tactics(objects: &[Object]) -> Vec<Tactic> {
    let of = |kind: &'static str| objects.iter().filter(move |object| object.kind == kind);
    let order: Vec<&String> = of("x-mitre-matrix").flat_map(|matrix| &matrix.tactic_refs).collect();
    let place = |tactic: &Object| order.iter().position(|id| **id == tactic.id).unwrap_or(usize::MAX);
    let mut tactics: Vec<&Object> = of("x-mitre-tactic").collect();
    tactics.sort_by(|a, b| (place(a), a.attack_id()).cmp(&(place(b), b.attack_id())));
    let tactic = |object: &Object| {
        let (id, shortname) = (object.attack_id()?.to_owned(), object.x_mitre_shortname.clone()?);
        Some(Tactic { id, shortname, name: object.name.clone() })
    };
    tactics.into_iter().filter_map(tactic).collect()
}

/// What still stands, in the order of ids.
fn by_id<'a, T>(objects: impl Iterator<Item = &'a Object>, make: impl Fn(String, &Object) -> T) -> Vec<T> {
    let standing = objects.filter(|object| object.stands());
    let made = standing.filter_map(|object| {
        let id = object.attack_id()?.to_owned();
        Some((id.clone(), make(id, object)))
    });
    made.collect::<BTreeMap<String, T>>().into_values().collect()
}

#[cfg(test)]
mod tests {
    use crate::diagnostics::Diagnostics;
    use crate::knowledge::{ATTACK, Domain, Knowledge, attack};

    fn read(text: &str) -> Knowledge {
        let directory = tempfile::tempdir().expect("a directory");
        std::fs::create_dir_all(directory.path().join("content/knowledge")).expect("directories");
        std::fs::write(directory.path().join(ATTACK), text).expect("a file");
        let mut diagnostics = Diagnostics::new();
        let knowledge = attack::load(directory.path(), &mut diagnostics);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        knowledge
    }

    #[test]
    fn both_forms_give_the_same() {
        let compact = r#"{"attack_version":"18.1","domain":"ics-attack","notice":"n",
            "tactics":[{"id":"TA0002","shortname":"execution","name":"Execution","order":1}],
            "techniques":[{"id":"T1059","name":"Interpreter","tactics":["execution"]},
                          {"id":"T1086","name":"PowerShell","tactics":["execution"],"deprecated":true,"revoked_by":"T1059"}],
            "groups":[{"id":"G0001","name":"Axiom","aliases":["Group 72"]}],
            "software":[{"id":"S0002","name":"Mimikatz","type":"tool"},{"id":"S0001","name":"M","aliases":["N"],"type":"malware"}],
            "mitigations":[{"id":"M1042","name":"Disable it","techniques":["T1059"]}]}"#;
        let bundle = r#"{"type":"bundle","id":"bundle--1","objects":[
            {"type":"x-mitre-collection","id":"c","name":"Enterprise","x_mitre_version":"18.1"},
            {"type":"x-mitre-matrix","id":"m","name":"M","tactic_refs":["t"]},
            {"type":"x-mitre-tactic","id":"t","name":"Execution","x_mitre_shortname":"execution","external_references":[{"source_name":"mitre-attack","external_id":"TA0002"}]},
            {"type":"attack-pattern","id":"a","name":"Interpreter","x_mitre_domains":["ics-attack"],"kill_chain_phases":[{"kill_chain_name":"mitre-attack","phase_name":"execution"}],"external_references":[{"source_name":"mitre-attack","external_id":"T1059"}]},
            {"type":"attack-pattern","id":"b","name":"PowerShell","revoked":true,"kill_chain_phases":[{"kill_chain_name":"mitre-attack","phase_name":"execution"}],"external_references":[{"source_name":"mitre-attack","external_id":"T1086"}]},
            {"type":"intrusion-set","id":"g","name":"Axiom","aliases":["Axiom","Group 72"],"external_references":[{"source_name":"mitre-attack","external_id":"G0001"}]},
            {"type":"intrusion-set","id":"h","name":"Gone","revoked":true,"external_references":[{"source_name":"mitre-attack","external_id":"G0003"}]},
            {"type":"tool","id":"s2","name":"Mimikatz","x_mitre_aliases":["Mimikatz"],"external_references":[{"source_name":"mitre-attack","external_id":"S0002"}]},
            {"type":"malware","id":"s1","name":"M","x_mitre_aliases":["M","N"],"external_references":[{"source_name":"mitre-attack","external_id":"S0001"}]},
            {"type":"course-of-action","id":"o","name":"Disable it","external_references":[{"source_name":"mitre-attack","external_id":"M1042"}]},
            {"type":"relationship","id":"r","relationship_type":"revoked-by","source_ref":"b","target_ref":"a"},
            {"type":"relationship","id":"q","relationship_type":"mitigates","source_ref":"o","target_ref":"a"}]}"#;
        let (compact, bundle) = (read(compact), read(bundle));
        assert_eq!(compact.techniques, bundle.techniques);
        assert_eq!(compact.tactics, bundle.tactics);
        assert_eq!(compact.groups, bundle.groups);
        assert_eq!(compact.software, bundle.software);
        assert_eq!(compact.mitigations, bundle.mitigations);
        assert_eq!(compact.attack_version, bundle.attack_version);
        assert_eq!((compact.attack_domain, bundle.attack_domain), (Domain::Ics, Domain::Ics));
        assert_eq!((compact.techniques.len(), compact.groups.len(), compact.software.len()), (2, 1, 2));
    }

    #[test]
    fn a_relationship_that_no_longer_stands_says_nothing() {
        let bundle = |mark: &str| {
            read(&format!(
                r#"{{"type":"bundle","id":"bundle--1","objects":[
            {{"type":"attack-pattern","id":"a","name":"New","external_references":[{{"source_name":"mitre-attack","external_id":"T1059"}}]}},
            {{"type":"attack-pattern","id":"b","name":"Old","revoked":true,"external_references":[{{"source_name":"mitre-attack","external_id":"T1086"}}]}},
            {{"type":"course-of-action","id":"o","name":"Disable it","external_references":[{{"source_name":"mitre-attack","external_id":"M1042"}}]}},
            {{"type":"relationship","id":"r",{mark}"relationship_type":"revoked-by","source_ref":"b","target_ref":"a"}},
            {{"type":"relationship","id":"q",{mark}"relationship_type":"mitigates","source_ref":"o","target_ref":"a"}}]}}"#
            ))
        };
        let said = |mark: &str| {
            let knowledge = bundle(mark);
            let successors = knowledge.techniques.values().filter(|technique| technique.revoked_by.is_some()).count();
            (successors, knowledge.mitigations.iter().map(|one| one.techniques.len()).sum::<usize>())
        };
        assert_eq!(said(""), (1, 1));
        for mark in [r#""revoked":true,"#, r#""x_mitre_deprecated":true,"#] {
            assert_eq!(said(mark), (0, 0), "{mark}");
        }
    }

    #[test]
    fn a_name_means_its_own_before_an_alias() {
        let knowledge = read(
            r#"{"techniques":[],"groups":[{"id":"G1","name":"A","aliases":["Cozy Bear","B"]},{"id":"G2","name":"B"}]}"#,
        );
        let ids = |name: &str| -> Vec<&str> {
            knowledge.groups_called(name).into_iter().map(|group| group.id.as_str()).collect()
        };
        assert_eq!((ids("cozy bear"), ids("b"), ids("C")), (vec!["G1"], vec!["G2"], vec![]));
    }
}
