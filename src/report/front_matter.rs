//! The typed front matter of a report.

use serde::Serialize;

use crate::terms::{ChangeKind, ConfigurationId, IndicatorType, Moment, Tlp};

/// A configuration whose state is counted on devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackedConfiguration {
    /// The id, folded.
    pub id: ConfigurationId,
    /// The id as the author spells it.
    pub spelling: String,
    /// The author's name for it.
    pub name: Option<String>,
}

/// Which alerts are linked to a report: those that any of these matches. All but `ids` are
/// folded to lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selectors {
    /// Alert ids, exact.
    pub ids: Vec<String>,
    /// Titles.
    pub titles: Vec<String>,
    /// Detector ids.
    pub detectors: Vec<String>,
    /// Malware families.
    pub families: Vec<String>,
    /// Actors.
    pub actors: Vec<String>,
}

impl Selectors {
    /// Whether the report selects no alerts at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [&self.ids, &self.titles, &self.detectors, &self.families, &self.actors].into_iter().all(Vec::is_empty)
    }
}

/// A detection that finds the threat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Detection {
    /// Its name.
    pub name: String,
    /// The product that has it.
    pub product: Option<String>,
    /// Whether it also fires on other threats: printed, never counted.
    pub generic: bool,
}

/// Advice that cannot be measured per device.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mitigation {
    /// What to do.
    pub action: String,
    /// Who should.
    pub owner: Option<String>,
    /// By when.
    pub due: Option<Moment>,
}

/// An indicator of compromise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Indicator {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: IndicatorType,
    /// The value, live (not defanged).
    pub value: String,
    /// What it means.
    pub description: Option<String>,
    /// First seen.
    pub first_seen: Option<Moment>,
    /// Last seen.
    pub last_seen: Option<Moment>,
    /// How sure, 0-100.
    pub confidence: Option<u8>,
    /// How far it may travel; absent = as the report.
    pub tlp: Option<Tlp>,
}

/// A source.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reference {
    /// Its title.
    pub title: String,
    /// Its address: http or https.
    pub url: Option<String>,
    /// When it was read.
    pub accessed: Option<Moment>,
}

/// A change an author made.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// When.
    pub date: Moment,
    /// What.
    pub summary: String,
    /// Of what kind.
    pub kind: Option<ChangeKind>,
}
