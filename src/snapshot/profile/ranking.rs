//! Of several rows about one thing, those that count.

use std::cmp::Reverse;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::column::Columns;
use super::merged::Merged;
use super::spread::Sight;
use super::{Feed, Place, id_of};
use crate::snapshot::read::{Column, DictionaryColumn};
use crate::snapshot::tables::{all, compared};
use crate::terms::instant;

/// Seconds and nanoseconds; what is no time is older than any.
pub(super) type Moment = Option<(i64, i32)>;

/// A time, or a number of milliseconds since 1970.
pub(super) fn moment(text: &str) -> Moment {
    let number = || text.parse().ok().and_then(|number| jiff::Timestamp::from_millisecond(number).ok());
    instant(text).or_else(number).map(|time| (time.as_second(), time.subsec_nanosecond()))
}

/// What rows are about, as a digest: there may be one for each pair of device and configuration.
type Key = [u8; 16];

/// Which of the rows about one thing counts: the greatest, and all that are equal to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    /// The number of the source: an earlier one tells.
    source: Reverse<usize>,
    is_preferred: bool,
    /// Whether the row is about the device itself, and not about one that became it.
    is_own: bool,
    time: Moment,
    /// Where there can be only one row whatever it says: all it says.
    says: Option<Arc<[String]>>,
}

/// The greatest rank of each thing.
#[derive(Debug, Default)]
pub(super) struct Best {
    ranks: FxHashMap<Key, Rank>,
}

impl Best {
    pub(super) fn add(&mut self, ranked: impl IntoIterator<Item = (Key, Rank)>) {
        for (key, rank) in ranked {
            match self.ranks.get_mut(&key) {
                Some(known) if *known >= rank => {}
                Some(known) => *known = rank,
                None => {
                    self.ranks.insert(key, rank);
                }
            }
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.add(other.ranks);
    }

    /// Whether a row of this rank counts. A greater one there is only where an engine's rows change between two looks
    /// at them: what came late must not make a thing disappear.
    pub(super) fn is(&self, (key, rank): &(Key, Rank)) -> bool {
        self.ranks.get(key).is_none_or(|best| best <= rank)
    }
}

/// How the rows of a source are ranked.
pub(super) struct Judge<'a> {
    pub(super) table: &'static str,
    pub(super) feed: &'a Feed,
    /// The number of the source.
    pub(super) number: usize,
    pub(super) merged: &'a Merged,
}

