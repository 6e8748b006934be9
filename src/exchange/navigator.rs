//! ATT&CK Navigator layers, format 4.5.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::address;
use crate::scope::{Report, Slice};
use crate::terms::{TechniqueId, Tlp};

/// The format, and the oldest Navigator that is sure to read it.
const LAYER: &str = "4.5";
const NAVIGATOR: &str = "5.1.0";

/// The layer of one report; an empty one where it names no technique.
pub(super) fn of_report(slice: &Slice, report: &Report) -> Value {
    let named = report.all_techniques().into_iter().map(|id| (id, vec![report])).collect();
    layer(slice, &report.title, report.tlp, &named)
}

/// The layer of all reports that the role gets: a technique's score is the number of reports that
/// name it. Nothing where none names any.
pub(super) fn of_role(slice: &Slice) -> Option<Value> {
    let mut named: BTreeMap<TechniqueId, Vec<&Report>> = BTreeMap::new();
    for report in slice.reports() {
        for id in report.all_techniques() {
            named.entry(id).or_default().push(report);
        }
    }
    // What a report says that names none of them is not in the layer.
    let label = named.values().flatten().map(|report| report.tlp).max()?;
    Some(layer(slice, &slice.site().title, label, &named))
}

fn layer(slice: &Slice, name: &str, tlp: Tlp, named: &BTreeMap<TechniqueId, Vec<&Report>>) -> Value {
    let most = named.values().map(Vec::len).max().unwrap_or(1);
    let knowledge = slice.knowledge();
    let mut techniques: BTreeMap<&TechniqueId, Value> = BTreeMap::new();
    // A sub-technique is seen where its parent is opened.
    let parents: Vec<TechniqueId> = named.keys().filter_map(TechniqueId::parent).collect();
    for parent in &parents {
        techniques.insert(parent, json!({"techniqueID": parent, "showSubtechniques": true}));
    }
    for (id, reports) in named {
        let links = |report: &&Report| json!({"label": report.title, "url": address(slice, report)});
        let technique = json!({
            "techniqueID": id,
            "score": reports.len(),
            "comment": knowledge.techniques.get(id).map(|known| known.name.as_str()).unwrap_or_default(),
            "links": reports.iter().map(links).collect::<Vec<_>>(),
            "showSubtechniques": parents.contains(id),
        });
        techniques.insert(id, technique);
    }
    let mut versions = json!({"layer": LAYER, "navigator": NAVIGATOR});
    // The Navigator knows versions of ATT&CK by their first number. It is that of the techniques, where there are any.
    if let Some(version) = knowledge.attack_version.as_ref().filter(|_| !named.is_empty()) {
        versions["attack"] = json!(version.split('.').next());
    }
    json!({
        "name": name,
        "domain": knowledge.attack_domain.word(),
        "versions": versions,
        "description": format!("{}. Techniques that reports name; a score is a number of reports.", tlp.label()),
        "techniques": techniques.into_values().collect::<Vec<_>>(),
        "gradient": {"colors": ["#fde8c8", "#b3261e"], "minValue": 0, "maxValue": most},
        "metadata": [{"name": "TLP", "value": tlp.label()}],
        "links": [{"label": slice.site().title, "url": slice.role().base_url}],
    })
}
