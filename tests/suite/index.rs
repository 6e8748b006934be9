//! The index: what is kept of a snapshot changes no byte and no message, and is never out of date.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::bad_input::{self, A, REPORT, put, tree};
use crate::command::said;

const SNAPSHOT: &str = "content/snapshots/1";
const TRACKED: &str = "tlp: amber\nvulnerabilities: [CVE-2026-1000]";

/// A sound site with tables, two of whose rows are told of.
fn site() -> TempDir {
    let site = bad_input::site();
    let write = |path: &str, text: &str| put(site.path(), path, text.as_bytes());
    write(A, &REPORT.replace("tlp: amber", TRACKED));
    write(
        "content/snapshots/1/vulnerabilities.csv",
        "device_id,cve_id,status\nd1,CVE-2026-1000,exposed\nd2,CVE-2026-2000,exposed\nd9,CVE-2026-1000,exposed\n",
    );
    write(
        "content/snapshots/1/alerts.csv",
        "alert_id,title,status,created,device_id\na1,One,new,2026-11-15T06:00:00Z,d1\na2,Two,new,never,d1\n",
    );
    write("content/snapshots/0/snapshot.yaml", "as_of: 2026-11-09T06:00:00Z\n");
    write("content/snapshots/0/devices.csv", bad_input::DEVICES);
    site
}

fn build(site: &Path, out: &Path, further: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
    command.args(["build", "--timings", "--no-audit", "--site"]).arg(site).arg("--out").arg(out).args(further);
    command.output().unwrap()
}

/// What a build says and makes, and whether it took all fleets from the index.
struct Outcome {
    told: String,
    files: BTreeMap<String, Vec<u8>>,
    was_indexed: bool,
}

impl Outcome {
    /// Nothing, or what a build says and makes that another does not.
    fn difference(&self, other: &Self) -> Option<String> {
        if self.told != other.told {
            return Some(format!("{}\n\n{}", self.told, other.told));
        }
        let names = self.files.keys().chain(other.files.keys());
        names.filter(|name| self.files.get(*name) != other.files.get(*name)).min().cloned()
    }

    /// Fails unless a build is the same as another, and came about as is said.
    fn has_to_be(&self, other: &Self, was_indexed: bool, what: &str) {
        assert_eq!(self.difference(other), None, "{what}");
        assert_eq!(self.was_indexed, was_indexed, "{what}");
    }
}

fn outcome(site: &Path, further: &[&str]) -> Outcome {
    let home = crate::bench::home();
    let out = home.path().join("out");
    let output = build(site, &out, further);
    let said = said(&output);
    assert!(output.status.success(), "{said}");
    let (told, rest) = said.split_once("Built ").expect("a build");
    let room = |name: &str| rest.lines().any(|line| line.starts_with(&format!("{name} ")));
    assert!(room("index") != room("snapshot"), "{rest}");
    let mut files = tree(&out);
    files.retain(|name, _| !name.starts_with(".threatpress/"));
    Outcome { told: told.to_owned(), files, was_indexed: room("index") }
}

fn kept(site: &Path, kind: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(site.join(".threatpress/cache")).into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|is| is == kind)).collect()
}

/// Lets every file of the site be older than file systems' steps of time.
fn settle(site: &Path) {
    for entry in walkdir::WalkDir::new(site.join("content/snapshots")) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let old = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
            File::options().append(true).open(entry.path()).unwrap().set_modified(old).unwrap();
        }
    }
}

#[test]
fn cold_warm_damaged_and_foreign_are_the_same() {
    let site = site();
    let site = site.path();
    let fresh = outcome(site, &["--no-cache"]);
    assert!(fresh.told.contains("vulnerabilities.csv") && fresh.told.contains("alerts.csv"), "{}", fresh.told);
    assert!(!site.join(".threatpress").exists(), "nothing is to be kept");
    outcome(site, &[]).has_to_be(&fresh, false, "cold");
    outcome(site, &[]).has_to_be(&fresh, true, "warm");
    let damages: [fn(Vec<u8>) -> Vec<u8>; 5] = [
        |_| Vec::new(),
        |bytes| bytes[..bytes.len() / 2].to_vec(),
        |mut bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            bytes
        },
        |bytes| [b"threatpress index 0\n", &bytes[20..]].concat(),
        |bytes| [bytes, b"more".to_vec()].concat(),
    ];
    for (number, damage) in damages.into_iter().enumerate() {
        let files = kept(site, "fleet");
        assert_eq!(files.len(), 2);
        for file in files.iter().chain(&kept(site, "digests")) {
            fs::write(file, damage(fs::read(file).unwrap())).unwrap();
        }
        outcome(site, &[]).has_to_be(&fresh, false, &format!("damage {number}"));
        outcome(site, &[]).has_to_be(&fresh, true, &format!("mended after damage {number}"));
    }
}

