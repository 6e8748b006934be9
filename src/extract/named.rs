//! The ids that a slice names.

use std::collections::BTreeSet;

use crate::report::{Document, Facts};
use crate::terms::{ConfigurationId, CveId, TechniqueId, url_name};

/// Ids that reports, pages or rows name, and about which catalogues may therefore speak.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub(super) vulnerabilities: BTreeSet<CveId>,
    pub(super) configurations: BTreeSet<ConfigurationId>,
    pub(super) techniques: BTreeSet<TechniqueId>,
    /// Actors, as they stand in URLs.
    pub(super) actors: BTreeSet<String>,
    /// Malware, as it stands in URLs.
    pub(super) malware: BTreeSet<String>,
}

impl Named {
    pub(super) fn add(&mut self, mut other: Self) {
        self.vulnerabilities.append(&mut other.vulnerabilities);
        self.configurations.append(&mut other.configurations);
        self.techniques.append(&mut other.techniques);
        self.actors.append(&mut other.actors);
        self.malware.append(&mut other.malware);
    }

    /// Adds what a report's front matter names.
    pub(super) fn add_facts(&mut self, facts: &Facts) {
        self.vulnerabilities.extend(facts.vulnerabilities.iter().cloned());
        self.configurations.extend(facts.configurations.iter().map(|tracked| tracked.id.clone()));
        self.techniques.extend(facts.techniques.iter().cloned());
        self.actors.extend(facts.actors.iter().map(|name| url_name(name)));
        self.malware.extend(facts.malware.iter().map(|name| url_name(name)));
    }

    /// Adds what a visible text names.
    pub(super) fn add_text(&mut self, text: &Document) {
        self.vulnerabilities.extend(text.vulnerabilities().iter().cloned());
        self.techniques.extend(text.techniques().iter().cloned());
    }
}

impl FromIterator<Self> for Named {
    fn from_iter<T: IntoIterator<Item = Self>>(all: T) -> Self {
        let mut named = Self::default();
        all.into_iter().for_each(|more| named.add(more));
        named
    }
}
