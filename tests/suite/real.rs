//! Real documents, as people paste them in: reports, playbooks, advisories and rules of many houses,
//! each with a minimal front matter.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::bad_input::{CONFIGURATION_OF_SITE, messages, put};

/// What may be said of such a document: a link or image that lies in another repository, a scheme
/// that is not followed, a comment that would be shown, a directive of another generator, headings,
/// sections. Anything else is a fault of the document or, more likely, ours.
const EXPECTED: [&str; 9] = ["TP0300", "TP0301", "TP0304", "TP0305", "TP0306", "TP0308", "TP0312", "TP0314", "TP0315"];

#[test]
fn real_documents_are_read_and_what_is_said_of_them_is_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/reports");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("note: {} is not there, so no real document is read", folder.display());
        return;
    };
    let site = tempfile::tempdir().unwrap();
    put(site.path(), "threatpress.yaml", CONFIGURATION_OF_SITE.as_bytes());
    put(site.path(), "content/snapshots/1/snapshot.yaml", b"as_of: 2026-11-16T06:00:00Z\n");
    put(site.path(), "content/snapshots/1/devices.csv", b"device_id,name,device_group\n0f3ac1,SRV-EMEA-017,EMEA\n");
    let mut documents = 0;
    for entry in entries {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        // Front matter of other generators means nothing here.
        let body = text
            .strip_prefix("---\n")
            .and_then(|rest| rest.split_once("\n---\n"))
            .map_or(text.as_str(), |(_, body)| body);
        documents += 1;
        let report = format!("---\ntitle: D\ntype: osint\nsummary: S\npublished: 2026-11-02\ntlp: clear\n---\n{body}");
        put(site.path(), &format!("content/reports/d-{documents}/index.md"), report.as_bytes());
    }
    assert!(documents > 30, "{documents} documents");
    let output = Command::new(env!("CARGO_BIN_EXE_threatpress"))
        .args(["check", "--format", "json", "--site"])
        .arg(site.path())
        .output()
        .unwrap();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for told in messages(&output) {
        let code = told["code"].as_str().unwrap();
        assert!(EXPECTED.contains(&code), "{told}");
        assert!(told["line"].as_u64().is_some() && told["hint"].is_string(), "{told}");
        *counts.entry(format!("{code} {}", told["severity"].as_str().unwrap())).or_default() += 1;
    }
    println!("note: of {documents} documents is said: {counts:?}");
}
