//! What `check` says of texts that are well formed: what is not true, not safe, not complete. Each
//! doubt has its place, and a sound text has none.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use super::bad_input::{CONFIGURATION_OF_SITE, messages, put};

const ATTACK: &str = r#"{"attack_version": "18.1", "domain": "enterprise-attack",
  "tactics": [{"id": "TA0002", "shortname": "execution", "name": "Execution", "order": 1}],
  "techniques": [
    {"id": "T1059", "name": "Command and Scripting Interpreter", "tactics": ["execution"]},
    {"id": "T1059.001", "name": "PowerShell", "tactics": ["execution"]},
    {"id": "T1086", "name": "PowerShell", "tactics": ["execution"], "revoked_by": "T1087"},
    {"id": "T1087", "name": "Between", "tactics": ["execution"], "revoked_by": "T1059.001"},
    {"id": "T1153", "name": "Source", "tactics": ["execution"], "deprecated": true}]}"#;
/// Front matter and text with nothing to say about.
const KEYS: &str = "\
techniques: [T1059.001]
tags: [ransomware, servers]
configurations: [scid-2010]
indicators:
  - { type: domain, value: evil.example }
  - { type: url, value: 'hxxps[:]//git[.]example/x' }
  - { type: email, value: a@post.example }
detections: [{ name: D }]
mitigations: [{ action: A }]
references: [{ title: R, url: https://r.example/ }]
changes: [{ date: 2026-11-02, summary: First }]
";
const TEXT: &str = "\
## Executive summary

Text about T1059, one and two.

## Analysis

### Hunting

Text.
";

fn report(keys: &str, text: &str) -> String {
    format!("---\ntitle: A\ntype: activity\nsummary: S\npublished: 2026-11-02\ntlp: amber\n{keys}---\n{text}")
}

/// A site with nothing to say about.
fn site() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| put(directory.path(), path, text.as_bytes());
    write("threatpress.yaml", CONFIGURATION_OF_SITE);
    write("content/reports/a.md", &report(KEYS, TEXT));
    write("content/reports/b.md", &report(KEYS, TEXT));
    write("content/knowledge/attack.json", ATTACK);
    write("content/snapshots/1/snapshot.yaml", "as_of: 2026-11-16T06:00:00Z\n");
    write(
        "content/snapshots/1/devices.csv",
        "device_id,name,device_group\n0f3ac1,SRV-EMEA-017.corp.example,EMEA\nd2,two,APAC\n",
    );
    write(
        "content/snapshots/1/configurations.csv",
        "device_id,configuration_id,applicable,compliant\n0f3ac1,scid-2010,true,true\n",
    );
    directory
}

fn check(site: &Path, further: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_threatpress")).args(["check", "--site"]).arg(site).args(further).output().unwrap()
}

fn told(site: &Path) -> Vec<Value> {
    let output = check(site, &["--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    messages(&output)
}

/// The one doubt about a site whose report `a` is `text`: its code, the text it points at, its
/// message and its hint.
fn doubt(text: &str) -> (String, String, String, String) {
    let site = site();
    put(site.path(), "content/reports/a.md", text.as_bytes());
    let told = told(site.path());
    let [doubt] = told.as_slice() else { panic!("one doubt was expected: {told:#?}") };
    assert_eq!(doubt["severity"], "warning");
    assert_eq!(doubt["file"], "content/reports/a.md");
    let number = |key: &str| usize::try_from(doubt[key].as_u64().unwrap()).unwrap();
    let line = text.lines().nth(number("line") - 1).unwrap();
    let at: String = line.chars().skip(number("column") - 1).collect();
    let word = |key: &str| doubt[key].as_str().unwrap().to_owned();
    (word("code"), at, word("message"), word("hint"))
}

/// A change of the sound report and what is said of it: the code, the beginning of the text that is
/// pointed at, parts of message and hint.
struct Case(&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const CASES: &[Case] = &[
    Case(
        "2026-11-02\ntlp",
        "2026-12-02\ntlp",
        "TP0206",
        "2026-12-02",
        "`published` is 2026-12-02, after",
        "publish_at",
    ),
    Case(
        "T1059.001",
        "T1059.099",
        "TP0207",
        "T1059.099",
        "ATT&CK 18.1 has no technique `T1059.099`",
        "correct it, name `T1059`, or bring",
    ),
    Case("T1059.001", "T9999", "TP0207", "T9999", "no technique `T9999`", "bring content/knowledge/attack.json"),
    Case(
        "about T1059,",
        "about T1086,",
        "TP0208",
        "T1086,",
        "revoked `T1086` (PowerShell)",
        "write `T1059.001` (PowerShell)",
    ),
    Case("T1059.001", "T1153", "TP0208", "T1153", "deprecated `T1153` (Source)", "leave it out"),
    Case("scid-2010", "scid-2100", "TP0209", "scid-2100", "no snapshot knows", "did you mean `scid-2010`?"),
    Case("scid-2010", "{ id: scid-2012, name: N }", "TP0209", "scid-2012", "no snapshot knows", "did you mean"),
    Case("Text.", "[x](https://A.evil.example:8443/y)", "TP0312", "[x](", "the indicator `evil.example`", "hxxps"),
    Case("Text.", "<https://git.example/x/>", "TP0312", "<https", "the indicator `git.example/x`", "backticks"),
    Case("Text.", "[x](mailto:A@post.example?subject=y)", "TP0312", "[x]", "`a@post.example`", "backticks"),
    Case(
        "https://r.example/",
        "https://www.evil.example/r",
        "TP0312",
        "https://www.evil.example/r",
        "the indicator `evil.example`",
        "leave `url` out",
    ),
    Case(
        "Text.",
        "On srv-emea-017.",
        "TP0313",
        "srv-emea-017",
        "`srv-emea-017` is the name of a device",
        "scope block",
    ),
    Case(
        "summary: S",
        "summary: On SRV-EMEA-017.corp.example.",
        "TP0313",
        "SRV-EMEA-017.corp.example.",
        "name of a device",
        "without the name",
    ),
    Case("### Hunting", "#### Hunting", "TP0314", "#### Hunting", "level 4 right beneath one of level 2", "`###`"),
    Case(
        "### Hunting",
        "### Queer",
        "TP0315",
        "## Executive",
        "type `activity` look for are missing: `Hunting`",
        "new report NAME --type activity",
    ),
    Case("Text.", "[x](#nowhere)", "TP0304", "[x]", "no heading or table here has the id `nowhere`", "lower case"),
    Case("Text.", "[x](b.md#nowhere)", "TP0304", "[x]", "no such heading", "what follows the `#`"),
    Case("Text.", "[x](query.kql)", "TP0304", "[x]", "have no `query.kql`", "in a code fence"),
];

#[test]
fn each_doubt_is_told_with_its_place_and_what_to_do() {
    assert_eq!(told(site().path()), [] as [Value; 0], "the sound site");
    let sound = report(KEYS, TEXT);
    for Case(from, to, code, at, message, hint) in CASES {
        assert!(sound.contains(from), "{from}");
        let text = sound.replace(from, to);
        let found = doubt(&text);
        assert_eq!(found.0, *code, "{to}: {found:?}");
        assert!(found.1.starts_with(at), "{to} points at {}", found.1);
        assert!(found.2.contains(message) && found.3.contains(hint), "{to}: {found:?}");
    }
}

#[test]
fn a_device_is_found_in_code_and_by_its_id_as_well() {
    let site = site();
    let text =
        report(KEYS, TEXT).replace("Text.", "On srv-emea-017, `0F3AC1`.\n\n```kql\n// SRV-EMEA-017.corp.example\n```");
    put(site.path(), "content/reports/a.md", text.as_bytes());
    let messages: Vec<String> =
        told(site.path()).iter().map(|told| told["message"].as_str().unwrap().to_owned()).collect();
    assert_eq!(
        messages,
        [
            "`srv-emea-017` is the name of a device",
            "`0F3AC1` is the id of a device",
            "`SRV-EMEA-017.corp.example` is the name of a device"
        ]
    );
}

#[test]
fn a_tag_of_one_report_is_held_against_those_of_several() {
    let site = site();
    let text = report(KEYS, TEXT).replace("[ransomware, servers]", "[ransomeware]");
    put(site.path(), "content/reports/c.md", text.as_bytes());
    let told = told(site.path());
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!((told[0]["code"].as_str(), told[0]["line"].as_u64()), (Some("TP0210"), Some(8)));
    assert!(told[0]["hint"].as_str().unwrap().contains("`ransomware`, which 2 reports have"), "{told:#?}");
}

#[test]
fn an_attack_surface_is_written_in_one_way() {
    let site = site();
    let text =
        |surfaces: &str| report(KEYS, TEXT).replacen("title:", &format!("attack_surfaces: [{surfaces}]\ntitle:"), 1);
    put(site.path(), "content/reports/c.md", text("email, server").as_bytes());
    put(site.path(), "content/reports/d.md", text("e-mail, server").as_bytes());
    let hints = |told: Vec<Value>| -> Vec<String> {
        let of = |one: Value| format!("{}: {}", one["file"].as_str().unwrap_or_default(), one["hint"]);
        told.into_iter().filter(|one| one["code"] == "TP0210").map(of).collect()
    };
    assert_eq!(
        hints(told(site.path())),
        ["content/reports/c.md: \"did you mean `e-mail`, which another report has?\""]
    );
    put(site.path(), "content/reports/e.md", text("email, server").as_bytes());
    assert_eq!(hints(told(site.path())), ["content/reports/d.md: \"did you mean `email`, which 2 reports have?\""]);
}

#[test]
fn what_is_right_elsewhere_is_not_told() {
    let cases = [
        // A date that is meant, and a report that is not finished.
        ("2026-11-02\ntlp", "2026-12-02\npublish_at: 2026-12-02\ntlp"),
        ("## Analysis\n\n### Hunting", "draft: x"),
        // Ids in code are quotations.
        ("about T1059,", "about `T1086`,"),
        // A heading of another report, and one by its file.
        ("Text.", "[x](b.md#hunting) and [y](../b/analyst-report/#executive-summary) and [z](/threats/b/#analysis)"),
        ("Text.", "[x](https://notevil.example/evil.example)"),
        ("two.", "two, in 2026, with d2."),
        ("## Executive summary", "## Overview"),
        ("### Hunting", "### Advanced hunting queries"),
    ];
    for (from, to) in cases {
        let site = site();
        let text = report(KEYS, TEXT).replace(from, to).replace("draft: x", "");
        let text = if to == "draft: x" { text.replace("tlp: amber", "draft: true\ntlp: amber") } else { text };
        put(site.path(), "content/reports/a.md", text.as_bytes());
        assert_eq!(told(site.path()), [] as [Value; 0], "{to}");
    }
}

#[test]
fn a_heading_of_another_report_is_reached_where_its_text_stands() {
    let site = site();
    let text = report(KEYS, TEXT).replace("Text.", "[x](b.md#hunting)");
    put(site.path(), "content/reports/a.md", text.as_bytes());
    let built =
        Command::new(env!("CARGO_BIN_EXE_threatpress")).args(["build", "--site"]).arg(site.path()).output().unwrap();
    assert_eq!(built.status.code(), Some(0), "{}", String::from_utf8_lossy(&built.stderr));
    let output = site.path().join("output/soc/threats");
    let from = fs::read_to_string(output.join("a/analyst-report/index.html")).unwrap();
    assert!(from.contains("<a href=\"../../../threats/b/analyst-report/#h-hunting\">x</a>"), "{from}");
    let to = fs::read_to_string(output.join("b/analyst-report/index.html")).unwrap();
    assert!(to.contains("id=\"h-hunting\""), "{to}");
}

#[test]
fn the_same_doubt_is_told_to_people_to_programs_and_to_github() {
    let site = site();
    put(site.path(), "content/reports/a.md", report(KEYS, TEXT).replace("scid-2010", "scid-2100").as_bytes());
    let said = |further: &[&str]| String::from_utf8(check(site.path(), further).stderr).unwrap();
    let text = said(&[]);
    assert!(text.contains("warning[TP0209]") && text.contains("content/reports/a.md:9:18"), "{text}");
    assert!(text.contains("^^^^^^^^^") && text.contains("did you mean `scid-2010`?"), "{text}");
    let github = said(&["--format", "github"]);
    assert!(github.starts_with("::warning title=TP0209,file=content/reports/a.md,line=9,col=18"), "{github}");
    let strict = check(site.path(), &["--strict"]);
    assert_eq!(strict.status.code(), Some(1), "what is not counted stops a strict check");
}

/// A CVE record of a state, with what else its container says.
fn record(site: &Path, id: &str, state: &str, says: &str) {
    let record = format!(
        r#"{{"dataType": "CVE_RECORD", "dataVersion": "5.2", "cveMetadata": {{"cveId": "{id}", "state": "{state}"}},
        "containers": {{"cna": {{{says}}}}}}}"#
    );
    put(site, &format!("content/knowledge/cve/{id}.json"), record.as_bytes());
}

#[test]
fn a_vulnerability_whose_record_was_rejected_is_told_with_what_to_write_instead() {
    let site = site();
    let keys = format!("{KEYS}vulnerabilities: [CVE-2026-1001, CVE-2026-1002, CVE-2026-1003]\n");
    let text = TEXT.replace("Text.", "Not cve-2026-1004 and CVE-2026-1004, nor `CVE-2026-1005`.");
    put(site.path(), "content/reports/a.md", report(&keys, &text).as_bytes());
    put(site.path(), "content/pages/p.md", b"---\ntitle: P\ntlp: amber\n---\nAs CVE-2026-1002 was.\n");
    let reason = |text: &str| format!(r#""rejectedReasons": [{{"lang": "en", "value": "{text}"}}]"#);
    record(site.path(), "CVE-2026-1001", "PUBLISHED", &reason("Nothing of a record that stands."));
    record(
        site.path(),
        "CVE-2026-1002",
        "REJECTED",
        &format!("{}, {}", reason("Twice."), r#""replacedBy": ["CVE-2026-1001"]"#),
    );
    record(site.path(), "CVE-2026-1003", "REJECTED", &reason("CVE-2026-1003 is a duplicate of CVE-2025-9999."));
    record(site.path(), "CVE-2026-1004", "REJECTED", &reason("No\\u001bflaw."));
    record(site.path(), "CVE-2026-1005", "REJECTED", &reason("Only quoted."));
    let told = told(site.path());
    let said = |told: &Value| {
        assert_eq!((told["code"].as_str(), told["severity"].as_str()), (Some("TP0211"), Some("warning")), "{told}");
        let place = format!("{}:{}:{}", told["file"].as_str().unwrap(), told["line"], told["column"]);
        let text = |key: &str| told[key].as_str().unwrap().replace("the CVE record of ", "");
        [place, text("message"), text("hint")]
    };
    let said: Vec<[String; 3]> = told.iter().map(said).collect();
    let expected = [
        ["content/reports/a.md:18:34", "`CVE-2026-1002` was rejected: Twice.", "write `CVE-2026-1001` in its place"],
        [
            "content/reports/a.md:18:49",
            "`CVE-2026-1003` was rejected: CVE-2026-1003 is a duplicate of CVE-2025-9999.",
            "the reason names `CVE-2025-9999`: write that, if it is what is meant, or leave it out",
        ],
        [
            "content/reports/a.md:28:5",
            "`CVE-2026-1004` was rejected: No\\u{1b}flaw.",
            "leave it out, or name the vulnerability that is meant",
        ],
        ["content/pages/p.md:5:4", "`CVE-2026-1002` was rejected: Twice.", "write `CVE-2026-1001` in its place"],
    ];
    assert_eq!(said, expected);
    assert_eq!(check(site.path(), &["--strict"]).status.code(), Some(1));
}

/// The files of knowledge that are told to be old at noon of the last day of 2026.
fn old(files: &[(&str, String)]) -> Vec<(String, String, String)> {
    let site = site();
    files.iter().for_each(|(name, text)| put(site.path(), &format!("content/knowledge/{name}"), text.as_bytes()));
    let output = check(site.path(), &["--format", "json", "--strict", "--as-of", "2026-12-31T12:00:00Z"]);
    assert_eq!(output.status.code(), Some(0), "nobody's text is at fault: {}", String::from_utf8_lossy(&output.stderr));
    let told = messages(&output).into_iter().map(|told| {
        assert_eq!((told["code"].as_str(), told["severity"].as_str()), (Some("TP0212"), Some("warning")), "{told}");
        let text = |key: &str| told[key].as_str().unwrap().to_owned();
        (text("file").replace("content/knowledge/", ""), text("message"), text("hint"))
    });
    told.collect()
}

#[test]
fn knowledge_that_is_old_is_told_by_its_own_date() {
    let kev = |date: &str| {
        ("kev.json", format!(r#"{{"catalogVersion": "1", "dateReleased": "{date}", "vulnerabilities": []}}"#))
    };
    let epss =
        |name: &'static str, date: &str| (name, format!("#model_version:v1,score_date:{date}\ncve,epss,percentile\n"));
    let compact = |date: &str| ("attack.json", ATTACK.replacen('{', &format!(r#"{{"attack_date": "{date}","#), 1));
    let bundle = |dates: [&str; 2]| {
        let object = |date: &str| {
            format!(
                r#"{{"type": "attack-pattern", "id": "a{date}", "name": "N", "modified": "{date}",
                "external_references": [{{"source_name": "mitre-attack", "external_id": "T1059"}}]}},
                {{"type": "attack-pattern", "id": "b{date}", "name": "N",
                "external_references": [{{"source_name": "mitre-attack", "external_id": "T1059.001"}}]}}"#
            )
        };
        ("attack.json", format!(r#"{{"objects": [{}]}}"#, dates.map(object).join(",")))
    };
    // As old as it may be, and no date at all.
    let month = "2026-12-01T12:00:00Z";
    let year = "2025-12-31";
    assert_eq!(old(&[kev(month), epss("epss.csv", month), compact(year)]), []);
    assert_eq!(old(&[bundle([year, "2015-01-01T00:00:00.000Z"])]), []);
    let told = old(&[kev("2026-11-30T12:00:00Z"), epss("epss.csv", "2026-11-30T11:00:00Z"), compact("2025-12-30")]);
    let expected = [
        (
            "attack.json",
            "ATT&CK 18.1 is of 2025-12-30, 366 days before the snapshot's time, 2026-12-31T12:00:00Z",
            "mitre-attack",
        ),
        ("kev.json", "CISA's catalogue is of 2026-11-30, 31 days before", "cisa.gov"),
        ("epss.csv", "the file of EPSS scores is of 2026-11-30, 31 days before", "first.org"),
    ];
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for ((file, message, hint), expected) in told.iter().zip(expected) {
        assert_eq!(file, expected.0);
        assert!(message.starts_with(expected.1) && hint.contains(expected.2), "{message}; {hint}");
    }
    let told = old(&[bundle(["2025-12-29T00:00:00.000Z", "2015-01-01T00:00:00.000Z"])]);
    assert!(told.len() == 1 && told[0].1.starts_with("ATT&CK is of 2025-12-29, 367 days"), "{told:#?}");
}
