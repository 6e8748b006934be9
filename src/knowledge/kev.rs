//! `kev.json`: CISA's catalogue of vulnerabilities that are known to be exploited.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::file::Json;
use super::load::KEV;
use super::problems::Problems;
use crate::diagnostics::{Diagnostics, visible};
use crate::terms::{CveId, Moment, instant, word};

/// The catalogue, or the part of it that somebody needs.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// Its version, as `2026.08.07`.
    pub version: Option<String>,
    /// When CISA released it.
    pub released: Option<Timestamp>,
    /// What it says, by vulnerability.
    pub entries: BTreeMap<CveId, Exploited>,
}

/// A vulnerability that is known to be exploited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exploited {
    /// The vendor or project.
    pub vendor: Option<String>,
    /// The product.
    pub product: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// What it is, in a sentence or two.
    pub description: Option<String>,
    /// What CISA has federal agencies do.
    pub action: Option<String>,
    /// Since when it is in the catalogue.
    pub added: Option<Date>,
    /// By when federal agencies have to act.
    pub due: Option<Date>,
    /// Whether ransomware campaigns are known to use it; where not, that is not known.
    pub ransomware: bool,
}

impl Exploited {
    /// Its texts.
    pub(super) fn texts(&self) -> impl Iterator<Item = &String> {
        [&self.vendor, &self.product, &self.name, &self.description, &self.action].into_iter().flatten()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File<'a> {
    catalog_version: Option<String>,
    date_released: Option<String>,
    count: Option<usize>,
    #[serde(borrow)]
    vulnerabilities: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(rename = "cveID")]
    id: String,
    vendor_project: Option<String>,
    product: Option<String>,
    vulnerability_name: Option<String>,
    date_added: Option<String>,
    short_description: Option<String>,
    required_action: Option<String>,
    due_date: Option<String>,
    known_ransomware_campaign_use: Option<String>,
}

/// More than fifty times what the catalogue was in 2026.
const LARGEST: u64 = 64 << 20;

pub(super) fn load(root: &Path, named: &BTreeSet<CveId>, diagnostics: &mut Diagnostics) -> Option<Catalogue> {
    let json = Json::read(root, KEV, LARGEST).map_err(|told| diagnostics.push(told)).ok()??;
    let file: File = json.whole("CISA's catalogue").map_err(|told| diagnostics.push(told)).ok()?;
    let mut problems = Problems::of(KEV, diagnostics);
    let mut seen = BTreeSet::new();
    let mut entries = BTreeMap::new();
    for raw in &file.vulnerabilities {
        let Some(entry) = problems.sound(json.part::<Entry>(raw, "an entry of the catalogue")) else { continue };
        let Some(id) = CveId::parse(&entry.id) else {
            problems.tell(json.mistake(raw, format!("`{}` is not a CVE id", visible(&entry.id))));
            continue;
        };
        let exploited = understood(entry, &id, &mut |message| problems.tell(json.mistake(raw, message)));
        if !seen.insert(id.clone()) {
            problems.tell(json.mistake(raw, format!("{id} is listed a second time")));
        } else if named.contains(&id) {
            entries.insert(id, exploited);
        }
    }
    let released = file.date_released.as_deref().and_then(instant);
    if released.is_none() {
        let said = file.date_released.as_deref().map(visible).unwrap_or_default();
        problems.tell(json.about(format!("`dateReleased` is no date and time: `{said}`")));
    }
    if let Some(count) = file.count.filter(|count| *count != file.vulnerabilities.len()) {
        let held = file.vulnerabilities.len();
        problems.tell(json.about(format!("the catalogue says that it has {count} entries, and has {held}")));
    }
    Some(Catalogue { version: file.catalog_version, released, entries })
}

fn understood(entry: Entry, id: &CveId, tell: &mut impl FnMut(String)) -> Exploited {
    let mut day = |key: &str, text: Option<String>| {
        let text = text.filter(|text| !text.trim().is_empty())?;
        match Moment::parse(&text) {
            Some(Moment::Date(date)) => Some(date),
            _ => {
                tell(format!("`{key}` of {id} is no date: `{}`", visible(&text)));
                None
            }
        }
    };
    let (added, due) = (day("dateAdded", entry.date_added), day("dueDate", entry.due_date));
    let use_of_it = entry.known_ransomware_campaign_use.unwrap_or_default();
    let ransomware = match word(&use_of_it).as_str() {
        "known" => true,
        "unknown" | "" => false,
        _ => {
            let said = visible(&use_of_it);
            tell(format!("`knownRansomwareCampaignUse` of {id} is neither Known nor Unknown: `{said}`"));
            false
        }
    };
    Exploited {
        vendor: said(entry.vendor_project),
        product: said(entry.product),
        name: said(entry.vulnerability_name),
        description: said(entry.short_description),
        action: said(entry.required_action),
        added,
        due,
        ransomware,
    }
}

/// A text that says something.
pub(super) fn said(text: Option<String>) -> Option<String> {
    let text = text?;
    let trimmed = text.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}
