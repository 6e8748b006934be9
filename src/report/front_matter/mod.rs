//! The typed front matter of a report or page.

mod entries;
mod indicators;
mod json;
mod keys;
mod markings;
mod places;
mod quotes;
mod read;
mod stix;

use serde::Serialize;

use crate::terms::{ChangeKind, ConfigurationId, CveId, IndicatorType, Moment, ReportType, Severity, TechniqueId, Tlp};

pub use keys::{PAGE, REPORT};
pub use markings::Markings as StixMarkings;
pub use places::Places;
pub(super) use read::{page, report};

/// What front matter says of the threat: everything but who may read it.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Its name in the URL.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Its type.
    pub kind: ReportType,
    /// One paragraph a manager can act on.
    pub summary: String,
    /// When it was published.
    pub published: Moment,
    /// When an author last changed it.
    pub updated: Option<Moment>,
    /// How bad the threat is.
    pub severity: Option<Severity>,
    /// How far the report may travel.
    pub tlp: Tlp,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Other names of the threat.
    pub aliases: Vec<String>,
    /// The actors behind it.
    pub actors: Vec<String>,
    /// The malware used.
    pub malware: Vec<String>,
    /// Who is attacked.
    pub sectors: Vec<String>,
    /// What the threat comes in through.
    pub attack_surfaces: Vec<String>,
    /// Where.
    pub regions: Vec<String>,
    /// Techniques that front matter names, each once.
    pub techniques: Vec<TechniqueId>,
    /// Vulnerabilities counted on devices, each once, in the author's order.
    pub vulnerabilities: Vec<CveId>,
    /// Configurations counted on devices, each once, in the author's order.
    pub configurations: Vec<TrackedConfiguration>,
    /// Which alerts are linked. Never written into a build.
    pub selectors: Selectors,
    /// Detections that find it.
    pub detections: Vec<Detection>,
    /// Advice that cannot be measured.
    pub mitigations: Vec<Mitigation>,
    /// Indicators.
    pub indicators: Vec<Indicator>,
    /// Sources.
    pub references: Vec<Reference>,
    /// What changed, newest first.
    pub changes: Vec<Change>,
    /// Former slugs.
    pub redirects: Vec<String>,
}

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
    /// The value, as written.
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

impl Indicator {
    /// An indicator of which nothing more is said.
    #[must_use]
    pub fn new(kind: IndicatorType, value: impl Into<String>) -> Self {
        Self {
            kind,
            value: value.into(),
            description: None,
            first_seen: None,
            last_seen: None,
            confidence: None,
            tlp: None,
        }
    }
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
