//! A proof fails where a build tells more than its slice.

use std::process::Command;

use serde_json::Value;

use super::said;
use super::site::Site;

fn with_leak(site: &Site, format: &str) -> std::process::Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
    command.args(["prove", "--format", format, "--site"]).arg(site.path());
    command.env("THREATPRESS_LEAK", "total-of-everyone").output().unwrap()
}

#[test]
fn a_count_of_all_devices_is_found() {
    let site = Site::small();
    let done = with_leak(&site, "text");
    let text = said(&done);
    assert_eq!(done.status.code(), Some(3), "{text}");
    // The role that sees all devices sees no more of them than it may.
    assert!(text.contains("role `everybody-hidden` follows from its slice"), "{text}");
    for part in [
        "error[TP0820]: the build of role `it` does not follow from its slice: `",
        "differs on line",
        "--> it/",
        "= help: from everything `",
        "from the slice alone `",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}

#[test]
fn a_program_is_told_where() {
    let done = with_leak(&Site::small(), "json");
    let text = said(&done);
    let problems: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let failed: Vec<&Value> = problems.iter().filter(|problem| problem["code"] == "TP0820").collect();
    assert_eq!(failed.len(), 1, "{text}");
    assert_eq!(failed[0]["severity"], "error");
    assert!(failed[0]["file"].as_str().unwrap().starts_with("it/"), "{text}");
}
