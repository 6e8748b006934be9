//! The files of `content/knowledge` with a stranger's string in every text.

use std::path::Path;

use serde_json::{Value, json};

use super::marks::Marked;
use super::site::{pairs, put};

/// Writes them, with something about what each report of the site names.
pub(super) fn write(root: &Path, marked: &Marked) {
    let reports = marked.len().div_ceil(4);
    put(root, "content/knowledge/attack.json", &attack(marked, reports).to_string());
    put(root, "content/knowledge/kev.json", &catalogue(marked, reports).to_string());
    put(root, "content/knowledge/epss.csv", &scores(reports));
    for number in 0..reports {
        let id = id(number);
        put(root, &format!("content/knowledge/cve/{id}.json"), &record(marked, number).to_string());
    }
}

fn id(number: usize) -> String {
    format!("CVE-2026-{}", 1000 + number)
}

fn attack(marked: &Marked, reports: usize) -> Value {
    let techniques: Vec<Value> = (0..marked.len())
        .map(|n| json!({"id": format!("T{}", 1000 + n), "name": marked.four(n + 34), "tactics": [format!("t{n}")]}))
        .collect();
    let tactics: Vec<Value> = (0..marked.len())
        .map(
            |n| json!({"id": format!("TA{n}"), "shortname": format!("t{n}"), "name": marked.value(n + 35), "order": n}),
        )
        .collect();
    // A report's fifth and sixth field are its actors and its malware.
    let named = |letter: &str, field: usize| -> Vec<Value> {
        let entry = |n: usize| {
            let name = &pairs(marked, letter, n + field)[0];
            let aliases = [marked.four(n + 36), marked.four(n + 37)];
            json!({"id": format!("{n} {}", marked.value(n + 38)), "name": name, "aliases": aliases, "type": marked.value(n + 39)})
        };
        (0..reports).map(entry).collect()
    };
    let mitigations: Vec<Value> = (0..reports)
        .map(|n| {
            let id = format!("{n} {}", marked.value(n + 40));
            json!({"id": id, "name": marked.four(n + 41), "techniques": [format!("T{}", 1000 + n)]})
        })
        .collect();
    json!({
        "attack_version": marked.value(36), "notice": marked.value(37), "tactics": tactics, "techniques": techniques,
        "groups": named("a", 5), "software": named("m", 6), "mitigations": mitigations,
    })
}

fn catalogue(marked: &Marked, reports: usize) -> Value {
    let entries: Vec<Value> = (0..reports)
        .map(|n| {
            json!({
                "cveID": id(n), "vendorProject": marked.value(n + 42), "product": marked.four(n + 43),
                "vulnerabilityName": marked.four(n + 44), "shortDescription": marked.four(n + 45),
                "requiredAction": marked.four(n + 46), "dateAdded": "2026-11-01", "dueDate": "2026-11-22",
                "knownRansomwareCampaignUse": "Known",
            })
        })
        .collect();
    json!({"catalogVersion": marked.value(47), "dateReleased": "2026-11-15T00:00:00Z", "vulnerabilities": entries})
}

/// The model's version is the one text of this file.
fn scores(reports: usize) -> String {
    let rows: String = (0..reports).map(|n| format!("{},0.5,0.5\n", id(n))).collect();
    format!("#model_version:<b>v\u{202e}1</b>,score_date:2026-11-15T00:00:00Z\ncve,epss,percentile\n{rows}")
}

/// Of every third the record is rejected, and of every third it has no title and no products, so that
/// the catalogue's stand in their place.
fn record(marked: &Marked, number: usize) -> Value {
    let four = |field: usize| marked.four(number + field);
    let says = number % 3;
    let versions = json!([
        {"version": four(48), "status": "affected", "lessThan": four(49), "changes": [{"at": four(50), "status": "unaffected"}]},
        {"version": four(51), "status": "affected", "lessThanOrEqual": four(52)},
        {"version": four(53), "status": "unaffected"},
    ]);
    let affected = json!([{"vendor": four(54), "product": four(55), "versions": versions}, {"packageName": four(56)}]);
    json!({
        "dataVersion": "5.1",
        "cveMetadata": {
            "cveId": id(number), "state": if says == 1 { "REJECTED" } else { "PUBLISHED" },
            "assignerShortName": four(57), "dateUpdated": "2026-11-01T00:00:00Z",
        },
        "containers": {"cna": {
            "providerMetadata": {"shortName": four(58)},
            "title": if says == 2 { Value::Null } else { json!(four(59)) },
            "descriptions": [{"lang": "en", "value": four(60)}],
            "rejectedReasons": [{"lang": "en", "value": four(61)}],
            "affected": if says == 2 { json!([]) } else { affected },
            "metrics": [{"cvssV3_1": {"baseScore": 9.8, "baseSeverity": four(62), "vectorString": four(63)}}],
        }},
    })
}
