//! What the values of columns mean: the words there are, what a word is read as, how ids are compared.

use std::borrow::Cow;
use std::collections::BTreeMap;

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

/// A value of a column as it is compared with others: of most ids the case does not count.
pub(in crate::snapshot) fn compared<'t>(column: &str, text: &'t str) -> Cow<'t, str> {
    match column {
        "alert_id" | "incident_id" | "device_group" => Cow::Borrowed(text),
        _ => Cow::Owned(text.to_lowercase()),
    }
}

/// Words, each with the number of rows that have it: so many of them as `MOST`, those that come first. A column of free
/// texts may have a word for each row.
#[derive(Debug, Default)]
pub(in crate::snapshot) struct WordCounts<const MOST: usize>(BTreeMap<String, u64>);

impl<const MOST: usize> WordCounts<MOST> {
    /// So many more rows have a word.
    pub(in crate::snapshot) fn add(&mut self, word: &str, rows: u64) {
        if let Some(known) = self.0.get_mut(word) {
            *known += rows;
        } else if self.0.len() < MOST || self.0.last_key_value().is_some_and(|(last, _)| word < last.as_str()) {
            self.0.insert(word.to_owned(), rows);
            // It never comes back: so many words stand before it, whatever follows. So the order of rows does not show.
            if self.0.len() > MOST {
                self.0.pop_last();
            }
        }
    }

    /// Takes in what was counted elsewhere.
    pub(in crate::snapshot) fn merge(&mut self, other: Self) {
        other.0.iter().for_each(|(word, rows)| self.add(word, *rows));
    }

    /// The words in their order.
    pub(in crate::snapshot) fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().map(|(word, rows)| (word.as_str(), *rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_words_are_kept_whatever_the_order_of_rows() {
        let count = |words: &[&str]| {
            let mut counts = WordCounts::<2>::default();
            words.iter().for_each(|word| counts.add(word, 1));
            counts
        };
        let rows = ["c", "a", "d", "b", "a", "c", "b"];
        let wanted = [("a", 2), ("b", 2)];
        assert_eq!(count(&rows).iter().collect::<Vec<_>>(), wanted);
        for cut in 0..rows.len() {
            let mut both = count(&rows[cut..]);
            both.merge(count(&rows[..cut]));
            assert_eq!(both.iter().collect::<Vec<_>>(), wanted, "cut at {cut}");
        }
    }
}
