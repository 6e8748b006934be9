//! `threatpress snapshot check`.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use super::export::EXPORT;
use super::{NATIVE, site_of, with};
use crate::bad_input::{messages, put};

fn check(directory: &Path, further: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
    command.args(["snapshot", "check"]).arg(directory).args(further).output().unwrap()
}

fn checked(source: &str, files: &[(&str, &str)]) -> (Vec<Value>, Vec<Value>) {
    let site = site_of(source, files);
    let output = check(&site.path().join("content/snapshots/1"), &["--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout.clone()).unwrap();
    (lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), messages(&output))
}

fn table<'a>(tables: &'a [Value], name: &str) -> &'a Value {
    tables.iter().find(|table| table["table"] == name).unwrap_or_else(|| panic!("no {name}"))
}

/// The messages of doubt, without their places.
fn doubts(said: &[Value]) -> Vec<&str> {
    said.iter()
        .filter(|message| message["code"] == "TP0424")
        .map(|message| message["message"].as_str().unwrap())
        .collect()
}

#[test]
fn what_was_understood_is_told_table_by_table() {
    let (tables, said) = checked("defender-export", &EXPORT);
    assert_eq!(tables[0]["source"], "defender-export");
    let devices = table(&tables, "devices");
    assert_eq!((devices["rows"].as_u64(), devices["distinct"]["device_group"].as_u64()), (Some(4), Some(3)));
    assert!(devices["files"].as_array().unwrap().contains(&Value::from(shown(&tables, "machines.json"))), "{devices}");
    let onboarding = &devices["words"]["onboarding"];
    assert_eq!(onboarding["source"], "onboardingStatus");
    assert_eq!(onboarding["words"][0]["read_as"], "onboarded");
    let vulnerabilities = table(&tables, "vulnerabilities");
    assert_eq!(vulnerabilities["files"].as_array().map(Vec::len), Some(2));
    assert_eq!((vulnerabilities["rows"].as_u64(), vulnerabilities["distinct"]["cve_id"].as_u64()), (Some(4), Some(2)));
    let ignored: Vec<&Value> = said.iter().filter(|message| message["code"] == "TP0404").collect();
    let of =
        |column: &str| ignored.iter().filter(|message| message["message"].as_str().unwrap().contains(column)).count();
    assert_eq!((of("`diskPaths`"), of("`rbacGroupName`")), (1, 0), "{ignored:?}");
    assert!(tables.iter().all(|line| line["table"] != "incidents"), "what is absent is not told");
}

/// The path of a file as the first line has it.
fn shown(tables: &[Value], file: &str) -> String {
    format!("{}/{file}", tables[0]["snapshot"].as_str().unwrap())
}

#[test]
fn doubts_are_told() {
    let machines = r#"[{"id": "d1", "computerDnsName": "a", "rbacGroupName": "", "lastSeen": "2026-10-01T00:00:00Z", "osPlatform": null},
      {"id": "d2", "computerDnsName": "b", "rbacGroupName": "EMEA"}]"#;
    let vulnerabilities = r#"[{"deviceId": "d1", "cveId": null}, {"deviceId": "d9", "cveId": ""}]"#;
    let files = [
        ("machines.json", machines),
        ("SoftwareVulnerabilitiesByMachine.json", vulnerabilities),
        EXPORT[4],
        ("machine.json", "[]"),
    ];
    let (_, said) = checked("defender-export", &files);
    let doubts = doubts(&said);
    for wanted in [
        "no table of the source has this name: nothing reads it",
        "1 of 2 devices is in no group",
        "nothing was heard of 1 of 2 devices for 30 days before the snapshot's as_of",
        "1 of 2 devices has no `last_seen` and no known health",
        "none of the 2 row(s) of `vulnerabilities` names a vulnerability",
        "the latest `last_seen` of `devices` is 2026-10-01T00:00:00Z, 46 days before the snapshot's as_of",
        "`devices` and `configurations` were exported 45 days apart",
    ] {
        assert!(doubts.contains(&wanted), "{wanted}: {doubts:#?}");
    }
    let empty = doubts.iter().find(|doubt| doubt.starts_with("no row of `devices` has anything in")).unwrap();
    assert!(empty.contains("`os`") && empty.contains("`health`") && !empty.contains("`device_group`"), "{empty}");
    assert!(said.iter().any(|message| message["code"] == "TP0409"), "orphans: {said:?}");
}

