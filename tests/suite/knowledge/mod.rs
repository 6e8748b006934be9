//! What the world knows: the published files as they are, damaged ones, and what of them may stand in
//! whose build.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::bad_input::{CONFIGURATION_OF_SITE, DEVICES, build, messages, put};
use crate::bench::home;

mod damaged;
mod published;
mod slices;

/// A site with a report of these vulnerabilities for everybody.
fn site(vulnerabilities: &[String]) -> TempDir {
    let site = home();
    put(site.path(), "threatpress.yaml", CONFIGURATION_OF_SITE.as_bytes());
    put(site.path(), "content/snapshots/1/snapshot.yaml", b"as_of: 2026-11-16T06:00:00Z\n");
    put(site.path(), "content/snapshots/1/devices.csv", DEVICES.as_bytes());
    put(site.path(), "content/snapshots/1/vulnerabilities.csv", b"device_id,cve_id,severity\n");
    report(site.path(), "open", "tlp: clear", vulnerabilities);
    site
}

/// Adds a report of these vulnerabilities.
fn report(site: &Path, slug: &str, keys: &str, vulnerabilities: &[String]) {
    let front = format!(
        "title: Report {slug}\ntype: activity\nsummary: S\npublished: 2026-11-02\n{keys}\nvulnerabilities: [{}]\n",
        vulnerabilities.join(", ")
    );
    let text = format!("---\n{front}---\n## Executive summary\n\nText.\n");
    put(site, &format!("content/reports/{slug}.md"), text.as_bytes());
}

/// Builds the site, in which nothing stops that, and gives what was told.
fn built(site: &Path) -> Vec<serde_json::Value> {
    let output = build(site, &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    messages(&output)
}

/// The rows of the index of vulnerabilities, by id and heading.
fn index(site: &Path, role: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let path = site.join(format!("output/{role}/vulnerabilities/vulnerabilities.csv"));
    let mut reader = csv::Reader::from_path(path).unwrap();
    let headings = reader.headers().unwrap().clone();
    let row = |record: csv::StringRecord| {
        let cells = headings.iter().zip(record.iter()).map(|(heading, cell)| (heading.to_owned(), cell.to_owned()));
        (record[0].to_owned(), cells.collect())
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

/// The texts of a page, one after another.
fn page(site: &Path, role: &str, path: &str) -> String {
    let html = fs::read_to_string(site.join("output").join(role).join(path).join("index.html")).unwrap();
    crate::page::read(&html).unwrap().texts.join("\n")
}

/// The published files that stand beside the project; `None`, and a word on it, where they do not.
fn published(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/vuln").join(name);
    if !path.exists() {
        println!("note: {} is not there, so it is not read", path.display());
        return None;
    }
    Some(path)
}
