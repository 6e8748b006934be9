//! The command: its port, its output, its end.

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::running::{PATIENCE, Running, begun, rest, until};
use crate::command::{said, threatpress};

#[test]
fn the_first_line_is_the_address_and_there_is_no_other() {
    let mut preview = Running::start();
    assert_eq!(preview.address, format!("http://127.0.0.1:{}/", preview.port));
    assert_eq!(preview.get("/").header("location"), Some("/emea-it/"), "the first role is shown");
    assert!(preview.had_nothing_to_tell(), "nothing is wrong with the site: {}", preview.said());
    signal(&preview, "TERM");
    assert_eq!(preview.ended(), Some(0));
    assert_eq!(preview.written(), "");
}

#[test]
fn only_the_roles_named_are_shown() {
    let preview = Running::start_with(&["--role", "emea-it"], |_| {});
    assert_eq!(preview.get("/").header("location"), Some("/emea-it/"));
    assert_eq!((preview.get("/emea-it/").status, preview.get("/soc/").status), (Some(200), Some(404)));
    let (_home, site) = begun();
    let output = threatpress(["serve", "--port", "0", "--role", "sock", "--site", site.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("did you mean `soc`?") && output.stdout.is_empty(), "{}", said(&output));
}

#[test]
fn a_taken_port_leads_to_the_next_free_one() {
    let first = Running::start();
    let port = first.port.to_string();
    let second = Running::start_with(&["--port", &port], |_| {});
    assert!((first.port + 1..=first.port + 20).contains(&second.port), "{}", second.address);
    assert_eq!(second.get("/soc/").status, Some(200));
}

#[test]
fn where_no_port_is_free_that_is_said() {
    let _last = TcpListener::bind(("127.0.0.1", u16::MAX));
    let (_home, site) = begun();
    let site = site.to_str().unwrap();
    for (arguments, told) in [
        (["--port", "65535"], "--port 0"),
        // An address of nobody, by its definition.
        (["--bind", "192.0.2.1"], "address of this machine"),
    ] {
        let output = threatpress(["serve", "--site", site].into_iter().chain(arguments));
        assert_eq!(output.status.code(), Some(4), "{}", said(&output));
        assert!(said(&output).contains("TP0910") && said(&output).contains(told), "{}", said(&output));
        assert!(output.stdout.is_empty());
    }
    for arguments in [["--port", "65536"], ["--bind", "localhost"], ["--editor", "javascript://{file}"]] {
        let output = threatpress(["serve", "--site", site].into_iter().chain(arguments));
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", said(&output));
    }
}

#[test]
fn it_ends_when_it_is_told_to_and_closes_what_is_open() {
    for name in ["INT", "TERM"] {
        let mut preview = Running::start();
        let (mut events, head) = preview.events();
        assert!(head.starts_with("HTTP/1.1 200 "));
        // To the end of the first chunk.
        until(&mut events, "\n\n\r\n");
        let mut half = preview.connect();
        half.write_all(b"GET /soc/ HTTP/1.1\r\n").unwrap();
        signal(&preview, name);
        assert_eq!(preview.ended(), Some(0), "{name}: {}", preview.said());
        assert!(rest(&mut events).is_empty() && rest(&mut half).is_empty(), "{name}");
        assert!(preview.had_nothing_to_tell(), "{name}: {}", preview.said());
    }
}

#[test]
fn a_site_that_does_not_build_is_said_to_be_so() {
    let preview = Running::start_with(&[], |prepared| {
        fs::write(prepared.site.join("content/reports/log4shell.md"), "---\ntitel: x\n---\n").unwrap();
    });
    let answer = preview.get("/soc/");
    assert_eq!((answer.status, answer.header("retry-after")), (Some(503), Some("2")));
    let page = String::from_utf8(answer.body).unwrap();
    assert!(page.contains("/.threatpress/preview.js") && page.contains("does not build"), "{page}");
    let state: serde_json::Value =
        serde_json::from_slice(&preview.get("/.threatpress/state?path=%2Fsoc%2F").body).unwrap();
    let problems = state["problems"].as_array().unwrap();
    assert!(problems.iter().any(|problem| problem["file"] == "content/reports/log4shell.md"), "{state}");
    assert!(preview.said().contains("titel"), "{}", preview.said());
}

#[test]
fn a_browser_is_started_where_there_is_one() {
    let programs = tempfile::tempdir().unwrap();
    let (browser, opened) = (programs.path().join("xdg-open"), programs.path().join("opened"));
    let path = programs.path().to_owned();
    let open =
        |path: std::path::PathBuf| Running::start_with(&["--open"], |prepared| _ = prepared.command.env("PATH", path));
    let nobody = open(path.clone());
    await_true(|| nobody.said().contains("TP0912"));
    assert_eq!(nobody.get("/soc/").status, Some(200), "and it goes on");
    fs::write(&browser, format!("#!/bin/sh\nprintf %s \"$1\" > '{}'\n", opened.display())).unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let somebody = open(path);
    await_true(|| fs::read_to_string(&opened).is_ok_and(|address| address == somebody.address));
    assert!(somebody.had_nothing_to_tell(), "{}", somebody.said());
}

/// Waits for what comes on its own time.
fn await_true(mut comes: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !comes() {
        assert!(begun.elapsed() < PATIENCE, "it does not come");
        thread::sleep(Duration::from_millis(20));
    }
}

fn signal(preview: &Running, name: &str) {
    let id = preview.process.id().to_string();
    assert!(Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap().success());
}

#[test]
#[cfg(feature = "trial")]
fn a_fault_ends_a_preview_that_could_not_follow_any_more() {
    let mut preview =
        Running::start_with(&[], |prepared| _ = prepared.command.env("THREATPRESS_FAULT_IN_PREVIEW", "faulty"));
    fs::write(preview.site.join("content/reports/faulty.md"), "any text\n").unwrap();
    assert_eq!(preview.ended(), Some(5), "{}", preview.said());
}

#[test]
fn before_there_were_pages_none_are_said_to_stay() {
    let preview = Running::start_with(&[], |prepared| {
        fs::write(prepared.site.join("content/reports/broken.md"), "no front matter\n").unwrap();
    });
    assert!(preview.said().contains("there is nothing to show yet"), "{}", preview.said());
    assert!(!preview.said().contains("last good pages"), "{}", preview.said());
}
