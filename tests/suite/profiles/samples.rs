//! What Microsoft publishes: answers of its APIs, and the columns of its tables.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{built, failed};

/// The file that each answer is saved as.
const NAMES: [(&str, &str); 6] = [
    ("get-machines", "machines.json"),
    ("get-alerts", "alerts.json"),
    ("get-all-recommendations", "recommendations.json"),
    ("get-assessment-secure-config", "SecureConfigurationsAssessmentByMachine.json"),
    ("get-assessment-software-vulnerabilities", "SoftwareVulnerabilitiesByMachine.json"),
    ("get-exposure-score", "exposureScore.json"),
];

/// What stands in a directory of the samples, where there is one.
fn samples(directory: &str) -> Vec<PathBuf> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/exposure").join(directory);
    if !home.is_dir() {
        println!("note: {} is not there, and what needs it is passed over", home.display());
        return Vec::new();
    }
    let mut files: Vec<PathBuf> = fs::read_dir(home).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The samples that are JSON, or those that are none: their text, and the name to save it under.
fn answers(are_sound: bool) -> Vec<(&'static str, String)> {
    let read =
        |path: &PathBuf| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(path).unwrap());
    let files = samples("defender-api").iter().map(read).collect::<Vec<_>>();
    let sound = files.into_iter().filter(|(_, text)| serde_json::from_str::<Value>(text).is_ok() == are_sound);
    let named = |(file, text): (String, String)| {
        let (_, name) = NAMES.iter().find(|(start, _)| file.starts_with(start)).unwrap();
        (*name, text)
    };
    sound.map(named).collect()
}

const MACHINES: &str =
    r#"{"value": [{"id": "d1", "computerDnsName": "a", "rbacGroupName": "EMEA", "lastSeen": "2026-11-16T05:00:00Z"}]}"#;

#[test]
fn sound_answers_are_read() {
    let answers = answers(true);
    for (name, text) in &answers {
        let beside = [("machines.json", MACHINES)].into_iter().filter(|(other, _)| other != name);
        let files: Vec<(&str, &str)> = beside.chain([(*name, text.as_str())]).collect();
        let built = built("defender-export", &files);
        let bad: Vec<_> = built.said.iter().filter(|message| message["code"] == "TP0405").collect();
        assert!(bad.is_empty(), "{name}: {bad:?}");
    }
    let is_there = |name: &str| answers.is_empty() || answers.iter().any(|(known, _)| *known == name);
    assert!(NAMES.iter().all(|(_, name)| is_there(name)));
}

#[test]
fn broken_answers_give_one_located_error_each() {
    for (name, text) in answers(false) {
        let beside = [("machines.json", MACHINES)].into_iter().filter(|(other, _)| *other != name);
        let files: Vec<(&str, &str)> = beside.chain([(name, text.as_str())]).collect();
        let (_, said) = failed("defender-export", &files);
        assert_eq!(said.len(), 1, "{name}: {said:?}");
        assert_eq!(said[0]["file"], format!("content/snapshots/1/{name}"));
        assert!(said[0]["line"].is_u64() && said[0]["column"].is_u64(), "{said:?}");
    }
}

/// The tables of advanced hunting as Microsoft documents them have every column that the profile names, but for those
/// that came later than this copy of the documentation.
#[test]
fn the_columns_of_the_profile_are_those_of_the_tables() {
    const LATER: [&str; 5] = ["SensorHealthState", "IsExcluded", "AssetValue", "IsInternetFacing", "CveTags"];
    let profile = include_str!("../../../src/snapshot/profile/defender-hunting.yaml");
    let mut held = 0;
    for path in samples("schema") {
        let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let columns = schema["columns"].as_array().unwrap().iter();
        let columns: BTreeSet<&str> = columns.map(|column| column["name"].as_str().unwrap()).collect();
        let table = schema["table"].as_str().unwrap();
        for name in named(profile, table) {
            held += 1;
            assert!(columns.contains(name.as_str()) || LATER.contains(&name.as_str()), "{table} has no {name}");
        }
    }
    assert!(held == 0 || held > 30, "{held} columns");
}

/// The columns that a profile names as those of a source table.
fn named(profile: &str, table: &str) -> BTreeSet<String> {
    let profile: Value = serde_saphyr::from_str(profile).unwrap();
    let mut names = BTreeSet::new();
    let feeds = profile.as_object().unwrap().values().filter(|feed| feed["from"] == table);
    for feed in feeds {
        paths(feed, &mut names);
    }
    names
}

/// The columns in capital letters, as the tables of advanced hunting have them.
fn paths(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                match key.as_str() {
                    // Of another table, or words and no columns.
                    "join" | "map" | "else" | "find" => {}
                    "when" | "unless" => names.extend(value.as_object().unwrap().keys().cloned()),
                    "from" if members.contains_key("columns") || members.contains_key("into") => {}
                    _ => paths(value, names),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| paths(item, names)),
        Value::String(path) => {
            let column = path.split(['.', '[']).next().unwrap();
            names.extend(column.starts_with(|c: char| c.is_ascii_uppercase()).then(|| column.to_owned()));
        }
        _ => {}
    }
}
