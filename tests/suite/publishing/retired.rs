//! A role that the site names no more: its build stands until somebody says that it may go.

use std::fs;
use std::process::Command;

use serde_json::Value;

use super::{build, builds, messages, names, put, succeed};
use crate::bench::home;
use crate::bench::tree;

const BOTH: &str = "title: T\nbase_url: https://t.example/\nroles:\n  soc: {groups: all}\n  emea: {groups: all}\n";
const ONE: &str = "title: T\nbase_url: https://t.example/\nroles:\n  soc: {groups: all}\n";

/// What a build that succeeds says of builds that no role has any more.
fn warned(build: &mut Command) -> Vec<Value> {
    let told = messages(&succeed(build)).into_iter();
    told.filter(|line| line["code"] == "TP0705").collect()
}

#[test]
fn a_retired_role_is_told_of_until_it_is_pruned() {
    let home = home();
    let (site, out) = (home.path().join("site"), home.path().join("out"));
    let build = |further: &[&str]| {
        let mut command = build(&site, &out);
        command.args(["--as-of", "2026-11-16"]).args(further);
        command
    };
    put(&site, "threatpress.yaml", BOTH);
    assert_eq!(warned(&mut build(&[])).len(), 0);
    // A role that is only not built this time is not retired.
    assert_eq!(warned(&mut build(&["--role", "soc", "--prune"])).len(), 0);
    assert_eq!(names(&out), [".threatpress", "emea", "soc"]);

    put(&site, "threatpress.yaml", ONE);
    put(&out, "notes/mine.txt", "mine");
    fs::create_dir(out.join("empty")).unwrap();
    let before = builds(&out);
    for _ in 0..2 {
        let told = warned(&mut build(&[]));
        assert_eq!(told.len(), 1, "{told:#?}");
        assert_eq!(told[0]["severity"], "warning");
        assert_eq!(told[0]["file"], out.join("emea").display().to_string());
        assert!(told[0]["hint"].as_str().unwrap().contains("--prune"));
        assert_eq!(builds(&out), before, "a build was removed unasked");
    }

    assert_eq!(warned(&mut build(&["--prune"])).len(), 0);
    assert_eq!(names(&out), [".threatpress", "empty", "notes", "soc"]);
    assert_eq!(names(&out.join(".threatpress")), [".gitignore", "lock"]);
    assert_eq!(fs::read(out.join("notes/mine.txt")).unwrap(), b"mine");
    assert_eq!(warned(&mut build(&[])).len(), 0);
}

/// What somebody renamed or copied may be wanted for something.
#[test]
fn a_build_under_another_name_is_not_pruned() {
    let home = home();
    let (site, out) = (home.path().join("site"), home.path().join("out"));
    put(&site, "threatpress.yaml", ONE);
    let mut first = build(&site, &out);
    succeed(first.args(["--as-of", "2026-11-16"]));
    fs::rename(out.join("soc"), out.join("soc-kept")).unwrap();
    let before = tree(&out.join("soc-kept"));
    let mut pruned = build(&site, &out);
    let error = super::fail(pruned.args(["--as-of", "2026-11-16", "--prune"]), "TP0705");
    assert!(error["message"].as_str().unwrap().contains("soc-kept"));
    assert_eq!(tree(&out.join("soc-kept")), before);
    assert!(out.join("soc/index.html").exists(), "the build itself is done");
}