#[test]
fn a_list_of_files_is_told_once() {
    let name = "SoftwareVulnerabilitiesExport.json";
    let (_, said) =
        checked("defender-export", &with(&EXPORT, name, r#"{"exportFiles": ["https://x/part-0.json.gz"]}"#));
    let of_it = said.iter().filter(|message| message["file"].as_str().is_some_and(|file| file.ends_with(name)));
    assert_eq!(of_it.map(|message| &message["code"]).collect::<Vec<_>>(), ["TP0420"], "{said:?}");
}

#[test]
fn a_sound_snapshot_has_no_doubts() {
    let devices = NATIVE[0].1.replace("lab-04,,", "lab-04,APAC,").replace("2026-11-01", "2026-11-15");
    let (tables, said) = checked("native", &with(&NATIVE, "devices.csv", &devices));
    assert!(said.is_empty(), "{said:?}");
    let status = &table(&tables, "alerts")["words"]["status"]["words"];
    assert_eq!(status[0], serde_json::json!({"written": "in_progress", "read_as": "in_progress", "rows": 1}));
}

/// However many texts stand where words are wanted, those of the next column are counted; and of the alerts that differ
/// in the case of their ids there are two.
#[test]
fn what_is_counted_is_counted_whatever_stands_beside_it() {
    let rows = (0..1200).map(|row| format!("al-{row},t,new,2026-11-15,severity {row},true_positive\n"));
    let rows = rows.chain(["AL-1,t,new,2026-11-15,high,true_positive\n".to_owned()]);
    let alerts = format!("alert_id,title,status,created,severity,classification\n{}", rows.collect::<String>());
    let (tables, _) = checked("native", &with(&NATIVE, "alerts.csv", &alerts));
    let alerts = table(&tables, "alerts");
    assert_eq!(alerts["words"]["classification"]["words"][0]["rows"], 1201, "{}", alerts["words"]["classification"]);
    assert_eq!(alerts["distinct"]["alert_id"], 1201);
}

#[test]
fn people_get_aligned_columns_and_what_is_hostile_is_shown() {
    let devices = NATIVE[0].1.replace("can_be_onboarded", "bad\u{1b}[31m");
    let site = site_of("native", &with(&NATIVE, "devices.csv", &devices));
    let output = check(&site.path().join("content/snapshots/1"), &[]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.contains('\u{1b}') && text.contains("bad\\u{1b}[31m = unknown 1"), "{text}");
    let rows: Vec<&str> = text.lines().skip(2).take_while(|line| !line.is_empty()).collect();
    let from: Vec<usize> = rows.iter().map(|row| row.rfind("  ").unwrap()).collect();
    assert!(rows.len() == 9 && from.windows(2).all(|pair| pair[0] == pair[1]), "{text}");
    assert!(text.contains("  health "), "{text}");
}

#[test]
fn problems_are_the_exit_code_and_a_site_is_not_needed() {
    let home = tempfile::tempdir().unwrap();
    put(home.path(), "snapshot.yaml", b"as_of: 2026-11-16T06:00:00Z\n");
    put(home.path(), "devices.csv", b"device_id,name,device_group\nd1,one,EMEA\nd1,one,APAC\n");
    let output = check(home.path(), &[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("TP0407"), "{said}");
    put(home.path(), "devices.csv", b"device_id,name,device_group,excluded\nd1,one,EMEA,perhaps\nd2,two,EMEA,no\n");
    assert_eq!(check(home.path(), &[]).status.code(), Some(0));
    assert_eq!(check(home.path(), &["--strict"]).status.code(), Some(1));
    assert_eq!(check(&home.path().join("nothing"), &[]).status.code(), Some(1));
    assert!(std::fs::read_dir(home.path()).unwrap().count() == 2, "nothing is written");
}
