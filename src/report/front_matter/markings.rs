//! How far the objects of a STIX bundle may travel.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diagnostics::visible;
use crate::terms::Tlp;

/// The markings that a bundle defines for itself, by their ids. Those of the standards it need not hold.
#[derive(Debug)]
pub struct Markings<'a>(BTreeMap<&'a str, Result<Option<Tlp>, String>>);

impl<'a> Markings<'a> {
    /// The markings of a bundle.
    #[must_use]
    pub fn of(bundle: &'a Value) -> Self {
        let mut markings = BTreeMap::new();
        let objects = bundle["objects"].as_array().into_iter().flatten();
        for object in objects.filter(|object| object["type"] == "marking-definition") {
            let Some(id) = object["id"].as_str() else { continue };
            let meaning = markings.entry(id).or_insert(Ok(None));
            // Of two definitions of one id, each may be the one that was meant.
            *meaning = match (meaning.clone(), defined(object)) {
                (Ok(one), Ok(other)) => Ok(one.max(other)),
                (Err(problem), _) | (_, Err(problem)) => Err(problem),
            };
        }
        Self(markings)
    }

    /// The strictest TLP that an object is marked with; `None` where its markings say nothing of the
    /// kind. What is not understood could be the strictest of all, so it is an error, which
    /// continues "the indicator …".
    pub fn tlp(&self, object: &Value) -> Result<Option<Tlp>, String> {
        if !object["granular_markings"].is_null() {
            return Err("has `granular_markings`, which mark parts of it and are not understood".to_owned());
        }
        let refs = match &object["object_marking_refs"] {
            Value::Null => return Ok(None),
            Value::Array(refs) => refs,
            _ => return Err("has `object_marking_refs` that is no list".to_owned()),
        };
        refs.iter().try_fold(None, |strictest: Option<Tlp>, id| Ok(strictest.max(self.meaning(id)?)))
    }

    fn meaning(&self, id: &Value) -> Result<Option<Tlp>, String> {
        let id = id.as_str().ok_or("has a marking that is no id")?;
        if let Some(tlp) = Tlp::of_stix_marking(id) {
            return Ok(Some(tlp));
        }
        let shown = visible(id);
        match self.0.get(id) {
            Some(Ok(tlp)) => Ok(*tlp),
            Some(Err(problem)) => Err(format!("has the marking `{shown}`, {problem}")),
            None => Err(format!("has the marking `{shown}`, which the bundle does not define")),
        }
    }
}

/// The TLP of a definition: its name, STIX's own `definition`, and the extension by which TLP 2.0 is
/// marked may each say it. A statement says none.
fn defined(definition: &Value) -> Result<Option<Tlp>, String> {
    let name = definition.get("name").filter(|name| name.as_str().is_some_and(is_label));
    let first = definition["definition"].get("tlp");
    let extensions = definition["extensions"].as_object().into_iter().flatten();
    let second = extensions.filter_map(|(_, extension)| extension.get("tlp_2_0"));
    let mut strictest = None;
    for said in name.into_iter().chain(first).chain(second) {
        let tlp = said.as_str().and_then(read).ok_or_else(|| format!("whose TLP cannot be `{}`", quoted(said)))?;
        strictest = strictest.max(Some(tlp));
    }
    match strictest {
        None if definition["definition_type"] != "statement" => {
            Err("which is neither a TLP nor a statement".to_owned())
        }
        strictest => Ok(strictest),
    }
}

/// Whether a name means to be a label of the protocol.
fn is_label(name: &str) -> bool {
    name.trim().to_lowercase().starts_with("tlp")
}

/// A label in version 1.0 or 2.0.
fn read(text: &str) -> Option<Tlp> {
    let white = ["white", "tlp:white"].contains(&text.trim().to_lowercase().as_str());
    if white { Some(Tlp::Clear) } else { Tlp::parse(text) }
}

fn quoted(value: &Value) -> String {
    visible(&value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What the markings `refs` mean in a bundle that defines one as `definition` says.
    fn tlp(definition: &Value, refs: &Value) -> Result<Option<Tlp>, String> {
        let mut object = definition.clone();
        object["type"] = json!("marking-definition");
        object["id"] = json!("marking-definition--own");
        let bundle = json!({"objects": [object]});
        Markings::of(&bundle).tlp(&json!({"object_marking_refs": refs}))
    }

    #[test]
    fn a_marking_means_what_its_definition_says() {
        let extension = |word: &str| json!({"extension-definition--1": {"tlp_2_0": word}});
        for (definition, expected) in [
            (json!({"name": "TLP:RED"}), Some(Tlp::Red)),
            (json!({"definition_type": "tlp", "definition": {"tlp": "amber"}}), Some(Tlp::Amber)),
            (json!({"definition_type": "tlp", "definition": {"tlp": "white"}}), Some(Tlp::Clear)),
            (json!({"extensions": extension("amber+strict")}), Some(Tlp::AmberStrict)),
            (json!({"name": "TLP:GREEN", "extensions": extension("red")}), Some(Tlp::Red)),
            (json!({"definition_type": "statement", "name": "TLP:RED"}), Some(Tlp::Red)),
            (json!({"definition_type": "statement", "definition": {"statement": "Copyright"}}), None),
        ] {
            assert_eq!(tlp(&definition, &json!(["marking-definition--own"])), Ok(expected), "{definition}");
        }
        let several = json!(["marking-definition--own", Tlp::Green.stix_marking()]);
        assert_eq!(tlp(&json!({"name": "TLP:RED"}), &several), Ok(Some(Tlp::Red)));
        assert_eq!(tlp(&json!({"name": "TLP:CLEAR"}), &several), Ok(Some(Tlp::Green)));
    }

    #[test]
    fn what_is_not_understood_is_no_licence() {
        let own = json!(["marking-definition--own"]);
        for definition in [
            json!({}),
            json!({"name": "Company confidential"}),
            json!({"name": "TLP RED", "definition_type": "statement"}),
            json!({"definition_type": "tlp", "definition": {"tlp": "purple"}}),
            json!({"definition_type": "tlp", "definition": {"tlp": 3}}),
            json!({"name": "TLP:CLEAR", "extensions": {"x": {"tlp_2_0": "scarlet"}}}),
            json!({"definition_type": "iep"}),
        ] {
            assert!(tlp(&definition, &own).is_err(), "{definition}");
        }
        let fine = json!({"name": "TLP:CLEAR"});
        for refs in [json!("marking-definition--own"), json!([3]), json!(["marking-definition--other"]), json!({})] {
            assert!(tlp(&fine, &refs).is_err(), "{refs}");
        }
        let bundle = json!({});
        let granular =
            json!({"granular_markings": [{"selectors": ["pattern"], "marking_ref": Tlp::Red.stix_marking()}]});
        assert!(Markings::of(&bundle).tlp(&granular).is_err());
        assert_eq!(Markings::of(&bundle).tlp(&json!({})), Ok(None));
    }

    #[test]
    fn of_two_definitions_of_one_id_the_stricter_counts() {
        let one = |name: &str| json!({"type": "marking-definition", "id": "m", "name": name});
        for (first, second) in [("TLP:RED", "TLP:CLEAR"), ("TLP:CLEAR", "TLP:RED")] {
            let bundle = json!({"objects": [one(first), one(second)]});
            let tlp = Markings::of(&bundle).tlp(&json!({"object_marking_refs": ["m"]}));
            assert_eq!(tlp, Ok(Some(Tlp::Red)));
        }
    }
}
