//! A slice that is kept: what stands in it, who may read it, and that it builds.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::site::Site;
use super::{mode, run, said};
use crate::bench::{first_difference, home, tree};

/// The slices of the roles of the small site.
fn kept(site: &Site) -> TempDir {
    let home = home();
    let done = run("prove", site.path(), &["--keep", home.path().join("slices").to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    home
}

fn files(top: &Path) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(top).sort_by_file_name();
    walk.into_iter().map(|entry| entry.unwrap().into_path()).collect()
}

/// A file as text, also an image.
fn lossy(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned()
}

#[test]
fn what_is_hidden_stands_nowhere_in_it() {
    let home = kept(&Site::small());
    let slice = home.path().join("slices/it");
    for path in files(&slice) {
        let name = path.strip_prefix(&slice).unwrap().display().to_string();
        assert!(!name.to_lowercase().contains("hidden"), "{name}");
        if path.is_file() {
            let text = lossy(&path);
            for secret in
                ["hidden", "T1003", "CVE-2025-9999", "CVE-2025-8888", "CVE-2025-7777", "mover,CVE-2025-0001,critical"]
            {
                assert!(!text.to_lowercase().contains(&secret.to_lowercase()), "{secret} in {name}:\n{text}");
            }
        }
    }
    // The role that sees everything has most of it: it was there to be found.
    let all = files(&home.path().join("slices/everybody-hidden"));
    let texts: String = all.iter().filter(|path| path.is_file()).map(|path| lossy(path)).collect();
    for secret in
        ["Hidden report", "HIDDEN-NOW", "hidden inside", "T1003", "inc-hidden", "hidden.example", "Hidden Group"]
    {
        assert!(texts.contains(secret), "{secret}");
    }
}

#[test]
fn it_holds_the_rows_of_the_role_and_no_others() {
    let home = kept(&Site::small());
    let slice = home.path().join("slices/it/content/snapshots");
    let table = |path: &str| fs::read_to_string(slice.join(path)).unwrap();
    let now = "2026-11-16T06-00-00Z";
    assert_eq!(
        table(&format!("{now}/alerts.csv")),
        "alert_id,title,status,created,device_id,incident_id,severity,classification,resolved,detector_id,threat_family,actor,techniques\n\
         al-1,Shared by both,New,2026-11-15,d1,inc-1,high,,,,,,T1059.001\n\
         al-3,Storm alert,new,2026-11-15,,inc-3,low,,,,,,\n\
         al-5,Storm alert,new,2026-11-15,,inc-1,medium,,,,,,\n"
    );
    assert_eq!(table(&format!("{now}/alert_devices.csv")), "alert_id,device_id\nal-5,D2\n");
    assert_eq!(
        table(&format!("{now}/incidents.csv")),
        "incident_id,title,status,severity,created,updated,redirect_to\ninc-1,,redirected,,,,inc-2\ninc-2,,active,,,,\n"
    );
    let devices = table(&format!("{now}/devices.csv"));
    let names: Vec<&str> = devices.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(names, ["d1", "D2", "twice", "comer"]);
    assert_eq!(
        table(&format!("{now}/configurations.csv")),
        "device_id,configuration_id,applicable,compliant,at\nd1,scid-1,,no,2026-11-16\nD2,SCID-1,yes,yes,\ncomer,scid-3,,no,\n"
    );
    // Rows name scid-3, and no text does.
    let catalogue = table(&format!("{now}/configuration_catalog.csv"));
    assert!(catalogue.contains("SCID-1,One") && catalogue.contains("scid-3,Three"), "{catalogue}");
    // The device that has moved stands in the older snapshot, where it was the role's.
    let then = "2026-11-09T06-00-00Z";
    assert!(table(&format!("{then}/devices.csv")).contains("mover,MOVER,Alpha"));
    // What is absent stays absent.
    assert!(!slice.join(now).join("software.csv").exists() && !slice.join(then).join("alerts.csv").exists());
}

#[test]
fn it_holds_the_texts_as_the_role_reads_them() {
    let home = kept(&Site::small());
    let slice = home.path().join("slices/it");
    let text = |path: &str| fs::read_to_string(slice.join(path)).unwrap();
    let report = text("content/reports/storm/index.md");
    let (front, body) = report.split_once("\n---\n").unwrap();
    assert!(front.contains("\"audience\":\n  - \"it\"") && front.contains("\"alerts\":"), "{front}");
    assert!(!front.contains("publish_at") && !front.contains("draft"), "{front}");
    assert_eq!(
        body,
        "Seen by all, CVE-2025-0002 and T1059.001.\n\nBoth groups. ![shown](shown.png)\n\nA pseudo-group.\n\n\
         ```text\n::: scope groups=\"Alpha\"\n:::\n```\n"
    );
    assert_eq!(
        text("content/reports/storm/list.csv"),
        "TYPE,value,description,tlp\ndomain,a.example,\"one, two\",\nipv4,192.0.2.1,,amber\n"
    );
    assert!(slice.join("content/reports/storm/shown.png").is_file());
    assert!(text("content/reports/said-inside.md").contains("b.example"));
    let knowledge: serde_json::Value = serde_json::from_str(&text("content/knowledge/attack.json")).unwrap();
    let ids = |list: &str| -> Vec<&str> {
        knowledge[list].as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap()).collect()
    };
    assert_eq!((ids("tactics"), ids("techniques")), (vec!["TA0001", "TA0002"], vec!["T1059", "T1059.001", "T1190"]));
    assert_eq!(knowledge["tactics"][1]["order"], 1);
    let settings = text("threatpress.yaml");
    assert!(settings.contains("\"  Beta \"") && settings.contains("\"Nowhere\""), "{settings}");
    assert!(!settings.contains("group_ranks") && !settings.contains("sign_in_groups"), "{settings}");
    assert!(slice.join("themes/plain/static/plain.css").exists());
}

