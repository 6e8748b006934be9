//! Every document of the YAML test suite as front matter: taken or refused with its place, never a
//! fault of the program.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

use crate::bad_input::{A, messages, put, site};
use crate::bench::note;

/// A case of the suite; a file's further cases may leave the document out.
#[derive(Deserialize)]
struct Case {
    yaml: Option<String>,
}

/// The suite writes what is invisible with signs of its own.
fn meant(yaml: &str) -> String {
    let tabs = ["————»", "———»", "——»", "—»", "»"].iter().fold(yaml.to_owned(), |text, tab| text.replace(tab, "\t"));
    tabs.replace('␣', " ").replace(['↵', '∎'], "").replace('←', "\r").replace('⇔', "\u{feff}")
}

fn documents(suite: &Path) -> Vec<String> {
    let mut files: Vec<_> = fs::read_dir(suite).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let texts = files.iter().map(|path| fs::read_to_string(path).unwrap());
    let cases = texts.flat_map(|text| serde_saphyr::from_str::<Vec<Case>>(&text).unwrap());
    cases.filter_map(|case| case.yaml).map(|yaml| meant(&yaml)).collect()
}

#[test]
fn front_matter_can_be_any_yaml() {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/badinput/yaml-test-suite");
    if !suite.is_dir() {
        note("the YAML test suite is not here: it was NOT tried");
        return;
    }
    let documents = documents(&suite);
    assert!(documents.len() > 100);
    let site = site();
    for yaml in &documents {
        for text in
            [format!("---\n{yaml}\n---\n"), format!("---\ntitle: A\nsummary:\n  {}\n---\n", yaml.replace('\n', "\n  "))]
        {
            put(site.path(), A, text.as_bytes());
            let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
            let output = command.args(["check", "--format", "json", "--site"]).arg(site.path()).output().unwrap();
            let told = messages(&output);
            assert_eq!(output.status.code(), Some(1), "{text}\nlacks what a report needs: {told:?}");
            for line in told.iter().filter(|line| line["severity"] == "error") {
                assert_eq!(line["file"], A, "{text}\n{line}");
                assert!(line["line"].is_u64() && line["hint"].is_string(), "{text}\n{line}");
            }
        }
    }
    note(&format!("{} YAML documents, each as front matter and inside it", documents.len()));
}
