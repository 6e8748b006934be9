//! Inputs that broke something once, and inputs from every corner of what is read: `fuzz/` begins with
//! them, and they are tried again with every run of the tests.

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

use crate::bench::note;
use crate::properties::ALL;

#[test]
fn every_case_keeps_its_property() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut tried = 0;
    for (name, holds) in ALL {
        let mut files: Vec<_> = fs::read_dir(cases.join(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(!files.is_empty(), "{name} has no case");
        files.sort();
        for file in files {
            let input = fs::read(&file).unwrap();
            assert!(catch_unwind(|| holds(&input)).is_ok(), "{} breaks its property", file.display());
            tried += 1;
        }
    }
    note(&format!("{tried} cases keep the {} properties that are fuzzed", ALL.len()));
}

/// Every property has a fuzz target and a list of words, and there are no others.
#[test]
fn every_property_is_fuzzed() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let names: BTreeSet<String> = ALL.iter().map(|(name, _)| (*name).to_owned()).collect();
    for (directory, end) in [("targets", ".rs"), ("words", ".dict")] {
        let files = fs::read_dir(fuzz.join(directory)).unwrap().map(|entry| entry.unwrap().file_name());
        let found: BTreeSet<String> = files.map(|name| name.to_str().unwrap().replace(end, "")).collect();
        assert_eq!(found, names, "fuzz/{directory}");
    }
    let manifest = fs::read_to_string(fuzz.join("Cargo.toml")).unwrap();
    for name in names {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "fuzz/Cargo.toml has no {name}");
    }
}
