//! The audit, and what else is asked of finished builds: hidden names are planted into copies of a
//! build, in every way to write them and in every place a file has for them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::bench::home;

mod blind;
#[cfg(feature = "trial")]
mod blocking;
mod compared;
mod encodings;
mod explained;
mod images;
mod planted;
mod strange;
mod verified;

const CONFIGURATION: &str = "\
title: T
base_url: https://t.example/
roles:
  soc: {title: Global operations, groups: all, clearance: red, sign_in_groups: [aaaabbbb-0000-cccc-1111-dddd2222eeee]}
  emea-it: {title: EMEA operations, groups: [EMEA], clearance: amber}
  apac-it: {title: Pacific operations, groups: [APAC], clearance: amber}
";

/// What shows every device with an alert, and its incidents.
const SELECTING: &str = "tlp: amber\nalerts: {titles: [Alert]}";

/// A site of two regions, with its builds once it was built.
pub(crate) struct Site {
    pub(crate) home: TempDir,
}

impl Site {
    /// A site in which the role `emea-it` sees one device, one alert and one report.
    pub(crate) fn new() -> Site {
        let site = Site { home: home() };
        site.put("threatpress.yaml", CONFIGURATION);
        site.put("content/reports/seen.md", report("A report for all", SELECTING, "Text."));
        site.put("content/snapshots/1/snapshot.yaml", "as_of: 2026-11-16T06:00:00Z\n");
        site.put(
            "content/snapshots/1/devices.csv",
            "device_id,name,device_group\nemea-id-0001,emea-srv-0001,EMEA\napac-id-0001,apac-srv-0001,APAC\n",
        );
        site.put(
            "content/snapshots/1/alerts.csv",
            "alert_id,title,status,created,device_id,incident_id\n\
             al-emea-1,Alert,new,2026-11-15,emea-id-0001,inc-emea-1\n\
             al-apac-1,Alert,new,2026-11-15,apac-id-0001,inc-apac-1\n",
        );
        site.put(
            "content/snapshots/1/incidents.csv",
            "incident_id,title,status,severity\ninc-emea-1,A,active,high\ninc-apac-1,B,active,high\n",
        );
        site
    }

    pub(crate) fn put(&self, path: &str, text: impl AsRef<[u8]>) {
        put(self.home.path(), path, text.as_ref());
    }

    pub(crate) fn add(&self, path: &str, text: &str) {
        let whole = fs::read_to_string(self.home.path().join(path)).unwrap() + text;
        self.put(path, whole);
    }

    pub(crate) fn run(&self, further: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
        command.args(further).arg("--site").arg(self.home.path()).output().unwrap()
    }

    pub(crate) fn build(&self, further: &[&str]) -> Output {
        self.run(&[&["build", "--format", "json"], further].concat())
    }

    /// Builds the site, of which nothing is wrong.
    pub(crate) fn built(self) -> Site {
        let output = self.build(&[]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        self
    }

    pub(crate) fn output(&self, role: &str) -> PathBuf {
        self.home.path().join("output").join(role)
    }

    /// A copy of a role's build that may be spoilt.
    pub(crate) fn copy(&self, role: &str) -> Build {
        let home = home();
        copy(&self.output(role), &home.path().join("build"));
        Build { home }
    }

    /// Looks for what `emea-it` may not see.
    pub(crate) fn audit(&self, build: &Build) -> Output {
        let dir = build.dir();
        self.run(&["audit", dir.to_str().unwrap(), "--role", "emea-it", "--format", "json"])
    }
}

/// A build somewhere on the disk.
pub(crate) struct Build {
    pub(crate) home: TempDir,
}

impl Build {
    pub(crate) fn dir(&self) -> PathBuf {
        self.home.path().join("build")
    }

