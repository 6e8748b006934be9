//! Beginning: `init` and `new`, as somebody meets them who has just installed the program.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use jiff::Timestamp;
use serde_json::Value;
use tempfile::TempDir;

use super::bad_input::{messages, tree};
use super::command::{printed, said, threatpress};

const TYPES: [&str; 7] = ["activity", "actor", "core-threat", "osint", "technique", "tool", "vulnerability"];

/// A site as `init` makes it, and where it is.
fn begun() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let site = directory.path().join("a new site");
    let output = threatpress([OsStr::new("init"), site.as_os_str()]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    (directory, site)
}

fn at(site: &Path, args: &[&str]) -> Output {
    let site = [OsStr::new("--site"), site.as_os_str()];
    threatpress(args.iter().map(OsStr::new).chain(site))
}

/// The text of a page of a build.
fn page(site: &Path, path: &str) -> String {
    fs::read_to_string(site.join("output").join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn a_new_site_is_without_fault() {
    let (_directory, site) = begun();
    for args in [["check", "--strict", "--format", "json"], ["build", "--strict", "--format", "json"]] {
        let output = at(&site, &args);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        assert_eq!(said(&output), "", "not even a note is to be told");
    }
    let soc: Value = serde_json::from_str(&page(&site, "soc/data.json")).unwrap();
    assert_eq!(soc["devices_total"], 12);
    assert_eq!(soc["threats_total"], 2);
    let emea: Value = serde_json::from_str(&page(&site, "emea-it/data.json")).unwrap();
    assert_eq!(emea["devices_total"], 7);
    assert_eq!(emea["threats_total"], 1);
}

#[test]
fn a_new_site_shows_what_roles_are_for() {
    let (_directory, site) = begun();
    assert_eq!(at(&site, &["build"]).status.code(), Some(0));
    let (soc, emea) = (
        page(&site, "soc/threats/log4shell/analyst-report/index.html"),
        page(&site, "emea-it/threats/log4shell/analyst-report/index.html"),
    );
    assert!(soc.contains("owners of the servers in the Americas"));
    assert!(emea.contains("Executive summary") && !emea.contains("Americas"));
    assert!(!site.join("output/emea-it/threats/cobalt-strike").exists());
    // Every figure of the sample says something: a table of zeros teaches nobody.
    let figures: Value = serde_json::from_str(&page(&site, "soc/threats/log4shell/data.json")).unwrap();
    for path in ["/devices/impacted", "/devices/exposed", "/devices/unavailable", "/devices/mitigated"] {
        assert!(figures.pointer(path).and_then(Value::as_u64) > Some(0), "{path}: {figures:#}");
    }
    let figures: Value = serde_json::from_str(&page(&site, "soc/threats/cobalt-strike/data.json")).unwrap();
    for path in ["/devices/impacted", "/devices/exposed", "/alerts/resolved", "/incidents/active"] {
        assert!(figures.pointer(path).and_then(Value::as_u64) > Some(0), "{path}: {figures:#}");
    }
}

#[test]
fn a_new_site_has_every_table() {
    let (_directory, site) = begun();
    let schema: Value = serde_json::from_str(&printed(["schema", "snapshot"])).unwrap();
    for table in schema["$defs"].as_object().unwrap().keys() {
        let file = site.join(format!("content/snapshots/2026-11-16/{table}.csv"));
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{table}: {error}"));
        let columns: Vec<&str> = text.lines().next().unwrap().split(',').collect();
        let mut known = schema["$defs"][table]["properties"].as_object().unwrap().clone();
        // A group beside a finding is what other programs export and is only compared with the
        // device's own: nobody who writes a snapshot by hand repeats it.
        if ["vulnerabilities", "configurations", "software"].contains(&table.as_str()) {
            assert!(known.remove("device_group").is_some(), "{table}");
        }
        assert_eq!(columns.len(), known.len(), "{table} shows every column");
        assert!(columns.iter().all(|column| known.contains_key(*column)), "{table}: {columns:?}");
    }
    let ignored = fs::read_to_string(site.join(".gitignore")).unwrap();
    assert!(["/output", "/.threatpress"].iter().all(|path| ignored.lines().any(|line| line == *path)), "{ignored}");
}

#[test]
fn what_init_says_comes_next_works() {
    let directory = tempfile::tempdir().unwrap();
    let site = directory.path().join("it's mine");
    let output = threatpress([OsStr::new("init"), site.as_os_str()]);
    let told = said(&output);
    let commands: Vec<String> =
        told.lines().filter_map(|line| line.strip_prefix("  threatpress ")).map(str::to_owned).collect();
    assert_eq!(commands.len(), 2, "{told}");
    for command in commands {
        // As a shell reads it, quotes and all.
        let line = format!("\"$0\" {}", command.replace("NAME", "my-first"));
        let output =
            std::process::Command::new("sh").args(["-c", &line, env!("CARGO_BIN_EXE_threatpress")]).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{line}: {}", said(&output));
    }
    assert!(site.join("output/soc/index.html").is_file());
    assert!(site.join("content/reports/my-first.md").is_file());
}

#[test]
fn init_overwrites_nothing() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("threatpress.yaml"), "precious").unwrap();
    let refused = |path: &Path, part: &str| {
        let output = threatpress([OsStr::new("init"), path.as_os_str()]);
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        for part in ["error[TP0009]", part, "help: name a directory that is empty"] {
            assert!(said(&output).contains(part), "{part}: {}", said(&output));
        }
    };
    refused(directory.path(), "it holds `threatpress.yaml`");
    refused(&directory.path().join("threatpress.yaml"), "it is a file");
    let left = tree(directory.path());
    assert_eq!(left, BTreeMap::from([("threatpress.yaml".to_owned(), b"precious".to_vec())]));
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(threatpress([OsStr::new("init"), empty.path().as_os_str()]).status.code(), Some(0));
}

