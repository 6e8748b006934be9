//! What kind of report, and what kind of change to one.

use serde::Serialize;

/// The seven report types of Defender's threat analytics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportType {
    /// A campaign or attack.
    Activity,
    /// A threat actor.
    Actor,
    /// A threat as such: ransomware, phishing.
    CoreThreat,
    /// A technique.
    Technique,
    /// A tool.
    Tool,
    /// A vulnerability.
    Vulnerability,
    /// A digest of what others published.
    Osint,
}

impl ReportType {
    /// Every type, in the order of the words.
    pub const ALL: [Self; 7] =
        [Self::Activity, Self::Actor, Self::CoreThreat, Self::Osint, Self::Technique, Self::Tool, Self::Vulnerability];

    /// The word front matter uses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Activity => "activity",
            Self::Actor => "actor",
            Self::CoreThreat => "core-threat",
            Self::Technique => "technique",
            Self::Tool => "tool",
            Self::Vulnerability => "vulnerability",
            Self::Osint => "osint",
        }
    }

    /// The word a page shows.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Activity => "Activity",
            Self::Actor => "Actor",
            Self::CoreThreat => "Core threat",
            Self::Technique => "Technique",
            Self::Tool => "Tool",
            Self::Vulnerability => "Vulnerability",
            Self::Osint => "OSINT",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == text.trim())
    }
}

/// What an author changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// The text.
    Content,
    /// The indicators.
    Indicators,
    /// The mitigations.
    Mitigations,
    /// A mistake was mended.
    Correction,
}

impl ChangeKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Content, Self::Indicators, Self::Mitigations, Self::Correction];

    /// The word front matter uses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::Indicators => "indicators",
            Self::Mitigations => "mitigations",
            Self::Correction => "correction",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == text.trim())
    }
}
