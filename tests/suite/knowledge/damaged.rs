//! Files that are not as published.

use super::{built, index, page, site};
use crate::bad_input::{put, refused};

const KEV: &str = "content/knowledge/kev.json";
const EPSS: &str = "content/knowledge/epss.csv";
const ATTACK: &str = "content/knowledge/attack.json";

fn ids() -> Vec<String> {
    ["CVE-2026-1001", "CVE-2026-1002", "CVE-2026-1003"].map(str::to_owned).to_vec()
}

#[test]
fn a_file_that_is_none_stops_the_build() {
    refused(KEV, b"{\"vulnerabilities\": [\n  {\"cveID\"", "TP0500", (KEV, Some(2)), "not CISA's catalogue");
    refused(KEV, b"<html>", "TP0500", (KEV, Some(1)), "not CISA's catalogue");
    refused(KEV, b"{\"title\": \"\xff\"}", "TP0002", (KEV, None), "UTF-8");
    refused(ATTACK, b"{}", "TP0500", (ATTACK, None), "neither techniques nor STIX objects");
    refused(ATTACK, b"{\"objects\": 3}", "TP0500", (ATTACK, Some(1)), "not an ATT&CK file");
    refused(EPSS, b"#model_version:v1\ncve,score\n", "TP0403", (EPSS, None), "epss");
    refused(
        "content/knowledge/epss.csv.gz",
        b"cve,epss,percentile\n",
        "TP0402",
        ("content/knowledge/epss.csv.gz", None),
        "not compressed",
    );
}

