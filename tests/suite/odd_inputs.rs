//! What stands in the place of an input: a file for a directory, a link to nowhere, a pipe, what nobody may read. A build
//! either has all of its input or says what it lacks, and leaves what is published as it is.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use tempfile::TempDir;

use crate::bad_input::{self, REPORT, build, messages, put, tree};
use crate::bench::note;

/// Changes a site that was built before, and holds what a further build tells, in time, against what it has to.
fn refused(site: &TempDir, change: impl FnOnce(&Path), place: &str, message: &str) {
    assert_eq!(build(site.path(), &[]).status.code(), Some(0), "the sound site builds");
    let before = tree(&site.path().join("output"));
    change(site.path());
    let (done, wait) = mpsc::channel();
    let root = site.path().to_owned();
    std::thread::spawn(move || done.send(build(&root, &["--no-cache"])));
    let output = wait.recv_timeout(Duration::from_secs(60)).unwrap_or_else(|_| panic!("{place}: waits for ever"));
    let shown = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{place}: {shown}");
    let told = messages(&output);
    let is_told = |line: &serde_json::Value| {
        line["severity"] == "error" && line["file"] == place && line["message"].as_str().unwrap().contains(message)
    };
    assert!(told.iter().any(is_told), "`{message}` is not told of {place}: {shown}");
    assert_eq!(tree(&site.path().join("output")), before, "the last build has changed");
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn reports_do_not_vanish() {
    for directory in ["content/reports", "content/pages"] {
        let with_a_page = || {
            let site = bad_input::site();
            put(site.path(), "content/pages/p.md", b"---\ntitle: P\ntlp: green\n---\nP.\n");
            site
        };
        let gone = |root: &Path| {
            fs::remove_dir_all(root.join(directory)).unwrap();
            root.join(directory)
        };
        refused(&with_a_page(), |root| fs::write(gone(root), "").unwrap(), directory, "not a directory");
        refused(&with_a_page(), |root| symlink("nowhere", gone(root)).unwrap(), directory, "cannot read it");
    }
}

#[test]
fn nobody_waits_for_a_pipe() {
    for path in ["threatpress.yaml", "content/snapshots/1/snapshot.yaml", "content/knowledge/kev.json"] {
        let site = bad_input::site();
        let change = |root: &Path| {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let _ = fs::remove_file(&path);
            pipe(&path);
        };
        refused(&site, change, path, "not a plain file");
    }
}

#[test]
fn files_without_end_are_not_read_to_the_end() {
    for path in ["threatpress.yaml", "content/snapshots/1/snapshot.yaml"] {
        let change =
            |root: &Path| fs::File::options().append(true).open(root.join(path)).unwrap().set_len(3 << 30).unwrap();
        refused(&bad_input::site(), change, path, "larger than 16 MiB");
    }
}

#[test]
fn a_theme_holds_plain_files() {
    let in_theme = |root: &Path, name: &str| {
        let path = root.join("themes/default").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    };
    let link = |root: &Path| symlink("/etc/passwd", in_theme(root, "static/list.txt")).unwrap();
    refused(&bad_input::site(), link, "themes/default/static/list.txt", "plain file");
    let fifo = |root: &Path| pipe(&in_theme(root, "templates/base.html"));
    refused(&bad_input::site(), fifo, "themes/default/templates/base.html", "plain file");
}

#[test]
fn what_nobody_may_look_into_is_told() {
    let close = |path: &Path| fs::set_permissions(path, fs::Permissions::from_mode(0o000)).unwrap();
    let site = bad_input::site();
    let home = site.path().join("content/reports/x");
    put(site.path(), "content/reports/x/index.md", REPORT.as_bytes());
    put(site.path(), "themes/default/static/house.css", b"p { color: red }");
    if fs::read_dir("/root").is_ok() {
        note("who may read everything cannot be kept from it");
        return;
    }
    refused(&site, |_| close(&home), "content/reports/x", "cannot read it");
    fs::set_permissions(&home, fs::Permissions::from_mode(0o755)).unwrap();
    refused(&site, |root| close(&root.join("themes")), "themes/default", "cannot be read");
    fs::set_permissions(site.path().join("themes"), fs::Permissions::from_mode(0o755)).unwrap();
}
