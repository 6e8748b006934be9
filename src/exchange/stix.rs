//! A report as a STIX 2.1 bundle with TLP 2.0 markings.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{address, meant, pattern};
use crate::scope::{Indicator, Report, Slice};
use crate::terms::{ReportType, Tlp};

/// The extension by which TLP 2.0 is marked: STIX itself knows TLP 1.0 only. Identifier and time are
/// those that OASIS gave it.
const TLP_2: &str = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";
const TLP_2_CREATED: &str = "2022-10-01T00:00:00.000Z";

/// The bundle of a report.
pub(super) fn bundle(slice: &Slice, report: &Report) -> Value {
    Bundle { slice, report, address: address(slice, report), ids: BTreeSet::new(), objects: Vec::new() }.finish()
}

/// A bundle in the making. The id of each object follows from the report's address and from what
/// makes the object itself, so that the same report gives the same bundle, and a later one
/// replaces it.
struct Bundle<'a> {
    slice: &'a Slice,
    report: &'a Report,
    address: String,
    ids: BTreeSet<String>,
    /// What the report refers to.
    objects: Vec<Value>,
}

impl Bundle<'_> {
    fn finish(mut self) -> Value {
        let identity = self.add(
            "identity",
            "",
            self.report.tlp,
            json!({
                "name": self.slice.site().title,
                "identity_class": "organization",
            }),
        );
        let actors: Vec<String> = self.named("intrusion-set", &self.report.actors, &json!({}));
        let malware: Vec<String> = self.named("malware", &self.report.malware, &json!({"is_family": true}));
        let techniques = self.techniques();
        self.vulnerabilities();
        self.mitigations();
        if let [actor] = actors.as_slice() {
            for target in techniques.iter().chain(&malware) {
                self.relate(actor, "uses", target, self.report.tlp);
            }
        }
        // Of several, nothing says which one an indicator points at.
        let meant = match (malware.as_slice(), actors.as_slice()) {
            ([one], _) | ([], [one]) => Some(one),
            _ => None,
        };
        for (pattern, indicators) in by_pattern(&self.report.indicators) {
            self.indicator(&pattern, &indicators, meant);
        }
        self.objects.insert(0, self.report_object(&identity));
        let mut objects = markings(&self.objects);
        objects.append(&mut self.objects);
        json!({"type": "bundle", "id": self.id("bundle", ""), "objects": objects})
    }

    fn id(&self, kind: &str, key: &str) -> String {
        // The lengths keep two parts from being read as two others.
        let name = format!("{}:{}{}:{kind}{key}", self.address.len(), self.address, kind.len());
        format!("{kind}--{}", Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()))
    }

    /// The object of a kind that `key` tells from its like, unless it is there already.
    fn add(&mut self, kind: &str, key: &str, tlp: Tlp, properties: Value) -> String {
        let id = self.id(kind, key);
        if self.ids.insert(id.clone()) {
            self.objects.push(self.object(kind, &id, tlp, properties));
        }
        id
    }

    fn object(&self, kind: &str, id: &str, tlp: Tlp, properties: Value) -> Value {
        let mut object = Map::from_iter([
            ("type".to_owned(), json!(kind)),
            ("spec_version".to_owned(), json!("2.1")),
            ("id".to_owned(), json!(id)),
            ("created".to_owned(), json!(version(self.report.published.instant()))),
            ("modified".to_owned(), json!(version(self.report.latest()))),
            ("object_marking_refs".to_owned(), json!([tlp.stix_marking()])),
        ]);
        if let Value::Object(properties) = properties {
            // Where there is nothing to say, STIX wants the property left out.
            let said = |value: &Value| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty());
            object.extend(properties.into_iter().filter(|(_, value)| said(value)));
        }
        Value::Object(object)
    }

    fn named(&mut self, kind: &str, names: &[String], properties: &Value) -> Vec<String> {
        let mut ids = Vec::new();
        for name in names {
            let mut properties = properties.clone();
            properties["name"] = json!(name);
            ids.push(self.add(kind, name, self.report.tlp, properties));
        }
        ids
    }

    fn techniques(&mut self) -> Vec<String> {
        let techniques = self.report.all_techniques().into_iter();
        let known = &self.slice.knowledge().techniques;
        techniques
            .map(|id| {
                let name = known.get(&id).map_or(id.as_str(), |technique| &technique.name);
                let path = id.as_str().replace('.', "/");
                let properties = json!({
                    "name": name,
                    "external_references": [{
                        "source_name": "mitre-attack",
                        "external_id": id,
                        "url": format!("https://attack.mitre.org/techniques/{path}"),
                    }],
                });
                self.add("attack-pattern", id.as_str(), self.report.tlp, properties)
            })
            .collect()
    }

    fn vulnerabilities(&mut self) {
        for id in self.report.all_vulnerabilities() {
            let properties = json!({
                "name": id,
                "external_references": [{"source_name": "cve", "external_id": id}],
            });
            self.add("vulnerability", id.as_str(), self.report.tlp, properties);
        }
    }

    /// What to do, without who should: that is the house's own business.
    fn mitigations(&mut self) {
        for mitigation in &self.report.mitigations {
            self.add("course-of-action", &mitigation.action, self.report.tlp, json!({"name": mitigation.action}));
        }
    }

    /// The object of a pattern, of which one indicator or several speak. It travels no further than the
    /// strictest of them, since it says what all of them say.
    fn indicator(&mut self, pattern: &str, indicators: &[&Indicator], meant: Option<&String>) {
        let Some(named) = indicators.first() else { return };
        let tlps = indicators.iter().map(|indicator| indicator.tlp.unwrap_or(self.report.tlp));
        let tlp = tlps.max().unwrap_or(self.report.tlp);
        let seen = indicators.iter().filter_map(|indicator| indicator.first_seen);
        let first = seen.min_by_key(|seen| seen.instant()).unwrap_or(self.report.published);
        let properties = json!({
            "name": format!("{}: {}", named.kind.label(), named.value),
            "description": description(indicators),
            "indicator_types": ["malicious-activity"],
            "pattern": pattern,
            "pattern_type": "stix",
            "pattern_version": "2.1",
            "valid_from": first.instant().to_string(),
            "confidence": indicators.iter().filter_map(|indicator| indicator.confidence).max(),
        });
        let id = self.add("indicator", pattern, tlp, properties);
        if let Some(meant) = meant {
            self.relate(&id, "indicates", meant, tlp);
        }
    }

    fn relate(&mut self, source: &str, kind: &str, target: &str, tlp: Tlp) {
        let properties = json!({"relationship_type": kind, "source_ref": source, "target_ref": target});
        self.add("relationship", &format!("{source} {kind} {target}"), tlp, properties);
    }

    fn report_object(&self, identity: &str) -> Value {
        let report = self.report;
        let sources = report.references.iter().map(|reference| {
            let mut source = json!({"source_name": reference.title});
            if let Some(url) = &reference.url {
                source["url"] = json!(url);
            }
            // A source must say more than what it is called.
            if reference.url.is_none() {
                source["description"] = json!(reference.title);
            }
            source
        });
        let own = json!({"source_name": self.slice.site().title, "url": self.address});
        // The strictest of what it refers to: whoever has the report has the list.
        let tlp = report.indicators.iter().filter_map(|indicator| indicator.tlp).fold(report.tlp, Tlp::max);
        let properties = json!({
            "name": report.title,
            "description": report.summary,
            "published": report.published.instant().to_string(),
            "report_types": [kind(report.kind)],
            "labels": report.tags,
            "created_by_ref": identity,
            "external_references": std::iter::once(own).chain(sources).collect::<Vec<_>>(),
            "object_refs": self.objects.iter().map(|object| &object["id"]).collect::<Vec<_>>(),
        });
        self.object("report", &self.id("report", ""), tlp, properties)
    }
}

