//! `configuration_catalog`: what configurations are called and how much they matter.

use std::collections::{BTreeMap, BTreeSet};

use super::Source;
use super::cells::{self, Cell, Cells};
use super::contradictions::Subject;
use super::harvest::Harvest;
use crate::diagnostics::Diagnostics;
use crate::fleet::CatalogueEntry;
use crate::snapshot::read::{Batch, Column};
use crate::terms::ConfigurationId;

pub(super) const COLUMNS: [Column<'static>; 6] = [
    Column::required("configuration_id"),
    Column::required("name"),
    Column::optional("category"),
    Column::optional("subcategory"),
    Column::optional("impact"),
    Column::optional("remediation"),
];

/// Reads the table; `None` when it is absent.
pub(in crate::snapshot) fn catalogue(
    source: &Source<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<BTreeMap<ConfigurationId, CatalogueEntry>> {
    let batches = source.read("configuration_catalog", &COLUMNS, diagnostics, rows)?;
    let mut catalogue: BTreeMap<ConfigurationId, (CatalogueEntry, Impact)> = BTreeMap::new();
    let mut contradicted = BTreeSet::new();
    for (id, entry, impact) in batches.into_iter().flatten() {
        if let Some(known) = catalogue.get(&id) {
            if *known != (entry, impact) {
                contradicted.insert(id.to_string());
            }
        } else {
            catalogue.insert(id, (entry, impact));
        }
    }
    let (table, what) = ("configuration_catalog", "configuration");
    let fold = |id: &str| ConfigurationId::fold(id).to_string();
    Subject { table, what, columns: &COLUMNS, fold }.tell(source, &contradicted, diagnostics);
    Some(catalogue.into_iter().map(|(id, (entry, _))| (id, entry)).collect())
}

/// Whether a value is an impact.
pub(in crate::snapshot) fn is_impact(text: &str) -> bool {
    Impact::parse(text).is_some()
}

fn rows(batch: &Batch, harvest: &mut Harvest) -> Vec<(ConfigurationId, CatalogueEntry, Impact)> {
    let impacts = Cells::of(&batch.columns[4], "impact", |text| match Impact::parse(text) {
        Some(impact) => Cell::Value(impact),
        None => Cell::Bad(format!("is no number from 1 to 10: `{text}`")),
    });
    let mut rows = Vec::new();
    for row in 0..batch.rows {
        let Ok(id) = cells::id(batch, 0, "configuration_id", row, harvest) else { continue };
        let Ok(impact) = impacts.value(batch, row, harvest).map(Option::<&Impact>::cloned) else { continue };
        let impact = impact.unwrap_or_default();
        let entry = CatalogueEntry {
            name: cells::text(&batch.columns[1], row).to_owned(),
            category: cells::some_text(&batch.columns[2], row),
            subcategory: cells::some_text(&batch.columns[3], row),
            impact_tenths: impact.tenths(),
            remediation: cells::some_text(&batch.columns[5], row),
        };
        rows.push((ConfigurationId::fold(id), entry, impact));
    }
    rows
}

/// An impact as decimal digits without trailing zeros: no float stands between the text and
/// the weight. Empty when not given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Impact {
    whole: u32,
    fraction: String,
}

impl Impact {
    /// Reads a decimal number from 1 to 10.
    fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(fraction) {
            // As another program may have written it: 1e1.
            let value: f64 = text.parse().ok()?;
            let plain = text.bytes().any(|b| matches!(b, b'e' | b'E')) && (1.0..=10.0).contains(&value);
            return plain.then(|| Self::parse(&value.to_string())).flatten();
        }
        let fraction = fraction.trim_end_matches('0').to_owned();
        let whole = whole.parse().ok()?;
        let valid = (1..10).contains(&whole) || (whole == 10 && fraction.is_empty());
        valid.then_some(Self { whole, fraction })
    }

    /// Ten times the impact, cut to an integer.
    fn tenths(&self) -> Option<u32> {
        let tenth = self.fraction.bytes().next().map_or(0, |digit| u32::from(digit - b'0'));
        (self.whole > 0).then_some(10 * self.whole + tenth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impacts_are_cut_not_rounded() {
        let tenths = |text| Impact::parse(text).and_then(|impact| impact.tenths());
        let expected = [("7", 70), ("7.0", 70), ("8.79", 87), ("10", 100), ("10.0", 100), ("1e1", 100), ("2.3", 23)];
        for (text, value) in expected {
            assert_eq!(tenths(text), Some(value), "{text}");
        }
        for bad in ["0", "0.9", "10.1", "11", "-3", "x", "", ".5", "5.", "NaN", "inf", "1e2"] {
            assert_eq!(tenths(bad), None, "{bad}");
        }
    }
}
