//! What people hand in by mistake. Each gives one clear message with its place, exit code 1,
//! and leaves the last build untouched.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::bench::home;

pub(crate) const CONFIGURATION_OF_SITE: &str = "\
title: T
base_url: https://t.example/
roles:
  soc: {groups: all, clearance: red}
  emea: {groups: [EMEA], clearance: amber}
";
pub(crate) const REPORT: &str = "\
---
title: A
type: activity
summary: S
published: 2026-11-02
tlp: amber
---
## Executive summary

Text.
";
pub(crate) const DEVICES: &str = "device_id,name,device_group\nd1,one,EMEA\nd2,two,APAC\n";

/// A small sound site.
pub(crate) fn site() -> TempDir {
    let directory = home();
    let write = |path: &str, text: &str| put(directory.path(), path, text.as_bytes());
    write("threatpress.yaml", CONFIGURATION_OF_SITE);
    write("content/reports/a.md", REPORT);
    write("content/snapshots/1/snapshot.yaml", "as_of: 2026-11-16T06:00:00Z\n");
    write("content/snapshots/1/devices.csv", DEVICES);
    directory
}

pub(crate) fn put(root: &Path, path: &str, bytes: &[u8]) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

pub(crate) fn build(site: &Path, further: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_threatpress"))
        .args(["build", "--format", "json", "--site"])
        .arg(site)
        .args(further)
        .output()
        .unwrap()
}

/// The messages of a run, one JSON object a line.
pub(crate) fn messages(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stderr).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"))).collect()
}

pub(crate) fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = walkdir::WalkDir::new(root).into_iter().map(|entry| entry.unwrap());
    files
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| (entry.path().strip_prefix(root).unwrap().display().to_string(), fs::read(entry.path()).unwrap()))
        .collect()
}

