//! What does not belong in a build is held for a leak.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::Command;

use super::{Build, Site, messages, told};

fn refused(site: &Site, build: &Build, code: &str, file: &str, message: &str) {
    let output = site.audit(build);
    let messages = messages(&output);
    assert_eq!(output.status.code(), Some(3), "{file}: {messages:?}");
    let errors = told(&messages, code);
    assert_eq!(errors.len(), 1, "{file}: {messages:?}");
    assert!(errors[0]["file"].as_str().unwrap().ends_with(file), "{messages:?}");
    assert!(errors[0]["message"].as_str().unwrap().contains(message), "{message}: {messages:?}");
    assert!(errors[0]["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "{messages:?}");
}

#[test]
fn kinds_of_files_that_nobody_knows_are_refused() {
    let site = Site::new().built();
    for (file, bytes, why) in [
        ("a.pdf", &b"%PDF-1.7"[..], "does not know"),
        ("a.html.br", b"x", "does not know"),
        ("a.woff2", b"wOF2", "does not know"),
        ("a.zip", b"PK", "does not know"),
        ("LICENSE", b"text", "does not know"),
        (".htaccess", b"text", "does not know"),
        ("a.html", b"<p>\xff\xfe</p>", "not UTF-8"),
        ("a.json", &[0xff, 0xfe, b'a', 0], "not UTF-8"),
        ("a.html.gz", b"<p>x</p>", "not the gzip file"),
        ("b.html.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03", "damaged"),
    ] {
        let build = site.copy("emea-it");
        build.put(file, bytes);
        refused(&site, &build, "TP0802", file, why);
    }
    let build = site.copy("emea-it");
    build.put("a.html.gz.gz", super::planted::gzip(&super::planted::gzip(b"x")));
    refused(&site, &build, "TP0802", "a.html.gz.gz", "twice");
    let build = site.copy("emea-it");
    build.put("a.bin.gz", super::planted::gzip(b"x"));
    refused(&site, &build, "TP0802", "a.bin.gz", "does not know");
}

/// A font of the theme is the same for every role.
#[test]
fn a_file_of_the_theme_is_let_through() {
    let site = Site::new();
    site.put("themes/default/static/a.woff2", b"wOF2\xff\xfe");
    let site = site.built();
    assert!(site.output("emea-it").join("static/a.woff2").is_file());
    let build = site.copy("emea-it");
    build.put("static/a.woff2", b"wOF2\xff\xff");
    refused(&site, &build, "TP0802", "static/a.woff2", "does not know");
}

#[test]
fn links_pipes_and_loops_are_refused() {
    let site = Site::new().built();
    let build = site.copy("emea-it");
    symlink("index.html", build.dir().join("link.html")).unwrap();
    refused(&site, &build, "TP0803", "link.html", "a symbolic link");

    let build = site.copy("emea-it");
    symlink("..", build.dir().join("threats/loop")).unwrap();
    refused(&site, &build, "TP0803", "threats/loop", "a symbolic link");

    let build = site.copy("emea-it");
    symlink("/nowhere", build.dir().join("dangling")).unwrap();
    refused(&site, &build, "TP0803", "dangling", "a symbolic link");

    let build = site.copy("emea-it");
    let pipe = build.dir().join("pipe.html");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    refused(&site, &build, "TP0803", "pipe.html", "neither a file nor a directory");

    let build = site.copy("emea-it");
    let _socket = UnixListener::bind(build.dir().join("s.json")).unwrap();
    refused(&site, &build, "TP0803", "s.json", "neither a file nor a directory");
}

#[test]
fn a_name_that_is_no_text_is_refused() {
    use std::os::unix::ffi::OsStrExt as _;
    let site = Site::new().built();
    let build = site.copy("emea-it");
    fs::write(build.dir().join(std::ffi::OsStr::from_bytes(b"a\xff.html")), "x").unwrap();
    refused(&site, &build, "TP0803", "a\u{fffd}.html", "not UTF-8");
}

/// A link to a build may lead elsewhere a moment later.
#[test]
fn a_link_to_a_build_is_none() {
    let site = Site::new().built();
    let build = site.copy("emea-it");
    let link = build.home.path().join("link");
    symlink(build.dir(), &link).unwrap();
    for verb in [&["audit", "--role", "emea-it"][..], &["verify"], &["diff", "/tmp"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
        command.args(verb).arg(&link).current_dir(site.home.path());
        assert_eq!(command.output().unwrap().status.code(), Some(4), "{verb:?}");
    }
}
