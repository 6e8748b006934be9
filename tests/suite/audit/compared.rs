//! `diff`: two builds side by side.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::Command;

use serde_json::{Value, json};

use super::{Build, Site};

/// The exit code and the lines of the list.
fn diff(one: &Build, two: &Build, format: &str) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
    let output = command.args(["diff", "--format", format]).arg(one.dir()).arg(two.dir()).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

fn lines(one: &Build, two: &Build) -> Vec<Value> {
    let (code, text) = diff(one, two, "json");
    assert_eq!(code, Some(if text.is_empty() { 0 } else { 3 }));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn equal_builds_are_equal() {
    let site = Site::new().built();
    assert_eq!(diff(&site.copy("soc"), &site.copy("soc"), "text"), (Some(0), String::new()));
}

#[test]
fn every_difference_is_told_by_path() {
    let site = Site::new().built();
    let (one, two) = (site.copy("emea-it"), site.copy("emea-it"));
    two.put("a.html", "x");
    fs::remove_file(two.dir().join("feed.xml")).unwrap();
    fs::set_permissions(two.dir().join("index.html"), fs::Permissions::from_mode(0o600)).unwrap();
    fs::remove_file(two.dir().join("404.html")).unwrap();
    symlink("index.html", two.dir().join("404.html")).unwrap();
    two.put("static/theme.css", fs::read_to_string(one.dir().join("static/theme.css")).unwrap() + "\u{1b}[31m");
    let told = lines(&one, &two);
    let paths: Vec<&str> = told.iter().map(|line| line["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["404.html", "a.html", "feed.xml", "index.html", "static/theme.css"]);
    let unlike: Vec<&str> = told.iter().map(|line| line["unlike"].as_str().unwrap()).collect();
    assert_eq!(unlike, ["kind", "only_second", "only_first", "mode", "bytes"]);
    assert_eq!((&told[3]["first"], &told[3]["second"]), (&json!("0644"), &json!("0600")));
    let text = diff(&one, &two, "text").1;
    assert!(text.contains("\\u{1b}[31m") && !text.contains('\u{1b}'), "{text}");
}

#[test]
fn what_differs_cannot_steer_a_terminal() {
    let site = Site::new().built();
    let (one, two) = (site.copy("emea-it"), site.copy("emea-it"));
    two.put("feed.xml", "\u{9b}31m\u{202e}");
    for format in ["text", "json"] {
        let text = diff(&one, &two, format).1;
        assert!(text.contains("feed.xml") && !text.contains(['\u{9b}', '\u{202e}']), "{text:?}");
    }
    assert_eq!(lines(&one, &two)[0]["second"], "\u{9b}31m\u{202e}", "and means the same");
}

#[test]
fn the_first_value_that_differs_is_named() {
    let site = Site::new().built();
    let (one, two) = (site.copy("emea-it"), site.copy("emea-it"));
    let mut data: Value = serde_json::from_slice(&fs::read(one.dir().join("threats/seen/data.json")).unwrap()).unwrap();
    data["devices"]["total"] = json!(4711);
    two.put("threats/seen/data.json", serde_json::to_vec_pretty(&data).unwrap());
    one.put("threats/seen/data.json", fs::read(one.dir().join("threats/seen/data.json")).unwrap());
    let told = lines(&one, &two);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["value"], json!({"pointer": "/devices/total", "first": 1, "second": 4711}));
    assert!(diff(&one, &two, "text").1.contains("/devices/total: 1 and 4711"));
    assert!(told[0]["byte"].is_u64() && told[0]["line"].as_u64().unwrap() >= 1);
}

#[test]
fn a_long_list_is_cut_and_says_so() {
    let site = Site::new().built();
    let (one, two) = (site.copy("emea-it"), site.copy("emea-it"));
    (0..70).for_each(|n| two.put(&format!("many/{n}.txt"), "x"));
    let told = lines(&one, &two);
    // The directory is one of them.
    assert_eq!((told.len(), &told[50]), (51, &json!({"more": 21})));
    assert_eq!(lines(&two, &one)[0]["unlike"], "only_first");
    assert_eq!(diff(&one, &two, "json"), diff(&one, &two, "json"));
}

#[test]
fn what_cannot_be_read_hides_no_other_difference() {
    use std::os::unix::ffi::OsStrExt as _;
    let site = Site::new().built();
    let (one, two) = (site.copy("emea-it"), site.copy("emea-it"));
    for build in [&one, &two] {
        fs::write(build.dir().join(std::ffi::OsStr::from_bytes(b"a\xff.html")), "x").unwrap();
        fs::File::create(build.dir().join("large.bin")).unwrap().set_len(3 << 30).unwrap();
    }
    two.put("index.html", "x");
    let told = lines(&one, &two);
    let told: Vec<_> =
        told.iter().map(|line| (line["path"].as_str().unwrap(), line["unlike"].as_str().unwrap())).collect();
    assert_eq!(told, [("index.html", "bytes"), ("large.bin", "unread")]);
}
