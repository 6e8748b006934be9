//! Knowledge that is old: what became known since is missing from the pages.

use jiff::Timestamp;

use crate::diagnostics::{Code, Diagnostic};
use crate::knowledge::{ATTACK, KEV, Knowledge, STALE_AFTER, days_between};

/// ATT&CK has a new version about twice a year.
const YEAR: i64 = 365;

/// A file with a date of its own.
struct Dated<'a> {
    file: &'a str,
    what: String,
    date: Option<Timestamp>,
    /// It is old when it is more days than this older than the snapshot.
    most: i64,
    /// Where to get a newer one.
    from: &'static str,
}

/// The files that are old at `now`, by the date that each has in itself. One without a date may be of any.
pub(super) fn old(knowledge: &Knowledge, now: Timestamp) -> Vec<Diagnostic> {
    let version = knowledge.attack_version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
    let attack = Dated {
        file: ATTACK,
        what: format!("ATT&CK{version}"),
        date: knowledge.attack_changed,
        most: YEAR,
        from: "enterprise-attack.json of https://github.com/mitre-attack/attack-stix-data",
    };
    let kev = knowledge.kev.as_ref().map(|kev| Dated {
        file: KEV,
        what: "CISA's catalogue".to_owned(),
        date: kev.released,
        most: STALE_AFTER,
        from: "known_exploited_vulnerabilities.json of https://www.cisa.gov/known-exploited-vulnerabilities-catalog",
    });
    let epss = knowledge.epss.as_ref().map(|epss| Dated {
        file: &epss.file,
        what: "the file of EPSS scores".to_owned(),
        date: epss.scored,
        most: STALE_AFTER,
        from: "epss_scores-current.csv.gz of https://www.first.org/epss/data_stats",
    });
    let files = [Some(attack), kev, epss].into_iter().flatten();
    files.filter_map(|file| told(&file, now)).collect()
}

fn told(file: &Dated<'_>, now: Timestamp) -> Option<Diagnostic> {
    let date = file.date?;
    let days = days_between(date, now);
    if days <= file.most {
        return None;
    }
    let day = date.strftime("%Y-%m-%d");
    let message = format!("{} is of {day}, {days} days before the snapshot's time, {now}", file.what);
    let told = Diagnostic::warning(Code::OldKnowledge, message).in_file(file.file);
    Some(told.hint(format!("fetch {}; as it is, what became known since is missing", file.from)))
}