#[test]
fn only_the_owner_reads_it() {
    let home = kept(&Site::small());
    for path in files(&home.path().join("slices")) {
        assert_eq!(mode(&path), if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
    }
}

#[test]
fn it_builds_like_any_site_and_gives_the_same() {
    let site = Site::small();
    let home = kept(&site);
    let output = home.path().join("full");
    assert!(run("build", site.path(), &["--out", output.to_str().unwrap()]).status.success());
    for role in ["it", "everybody-hidden"] {
        let slice = home.path().join("slices").join(role);
        let done = run("build", &slice, &[]);
        assert!(done.status.success(), "{}", said(&done));
        let (full, alone) = (tree(&output.join(role)), tree(&slice.join("output").join(role)));
        assert_eq!(first_difference(&full, &alone), None);
        // A row less is another build: the comparison sees what is there.
        let devices = slice.join("content/snapshots/2026-11-16T06-00-00Z/devices.csv");
        let fewer: String = fs::read_to_string(&devices)
            .unwrap()
            .lines()
            .filter(|line| !line.starts_with("d1"))
            .map(|line| format!("{line}\n"))
            .collect();
        fs::write(&devices, fewer).unwrap();
        assert!(run("build", &slice, &[]).status.success());
        assert!(first_difference(&full, &tree(&slice.join("output").join(role))).is_some());
    }
}

#[test]
fn the_same_input_gives_the_same_slice() {
    let site = Site::sample();
    let slices: Vec<TempDir> = ["1", "4"]
        .into_iter()
        .map(|jobs| {
            let home = home();
            let keep = home.path().join("slices");
            let more = ["--role", "emea-it", "--jobs", jobs, "--keep", keep.to_str().unwrap()];
            assert_eq!(run("prove", site.path(), &more).status.code(), Some(0));
            home
        })
        .collect();
    assert_eq!(first_difference(&tree(slices[0].path()), &tree(slices[1].path())), None);
}
