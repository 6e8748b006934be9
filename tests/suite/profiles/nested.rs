//! Events with structures and lists, as Parquet has them: what they are as JSON.

use std::fs;

use super::ocsf::{apart, together};
use super::{Built, builds, built, same, site_of};
use crate::arrow::{Times, batch, rows, write};
use crate::bad_input::{build, messages};

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

/// The tables of the contract are flat, as documentation has it.
#[test]
fn a_native_table_stays_flat() {
    let site = site_of("native", &super::NATIVE);
    let devices = site.path().join("content/snapshots/1/devices.csv");
    let mut of_devices = rows(&fs::read_to_string(&devices).unwrap());
    of_devices[0]["os"] = serde_json::json!({"name": "Windows"});
    of_devices.iter_mut().skip(1).for_each(|device| device["os"] = serde_json::Value::Null);
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
