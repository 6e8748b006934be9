//! The build of a hostile site, file by file.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::Value;

use crate::bad_input::{self, A, DEVICES, REPORT, put};
use crate::bench::{home, note};

use super::marks::{Marked, is_invisible, printable};
use super::{site, strings};
use crate::page;

#[test]
fn the_strings_that_broke_others() {
    hold(strings::own());
}

#[test]
fn the_big_list_of_naughty_strings() {
    if let Some(strings) = strings::naughty() {
        hold(strings);
    }
}

/// Whatever Unicode there is.
#[test]
fn random_strings() {
    let config = Config { rng_seed: RngSeed::Fixed(2603), failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let strategy = prop_oneof![
        "[\\x00-\\x7f]{1,20}",
        prop::collection::vec(any::<char>(), 1..20).prop_map(String::from_iter),
        "[<>&\"'`=+@{}%|\\[\\]()!#*_~:\\\\/-]{1,12}",
    ];
    let one = || strategy.new_tree(&mut runner).unwrap().current();
    let strings: Vec<String> =
        std::iter::repeat_with(one).filter(|string| !string.trim().is_empty()).take(200).collect();
    hold(strings);
}

/// A megabyte in one field is shown whole; a title has to be shorter.
#[test]
fn a_megabyte_in_one_field() {
    let long = "<b>=".repeat(1 << 18);
    let devices = format!("{DEVICES}d3,\"{long}\",EMEA\n");
    let findings = "device_id,cve_id,status\nd3,CVE-2026-1000,exposed\n".to_owned();
    let tracked = REPORT.replace("tlp: amber", "tlp: amber\nvulnerabilities: [CVE-2026-1000]");
    let fields = [
        (A, REPORT.replace("summary: S", &format!("summary: \"{long}\""))),
        (A, format!("{REPORT}\n\\{}\n", long.replace("<b>", "\\<b\\>"))),
        (A, format!("{REPORT}\n    {long}\n")),
        ("content/snapshots/1/devices.csv", devices),
    ];
    for (path, text) in fields {
        let site = bad_input::site();
        put(site.path(), A, tracked.as_bytes());
        put(site.path(), "content/snapshots/1/vulnerabilities.csv", findings.as_bytes());
        put(site.path(), path, text.as_bytes());
        let output = bad_input::build(site.path(), &[]);
        assert!(output.status.success(), "{:?}", bad_input::messages(&output));
        let pages = bad_input::tree(&site.path().join("output/soc"));
        let pages = pages.iter().filter(|(name, _)| name.ends_with(".html"));
        let shown = pages.filter(|(_, html)| {
            let said = page::read(std::str::from_utf8(html).unwrap()).unwrap();
            said.texts.iter().any(|text| text.contains(&long))
        });
        assert!(shown.count() > 0, "{path}: no page shows it");
    }
    let title = REPORT.replace("title: A", &format!("title: \"{long}\""));
    bad_input::refused(A, title.as_bytes(), "TP0008", (A, Some(2)), "very long");
}

/// Builds a site with these strings in every field and looks at every file of the build.
fn hold(strings: Vec<String>) {
    let marked = Marked::new(strings);
    let home = home();
    site::write(home.path(), &marked);
    let output =
        Command::new(env!("CARGO_BIN_EXE_threatpress")).args(["build", "--site"]).arg(home.path()).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{}", told.chars().take(4000).collect::<String>());
    let steering: String = told.chars().filter(|c| *c != '\n' && is_invisible(*c)).collect();
    assert_eq!(steering.escape_unicode().to_string(), "", "a terminal could be steered");

    let mut look = Look { marked: &marked, seen: BTreeSet::new(), pages: 0 };
    let role = home.path().join("output/soc");
    for entry in walkdir::WalkDir::new(&role) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let name = entry.path().strip_prefix(&role).unwrap().to_str().unwrap();
            look.file(name, entry.path());
        }
    }
    let missing: Vec<usize> = (0..marked.len()).filter(|number| !look.seen.contains(number)).collect();
    assert!(missing.is_empty(), "these strings stand nowhere: {missing:?}");
    note(&format!("{} strings through {} fields on {} pages", marked.len(), site::FIELDS, look.pages));
}

struct Look<'a> {
    marked: &'a Marked,
    seen: BTreeSet<usize>,
    pages: usize,
}

