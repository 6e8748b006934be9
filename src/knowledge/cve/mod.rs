//! `cve/*.json`: CVE records, version 5 of their form.
//!
//! A record has the container of the authority that assigned the id (the CNA), and containers of
//! others that add to it (ADPs), as CISA's. What the CNA says comes first.

mod read;
mod written;

use jiff::Timestamp;

use crate::terms::{CveId, Severity};

pub(super) use read::load;

/// What a record says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The file, from the root of the site.
    pub file: String,
    /// Who assigned the id.
    pub assigner: Option<String>,
    /// When the record was changed last.
    pub updated: Option<Timestamp>,
    /// Why the record was rejected, if it was: then nothing else of it stands.
    pub rejected: Option<String>,
    /// The vulnerabilities that a rejected record names in its place.
    pub replaced_by: Vec<CveId>,
    /// Its title.
    pub title: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// Its scores: those of the CNA first, the newest version of CVSS first.
    pub scores: Vec<Cvss>,
    /// The products that are affected, as the CNA names them, or, where it names none, an ADP.
    pub affected: Vec<Affected>,
}

/// A CVSS score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cvss {
    /// The version of CVSS, as `3.1`.
    pub version: &'static str,
    /// The base score, in tenths.
    pub tenths: u64,
    /// The severity that goes with it; version 2 has none.
    pub severity: Severity,
    /// How the score came about.
    pub vector: Option<String>,
    /// Who gave it.
    pub by: Option<String>,
}

/// A product that is affected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affected {
    /// The vendor.
    pub vendor: Option<String>,
    /// The product.
    pub product: String,
    /// Which of its versions are.
    pub versions: Versions,
}

/// Which versions are affected, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    /// Versions and ranges that are affected.
    pub affected: Vec<String>,
    /// Versions that the record says are not, or with which a range ends.
    pub fixed: Vec<String>,
    /// Whether every version is affected that the record does not name.
    pub all_others: bool,
}

impl Record {
    /// Its texts.
    pub(super) fn texts(&self) -> impl Iterator<Item = &String> {
        let own = [&self.assigner, &self.rejected, &self.title, &self.description].into_iter().flatten();
        let scores = self.scores.iter().flat_map(|score| score.vector.iter().chain(&score.by));
        let affected = self.affected.iter().flat_map(|one| {
            let versions = one.versions.affected.iter().chain(&one.versions.fixed);
            one.vendor.iter().chain([&one.product]).chain(versions)
        });
        own.chain(scores).chain(affected)
    }
}

/// The base score in decimals, as `9.8`.
impl std::fmt::Display for Cvss {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.tenths / 10, self.tenths % 10)
    }
}
