//! `configurations`: assessments to sets of devices per configuration.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rayon::prelude::*;

use super::cells;
use super::devices::NamedGroups;
use super::harvest::Harvest;
use super::interned::Interner;
use super::source::MOST_NUMBERS;
use super::{Roster, Source};
use crate::diagnostics::Diagnostics;
use crate::fleet::{Configuration, DeviceSet, Ordinal};
use crate::snapshot::read::{Batch, Column};
use crate::terms::ConfigurationId;

pub(super) const COLUMNS: [Column<'static>; 6] = [
    Column::required("device_id"),
    Column::required("configuration_id"),
    Column::required("applicable"),
    Column::required("compliant"),
    Column::optional("at"),
    Column::optional("device_group"),
];

/// A row packed into an integer, so that a sort puts the rows of a pair side by side and the one that wins last: the
/// newest, then the greatest in the canonical text of `applicable` and `compliant`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Row(u128);

impl Row {
    /// Configuration (upper 24 bits), device (32), seconds (40) and nanoseconds (30) of its time, verdict (2). A row
    /// without a time is older than any with one.
    fn pack(configuration: u32, device: Ordinal, at: Option<&Timestamp>, verdict: Verdict) -> Self {
        /// Before any time there is.
        const FIRST_SECOND: i128 = -(1 << 39);
        let (second, nanosecond) = at.map_or((0, 0), |at| {
            let nanoseconds = at.as_nanosecond();
            (
                (nanoseconds.div_euclid(1_000_000_000) - FIRST_SECOND) as u128,
                nanoseconds.rem_euclid(1_000_000_000) as u128,
            )
        });
        let pair = u128::from(configuration) << 32 | u128::from(device);
        Self(pair << 72 | second << 32 | nanosecond << 2 | verdict as u128)
    }

    fn configuration(self) -> usize {
        (self.0 >> 104) as usize
    }

    fn pair(self) -> u64 {
        (self.0 >> 72) as u64
    }

    fn device(self) -> Ordinal {
        self.pair() as Ordinal
    }

    fn verdict(self) -> usize {
        (self.0 & 3) as usize
    }
}

/// What a row says, in the order of the canonical text: `applicable` false before true, then
/// `compliant` empty, false, true.
#[derive(Clone, Copy)]
enum Verdict {
    NotApplicable,
    Unassessed,
    Exposed,
    Secure,
}

/// Reads the table; `None` when it is absent.
pub(in crate::snapshot) fn configurations(
    source: &Source<'_>,
    roster: &Roster,
    diagnostics: &mut Diagnostics,
) -> Option<BTreeMap<ConfigurationId, Configuration>> {
    let names: Interner<ConfigurationId> = Interner::new();
    let batches =
        source.read("configurations", &COLUMNS, diagnostics, |batch, harvest| rows(batch, roster, &names, harvest))?;
    let names = names.keys();
    if names.len() > MOST_NUMBERS {
        diagnostics.push(source.too_many("configurations", "configuration_id", names.len(), MOST_NUMBERS));
        return None;
    }
    // Those of all batches are never put together, but for one configuration at a time.
    let mut runs: Vec<&[Row]> =
        batches.iter().flat_map(|rows| rows.chunk_by(|a, b| a.configuration() == b.configuration())).collect();
    runs.par_sort_unstable_by_key(|run| run[0].configuration());
    let found: Vec<_> = runs
        .par_chunk_by(|a, b| a[0].configuration() == b[0].configuration())
        .map(|runs| (names[runs[0][0].configuration()].clone(), configuration(runs)))
        .collect();
    Some(found.into_iter().collect())
}

/// The rows of a batch, sorted.
fn rows(batch: &Batch, roster: &Roster, names: &Interner<ConfigurationId>, harvest: &mut Harvest) -> Vec<Row> {
    let column = |at: usize| &batch.columns[at];
    let devices = roster.ordinals(column(0));
    let configurations = names.numbers(column(1).values.iter().map(|id| ConfigurationId::fold(id)));
    let applicable = cells::booleans(column(2), "applicable");
    let compliant = cells::booleans(column(3), "compliant");
    let times = cells::times(column(4), "at");
    let groups = NamedGroups::of(column(5));
    let mut rows = Vec::with_capacity(batch.rows);
    for row in 0..batch.rows {
        let ids = cells::id(batch, 0, "device_id", row, harvest)
            .and_then(|_| cells::id(batch, 1, "configuration_id", row, harvest));
        let (Ok(_), Ok(applicable), Ok(compliant), Ok(at)) = (
            ids,
            applicable.value(batch, row, harvest),
            compliant.value(batch, row, harvest),
            times.value(batch, row, harvest),
        ) else {
            continue;
        };
        let Some(device) = devices[column(0).keys[row] as usize] else {
            harvest.orphan("a device");
            continue;
        };
        groups.compare(roster, device, row, harvest);
        let configuration = configurations[column(1).keys[row] as usize];
        rows.push(Row::pack(configuration, device, at, verdict(applicable.copied(), compliant.copied())));
    }
    rows.sort_unstable();
    rows
}

fn verdict(applicable: Option<bool>, compliant: Option<bool>) -> Verdict {
    match (applicable.unwrap_or(true), compliant) {
        (false, _) => Verdict::NotApplicable,
        (true, None) => Verdict::Unassessed,
        (true, Some(false)) => Verdict::Exposed,
        (true, Some(true)) => Verdict::Secure,
    }
}

/// The sets of one configuration: the last row of each device counts.
fn configuration(runs: &[&[Row]]) -> Configuration {
    let mut rows = runs.concat();
    // It takes what ascends already as it is.
    rows.sort();
    let mut devices: [Vec<Ordinal>; 4] = Default::default();
    for pair in rows.chunk_by(|a, b| a.pair() == b.pair()) {
        if let Some(last) = pair.last() {
            devices[last.verdict()].push(last.device());
        }
    }
    let [not_applicable, unassessed, exposed, secure] = devices.map(DeviceSet::from_ascending);
    Configuration { secure, exposed, not_applicable, unassessed }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a row says, in the order by which the last one wins.
    type Said = (u32, Ordinal, Option<Timestamp>, usize);

    fn said() -> impl Strategy<Value = Said> {
        let time = prop_oneof![
            -3_i128..3,
            Timestamp::MIN.as_nanosecond()..=Timestamp::MAX.as_nanosecond(),
            Just(Timestamp::MIN.as_nanosecond()),
            Just(Timestamp::MAX.as_nanosecond())
        ];
        let time = time.prop_map(|at| Timestamp::from_nanosecond(at).expect("a time"));
        (0_u32..1 << 24, any::<Ordinal>(), proptest::option::of(time), 0_usize..4)
    }

    fn packed((configuration, device, at, verdict): &Said) -> Row {
        let verdicts = [Verdict::NotApplicable, Verdict::Unassessed, Verdict::Exposed, Verdict::Secure];
        Row::pack(*configuration, *device, at.as_ref(), verdicts[*verdict])
    }

    proptest! {
        #[test]
        fn rows_keep_their_order_and_what_they_say(one in said(), other in said()) {
            prop_assert_eq!(packed(&one).cmp(&packed(&other)), one.cmp(&other));
            let row = packed(&one);
            prop_assert_eq!((row.configuration(), row.device(), row.verdict()), (one.0 as usize, one.1, one.3));
        }
    }
}
