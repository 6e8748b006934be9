//! Configurations that are counted and that no snapshot knows.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostics::{Code, Diagnostic, nearest, visible};
use crate::fleet::Fleet;
use crate::report::Report;
use crate::terms::ConfigurationId;

/// The configurations of a report that are in no snapshot's rows or catalogue. Where no snapshot
/// has one of these tables, nothing is known of configurations.
pub(super) fn unknown(report: &Report, fleets: &[Arc<Fleet>]) -> Vec<Diagnostic> {
    if !fleets.iter().any(|fleet| fleet.tables.configurations || fleet.tables.configuration_catalog) {
        return Vec::new();
    }
    let is_known = |id: &ConfigurationId| {
        fleets.iter().any(|fleet| fleet.configurations.contains_key(id) || fleet.catalogue.contains_key(id))
    };
    let strange = report.places.configurations.iter().filter(|(id, _)| !is_known(id));
    strange
        .map(|(id, span)| {
            let known: BTreeSet<&str> = fleets
                .iter()
                .flat_map(|fleet| fleet.configurations.keys().chain(fleet.catalogue.keys()))
                .map(ConfigurationId::as_str)
                .collect();
            let hint = match nearest(id.as_str(), known) {
                Some(near) => format!("did you mean `{near}`? As it is, no device is counted for it"),
                None => "correct it, or export its rows; as it is, no device is counted for it".to_owned(),
            };
            Diagnostic::warning(
                Code::UnknownConfiguration,
                format!("no snapshot knows the configuration `{}`", visible(id.as_str())),
            )
            .at(&report.origin.source, span.clone())
            .hint(hint)
            .strict()
        })
        .collect()
}
