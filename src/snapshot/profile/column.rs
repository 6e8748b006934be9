//! What fills a column of the contract, from the columns of a source.

use std::borrow::Cow;

use jiff::Timestamp;

use super::lookup::Lookup;
use super::merged::Merged;
use super::spread::Sight;
use super::{Place, Value};
use crate::snapshot::read::DictionaryColumn;
use crate::terms::word;

/// The rows of a source, and the rows that they are joined with.
pub(super) struct Columns<'a> {
    pub(super) joins: &'a [super::Join],
    pub(super) lookups: &'a [Lookup],
    pub(super) merged: &'a Merged,
}

impl Columns<'_> {
    /// The values at a place, one for each row.
    pub(super) fn at(&self, sight: &Sight<'_>, place: &Place) -> DictionaryColumn {
        let Place::Joined(number, slot) = place else { return sight.column(place) };
        match (self.joins.get(*number), self.lookups.get(*number)) {
            (Some(join), Some(lookup)) => {
                let by = self.at(sight, &join.by);
                by.replaced(|key| Cow::Borrowed(lookup.get(self.merged.now(key), *slot)))
            }
            _ => DictionaryColumn::empty(sight.rows.len()),
        }
    }

    /// What fills a column, one value for each row.
    pub(super) fn filled(&self, sight: &Sight<'_>, value: &Value) -> DictionaryColumn {
        match value {
            Value::At(place) => self.at(sight, place),
            Value::First(values) => {
                let columns = values.iter().map(|value| self.filled(sight, value));
                columns
                    .reduce(|first, next| first.or(&next))
                    .unwrap_or_else(|| DictionaryColumn::empty(sight.rows.len()))
            }
            Value::Always(text) => {
                let keys = vec![1; sight.rows.len()];
                DictionaryColumn { values: vec![String::new(), text.clone()], keys }
            }
            Value::Found(of, pattern) => self.filled(sight, of).replaced(|text| {
                let found: Vec<&str> = pattern.find_iter(text).map(|found| found.as_str()).collect();
                Cow::Owned(found.join(";"))
            }),
            Value::Since1970(of, unit) => self.filled(sight, of).replaced(|text| since_1970(text, *unit)),
            Value::Mapped { of, words, other } => self.filled(sight, of).replaced(|text| {
                let meant = words.get(&word(text)).or(other.as_ref());
                Cow::Owned(meant.map_or(text, String::as_str).to_owned())
            }),
        }
    }
}

/// A number of units since 1970 as a time. What is no such number stays, and is then told as no time.
fn since_1970(text: &str, unit: i128) -> Cow<'_, str> {
    let number = text.parse::<i128>().ok().and_then(|number| number.checked_mul(unit));
    match number.and_then(|nanoseconds| Timestamp::from_nanosecond(nanoseconds).ok()) {
        Some(time) => Cow::Owned(time.to_string()),
        None => Cow::Borrowed(text),
    }
}
