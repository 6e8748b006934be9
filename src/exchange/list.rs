//! Indicators as a plain list, one a line, live: what a block list or a search takes.

use crate::diagnostics::is_unprintable;
use crate::scope::{Indicator, Report};
use crate::terms::{IndicatorType, Tlp};

/// Whether there is anything to list.
pub(super) fn has_any(report: &Report) -> bool {
    report.indicators.iter().any(fits)
}

/// A value of several lines is none of a list's, and one that steers is none for a terminal.
fn fits(indicator: &Indicator) -> bool {
    !indicator.value.contains(is_unprintable)
}

/// The indicators by type, each once. Lines that begin with `#` say what they are and how far they may travel.
pub(super) fn indicators(report: &Report) -> String {
    let mut out = String::new();
    for kind in IndicatorType::ALL {
        let mut values: Vec<(Tlp, &str)> = report
            .indicators
            .iter()
            .filter(|indicator| indicator.kind == *kind && fits(indicator))
            .map(|indicator| (indicator.tlp.unwrap_or(report.tlp), indicator.value.as_str()))
            .collect();
        values.sort_unstable();
        values.dedup();
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
