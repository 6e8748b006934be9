//! What the world says of a vulnerability, as cells and facts. A source that is not at hand has no
//! column; where it is at hand and says nothing, that is told.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::knowledge::{Affected, Cvss, Exploited, Knowledge, Probability, Record, Score};
use crate::pages::cell::{Cell, Part, capital};
use crate::pages::number::grouped;
use crate::pages::page::Fact;
use crate::pages::portal::Portal;
use crate::pages::sources;
use crate::pages::table::{Column, Kind, columns};
use crate::terms::{CveId, Moment, Severity};

/// So many names or versions are shown where there may be hundreds.
const SHOWN: usize = 8;

/// What the sources say of one vulnerability.
#[derive(Clone, Copy)]
pub(in crate::pages) struct Known<'a> {
    all: &'a Knowledge,
    pub(super) record: Option<&'a Record>,
    pub(super) exploited: Option<&'a Exploited>,
    score: Option<&'a Score>,
}

impl<'a> Known<'a> {
    pub(in crate::pages) fn of(portal: &Portal<'a>, id: &CveId) -> Self {
        let all = portal.ground.knowledge();
        Self { all, record: all.records.get(id), exploited: all.exploited(id), score: all.score(id) }
    }

    /// Its name in words.
    pub(in crate::pages) fn name(&self) -> Option<&'a str> {
        let own = self.record.and_then(|record| record.title.as_deref());
        own.or_else(|| self.exploited?.name.as_deref())
    }

    /// What it is.
    pub(super) fn description(&self) -> Option<&'a str> {
        let own = self.record.and_then(|record| record.description.as_deref());
        own.or_else(|| self.exploited?.description.as_deref())
    }

    /// The first of its scores: the newest version of CVSS by who assigned the id.
    pub(super) fn cvss(&self) -> Option<&'a Cvss> {
        self.record?.scores.first()
    }

    /// How it stands among others: severity, exploited, EPSS; the greatest is the worst.
    pub(super) fn rank(&self, counted: Severity) -> (Severity, bool, Option<Probability>) {
        let severity = match counted {
            Severity::Unknown => self.cvss().map_or(counted, |cvss| cvss.severity),
            counted => counted,
        };
        (severity, self.exploited.is_some(), self.score.map(|score| score.probability))
    }

    /// What makes it urgent, in words for a short list.
    pub(super) fn urgency(&self) -> Vec<String> {
        let exploited = self.exploited.map(|_| "known to be exploited".to_owned());
        let score = self.score.map(|score| format!("EPSS {}", score.probability.percent()));
        exploited.into_iter().chain(score).collect()
    }

    fn products(&self) -> Vec<String> {
        let listed = || Some(joined(self.exploited?.vendor.as_deref(), self.exploited?.product.as_deref()?));
        match self.record.map(|record| record.affected.as_slice()) {
            Some(affected) if !affected.is_empty() => affected.iter().map(full_name).collect(),
            _ => listed().into_iter().collect(),
        }
    }

    fn product_cell(&self) -> Cell {
        let products = self.products();
        let shown = match products.as_slice() {
            [] => return Cell::missing(),
            [one] => one.clone(),
            [first, rest @ ..] => format!("{first} and {} more", grouped(rest.len() as u64)),
        };
        Cell::text(shown).with_raw(products.join("; "))
    }

    fn cvss_cell(&self) -> Cell {
        if self.record.is_some_and(|record| record.rejected.is_some()) {
            return Cell::text("Rejected");
        }
        self.cvss().map_or_else(Cell::missing, |cvss| Cell::text(format!("{cvss} ({})", cvss.version)))
    }

    /// The columns of all that is said in a word, of the sources that are at hand.
    pub(super) fn columns(portal: &Portal) -> Vec<Column> {
        let all = portal.ground.knowledge();
        let has_records = !all.records.is_empty();
        let product = (has_records || all.kev.is_some()).then(|| columns([("Product", Kind::Text)]));
        let cvss = has_records.then(|| columns([("CVSS", Kind::Number)]));
        product.into_iter().chain(cvss).flatten().chain(Self::urgent_columns(portal)).collect()
    }

    /// Its cells in these columns.
    pub(super) fn cells(&self) -> Vec<Cell> {
        let has_records = !self.all.records.is_empty();
        let product = (has_records || self.all.kev.is_some()).then(|| self.product_cell());
        let cvss = has_records.then(|| self.cvss_cell());
        product.into_iter().chain(cvss).chain(self.urgent_cells()).collect()
    }

    /// The columns that say how urgent it is, of the sources that are at hand.
    pub(in crate::pages) fn urgent_columns(portal: &Portal) -> Vec<Column> {
        let all = portal.ground.knowledge();
        let score = all.epss.is_some().then(|| columns([("EPSS", Kind::Number)]));
        let listed = all.kev.is_some().then(|| columns([("Exploited since", Kind::Date), ("Due", Kind::Date)]));
        score.into_iter().chain(listed).flatten().collect()
    }

    /// Its cells in these columns.
    pub(in crate::pages) fn urgent_cells(&self) -> Vec<Cell> {
        let score = self.all.epss.as_ref().map(|_| {
            self.score.map_or_else(Cell::missing, |score| {
                Cell::text(score.probability.percent()).with_raw(score.probability.to_string())
            })
        });
        let listed = self.all.kev.as_ref().map(|_| {
            let since = self.exploited.map_or_else(|| Cell::text("Not listed"), since);
            [since, Cell::moment(self.exploited.and_then(|one| one.due).map(Moment::Date))]
        });
        score.into_iter().chain(listed.into_iter().flatten()).collect()
    }

    /// The lines of the fact card.
    pub(super) fn facts(&self) -> Vec<Option<Fact>> {
        let text = |label, text: Option<String>| Fact::new(label, text.map(Part::text).into_iter().collect());
        let exploited = self.all.kev.as_ref().map(|kev| match self.exploited {
            Some(one) => format!("{}.", capital(&listed(one))),
            None => format!("Not in CISA's catalogue{}", sources::of_day(kev.released)),
        });
        let ransomware =
            self.exploited.map(|one| if one.ransomware { "Known to use it" } else { "Not known to use it" }.to_owned());
        let epss = self.all.epss.as_ref().map(|epss| match self.score {
            Some(score) => {
                format!("{} within 30 days{}", score.probability.percent(), sources::of_day(epss.scored))
            }
            None => format!("No score{}", sources::of_day(epss.scored)),
        });
        let percentile = self.score.map(|score| format!("{} of all score no higher", score.percentile.percent()));
        let record = self.record.map(|record| {
            let by = record.assigner.as_ref().map(|by| format!("by {by}"));
            let updated = record.updated.map(|time| format!("updated {}", sources::day(time)));
            by.into_iter().chain(updated).collect::<Vec<_>>().join(", ")
        });
        vec![
            Fact::new("CVSS", self.cvss().map(cvss_part).into_iter().collect()),
            text("EPSS", epss),
            text("EPSS percentile", percentile),
            text("Known to be exploited", exploited),
            text("Ransomware campaigns", ransomware),
            text("CVE record", record.filter(|text| !text.is_empty())),
        ]
    }
}