/// Every mistake is told with its place, and leaves the rest.
#[test]
fn an_entry_that_is_none_leaves_the_rest() {
    let site = site(&ids());
    let kev = r#"{"catalogVersion": "1", "dateReleased": "yesterday", "count": 9, "vulnerabilities": [
  {"cveID": "CVE-26-1"},
  {"vendorProject": "no id"},
    {"cveID": "CVE-2026-1001", "product": 3},
  {"cveID": "CVE-2026-1002", "dateAdded": "2026-02-30", "dueDate": "2026-03-01", "knownRansomwareCampaignUse": "Maybe"},
  {"cveID": "CVE-2026-1002"}
]}"#;
    put(site.path(), KEV, kev.as_bytes());
    put(site.path(), EPSS, b"cve,epss,percentile\nCVE-2026-1001,1.5,0.5\nCVE-2026-1002,0.25,0.5\nx,0.1,0.1\nCVE-2026-1003\nCVE-2026-1002,0.1,0.1\n");
    let attack =
        r#"{"techniques": [{"id": "T1", "name": "x"}], "tactics": [{"id": 1}], "groups": [{"name": "no id"}]}"#;
    put(site.path(), ATTACK, attack.as_bytes());
    let told = built(site.path());
    let told: Vec<String> = told
        .iter()
        .filter(|line| line["code"] == "TP0500")
        .map(|line| {
            assert_eq!(line["severity"], "warning", "{line}");
            assert!(line["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "{line}");
            let file = line["file"].as_str().unwrap().rsplit('/').next().unwrap();
            format!("{file}:{}:{}: {}", line["line"], line["column"], line["message"].as_str().unwrap())
        })
        .collect();
    for expected in [
        "kev.json:2:3: `CVE-26-1` is not a CVE id",
        "kev.json:3:3: not an entry of the catalogue: missing field `cveID`",
        "kev.json:4:43: not an entry of the catalogue: invalid type: integer `3`, expected a string",
        "kev.json:5:3: `dateAdded` of CVE-2026-1002 is no date: `2026-02-30`",
        "kev.json:5:3: `knownRansomwareCampaignUse` of CVE-2026-1002 is neither Known nor Unknown: `Maybe`",
        "kev.json:6:3: CVE-2026-1002 is listed a second time",
        "kev.json:1:1: `dateReleased` is no date and time: `yesterday`",
        "kev.json:1:1: the catalogue says that it has 9 entries, and has 5",
        "epss.csv:1:1: the first line does not say of which day the scores are",
        "epss.csv:2:1: `epss` is no number from 0 to 1: `1.5`",
        "epss.csv:4:1: `x` is not a CVE id",
        "epss.csv:5:1: the row has 1 fields, the first line names 3",
        "epss.csv:6:1: CVE-2026-1002 has a score already",
        "attack.json:1:17: `T1` is not a technique id: it is written as T1059 or T1059.001",
        "attack.json:1:64: not a tactic: invalid type: integer `1`, expected a string",
        "attack.json:1:80: not a group: missing field `id`",
    ] {
        assert!(told.iter().any(|line| line == expected), "`{expected}` is not in {told:#?}");
    }
    assert_eq!(told.len(), 16, "{told:#?}");
    let rows = index(site.path(), "soc");
    assert_eq!((rows["CVE-2026-1002"]["Due"].as_str(), rows["CVE-2026-1002"]["EPSS"].as_str()), ("2026-03-01", "0.25"));
    assert_eq!(rows["CVE-2026-1001"]["Exploited since"], "Not listed");
    let strict = crate::bad_input::build(site.path(), &["--strict"]);
    assert_eq!(strict.status.code(), Some(1));
}

#[test]
fn a_record_stands_in_the_file_of_its_id() {
    let site = site(&[ids(), vec!["CVE-2026-1004".to_owned()]].concat());
    let record = |id: &str, state: &str, cna: &str| {
        format!(
            r#"{{"dataType": "CVE_RECORD", "dataVersion": "5.2", "cveMetadata": {{"cveId": "{id}", "state": "{state}"}},
"containers": {{"cna": {{{cna}}}, "adp": [4]}}}}"#
        )
    };
    let cna = r#""title": "A title", "affected": [{"product": "P", "versions": [{"version": "1", "status": "affected", "lessThanOrEqual": "2"},
{"version": "3", "status": "unaffected"}, {"version": "0", "status": "affected", "lessThan": "1"}]}, {"product": 5},
{"product": "P", "versions": [{"version": "5", "status": "affected"}, {"version": "3", "status": "unaffected"}]}],
"metrics": [{"cvssV2_0": {"baseScore": 7.5}}, {"cvssV3_1": {"baseScore": 11}}]"#;
    let put = |name: &str, text: String| put(site.path(), &format!("content/knowledge/cve/{name}"), text.as_bytes());
    put("CVE-2026-1001.json", record("CVE-2026-1001", "PUBLISHED", cna));
    put(
        "CVE-2026-1002.json",
        record("CVE-2026-1002", "REJECTED", r#""rejectedReasons": [{"lang": "en", "value": "Not a flaw."}]"#),
    );
    put("CVE-2026-1003.json", record("CVE-2026-1004", "PUBLISHED", ""));
    put("notes.json", "{}".to_owned());
    // The name of a file need not tell what it holds.
    put(
        "record.json",
        record("CVE-2026-1004", "REJECTED", r#""rejectedReasons": [{"lang": "en", "value": "Nor this."}]"#),
    );
    put("second.json", record("CVE-2026-1004", "PUBLISHED", ""));
    // Of a vulnerability that no report names nothing is read.
    put("CVE-2026-9999.json", "no JSON".to_owned());
    let told = built(site.path());
    let told: Vec<String> = told
        .iter()
        .filter(|line| line["code"] == "TP0500")
        .map(|line| {
            format!(
                "{}:{} {}",
                line["file"].as_str().unwrap().rsplit('/').next().unwrap(),
                line["line"],
                line["message"].as_str().unwrap()
            )
        })
        .collect();
    for expected in [
        "notes.json:null there is no CVE record in this file",
        "second.json:null the record of CVE-2026-1004 is read from content/knowledge/cve/record.json",
        "CVE-2026-1001.json:5 not a container of a record",
        "CVE-2026-1001.json:3 not an affected product of a record",
        "CVE-2026-1001.json:5 `baseScore` is no number from 0 to 10: 11",
        "CVE-2026-1003.json:1 the file is called as CVE-2026-1003, and holds the record of `CVE-2026-1004`",
    ] {
        assert!(told.iter().any(|line| line.starts_with(expected)), "`{expected}` is not in {told:#?}");
    }
    let rows = index(site.path(), "soc");
    assert_eq!((rows["CVE-2026-1001"]["CVSS"].as_str(), rows["CVE-2026-1001"]["Product"].as_str()), ("7.5 (2.0)", "P"));
    let first = page(site.path(), "soc", "vulnerabilities/CVE-2026-1001");
    for said in ["A title", "from 1 up to 2; before 1; 5", "3; 1"] {
        assert!(first.contains(said), "`{said}` is not in {first}");
    }
    assert_eq!(rows["CVE-2026-1002"]["CVSS"], "Rejected");
    assert!(page(site.path(), "soc", "vulnerabilities/CVE-2026-1002").contains("Not a flaw."));
    assert!(page(site.path(), "soc", "vulnerabilities/CVE-2026-1004").contains("Nor this."));
}

#[test]
fn attack_without_a_notice_is_a_source_all_the_same() {
    let site = site(&ids());
    super::report(site.path(), "open", "tlp: clear\ntechniques: [T1190]", &[]);
    let attack = br#"{"attack_version": "18.1", "techniques": [{"id": "T1190", "name": "Exploit"}]}"#;
    put(site.path(), ATTACK, attack);
    built(site.path());
    let about = page(site.path(), "soc", "about");
    assert!(about.lines().any(|text| text.trim() == "MITRE ATT&CK"), "{about}");
}

/// An id of the site's own, or what somebody put in its place, leads nowhere.
#[test]
fn only_an_id_of_attack_leads_to_attack() {
    let site = site(&ids());
    super::report(site.path(), "open", "tlp: clear\nactors: [One, Two]\nmalware: [One, Two, Three]", &[]);
    let attack = br#"{"techniques": [],
        "groups": [{"id": "G0016", "name": "One"}, {"id": "G16/../../evil", "name": "Two"}],
        "software": [{"id": "S0560", "name": "One", "type": "malware"}, {"id": "S05601", "name": "Two"},
            {"id": "G0016", "name": "Three"}]}"#;
    put(site.path(), ATTACK, attack);
    built(site.path());
    let html =
        |path: &str| std::fs::read_to_string(site.path().join("output/soc").join(path).join("index.html")).unwrap();
    let link = |to: &str, text: &str| {
        format!(r#"<a class="outside" href="https://attack.mitre.org/{to}/" rel="noopener noreferrer">{text}</a>"#)
    };
    for (path, link) in [
        ("actors/one", link("groups/G0016", "G0016 One")),
        ("malware/one", link("software/S0560", "S0560 One, malware")),
    ] {
        assert!(html(path).contains(&link), "`{link}` is not in {}", html(path));
    }
    for path in ["actors/two", "malware/two", "malware/three"] {
        assert!(html(path).contains("In ATT&amp;CK") && !html(path).contains("mitre.org"), "{}", html(path));
    }
}

/// Tables of snapshots may be written so; the scores are published in one form.
#[test]
fn scores_in_another_form_are_noted_and_not_read() {
    let row = b"cve,epss,percentile\nCVE-2026-1001,0.5,0.5\n";
    for name in ["epss.csv.zst", "epss.json", "epss.ndjson", "epss.parquet", "epss.txt", "epss/part.csv"] {
        let site = site(&ids());
        put(site.path(), &format!("content/knowledge/{name}"), row);
        let told = built(site.path());
        let name = name.split('/').next().unwrap();
        let about: Vec<_> =
            told.iter().filter(|line| line["file"].as_str().is_some_and(|file| file.ends_with(name))).collect();
        assert_eq!(about.len(), 1, "{name}: {told:#?}");
        let said = ["severity", "code", "message"].map(|key| about[0][key].as_str().unwrap());
        assert_eq!(said, ["note", "TP0500", &format!("nothing reads `{name}`")]);
        assert!(!index(site.path(), "soc")["CVE-2026-1001"].contains_key("EPSS"), "{name} is read");
    }
    let site = site(&ids());
    put(site.path(), EPSS, row);
    built(site.path());
    assert_eq!(index(site.path(), "soc")["CVE-2026-1001"]["EPSS"], "0.5");
}

#[test]
fn a_file_of_another_name_is_noted() {
    let site = site(&ids());
    put(site.path(), "content/knowledge/epss_scores-2026-11-16.csv", b"cve,epss,percentile\n");
    put(site.path(), "content/knowledge/kevs.json", b"{}");
    let told = built(site.path());
    let hints: Vec<&str> =
        told.iter().filter(|line| line["code"] == "TP0500").map(|line| line["hint"].as_str().unwrap()).collect();
    assert_eq!(hints, ["is it meant to be `epss.csv.gz`?", "is it meant to be `kev.json`?"]);
}
