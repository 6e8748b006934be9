//! The tables of a snapshot to a [`Fleet`].

use rayon::prelude::*;

use crate::diagnostics::{Diagnostics, Severity};
use crate::fleet::{Fleet, Tables};

use super::Snapshot;
use super::tables::{self, Roster, Source};

/// Reads every table. `None` when something in them stops a build; all of it is told, unless there are no devices to read
/// the other tables against.
pub fn fleet(snapshot: &Snapshot, group_ranks: &[String], diagnostics: &mut Diagnostics) -> Option<Fleet> {
    let before = diagnostics.count(Severity::Error);
    let source = Source::new(snapshot);
    let roster: Roster = tables::devices(&source, group_ranks, diagnostics)?;
    let software = tables::software(&source, &roster, diagnostics);
    let vulnerabilities = tables::vulnerabilities(&source, &roster, diagnostics);
    let configurations = tables::configurations(&source, &roster, diagnostics);
    let catalogue = tables::catalogue(&source, diagnostics);
    let alerts = tables::alerts(&source, &roster, diagnostics);
    let incidents = tables::incidents(&source, diagnostics);
    if let (Some(alerts), Some(incidents)) = (&alerts, &incidents) {
        tables::check_references(&source, alerts, incidents, diagnostics);
    }
    if diagnostics.count(Severity::Error) > before {
        return None;
    }
    let tables = Tables {
        vulnerabilities: vulnerabilities.is_some(),
        configurations: configurations.is_some(),
        configuration_catalog: catalogue.is_some(),
        software: software.installed.is_some(),
        affected_software: software.affected.is_some(),
        alerts: alerts.is_some(),
        alert_devices: source.has("alert_devices"),
        incidents: incidents.is_some(),
    };
    let vulnerabilities = vulnerabilities.unwrap_or_default();
    let assessed = &software.installed.unwrap_or_default() | &vulnerabilities.assessed;
    Some(Fleet {
        as_of: snapshot.as_of,
        tables,
        groups: roster.groups,
        devices: roster.devices.into(),
        vulnerabilities: vulnerabilities
            .found
            .into_par_iter()
            .map(|(id, found)| (id, found.with_shared_sets().into()))
            .collect(),
        updates: vulnerabilities.updates.into_iter().map(|(id, update)| (id, update.into())).collect(),
        configurations: configurations.unwrap_or_default(),
        catalogue: catalogue.unwrap_or_default(),
        assessed,
        affected: software.affected.unwrap_or_default(),
        alerts: alerts.unwrap_or_default().into(),
        incidents: incidents.unwrap_or_default().into(),
    })
}
