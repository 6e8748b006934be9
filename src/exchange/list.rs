//! Indicators as a plain list, one a line, live: what a block list or a search takes.

use crate::scope::{Indicator, Report};
use crate::terms::{IndicatorType, Tlp};

/// Whether there is anything to list. A value of several lines is none of a list's.
pub(super) fn has_any(report: &Report) -> bool {
    report.indicators.iter().any(fits)
}

fn fits(indicator: &Indicator) -> bool {
    !indicator.value.contains(['\n', '\r'])
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
