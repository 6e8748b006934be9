//! What the world knows: names, tactics, groups and software of MITRE ATT&CK, CISA's catalogue of
//! exploited vulnerabilities, FIRST's EPSS scores, and CVE records.
//!
//! None of it is required; a site reads well without. Every source has a date of its own, which is
//! never that of a file on this disk.

mod age;
mod attack;
mod cve;
mod decimal;
mod epss;
mod file;
mod kev;
mod load;
mod narrow;
mod problems;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::terms::{CveId, TechniqueId};

pub use age::{STALE_AFTER, days_between};
pub use attack::{Domain, Group, Mitigation, Software, Tactic, Technique};
pub use cve::{Affected, Cvss, Record, Versions};
pub use epss::{Probability, Score, Scores};
pub use kev::{Catalogue, Exploited};
pub use load::{ATTACK, CVE, EPSS, HOME, KEV, load};

/// What is known, or the part of it that somebody needs.
#[derive(Clone, Debug, Default)]
pub struct Knowledge {
    /// The ATT&CK version, as `18.1`.
    pub attack_version: Option<String>,
    /// Which part of ATT&CK it is.
    pub attack_domain: Domain,
    /// When ATT&CK was changed last, as far as the file says so. It is the date of all of it, so that a
    /// part of it has none.
    pub attack_changed: Option<Timestamp>,
    /// The notice that ATT&CK's licence asks for.
    pub notice: Option<String>,
    /// Tactics, in their order.
    pub tactics: Vec<Tactic>,
    /// Techniques, by id.
    pub techniques: BTreeMap<TechniqueId, Technique>,
    /// Groups, by id.
    pub groups: Vec<Group>,
    /// Malware and tools, by id.
    pub software: Vec<Software>,
    /// Mitigations, by id.
    pub mitigations: Vec<Mitigation>,
    /// CISA's catalogue of known exploited vulnerabilities, where the site has it.
    pub kev: Option<Catalogue>,
    /// FIRST's scores, where the site has them.
    pub epss: Option<Scores>,
    /// CVE records, by id.
    pub records: BTreeMap<CveId, Record>,
}

/// The ids and names that somebody asks about.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Techniques.
    pub techniques: BTreeSet<TechniqueId>,
    /// Vulnerabilities.
    pub vulnerabilities: BTreeSet<CveId>,
    /// Actors, as they stand in URLs.
    pub actors: BTreeSet<String>,
    /// Malware and tools, as they stand in URLs.
    pub malware: BTreeSet<String>,
}

impl Knowledge {
    /// The groups that a name can mean: those called so, else those with such an alias.
    #[must_use]
    pub fn groups_called(&self, name: &str) -> Vec<&Group> {
        attack::called(&self.groups, name)
    }

    /// The software that a name can mean: that called so, else that with such an alias.
    #[must_use]
    pub fn software_called(&self, name: &str) -> Vec<&Software> {
        attack::called(&self.software, name)
    }

    /// How many entries there are of ATT&CK, those of its tactics apart.
    #[must_use]
    pub fn attack_entries(&self) -> usize {
        self.techniques.len() + self.groups.len() + self.software.len() + self.mitigations.len()
    }

    /// What the catalogue says of a vulnerability.
    #[must_use]
    pub fn exploited(&self, id: &CveId) -> Option<&Exploited> {
        self.kev.as_ref()?.entries.get(id)
    }

    /// The score of a vulnerability.
    #[must_use]
    pub fn score(&self, id: &CveId) -> Option<&Score> {
        self.epss.as_ref()?.scores.get(id)
    }

    /// Every text in it that a page may show.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let named = self.techniques.values().map(|technique| &technique.name);
        let named = named.chain(self.tactics.iter().map(|tactic| &tactic.name));
        let named =
            named.chain(self.groups.iter().flat_map(|group| std::iter::once(&group.name).chain(&group.aliases)));
        let named = named.chain(self.software.iter().flat_map(|one| std::iter::once(&one.name).chain(&one.aliases)));
        let named = named.chain(self.mitigations.iter().map(|mitigation| &mitigation.name));
        let catalogue = self.kev.iter().flat_map(|kev| kev.entries.values().flat_map(Exploited::texts));
        let records = self.records.values().flat_map(Record::texts);
        named.chain(catalogue).chain(records).map(String::as_str)
    }
}