impl Judge<'_> {
    /// Whether rows of the source can compete: those of a large table without a rule need no second look.
    pub(super) fn can_compete(&self) -> bool {
        id_of(self.table).is_some() || self.feed.newest.is_some() || self.feed.prefer.is_some()
    }

    /// Whether rows of the source compete at all, with each other or with those of `others` more sources.
    pub(super) fn is_needed(&self, others: usize) -> bool {
        let (feed, has_id) = (self.feed, id_of(self.table).is_some());
        let may_repeat = self.table == "configuration_catalog" || (self.table == "devices" && !self.merged.is_empty());
        feed.newest.is_some() || feed.prefer.is_some() || (has_id && others > 0) || may_repeat
    }

    /// Whether most rows of the source are likely to repeat another in the columns that figures need: each names a
    /// product and its version, which they do not. Where rows compete, their times tell them apart.
    pub(super) fn is_repetitive(&self) -> bool {
        matches!(self.table, "vulnerabilities" | "software") && self.feed.newest.is_none() && self.feed.prefer.is_none()
    }

    /// The columns of the contract that decide, in its order.
    pub(super) fn columns(&self) -> Vec<&'static str> {
        match id_of(self.table) {
            Some("configuration_id") => {
                let declared =
                    all().into_iter().filter(|table| table.name == self.table).flat_map(|table| table.columns);
                declared.map(Column::name).filter(|name| self.feed.columns.contains_key(name)).collect()
            }
            Some(id) => vec![id],
            None => Vec::new(),
        }
    }

    /// What each row is about, and its rank. A row about nothing is not ranked.
    pub(super) fn ranks(&self, sight: &Sight<'_>, columns: &Columns<'_>) -> Vec<Option<(Key, Rank)>> {
        let rows = sight.rows.len();
        let at = |place: &Place| columns.at(sight, place);
        let by = self.by(sight, columns);
        let (raw, ids) = self.ids(sight, columns);
        let times = self.feed.newest.as_ref().map(|newest| columns.filled(sight, &newest.of));
        let moments: Vec<Moment> = times.iter().flat_map(|times| &times.values).map(|text| moment(text)).collect();
        let preferred: Vec<(DictionaryColumn, Vec<bool>)> = self
            .feed
            .prefer
            .iter()
            .flat_map(|prefer| &prefer.when)
            .map(|condition| {
                let column = at(&condition.place);
                let holds = condition.holds(&column);
                (column, holds)
            })
            .collect();
        let mut said = self.said(sight, columns);
        let rank = |row: usize| {
            let rank = Rank {
                source: Reverse(if id_of(self.table).is_some() { self.number } else { 0 }),
                is_preferred: preferred.iter().all(|(column, holds)| holds[column.key(row)]),
                is_own: raw.as_ref().zip(ids.as_ref()).is_none_or(|(raw, ids)| raw.text(row) == ids.text(row)),
                time: times.as_ref().and_then(|times| moments[times.key(row)]),
                says: said.as_mut().map(|said| said.of(row)),
            };
            self.key(&by, row).map(|key| (key, rank))
        };
        (0..rows).map(rank).collect()
    }

    /// What rows have in common that compete.
    fn by(&self, sight: &Sight<'_>, columns: &Columns<'_>) -> Vec<DictionaryColumn> {
        let newest = self.feed.newest.iter().flat_map(|newest| &newest.by);
        let prefer = self.feed.prefer.iter().flat_map(|prefer| &prefer.by);
        let places: Vec<&Place> = newest.chain(prefer).collect();
        let own = if places.is_empty() { self.ids(sight, columns).1 } else { None };
        // A device that became another competes with it.
        own.into_iter().chain(places.into_iter().map(|place| self.merged.followed(columns.at(sight, place)))).collect()
    }

    /// The ids of the table, as they stand there and as they count.
    fn ids(&self, sight: &Sight<'_>, columns: &Columns<'_>) -> (Option<DictionaryColumn>, Option<DictionaryColumn>) {
        let Some(id) = id_of(self.table) else { return (None, None) };
        let Some(value) = self.feed.columns.get(id) else { return (None, None) };
        let raw = columns.filled(sight, value);
        let ids = self.merged.counted(id, raw.clone());
        (Some(raw), Some(ids))
    }

    /// The digest of what a row is about.
    fn key(&self, by: &[DictionaryColumn], row: usize) -> Option<Key> {
        // What rows have in common may be any column, and some ids are compared in any case.
        let id = id_of(self.table).unwrap_or_default();
        let mut hasher = blake3::Hasher::new();
        let mut is_empty = true;
        for column in by {
            let text = compared(id, column.text(row));
            is_empty &= text.is_empty();
            // Lengths keep two texts from being read as two others.
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        let mut key = Key::default();
        hasher.finalize_xof().fill(&mut key);
        (!is_empty).then_some(key)
    }

    fn said(&self, sight: &Sight<'_>, columns: &Columns<'_>) -> Option<Said> {
        (self.table == "configuration_catalog").then(|| Said {
            columns: self
                .columns()
                .into_iter()
                .filter_map(|name| self.feed.columns.get(name))
                .map(|value| columns.filled(sight, value))
                .collect(),
            known: FxHashMap::default(),
        })
    }
}

/// All that rows say, equal ones once.
struct Said {
    columns: Vec<DictionaryColumn>,
    known: FxHashMap<Vec<u32>, Arc<[String]>>,
}

impl Said {
    fn of(&mut self, row: usize) -> Arc<[String]> {
        let keys = self.columns.iter().map(|column| column.keys[row]).collect();
        let texts = || self.columns.iter().map(|column| column.text(row).to_owned()).collect();
        Arc::clone(self.known.entry(keys).or_insert_with(texts))
    }
}