    pub(crate) fn put(&self, path: &str, bytes: impl AsRef<[u8]>) {
        put(&self.dir(), path, bytes.as_ref());
    }
}

pub(crate) fn report(title: &str, further: &str, body: &str) -> String {
    let head = format!("title: {title}\ntype: activity\nsummary: S\npublished: 2026-11-02\n{further}\n");
    format!("---\n{head}---\n## Executive summary\n\n{body}\n")
}

fn put(root: &Path, path: &str, bytes: &[u8]) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// A copy with the modes of what it is a copy of.
fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.unwrap();
        let place = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(&place).unwrap();
            fs::set_permissions(&place, fs::Permissions::from_mode(0o755)).unwrap();
        } else {
            fs::copy(entry.path(), &place).unwrap();
        }
    }
}

/// The messages of a run, one JSON object a line.
pub(crate) fn messages(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stderr).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"))).collect()
}

/// The messages with a code.
pub(crate) fn told<'m>(messages: &'m [Value], code: &str) -> Vec<&'m Value> {
    messages.iter().filter(|message| message["code"] == code).collect()
}

#[test]
fn a_build_of_the_program_is_clean() {
    let site = Site::new().built();
    let before = crate::bench::tree(&site.output("emea-it"));
    for role in ["soc", "emea-it", "apac-it"] {
        let dir = site.output(role);
        let output = site.run(&["audit", dir.to_str().unwrap(), "--role", role, "--format", "json"]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(messages(&output).iter().all(|message| message["code"] == "TP0804"), "{:?}", messages(&output));
    }
    assert_eq!(crate::bench::tree(&site.output("emea-it")), before, "an audit writes nothing");
}

#[test]
fn the_build_of_another_role_is_full_of_leaks() {
    let site = Site::new();
    site.put("content/reports/dark.md", report("Harbour at night 7", "tlp: red\nredirects: [old-night-7]", "Text."));
    site.put("content/pages/duty-2026.md", "---\ntitle: Who is on duty 2026\ntlp: red\n---\nText.\n");
    let site = site.built();
    let output = site.audit(&site.copy("soc"));
    assert_eq!(output.status.code(), Some(3));
    let messages = messages(&output);
    let leaks: Vec<&str> = told(&messages, "TP0800").iter().filter_map(|leak| leak["message"].as_str()).collect();
    for (name, what) in [
        ("apac-srv-0001", "the name of a device"),
        ("apac-id-0001", "the id of a device"),
        ("Harbour at night 7", "the title of a report"),
        ("old-night-7", "a former slug of a report"),
        ("Who is on duty 2026", "the title of a page"),
        ("duty-2026", "the name of a page"),
        ("inc-apac-1", "an incident"),
        ("Global operations", "another role's title"),
    ] {
        let told = format!("`{name}` is {what} that `emea-it` may not see");
        assert!(leaks.contains(&told.as_str()), "{told} is not in {leaks:#?}");
    }
    for seen in ["emea-srv-0001", "emea-id-0001", "inc-emea-1", "A report for all", "EMEA operations"] {
        assert!(!leaks.iter().any(|leak| leak.contains(seen)), "{seen} is no leak: {leaks:#?}");
    }
}

/// The index of words says in which documents each is: that is no word and a number behind it.
#[test]
fn numbers_of_an_index_are_no_part_of_a_name() {
    let site = Site::new();
    for number in 0..4 {
        site.put("content/reports/dark.md", report(&format!("Harbour {number}"), "tlp: red", "Text."));
        site.put("content/reports/mail.md", report("A harbour against mail", "tlp: green", "Text."));
        let output = site.build(&[]);
        assert_eq!(output.status.code(), Some(0), "{number}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let build = site.copy("emea-it");
    build.put("search/more.json", r#"{"title": ["Harbour 3"]}"#);
    assert_eq!(site.audit(&build).status.code(), Some(3), "in a text it is one");
}

#[test]
fn a_role_that_does_not_exist_is_wrong_usage() {
    let site = Site::new().built();
    let dir = site.output("soc");
    assert_eq!(site.run(&["audit", dir.to_str().unwrap(), "--role", "nobody"]).status.code(), Some(2));
    assert_eq!(site.run(&["audit", dir.to_str().unwrap()]).status.code(), Some(2));
    assert_eq!(site.run(&["audit", "/nowhere/at/all", "--role", "soc"]).status.code(), Some(4));
}
