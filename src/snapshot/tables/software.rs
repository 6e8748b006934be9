//! `software` and `affected_software`: which devices run a product that a CVE affects.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::cells;
use super::devices::NamedGroups;
use super::harvest::Harvest;
use super::{Roster, Source};
use crate::diagnostics::Diagnostics;
use crate::fleet::{DeviceSet, Ordinal};
use crate::snapshot::read::{Batch, Column};
use crate::terms::CveId;

/// What the two tables say together.
#[derive(Default)]
pub(in crate::snapshot) struct Software {
    /// Devices with a row in `software`; `None` when it is absent.
    pub(in crate::snapshot) installed: Option<DeviceSet>,
    /// Per CVE of `affected_software`, the devices that run such a product; `None` when that
    /// table is absent.
    pub(in crate::snapshot) affected: Option<BTreeMap<CveId, DeviceSet>>,
}

pub(super) const SOFTWARE: [Column<'static>; 5] = [
    Column::required("device_id"),
    Column::required("vendor"),
    Column::required("product"),
    Column::presence("version"),
    Column::optional("device_group"),
];
pub(super) const AFFECTED: [Column<'static>; 3] =
    [Column::required("cve_id"), Column::required("vendor"), Column::required("product")];

/// Vendor and product, folded.
type Product = (String, String);

/// Reads both tables.
pub(in crate::snapshot) fn software(source: &Source<'_>, roster: &Roster, diagnostics: &mut Diagnostics) -> Software {
    let affected = source.read("affected_software", &AFFECTED, diagnostics, affected_rows);
    let affected: Option<BTreeSet<(CveId, Product)>> = affected.map(|rows| rows.into_iter().flatten().collect());
    let products: BTreeSet<&Product> = affected.iter().flatten().map(|(_, product)| product).collect();
    let numbers: FxHashMap<&Product, u32> = products.into_iter().zip(0..).collect();
    let installed = source
        .read("software", &SOFTWARE, diagnostics, |batch, harvest| installed_rows(batch, roster, &numbers, harvest));
    let mut running: BTreeMap<u32, DeviceSet> = BTreeMap::new();
    let installed = installed.map(|batches| {
        let mut all = DeviceSet::new();
        for (devices, products) in batches {
            all |= &devices;
            for (product, devices) in products {
                *running.entry(product).or_default() |= &devices;
            }
        }
        all
    });
    let affected = affected.as_ref().map(|pairs| {
        let mut devices: BTreeMap<CveId, DeviceSet> = BTreeMap::new();
        for (cve, product) in pairs {
            let devices = devices.entry(cve.clone()).or_default();
            if let Some(run) = numbers.get(product).and_then(|number| running.get(number)) {
                *devices |= run;
            }
        }
        devices
    });
    Software { installed, affected }
}

fn affected_rows(batch: &Batch, _: &mut Harvest) -> Vec<(CveId, Product)> {
    let text = |column: usize, row: usize| cells::text(&batch.columns[column], row);
    (0..batch.rows)
        .filter(|row| !text(0, *row).is_empty())
        .map(|row| {
            let product = (text(1, row).to_lowercase(), text(2, row).to_lowercase());
            (CveId::from_scanner(text(0, row)), product)
        })
        .collect()
}

/// The devices with any row, and those with each product somebody is interested in.
fn installed_rows(
    batch: &Batch,
    roster: &Roster,
    numbers: &FxHashMap<&Product, u32>,
    harvest: &mut Harvest,
) -> (DeviceSet, BTreeMap<u32, DeviceSet>) {
    let column = |at: usize| &batch.columns[at];
    let devices = roster.ordinals(column(0));
    let groups = NamedGroups::of(column(3));
    // Each distinct (vendor, product) of the batch is folded and looked up once.
    let mut known: FxHashMap<(u32, u32), Option<u32>> = FxHashMap::default();
    let mut all: Vec<Ordinal> = Vec::with_capacity(batch.rows);
    let mut running: BTreeMap<u32, Vec<Ordinal>> = BTreeMap::new();
    for row in 0..batch.rows {
        if cells::id(batch, 0, "device_id", row, harvest).is_err() {
            continue;
        }
        let Some(device) = devices[column(0).keys[row] as usize] else {
            harvest.orphan("a device");
            continue;
        };
        groups.compare(roster, device, row, harvest);
        all.push(device);
        let number = known.entry((column(1).keys[row], column(2).keys[row])).or_insert_with(|| {
            let folded = |at: usize| cells::text(column(at), row).to_lowercase();
            numbers.get(&(folded(1), folded(2))).copied()
        });
        if let Some(number) = number {
            running.entry(*number).or_default().push(device);
        }
    }
    let sorted = |mut devices: Vec<Ordinal>| {
        devices.sort_unstable();
        DeviceSet::from_ascending(devices)
    };
    (sorted(all), running.into_iter().map(|(number, devices)| (number, sorted(devices))).collect())
}
