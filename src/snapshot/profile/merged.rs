//! Devices that became others: one machine under a new id.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::plan::Plan;
use super::spread::Sight;
use super::supply::Raw;
use super::{MergedFrom, Place};
use crate::diagnostics::Diagnostics;
use crate::snapshot::engine::Use;
use crate::snapshot::read::{Batch, DictionaryColumn};

/// How often one device is followed into another.
const MOST_STEPS: usize = 10;

/// By folded id, the id of the device that it became.
#[derive(Debug, Default)]
pub(in crate::snapshot) struct Merged {
    into: FxHashMap<String, String>,
    /// What is wrong with the table that says so.
    pub(super) told: Diagnostics,
}

impl Merged {
    pub(super) fn read(raw: Raw<'_>, from: &MergedFrom) -> Self {
        let mut plan = Plan::default();
        for path in [&from.id, &from.into] {
            plan.add(path);
        }
        let (id, into) = (Place::Row(from.id.clone()), Place::Row(from.into.clone()));
        let pairs = |batch: &Batch| -> Vec<(String, String)> {
            let sight = Sight::all(&plan, batch);
            let (ids, others) = (sight.column(&id), sight.column(&into));
            let rows = (0..batch.rows).filter(|row| ids.key(*row) != 0 && others.key(*row) != 0);
            rows.map(|row| (ids.text(row).to_lowercase(), others.text(row).to_owned())).collect()
        };
        let mut told = Diagnostics::new();
        let read = raw.read(&from.from, &plan, Use::Distinct, &mut told, |batch| pairs(&batch)).unwrap_or_default();
        let mut steps: BTreeMap<String, String> = BTreeMap::new();
        for (id, other) in read.into_iter().flatten() {
            // Of several the greatest, so that the order of rows does not count.
            let known = steps.entry(id).or_default();
            if other > *known {
                *known = other;
            }
        }
        let end = |id: &String| {
            let mut at = steps.get(id)?;
            for _ in 0..MOST_STEPS {
                match steps.get(&at.to_lowercase()) {
                    Some(next) => at = next,
                    None => return (at.to_lowercase() != *id).then(|| at.clone()),
                }
            }
            // In a circle nobody became anybody.
            None
        };
        let into = steps.keys().filter_map(|id| Some((id.clone(), end(id)?))).collect();
        Self { into, told }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.into.is_empty()
    }

    /// The values of a column of the contract as they count: of devices, the ids that they go by now.
    pub(super) fn counted(&self, column: &str, values: DictionaryColumn) -> DictionaryColumn {
        if column == "device_id" { self.followed(values) } else { values }
    }

    /// The ids of devices, each as the one that it became.
    pub(super) fn followed(&self, ids: DictionaryColumn) -> DictionaryColumn {
        if self.into.is_empty() {
            return ids;
        }
        ids.replaced(|id| Cow::Borrowed(self.now(id)))
    }

    /// The id that a device goes by now.
    pub(super) fn now<'a>(&'a self, id: &'a str) -> &'a str {
        // Asked for every row of a join, and most fleets have none.
        if self.into.is_empty() {
            return id;
        }
        self.into.get(&id.to_lowercase()).map_or(id, String::as_str)
    }
}
