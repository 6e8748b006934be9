//! Another source table, looked into by a key.

use rustc_hash::FxHashMap;

use super::path::{BETWEEN, Step};
use super::plan::Plan;
use super::ranking::{Moment, moment};
use super::spread::Sight;
use super::supply::Raw;
use super::{Join, Place};
use crate::diagnostics::Diagnostics;
use crate::snapshot::engine::Use;
use crate::snapshot::read::Batch;

/// Of each key the row that counts: the newest, then the greatest in its wanted values.
#[derive(Debug, Default)]
pub(super) struct Lookup {
    rows: FxHashMap<String, Row>,
}

type Row = (Moment, Vec<String>);

impl Lookup {
    pub(super) fn read(raw: Raw<'_>, join: &Join, told: &mut Diagnostics) -> Self {
        let mut plan = Plan::default();
        plan.join(join);
        let read =
            raw.read(&join.from, &plan, Use::Figures, told, |batch| rows(&plan, join, &batch)).unwrap_or_default();
        let mut lookup = Self::default();
        for (key, row) in read.into_iter().flatten() {
            let known = lookup.rows.entry(key).or_default();
            if row > *known {
                *known = row;
            }
        }
        lookup
    }

    /// The wanted value of this number in the row with a key; empty where there is no such row.
    pub(super) fn get(&self, key: &str, wanted: usize) -> &str {
        let row = self.rows.get(&key.to_lowercase());
        row.and_then(|(_, values)| values.get(wanted)).map_or("", String::as_str)
    }
}

fn rows(plan: &Plan, join: &Join, batch: &Batch) -> Vec<(String, Row)> {
    let mut sight = Sight::all(plan, batch);
    sight.filter(&join.filter, |_| true, |sight, place| sight.column(place));
    let column = |path: &super::Path| sight.column(&Place::Row(path.clone()));
    let keys = column(&join.key);
    let times = join.newest.as_ref().map(column);
    let wanted: Vec<_> = join.wanted.iter().map(column).collect();
    let row = |at: usize| {
        let time = times.as_ref().map_or_else(Moment::default, |times| moment(times.text(at)));
        (time, wanted.iter().map(|column| column.text(at).to_owned()).collect())
    };
    // A row that has a list of keys can be found by each.
    let has_several = join.key.steps.contains(&Step::All);
    let keys_of = |at: usize| match has_several {
        true => keys.text(at).split(BETWEEN).map(str::to_lowercase).collect(),
        false => vec![keys.text(at).to_lowercase()],
    };
    let rows = (0..sight.rows.len()).filter(|at| keys.key(*at) != 0);
    rows.flat_map(|at| keys_of(at).into_iter().map(move |key| (key, at))).map(|(key, at)| (key, row(at))).collect()
}
