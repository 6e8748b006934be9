//! `::chart[…]` and `::table[…]`: the report's own charts and tables, in place.

use std::ops::Range;

use super::directives::{Directive, Kind, Read, starts_line};
use crate::diagnostics::{Code, Diagnostic, nearest};

/// A chart or table that a text shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Embedded {
    /// The chart of this name.
    Chart(&'static str),
    /// The table of this name.
    Table(&'static str),
}

impl Embedded {
    /// The charts a report can have.
    pub const CHARTS: &[&str] =
        &["alerts-over-time", "burn-down", "device-states", "exposure-by-group", "funnel", "incidents-by-week"];

    /// The tables a report can have.
    pub const TABLES: &[&str] = &[
        "alerts",
        "axes",
        "causes",
        "changes",
        "contradictions",
        "detections",
        "devices.exposed",
        "devices.impacted",
        "devices.resolved",
        "devices.unavailable",
        "groups",
        "history",
        "incidents",
        "incidents.statuses",
        "indicators",
        "mitigations.configurations",
        "mitigations.untracked",
        "mitigations.updates",
        "mitigations.vulnerabilities",
        "techniques",
        "unavailable.reasons",
        "worklists",
    ];
}

/// Reads the directive whose `::chart` or `::table` stands at `opening`, before a `[`.
pub(super) fn read(text: &str, opening: Range<usize>) -> Read {
    let chart = text[opening.clone()].ends_with("chart");
    let (kind, known, form) = match chart {
        true => ("chart", Embedded::CHARTS, "write it as `::chart[alerts-over-time]`"),
        false => ("table", Embedded::TABLES, "write it as `::table[mitigations.configurations]`"),
    };
    const LONGEST: usize = 100;
    let start = opening.end + 1;
    let near = &text[start..text.floor_char_boundary(start + LONGEST)];
    let Some(length) = near.find([']', '\n', '\r']).filter(|end| near[*end..].starts_with(']')) else {
        let problem = Diagnostic::error(Code::InvalidDirective, format!("the name of a {kind} that is not closed"));
        return Read::Problem(problem.hint(form), opening);
    };
    let (written, end) = (text[start..start + length].trim(), start + length + 1);
    let Some(name) = known.iter().copied().find(|name| *name == written) else {
        let problem = Diagnostic::error(Code::UnknownFigure, format!("a report has no {kind} `{written}`"));
        let hint = match nearest(written, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", known.join(", ")),
        };
        return Read::Problem(problem.hint(hint), start..start + length);
    };
    let ends_line = text[end..].trim_start_matches([' ', '\t']).chars().next().is_none_or(|c| matches!(c, '\n' | '\r'));
    if !ends_line || !starts_line(text, opening.start) {
        let problem = Diagnostic::error(Code::InvalidDirective, format!("a {kind} in a line of text"));
        return Read::Problem(problem.hint("write it on a line of its own"), opening.start..end);
    }
    let embedded = if chart { Embedded::Chart(name) } else { Embedded::Table(name) };
    Read::Directive(Directive { span: opening.start..end, kind: Kind::Embedded(embedded) })
}