#[test]
fn only_the_owner_may_look_into_it() {
    let site = site();
    let private = site.path().join(".threatpress");
    // As a copy of a site may have left it.
    fs::create_dir(&private).unwrap();
    fs::set_permissions(&private, fs::Permissions::from_mode(0o755)).unwrap();
    outcome(site.path(), &[]);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!([mode(&private), mode(&private.join("cache"))], [0o700; 2]);
    // Git does not see it either.
    assert_eq!(fs::read_to_string(private.join(".gitignore")).unwrap(), "*\n");
    let files = kept(site.path(), "fleet");
    assert!(!files.is_empty());
    files.iter().for_each(|file| assert_eq!(mode(file), 0o600));
}

#[test]
fn tracking_another_vulnerability_reads_no_table_again() {
    let site = site();
    let site = site.path();
    let before = outcome(site, &[]);
    put(site, A, REPORT.replace("tlp: amber", &TRACKED.replace("1000", "2000")).as_bytes());
    let after = outcome(site, &[]);
    assert!(after.difference(&before).is_some());
    after.has_to_be(&outcome(site, &["--no-cache"]), true, "another vulnerability");
}

#[test]
fn whatever_changes_is_seen() {
    type Change = (&'static str, fn(&Path));
    let changes: [Change; 8] = [
        ("bytes of the same number, at the same time", |site| {
            let path = site.join(SNAPSHOT).join("devices.csv");
            let before = fs::metadata(&path).unwrap().modified().unwrap();
            fs::write(&path, bad_input::DEVICES.replace("two", "six")).unwrap();
            File::options().append(true).open(&path).unwrap().set_modified(before).unwrap();
        }),
        ("another part", |site| {
            put(site, "content/snapshots/1/devices/more.csv", b"device_id,name,device_group\nd3,three,EMEA\n");
        }),
        ("a table less", |site| fs::remove_file(site.join(SNAPSHOT).join("vulnerabilities.csv")).unwrap()),
        ("the time", |site| put(site, "content/snapshots/1/snapshot.yaml", b"as_of: 2026-11-17T06:00:00Z\n")),
        ("an empty table", |site| fs::create_dir(site.join(SNAPSHOT).join("incidents")).unwrap()),
        ("the order of groups", |site| {
            let text = format!("{}group_ranks: [EMEA, APAC]\n", bad_input::CONFIGURATION_OF_SITE);
            put(site, "content/snapshots/1/devices/twice.csv", b"device_id,name,device_group\nd2,two,EMEA\n");
            put(site, "threatpress.yaml", text.as_bytes());
        }),
        ("the place", |site| {
            fs::rename(site.join(SNAPSHOT), site.join("content/snapshots/one")).unwrap();
        }),
        ("a bad row", |site| {
            put(site, "content/snapshots/1/vulnerabilities.csv", b"device_id,cve_id,status\nd1,CVE-2026-1000,odd\n");
        }),
    ];
    for (what, change) in changes {
        for wait in [true, false] {
            let site = site();
            let site = site.path();
            if wait {
                settle(site);
            }
            let before = outcome(site, &[]);
            assert!(outcome(site, &[]).was_indexed, "{what}");
            change(site);
            let after = outcome(site, &[]);
            after.has_to_be(&outcome(site, &["--no-cache"]), false, what);
            assert!(after.difference(&before).is_some(), "{what} changes nothing");
        }
    }
}

#[test]
fn what_stops_a_build_is_told_each_time() {
    let site = site();
    put(site.path(), "content/snapshots/1/devices.csv", b"device_id,name\nd1,one\nd1,two\n\"");
    let told = |further: &[&str]| {
        let home = crate::bench::home();
        let output = build(site.path(), &home.path().join("out"), further);
        assert_eq!(output.status.code(), Some(1));
        let said = said(&output);
        said.lines().take_while(|line| !line.contains(" ms ")).map(str::to_owned).collect::<Vec<_>>()
    };
    let fresh = told(&["--no-cache"]);
    assert_eq!(told(&[]), fresh);
    assert_eq!(told(&[]), fresh);
    // The sound snapshot is kept, the other is not.
    assert_eq!(kept(site.path(), "fleet").len(), 1);
}

#[test]
fn many_may_write_at_once() {
    let site = site();
    let site = site.path();
    let fresh = outcome(site, &["--no-cache"]);
    std::thread::scope(|scope| {
        let builds: Vec<_> = (0..8).map(|_| scope.spawn(|| outcome(site, &[]))).collect();
        for build in builds {
            assert_eq!(build.join().unwrap().difference(&fresh), None);
        }
    });
    assert!(kept(site, "new").is_empty());
    assert_eq!(kept(site, "fleet").len(), 2);
    assert!(outcome(site, &[]).was_indexed);
}

#[test]
fn a_place_that_cannot_be_had_is_no_reason_to_stop() {
    for block in [(|site| put(site, ".threatpress", b"a file")) as fn(&Path), |site| {
        fs::create_dir(site.join(".threatpress")).unwrap();
        std::os::unix::fs::symlink("/nowhere/at/all", site.join(".threatpress/cache")).unwrap();
    }] {
        let site = site();
        let fresh = outcome(site.path(), &["--no-cache"]);
        block(site.path());
        for _ in 0..2 {
            outcome(site.path(), &[]).has_to_be(&fresh, false, "nothing can be kept");
        }
    }
}
