//! `content/knowledge/attack.json`: MITRE's STIX bundle, or the compact form.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::{Knowledge, Tactic, Technique};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source, visible};
use crate::terms::TechniqueId;

/// Where the file stands in a site.
pub const FILE: &str = "content/knowledge/attack.json";

/// Reads what the site in `root` has; nothing is required.
pub fn load(root: &Path, diagnostics: &mut Diagnostics) -> Knowledge {
    let bytes = match std::fs::read(root.join(FILE)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Knowledge::default(),
        Err(error) => {
            diagnostics.push(Diagnostic::error(Code::Unreadable, format!("cannot read it: {error}")).in_file(FILE));
            return Knowledge::default();
        }
    };
    match serde_json::from_slice::<Either>(&bytes) {
        Ok(Either { objects: Some(objects), .. }) => from_bundle(&objects),
        Ok(Either { compact, .. }) if compact.is_attack() => compact.into_knowledge(diagnostics),
        Ok(_) => {
            diagnostics.push(
                Diagnostic::error(
                    Code::InvalidKnowledge,
                    "not an ATT&CK file: it has neither techniques nor STIX objects",
                )
                .in_file(FILE)
                .hint("put MITRE's STIX bundle here, or the compact form that docs/configuration.md shows"),
            );
            Knowledge::default()
        }
        Err(error) => {
            diagnostics.push(malformed(&bytes, &error));
            Knowledge::default()
        }
    }
}

fn malformed(bytes: &[u8], error: &serde_json::Error) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::InvalidKnowledge, format!("not an ATT&CK file: {error}"))
        .hint("put MITRE's STIX bundle here, or the compact form that docs/configuration.md shows");
    let Ok(text) = std::str::from_utf8(bytes) else { return diagnostic.in_file(FILE) };
    let source = Source::new(FILE, text);
    let line = source.line(error.line().max(1));
    let at = (line.start + error.column().saturating_sub(1)).min(line.end);
    diagnostic.at(&source, at..at)
}

/// A bundle has `objects`; anything else is read as the compact form.
#[derive(Deserialize)]
struct Either {
    objects: Option<Vec<Object>>,
    #[serde(flatten)]
    compact: Compact,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Compact {
    attack_version: Option<String>,
    notice: Option<String>,
    tactics: Vec<CompactTactic>,
    techniques: Option<Vec<CompactTechnique>>,
}

#[derive(Deserialize)]
struct CompactTactic {
    id: String,
    shortname: String,
    name: String,
    #[serde(default)]
    order: u32,
}

#[derive(Deserialize)]
struct CompactTechnique {
    id: String,
    name: String,
    #[serde(default)]
    tactics: Vec<String>,
    #[serde(default)]
    deprecated: bool,
    revoked_by: Option<String>,
}

impl Compact {
    fn is_attack(&self) -> bool {
        self.techniques.is_some()
    }

    fn into_knowledge(mut self, diagnostics: &mut Diagnostics) -> Knowledge {
        self.tactics.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
        let tactic = |tactic: CompactTactic| Tactic { id: tactic.id, shortname: tactic.shortname, name: tactic.name };
        let technique = |technique: CompactTechnique| {
            let Some(id) = TechniqueId::parse(&technique.id) else {
                let message = format!("`{}` is not a technique id", visible(&technique.id));
                diagnostics.push(
                    Diagnostic::warning(Code::InvalidKnowledge, message)
                        .in_file(FILE)
                        .hint("ids are written as T1059 or T1059.001; this one is left out"),
                );
                return None;
            };
            let revoked_by = technique.revoked_by.as_deref().and_then(TechniqueId::parse);
            let CompactTechnique { name, tactics, .. } = technique;
            let deprecated = technique.deprecated || revoked_by.is_some();
            Some((id, Technique { name, tactics, deprecated, revoked_by }))
        };
        Knowledge {
            attack_version: self.attack_version,
            notice: self.notice,
            tactics: self.tactics.into_iter().map(tactic).collect(),
            techniques: self.techniques.into_iter().flatten().filter_map(technique).collect(),
        }
    }
}

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
    revoked: bool,
    #[serde(default)]
    x_mitre_deprecated: bool,
    x_mitre_shortname: Option<String>,
    x_mitre_version: Option<String>,
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
}

/// The notice that MITRE's terms of use ask for.
const NOTICE: &str =
    "© The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation.";

