//! What a reviewer sees before anything is published: who gets which report, and what a link leaves
//! behind for those who do not have its page.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::bench::home;

const CONFIGURATION: &str = "\
title: T
base_url: https://t.example/
roles:
  soc: {groups: all, clearance: red}
  emea: {groups: [EMEA], clearance: amber}
  board: {clearance: clear}
";

fn put(site: &Path, path: &str, text: &str) {
    let path = site.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn report(keys: &str, text: &str) -> String {
    format!(
        "---\ntitle: A\ntype: activity\nsummary: S\npublished: 2026-11-02\n{keys}\n---\n## Executive summary\n\n{text}\n"
    )
}

fn site() -> TempDir {
    let site = home();
    put(site.path(), "threatpress.yaml", CONFIGURATION);
    put(site.path(), "content/reports/open.md", &report("tlp: clear", "Text."));
    put(site.path(), "content/reports/otter-secret.md", &report("tlp: red", "Text."));
    put(site.path(), "content/reports/local.md", &report("tlp: amber\naudience: [emea]", "Text."));
    put(site.path(), "content/reports/later.md", &report("tlp: clear\npublish_at: 2027-01-01T00:00:00Z", "Text."));
    put(site.path(), "content/reports/draft.md", &report("tlp: clear\ndraft: true", "Text."));
    site
}

fn run(site: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
    command.args(arguments).args(["--as-of", "2026-11-16T06:00:00Z", "--site"]).arg(site).output().unwrap()
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    std::str::from_utf8(bytes).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_matrix_says_who_gets_what_and_why_not() {
    let site = site();
    let done = run(site.path(), &["list", "reports", "--format", "json"]);
    assert_eq!(done.status.code(), Some(0));
    let yes = json!({"admitted": true, "refused": null});
    let no = |why: &str| json!({"admitted": false, "refused": why});
    let audience = no("the audience does not name the role");
    let row = |slug: &str, tlp: &str, board: &Value, emea: &Value, soc: &Value| json!({"slug": slug, "title": "A", "tlp": tlp, "roles": {"board": board, "emea": emea, "soc": soc}});
    let (draft, later) = (no("a draft"), no("hidden until 2027-01-01T00:00:00Z"));
    let red = no("TLP:RED is above the role's clearance");
    let expected = [
        row("draft", "clear", &draft, &draft, &draft),
        row("later", "clear", &later, &later, &later),
        row("local", "amber", &audience, &yes, &audience),
        row("open", "clear", &yes, &yes, &yes),
        row("otter-secret", "red", &red, &red, &yes),
    ];
    assert_eq!(lines(&done.stdout), expected);
    let before = done.stdout;
    // A change of one report is a change of one line.
    put(site.path(), "content/reports/otter-secret.md", &report("tlp: green", "Text."));
    let after = run(site.path(), &["list", "reports", "--format", "json"]).stdout;
    let changed: Vec<(Value, Value)> =
        lines(&before).into_iter().zip(lines(&after)).filter(|(one, other)| one != other).collect();
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0].1["roles"]["emea"], yes);
    assert_eq!(changed[0].1["roles"]["board"], no("TLP:GREEN is above the role's clearance"));
}

#[test]
fn a_role_is_shown_what_it_gets_and_what_not() {
    let site = site();
    let done = run(site.path(), &["list", "reports", "--role", "emea"]);
    let text = String::from_utf8(done.stdout).unwrap();
    for expected in [
        "draft (TLP:CLEAR) A\n  emea: refused, a draft\n",
        "later (TLP:CLEAR) A\n  emea: refused, hidden until 2027-01-01T00:00:00Z\n",
        "local (TLP:AMBER) A\n  emea: admitted\n",
        "open (TLP:CLEAR) A\n  emea: admitted\n",
        "otter-secret (TLP:RED) A\n  emea: refused, TLP:RED is above the role's clearance\n",
    ] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
    assert!(!text.contains("soc:") && !text.contains("board:"));
}

#[test]
fn who_sees_a_group_is_said_of_the_roles_that_were_asked_for() {
    let site = crate::bad_input::site();
    let groups = |more: &[&str]| {
        let done = run(site.path(), &[&["list", "groups"], more].concat());
        String::from_utf8(done.stdout).unwrap()
    };
    assert_eq!(groups(&[]), "APAC: 1 device; seen by soc\nEMEA: 1 device; seen by emea, soc\n");
    let asked = groups(&["--role", "emea"]);
    assert_eq!(asked, "APAC: 1 device; not seen by emea\nEMEA: 1 device; seen by emea\n");
}

#[test]
fn a_link_to_a_page_that_a_role_lacks_leaves_only_its_text() {
    let site = site();
    let text = "See [what we know](otter-secret.md), [here](../otter-secret/exposure/#devices), [this](/threats/open/) and [that](gone.md).\n\n\
                ::: scope tlp=\"red\"\nAnd [more](otter-secret.md \"Otter\").\n:::";
    put(site.path(), "content/reports/open.md", &report("tlp: clear", text));
    let done = run(site.path(), &["check", "--format", "json"]);
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    let told: Vec<Value> = lines(&done.stderr).into_iter().filter(|line| line["code"] == "TP0304").collect();
    let shown: Vec<(&str, u64, &str)> = told
        .iter()
        .map(|line| {
            (line["severity"].as_str().unwrap(), line["line"].as_u64().unwrap(), line["message"].as_str().unwrap())
        })
        .collect();
    let expected = [
        ("warning", 10, "roles `board`, `emea` have no `otter-secret.md`: there, only the link's text is shown"),
        (
            "warning",
            10,
            "roles `board`, `emea` have no `../otter-secret/exposure/#devices`: there, only the link's text is shown",
        ),
        (
            "warning",
            10,
            "role `soc` has the page of `../otter-secret/exposure/#devices`, but nothing with that id on it",
        ),
        ("warning", 10, "roles `board`, `emea`, `soc` have no `gone.md`: there, only the link's text is shown"),
    ];
    assert_eq!(shown, expected);
    assert_eq!(run(site.path(), &["check", "--strict"]).status.code(), Some(1), "a link that nobody can follow");
    assert_eq!(run(site.path(), &["build"]).status.code(), Some(0));
    let page = |role: &str| {
        fs::read_to_string(site.path().join("output").join(role).join("threats/open/analyst-report/index.html"))
            .unwrap()
    };
    assert!(page("soc").contains("<a href=\"../../../threats/otter-secret/\">what we know</a>"), "{}", page("soc"));
    for role in ["emea", "board"] {
        let page = page(role);
        assert!(
            page.contains("See what we know, here, <a href=\"../../../threats/open/\">this</a> and that."),
            "{page}"
        );
        for entry in walkdir::WalkDir::new(site.path().join("output").join(role)) {
            let entry = entry.unwrap();
            let bytes = if entry.file_type().is_file() { fs::read(entry.path()).unwrap() } else { Vec::new() };
            assert!(!String::from_utf8_lossy(&bytes).to_lowercase().contains("otter"), "{}", entry.path().display());
        }
    }
}
