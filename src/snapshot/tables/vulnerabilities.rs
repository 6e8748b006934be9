//! `vulnerabilities`: rows to sets of devices per CVE.

use std::collections::BTreeMap;
use std::hash::Hash;

use rustc_hash::FxHashMap;

use super::cells::{self, Cell, Cells};
use super::devices::NamedGroups;
use super::harvest::Harvest;
use super::interned::Interner;
use super::runs::{self, Run, Runs};
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

/// The words of the status of a finding.
pub(super) fn finding_words() -> [&'static str; 4] {
    Status::ALL.map(Status::word)
}

/// Numbers for the texts of all batches.
struct Names {
    cves: Interner<String>,
    /// (CVE, update id)
    fixes: Interner<(u32, String)>,
    /// (update id, update name)
    updates: Interner<(String, String)>,
}

/// The rows of a batch.
struct Batched {
    /// By CVE (upper 24 bits), severity, status and `fixable` (8).
    rows: Runs,
    /// By fix (upper 31 bits), open (1).
    fixes: Runs,
    /// By update name.
    updates: Runs,
}

/// Reads the table; `None` when it is absent.
pub(in crate::snapshot) fn vulnerabilities(
    source: &Source<'_>,
    roster: &Roster,
    diagnostics: &mut Diagnostics,
) -> Option<Findings> {
    let names = Names { cves: Interner::new(), fixes: Interner::new(), updates: Interner::new() };
    let batches = source
        .read("vulnerabilities", &COLUMNS, diagnostics, |batch, harvest| batched(batch, roster, &names, harvest))?;
    let cves = names.cves.keys();
    if cves.len() > MOST_NUMBERS {
        diagnostics.push(source.too_many("vulnerabilities", "cve_id", cves.len(), MOST_NUMBERS));
        return None;
    }
    let (mut rows, mut fixes, mut updates) = (Vec::new(), Vec::new(), Vec::new());
    for batch in batches {
        rows.push(batch.rows);
        fixes.push(batch.fixes);
        updates.push(batch.updates);
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

fn batched(batch: &Batch, roster: &Roster, names: &Names, harvest: &mut Harvest) -> Batched {
    let column = |at: usize| &batch.columns[at];
    let devices = roster.ordinals(column(0));
    let cves = names.cves.numbers(column(1).values.iter().map(|id| id.to_uppercase()));
    let severities =
        cells::words(column(2), "severity", harvest, |text| Severity::parse(&word(text)), Some(Severity::Unknown));
    let statuses = cells::words(column(3), "status", harvest, Status::parse, None);
    let available = cells::booleans(column(6), "update_available");
    let groups = NamedGroups::of(column(7));
    let mut pairs = Pairs::default();
    let (mut rows, mut fixes, mut updates) = (Vec::with_capacity(batch.rows), Vec::new(), Vec::new());
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
        let says = Says { severity: or(&severities, row, Severity::Unknown), status, fixable };
        rows.push(Runs::row(cve << 8 | says.pack(), device));
        let (update, name) = (column(4).keys[row], column(5).keys[row]);
        if update != 0 {
            let fix = pairs.fix(cve, update);
            fixes.push(Runs::row(fix << 1 | u32::from(status.is_open()), device));
            if name != 0 {
                updates.push(Runs::row(pairs.update(update, name), device));
            }
        }
    }
    pairs.renumber(names, (column(4), column(5)), (&mut fixes, &mut updates));
    Batched { rows: Runs::of(rows), fixes: Runs::of(fixes), updates: Runs::of(updates) }
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
    fn renumber(
        self,
        names: &Names,
        (ids, titles): (&DictionaryColumn, &DictionaryColumn),
        (fixes, updates): (&mut [u64], &mut [u64]),
    ) {
        let id = |key: u32| ids.values[key as usize].clone();
        let shared = names.fixes.numbers(self.fixes.keys.into_iter().map(|(cve, update)| (cve, id(update))));
        for row in fixes {
            let key = Runs::key(*row);
            *row = Runs::row(shared[(key >> 1) as usize] << 1 | key & 1, *row as Ordinal);
        }
        let title = |key: u32| titles.values[key as usize].clone();
        let shared =
            names.updates.numbers(self.updates.keys.into_iter().map(|(update, name)| (id(update), title(name))));
        for row in updates {
            *row = Runs::row(shared[Runs::key(*row) as usize], *row as Ordinal);
        }
    }
}

/// What a row says of its pair.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Says {
    severity: Severity,
    status: Status,
    fixable: bool,
}

