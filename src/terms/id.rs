//! Identifiers of vulnerabilities, techniques and configurations. Many lists hold them; a copy is as good as free.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A CVE id in upper case, as `CVE-2025-53770`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CveId(Arc<str>);

impl CveId {
    /// Reads an id as authors must write it: `CVE-`, four digits, `-`, four digits or more.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let id = text.trim().to_uppercase();
        let (year, number) = id.strip_prefix("CVE-")?.split_once('-')?;
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        (year.len() == 4 && digits(year) && (4..=19).contains(&number.len()) && digits(number)).then(|| Self(id.into()))
    }

    /// An id as a scanner wrote it: trimmed and in upper case, whatever its form.
    #[must_use]
    pub fn from_scanner(text: &str) -> Self {
        Self(text.trim().to_uppercase().into())
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An ATT&CK technique or sub-technique id, as `T1059.001`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct TechniqueId(Arc<str>);

impl TechniqueId {
    /// Reads `T` and four digits, and for a sub-technique a full stop and three more.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
        let rest = text.strip_prefix('T')?;
        let valid = match rest.split_once('.') {
            Some((technique, sub)) => digits(technique, 4) && digits(sub, 3),
            None => digits(rest, 4),
        };
        valid.then(|| Self(text.into()))
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The technique a sub-technique belongs to.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.0.split_once('.').map(|(technique, _)| Self(technique.into()))
    }
}

/// A configuration's id, folded to lower case: `scid-2010`. How an author spells it is kept
/// beside it where it is shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConfigurationId(Arc<str>);

impl ConfigurationId {
    /// The id of any spelling of it.
    #[must_use]
    pub fn fold(text: &str) -> Self {
        Self(text.trim().to_lowercase().into())
    }

    /// The folded id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! display {
    ($($name:ident)+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
    )+};
}
display! { CveId TechniqueId ConfigurationId }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cve_ids_are_folded_and_checked() {
        assert_eq!(CveId::parse(" cve-2025-53770 ").expect("an id").as_str(), "CVE-2025-53770");
        for bad in ["CVE-25-53770", "CVE-2025-537", "CVE-2025-5377O", "2025-53770", ""] {
            assert_eq!(CveId::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn technique_ids_are_checked() {
        let id = TechniqueId::parse("T1059.001").expect("an id");
        assert_eq!(id.parent(), TechniqueId::parse("T1059"));
        for bad in ["t1059", "T105", "T10590", "T1059.1", "T1059.0011", "TA0001"] {
            assert_eq!(TechniqueId::parse(bad), None, "{bad}");
        }
    }
}
