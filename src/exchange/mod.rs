//! What leaves the site for other tools: a STIX 2.1 bundle and an ATT&CK Navigator layer beside each
//! report, a layer of all of a role's reports, indicators as a plain list.
//!
//! All of it is made of what authors wrote and the role may read. Nothing of a device, an alert or
//! an incident is in it, so that it can travel as far as its TLP label says.

mod list;
mod navigator;
mod pattern;
mod stix;

use crate::scope::{Indicator, Report, Slice, canonical_host};
use crate::terms::IndicatorType;

/// A file for other tools.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path from the root, with `/`.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// A file beside a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// The report as a STIX 2.1 bundle.
    Stix,
    /// Its techniques as an ATT&CK Navigator layer.
    Navigator,
    /// Its indicators, one a line.
    List,
}

impl Export {
    /// Those that stand beside a report: a bundle and a layer beside each, so that a tool which looks for them need not
    /// know what the report says; a list where there is something to list.
    pub fn of(report: &Report) -> impl Iterator<Item = Self> {
        let list = list::has_any(report).then_some(Self::List);
        [Self::Stix, Self::Navigator].into_iter().chain(list)
    }

    /// What a page calls it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Stix => "STIX 2.1 bundle",
            Self::Navigator => "ATT&CK Navigator layer",
            Self::List => "Indicators as a list",
        }
    }

    /// Its path from the root.
    #[must_use]
    pub fn path(self, report: &Report) -> String {
        let name = match self {
            Self::Stix => "stix.json",
            Self::Navigator => "navigator.json",
            Self::List => "indicators.txt",
        };
        format!("threats/{}/{name}", report.slug)
    }

    fn text(self, slice: &Slice, report: &Report) -> String {
        match self {
            Self::Stix => json(&stix::bundle(slice, report)),
            Self::Navigator => json(&navigator::of_report(slice, report)),
            Self::List => list::indicators(report),
        }
    }
}

/// The files beside a report.
pub fn beside(slice: &Slice, report: &Report) -> impl Iterator<Item = File> {
    Export::of(report).map(move |export| File { path: export.path(report), text: export.text(slice, report) })
}

/// Where the layer of all of a role's reports stands, if any of them names a technique.
pub const LAYER: &str = "techniques/navigator.json";

/// The layer of all of the role's reports.
#[must_use]
pub fn of_role(slice: &Slice) -> Option<File> {
    let layer = navigator::of_role(slice)?;
    Some(File { path: LAYER.to_owned(), text: json(&layer) })
}

fn json(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}

/// The address of a report in the role's portal.
fn address(slice: &Slice, report: &Report) -> String {
    format!("{}threats/{}/", slice.role().base_url, report.slug)
}

/// What an indicator means, whichever way it is written: indicators of a type that mean the same are one.
fn meant(indicator: &Indicator) -> String {
    match indicator.kind {
        IndicatorType::Domain => canonical_host(&indicator.value),
        IndicatorType::Md5 | IndicatorType::Sha1 | IndicatorType::Sha256 => indicator.value.to_lowercase(),
        _ => indicator.value.clone(),
    }
}

#[cfg(test)]
mod tests;