impl Look<'_> {
    fn file(&mut self, name: &str, path: &Path) {
        is_safe(name);
        let bytes = fs::read(path).unwrap();
        let text = || String::from_utf8(bytes.clone()).unwrap_or_else(|_| panic!("{name} is not UTF-8"));
        match path.extension().unwrap().to_str().unwrap() {
            "html" => self.page(name, &text()),
            "json" => self.json(name, &serde_json::from_str(&text()).unwrap_or_else(|error| panic!("{name}: {error}"))),
            "csv" => self.csv(name, &bytes),
            "xml" | "svg" => self.xml(name, &text()),
            "txt" => self.marked.check(name, &text(), printable, &mut BTreeSet::new()),
            // No word of a site is ever written into these.
            "css" | "js" => {
                let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default").join(name);
                assert_eq!(bytes, fs::read(own).unwrap(), "{name}");
            }
            other => panic!("{name}: who wrote .{other}?"),
        }
    }

    fn page(&mut self, name: &str, html: &str) {
        self.pages += 1;
        let said = page::read(html).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
        for text in said.texts.iter().chain(said.values.iter().map(|(_, value)| value)) {
            let steering: String = text.chars().filter(|c| printable(&c.to_string()) != c.to_string()).collect();
            assert_eq!(steering.escape_unicode().to_string(), "", "{name} can be steered");
            self.marked.check(name, text, printable, &mut self.seen);
        }
        for (_, address) in said.values.iter().filter(|(name, _)| name == "href") {
            assert!(!address.contains("//evil.example"), "{name} leads to {address}");
        }
        // Drawings are XML as well.
        for part in html.split("<svg").skip(1) {
            let drawing = format!("<svg{}</svg>", part.split("</svg>").next().unwrap());
            self.xml(name, &drawing);
        }
    }

    /// Figures are exact; what scripts search is what pages show; a pattern quotes what it matches.
    fn json(&mut self, name: &str, value: &Value) {
        let shown: fn(&str) -> String = if name.starts_with("search/") { printable } else { str::to_owned };
        match value {
            Value::String(text) => self.marked.check(name, text, shown, &mut BTreeSet::new()),
            Value::Array(list) => list.iter().for_each(|value| self.json(name, value)),
            Value::Object(map) => map.iter().for_each(|(key, value)| match value {
                Value::String(pattern) if key == "pattern" => {
                    self.marked.check(name, pattern, quoted, &mut BTreeSet::new());
                }
                value => self.json(name, value),
            }),
            _ => {}
        }
    }

    /// A spreadsheet takes no cell for a formula; but for an apostrophe and control characters each
    /// is what it was.
    fn csv(&mut self, name: &str, bytes: &[u8]) {
        let bare = |text: &str| text.chars().filter(|c| !c.is_control()).collect::<String>();
        for record in csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes).records() {
            for cell in record.unwrap_or_else(|error| panic!("{name}: {error}")).iter() {
                let start = cell.trim_start_matches(|c: char| c.is_whitespace() || is_invisible(c));
                assert!(!start.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']), "{name}: {cell:?}");
                assert!(!cell.contains(|c: char| c.is_control()), "{name}: {cell:?}");
                self.marked.check(name, cell, bare, &mut BTreeSet::new());
            }
        }
    }

    fn xml(&mut self, name: &str, text: &str) {
        let document = roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut texts = Vec::new();
        for node in document.descendants() {
            assert!(!node.is_comment() && !node.is_pi(), "{name}");
            texts.extend(node.text().filter(|_| node.is_text()));
            for attribute in node.attributes() {
                self.marked.check(name, attribute.value(), printable, &mut BTreeSet::new());
            }
        }
        // A drawing has a text for each line of a name.
        let words = texts.join(" ");
        let texts = if document.root_element().tag_name().name() == "svg" { vec![words.as_str()] } else { texts };
        for text in texts {
            self.marked.check(name, text, printable, &mut BTreeSet::new());
        }
    }
}

/// A text within a string of a STIX pattern.
fn quoted(text: &str) -> String {
    text.replace('\\', r"\\").replace('\'', r"\'")
}

/// Whether a path can stand on every disk and behind every host.
fn is_safe(path: &str) {
    for part in path.split('/') {
        let odd = part.contains(|c: char| is_invisible(c) || "\\:*?\"<>|% ".contains(c));
        let safe = !part.is_empty() && part.len() <= 200 && !part.starts_with('.') && !part.ends_with('.');
        assert!(safe && !odd, "{path:?}");
    }
}
