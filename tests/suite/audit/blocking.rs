//! The audit inside `build`: what it finds is not published.

use serde_json::Value;

use super::images::png;
use super::{Site, messages, report, told};

/// A site that leaks by an image; see `images`.
fn leaking() -> Site {
    let site = Site::new();
    site.put("content/reports/chart/index.md", report("With an image", "tlp: clear", "![A chart](chart.png)"));
    site.put("content/reports/chart/chart.png", png(b"tEXt", b"Source\0apac-srv-0001"));
    site
}

fn manifest(site: &Site, role: &str) -> Value {
    serde_json::from_slice(&std::fs::read(site.output(role).join("manifest.json")).unwrap()).unwrap()
}

#[test]
fn nothing_is_published_and_the_manifest_says_that_an_audit_was_made() {
    let site = leaking();
    let output = site.build(&[]);
    assert_eq!(output.status.code(), Some(3));
    for role in ["soc", "emea-it", "apac-it"] {
        assert!(!site.output(role).exists(), "{role} is published");
    }
    // One leak, in the build of one role: `soc` and `apac-it` may see the device.
    assert_eq!(told(&messages(&output), "TP0800").len(), 1);
    let site = Site::new().built();
    assert_eq!(manifest(&site, "emea-it")["audited"], true);
    assert_eq!(manifest(&site, "emea-it")["schema"], 1);
}

#[test]
fn an_audit_that_was_left_out_is_recorded() {
    let site = leaking();
    let output = site.build(&["--no-audit"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(told(&messages(&output), "TP0805").len(), 1);
    assert_eq!(manifest(&site, "emea-it")["audited"], false);
    assert_eq!(site.audit(&site.copy("emea-it")).status.code(), Some(3));
}

#[test]
fn no_message_stands_in_a_build() {
    let site = leaking();
    assert_eq!(site.build(&["--role", "soc"]).status.code(), Some(0));
    assert_eq!(site.build(&[]).status.code(), Some(3));
    for entry in walkdir::WalkDir::new(site.home.path().join("output")) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let bytes = std::fs::read(entry.path()).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains("TP08"), "{}", entry.path().display());
        }
    }
}
