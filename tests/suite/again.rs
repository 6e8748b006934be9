//! A build that would be the last one again is not made; whatever has changed, it is.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::bad_input::{self, A, DEVICES, put};
use crate::command::{said, threatpress};

/// What changed less than this before a build is not taken on trust.
const STEP: Duration = Duration::from_millis(3100);

/// A site whose build tells something of a text and of a row.
struct Site(TempDir);

impl Site {
    fn settled() -> Self {
        let site = Self(bad_input::site());
        let config = fs::read_to_string(site.path().join("threatpress.yaml")).unwrap();
        put(site.path(), "threatpress.yaml", config.replace("[EMEA]", "[EMEA, Nowhere]").as_bytes());
        put(
            site.path(),
            "content/snapshots/1/vulnerabilities.csv",
            b"device_id,cve_id\nd1,CVE-2026-1000\nd9,CVE-2026-1000\n",
        );
        site.settle();
        site
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Lets time go by until changes made before are trusted.
    fn settle(&self) {
        sleep(STEP);
        let output = self.build(&[]);
        assert!(is_new(&output), "{}", said(&output));
        self.stands(&[]);
    }

    fn build(&self, further: &[&str]) -> Output {
        let mut args = vec!["build", "--site", self.path().to_str().unwrap()];
        args.extend(further);
        let output = threatpress(args);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        output
    }

    /// The build is made anew.
    fn is_built(&self, further: &[&str], why: &str) {
        let output = self.build(further);
        assert!(is_new(&output), "{why}: {}", said(&output));
    }

    fn stands(&self, further: &[&str]) {
        let output = self.build(further);
        assert!(said(&output).contains("Nothing has changed since the last build of "), "{}", said(&output));
    }

    fn of_role(&self) -> PathBuf {
        let mut roles: Vec<PathBuf> = fs::read_dir(self.path().join("output"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| !path.ends_with(".threatpress"))
            .collect();
        roles.sort();
        roles.swap_remove(0)
    }
}

#[test]
fn an_error_is_not_told_of_a_build_that_was_not_made() {
    let site = Site::settled();
    let renamed = site.path().join("output/renamed");
    fs::create_dir(&renamed).unwrap();
    for entry in walkdir::WalkDir::new(site.of_role()).min_depth(1).into_iter().map(|entry| entry.unwrap()) {
        let to = renamed.join(entry.path().strip_prefix(site.of_role()).unwrap());
        match entry.file_type().is_dir() {
            true => fs::create_dir(to).unwrap(),
            false => _ = fs::copy(entry.path(), to).unwrap(),
        }
    }
    for _ in 0..2 {
        let output = threatpress(["build", "--prune", "--site", site.path().to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(4), "{}", said(&output));
        assert!(said(&output).contains("TP0705") && is_new(&output), "{}", said(&output));
    }
}

fn is_new(output: &Output) -> bool {
    said(output).contains("Built ")
}

/// What is said of the input.
fn told(output: &Output) -> String {
    let said = said(output);
    let end = said.find("Built ").or(said.find("Nothing has changed")).unwrap_or(said.len());
    said[..end].to_owned()
}

#[test]
fn what_stands_is_left_and_told_again() {
    let site = Site::settled();
    let first = site.build(&["--no-cache"]);
    assert!(is_new(&first), "nothing is taken on trust");
    let told_first = told(&first);
    assert!(
        told_first.contains("groups: [EMEA, Nowhere]") && told_first.contains("vulnerabilities.csv"),
        "{told_first}"
    );
    site.is_built(&[], "another build stands there");
    let inode = |site: &Site| fs::metadata(site.of_role().join("manifest.json")).unwrap().ino();
    let before = inode(&site);
    let again = site.build(&[]);
    assert!(!is_new(&again) && inode(&site) == before);
    assert_eq!(told(&again), told_first);
    // For programs too.
    let fresh = site.build(&["--format", "json", "--no-cache"]);
    site.is_built(&[], "another build stands there");
    let again = site.build(&["--format", "json"]);
    assert_eq!(said(&again), said(&fresh));
    site.stands(&[]);
    assert!(said(&again).lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
}

#[test]
fn whatever_changes_in_the_output_is_set_right() {
    let site = Site::settled();
    let role = site.of_role();
    let page = role.join("index.html");
    let good = fs::read(&page).unwrap();
    let changes: [(&str, &dyn Fn()); 8] = [
        ("a byte", &|| {
            let mut bytes = good.clone();
            bytes[10] ^= 1;
            fs::write(&page, bytes).unwrap();
        }),
        ("a file less", &|| fs::remove_file(&page).unwrap()),
        ("a file more", &|| fs::write(role.join("more.html"), "").unwrap()),
        ("a mode", &|| fs::set_permissions(&page, fs::Permissions::from_mode(0o600)).unwrap()),
        ("a mode of the manifest", &|| {
            fs::set_permissions(role.join("manifest.json"), fs::Permissions::from_mode(0o666)).unwrap();
        }),
        ("a mode of a directory", &|| fs::set_permissions(&role, fs::Permissions::from_mode(0o700)).unwrap()),
        ("a link to the same bytes", &|| {
            let moved = site.path().join("moved.html");
            fs::rename(&page, &moved).unwrap();
            std::os::unix::fs::symlink(&moved, &page).unwrap();
        }),
        ("all of it", &|| fs::remove_dir_all(site.path().join("output")).unwrap()),
    ];
    for (what, change) in changes {
        site.stands(&[]);
        change();
        site.is_built(&[], what);
        assert_eq!(fs::read(&page).unwrap(), good, "{what}");
        assert!(fs::symlink_metadata(&page).unwrap().is_file() && !role.join("more.html").exists(), "{what}");
        for file in [&page, &role.join("manifest.json")] {
            assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o644, "{what}");
        }
        assert_eq!(fs::metadata(&role).unwrap().permissions().mode() & 0o777, 0o755, "{what}");
    }
}

#[test]
fn whatever_changes_in_the_input_is_built() {
    let site = Site::settled();
    let write = |path: &str, text: &str| put(site.path(), path, text.as_bytes());
    let report = fs::read_to_string(site.path().join(A)).unwrap();
    let config = fs::read_to_string(site.path().join("threatpress.yaml")).unwrap();
    let changes: [(&str, &dyn Fn()); 6] = [
        ("a report, of the same length", &|| write(A, &report.replace("summary: S", "summary: T"))),
        ("the configuration", &|| write("threatpress.yaml", &format!("{config}\ntrend_days: 31\n"))),
        ("a theme", &|| write("themes/default/static/more.css", "p { color: red }")),
        ("a table", &|| write("content/snapshots/1/devices.csv", DEVICES)),
        ("a snapshot that is gone", &|| {
            put(site.path(), "content/snapshots/0/snapshot.yaml", b"as_of: 2026-11-09T06:00:00Z\n");
            put(site.path(), "content/snapshots/0/devices.csv", DEVICES.as_bytes());
            site.build(&[]);
            fs::remove_dir_all(site.path().join("content/snapshots/0")).unwrap();
        }),
        ("a file that no build reads yet", &|| write("content/profile.yaml", "")),
    ];
    for (what, change) in changes {
        let changed = Instant::now();
        change();
        let is_within_the_step = changed.elapsed() < STEP / 2;
        site.is_built(&[], what);
        if is_within_the_step {
            // A file may change again and look the same.
            site.is_built(&[], what);
        }
        site.settle();
    }
}

#[test]
fn another_question_is_another_build() {
    let site = Site::settled();
    for further in
        [&["--no-audit"][..], &["--as-of", "2026-12-01T00:00:00Z"], &["--drafts"], &["--jobs", "1", "--prune"]]
    {
        site.is_built(further, "asked for something else");
        site.stands(further);
        site.is_built(&[], "asked for what was built before that");
    }
    // How much of the machine is used and what is said of it make no other build.
    site.stands(&["--jobs", "1"]);
    site.stands(&["--timings"]);
}

#[test]
fn a_damaged_receipt_is_none() {
    let site = Site::settled();
    let cache = site.path().join(".threatpress/cache");
    let receipts = || fs::read_dir(&cache).unwrap().map(|entry| entry.unwrap().path());
    let receipts = || receipts().filter(|path| path.extension().is_some_and(|kind| kind == "receipt"));
    assert_eq!(receipts().count(), 1);
    let receipt = receipts().next().unwrap();
    assert_eq!(fs::metadata(&receipt).unwrap().permissions().mode() & 0o777, 0o600);
    let good = fs::read(&receipt).unwrap();
    for at in (0..good.len()).step_by(good.len() / 40 + 1) {
        let mut damaged = good.clone();
        damaged[at] ^= 4;
        fs::write(&receipt, &damaged).unwrap();
        site.is_built(&[], "damaged");
        fs::write(&receipt, &good[..at]).unwrap();
        site.is_built(&[], "cut");
    }
    site.stands(&[]);
}
