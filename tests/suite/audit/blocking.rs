//! The audit inside `build`: what it finds is not published.

use serde_json::Value;

use std::process::{Command, Output};

use super::{Site, messages, told};

/// Builds with a seeded leak: a menu offers the other roles.
fn leak(site: &Site, further: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
    command.args(["build", "--format", "json"]).args(further).arg("--site").arg(site.home.path());
    command.env("THREATPRESS_LEAK", "role-switch").output().unwrap()
}

fn manifest(site: &Site, role: &str) -> Value {
    serde_json::from_slice(&std::fs::read(site.output(role).join("manifest.json")).unwrap()).unwrap()
}

#[test]
fn nothing_is_published_and_the_manifest_says_that_an_audit_was_made() {
    let site = Site::new();
    let output = leak(&site, &[]);
    assert_eq!(output.status.code(), Some(3));
    for role in ["soc", "emea-it", "apac-it"] {
        assert!(!site.output(role).exists(), "{role} is published");
    }
    assert!(!told(&messages(&output), "TP0800").is_empty());
    let site = Site::new().built();
    assert_eq!(manifest(&site, "emea-it")["audited"], true);
    assert_eq!(manifest(&site, "emea-it")["schema"], 1);
}

#[test]
fn an_audit_that_was_left_out_is_recorded() {
    let site = Site::new();
    let output = leak(&site, &["--no-audit"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(told(&messages(&output), "TP0805").len(), 1);
    assert_eq!(manifest(&site, "emea-it")["audited"], false);
    assert_eq!(site.audit(&site.copy("emea-it")).status.code(), Some(3));
}

#[test]
fn no_message_stands_in_a_build() {
    let site = Site::new().built();
    assert_eq!(leak(&site, &[]).status.code(), Some(3));
    for entry in walkdir::WalkDir::new(site.home.path().join("output")) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let bytes = std::fs::read(entry.path()).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains("TP08"), "{}", entry.path().display());
        }
    }
}
