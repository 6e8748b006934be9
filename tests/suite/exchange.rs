//! What leaves the site for other tools: STIX bundles that others read, Navigator layers, lists; and
//! indicators that come in as STIX.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::bad_input::{CONFIGURATION_OF_SITE, build, messages, put, tree};

const REPORT: &str = "\
---
title: A
type: activity
summary: S
published: 2026-11-02
updated: 2026-11-05T08:30:00Z
tlp: green
tags: [ransomware]
actors: [Storm-2603]
malware: [Warlock]
techniques: [T1059.001]
vulnerabilities: [CVE-2025-53770]
alerts: { titles: [Found] }
mitigations: [{ action: Rotate the keys, owner: SharePoint team, due: 2026-12-01 }]
indicators: [INDICATORS]
references: [{ title: R, url: https://r.example/ }, { title: Without address }]
---
About T1190.
";
const INDICATORS: &str = "\
[{ type: url, value: 'hxxps[:]//evil[.]example/a?b', confidence: 80, first_seen: 2026-10-01 }, \
{ type: file_path, value: 'C:\\It''s\\x.exe', tlp: amber+strict }, \
{ type: domain, value: 'evil[.]example', tlp: clear }, \
{ type: other, value: anything }]";

fn site(indicators: &str) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| put(directory.path(), path, text.as_bytes());
    write("threatpress.yaml", CONFIGURATION_OF_SITE);
    write("content/reports/a/index.md", &REPORT.replace("[INDICATORS]", indicators));
    write(
        "content/reports/b.md",
        "---\ntitle: B\ntype: tool\nsummary: S\npublished: 2026-11-01\ntlp: green\n---\nT1190.\n",
    );
    write(
        "content/reports/c.md",
        "---\ntitle: C\ntype: tool\nsummary: S\npublished: 2026-11-01\ntlp: amber\n---\nNothing is named.\n",
    );
    write("content/snapshots/1/snapshot.yaml", "as_of: 2026-11-16T06:00:00Z\n");
    write(
        "content/snapshots/1/devices.csv",
        "device_id,name,device_group\n0f3ac1,SRV-EMEA-017,EMEA\nd2-apac,two-apac,APAC\n",
    );
    write(
        "content/snapshots/1/alerts.csv",
        "alert_id,title,status,created,device_id\nal-77,Found,new,2026-11-10,0f3ac1\n",
    );
    directory
}

fn built(indicators: &str) -> TempDir {
    let site = site(indicators);
    let output = build(site.path(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    site
}

fn read(site: &TempDir, path: &str) -> String {
    fs::read_to_string(site.path().join("output").join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn value(site: &TempDir, path: &str) -> Value {
    serde_json::from_str(&read(site, path)).unwrap()
}

/// What a Python program that gets `input` prints; `None` where Python or a package is missing.
fn python(program: &str, input: &str) -> Option<String> {
    let python = std::env::var_os("THREATPRESS_PYTHON").unwrap_or_else(|| "python3".into());
    let has = Command::new(&python).args(["-c", "import stix2"]).stderr(Stdio::null()).status();
    if !has.is_ok_and(|status| status.success()) {
        println!("note: no Python with stix2 (pip install stix2), so nobody else reads the bundle");
        return None;
    }
    let mut child = Command::new(python)
        .args(["-c", program])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn others_read_the_bundle_and_write_it_the_same() {
    let site = built(INDICATORS);
    let bundle = read(&site, "soc/threats/a/stix.json");
    let program = "import sys, stix2; print(stix2.parse(sys.stdin.read()).serialize())";
    let Some(written) = python(program, &bundle) else { return };
    let [ours, theirs] = [&bundle, &written].map(|text| serde_json::from_str::<Value>(text).unwrap());
    assert_eq!(theirs, ours);
}

#[test]
fn the_bundle_says_what_the_report_says() {
    let site = built(INDICATORS);
    let bundle = value(&site, "soc/threats/a/stix.json");
    let objects = bundle["objects"].as_array().unwrap();
    let of = |kind: &str| objects.iter().filter(|object| object["type"] == kind).collect::<Vec<_>>();
    let names = |kind: &str| of(kind).iter().map(|object| object["name"].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(names("report"), ["A"]);
    assert_eq!(names("attack-pattern"), ["T1059.001", "T1190"]);
    assert_eq!(names("vulnerability"), ["CVE-2025-53770"]);
    assert_eq!(names("malware"), ["Warlock"]);
    assert_eq!(names("intrusion-set"), ["Storm-2603"]);
    assert_eq!(names("course-of-action"), ["Rotate the keys"]);
    assert_eq!(names("marking-definition"), ["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER+STRICT"]);
    let patterns: Vec<_> = of("indicator").iter().map(|object| object["pattern"].as_str().unwrap()).collect();
    assert_eq!(
        patterns,
        [
            "[url:value = 'https://evil.example/a?b']",
            r"[file:name = 'x.exe' AND file:parent_directory_ref.path = 'C:\\It\'s']",
            "[domain-name:value = 'evil.example']",
        ]
    );
    let report = of("report")[0];
    assert_eq!(report["published"], "2026-11-02T00:00:00Z");
    assert_eq!(report["modified"], "2026-11-05T08:30:00.000Z");
    let strict = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003";
    assert_eq!(report["object_marking_refs"], json!([strict]), "as strict as the strictest of its list");
    let uses = of("relationship").iter().filter(|object| object["relationship_type"] == "indicates").count();
    assert_eq!(uses, 3, "one malware: each indicator points at it");
}

#[test]
fn what_a_role_may_not_see_and_what_devices_are_stays_here() {
    let site = built(INDICATORS);
    let bundle = read(&site, "emea/threats/a/stix.json");
    assert!(bundle.contains("evil.example") && !bundle.contains("x.exe"), "{bundle}");
    assert!(!read(&site, "emea/threats/a/indicators.txt").contains("x.exe"));
    for role in ["soc", "emea"] {
        for file in
            ["threats/a/stix.json", "threats/a/navigator.json", "threats/a/indicators.txt", "techniques/navigator.json"]
        {
            let text = read(&site, &format!("{role}/{file}")).to_lowercase();
            for inside in ["0f3ac1", "srv-emea-017", "al-77", "found", "sharepoint team", "apac"] {
                assert!(!text.contains(inside), "{inside} is in {role}/{file}");
            }
        }
    }
}

#[test]
fn layers_and_lists_hold_what_reports_name() {
    let site = built(INDICATORS);
    let role = value(&site, "soc/techniques/navigator.json");
    let scores: Vec<(&str, Option<u64>)> = role["techniques"]
        .as_array()
        .unwrap()
        .iter()
        .map(|technique| (technique["techniqueID"].as_str().unwrap(), technique["score"].as_u64()))
        .collect();
    assert_eq!(scores, [("T1059", None), ("T1059.001", Some(1)), ("T1190", Some(2))]);
    assert_eq!((&role["versions"]["layer"], &role["domain"]), (&json!("4.5"), &json!("enterprise-attack")));
    // The report that would make it stricter names no technique.
    assert_eq!(role["metadata"][0]["value"], "TLP:GREEN");
    let own = value(&site, "soc/threats/b/navigator.json");
    assert_eq!(own["techniques"].as_array().unwrap().len(), 1);
    assert_eq!(own["techniques"][0]["links"][0]["url"], "https://t.example/threats/b/");
    // A tool finds a layer beside each report, be it one of nothing.
    assert_eq!(value(&site, "soc/threats/c/navigator.json")["techniques"], json!([]));
    assert!(read(&site, "soc/threats/c/index.html").contains("threats/c/navigator.json"));
    assert_eq!(
        read(&site, "soc/threats/a/indicators.txt"),
        "# Domain, TLP:CLEAR\nevil.example\n# URL, TLP:GREEN\nhttps://evil.example/a?b\n\
         # File path, TLP:AMBER+STRICT\nC:\\It's\\x.exe\n# Other, TLP:GREEN\nanything\n"
    );
    assert!(!site.path().join("output/soc/threats/b/indicators.txt").exists());
    let page = read(&site, "soc/threats/a/index.html");
    for link in ["stix.json", "navigator.json", "indicators.txt"] {
        assert!(page.contains(&format!("href=\"../../threats/a/{link}\" download")), "{link} is not on the page");
    }
    assert!(!read(&site, "soc/threats/b/index.html").contains("indicators.txt"));
}

const BUNDLE: &str = r#"{"type": "bundle", "id": "bundle--1", "objects": [
  {"type": "identity", "name": "X"},
  {"type": "indicator", "id": "indicator--1", "name": "N", "pattern_type": "stix", "confidence": 60,
   "pattern": "[domain-name:value = 'evil.example'] OR [url:value = 'http://evil.example/x']", "valid_from": "2026-10-01T00:00:00.000Z",
   "object_marking_refs": ["marking-definition--1", "marking-definition--2"]},
  {"type": "marking-definition", "id": "marking-definition--1", "definition_type": "statement", "definition": {"statement": "© X"}},
  {"type": "marking-definition", "id": "marking-definition--2", "name": "TLP:GREEN"},
  {"type": "indicator", "id": "indicator--2", "pattern_type": "yara", "pattern": "rule x { condition: true }",
   "object_marking_refs": ["marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"]}]}"#;

#[test]
fn indicators_come_in_as_stix() {
    let site = site("bundle.json");
    put(site.path(), "content/reports/a/bundle.json", BUNDLE.as_bytes());
    assert_eq!(build(site.path(), &[]).status.code(), Some(0));
    let list = |role: &str| read(&site, &format!("{role}/threats/a/indicators.txt"));
    let common = "# Domain, TLP:GREEN\nevil.example\n# URL, TLP:GREEN\nhttp://evil.example/x\n";
    assert_eq!(list("soc"), format!("{common}# Other, TLP:RED\nrule x {{ condition: true }}\n"));
    assert_eq!(list("emea"), common, "the label of STIX's own TLP 1.0 counts as well");
    assert!(
        !tree(&site.path().join("output")).keys().any(|path| path.contains("bundle")),
        "the file itself is not copied"
    );
    let proved =
        Command::new(env!("CARGO_BIN_EXE_threatpress")).args(["prove", "--site"]).arg(site.path()).output().unwrap();
    assert_eq!(proved.status.code(), Some(0), "{}", String::from_utf8_lossy(&proved.stderr));
}

#[test]
fn a_bundle_that_is_none_is_told() {
    for (bundle, message) in [
        ("{", "not a STIX bundle"),
        ("{}", "no list of `objects`"),
        (
            r#"{"objects": [{"type": "indicator", "id": "indicator--1"}]}"#,
            "the indicator indicator--1 has no `pattern`",
        ),
        (
            r#"{"objects": [{"type": "indicator", "pattern": "x", "valid_from": "soon"}]}"#,
            "`valid_from` that is no time",
        ),
        (r#"{"objects": [{"type": "indicator", "pattern": "x", "confidence": 300}]}"#, "not 0 to 100"),
        (
            r#"{"objects": [{"type": "indicator", "pattern": "x", "object_marking_refs": ["marking-definition--1"]}]}"#,
            "the marking `marking-definition--1`, which the bundle does not define",
        ),
        (r#"{"objects": [{"type": "indicator", "pattern": "x", "granular_markings": []}]}"#, "has `granular_markings`"),
    ] {
        let site = site("bundle.json");
        put(site.path(), "content/reports/a/bundle.json", bundle.as_bytes());
        let output = build(site.path(), &[]);
        assert_eq!(output.status.code(), Some(1), "{bundle}");
        let told = messages(&output);
        let found = told.iter().any(|told| {
            told["code"] == "TP0205"
                && told["message"].as_str().unwrap().contains(message)
                && told["file"] == "content/reports/a/bundle.json"
        });
        assert!(found, "{bundle}: {told:#?}");
    }
}

/// Where what is told of an indicator file stands, and what of it.
fn told_of(name: &str, text: &str) -> Vec<(Option<u64>, Option<u64>, String)> {
    let site = site(name);
    put(site.path(), &format!("content/reports/a/{name}"), text.as_bytes());
    let output = build(site.path(), &[]);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(!site.path().join("output").exists(), "{text}");
    let told = messages(&output).into_iter().filter(|told| told["file"] == format!("content/reports/a/{name}"));
    told.map(|told| {
        assert_eq!(told["code"], "TP0205");
        (told["line"].as_u64(), told["column"].as_u64(), told["message"].as_str().unwrap().to_owned())
    })
    .collect()
}

#[test]
fn a_table_of_indicators_hides_no_row_and_no_label() {
    let told = |text: &str| told_of("indicators.csv", text);
    let open = "type,value,tlp,description\ndomain,a.example,clear,\"Phishing page\ndomain,red.example,red,X\n";
    assert_eq!(told(open), [(Some(2), Some(24), "a quote that is opened here is not closed".to_owned())]);
    let behind = "type,value,tlp\ndomain,\"a.example\"x,red\ndomain,\"b.example\" y,red\n";
    let message = || "something stands behind a closing quote".to_owned();
    assert_eq!(told(behind), [(Some(2), Some(19), message()), (Some(3), Some(19), message())]);
    let twice = "type,tlp,value, TLP\ndomain,clear,a.example,red\n";
    assert_eq!(told(twice), [(Some(1), Some(1), "the column `tlp` stands there twice".to_owned())]);
    let blank = "\n\ntype,value\n\n\nipv4,banana\n\ndomain,a.example,b\n";
    let told = told(blank);
    assert_eq!(told.iter().map(|told| told.0).collect::<Vec<_>>(), [Some(6), Some(8)], "{told:?}");
    assert_eq!(told[0].2, "`banana` is no value of the type `ipv4`");
    assert_eq!(told[1].2, "the row has 3 fields, the first line names 2");
}

#[test]
fn a_value_that_its_type_cannot_have_is_told_and_given_to_no_tool() {
    let site = site("[{type: ipv4, value: banana}, {type: sha256, value: abc}, {type: domain, value: a.example}]");
    let output = build(site.path(), &[]);
    assert_eq!(output.status.code(), Some(0), "{:?}", messages(&output));
    let told = messages(&output).into_iter().filter(|told| told["code"] == "TP0205");
    let told: Vec<_> = told.map(|told| (told["severity"].clone(), told["message"].clone())).collect();
    let warning =
        |value: &str, kind: &str| (json!("warning"), json!(format!("`{value}` is no value of the type `{kind}`")));
    assert_eq!(told, [warning("banana", "ipv4"), warning("abc", "sha256")]);
    let built = tree(&site.path().join("output/soc"));
    let holds = |name: &str, text: &str| {
        let files = built.iter().filter(|(path, _)| path.ends_with(name));
        files.map(|(_, bytes)| String::from_utf8_lossy(bytes).contains(text)).collect::<Vec<_>>()
    };
    for file in ["a/stix.json", "indicators.txt"] {
        assert_eq!((holds(file, "banana"), holds(file, "a.example")), (vec![false], vec![true]), "{file}");
    }
    assert_eq!(holds("a/analyst-report/index.html", "banana"), [true]);
    assert_eq!(build(site.path(), &["--strict"]).status.code(), Some(1));
}

#[test]
fn a_key_of_a_bundle_stands_once() {
    let bundle = "{\"objects\": [{\"type\": \"indicator\", \"pattern\": \"x\",\n \
        \"object_marking_refs\": [\"marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1\"],\n \
        \"object_marking_refs\": []}]}";
    let [(line, _, message)] = &told_of("a.json", bundle)[..] else { panic!("one message") };
    let expected = "not a STIX bundle: the key `object_marking_refs` stands there twice";
    assert_eq!((*line, message.as_str()), (Some(3), expected));
    let [(line, column, message)] = &told_of("a.json", "{\"é\":\n x}")[..] else { panic!("one message") };
    assert_eq!((*line, *column, message.as_str()), (Some(2), Some(2), "not a STIX bundle: expected value"));
}

#[test]
fn our_own_bundle_reads_back() {
    let indicators = "[{ type: file_path, value: 'C:\\It''s\\x.exe' }, { type: file_path, value: /tmp/x }, \
        { type: file_path, value: 'C:\\x\\' }, { type: domain, value: a.example }, \
        { type: certificate, value: aabbccddeeff00112233445566778899 }]";
    let list = |site: &TempDir| read(site, "soc/threats/a/indicators.txt");
    let first = built(indicators);
    let second = site("stix.json");
    put(second.path(), "content/reports/a/stix.json", read(&first, "soc/threats/a/stix.json").as_bytes());
    assert_eq!(build(second.path(), &[]).status.code(), Some(0));
    assert_eq!(list(&second), list(&first));
}

#[test]
fn a_layer_has_the_domain_of_the_techniques() {
    let site = site("[]");
    let attack = r#"{"domain": "ics-attack", "techniques": [{"id": "T1190", "name": "Exploit"}]}"#;
    put(site.path(), "content/knowledge/attack.json", attack.as_bytes());
    assert_eq!(build(site.path(), &[]).status.code(), Some(0));
    for layer in ["soc/techniques/navigator.json", "soc/threats/b/navigator.json"] {
        assert_eq!(value(&site, layer)["domain"], "ics-attack", "{layer}");
    }
    let proved =
        Command::new(env!("CARGO_BIN_EXE_threatpress")).args(["prove", "--site"]).arg(site.path()).output().unwrap();
    assert_eq!(proved.status.code(), Some(0), "{}", String::from_utf8_lossy(&proved.stderr));
}

#[test]
fn a_bundle_does_not_depend_on_what_a_role_does_not_see() {
    let files = |site: &TempDir| {
        let path = site.path().join("output/emea");
        tree(Path::new(&path))
            .into_iter()
            .filter(|(path, _)| path.ends_with("json") || path.ends_with("txt"))
            .filter(|(path, _)| path != "manifest.json")
            .collect::<Vec<_>>()
    };
    let one = built(INDICATORS);
    let other = built(&INDICATORS.replace("x.exe", "another.exe"));
    assert_eq!(files(&one), files(&other));
}
