//! `vulnerabilities`: rows to sets of devices per CVE.

use std::collections::BTreeMap;
use std::hash::Hash;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::cells::{self, Cell, Cells};
use super::devices::NamedGroups;
use super::harvest::Harvest;
use super::interned::Interner;
use super::source::MOST_NUMBERS;
use super::{Roster, Source};
use crate::diagnostics::Diagnostics;
use crate::fleet::{DeviceSet, Fix, Ordinal, Update, Vulnerability};
use crate::snapshot::read::{Batch, Column, DictionaryColumn};
use crate::terms::{CveId, Severity, word};

/// What the table says.
#[derive(Default)]
pub(in crate::snapshot) struct Findings {
    pub(in crate::snapshot) found: BTreeMap<CveId, Vulnerability>,
    pub(in crate::snapshot) updates: BTreeMap<String, Update>,
    /// Devices with any row, be it inventory without a CVE.
    pub(in crate::snapshot) assessed: DeviceSet,
}

pub(super) const COLUMNS: [Column<'static>; 13] = [
    Column::required("device_id"),
    Column::required("cve_id"),
    Column::optional("severity"),
    Column::optional("status"),
    Column::optional("update_id"),
    Column::optional("update_name"),
    Column::optional("update_available"),
    Column::ignored("cvss"),
    Column::ignored("vendor"),
    Column::ignored("product"),
    Column::ignored("version"),
    Column::ignored("first_seen"),
    Column::optional("device_group"),
];

/// What a row says of its pair; a row without a status counts as exposed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    Exposed,
    PendingRestart,
    Patched,
    NotApplicable,
}

impl Status {
    const ALL: [Self; 4] = [Self::Exposed, Self::PendingRestart, Self::Patched, Self::NotApplicable];

    fn parse(text: &str) -> Option<Self> {
        let folded = word(text);
        Self::ALL.into_iter().find(|status| word(status.word()) == folded)
    }

    fn word(self) -> &'static str {
        match self {
            Self::Exposed => "exposed",
            Self::PendingRestart => "pending_restart",
            Self::Patched => "patched",
            Self::NotApplicable => "not_applicable",
        }
    }

    fn is_open(self) -> bool {
        matches!(self, Self::Exposed | Self::PendingRestart)
    }
}

/// What a status of a finding is read as.
pub(in crate::snapshot) fn finding_word(text: &str) -> Option<&'static str> {
    Status::parse(text).map(Status::word)
}

/// Numbers for the texts of all batches.
struct Names {
    cves: Interner<String>,
    /// (CVE, update id)
    fixes: Interner<(u32, String)>,
    /// (update id, update name)
    updates: Interner<(String, String)>,
}

/// Rows packed into integers: sorting them groups a finding's devices and drops repetitions,
/// in eight bytes a row.
#[derive(Default)]
struct Packed {
    /// CVE (upper 24 bits), device (32), severity, status and `fixable` (8).
    rows: Vec<u64>,
    /// Fix (upper 31 bits), device (32), open (1).
    fixes: Vec<u64>,
    /// Update name (upper 32 bits), device (32).
    updates: Vec<u64>,
}

impl Packed {
    /// Those of all batches, each row once.
    fn sorted(mut batches: Vec<Self>) -> Self {
        let mut list = |of: fn(&mut Self) -> &mut Vec<u64>| {
            // As large as needed and no larger, and each batch's is freed when it was taken over.
            let mut all = Vec::with_capacity(batches.iter_mut().map(|batch| of(batch).len()).sum());
            batches.iter_mut().for_each(|batch| all.append(&mut std::mem::take(of(batch))));
            all.par_sort_unstable();
            all.dedup();
            all
        };
        Self {
            rows: list(|batch| &mut batch.rows),
            fixes: list(|batch| &mut batch.fixes),
            updates: list(|batch| &mut batch.updates),
        }
    }
}

/// Reads the table; `None` when it is absent.
pub(in crate::snapshot) fn vulnerabilities(
    source: &Source<'_>,
    roster: &Roster,
    diagnostics: &mut Diagnostics,
) -> Option<Findings> {
    let names = Names { cves: Interner::new(), fixes: Interner::new(), updates: Interner::new() };
    let batches =
        source.read("vulnerabilities", &COLUMNS, diagnostics, |batch, harvest| pack(batch, roster, &names, harvest))?;
    let Packed { rows, fixes, updates } = Packed::sorted(batches);
    let cves = names.cves.keys();
    if cves.len() > MOST_NUMBERS {
        diagnostics.push(source.too_many("vulnerabilities", "cve_id", cves.len(), MOST_NUMBERS));
        return None;
    }
    let assessed = assessed(&rows, roster.len());
    let mut found = findings(&rows, &cves);
    // There may be hundreds of millions of them, and their sets are most of what is made now.
    drop(rows);
    add_fixes(&fixes, &names.fixes.keys(), &cves, &mut found);
    // Rows without a CVE are inventory.
    found.remove(&CveId::from_scanner(""));
    Some(Findings { found, updates: updates_of(&updates, &names.updates.keys()), assessed })
}