/// Puts `bytes` at `path` of a site that was built before, builds again, and holds the outcome
/// against what has to be told.
pub(crate) fn refused(path: &str, bytes: &[u8], code: &str, place: (&str, Option<u64>), message: &str) {
    let site = site();
    assert_eq!(build(site.path(), &[]).status.code(), Some(0), "the sound site builds");
    let before = tree(&site.path().join("output"));
    put(site.path(), path, bytes);
    let output = build(site.path(), &[]);
    let told = messages(&output);
    let shown = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{path}: {shown}");
    let errors: Vec<&Value> = told.iter().filter(|line| line["severity"] == "error").collect();
    assert_eq!(errors.len(), 1, "one message for one mistake in {path}: {shown}");
    let error = errors[0];
    assert_eq!(error["code"], code, "{shown}");
    assert_eq!(error["file"], place.0, "{shown}");
    if let Some(line) = place.1 {
        assert_eq!(error["line"].as_u64(), Some(line), "{shown}");
    }
    assert!(error["message"].as_str().unwrap().contains(message), "`{message}` is not in {shown}");
    assert!(error["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "no advice: {shown}");
    assert_eq!(tree(&site.path().join("output")), before, "the last build has changed");
}

pub(crate) const A: &str = "content/reports/a.md";

fn refused_report(text: &str, code: &str, line: u64, message: &str) {
    refused(A, text.as_bytes(), code, (A, Some(line)), message);
}

#[test]
fn front_matter_is_missing_or_open() {
    refused_report("# A report\n", "TP0200", 1, "no front matter");
    refused_report("---\ntitle: A\n## Not closed\n", "TP0201", 1, "not closed");
}

#[test]
fn a_misspelt_key_cannot_widen_access() {
    refused_report(&REPORT.replace("tlp: amber", "audiance: [soc]"), "TP0005", 6, "audiance");
    let site = site();
    put(site.path(), A, REPORT.replace("tlp: amber", "audiance: [soc]").as_bytes());
    assert_eq!(messages(&build(site.path(), &[]))[0]["hint"], "did you mean `audience`?");
}

#[test]
fn keys_that_decide_who_reads_have_to_be_said_clearly() {
    refused_report(&REPORT.replace("tlp: amber", "tlp: green\ntlp: clear"), "TP0004", 7, "duplicate");
    refused_report(&REPORT.replace("tlp: amber", "tlp: white"), "TP0008", 6, "white");
    refused_report(&REPORT.replace("tlp: amber", "tlp:"), "TP0006", 6, "`tlp` is empty");
    refused_report(&REPORT.replace("tlp: amber", "audience: [sox]"), "TP0104", 6, "no role `sox`");
    refused_report(&REPORT.replace("tlp: amber", "draft: no"), "TP0008", 6, "draft");
}

#[test]
fn values_of_the_wrong_form_are_shown_where_they_stand() {
    refused_report(&REPORT.replace("activity", "campaign"), "TP0008", 3, "campaign");
    refused_report(&REPORT.replace("2026-11-02", "2026-13-01"), "TP0008", 5, "2026-13-01");
    refused_report(&REPORT.replace("tlp: amber", "vulnerabilities: [CVE-25-1]"), "TP0204", 6, "CVE-25-1");
    refused_report(&REPORT.replace("tlp: amber", "techniques: [T105]"), "TP0204", 6, "T105");
}

#[test]
fn bombs_are_refused() {
    let aliases = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]";
    refused_report(&REPORT.replace("tlp: amber", aliases), "TP0004", 6, "");
    let deep = format!("tags: {}", "[".repeat(10_000));
    refused_report(&REPORT.replace("tlp: amber", &deep), "TP0004", 6, "too deep");
}

#[test]
fn front_matter_is_plain_yaml() {
    for (with, code, message) in [
        ("tags: !!python/object:os.system [x]", "TP0004", "unsupported tag"),
        ("tags: !include ../../x", "TP0004", "unsupported tag"),
        ("tlp: !!binary cmVk", "TP0004", "unsupported tag `!!binary`"),
        ("!!binary dGxw: clear\ntlp: red", "TP0004", "unsupported tag `!!binary`"),
        ("tlp: &t amber", "TP0004", "unsupported anchor `&t`"),
        ("tags: [*t]", "TP0004", "unsupported alias `*t`"),
        ("<<: {tlp: clear}", "TP0005", "<<"),
        ("? [a, b]\n: c", "TP0007", "a list"),
        ("summary2: x", "TP0005", "summary2"),
        ("tags: {a: b}", "TP0007", "mapping"),
        ("aliases: \"a\\ud800\"", "TP0004", "surrogate"),
        ("aliases: \"a\0b\"", "TP0004", "unexpected character"),
        ("updated: 2026-02-30", "TP0008", "2026-02-30"),
        ("updated: 10000-01-01", "TP0008", "10000-01-01"),
        ("updated: 1762300800", "TP0008", "1762300800"),
        ("severity: apocalyptic", "TP0008", "apocalyptic"),
    ] {
        refused_report(&REPORT.replace("tlp: amber", with), code, 6, message);
    }
}

#[test]
fn titles_are_one_visible_line() {
    let long = "a".repeat(301);
    for title in ["\"a\u{202e}b\"", "\"a\\nb\"", "\"a\\u0000b\"", "\"a\\u200bb\"", &long] {
        refused_report(&REPORT.replace("title: A", &format!("title: {title}")), "TP0008", 2, "the title");
    }
    refused_report(&REPORT.replace("title: A", "title: \"  \""), "TP0006", 2, "`title` is empty");
}

#[test]
fn slugs_stay_in_their_directory() {
    for slug in ["../../x", "a/b", "CON", "index", "..", "é", "by", "Threats.csv"] {
        refused_report(&REPORT.replace("tlp: amber", &format!("slug: '{slug}'")), "TP0202", 6, slug);
    }
}

#[test]
fn names_are_pages() {
    for (key, name) in [("actors", "Con"), ("malware", "oauth2"), ("tags", "NUL"), ("attack_surfaces", "com1")] {
        let named = format!("{key}: [Fine, {name}]");
        refused_report(&REPORT.replace("tlp: amber", &named), "TP0602", 6, "cannot be the name of a page");
    }
}

#[test]
fn two_reports_cannot_share_a_slug() {
    let second = REPORT.replace("tlp: amber", "slug: A");
    refused("content/reports/b.md", second.as_bytes(), "TP0203", ("content/reports/b.md", Some(6)), "both");
    let redirect = REPORT.replace("tlp: amber", "redirects: [a]");
    refused("content/reports/b.md", redirect.as_bytes(), "TP0203", ("content/reports/b.md", Some(6)), "both");
}

#[test]
fn text_in_another_encoding_is_named() {
    let utf16: Vec<u8> = std::iter::once(0xfeff).chain(REPORT.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    refused(A, &utf16, "TP0002", (A, None), "UTF-16");
    let without_mark: Vec<u8> = REPORT.encode_utf16().flat_map(u16::to_be_bytes).collect();
    refused(A, &without_mark, "TP0002", (A, None), "UTF-16");
    let latin: Vec<u8> = REPORT.replace("Text", "Caf\u{e9}").chars().map(|c| c as u8).collect();
    refused(A, &latin, "TP0002", (A, None), "not UTF-8");
    let table: Vec<u8> = std::iter::once(0xfeff).chain(DEVICES.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let devices = "content/snapshots/1/devices.csv";
    refused(devices, &table, "TP0002", (devices, None), "UTF-16");
}

#[test]
fn the_configuration_is_checked() {
    let role = CONFIGURATION_OF_SITE.replace("[EMEA]", "[all]");
    refused("threatpress.yaml", role.as_bytes(), "TP0102", ("threatpress.yaml", Some(5)), "`all`");
    let key = CONFIGURATION_OF_SITE.replace("clearance: amber", "clearence: amber");
    refused("threatpress.yaml", key.as_bytes(), "TP0005", ("threatpress.yaml", Some(5)), "clearence");
}

#[test]
fn damaged_tables_are_named() {
    let table = |name: &str| format!("content/snapshots/1/{name}");
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gz, b"alert_id,title,status,created\n").unwrap();
    let gz = gz.finish().unwrap();
    let alerts = table("alerts.csv.gz");
    refused(&alerts, &gz[..gz.len() - 4], "TP0402", (&alerts, None), "breaks off");
    refused(&alerts, b"alert_id,title\n", "TP0402", (&alerts, None), "not what its name says");
    let parquet = table("alerts.parquet");
    refused(&parquet, b"alert_id,title\n", "TP0402", (&parquet, None), "not a Parquet file");
    let csv = table("alerts.csv");
    refused(&csv, b"alert_id,titel,status,created\n", "TP0403", (&csv, None), "`title` is missing");
    refused(&csv, b"alert_id,title,status,created\n1,\"a,new,2026-11-01\n", "TP0402", (&csv, Some(2)), "a quote");
}

#[test]
fn a_device_stands_in_one_group() {
    let devices = "content/snapshots/1/devices.csv";
    let both = format!("{DEVICES}D1,one,APAC\n");
    refused(devices, both.as_bytes(), "TP0407", (devices, None), "`APAC`, `EMEA`");
}

#[test]
fn rows_of_one_id_say_one_thing() {
    let alerts = "content/snapshots/1/alerts.csv";
    let table = "alert_id,title,status,created,device_id\n1,a,new,2026-11-01,d1\n1,b,new,2026-11-01,d2\n";
    let said = "the rows of alert `1` say different things: `title` is `b` here and `a` in row 1";
    refused(alerts, table.as_bytes(), "TP0408", (alerts, Some(3)), said);
    // In whichever file the rows are met first.
    let parts = "content/snapshots/1/incidents";
    let incident = |severity: &str| format!("incident_id,title,status,severity\n7,t,active,{severity}\n");
    let site = site();
    put(site.path(), &format!("{parts}/a.csv"), incident("low").as_bytes());
    put(site.path(), &format!("{parts}/b.csv"), incident("high").as_bytes());
    for jobs in ["1", "2"] {
        let told = &messages(&build(site.path(), &["--jobs", jobs]))[0];
        let said = "the rows of incident `7` say different things: `severity` is `high` here and `low` in row 1 of";
        assert_eq!(told["message"], format!("{said} {parts}/a.csv"));
        assert!(!told["hint"].as_str().unwrap().contains("device_id"), "{told}");
        assert_eq!((&told["file"], &told["row"]), (&format!("{parts}/b.csv").into(), &1.into()), "{told}");
    }
}

#[test]
fn two_snapshots_have_two_times() {
    let second = "content/snapshots/2/snapshot.yaml";
    let site = site();
    put(site.path(), "content/snapshots/2/devices.csv", DEVICES.as_bytes());
    put(site.path(), second, b"as_of: 2026-11-16T08:00:00+02:00\n");
    let output = build(site.path(), &[]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(messages(&output)[0]["code"], "TP0401");
    assert_eq!(messages(&output)[0]["file"], second);
}

#[test]
fn a_bad_row_is_left_out_and_an_error_when_strict() {
    let site = site();
    let rows = "device_id,name,device_group,last_seen\nd1,one,EMEA,2026-11-15\n,two,EMEA,\nd3,three,EMEA,yesterday\n";
    put(site.path(), "content/snapshots/1/devices.csv", rows.as_bytes());
    let output = build(site.path(), &[]);
    assert_eq!(output.status.code(), Some(0));
    let told = messages(&output);
    let bad: Vec<&Value> = told.iter().filter(|line| line["code"] == "TP0405").collect();
    assert_eq!(bad.iter().map(|line| line["row"].as_u64()).collect::<Vec<_>>(), [Some(2), Some(3)]);
    assert_eq!(bad[1]["line"], 4);
    assert!(bad[1]["message"].as_str().unwrap().contains("yesterday"));
    let figures: Value = serde_json::from_slice(&fs::read(site.path().join("output/soc/data.json")).unwrap()).unwrap();
    assert_eq!(figures["devices_total"], 1);
    assert_eq!(build(site.path(), &["--strict"]).status.code(), Some(1));
}

#[test]
fn every_problem_of_a_run_is_told() {
    let site = site();
    // What front matter says wrong does not hide what the text does.
    let text = REPORT.replace("activity", "x").replace("tlp: amber", "tlp: y") + "[x](#nowhere)\n";
    put(site.path(), A, text.as_bytes());
    put(site.path(), "content/reports/b.md", b"nothing");
    put(site.path(), "content/snapshots/1/alerts.csv", b"alert_id\n");
    let output = build(site.path(), &[]);
    let told = messages(&output);
    let codes: Vec<&str> = told.iter().filter_map(|line| line["code"].as_str()).collect();
    for code in ["TP0008", "TP0200", "TP0304", "TP0403"] {
        assert!(codes.contains(&code), "{code} is not in {codes:?}");
    }
    assert_eq!(codes.iter().filter(|code| **code == "TP0008").count(), 2);
}

#[test]
fn somebody_elses_directory_is_left_alone() {
    let site = site();
    put(site.path(), "output/soc/precious.txt", b"mine");
    let output = build(site.path(), &[]);
    assert_eq!(output.status.code(), Some(4));
    assert_eq!(messages(&output).last().unwrap()["code"], "TP0700");
    assert_eq!(fs::read(site.path().join("output/soc/precious.txt")).unwrap(), b"mine");
    assert!(!site.path().join("output/emea").exists(), "no role is published when one cannot be");
}

#[test]
fn usage_and_input_have_their_own_exit_codes() {
    let site = site();
    assert_eq!(build(site.path(), &["--role", "nobody"]).status.code(), Some(2));
    assert_eq!(build(site.path(), &["--no-such-flag"]).status.code(), Some(2));
    assert_eq!(build(&site.path().join("nowhere"), &[]).status.code(), Some(1));
    fs::remove_dir_all(site.path().join("content/snapshots")).unwrap();
    assert_eq!(build(site.path(), &[]).status.code(), Some(1), "nothing says what now is");
    assert_eq!(build(site.path(), &["--as-of", "2026-11-16"]).status.code(), Some(0));
}
