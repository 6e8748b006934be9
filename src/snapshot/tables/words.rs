//! The columns that hold words, and what a word is read as.

use super::boolean;
use super::vulnerabilities::finding_words;
use crate::fleet::{AlertStatus, AntivirusMode, Classification, Criticality, Health, IncidentStatus, Onboarding};
use crate::terms::{Severity, word};

/// The words that a column can hold; `None` for one that holds something else.
pub(in crate::snapshot) fn words(table: &str, column: &str) -> Option<Vec<&'static str>> {
    macro_rules! of {
        ($enumeration:ty) => {
            <$enumeration>::ALL.iter().map(|value| value.word()).collect()
        };
    }
    Some(match (table, column) {
        (_, "onboarding") => of!(Onboarding),
        (_, "health") => of!(Health),
        (_, "antivirus_mode") => of!(AntivirusMode),
        (_, "criticality") => of!(Criticality),
        (_, "severity") => of!(Severity),
        ("vulnerabilities", "status") => finding_words().to_vec(),
        ("alerts", "status") => of!(AlertStatus),
        (_, "status") => of!(IncidentStatus),
        (_, "classification") => of!(Classification),
        (_, "excluded" | "internet_facing" | "applicable" | "compliant" | "update_available") => vec!["true", "false"],
        _ => return None,
    })
}

/// Which of the words of a column a text is read as.
pub(in crate::snapshot) fn read_as(table: &str, column: &str, text: &str) -> Option<&'static str> {
    let known = words(table, column)?;
    let meant = match boolean(text) {
        Some(value) if known == ["true", "false"] => value.to_string(),
        _ => word(text),
    };
    known.into_iter().find(|known| word(known) == meant)
}
