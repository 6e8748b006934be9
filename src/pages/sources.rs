//! Where what the world knows comes from: the sources that a slice uses, each with its date and its
//! notice.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use super::cell::Cell;
use super::number::{counted, grouped};
use super::portal::Portal;
use super::table::{Kind, Table, columns};
use crate::knowledge::{STALE_AFTER, days_between};
use crate::terms::Moment;

/// A source.
struct Source {
    /// Its name.
    name: &'static str,
    /// Its version.
    version: Option<String>,
    /// When it was published.
    date: Option<Timestamp>,
    /// How many of its entries the pages show.
    entries: usize,
    /// What its publisher asks to be said, where the file or the program knows it.
    notice: Option<String>,
}

const KEV: &str = "Known exploited vulnerabilities: catalogue of the Cybersecurity and Infrastructure Security Agency (CISA), https://www.cisa.gov/known-exploited-vulnerabilities-catalog. Due dates bind federal agencies of the United States. CISA endorses no site that shows them.";
const EPSS: &str = "EPSS scores: Exploit Prediction Scoring System of the Forum of Incident Response and Security Teams (FIRST), https://www.first.org/epss/.";
const CVE: &str = "CVE records: CVE® is a registered trademark of The MITRE Corporation. CVE records are copyright The MITRE Corporation and used under the CVE terms of use, https://www.cve.org/Legal/TermsOfUse.";

/// The sources that say something in this slice.
fn sources(portal: &Portal) -> Vec<Source> {
    let all = portal.ground.knowledge();
    let attack = (all.attack_entries() > 0).then(|| Source {
        name: "MITRE ATT&CK",
        version: all.attack_version.clone(),
        date: None,
        entries: all.attack_entries(),
        notice: all.notice.clone(),
    });
    let kev = all.kev.as_ref().map(|kev| Source {
        name: "CISA's known exploited vulnerabilities",
        version: kev.version.clone(),
        date: kev.released,
        entries: kev.entries.len(),
        notice: Some(KEV.to_owned()),
    });
    let epss = all.epss.as_ref().map(|epss| Source {
        name: "EPSS",
        version: epss.model.clone(),
        date: epss.scored,
        entries: epss.scores.len(),
        notice: Some(EPSS.to_owned()),
    });
    let records = (!all.records.is_empty()).then(|| Source {
        name: "CVE records",
        version: None,
        date: all.records.values().filter_map(|record| record.updated).max(),
        entries: all.records.len(),
        notice: Some(CVE.to_owned()),
    });
    [attack, kev, epss, records].into_iter().flatten().collect()
}

/// The sources as a table of the page about the build.
pub(super) fn table(portal: &Portal) -> Option<Table<'static>> {
    let sources = sources(portal);
    if sources.is_empty() {
        return None;
    }
    let columns = columns([
        ("Source", Kind::Text),
        ("Version", Kind::Text),
        ("Published", Kind::Date),
        ("Older than the data by", Kind::Number),
        ("Entries shown", Kind::Number),
    ]);
    let rows = sources.iter().map(|source| {
        let age = source.date.map(|date| age(portal, date)).filter(|days| *days > 0);
        vec![
            Cell::text(source.name),
            source.version.as_ref().map_or_else(Cell::missing, Cell::text),
            source.date.map_or_else(Cell::missing, |date| Cell::moment(Some(Moment::Date(day(date))))),
            Cell::text(age.map(|days| counted(days.unsigned_abs(), "day", "days")).unwrap_or_default()),
            Cell::count(Some(source.entries as u64)),
        ]
    });
    let table = Table::new("about/", "sources", "What is known beyond this site's own data", columns)
        .rows(rows)
        .note("Only what your reports name is shown. — means that the source does not say. Of CVE records the date is that of the record changed last.");
    Some(table)
}

/// What the publishers of the sources ask to be said.
pub(super) fn notices(portal: &Portal) -> Vec<String> {
    sources(portal).into_iter().filter_map(|source| source.notice).collect()
}

/// The same of those that say something of vulnerabilities.
pub(super) fn notices_of_vulnerabilities(portal: &Portal) -> Vec<String> {
    notices(portal).into_iter().filter(|notice| [KEV, EPSS, CVE].contains(&notice.as_str())).collect()
}

/// What a reader must know of the sources behind figures of vulnerabilities: their dates, and whether
/// they are old.
pub(super) fn note(portal: &Portal) -> Option<String> {
    let all = portal.ground.knowledge();
    let kev = all.kev.as_ref().map(|kev| {
        format!("Exploited since, due: CISA's catalogue{}{}.", of_day(kev.released), staleness(portal, kev.released))
    });
    let epss = all.epss.as_ref().map(|epss| {
        format!(
            "EPSS: how probable exploitation within 30 days is, FIRST's scores{}{}.",
            of_day(epss.scored),
            staleness(portal, epss.scored)
        )
    });
    let said: Vec<String> = [epss, kev].into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(" "))
}

/// The same of scores.
pub(super) fn note_on_scores(portal: &Portal) -> Option<String> {
    let has_records = !portal.ground.knowledge().records.is_empty();
    has_records.then(|| "CVSS: from CVE records, its version in brackets.".to_owned())
}

/// Words for a source that is much older than the data.
fn staleness(portal: &Portal, date: Option<Timestamp>) -> String {
    match date.map(|date| age(portal, date)) {
        Some(days) if days > STALE_AFTER => {
            format!(
                ", which is {} days older than the data: what became known since is missing",
                grouped(days.unsigned_abs())
            )
        }
        _ => String::new(),
    }
}

/// How many whole days before the snapshot.
fn age(portal: &Portal, date: Timestamp) -> i64 {
    days_between(date, portal.ground.as_of())
}

/// The day of an instant, in UTC.
pub(super) fn day(time: Timestamp) -> Date {
    Offset::UTC.to_datetime(time).date()
}

/// " of 2026-08-07", or nothing where there is no date.
pub(super) fn of_day(time: Option<Timestamp>) -> String {
    time.map_or_else(String::new, |time| format!(" of {}", day(time)))
}
