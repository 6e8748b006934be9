//! What the world says, as the files of `content/knowledge` hold it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::pools::CVES;

/// Techniques that texts of random sites name, and some that none does.
const TECHNIQUES: [&str; 5] = ["T1190", "T1059", "T1059.001", "T1588.002", "T1003"];
/// The same of actors and malware.
const NAMES: [&str; 6] = ["Storm-2603", "Übel", "Warlock", "Storm-9999", "Quietware", "Nobody"];

/// Every id and name of which something is said, with a number that makes what is said another.
#[derive(Clone, Debug)]
pub(crate) struct Knowledge(pub(crate) BTreeMap<String, u8>);

impl Knowledge {
    /// Something about everything.
    pub(crate) fn full() -> Knowledge {
        Knowledge(CVES.iter().chain(&TECHNIQUES).chain(&NAMES).map(|name| ((*name).to_owned(), 0)).collect())
    }

    /// Something else about what is not `kept`, nothing more about some of it, and something about ids
    /// that were never heard of.
    pub(crate) fn altered(&self, kept: impl Fn(&str) -> bool, salt: u8) -> Knowledge {
        let mut altered = self.clone();
        for (at, name) in self.0.keys().enumerate().filter(|(_, name)| !kept(name)) {
            if (at + usize::from(salt)).is_multiple_of(3) {
                altered.0.remove(name);
            } else {
                altered.0.insert(name.clone(), 1 + salt);
            }
        }
        for strange in ["CVE-1999-0001", "CVE-2026-99999", "T1999", "T1059.009"] {
            altered.0.insert(strange.to_owned(), salt);
        }
        altered
    }

    pub(crate) fn write(&self, home: &Path) {
        fs::create_dir_all(home.join("cve")).unwrap();
        fs::write(home.join("kev.json"), self.kev().to_string()).unwrap();
        fs::write(home.join("epss.csv"), self.epss()).unwrap();
        fs::write(home.join("attack.json"), self.attack().to_string()).unwrap();
        for (id, salt) in self.vulnerabilities() {
            fs::write(home.join(format!("cve/{id}.json")), record(id, salt).to_string()).unwrap();
        }
    }

    fn vulnerabilities(&self) -> impl Iterator<Item = (&String, u8)> {
        self.0.iter().filter(|(id, _)| id.starts_with("CVE-")).map(|(id, salt)| (id, *salt))
    }

    fn kev(&self) -> Value {
        let entries: Vec<Value> = self
            .vulnerabilities()
            .map(|(id, salt)| {
                json!({
                    "cveID": id, "vendorProject": "Contoso", "product": format!("Product {salt}"),
                    "vulnerabilityName": format!("Name {salt} of {id}"), "dateAdded": day(salt), "dueDate": day(salt + 1),
                    "shortDescription": "What it is.", "requiredAction": format!("Do {salt}."),
                    "knownRansomwareCampaignUse": if salt.is_multiple_of(2) { "Known" } else { "Unknown" },
                })
            })
            .collect();
        json!({"catalogVersion": "2026.11.01", "dateReleased": "2026-11-01T10:00:00.5Z", "count": entries.len(), "vulnerabilities": entries})
    }

    fn epss(&self) -> String {
        let rows = self.vulnerabilities().map(|(id, salt)| format!("{id},0.{salt}5,0.9{salt}\n"));
        format!(
            "#model_version:v1,score_date:2026-11-10T00:00:00+0000\ncve,epss,percentile\n{}",
            rows.collect::<String>()
        )
    }

    fn attack(&self) -> Value {
        let techniques = self.0.iter().filter(|(id, _)| id.starts_with('T'));
        let techniques = techniques.map(
            |(id, salt)| json!({"id": id, "name": format!("Technique {salt}"), "tactics": [format!("tactic-{}", salt % 2)]}),
        );
        let tactics = [0, 1].map(|n| json!({"id": format!("TA{n}"), "shortname": format!("tactic-{n}"), "name": format!("Tactic {n}"), "order": n}));
        let named = |letter: &str| -> Vec<Value> {
            let names = self.0.iter().filter(|(name, _)| !name.starts_with("CVE-") && !name.starts_with('T'));
            let entry = |(name, salt): (&String, &u8)| json!({"id": format!("{letter}-{name}-{salt}"), "name": name, "aliases": [format!("Alias {salt} of {name}")], "type": "tool"});
            names.map(entry).collect()
        };
        let mitigations = self.0.iter().filter(|(id, _)| id.starts_with('T'));
        let mitigations = mitigations.map(
            |(id, salt)| json!({"id": format!("M-{id}"), "name": format!("Mitigation {salt}"), "techniques": [id]}),
        );
        json!({
            "attack_version": "18.1", "notice": "By MITRE.", "tactics": tactics,
            "techniques": techniques.collect::<Vec<_>>(), "groups": named("G"), "software": named("S"),
            "mitigations": mitigations.collect::<Vec<_>>(),
        })
    }
}

fn day(salt: u8) -> String {
    format!("2026-10-{:02}", 1 + salt % 28)
}

fn record(id: &str, salt: u8) -> Value {
    json!({
        "dataType": "CVE_RECORD", "dataVersion": "5.1",
        "cveMetadata": {"cveId": id, "state": "PUBLISHED", "assignerShortName": "contoso", "dateUpdated": "2026-10-01T00:00:00"},
        "containers": {"cna": {
            "providerMetadata": {"shortName": "contoso"}, "title": format!("Title {salt}"),
            "descriptions": [{"lang": "en", "value": format!("Description {salt}")}],
            "affected": [{"vendor": "Contoso", "product": format!("Server {salt}"),
                          "versions": [{"version": "1", "status": "affected", "lessThan": format!("1.{salt}")}]}],
            "metrics": [{"cvssV3_1": {"version": "3.1", "baseScore": f64::from(salt % 10), "baseSeverity": "HIGH", "vectorString": "CVSS:3.1/AV:N"}}],
        }},
    })
}
