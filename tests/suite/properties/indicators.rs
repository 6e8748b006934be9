//! Indicators, from CSV and STIX and however they are defanged: read or told, and shown so that nobody can follow them.

use std::fs;

use threatpress::diagnostics::Diagnostics;
use threatpress::terms::{IndicatorType, defanged, refanged};

use super::{are_told_well, directory, front_matter};

pub(super) fn hold(input: &[u8]) {
    for name in ["i.csv", "i.json"] {
        let site = directory();
        let home = site.path().join("content/reports/a");
        fs::create_dir_all(&home).unwrap();
        let front = "title: A\ntype: osint\nsummary: S\npublished: 2026-11-02\ntlp: clear";
        fs::write(home.join("index.md"), format!("---\n{front}\nindicators: {name}\n---\n")).unwrap();
        fs::write(home.join(name), input).unwrap();
        let mut told = Diagnostics::new();
        let library = front_matter::read(site.path(), &mut told);
        are_told_well(&told);
        for indicator in library.reports.iter().flat_map(|report| &report.facts.indicators) {
            assert!(!indicator.value.is_empty(), "an indicator of nothing");
            is_harmless(indicator.kind, &indicator.value);
        }
    }
    if let Ok(text) = std::str::from_utf8(input) {
        for line in text.lines().map(refanged) {
            for kind in IndicatorType::ALL {
                is_harmless(*kind, &line);
            }
        }
    }
}

/// Shown, it is nothing that a program would make a link of.
fn is_harmless(kind: IndicatorType, value: &str) {
    let shown = defanged(kind, value);
    let lower = shown.to_ascii_lowercase();
    for scheme in ["http://", "https://", "ftp://"] {
        assert!(!lower.contains(scheme), "{kind:?} {value:?} is shown as {shown:?}");
    }
    if matches!(kind, IndicatorType::Domain | IndicatorType::Ipv4 | IndicatorType::Email) {
        assert!(!shown.replace("[.]", "").contains('.'), "{kind:?} {value:?} is shown as {shown:?}");
    }
    // What was not written with brackets itself comes back as it was.
    let bare = !value.contains(['[', ']', '(', ')', '{', '}']) && !value.contains("://") && value == value.trim();
    if bare && matches!(kind, IndicatorType::Domain | IndicatorType::Ipv4 | IndicatorType::Email) {
        assert_eq!(refanged(&shown), refanged(value), "{kind:?}");
    }
}
