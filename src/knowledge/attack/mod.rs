//! `attack.json`: MITRE ATT&CK, as MITRE's STIX bundle or in the compact form.

mod bundle;
mod compact;

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Knowledge;
use super::file::Json;
use super::load::ATTACK;
use super::problems::Problems;
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::terms::{TechniqueId, url_name};

/// A part of ATT&CK, of what is attacked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Domain {
    /// The networks of enterprises.
    #[default]
    Enterprise,
    /// Mobile devices.
    Mobile,
    /// Industrial control systems.
    Ics,
}

impl Domain {
    /// The word that ATT&CK and its tools have for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Enterprise => "enterprise-attack",
            Self::Mobile => "mobile-attack",
            Self::Ics => "ics-attack",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Enterprise, Self::Mobile, Self::Ics].into_iter().find(|domain| domain.word() == word)
    }
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

/// An ATT&CK group: an actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The id, as `G0016`.
    pub id: String,
    /// The name.
    pub name: String,
    /// What others call it, the name itself left out.
    pub aliases: Vec<String>,
}

/// ATT&CK software: malware, or a tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Software {
    /// The id, as `S0154`.
    pub id: String,
    /// The name.
    pub name: String,
    /// What others call it, the name itself left out.
    pub aliases: Vec<String>,
    /// `malware` or `tool`, where that is said.
    pub kind: Option<String>,
}

/// An ATT&CK mitigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mitigation {
    /// The id, as `M1042`.
    pub id: String,
    /// The name.
    pub name: String,
    /// The techniques it is one against.
    pub techniques: BTreeSet<TechniqueId>,
}

/// Something with a name and others.
pub(super) trait Called {
    /// The name.
    fn name(&self) -> &str;
    /// The others.
    fn aliases(&self) -> &[String];
}

impl Called for Group {
    fn name(&self) -> &str {
        &self.name
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }
}

impl Called for Software {
    fn name(&self) -> &str {
        &self.name
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }
}

/// Those that a name can mean: those called so, else those with such an alias. Names are the same when
/// they are in a URL.
pub(super) fn called<'a, T: Called>(all: &'a [T], name: &str) -> Vec<&'a T> {
    let wanted = url_name(name);
    let own: Vec<&T> = all.iter().filter(|one| url_name(one.name()) == wanted).collect();
    if !own.is_empty() {
        return own;
    }
    all.iter().filter(|one| one.aliases().iter().any(|alias| url_name(alias) == wanted)).collect()
}

/// Those that one of these names, as they stand in URLs, can mean.
pub(super) fn meant<T: Called + Clone>(all: &[T], names: &BTreeSet<String>) -> Vec<T> {
    let called = |one: &&T| {
        std::iter::once(one.name())
            .chain(one.aliases().iter().map(String::as_str))
            .any(|name| names.contains(&url_name(name)))
    };
    all.iter().filter(called).cloned().collect()
}

/// A bundle has `objects`; anything else is read as the compact form.
#[derive(Deserialize)]
struct Bundle<'a> {
    #[serde(borrow)]
    objects: Option<Vec<&'a RawValue>>,
}

/// Several times what MITRE's largest bundle was in 2026.
const LARGEST: u64 = 256 << 20;

/// Everything of it: what is checked may name any technique.
pub(super) fn load(root: &Path, diagnostics: &mut Diagnostics) -> Knowledge {
    match read(root, diagnostics) {
        Ok(knowledge) => knowledge,
        Err(told) => {
            diagnostics.push(told);
            Knowledge::default()
        }
    }
}

fn read(root: &Path, diagnostics: &mut Diagnostics) -> Result<Knowledge, Diagnostic> {
    const WHAT: &str = "an ATT&CK file";
    let Some(json) = Json::read(root, ATTACK, LARGEST)? else { return Ok(Knowledge::default()) };
    let bundle: Bundle = json.whole(WHAT)?;
    let mut problems = Problems::of(ATTACK, diagnostics);
    if let Some(objects) = bundle.objects {
        return Ok(bundle::read(&json, &objects, &mut problems));
    }
    let lists: compact::Lists = json.whole(WHAT)?;
    lists.read(&json, &mut problems).ok_or_else(|| {
        Diagnostic::error(Code::InvalidKnowledge, "not an ATT&CK file: it has neither techniques nor STIX objects")
            .in_file(ATTACK)
            .hint("put MITRE's STIX bundle here, or the compact form that docs/knowledge.md shows")
    })
}

/// Aliases without the name itself, which MITRE lists first among them, and without repetitions.
fn others(name: &str, aliases: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::from([name.to_owned()]);
    aliases.into_iter().filter(|alias| !alias.trim().is_empty() && seen.insert(alias.clone())).collect()
}