#[test]
fn a_new_report_of_each_type_checks_and_builds() {
    let (_directory, site) = begun();
    let before = Timestamp::now().to_string();
    for kind in TYPES {
        let name = format!("first-{kind}");
        let output = at(&site, &["new", "report", &name, "--type", kind]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    }
    let after = Timestamp::now().to_string();
    let output = at(&site, &["check", "--drafts", "--format", "json"]);
    let told = messages(&output);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(told.iter().all(|line| line["severity"] != "error"), "{told:#?}");
    let mut headings = BTreeMap::new();
    for kind in TYPES {
        let text = fs::read_to_string(site.join(format!("content/reports/first-{kind}.md"))).unwrap();
        assert!(!text.contains("{{"), "something was not filled in: {text}");
        assert!(text.contains(&format!("type: {kind}\n")) && text.contains("\ndraft: true"), "{text}");
        let published = text.lines().find_map(|line| line.strip_prefix("published: ")).unwrap();
        assert!((&before[..10]..=&after[..10]).contains(&published), "{published} is not today");
        let sections: Vec<&str> = text.split("\n## ").skip(1).collect();
        for section in &sections {
            let (heading, said) = section.split_once("\n\n").unwrap();
            assert!(said.trim().len() > 20, "`{heading}` does not say what belongs there");
        }
        let names: Vec<String> = sections.iter().filter_map(|text| text.lines().next()).map(str::to_owned).collect();
        assert_eq!(names[0], "Executive summary");
        assert_eq!(names[names.len() - 2..], ["References", "Change log"]);
        headings.insert(names, kind);
    }
    assert_eq!(headings.len(), TYPES.len(), "each type has headings of its own");
    assert_eq!(at(&site, &["build", "--drafts"]).status.code(), Some(0));
    assert!(page(&site, "soc/threats/first-actor/analyst-report/index.html").contains("Tools and infrastructure"));
    assert_eq!(at(&site, &["build"]).status.code(), Some(0));
    assert!(!site.join("output/soc/threats/first-actor").exists(), "a draft is not published");
}

#[test]
fn a_name_says_what_it_can() {
    let (_directory, site) = begun();
    let name = "print-spooler-cve-2021-34527";
    assert_eq!(at(&site, &["new", "report", name, "--type", "vulnerability", "--directory"]).status.code(), Some(0));
    let text = fs::read_to_string(site.join("content/reports").join(name).join("index.md")).unwrap();
    assert!(text.contains("title: \"Print spooler CVE-2021-34527\"\n"), "{text}");
    assert!(text.contains("vulnerabilities: [CVE-2021-34527] "), "{text}");
    // The type that most reports are of may be left out.
    assert_eq!(at(&site, &["new", "report", "first"]).status.code(), Some(0));
    let text = fs::read_to_string(site.join("content/reports/first.md")).unwrap();
    assert!(text.contains("type: activity\n"), "{text}");
    assert_eq!(at(&site, &["new", "page", "who-we-are"]).status.code(), Some(0));
    let text = fs::read_to_string(site.join("content/pages/who-we-are.md")).unwrap();
    assert!(text.contains("title: \"Who we are\"\n"), "{text}");
    let output = at(&site, &["check", "--drafts", "--strict", "--format", "json"]);
    assert_eq!((output.status.code(), said(&output).as_str()), (Some(0), ""));
}

#[test]
fn new_overwrites_nothing() {
    let (_directory, site) = begun();
    fs::create_dir(site.join("content/reports/held")).unwrap();
    fs::write(site.join("content/reports/held/index.md"), "precious").unwrap();
    for name in ["log4shell", "Log4Shell", "held"] {
        for more in ["", "--directory"] {
            let args = ["new", "report", name, "--type", "tool", more];
            let output = at(&site, &args[..if more.is_empty() { 5 } else { 6 }]);
            assert_eq!(output.status.code(), Some(1), "{}", said(&output));
            assert!(said(&output).contains("error[TP0009]") && said(&output).contains("help: "), "{}", said(&output));
        }
    }
    fs::write(site.join("content/reports/held/index.md"), "---\nslug: \"taken\" # mine\n---\n").unwrap();
    let before = tree(&site);
    let output = at(&site, &["new", "report", "Taken", "--type", "tool"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    for name in ["../x", "a b", "con", "", "a/b", "é", "by", "threats.csv", "x.md"] {
        let output = at(&site, &["new", "report", name, "--type", "tool"]);
        assert_eq!(output.status.code(), Some(2), "`{name}`: {}", said(&output));
    }
    let output = at(&site, &["new", "report", "x", "--type", "activty"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("'activity'") && said(&output).contains("core-threat"), "{}", said(&output));
    assert_eq!(tree(&site), before);
    let elsewhere = tempfile::tempdir().unwrap();
    let output = at(elsewhere.path(), &["new", "page", "x"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("error[TP0100]"), "{}", said(&output));
    assert!(tree(elsewhere.path()).is_empty());
}
