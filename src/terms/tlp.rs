//! The Traffic Light Protocol, version 2.0 (FIRST).

use std::fmt;

use serde::Serialize;

/// How far a text may travel, from `Clear` (anywhere) to `Red` (named persons only).
///
/// The order is the order of strictness; a role reads what is at or below its clearance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Tlp {
    /// `TLP:CLEAR`: no limit.
    #[serde(rename = "clear")]
    Clear,
    /// `TLP:GREEN`: the community.
    #[serde(rename = "green")]
    Green,
    /// `TLP:AMBER`: the organisation and its clients.
    #[serde(rename = "amber")]
    Amber,
    /// `TLP:AMBER+STRICT`: the organisation only.
    #[serde(rename = "amber+strict")]
    AmberStrict,
    /// `TLP:RED`: the persons named.
    #[serde(rename = "red")]
    Red,
}

impl Tlp {
    /// Every value, the most open first.
    pub const ALL: [Self; 5] = [Self::Clear, Self::Green, Self::Amber, Self::AmberStrict, Self::Red];

    /// The word front matter uses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Green => "green",
            Self::Amber => "amber",
            Self::AmberStrict => "amber+strict",
            Self::Red => "red",
        }
    }

    /// The label as the standard writes it: capitals, no spaces, never translated.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Clear => "TLP:CLEAR",
            Self::Green => "TLP:GREEN",
            Self::Amber => "TLP:AMBER",
            Self::AmberStrict => "TLP:AMBER+STRICT",
            Self::Red => "TLP:RED",
        }
    }

    /// Reads `amber+strict`, `AMBER+STRICT` or `TLP:AMBER+STRICT`. TLP 1.0's `white` is not
    /// read: it is for the author to say what is meant.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let text = text.strip_prefix("tlp:").unwrap_or(&text);
        Self::ALL.into_iter().find(|tlp| tlp.word() == text)
    }
}

impl fmt::Display for Tlp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_read_and_white_is_not() {
        for tlp in Tlp::ALL {
            assert_eq!(Tlp::parse(tlp.word()), Some(tlp));
            assert_eq!(Tlp::parse(tlp.label()), Some(tlp));
        }
        assert_eq!(Tlp::parse("white"), None);
        assert!(Tlp::Amber < Tlp::AmberStrict && Tlp::AmberStrict < Tlp::Red);
    }
}