/// A batch's rows, packed.
fn pack(batch: &Batch, roster: &Roster, names: &Names, harvest: &mut Harvest) -> Packed {
    let column = |at: usize| &batch.columns[at];
    let devices = roster.ordinals(column(0));
    let cves = names.cves.numbers(column(1).values.iter().map(|id| id.to_uppercase()));
    let severities =
        cells::words(column(2), "severity", harvest, |text| Severity::parse(&word(text)), Some(Severity::Unknown));
    let statuses = cells::words(column(3), "status", harvest, Status::parse, None);
    let available = cells::booleans(column(6), "update_available");
    let groups = NamedGroups::of(column(7));
    let mut pairs = Pairs::default();
    let mut packed = Packed::default();
    for row in 0..batch.rows {
        if cells::id(batch, 0, "device_id", row, harvest).is_err() {
            continue;
        }
        let Ok(available) = available.value(batch, row, harvest) else { continue };
        let Some(device) = devices[column(0).keys[row] as usize] else {
            harvest.orphan("a device");
            continue;
        };
        groups.compare(roster, device, row, harvest);
        let status = or(&statuses, row, Status::Exposed);
        let fixable = status.is_open() && available != Some(&false);
        let cve = cves[column(1).keys[row] as usize];
        packed.rows.push(pack_row(cve, device, or(&severities, row, Severity::Unknown), status, fixable));
        let (update, name) = (column(4).keys[row], column(5).keys[row]);
        if update != 0 {
            let fix = pairs.fix(cve, update);
            packed.fixes.push(u64::from(fix) << 33 | u64::from(device) << 1 | u64::from(status.is_open()));
            if name != 0 {
                packed.updates.push(u64::from(pairs.update(update, name)) << 32 | u64::from(device));
            }
        }
    }
    pairs.renumber(names, column(4), column(5), &mut packed);
    // One name of an update stands in many rows of a device: one CVE each.
    packed.updates.sort_unstable();
    packed.updates.dedup();
    packed
}

fn or<T: Copy>(cells: &Cells<'_, T>, row: usize, absent: T) -> T {
    match cells.get(row) {
        Cell::Value(value) => *value,
        Cell::Absent | Cell::Bad(_) => absent,
    }
}

/// The (CVE, update) and (update, name) pairs of a batch, numbered within it, so that the
/// shared interners are asked once per pair and not once per row.
#[derive(Default)]
struct Pairs {
    fixes: Numbered<(u32, u32)>,
    updates: Numbered<(u32, u32)>,
}

/// Keys in the order in which they first came.
struct Numbered<K> {
    numbers: FxHashMap<K, u32>,
    keys: Vec<K>,
}

impl<K> Default for Numbered<K> {
    fn default() -> Self {
        Self { numbers: FxHashMap::default(), keys: Vec::new() }
    }
}

impl<K: Eq + Hash + Copy> Numbered<K> {
    fn number(&mut self, key: K) -> u32 {
        *self.numbers.entry(key).or_insert_with(|| {
            self.keys.push(key);
            u32::try_from(self.keys.len() - 1).unwrap_or(u32::MAX)
        })
    }
}

impl Pairs {
    fn fix(&mut self, cve: u32, update: u32) -> u32 {
        self.fixes.number((cve, update))
    }

    fn update(&mut self, update: u32, name: u32) -> u32 {
        self.updates.number((update, name))
    }

    /// From the batch's numbers to the shared ones.
    fn renumber(self, names: &Names, ids: &DictionaryColumn, titles: &DictionaryColumn, packed: &mut Packed) {
        let id = |key: u32| ids.values[key as usize].clone();
        let fixes = names.fixes.numbers(self.fixes.keys.into_iter().map(|(cve, update)| (cve, id(update))));
        for row in &mut packed.fixes {
            *row = u64::from(fixes[(*row >> 33) as usize]) << 33 | *row & ((1 << 33) - 1);
        }
        let title = |key: u32| titles.values[key as usize].clone();
        let updates =
            names.updates.numbers(self.updates.keys.into_iter().map(|(update, name)| (id(update), title(name))));
        for row in &mut packed.updates {
            *row = u64::from(updates[(*row >> 32) as usize]) << 32 | (*row & u64::from(u32::MAX));
        }
    }
}

fn pack_row(cve: u32, device: Ordinal, severity: Severity, status: Status, fixable: bool) -> u64 {
    u64::from(cve) << 40 | u64::from(device) << 8 | (severity as u64) << 3 | (status as u64) << 1 | u64::from(fixable)
}

