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
    /// What a label has to be, for a message.
    pub const FORM: &str = "clear, green, amber, amber+strict or red (TLP 1.0's white is now clear)";

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

    /// The id of the STIX object that marks something with it, as OASIS gave it.
    #[must_use]
    pub fn stix_marking(self) -> &'static str {
        match self {
            Self::Clear => "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
            Self::Green => "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
            Self::Amber => "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
            Self::AmberStrict => "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
            Self::Red => "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
        }
    }

    /// What a STIX object marks. Those of TLP 1.0, which STIX 2.1 itself defines, mean the label of the
    /// same colour; white is clear.
    #[must_use]
    pub fn of_stix_marking(id: &str) -> Option<Self> {
        let first_version = match id {
            "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9" => Some(Self::Clear),
            "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da" => Some(Self::Green),
            "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82" => Some(Self::Amber),
            "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed" => Some(Self::Red),
            _ => None,
        };
        first_version.or_else(|| Self::ALL.into_iter().find(|tlp| tlp.stix_marking() == id))
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
