//! Devices by what rows say of them: four bytes a row, however many batches a table comes in.

use rayon::prelude::*;

use crate::fleet::{DeviceSet, Ordinal};

/// What the rows of a batch say, each once: keys, and the devices that a row with the key names.
pub(super) struct Runs {
    /// Ascending, each with the end of its devices.
    keys: Vec<(u32, usize)>,
    devices: Vec<Ordinal>,
}

impl Runs {
    /// A row, packed.
    pub(super) fn row(key: u32, device: Ordinal) -> u64 {
        u64::from(key) << 32 | u64::from(device)
    }

    /// The key of a packed row.
    pub(super) fn key(row: u64) -> u32 {
        (row >> 32) as u32
    }

    /// From packed rows in any order.
    pub(super) fn of(mut rows: Vec<u64>) -> Self {
        rows.sort_unstable();
        rows.dedup();
        let mut runs = Self { keys: Vec::new(), devices: Vec::with_capacity(rows.len()) };
        for run in rows.chunk_by(|a, b| Self::key(*a) == Self::key(*b)) {
            runs.devices.extend(run.iter().map(|row| *row as Ordinal));
            runs.keys.push((Self::key(run[0]), runs.devices.len()));
        }
        runs
    }

    /// The devices of all rows; some may come again.
    pub(super) fn devices(&self) -> &[Ordinal] {
        &self.devices
    }

    fn each(&self) -> impl Iterator<Item = (u32, &[Ordinal])> {
        let mut start = 0;
        self.keys.iter().map(move |(key, end)| {
            (*key, self.devices.get(std::mem::replace(&mut start, *end)..*end).unwrap_or_default())
        })
    }
}

/// Devices that rows of one batch name with one key, ascending.
pub(super) type Run<'b> = (u32, &'b [Ordinal]);

/// What `make` makes of the runs of all batches whose keys are of one `subject`, by key.
pub(super) fn of_all<R: Send>(
    batches: &[Runs],
    subject: impl Fn(u32) -> u32 + Sync,
    make: impl Fn(&[Run<'_>]) -> R + Send + Sync,
) -> Vec<R> {
    let mut runs: Vec<Run<'_>> = batches.iter().flat_map(Runs::each).collect();
    runs.par_sort_unstable_by_key(|(key, _)| *key);
    runs.par_chunk_by(|a, b| subject(a.0) == subject(b.0)).map(make).collect()
}

/// The devices of some runs.
pub(super) fn devices(runs: &[Run<'_>]) -> DeviceSet {
    if let [(_, devices)] = runs {
        return DeviceSet::from_ascending(devices.iter().copied());
    }
    let mut all: Vec<Ordinal> = Vec::with_capacity(runs.iter().map(|(_, devices)| devices.len()).sum());
    runs.iter().for_each(|(_, devices)| all.extend_from_slice(devices));
    // It takes what ascends already as it is.
    all.sort();
    DeviceSet::from_ascending(all)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// However rows are spread over batches, each key has the devices of its rows.
        #[test]
        fn every_row_is_in_one_set(batches in prop::collection::vec(prop::collection::vec((0_u32..9, 0_u32..70), 0..40), 0..6)) {
            let mut expected: BTreeMap<u32, BTreeSet<Ordinal>> = BTreeMap::new();
            for (key, device) in batches.iter().flatten() {
                expected.entry(*key).or_default().insert(*device);
            }
            let runs: Vec<Runs> = batches
                .iter()
                .map(|batch| Runs::of(batch.iter().map(|(key, device)| Runs::row(*key, *device)).collect()))
                .collect();
            let found = of_all(&runs, |key| key, |runs| (runs[0].0, devices(runs).iter().collect::<BTreeSet<_>>()));
            prop_assert_eq!(found.into_iter().collect::<BTreeMap<_, _>>(), expected);
        }
    }
}
