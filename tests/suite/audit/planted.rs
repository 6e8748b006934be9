//! Every way to write a name, in every kind of text, for every kind of name.

use std::io::Write as _;

use super::encodings::{ENCODINGS, Encoding};
use super::{Site, messages, report, told};

/// A kind of name, as the message calls it, and the `n`th name of it.
struct Kind {
    what: &'static str,
    name: fn(usize) -> String,
}

const KINDS: [Kind; 7] = [
    Kind { what: "the name of a device", name: |n| format!("sin-wsus-{n:04}") },
    Kind { what: "the id of a device", name: |n| format!("3f2504e0-4f89-41d3-9a0c-{n:012}") },
    Kind { what: "an alert", name: |n| format!("da6375{n:04}_-14448{n:04}") },
    Kind { what: "an incident", name: |n| format!("inc-77{n:04}") },
    Kind { what: "a device group", name: |n| format!("APAC Plant {n:03}") },
    Kind { what: "the title of a report", name: |n| format!("Night {n:03} in the harbour") },
    Kind { what: "the slug of a report", name: |n| format!("harbour-night-{n:03}") },
];

/// How a text with a name in it becomes a file: its path, and its bytes.
type Sink = (&'static str, fn(&str) -> Vec<u8>);

const SINKS: [Sink; 14] = [
    ("text.html", |name| format!("<!doctype html><p>On {name}, say.</p>").into_bytes()),
    ("attribute.html", |name| format!("<p data-name=\"{}\">x</p>", quoted(name)).into_bytes()),
    ("alternative.html", |name| format!("<img src='x.png' alt='{}'>", quoted(name)).into_bytes()),
    ("address.html", |name| format!("<a href=\"/devices/{}/?q=1\">x</a>", quoted(name)).into_bytes()),
    ("query.html", |name| format!("<a href=\"/?q={}\">x</a>", quoted(name)).into_bytes()),
    ("comment.html", |name| format!("<!-- {} --><p>x</p>", name.replace("<!-- x -->", "&shy;")).into_bytes()),
    ("island.html", |name| format!("<script type=\"application/json\">{{\"a\":\"{name}\"}}</script>").into_bytes()),
    ("search.json", |name| format!("{{\"terms\":[\"{name}\",1]}}\n").into_bytes()),
    ("other.xml", |name| format!("<feed><title>a {name}, b</title></feed>").into_bytes()),
    ("table.csv", |name| format!("device,count\n\"{name}\",1\n").into_bytes()),
    ("chart.svg", |name| format!("<svg><text>{name}</text><path id=\"x\"/></svg>").into_bytes()),
    ("style.css", |name| format!(".a::after {{ content: \"{name}\" }}").into_bytes()),
    ("script.js", |name| format!("const a = '{name}';").into_bytes()),
    ("page.html.gz", |name| gzip(format!("<p>{name}</p>").as_bytes())),
];

/// Quotes and what would end a tag have no place in an attribute.
fn quoted(name: &str) -> String {
    name.replace('"', "&quot;").replace('\'', "&#39;")
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(bytes).unwrap();
    gz.finish().unwrap()
}

/// A site with as many hidden names of each kind as there are encodings.
fn site() -> Site {
    let site = Site::new();
    let count = ENCODINGS.len();
    let names = |kind: usize| (0..count).map(move |n| (KINDS[kind].name)(n));
    let devices: String = names(0).zip(names(1)).map(|(name, id)| format!("{id},{name},APAC\n")).collect();
    site.add("content/snapshots/1/devices.csv", &devices);
    let groups: String = names(4).enumerate().map(|(n, group)| format!("gr-{n:07},gr-host-{n:04},{group}\n")).collect();
    site.add("content/snapshots/1/devices.csv", &groups);
    let alerts =
        names(2).zip(names(3)).map(|(id, incident)| format!("{id},Alert,new,2026-11-15,apac-id-0001,{incident}\n"));
    site.add("content/snapshots/1/alerts.csv", &alerts.collect::<String>());
    for (title, slug) in names(5).zip(names(6)) {
        site.put(&format!("content/reports/{slug}.md"), report(&title, "tlp: red", "Text."));
    }
    site
}

/// As many kinds as one run tells names of, one by one.
const KINDS_AT_ONCE: usize = 4;

#[test]
fn every_spelling_is_found_in_every_text() {
    let site = site();
    let output = site.build(&["--role", "emea-it"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let mut missed = Vec::new();
    for sink in SINKS {
        for kinds in KINDS.chunks(KINDS_AT_ONCE) {
            missed.extend(missed_in(&site, sink, kinds));
        }
    }
    assert!(missed.is_empty(), "{} are not found:\n{}", missed.len(), missed.join("\n"));
}

/// Writes a name of its own for each kind and each spelling into a file of its own; tells those
/// that are not found there.
fn missed_in(site: &Site, (file, sink): Sink, kinds: &[Kind]) -> Vec<String> {
    let build = site.copy("emea-it");
    let mut planted = Vec::new();
    for (at, kind) in kinds.iter().enumerate() {
        for (n, Encoding { name: encoding, write }) in ENCODINGS.iter().enumerate() {
            let name = (kind.name)(n);
            let path = format!("planted-{at}-{n}/{file}");
            build.put(&path, sink(&write(&name)));
            let message = format!("`{name}` is {} that `emea-it` may not see", kind.what);
            planted.push((message, path, format!("{}, {encoding}, in {file}", kind.what)));
        }
    }
    let output = site.audit(&build);
    assert_eq!(output.status.code(), Some(3), "{file}");
    let messages = messages(&output);
    let leaks = told(&messages, "TP0800");
    let is_told = |message: &str, path: &str| {
        leaks.iter().any(|leak| leak["message"] == message && leak["file"].as_str().is_some_and(|f| f.ends_with(path)))
    };
    planted.into_iter().filter(|(message, path, _)| !is_told(message, path)).map(|(.., what)| what).collect()
}

#[test]
fn names_of_files_and_directories_are_looked_at() {
    let site = Site::new().built();
    for path in [
        "apac-srv-0001.html",
        "a/APAC-SRV-0001/index.html",
        "apac%2Dsrv%2d0001.json",
        "apac\u{2010}srv\u{2010}0001.css",
        "\u{ff41}pac-srv-0001/x.txt",
        "groups/apac_srv_0001/index.html",
        #[cfg(unix)]
        "apac-srv-0001\\index.html",
    ] {
        let build = site.copy("emea-it");
        build.put(path, "x");
        let output = site.audit(&build);
        assert_eq!(output.status.code(), Some(3), "{path}");
        let messages = messages(&output);
        let leaks = told(&messages, "TP0800");
        assert_eq!(leaks.len(), 1, "{messages:?}");
        let part = path.split('/').find(|part| part.to_lowercase().contains("srv") || part.contains("%2D")).unwrap();
        assert!(leaks[0]["file"].as_str().unwrap().ends_with(part), "{messages:?}");
    }
}

#[test]
fn the_manifest_and_the_files_of_the_program_are_looked_at_too() {
    let site = Site::new().built();
    for path in ["manifest.json", "index.html", "feed.xml", "data.json", "static/theme.css", "404.html"] {
        let build = site.copy("emea-it");
        let mut bytes = std::fs::read(build.dir().join(path)).unwrap();
        bytes.extend_from_slice(b"\n apac-srv-0001 \n");
        build.put(path, bytes);
        let output = site.audit(&build);
        assert_eq!(output.status.code(), Some(3), "{path}");
        let messages = messages(&output);
        let leak = told(&messages, "TP0800")[0];
        assert!(leak["file"].as_str().unwrap().ends_with(path), "{leak}");
        assert!(leak["line"].as_u64().is_some_and(|line| line > 1), "{leak}");
    }
}

#[test]
fn a_large_file_is_looked_at_to_its_end() {
    let site = Site::new().built();
    let build = site.copy("emea-it");
    let mut text = "word, ".repeat(750_000);
    // Over the seam between two pieces, and at the very end.
    text.replace_range((4 << 20) - 6..(4 << 20) + 9, " apac-srv-0001 ");
    text.push_str("apac-id-0001");
    build.put("large.txt", text);
    let output = site.audit(&build);
    assert_eq!(told(&messages(&output), "TP0800").len(), 2, "{}", String::from_utf8_lossy(&output.stderr));
}
