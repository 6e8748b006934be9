//! Another source table, looked into by a key.

use rustc_hash::FxHashMap;

use super::merged::Merged;
use super::path::{BETWEEN, Step};
use super::plan::Plan;
use super::ranking::{Moment, moment};
use super::spread::Sight;
use super::supply::Raw;
use super::{Join, Place};
use crate::diagnostics::Diagnostics;
use crate::snapshot::engine::Use;
use crate::snapshot::read::Batch;

/// Of each key the row that counts: the newest, then one about the device itself and not about one that became it,
/// then the greatest in its wanted values.
#[derive(Debug, Default)]
pub(super) struct Lookup {
    rows: FxHashMap<String, Row>,
}

type Row = (Moment, bool, Vec<String>);

impl Lookup {
    pub(super) fn read(raw: Raw<'_>, join: &Join, merged: &Merged, told: &mut Diagnostics) -> Self {
        let mut plan = Plan::default();
        plan.join(join);
        let of = |batch| rows(&plan, join, merged, &batch);
        let read = raw.read(&join.from, &plan, Use::Figures, told, of).unwrap_or_default();
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
        row.and_then(|(_, _, values)| values.get(wanted)).map_or("", String::as_str)
    }
}

fn rows(plan: &Plan, join: &Join, merged: &Merged, batch: &Batch) -> Vec<(String, Row)> {
    let mut sight = Sight::all(plan, batch);
    sight.filter(&join.filter, |_| true, |sight, place| sight.column(place));
    let column = |path: &super::Path| sight.column(&Place::Row(path.clone()));
    let keys = column(&join.key);
    let times = join.newest.as_ref().map(column);
    let wanted: Vec<_> = join.wanted.iter().map(column).collect();
    let row = |at: usize, is_own: bool| {
        let time = times.as_ref().map_or_else(Moment::default, |times| moment(times.text(at)));
        (time, is_own, wanted.iter().map(|column| column.text(at).to_owned()).collect())
    };
    // A row that has a list of keys can be found by each.
    let has_several = join.key.steps.contains(&Step::All);
    let keys_of = |at: usize| match has_several {
        true => keys.text(at).split(BETWEEN).collect(),
        false => vec![keys.text(at)],
    };
    let rows = (0..sight.rows.len()).filter(|at| keys.key(*at) != 0);
    let found = rows.flat_map(|at| keys_of(at).into_iter().map(move |key| (key, merged.now(key), at)));
    found.map(|(key, now, at)| (now.to_lowercase(), row(at, now == key))).collect()
}
