//! A build depends on the site and on nothing around it: not the time zone, the language, the home
//! directory, the umask, the working directory, the paths, the number of threads or the disk.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::bench::{Tree, first_difference, home, note, tree};
use crate::publishing::{build, put, succeed, under};

const ROLES: [&str; 2] = ["i-team", "soc"];

/// A site with names that languages and clocks would tell apart: a Turkish i, a day that is
/// another one elsewhere, many equal dates.
fn write(site: &Path) {
    let roles = "  soc: {groups: all, clearance: red}\n  i-team: {groups: [IT ILLER], clearance: amber}\n";
    put(site, "threatpress.yaml", &format!("title: T\nbase_url: https://t.example/\nroles:\n{roles}"));
    for (at, name) in ["Iller", "iller", "ınce", "İnce", "Ökonom", "zeta", "Żeta", "日本"].iter().enumerate() {
        let head = format!("title: {name}\ntype: activity\nsummary: S\npublished: 2026-03-29T0{at}:30:00+02:00");
        let lists = format!("tags: [I-TAG, {name}]\nactors: [{name} Bear]\ntechniques: [T1190]\ntlp: amber");
        let text =
            format!("---\n{head}\n{lists}\nvulnerabilities: [CVE-2025-53770]\nslug: report-{at}\n---\n## I\nText.\n");
        put(site, &format!("content/reports/report-{at}.md"), &text);
    }
    put(site, "content/snapshots/1/snapshot.yaml", "as_of: 2026-03-29T23:30:00Z\n");
    let mut devices = String::from("device_id,name,device_group,last_seen\n");
    let mut findings = String::from("device_id,cve_id,severity\n");
    for at in 0..60 {
        let group = ["IT ILLER", "ıt", "Zürich"][at % 3];
        devices.push_str(&format!("d{at},host-{at},{group},2026-03-2{}T01:30:00+13:45\n", at % 10));
        findings.push_str(&format!("d{at},CVE-2025-53770,HIGH\n"));
    }
    put(site, "content/snapshots/1/devices.csv", &devices);
    put(site, "content/snapshots/1/vulnerabilities.csv", &findings);
}

struct Around {
    home: tempfile::TempDir,
    site: PathBuf,
    expected: Vec<Tree>,
    runs: usize,
}

impl Around {
    fn new() -> Self {
        let home = home();
        let site = home.path().join("site");
        write(&site);
        let out = home.path().join("expected");
        succeed(&mut build(&site, &out));
        let expected = builds(&out);
        Self { home, site, expected, runs: 0 }
    }

    fn command(&self) -> Command {
        build(&self.site, &self.out())
    }

    fn out(&self) -> PathBuf {
        self.home.path().join("out")
    }

    /// Runs the command, and holds what it built in `out` against the first build.
    fn same(&mut self, what: &str, command: &mut Command, out: &Path) {
        succeed(command);
        for ((role, expected), found) in ROLES.iter().zip(&self.expected).zip(builds(out)) {
            assert_eq!(first_difference(expected, &found), None, "{role}, {what}");
        }
        fs::remove_dir_all(out).unwrap();
        self.runs += 1;
    }
}

fn builds(out: &Path) -> Vec<Tree> {
    ROLES.iter().map(|role| tree(&out.join(role))).collect()
}

#[test]
fn nothing_around_a_build_changes_it() {
    let mut around = Around::new();
    let out = around.out();
    for zone in ["Pacific/Kiritimati", "Asia/Kathmandu", "America/St_Johns", "nonsense"] {
        around.same(zone, around.command().env("TZ", zone), &out);
    }
    for language in ["C", "tr_TR.UTF-8", "ja_JP.UTF-8", "ar"] {
        around.same(language, around.command().env("LANG", language).env("LC_ALL", language), &out);
    }
    around.same("no HOME", around.command().env_remove("HOME"), &out);
    around.same("no environment", around.command().env_clear(), &out);
    around.same("no PATH", around.command().env("PATH", ""), &out);
    around.same("SOURCE_DATE_EPOCH", around.command().env("SOURCE_DATE_EPOCH", "1"), &out);
    // Nothing is kept for the next run today; whatever stands there must not be believed either.
    put(&around.site, ".threatpress/cache/index", "rubbish");
    around.same("rubbish in .threatpress", &mut around.command(), &out);
    for umask in ["000", "077"] {
        around.same(umask, &mut under(umask, &around.command()), &out);
    }
    for jobs in ["1", "2", "3", "8", "64"] {
        around.same(&format!("--jobs {jobs}"), around.command().args(["--jobs", jobs]), &out);
    }
    for run in 0..20 {
        around.same(&format!("run {run}"), &mut around.command(), &out);
    }
    note(&format!("{} builds in other surroundings, each equal in bytes and modes", around.runs));
}

#[test]
fn no_path_changes_a_build() {
    let mut around = Around::new();
    let home = around.home.path().to_owned();

    // Relative to the site, to a directory below it, and to none.
    let program = env!("CARGO_BIN_EXE_threatpress");
    let from = |dir: &str, args: &[&str]| {
        let mut command = Command::new(program);
        command.arg("build").args(args).current_dir(home.join(dir));
        command
    };
    around.same("in the site", &mut from("site", &["--out", "../out"]), &home.join("out"));
    around.same("below it", &mut from("site/content", &["--site", "..", "--out", "../made"]), &home.join("site/made"));
    around.same("output in the site", &mut from("site", &[]), &home.join("site/output"));
    around.same("elsewhere", &mut from(".", &["--site", "./site/../site", "--out", "x/../out"]), &home.join("out"));

    let long = format!("{}/{}", "long".repeat(40), "path".repeat(40));
    for place in ["with a space", "Ünï/日本/🦊", &long, "a'b\"c&<d>"] {
        let (site, out) = (home.join(place).join("the site"), home.join(place).join("the output"));
        write(&site);
        around.same(place, &mut build(&site, &out), &out);
    }

    // Another file system.
    if let Ok(memory) = tempfile::tempdir_in("/dev/shm") {
        let (site, out) = (memory.path().join("site"), memory.path().join("out"));
        write(&site);
        around.same("in memory", &mut build(&site, &out), &out);
    } else {
        note("there is no /dev/shm: one file system only was tried");
    }
    note(&format!("{} builds at other paths, each equal in bytes and modes", around.runs));
}

/// Nothing in a build tells where it was made.
#[test]
fn no_build_names_a_path_of_the_machine() {
    let home = tempfile::tempdir().unwrap();
    let (site, out) = (home.path().join("the-site"), home.path().join("the-output"));
    write(&site);
    succeed(&mut build(&site, &out));
    let mut needles = vec![home.path().display().to_string(), env!("CARGO_MANIFEST_DIR").to_owned()];
    needles.push(fs::canonicalize(home.path()).unwrap().display().to_string());
    needles.extend(["the-site", "the-output", ".cargo/registry", "/rustc/"].map(str::to_owned));
    needles.extend(std::env::var("HOME").ok().filter(|home| home.len() > 1).map(|home| format!("{home}/")));
    let host = fs::read_to_string("/etc/hostname").unwrap_or_default().trim().to_owned();
    needles.extend(Some(host).filter(|host| host.len() > 3 && host != "localhost"));
    let mut files = 0;
    for (path, (_, bytes)) in builds(&out).into_iter().flatten() {
        let Some(bytes) = bytes else { continue };
        files += 1;
        for needle in &needles {
            let found = memchr::memmem::find(&bytes, needle.as_bytes());
            assert_eq!(found, None, "{} names {needle}", path.display());
        }
    }
    assert!(files > 50, "only {files} files were looked at");
}
