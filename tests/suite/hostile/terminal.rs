//! What the command says of hostile input: a terminal and a log cannot be steered.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::bench::home;

use super::marks::is_invisible;

const HOSTILE: &str = "a\u{1b}[31m\u{9b}1m\u{7}\u{202e}\u{2066}\u{200b}\u{feff}\u{2028}\u{e0041}\u{7f}\u{0}\r\u{85}b";

/// A site where everything that is quoted in a message is hostile.
fn site(root: &Path) {
    let quoted = serde_json::to_string(HOSTILE).unwrap().replace('\u{7f}', "\\u007f").replace('\u{9b}', "\\u009b");
    let put = |path: &str, text: &str| {
        fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
        fs::write(root.join(path), text).unwrap();
    };
    let roles = format!("  soc: {{title: {quoted}, groups: all, clearance: red}}\n  x: {{groups: [{quoted}]}}\n");
    put("threatpress.yaml", &format!("title: {quoted}\nbase_url: https://t.example/\nroles:\n{roles}"));
    let front = "title: A\ntype: activity\nsummary: S\npublished: 2026-11-02\ntlp: amber";
    let body = format!("[a](javascript:{HOSTILE})\n\n[b](#{HOSTILE})\n\n[^{HOSTILE}]: x\n");
    put("content/reports/a.md", &format!("---\n{front}\n---\n{body}"));
    put("content/snapshots/1/snapshot.yaml", "as_of: 2026-11-16T06:00:00Z\n");
    let devices = format!(
        "device_id,name,device_group,os,last_seen,{h}\nd1,{h},{h},{h},,\nd2,{h},{h},,{h},\n",
        h = HOSTILE.replace('\r', "")
    );
    put("content/snapshots/1/devices.csv", &devices);
    let alerts = format!(
        "{{\"alert_id\": {quoted}, \"title\": {quoted}, \"status\": {quoted}, \"created\": {quoted}, {quoted}: 1}}\n"
    );
    put("content/snapshots/1/alerts.ndjson", &alerts);
}

fn said(root: &Path, arguments: &[&str]) -> String {
    let output =
        Command::new(env!("CARGO_BIN_EXE_threatpress")).args(arguments).arg("--site").arg(root).output().unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

fn is_quiet(what: &str, text: &str) {
    let steering: String = text.chars().filter(|c| *c != '\n' && is_invisible(*c)).collect();
    assert_eq!(steering.escape_unicode().to_string(), "", "{what} says:\n{}", text.escape_debug());
}

#[test]
fn no_message_and_no_list_steers_a_terminal() {
    let home = home();
    site(home.path());
    let verbs: [&[&str]; 9] = [
        &["build"],
        &["build", "--format", "json", "--timings"],
        &["build", "--strict"],
        &["check"],
        &["check", "--format", "json"],
        &["check", "--format", "github"],
        &["list", "groups"],
        &["list", "roles"],
        &["list", "roles", "--format", "json"],
    ];
    for arguments in verbs {
        let text = said(home.path(), arguments);
        assert!(text.contains("b"), "{arguments:?} says nothing");
        is_quiet(&arguments.join(" "), &text);
    }
    is_quiet("an unknown role", &said(home.path(), &["build", "--role", &HOSTILE.replace('\0', "")]));
    // Of what is no front matter, the excerpt is shown.
    fs::write(home.path().join("content/reports/b.md"), format!("---\n{HOSTILE}: x\n---\n")).unwrap();
    fs::write(home.path().join("content/reports/c.md"), format!("{HOSTILE}\n")).unwrap();
    fs::write(home.path().join(format!("content/reports/{}.txt", HOSTILE.replace('\0', ""))), "x").unwrap();
    for arguments in [&["check"][..], &["check", "--format", "json"], &["check", "--format", "github"]] {
        let text = said(home.path(), arguments);
        assert!(text.contains("content/reports/b.md"), "{text}");
        is_quiet(&arguments.join(" "), &text);
    }
}

/// What programs read is the same text all the same.
#[test]
fn json_means_what_it_meant() {
    let home = home();
    site(home.path());
    let text = said(home.path(), &["list", "groups", "--format", "json"]);
    let line: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert!(line["name"].as_str().unwrap().contains("\u{1b}[31m\u{9b}1m\u{7}\u{202e}"), "{text}");
}