struct Unpacked {
    device: Ordinal,
    severity: Severity,
    status: Status,
    fixable: bool,
}

fn unpack_row(row: u64) -> Unpacked {
    let severity = ((row >> 3) & 7) as usize;
    Unpacked {
        device: (row >> 8) as Ordinal,
        // `Severity::ALL` has the worst first, the discriminants count from the best.
        severity: Severity::ALL[Severity::ALL.len() - 1 - severity],
        status: Status::ALL[((row >> 1) & 3) as usize],
        fixable: row & 1 == 1,
    }
}

/// The sets of each CVE from its run of sorted rows.
fn findings(rows: &[u64], cves: &[String]) -> BTreeMap<CveId, Vulnerability> {
    rows.par_chunk_by(|a, b| a >> 40 == b >> 40)
        .map(|run| (CveId::from_scanner(&cves[(run[0] >> 40) as usize]), vulnerability(run)))
        .collect::<Vec<_>>()
        .into_iter()
        .collect()
}

fn vulnerability(run: &[u64]) -> Vulnerability {
    let mut found = Vulnerability::default();
    let mut by_status: [Vec<Ordinal>; 4] = Default::default();
    let mut by_severity: BTreeMap<Severity, Vec<Ordinal>> = BTreeMap::new();
    let mut open_by_severity: BTreeMap<Severity, Vec<Ordinal>> = BTreeMap::new();
    let mut fixable = Vec::new();
    for row in run.iter().map(|row| unpack_row(*row)) {
        by_status[row.status as usize].push(row.device);
        by_severity.entry(row.severity).or_default().push(row.device);
        if row.status.is_open() {
            open_by_severity.entry(row.severity).or_default().push(row.device);
        }
        if row.fixable {
            fixable.push(row.device);
        }
    }
    let sets = |lists: BTreeMap<Severity, Vec<Ordinal>>| {
        lists.into_iter().map(|(severity, devices)| (severity, DeviceSet::from_ascending(devices))).collect()
    };
    [found.exposed, found.pending_restart, found.patched, found.not_applicable] =
        by_status.map(DeviceSet::from_ascending);
    found.by_severity = sets(by_severity);
    found.exposed_by_severity = sets(open_by_severity);
    found.fixable = DeviceSet::from_ascending(fixable);
    found.with_shared_sets()
}

fn add_fixes(rows: &[u64], fixes: &[(u32, String)], cves: &[String], found: &mut BTreeMap<CveId, Vulnerability>) {
    let known = &*found;
    let runs = rows.par_chunk_by(|a, b| a >> 33 == b >> 33).filter_map(|run| {
        let (cve, update) = &fixes[(run[0] >> 33) as usize];
        let id = CveId::from_scanner(&cves[*cve as usize]);
        let known = known.get(&id)?;
        let devices = |open_only: bool| {
            let rows = run.iter().filter(|row| !open_only || **row & 1 == 1);
            known.shared(DeviceSet::from_ascending(rows.map(|row| (row >> 1) as Ordinal)))
        };
        Some((id, update, Fix { named: devices(false), exposed: devices(true) }))
    });
    for (id, update, fix) in runs.collect::<Vec<_>>() {
        if let Some(found) = found.get_mut(&id) {
            found.fixes.insert(update.clone(), fix);
        }
    }
}

fn updates_of(rows: &[u64], names: &[(String, String)]) -> BTreeMap<String, Update> {
    let runs = rows.par_chunk_by(|a, b| a >> 32 == b >> 32);
    let runs = runs.map(|run| (run[0] >> 32, DeviceSet::from_ascending(run.iter().map(|row| *row as Ordinal))));
    let mut updates: BTreeMap<String, Update> = BTreeMap::new();
    for (number, devices) in runs.collect::<Vec<_>>() {
        let (id, name) = &names[number as usize];
        updates.entry(id.clone()).or_default().names.insert(name.clone(), devices);
    }
    updates
}

fn assessed(rows: &[u64], devices: usize) -> DeviceSet {
    let mut seen = vec![false; devices];
    for row in rows {
        seen[(row >> 8) as Ordinal as usize] = true;
    }
    DeviceSet::from_ascending((0..).zip(seen).filter(|(_, seen)| *seen).map(|(ordinal, _)| ordinal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_survive_packing() {
        for severity in Severity::ALL {
            for status in Status::ALL {
                for fixable in [false, true] {
                    let row = unpack_row(pack_row(0xff_ffff, Ordinal::MAX, severity, status, fixable));
                    assert!(row.device == Ordinal::MAX && row.severity == severity);
                    assert!(row.status == status && row.fixable == fixable);
                }
            }
        }
    }
}
