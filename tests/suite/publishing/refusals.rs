//! Directories that are no place for builds. Each is refused before any work, and nothing in it is
//! touched.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use super::{Edition, Stage, build, fail, names, put, succeed};
use crate::bench::tree;

/// A site that cannot be built, so that who reads it says so: a refusal comes before.
fn site(home: &Path) -> PathBuf {
    let site = home.join("site");
    Edition::Old.write(&site);
    put(&site, "content/reports/a.md", "nothing");
    site
}

fn refused(site: &Path, out: &Path, code: &str, reason: &str) {
    let error = fail(&mut build(site, out), code);
    assert!(error["message"].as_str().unwrap().contains(reason), "`{reason}` is not in {error:#}");
}

#[test]
fn places_of_others() {
    let home = tempfile::tempdir().unwrap();
    let site = site(home.path());
    put(home.path(), "docs/letter.txt", "mine");
    put(home.path(), "file", "mine");
    put(home.path(), "another/threatpress.yaml", "title: x\n");
    fs::create_dir(home.path().join("target")).unwrap();
    symlink("target", home.path().join("link")).unwrap();
    symlink("nowhere", home.path().join("dangling")).unwrap();
    let before = tree(home.path());
    let at = |path: &str| home.path().join(path);
    for (out, reason) in [
        (PathBuf::from("/"), "the root"),
        (std::env::home_dir().unwrap(), "a home directory"),
        (at("docs"), "`letter.txt`"),
        (at("file"), "not a directory"),
        (at("another"), "a site itself"),
        (site.clone(), "a site itself"),
        (at("site/content"), "input"),
        (at("site/content/reports"), "input"),
        (at("site/content/reports/output"), "input"),
        (at("site/content/snapshots/../pages/new/deeper"), "input"),
        (at("site/themes/output"), "input"),
        (at("link"), "a symbolic link"),
        (at("link/"), "a symbolic link"),
        (at("dangling"), "a symbolic link"),
    ] {
        refused(&site, &out, "TP0700", reason);
    }
    refused(&site, &at("file/below"), "TP0702", "Not a directory");
    assert_eq!(tree(home.path()), before, "something was touched");
    assert!(!Path::new("/.threatpress").exists());
}

/// What only the configuration or the directory itself tells is refused before any page is made.
#[test]
fn places_of_roles() {
    let stage = Stage::new();
    let planters = [
        |place: &Path| fs::write(place, "mine").unwrap(),
        |place: &Path| put(place, "precious.txt", "mine"),
        |place: &Path| put(place, "manifest.json", r#"{"generator": "webpack"}"#),
        |place: &Path| symlink("emea", place).unwrap(),
        |place: &Path| symlink("/", place).unwrap(),
        |place: &Path| symlink("nowhere", place).unwrap(),
    ];
    for plant in planters {
        let place = stage.out().join("soc");
        fs::remove_dir_all(&place).unwrap();
        plant(&place);
        let (before, other) = (fs::symlink_metadata(&place).unwrap().file_type(), tree(&stage.out().join("emea")));
        let error = fail(&mut stage.build(Edition::New), "TP0700");
        assert_eq!(error["file"], place.display().to_string());
        assert_eq!(fs::symlink_metadata(&place).unwrap().file_type(), before);
        assert_eq!(tree(&stage.out().join("emea")), other, "one role was published, the other not");
        match place.is_dir() && !place.is_symlink() {
            true => fs::remove_dir_all(&place).unwrap(),
            false => fs::remove_file(&place).unwrap(),
        }
        stage.reset();
    }
    let workshop = stage.out().join(".threatpress");
    fs::rename(&workshop, stage.home().join("workshop")).unwrap();
    symlink(stage.home().join("workshop"), &workshop).unwrap();
    fail(&mut stage.build(Edition::New), "TP0700");
    assert_eq!(names(&stage.home().join("workshop")), [".gitignore", "lock"]);
}

#[test]
fn the_snapshots_of_the_site_wherever_they_are() {
    let home = tempfile::tempdir().unwrap();
    let site = home.path().join("site");
    Edition::Old.write(&site);
    let configuration = fs::read_to_string(site.join("threatpress.yaml")).unwrap();
    put(&site, "threatpress.yaml", &configuration.replace("roles:", "snapshots: ../data\nroles:"));
    fs::rename(site.join("content/snapshots"), home.path().join("data")).unwrap();
    refused(&site, &home.path().join("data/output"), "TP0700", "input");
    assert_eq!(names(&home.path().join("data")), ["1"]);
}

/// These hold nobody's work.
#[test]
fn places_that_are_taken() {
    let home = tempfile::tempdir().unwrap();
    let site = home.path().join("site");
    Edition::Old.write(&site);
    let out = home.path().join("out");
    fs::create_dir_all(out.join("soc")).unwrap();
    put(&out, ".git/config", "");
    succeed(&mut build(&site, &out));
    // A copy of an output, without what is hidden in it, is one.
    fs::remove_dir_all(out.join(".threatpress")).unwrap();
    succeed(&mut build(&site, &out));
    // A link through which a build went before.
    symlink(&out, home.path().join("link")).unwrap();
    succeed(&mut build(&site, &home.path().join("link")));
}

/// Only where the tests do not run as root, who may write anywhere.
#[test]
fn directories_that_cannot_be_written() {
    let home = tempfile::tempdir().unwrap();
    let site = site(home.path());
    let out = home.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::set_permissions(&out, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(out.join("try"), "").is_ok() {
        return crate::bench::note("who runs the tests may write anywhere: read-only directories were NOT tried");
    }
    refused(&site, &out, "TP0702", "cannot write to");
    refused(&site, &out.join("new"), "TP0702", "cannot write to");
    assert_eq!(names(&out), Vec::<String>::new());
}
