//! Sites and directories for which no configuration is written.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const HEAD: &str = "title: T\nbase_url: https://t.example/\nroles:\n";

fn site(roles: &str) -> TempDir {
    let site = TempDir::new().unwrap();
    fs::write(site.path().join("threatpress.yaml"), format!("{HEAD}{roles}")).unwrap();
    site
}

fn hosting(site: &Path, further: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_threatpress"))
        .args(["hosting", "nginx", "--format", "json", "--site"])
        .arg(site)
        .args(further)
        .output()
        .unwrap()
}

/// The codes, lines and messages of a run that must write nothing.
fn refused(roles: &str, further: &[&str], exit: i32) -> Vec<(String, u64, String)> {
    let site = site(roles);
    let done = hosting(site.path(), further);
    let said = String::from_utf8(done.stderr).unwrap();
    assert_eq!(done.status.code(), Some(exit), "{said}");
    assert!(done.stdout.is_empty(), "a configuration was written");
    let told = said.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let told = told.map(|line| {
        assert_eq!(line["file"], "threatpress.yaml", "{line}");
        assert!(line["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "{line}");
        let text = |key: &str| line[key].as_str().unwrap().to_owned();
        (text("code"), line["line"].as_u64().unwrap(), text("message"))
    });
    told.collect()
}

#[test]
fn a_role_without_groups_would_be_open() {
    let told = refused("  open: {}\n  none: {sign_in_groups: [], base_url: https://n.example}\n", &[], 1);
    assert_eq!(told.len(), 2, "{told:?}");
    for (at, (role, line)) in [("none", 5), ("open", 4)].into_iter().enumerate() {
        assert_eq!((&*told[at].0, told[at].1), ("TP0900", line));
        assert!(told[at].2.contains(&format!("`{role}`")));
    }
}

#[test]
fn ids_that_could_steer_the_service_are_refused() {
    for bad in ["'a,b'", "','", "''", "'a;b'", "'a$b'", "'a%2Cb'", "'a\"b'", "\"a\\nb\""] {
        let told = refused(&format!("  a:\n    sign_in_groups: [good, {bad}]\n"), &[], 1);
        assert_eq!((told.len(), &*told[0].0, told[0].1), (1, "TP0008", 5), "{bad}: {told:?}");
    }
}

#[test]
fn a_host_is_one_roles_alone() {
    let two = "  a: {sign_in_groups: [a]}\n  b: {sign_in_groups: [b], base_url: 'https://T.example:8443/'}\n";
    let told = refused(two, &[], 1);
    assert_eq!(told.iter().map(|(code, line, _)| (&**code, *line)).collect::<Vec<_>>(), [("TP0901", 4), ("TP0901", 5)]);
    // Also when only one of them is asked for: the other may have been written before.
    assert_eq!(refused(two, &["--role", "a"], 1).len(), 1);
}

#[test]
fn addresses_that_cannot_be_served_safely_are_refused() {
    for bad in [
        "http://a.example/",
        "https://a.example/sub/",
        "https://u@a.example/",
        "https://[::1]/",
        "https://a.example:0/",
        "https://a;b/",
        "https://a$b/",
        "https://a./",
        "https://a'b/",
    ] {
        let told = refused(&format!("  a: {{sign_in_groups: [a], base_url: \"{bad}\"}}\n"), &[], 1);
        assert_eq!((told.len(), &*told[0].0, told[0].1), (1, "TP0902", 4), "{bad}: {told:?}");
    }
}

#[test]
fn wrong_usage_is_told_as_such() {
    let site = site("  a: {sign_in_groups: [a]}\n");
    for bad in [
        &["--listen", "0.0.0.0:80"][..],
        &["--listen", "192.0.2.1:80"],
        &["--listen", "127.0.0.1"],
        &["--sign-in", "https://a.example"],
        &["--sign-in", "http://a.example/x"],
        &["--sign-in", "http://a.example;"],
        &["--root", "srv"],
        &["--root", "/srv/../etc"],
        &["--root", "/srv/$x"],
        &["--role", "b"],
    ] {
        let done = hosting(site.path(), bad);
        assert_eq!((done.status.code(), done.stdout.is_empty()), (Some(2), true), "{bad:?}");
    }
    let far = hosting(site.path(), &["--sign-in", "http://sign-in.example:4180"]);
    assert_eq!(far.status.code(), Some(0));
    assert!(String::from_utf8(far.stderr).unwrap().contains("TP0904"));
}

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

const TWO: &str = "  a: {sign_in_groups: [a]}\n  b: {sign_in_groups: [b], base_url: 'https://b.example'}\n";

#[test]
fn files_are_replaced_and_those_of_gone_roles_removed() {
    let site = site(TWO);
    let out = site.path().join("deploy");
    let write = |further: &[&str]| hosting(site.path(), &[&["--out", out.to_str().unwrap()], further].concat());
    assert_eq!(write(&[]).status.code(), Some(0));
    assert_eq!(names(&out), ["common.conf", "common.inc", "role-a.conf", "role-b.conf"]);
    fs::write(out.join("tls-a.inc"), "mine").unwrap();
    fs::write(out.join("role-mine.conf"), "mine").unwrap();
    fs::write(site.path().join("threatpress.yaml"), format!("{HEAD}{}", TWO.lines().next().unwrap())).unwrap();
    // One role of several says nothing of the others.
    assert_eq!(write(&["--role", "a"]).status.code(), Some(0));
    assert!(names(&out).contains(&"role-b.conf".to_owned()));
    assert_eq!(write(&[]).status.code(), Some(0));
    assert_eq!(names(&out), ["common.conf", "common.inc", "role-a.conf", "role-mine.conf", "tls-a.inc"]);
}

/// Each port that a role has answers strangers alike, whichever role was asked for last.
#[test]
fn one_role_of_several_keeps_what_all_share() {
    let site = site("  a: {sign_in_groups: [a]}\n  b: {sign_in_groups: [b], base_url: 'https://b.example:8443'}\n");
    let out = site.path().join("deploy");
    for server in ["nginx", "caddy"] {
        let write = |further: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
            command.args(["hosting", server, "--site"]).arg(site.path()).arg("--out").arg(&out).args(further);
            assert_eq!(command.output().unwrap().status.code(), Some(0));
            let files = names(&out).into_iter().map(|name| (name.clone(), fs::read_to_string(out.join(name)).unwrap()));
            files.collect::<Vec<_>>()
        };
        let whole = write(&[]);
        assert_eq!(write(&["--role", "a"]), whole);
        fs::remove_dir_all(&out).unwrap();
        let one = write(&["--role", "a"]);
        assert!(one.iter().all(|file| whole.contains(file)) && one.len() + 1 == whole.len(), "{one:?}");
        fs::remove_dir_all(&out).unwrap();
    }
}

#[test]
fn files_of_others_are_left_alone() {
    let site = site(TWO);
    let out = site.path().join("deploy");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("role-b.conf"), "mine").unwrap();
    let done = hosting(site.path(), &["--out", out.to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(4));
    assert!(String::from_utf8(done.stderr).unwrap().contains("TP0700"));
    assert_eq!(names(&out), ["role-b.conf"]);
    fs::remove_file(out.join("role-b.conf")).unwrap();
    std::os::unix::fs::symlink(site.path().join("threatpress.yaml"), out.join("common.inc")).unwrap();
    assert_eq!(hosting(site.path(), &["--out", out.to_str().unwrap()]).status.code(), Some(4));
    assert!(fs::read_to_string(site.path().join("threatpress.yaml")).unwrap().starts_with("title"));
}

#[test]
fn no_configuration_goes_into_a_build() {
    let site = site(TWO);
    let done = Command::new(env!("CARGO_BIN_EXE_threatpress"))
        .args(["build", "--as-of", "2026-11-16T06:00:00Z", "--site"])
        .arg(site.path())
        .args(["--role", "a"])
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let link = site.path().join("link");
    std::os::unix::fs::symlink(site.path().join("output/a"), &link).unwrap();
    // A build, what is in it, a way round, and the place of a build that is not there yet.
    let ways_round = ["output/q/../a/x", "q/../output/b", "output/q/r/../../b/x"];
    let places = ["output/a", "output/a/static", "output/a/new/er", "link/x", "output/b", "output/b/x"];
    for inside in places.into_iter().chain(ways_round) {
        let done = hosting(site.path(), &["--out", site.path().join(inside).to_str().unwrap()]);
        let said = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(1), "{inside}: {said}");
        assert!(said.contains("TP0903"), "{inside}: {said}");
    }
    let root = site.path().join("elsewhere");
    let root = root.to_str().unwrap();
    let done = hosting(site.path(), &["--root", root, "--out", &format!("{root}/a/x")]);
    assert_eq!(done.status.code(), Some(1));
    assert!(!Path::new(root).exists() && !site.path().join("output/b").exists());
    assert!(!site.path().join("output/a/x").exists() && !site.path().join("q").exists());
}