fn since(one: &Exploited) -> Cell {
    one.added.map_or_else(|| Cell::text("Listed"), |day| Cell::moment(Some(Moment::Date(day))))
}

/// "9.8 (version 3.1), critical, by microsoft".
fn cvss_part(cvss: &Cvss) -> Part {
    let severity = (cvss.severity != Severity::Unknown).then(|| format!(", {}", cvss.severity.word()));
    let by = cvss.by.as_ref().map(|by| format!(", by {by}"));
    Part::text(format!("{cvss} (version {}){}{}", cvss.version, severity.unwrap_or_default(), by.unwrap_or_default()))
}

/// Since when CISA lists it, and by when to act.
fn listed(one: &Exploited) -> String {
    let since = one.added.map_or_else(|| "listed".to_owned(), |day| format!("since {day}"));
    let due = one.due.map(|day| format!(", due {day}"));
    format!("{since}{}", due.unwrap_or_default())
}

/// How many of the vulnerabilities are known to be exploited, and which date comes first:
/// "2 known to be exploited, the first due 2025-07-21".
pub(in crate::pages) fn exploited(portal: &Portal, ids: &BTreeSet<CveId>) -> Option<String> {
    let all = portal.ground.knowledge();
    let kev = all.kev.as_ref().filter(|_| !ids.is_empty())?;
    let of_day = sources::of_day(kev.released);
    let found: Vec<&Exploited> = ids.iter().filter_map(|id| all.exploited(id)).collect();
    let due: Option<Date> = found.iter().filter_map(|one| one.due).min();
    let first = if found.len() > 1 { "the first due" } else { "due" };
    let due = due.map(|day| format!(", {first} {day}")).unwrap_or_default();
    Some(match found.len() {
        0 => format!("None in CISA's catalogue{of_day}"),
        count => format!("{} known to be exploited{due} (CISA{of_day})", grouped(count as u64)),
    })
}

/// The products that a record names, each a row: which of their versions are affected, and with which
/// that ends.
pub(super) fn affected(record: &Record) -> Vec<Vec<Cell>> {
    let row = |one: &Affected| {
        let versions = &one.versions;
        let mut affected = versions.affected.clone();
        if versions.all_others {
            affected
                .push(if affected.is_empty() { "all but those named" } else { "all that are not named" }.to_owned());
        }
        vec![Cell::text(full_name(one)), several(&affected), several(&versions.fixed)]
    };
    record.affected.iter().map(row).collect()
}

fn several(texts: &[String]) -> Cell {
    let shown = texts.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("; ");
    match texts.len().checked_sub(SHOWN) {
        _ if texts.is_empty() => Cell::missing(),
        None | Some(0) => Cell::text(shown),
        Some(more) => Cell::text(format!("{shown} and {} more", grouped(more as u64))).with_raw(texts.join("; ")),
    }
}

/// The scores, each a row.
pub(super) fn scores(record: &Record) -> Vec<Vec<Cell>> {
    let row = |cvss: &Cvss| {
        let severity = match cvss.severity {
            Severity::Unknown => Cell::missing(),
            severity => Cell::part(Part::severity(severity)),
        };
        vec![
            Cell::text(format!("CVSS {}", cvss.version)),
            Cell::text(cvss.to_string()),
            severity,
            Cell::text(cvss.by.as_deref().unwrap_or_default()),
            cvss.vector.as_ref().map_or_else(Cell::missing, Cell::code),
        ]
    };
    record.scores.iter().map(row).collect()
}

fn full_name(one: &Affected) -> String {
    joined(one.vendor.as_deref(), &one.product)
}

/// Vendor and product; many products begin with their vendor's name.
fn joined(vendor: Option<&str>, product: &str) -> String {
    match vendor.filter(|vendor| !product.to_lowercase().starts_with(&vendor.to_lowercase())) {
        Some(vendor) => format!("{vendor} {product}"),
        None => product.to_owned(),
    }
}
