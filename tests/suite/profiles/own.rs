//! A profile of one's own: the example of the documentation, and whoever reads tables again.

use std::fs;
use std::process::Command;

use threatpress::desk::{Changed, Desk, Order, Unwatched};
use threatpress::diagnostics::Diagnostics;

use super::hunting::{HUNTING, INCIDENTS};
use super::{Built, builds, built, same, site_of};
use crate::bad_input::{build, messages, put};

const DOCUMENTATION: &str = include_str!("../../../docs/snapshots.md");

/// The files of the example: each is named in a line of its own before its text.
fn example() -> Vec<(&'static str, &'static str)> {
    let (_, section) = DOCUMENTATION.split_once("\n### A worked example for another scanner\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let file = regex::Regex::new(r"(?s)\n`([^`\n]+)`\n\n```[a-z]+\n(.*?)```\n").unwrap();
    file.captures_iter(section).map(|found| (found.get(1).unwrap().as_str(), found.get(2).unwrap().as_str())).collect()
}

fn of(files: &[(&str, &str)], head: &str) -> Built {
    let site = site_of("native", &[]);
    let configuration = fs::read_to_string(site.path().join("threatpress.yaml")).unwrap();
    put(site.path(), "threatpress.yaml", configuration.replace("[EMEA]", "[EMEA Servers]").as_bytes());
    for (name, text) in files {
        put(site.path(), &format!("content/snapshots/1/{name}"), text.as_bytes());
    }
    put(site.path(), "content/snapshots/1/snapshot.yaml", head.as_bytes());
    let output = build(site.path(), &["--strict"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    Built { files: builds(site.path()), said: messages(&output) }
}

#[test]
fn the_example_of_another_scanner_is_true() {
    let files = example();
    let text = |wanted: &str| files.iter().find(|(name, _)| *name == wanted).unwrap().1;
    let sources: Vec<_> = files.iter().copied().filter(|(name, _)| !name.starts_with("native/")).collect();
    let native =
        [("devices.csv", text("native/devices.csv")), ("vulnerabilities.csv", text("native/vulnerabilities.csv"))];
    let ours = of(&sources, text("snapshot.yaml"));
    assert_eq!(ours.figure("soc", "/vulnerability/devices/exposed"), 2);
    assert!(ours.said.is_empty(), "{:?}", ours.said);
    same(&of(&native, "as_of: 2026-11-16T06:00:00Z\n"), &ours);
}

const OWN: &str = "\
devices:
  - {from: machines, columns: {device_id: id, name: name, device_group: group}}
alerts:
  - from: cases
    when: {kind: alert}
    newest: at
    columns: {alert_id: id, title: {value: Web shell dropped}, status: status, created: at, device_id: device}
";

/// Ids of alerts keep their case, so that these are two; of each the newest row counts, and none that `when` leaves out.
#[test]
fn alerts_that_differ_in_the_case_of_their_ids_are_two() {
    let cases = "id,status,at,device,kind\nA1,new,2026-11-14,d1,alert\na1,new,2026-11-15,d1,alert\n\
                 A1,resolved,2026-11-15,d1,alert\nA1,new,2026-11-16,d1,note\n";
    let files = [("own.yaml", OWN), ("machines.csv", "id,name,group\nd1,one,EMEA\n"), ("cases.csv", cases)];
    let built = built("own.yaml", &files);
    assert_eq!((built.figure("soc", "/alerts/active"), built.figure("soc", "/alerts/resolved")), (1.into(), 1.into()));
}

/// What rows have in common may stand in a table that they are joined with, whether or not a column is filled from it.
#[test]
fn rows_compete_by_what_stands_in_another_table() {
    let findings = "host,device,cve,status,at\nh1,d1,CVE-2025-53770,exposed,2026-11-14\n\
                    h2,d1,CVE-2025-53770,patched,2026-11-15\nh3,d1,CVE-2025-53771,exposed,2026-11-14\n";
    let devices =
        "devices:\n  - {from: machines, columns: {device_id: id, name: name, device_group: group, last_seen: seen}}\n";
    for rule in ["newest: {by: asset.tag, of: at}", "prefer: {by: asset.tag, when: {status: patched}}"] {
        for further in ["", ", update_name: asset.tag"] {
            let profile = format!(
                "{devices}vulnerabilities:\n  - from: findings\n    join: {{asset: {{from: assets, by: {{host: host}}}}}}\n    {rule}\n    \
                 columns: {{device_id: device, cve_id: cve, status: status{further}}}\n"
            );
            let files = [
                ("own.yaml", profile.as_str()),
                ("machines.csv", "id,name,group,seen\nd1,one,EMEA,2026-11-16\n"),
                ("findings.csv", findings),
                ("assets.csv", "host,tag\nh1,t1\nh2,t1\nh3,t2\n"),
            ];
            let rows = built("own.yaml", &files).figure("soc", "/mitigations/vulnerabilities");
            let patched =
                |id: &str| rows.as_array().unwrap().iter().find(|row| row["id"] == id).unwrap()["patched"].clone();
            assert_eq!((patched("CVE-2025-53770"), patched("CVE-2025-53771")), (1.into(), 0.into()), "{profile}");
        }
    }
}

fn threatpress(verb: &[&str], site: &std::path::Path) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_threatpress")).args(verb).arg("--site").arg(site).output().unwrap();
    let text = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap()).concat();
    (output.status.code(), text)
}

/// What copies rows instead of counting them, and what looks for them in finished builds, goes through the profile too.
#[test]
fn proof_audit_and_explanations_read_through_the_profile() {
    let files: Vec<_> = HUNTING.into_iter().chain([INCIDENTS]).collect();
    let site = site_of("defender-hunting", &files);
    let (code, said) = threatpress(&["prove"], site.path());
    assert_eq!((code, said.matches("follows from its slice").count()), (Some(0), 2), "{said}");
    assert!(build(site.path(), &[]).status.success());
    let emea = site.path().join("output/emea");
    let (code, said) = threatpress(&["audit", emea.to_str().unwrap(), "--role", "emea"], site.path());
    assert_eq!(code, Some(0), "{said}");
    let page = emea.join("threats/ransomware/index.html");
    let html = fs::read_to_string(&page).unwrap();
    fs::write(&page, html.replace("</main>", "<p>order-desk-03</p></main>")).unwrap();
    let (code, said) = threatpress(&["audit", emea.to_str().unwrap(), "--role", "emea"], site.path());
    assert_eq!(code, Some(3), "the name of a device of another group: {said}");
    let (code, said) = threatpress(&["explain", "ransomware", "--device", "d2"], site.path());
    assert_eq!(code, Some(0), "{said}");
    // The row of the device that merged stands under the new id, at its own place.
    let rows: Vec<&str> = said.lines().filter(|line| line.contains("vulnerabilities.json, row 2 (line 2)")).collect();
    assert!(
        rows.len() == 1 && rows[0].contains("device_id=d2,") && rows[0].contains("cve_id=cve-2025-53770"),
        "{said}"
    );
}

#[test]
fn another_profile_is_another_fleet_whatever_is_kept() {
    let profile = "devices:\n  from: hosts\n  columns: {device_id: id, name: host, device_group: team}\n";
    let site = site_of("content/p.yaml", &[("hosts.csv", "id,host,team,unit\nd1,one,EMEA,APAC\n")]);
    put(site.path(), "content/p.yaml", profile.as_bytes());
    let devices = || {
        assert!(build(site.path(), &[]).status.success());
        let data = fs::read(site.path().join("output/emea/data.json")).unwrap();
        serde_json::from_slice::<serde_json::Value>(&data).unwrap()["devices_total"].as_u64()
    };
    assert_eq!(devices(), Some(1));
    put(site.path(), "content/p.yaml", profile.replace("team", "unit").as_bytes());
    assert_eq!(devices(), Some(0));
    assert_eq!(built("native", &super::NATIVE).figure("soc", "/devices/total"), 4);
}

/// What the preview reads again: the fleets, where a profile changed that lies outside of the snapshots.
#[test]
fn a_change_of_the_profile_is_a_change_of_the_fleet() {
    let profile = "devices:\n  from: hosts\n  columns: {device_id: id, name: host, device_group: team}\n";
    let site = site_of("content/scanners/p.yaml", &[("hosts.csv", "id,host,team,unit\nd1,one,EMEA,APAC\n")]);
    let file = site.path().join("content/scanners/p.yaml");
    put(site.path(), "content/scanners/p.yaml", profile.as_bytes());
    let mut desk = Desk::new(Order::of(site.path().to_owned()));
    let mut group = |changed: &Changed| {
        let mut told = Diagnostics::new();
        let loaded = desk.read(changed, &mut Unwatched, &mut told).unwrap_or_else(|| panic!("{told:?}"));
        loaded.fleets[0].groups[0].name.clone()
    };
    assert_eq!(group(&Changed::everything()), "EMEA");
    fs::write(&file, profile.replace("team", "unit")).unwrap();
    let paths = |path: &std::path::Path| Changed { paths: [path.to_owned()].into(), ..Changed::default() };
    assert_eq!(group(&paths(&site.path().join("content/reports/a.md"))), "EMEA", "nobody said that it changed");
    assert_eq!(group(&paths(&file)), "APAC");
}
