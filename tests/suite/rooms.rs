//! The shape of the program: data goes one way. A room may name only the rooms before it, and
//! after `scope` nothing that was not sliced can be named.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Each room with those it may name, in the order in which the data goes.
const ROOMS: [(&str, &[&str]); 29] = [
    // Of builds for tests only.
    ("planted", &[]),
    ("diagnostics", &[]),
    ("terms", &[]),
    ("yaml", &["diagnostics"]),
    ("config", &["diagnostics", "terms", "yaml"]),
    ("image", &[]),
    ("report", &["diagnostics", "image", "planted", "terms", "yaml"]),
    ("fleet", &["terms"]),
    ("snapshot", &["config", "diagnostics", "fleet", "terms", "yaml"]),
    ("index", &["config", "diagnostics", "fleet", "snapshot"]),
    ("schema", &["config", "fleet", "report", "snapshot", "terms", "yaml"]),
    ("start", &["diagnostics", "terms"]),
    ("knowledge", &["diagnostics", "snapshot", "terms"]),
    ("review", &["config", "diagnostics", "fleet", "knowledge", "report", "start", "terms"]),
    ("extract", &["config", "diagnostics", "knowledge", "report", "snapshot", "terms", "yaml"]),
    ("scope", &["config", "diagnostics", "fleet", "knowledge", "report", "terms"]),
    (
        "desk",
        &["config", "diagnostics", "fleet", "index", "knowledge", "report", "review", "scope", "snapshot", "terms"],
    ),
    ("exposure", &["scope", "terms"]),
    ("exchange", &["diagnostics", "scope", "terms"]),
    ("trace", &["diagnostics", "exposure", "scope", "snapshot", "terms"]),
    ("pages", &["diagnostics", "exchange", "exposure", "knowledge", "scope", "terms"]),
    ("highlight", &["planted"]),
    ("render", &["diagnostics", "exchange", "exposure", "highlight", "pages", "scope", "terms", "yaml"]),
    ("publish", &["diagnostics", "terms"]),
    // Of builds for tests only.
    (
        "leaks",
        &["config", "diagnostics", "exposure", "fleet", "pages", "publish", "render", "report", "scope", "terms"],
    ),
    // Independent of what makes builds: it shares no filter, figure or page with it.
    ("audit", &["config", "diagnostics", "fleet", "knowledge", "report", "terms", "yaml"]),
    ("hosting", &["config", "diagnostics", "publish", "render", "terms"]),
    ("serve", &["config", "desk", "diagnostics", "exposure", "hosting", "index", "pages", "render", "scope", "terms"]),
    (
        "cli",
        &[
            "audit",
            "config",
            "desk",
            "diagnostics",
            "exposure",
            "extract",
            "fleet",
            "hosting",
            "index",
            "knowledge",
            "leaks",
            "pages",
            "planted",
            "publish",
            "render",
            "report",
            "review",
            "schema",
            "scope",
            "serve",
            "snapshot",
            "start",
            "terms",
            "trace",
        ],
    ),
];

/// The rooms that a file of `room` names outside its tests.
fn named(text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text);
    let uses = regex::Regex::new(r"\bcrate::([a-z_]+)").unwrap();
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| uses.captures_iter(line).map(|found| found[1].to_owned()).collect::<Vec<_>>())
        .collect()
}

#[test]
fn every_room_names_only_the_rooms_before_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut steps_back = Vec::new();
    for (room, allowed) in ROOMS {
        for entry in walkdir::WalkDir::new(src.join(room)).sort_by_file_name() {
            let entry = entry.unwrap();
            // Tests and the samples for them are built by hand, from whatever room they need.
            let of_tests = ["sample.rs", "tests.rs"].iter().any(|name| entry.file_name() == *name);
            if of_tests || entry.path().extension().is_none_or(|kind| kind != "rs") {
                continue;
            }
            let text = fs::read_to_string(entry.path()).unwrap();
            for other in named(&text) {
                if other != room && !allowed.contains(&other.as_str()) {
                    steps_back.push(format!("{} names `{other}`", entry.path().display()));
                }
            }
        }
    }
    assert!(steps_back.is_empty(), "{steps_back:#?}");
}

#[test]
fn every_room_is_in_the_list() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let there: BTreeSet<String> = fs::read_dir(src)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    let listed: BTreeSet<String> = ROOMS.iter().map(|(room, _)| (*room).to_owned()).collect();
    assert_eq!(there, listed);
}

/// Seeded leaks and planted faults are no part of a release: their rooms stand under the feature, and so does
/// every line that enters them.
#[test]
fn leaks_are_entered_only_under_their_feature() {
    const GATE: &str = "#[cfg(feature = \"trial\")]";
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let entry =
        regex::Regex::new(r"\b(crate::|mod )(leaks|planted)\b|\bleak\.[a-z]+\(|\bself\.leak\b|\bleak: &|\bSeeded\b")
            .unwrap();
    let mut entries = 0;
    for file in walkdir::WalkDir::new(&src).sort_by_file_name() {
        let file = file.unwrap();
        let inside = ["leaks", "planted"].iter().any(|room| file.path().starts_with(src.join(room)));
        if inside || file.path().extension().is_none_or(|kind| kind != "rs") {
            continue;
        }
        let text = fs::read_to_string(file.path()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for at in (0..lines.len()).filter(|at| entry.is_match(lines[*at])) {
            let gated = at > 0 && lines[at - 1].trim() == GATE;
            assert!(gated, "{}:{} enters a room of tests outside their feature", file.path().display(), at + 1);
            entries += 1;
        }
    }
    assert!(entries > 5, "the leaks are entered in {entries} lines only: are they still called?");
}

/// Some rooms' sources are part of the program, which the audit takes words from: what is no part of a release may
/// not stand in them, not even under its feature.
#[test]
fn what_tests_plant_is_chosen_in_few_places() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = walkdir::WalkDir::new(&src).sort_by_file_name().into_iter().map(|entry| entry.unwrap());
    let choosing: Vec<String> = files
        .filter(|file| file.path().extension().is_some_and(|kind| kind == "rs"))
        .filter(|file| {
            let text = fs::read_to_string(file.path()).unwrap();
            ["THREATPRESS_LEAK", "THREATPRESS_FAULT"].iter().any(|name| text.contains(name))
        })
        .map(|file| file.path().strip_prefix(&src).unwrap().display().to_string())
        .collect();
    assert_eq!(choosing, ["leaks/list.rs", "leaks/mod.rs", "planted/mod.rs", "publish/fault.rs"]);
}