fn from_bundle(objects: &[Object]) -> Knowledge {
    let of = |kind: &'static str| objects.iter().filter(move |object| object.kind == kind);
    let order: Vec<&String> = of("x-mitre-matrix").flat_map(|matrix| &matrix.tactic_refs).collect();
    let mut tactics: Vec<&Object> = of("x-mitre-tactic").collect();
    let place = |tactic: &Object| order.iter().position(|id| **id == tactic.id).unwrap_or(usize::MAX);
    tactics.sort_by(|a, b| (place(a), a.attack_id()).cmp(&(place(b), b.attack_id())));
    let ids: BTreeMap<&str, TechniqueId> = of("attack-pattern")
        .filter_map(|object| Some((object.id.as_str(), TechniqueId::parse(object.attack_id()?)?)))
        .collect();
    let successors: BTreeMap<&str, TechniqueId> = of("relationship")
        .filter(|object| object.relationship_type.as_deref() == Some("revoked-by"))
        .filter_map(|object| Some((object.source_ref.as_deref()?, ids.get(object.target_ref.as_deref()?)?.clone())))
        .collect();
    let technique = |object: &Object| {
        let technique = Technique {
            name: object.name.clone(),
            tactics: object.kill_chain_phases.iter().map(|phase| phase.phase_name.clone()).collect(),
            deprecated: object.x_mitre_deprecated || object.revoked,
            revoked_by: successors.get(object.id.as_str()).cloned(),
        };
        ids.get(object.id.as_str()).map(|id| (id.clone(), technique))
    };
    Knowledge {
        attack_version: of("x-mitre-collection").find_map(|object| object.x_mitre_version.clone()),
        notice: Some(NOTICE.to_owned()),
        tactics: tactics
            .into_iter()
            .filter_map(|object| {
                let (id, shortname) = (object.attack_id()?.to_owned(), object.x_mitre_shortname.clone()?);
                Some(Tactic { id, shortname, name: object.name.clone() })
            })
            .collect(),
        techniques: of("attack-pattern").filter_map(technique).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Knowledge {
        let directory = tempfile::tempdir().expect("a directory");
        std::fs::create_dir_all(directory.path().join("content/knowledge")).expect("directories");
        std::fs::write(directory.path().join(FILE), text).expect("a file");
        let mut diagnostics = Diagnostics::new();
        let knowledge = load(directory.path(), &mut diagnostics);
        assert!(!diagnostics.has_errors());
        knowledge
    }

    #[test]
    fn both_forms_give_the_same() {
        let compact = r#"{"attack_version":"18.1","domain":"enterprise-attack","notice":"n",
            "tactics":[{"id":"TA0002","shortname":"execution","name":"Execution","order":1}],
            "techniques":[{"id":"T1059","name":"Interpreter","tactics":["execution"]},
                          {"id":"T1086","name":"PowerShell","tactics":["execution"],"deprecated":true,"revoked_by":"T1059"}]}"#;
        let bundle = r#"{"type":"bundle","id":"bundle--1","objects":[
            {"type":"x-mitre-collection","id":"c","name":"Enterprise","x_mitre_version":"18.1"},
            {"type":"x-mitre-matrix","id":"m","name":"M","tactic_refs":["t"]},
            {"type":"x-mitre-tactic","id":"t","name":"Execution","x_mitre_shortname":"execution","external_references":[{"source_name":"mitre-attack","external_id":"TA0002"}]},
            {"type":"attack-pattern","id":"a","name":"Interpreter","kill_chain_phases":[{"kill_chain_name":"mitre-attack","phase_name":"execution"}],"external_references":[{"source_name":"mitre-attack","external_id":"T1059"}]},
            {"type":"attack-pattern","id":"b","name":"PowerShell","revoked":true,"kill_chain_phases":[{"kill_chain_name":"mitre-attack","phase_name":"execution"}],"external_references":[{"source_name":"mitre-attack","external_id":"T1086"}]},
            {"type":"relationship","id":"r","relationship_type":"revoked-by","source_ref":"b","target_ref":"a"}]}"#;
        let (compact, bundle) = (read(compact), read(bundle));
        assert_eq!(compact.techniques, bundle.techniques);
        assert_eq!(compact.tactics, bundle.tactics);
        assert_eq!(compact.attack_version, bundle.attack_version);
        assert_eq!(compact.techniques.len(), 2);
    }
}
