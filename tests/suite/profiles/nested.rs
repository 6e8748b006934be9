//! Events with structures and lists, as Parquet has them: what they are as JSON.

use std::collections::BTreeSet;
use std::fs;
use std::process::Output;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::ocsf::{apart, together};
use super::{Built, builds, built, same, site_of};
use crate::arrow::{Times, batch, rows, write};
use crate::bad_input::{build, messages, put};

/// What a build of these files comes to, each written as Parquet.
fn of_parquet(source: &str, files: &[(&str, &str)], times: Times) -> Built {
    let site = site_of(source, &[]);
    for (name, text) in files {
        let path = site.path().join("content/snapshots/1").join(name).with_extension("parquet");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        write(&batch(&rows(text), times), &path);
    }
    let output = build(site.path(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    Built { files: builds(site.path()), said: messages(&output) }
}

#[test]
fn events_in_parquet_give_the_build_that_they_give_in_json() {
    for files in [together(), apart()] {
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let json = built("ocsf", &files);
        assert_eq!(json.figure("soc", "/vulnerability/devices/exposed"), 1, "something is there");
        for times in [Times::Given, Times::Typed] {
            let parquet = of_parquet("ocsf", &files, times);
            same(&json, &parquet);
            assert!(parquet.said.is_empty(), "{:?}", parquet.said);
        }
    }
}

#[test]
fn answers_in_parquet_give_the_build_that_they_give_in_json() {
    let files = super::hunting::hunting();
    same(&built("defender-hunting", &files), &of_parquet("defender-hunting", &files, Times::Given));
    let json = built("defender-export", &super::export::EXPORT);
    same(&json, &of_parquet("defender-export", &super::export::EXPORT, Times::Typed));
}

/// An event without some of what it says: members that are gone or null, lists and structures that are empty.
fn with_holes(value: &mut Value, dice: &mut impl Iterator<Item = u8>) {
    let empty = |value: &Value| match value {
        Value::Object(_) => json!({}),
        Value::Array(_) => json!([]),
        _ => json!(""),
    };
    let mut holed = |value: &mut Value| match dice.next().unwrap_or(u8::MAX) {
        0..6 => *value = Value::Null,
        6..10 => *value = empty(value),
        10..14 => *value = Value::from(value.to_string()),
        _ => with_holes(value, dice),
    };
    match value {
        Value::Object(members) => {
            members.iter_mut().filter(|(name, _)| *name != "class_uid").for_each(|(_, value)| holed(value));
        }
        Value::Array(elements) => elements.iter_mut().for_each(holed),
        _ => {}
    }
}

/// What is said, without the places: rows of Parquet stand on no line.
fn said(output: &Output) -> BTreeSet<(String, String)> {
    let text = |told: &Value, key: &str| told[key].as_str().unwrap().to_owned();
    messages(output).iter().map(|told| (text(told, "code"), text(told, "message"))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn events_with_holes_are_the_same_in_both_forms(dice in prop::collection::vec(any::<u8>(), 400)) {
        let mut events = rows(&together()[0].1);
        let mut dice = dice.into_iter();
        events.iter_mut().for_each(|event| with_holes(event, &mut dice));
        let json = site_of("ocsf", &[]);
        let lines: String = events.iter().map(|event| format!("{event}\n")).collect();
        put(json.path(), "content/snapshots/1/events.ndjson", lines.as_bytes());
        let parquet = site_of("ocsf", &[]);
        write(&batch(&events, Times::Given), &parquet.path().join("content/snapshots/1/events.parquet"));
        let (of_json, of_parquet) = (build(json.path(), &[]), build(parquet.path(), &[]));
        prop_assert_eq!(said(&of_json), said(&of_parquet));
        // Of two events about one thing, holes may leave two truths: then there is no build of either.
        prop_assume!(of_json.status.success() && of_parquet.status.success());
        prop_assert!(builds(json.path()) == builds(parquet.path()), "{}", lines);
    }
}

/// The tables of the contract are flat, as documentation has it.
#[test]
fn a_native_table_stays_flat() {
    let site = site_of("native", &super::NATIVE);
    let devices = site.path().join("content/snapshots/1/devices.csv");
    let mut of_devices = rows(&fs::read_to_string(&devices).unwrap());
    of_devices[0]["os"] = json!({"name": "Windows"});
    of_devices.iter_mut().skip(1).for_each(|device| device["os"] = Value::Null);
    write(&batch(&of_devices, Times::Given), &devices.with_extension("parquet"));
    fs::remove_file(&devices).unwrap();
    let output = build(site.path(), &[]);
    let said = messages(&output);
    assert_eq!((output.status.code(), said.len()), (Some(1), 1), "{said:?}");
    assert_eq!(
        (said[0]["code"].as_str(), said[0]["file"].as_str()),
        (Some("TP0402"), Some("content/snapshots/1/devices.parquet"))
    );
    assert_eq!(said[0]["message"], "the column `os` has lists or structures");
}
