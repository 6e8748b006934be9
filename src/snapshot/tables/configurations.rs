//! `configurations`: assessments to sets of devices per configuration.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rayon::prelude::*;

use super::cells;
use super::devices::NamedGroups;
use super::harvest::Harvest;
use super::interned::Interner;
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

/// A row; of those of one pair the greatest wins: the newest, then the greatest in the
/// canonical text of `applicable` and `compliant`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    /// Configuration (upper 32 bits), device (32).
    pair: u64,
    /// Seconds and nanoseconds; a row without `at` is older than any with one.
    at: (i64, i32),
    verdict: Verdict,
}

/// What a row says, in the order of the canonical text: `applicable` false before true, then
/// `compliant` empty, false, true.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
    let mut rows: Vec<Row> = batches.into_iter().flatten().collect();
    rows.par_sort_unstable();
    let names = names.keys();
    let found: Vec<_> = rows
        .par_chunk_by(|a, b| a.pair >> 32 == b.pair >> 32)
        .map(|run| (names[(run[0].pair >> 32) as usize].clone(), configuration(run)))
        .collect();
    Some(found.into_iter().collect())
}

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
        rows.push(Row {
            pair: u64::from(configuration) << 32 | u64::from(device),
            at: at.map_or((i64::MIN, 0), |at: &Timestamp| (at.as_second(), at.subsec_nanosecond())),
            verdict: verdict(applicable.copied(), compliant.copied()),
        });
    }
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

/// The sets of one configuration from its sorted rows: the last row of each device counts.
fn configuration(run: &[Row]) -> Configuration {
    let mut devices: [Vec<Ordinal>; 4] = Default::default();
    for pair in run.chunk_by(|a, b| a.pair == b.pair) {
        if let Some(last) = pair.last() {
            devices[last.verdict as usize].push(last.pair as Ordinal);
        }
    }
    let [not_applicable, unassessed, exposed, secure] = devices.map(DeviceSet::from_ascending);
    Configuration { secure, exposed, not_applicable, unassessed }
}