impl Says {
    /// In six bits.
    fn pack(self) -> u32 {
        (self.severity as u32) << 3 | (self.status as u32) << 1 | u32::from(self.fixable)
    }

    fn unpack(bits: u32) -> Self {
        let severity = (bits >> 3 & 7) as usize;
        Self {
            // `Severity::ALL` has the worst first, the discriminants count from the best.
            severity: Severity::ALL[Severity::ALL.len() - 1 - severity],
            status: Status::ALL[(bits >> 1 & 3) as usize],
            fixable: bits & 1 == 1,
        }
    }
}

fn findings(rows: &[Runs], cves: &[String]) -> BTreeMap<CveId, Vulnerability> {
    let found = |runs: &[Run<'_>]| (CveId::from_scanner(&cves[(runs[0].0 >> 8) as usize]), vulnerability(runs));
    runs::of_all(rows, |key| key >> 8, found).into_iter().collect()
}

/// The sets of one CVE.
fn vulnerability(runs: &[Run<'_>]) -> Vulnerability {
    let mut found = Vulnerability::default();
    for same in runs.chunk_by(|a, b| a.0 == b.0) {
        let (says, devices) = (Says::unpack(same[0].0), runs::devices(same));
        *match says.status {
            Status::Exposed => &mut found.exposed,
            Status::PendingRestart => &mut found.pending_restart,
            Status::Patched => &mut found.patched,
            Status::NotApplicable => &mut found.not_applicable,
        } |= &devices;
        *found.by_severity.entry(says.severity).or_default() |= &devices;
        if says.status.is_open() {
            *found.exposed_by_severity.entry(says.severity).or_default() |= &devices;
        }
        if says.fixable {
            found.fixable |= &devices;
        }
    }
    found.with_shared_sets()
}

fn add_fixes(rows: &[Runs], fixes: &[(u32, String)], cves: &[String], found: &mut BTreeMap<CveId, Vulnerability>) {
    let known = &*found;
    let fix = |runs: &[Run<'_>]| {
        let (cve, update) = &fixes[(runs[0].0 >> 1) as usize];
        let id = CveId::from_scanner(&cves[*cve as usize]);
        let known = known.get(&id)?;
        let open = runs.partition_point(|(key, _)| key & 1 == 0);
        let exposed = runs::devices(&runs[open..]);
        let named = &runs::devices(&runs[..open]) | &exposed;
        Some((id, update, Fix { named: known.shared(named), exposed: known.shared(exposed) }))
    };
    for (id, update, fix) in runs::of_all(rows, |key| key >> 1, fix).into_iter().flatten() {
        if let Some(found) = found.get_mut(&id) {
            found.fixes.insert(update.clone(), fix);
        }
    }
}

fn updates_of(rows: &[Runs], names: &[(String, String)]) -> BTreeMap<String, Update> {
    let named = |runs: &[Run<'_>]| (&names[runs[0].0 as usize], runs::devices(runs));
    let mut updates: BTreeMap<String, Update> = BTreeMap::new();
    for ((id, name), devices) in runs::of_all(rows, |key| key, named) {
        updates.entry(id.clone()).or_default().names.insert(name.clone(), devices);
    }
    updates
}

fn assessed(rows: &[Runs], devices: usize) -> DeviceSet {
    let end = Ordinal::try_from(devices).unwrap_or(Ordinal::MAX);
    DeviceSet::from_below(rows.iter().flat_map(Runs::devices).copied(), end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rows_say_survives_packing() {
        for severity in Severity::ALL {
            for status in Status::ALL {
                for fixable in [false, true] {
                    let says = Says { severity, status, fixable };
                    assert!(says.pack() < 1 << 8 && Says::unpack(says.pack()) == says);
                }
            }
        }
    }
}
