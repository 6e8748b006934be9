//! The part of what is known that somebody needs.

use std::collections::{BTreeMap, BTreeSet};

use super::attack::{self, Mitigation};
use super::{Catalogue, Domain, Knowledge, Scores, Wanted};
use crate::terms::{CveId, TechniqueId};

impl Knowledge {
    /// Only what is wanted: the techniques with their parents, tactics and mitigations; the groups and
    /// the software that the names can mean; what each source says of the vulnerabilities.
    ///
    /// Of a source that says nothing about any of it nothing is left, not even its date; but where a
    /// vulnerability is wanted, that a catalogue does not list it is worth knowing.
    #[must_use]
    pub fn restrict(&self, wanted: &Wanted) -> Self {
        let parents = wanted.techniques.iter().filter_map(TechniqueId::parent);
        let techniques: BTreeMap<_, _> = wanted
            .techniques
            .iter()
            .cloned()
            .chain(parents)
            .filter_map(|id| self.techniques.get(&id).map(|technique| (id, technique.clone())))
            .collect();
        let used: BTreeSet<&String> = techniques.values().flat_map(|technique| &technique.tactics).collect();
        let tactics = self.tactics.iter().filter(|tactic| used.contains(&tactic.shortname)).cloned().collect();
        let groups = attack::meant(&self.groups, &wanted.actors);
        let software = attack::meant(&self.software, &wanted.malware);
        let mitigations = self.mitigations.iter().filter_map(|one| against(one, &wanted.techniques)).collect();
        let asked = !wanted.vulnerabilities.is_empty();
        let mut narrowed = Self {
            attack_version: self.attack_version.clone(),
            attack_domain: self.attack_domain,
            attack_changed: None,
            notice: self.notice.clone(),
            tactics,
            mitigations,
            techniques,
            groups,
            software,
            kev: self
                .kev
                .as_ref()
                .filter(|_| asked)
                .map(|kev| Catalogue { entries: only(&kev.entries, &wanted.vulnerabilities), ..kev.clone() }),
            epss: self
                .epss
                .as_ref()
                .filter(|_| asked)
                .map(|epss| Scores { scores: only(&epss.scores, &wanted.vulnerabilities), ..epss.clone() }),
            records: only(&self.records, &wanted.vulnerabilities),
        };
        if narrowed.attack_entries() == 0 {
            (narrowed.attack_version, narrowed.notice) = (None, None);
            narrowed.attack_domain = Domain::default();
        }
        narrowed
    }
}

/// A mitigation as far as it is one against these techniques.
fn against(mitigation: &Mitigation, techniques: &BTreeSet<TechniqueId>) -> Option<Mitigation> {
    let answered: BTreeSet<TechniqueId> = mitigation.techniques.intersection(techniques).cloned().collect();
    (!answered.is_empty()).then(|| Mitigation { techniques: answered, ..mitigation.clone() })
}

fn only<T: Clone>(all: &BTreeMap<CveId, T>, wanted: &BTreeSet<CveId>) -> BTreeMap<CveId, T> {
    wanted.iter().filter_map(|id| Some((id.clone(), all.get(id)?.clone()))).collect()
}
