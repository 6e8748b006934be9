//! Indicators as a plain list, one a line, live: what a block list or a search takes.

use std::collections::BTreeMap;

use super::meant;
use crate::diagnostics::is_unprintable;
use crate::scope::{Indicator, Report};
use crate::terms::{IndicatorType, Tlp};

/// Whether there is anything to list.
pub(super) fn has_any(report: &Report) -> bool {
    report.indicators.iter().any(fits)
}

/// A value of several lines is none of a list's, one that steers is none for a terminal, one that begins with `#`
/// would be a comment, and one that its type cannot have is of no use to a tool.
fn fits(indicator: &Indicator) -> bool {
    indicator.kind.fits(&indicator.value)
        && !indicator.value.contains(is_unprintable)
        && !indicator.value.starts_with('#')
}

/// The indicators by type, each once, under the strictest of its labels. Lines that begin with `#` say what they are
/// and how far they may travel.
pub(super) fn indicators(report: &Report) -> String {
    let mut out = String::new();
    for kind in IndicatorType::ALL {
        let mut values: BTreeMap<String, (Tlp, &str)> = BTreeMap::new();
        for indicator in report.indicators.iter().filter(|indicator| indicator.kind == *kind && fits(indicator)) {
            let tlp = indicator.tlp.unwrap_or(report.tlp);
            let (strictest, _) = values.entry(meant(indicator)).or_insert((tlp, &indicator.value));
            *strictest = tlp.max(*strictest);
        }
        let mut values: Vec<(Tlp, &str)> = values.into_values().collect();
        values.sort_unstable();
        let mut label = None;
        for (tlp, value) in values {
            if label != Some(tlp) {
                out.push_str(&format!("# {}, {}\n", kind.label(), tlp.label()));
                label = Some(tlp);
            }
            out.push_str(value);
            out.push('\n');
        }
    }
    out
}