/// The indicators that have a pattern, by it; the patterns in the order of their first indicators.
fn by_pattern(indicators: &[Indicator]) -> Vec<(String, Vec<&Indicator>)> {
    let mut gathered: Vec<(String, Vec<&Indicator>)> = Vec::new();
    let mut places = BTreeMap::new();
    for indicator in indicators {
        let Some(pattern) = pattern::of(indicator.kind, &indicator.value) else { continue };
        let key = pattern::of(indicator.kind, &meant(indicator));
        let place = *places.entry(key).or_insert(gathered.len());
        match gathered.get_mut(place) {
            Some((_, several)) => several.push(indicator),
            None => gathered.push((pattern, vec![indicator])),
        }
    }
    gathered
}

/// What indicators mean, each meaning once, in their order.
fn description(indicators: &[&Indicator]) -> Option<String> {
    let mut said = BTreeSet::new();
    let meanings = indicators.iter().filter_map(|indicator| indicator.description.as_deref());
    let meanings: Vec<&str> = meanings.filter(|meaning| said.insert(*meaning)).collect();
    (!meanings.is_empty()).then(|| meanings.join("; "))
}

/// The definitions of the markings that are used.
fn markings(objects: &[Value]) -> Vec<Value> {
    let used = |tlp: &Tlp| objects.iter().any(|object| object["object_marking_refs"][0] == tlp.stix_marking());
    Tlp::ALL.into_iter().filter(used).map(marking).collect()
}

fn marking(tlp: Tlp) -> Value {
    json!({
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": tlp.stix_marking(),
        "created": TLP_2_CREATED,
        "name": tlp.label(),
        "extensions": {TLP_2: {"extension_type": "property-extension", "tlp_2_0": tlp.word()}},
    })
}

/// The word of STIX's open vocabulary.
fn kind(kind: ReportType) -> &'static str {
    match kind {
        ReportType::Activity => "campaign",
        ReportType::Actor => "threat-actor",
        ReportType::CoreThreat | ReportType::Osint => "threat-report",
        ReportType::Technique => "attack-pattern",
        ReportType::Tool => "tool",
        ReportType::Vulnerability => "vulnerability",
    }
}

/// The time of a version, which STIX tells from others by the millisecond.
fn version(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
