//! Front matter: a report is read, or the author is told why not.

use std::fs;

use threatpress::diagnostics::{Diagnostics, is_unprintable};
use threatpress::report::{Defaults, Library, load};
use threatpress::terms::Tlp;

use super::{are_told_well, directory};

pub(super) fn hold(input: &[u8]) {
    let site = directory();
    let home = site.path().join("content/reports/a");
    fs::create_dir_all(&home).unwrap();
    fs::write(home.join("index.md"), input).unwrap();
    let mut told = Diagnostics::new();
    let library = read(site.path(), &mut told);
    are_told_well(&told);
    let Some(report) = library.reports.first() else {
        assert!(told.has_errors(), "no report, and no word why");
        return;
    };
    let facts = &report.facts;
    assert!(!facts.title.contains(is_unprintable) && !facts.title.trim().is_empty(), "{:?}", facts.title);
    for slug in facts.redirects.iter().chain([&facts.slug]) {
        assert!(!slug.is_empty() && !slug.contains(['/', '\\']) && !slug.starts_with('.'), "{slug:?} is no slug");
    }
    // Who may read it is never a guess: the keys that decide are told, or mean what they say.
    let names = report.admission.audience.iter().flatten();
    for role in names {
        assert!(told.has_errors() || ["soc", "emea"].contains(&role.as_str()), "{role:?} is no role");
    }
    assert!(report.origin.source.text().get(report.origin.body.clone()).is_some(), "the text is part of the file");
}

pub(super) fn read(site: &std::path::Path, told: &mut Diagnostics) -> Library {
    load(site, Defaults { tlp: Tlp::Red, roles: &["emea", "soc"] }, told)
}
