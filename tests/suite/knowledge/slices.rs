//! What of it may stand in whose build.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::json;
use tempfile::TempDir;

use super::{built, report, site};
use crate::bad_input::{put, tree};

/// A report for everybody about one vulnerability, technique, actor and malware, and one that only
/// `soc` reads about others.
fn two_reports() -> TempDir {
    let site = site(&[]);
    report(
        site.path(),
        "open",
        "tlp: clear\nactors: [Known Actor]\nmalware: [Known Malware]\ntechniques: [T1059.001]",
        &["CVE-2026-1001".to_owned()],
    );
    report(
        site.path(),
        "closed",
        "tlp: red\nactors: [Secret Actor]\nmalware: [Secret Malware]\ntechniques: [T1190]",
        &["CVE-2026-1002".to_owned()],
    );
    site
}

/// Writes every file, with this said of the two reports' subjects; nothing where it is none.
fn say(site: &Path, known: &str, secret: Option<&str>) {
    let both = [("CVE-2026-1001", Some(known)), ("CVE-2026-1002", secret), ("CVE-2026-1003", secret)];
    let said = || both.into_iter().filter_map(|(id, said)| Some((id, said?)));
    let entries: Vec<_> = said()
        .map(|(id, said)| json!({"cveID": id, "vulnerabilityName": said, "requiredAction": said, "dateAdded": "2026-01-01"}))
        .collect();
    let kev = json!({"dateReleased": "2026-11-01T00:00:00Z", "vulnerabilities": entries});
    put(site, "content/knowledge/kev.json", kev.to_string().as_bytes());
    let rows: String = said().map(|(id, said)| format!("{id},0.{},0.5\n", said.len())).collect();
    let epss = format!("#model_version:v1,score_date:2026-11-01T00:00:00Z\ncve,epss,percentile\n{rows}");
    put(site, "content/knowledge/epss.csv", epss.as_bytes());
    for (id, said) in said() {
        let record = json!({
            "dataVersion": "5.1", "cveMetadata": {"cveId": id, "state": "PUBLISHED"},
            "containers": {"cna": {"title": said, "affected": [{"product": said, "versions": []}]}},
        });
        put(site, &format!("content/knowledge/cve/{id}.json"), record.to_string().as_bytes());
    }
    let both = [("Known", "T1059.001", Some(known)), ("Secret", "T1190", secret)];
    let said = || both.into_iter().filter_map(|(name, id, said)| Some((name, id, said?)));
    let named = |what: &str| -> Vec<_> {
        said().map(|(name, id, said)| json!({"id": format!("{what}-{id}"), "name": format!("{name} {what}"), "aliases": [said]})).collect()
    };
    let attack = json!({
        "attack_version": "18.1", "notice": "By MITRE.",
        "tactics": said().map(|(name, id, _)| json!({"id": id, "shortname": name, "name": format!("{name} tactic")})).collect::<Vec<_>>(),
        "techniques": said().map(|(name, id, said)| json!({"id": id, "name": said, "tactics": [name]})).collect::<Vec<_>>(),
        "groups": named("Actor"), "software": named("Malware"),
        "mitigations": said().map(|(_, id, said)| json!({"id": format!("M-{id}"), "name": said, "techniques": [id]})).collect::<Vec<_>>(),
    });
    put(site, "content/knowledge/attack.json", attack.to_string().as_bytes());
}

#[test]
fn what_is_said_of_other_reports_subjects_changes_nothing() {
    let site = two_reports();
    let built_with = |known: &str, secret: Option<&str>| {
        let _ = std::fs::remove_dir_all(site.path().join("content/knowledge"));
        say(site.path(), known, secret);
        built(site.path());
        ["emea", "soc"].map(|role| tree(&site.path().join("output").join(role)))
    };
    let [emea, soc] = built_with("Something", Some("Hushed"));
    for secret in [Some("Hushed otherwise, and at length"), None] {
        let [now, all] = built_with("Something", secret);
        assert!(now == emea, "{secret:?} shows in the build of a role that reads nothing about it");
        assert!(all != soc, "{secret:?} shows nowhere: what was to be found?");
    }
    let [now, _] = built_with("Something else", Some("Hushed"));
    assert!(now != emea, "what is known of its own subjects shows nowhere");
    let holds = |build: &BTreeMap<String, Vec<u8>>, word: &str| {
        build.values().any(|bytes| String::from_utf8_lossy(bytes).contains(word))
    };
    assert!(holds(&soc, "Hushed") && !holds(&emea, "Hushed"));
}

/// Has rows about a device of `emea` name what only the report for `soc` names.
fn rows_name_what_is_secret(site: &Path) {
    let rows = b"device_id,cve_id,severity\nd1,CVE-2026-1002,high\n";
    put(site, "content/snapshots/1/vulnerabilities.csv", rows);
    let rows = b"alert_id,title,status,created,device_id,techniques\na1,An alert,new,2026-11-15T06:00:00Z,d1,T1190\n";
    put(site, "content/snapshots/1/alerts.csv", rows);
}

/// Proves the site, and gives the knowledge in a role's slice.
fn proved(site: &Path, role: &str) -> BTreeMap<String, Vec<u8>> {
    let kept = tempfile::tempdir().unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_threatpress"))
        .args(["prove", "--site"])
        .arg(site)
        .arg("--keep")
        .arg(kept.path())
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    let knowledge = kept.path().join(role).join("content/knowledge");
    if knowledge.exists() { tree(&knowledge) } else { BTreeMap::new() }
}

#[test]
fn a_proof_holds_and_its_slice_knows_no_more() {
    let site = two_reports();
    say(site.path(), "Something", Some("Hushed"));
    rows_name_what_is_secret(site.path());
    let of = |role: &str| proved(site.path(), role);
    let names: Vec<String> = of("emea").into_keys().collect();
    assert_eq!(names, ["attack.json", "cve/CVE-2026-1001.json", "epss.csv", "kev.json"]);
    for (name, bytes) in of("emea") {
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("Something") || name == "epss.csv", "{name}: {text}");
        for secret in ["Hushed", "CVE-2026-1002", "CVE-2026-1003", "Secret", "T1190"] {
            assert!(!text.contains(secret), "{secret} in {name}: {text}");
        }
    }
    assert!(of("soc").values().any(|bytes| String::from_utf8_lossy(bytes).contains("Hushed")));
}

/// A role that no vulnerability concerns sees no date of any source.
#[test]
fn a_source_that_says_nothing_to_a_role_is_not_named() {
    let site = site(&[]);
    report(site.path(), "closed", "tlp: red\nactors: [Secret Actor]", &["CVE-2026-1002".to_owned()]);
    say(site.path(), "Something", Some("Hushed"));
    rows_name_what_is_secret(site.path());
    built(site.path());
    assert_eq!(proved(site.path(), "emea").into_keys().collect::<Vec<_>>(), Vec::<String>::new());
    let about = |role: &str| super::page(site.path(), role, "about");
    for word in ["CISA", "FIRST", "CVE®", "By MITRE.", "2026-11-01"] {
        assert!(about("soc").contains(word), "{word} is not in {}", about("soc"));
        assert!(!about("emea").contains(word), "{word} is in {}", about("emea"));
    }
}
