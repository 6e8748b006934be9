//! The files of `content/knowledge`.

use std::collections::BTreeSet;
use std::path::Path;

use super::{Knowledge, attack, cve, epss, kev};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, nearest, visible};
use crate::terms::CveId;

/// Where they stand in a site.
pub const HOME: &str = "content/knowledge";
/// ATT&CK: MITRE's STIX bundle, or the compact form.
pub const ATTACK: &str = "content/knowledge/attack.json";
/// CISA's catalogue of known exploited vulnerabilities.
pub const KEV: &str = "content/knowledge/kev.json";
/// FIRST's scores; `.gz` may follow.
pub const EPSS: &str = "content/knowledge/epss.csv";
/// The directory of CVE records.
pub const CVE: &str = "content/knowledge/cve";

/// Names in `content/knowledge` that something reads.
const READ: [&str; 5] = ["attack.json", "kev.json", "epss.csv", "epss.csv.gz", "cve"];

/// Reads what the site in `root` has; nothing is required. Of what is said about vulnerabilities only
/// that about the `named` ones is kept.
pub fn load(root: &Path, named: &BTreeSet<CveId>, diagnostics: &mut Diagnostics) -> Knowledge {
    note_unread(root, diagnostics);
    Knowledge {
        kev: kev::load(root, named, diagnostics),
        epss: epss::load(root, named, diagnostics),
        records: cve::load(root, named, diagnostics),
        ..attack::load(root, diagnostics)
    }
}

/// Notes files that nothing reads: published names differ from those that are read here.
fn note_unread(root: &Path, diagnostics: &mut Diagnostics) {
    let Ok(entries) = std::fs::read_dir(root.join(HOME)) else { return };
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let is_data = |name: &str| [".json", ".csv", ".gz", ".zst", ".zip"].iter().any(|end| name.ends_with(end));
    // Tables stand in other forms elsewhere, and in directories: of the scores nothing reads these.
    let is_scores = |name: &str| name.split('.').next() == Some("epss");
    let is_meant = |name: &str| !name.starts_with('.') && (is_data(name) || is_scores(name));
    let unread: BTreeSet<String> = names.filter(|name| is_meant(name) && !READ.contains(&name.as_str())).collect();
    for name in unread {
        let meant = if name.starts_with("epss") { Some("epss.csv.gz") } else { nearest(&name, READ) };
        let hint = match meant {
            Some(meant) => format!("is it meant to be `{meant}`?"),
            None => format!("read are {}", READ.join(", ")),
        };
        diagnostics.push(
            Diagnostic::note(Code::InvalidKnowledge, format!("nothing reads `{}`", visible(&name)))
                .in_file(format!("{HOME}/{name}"))
                .hint(hint),
        );
    }
}
