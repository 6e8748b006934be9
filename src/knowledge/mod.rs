//! What the world knows: names and tactics of MITRE ATT&CK.
//!
//! None of it is required; a site reads well without.

mod load;

use std::collections::{BTreeMap, BTreeSet};

use crate::terms::TechniqueId;

pub use load::{FILE, load};

/// ATT&CK, or the part of it that somebody needs.
#[derive(Clone, Debug, Default)]
pub struct Knowledge {
    /// The ATT&CK version, as `18.1`.
    pub attack_version: Option<String>,
    /// The notice its licence asks for.
    pub notice: Option<String>,
    /// Tactics, in their order.
    pub tactics: Vec<Tactic>,
    /// Techniques, by id.
    pub techniques: BTreeMap<TechniqueId, Technique>,
}

/// An ATT&CK tactic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tactic {
    /// The id, as `TA0001`.
    pub id: String,
    /// The short name techniques use, as `initial-access`.
    pub shortname: String,
    /// The name.
    pub name: String,
}

/// An ATT&CK technique.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Technique {
    /// The name.
    pub name: String,
    /// Short names of its tactics.
    pub tactics: Vec<String>,
    /// Whether ATT&CK advises against it.
    pub deprecated: bool,
    /// The technique that took its place.
    pub revoked_by: Option<TechniqueId>,
}

impl Knowledge {
    /// Only the techniques named, their parents, and the tactics those have.
    #[must_use]
    pub fn restrict(&self, wanted: &BTreeSet<TechniqueId>) -> Self {
        let parents = wanted.iter().filter_map(TechniqueId::parent);
        let techniques: BTreeMap<_, _> = wanted
            .iter()
            .cloned()
            .chain(parents)
            .filter_map(|id| self.techniques.get(&id).map(|technique| (id, technique.clone())))
            .collect();
        let used: BTreeSet<&String> = techniques.values().flat_map(|technique| &technique.tactics).collect();
        let tactics = self.tactics.iter().filter(|tactic| used.contains(&tactic.shortname)).cloned().collect();
        Self { attack_version: self.attack_version.clone(), notice: self.notice.clone(), tactics, techniques }
    }
}
