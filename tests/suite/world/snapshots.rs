//! Draws one snapshot: its devices, what stands about them, and what happened.

use jiff::Timestamp;
use proptest::prelude::*;

use super::Snapshot;
use super::alerts::{Events, events};
use super::devices::{DeviceRow, Homes, calm_devices, device_table, devices};
use super::findings::{Findings, calm_findings, findings};
use super::moments::spell;

#[derive(Clone, Debug)]
pub(crate) struct SnapshotDraft {
    devices: (Vec<DeviceRow>, Vec<&'static str>),
    findings: Findings,
    events: Events,
}

pub(crate) fn snapshot() -> impl Strategy<Value = SnapshotDraft> + Clone {
    prop_oneof![
        5 => (devices(), findings(), events()),
        1 => (calm_devices(), calm_findings(), events()),
    ]
    .prop_map(|(devices, findings, events)| SnapshotDraft { devices, findings, events })
    .boxed()
}

impl SnapshotDraft {
    /// The snapshot as of `as_of`, its times placed around `now`: the two differ where `--as-of`
    /// replaces the snapshot's own time.
    pub(crate) fn finish(
        &self,
        as_of: Timestamp,
        now: Timestamp,
        homes: &Homes,
        ranks: &[String],
        freshness_days: i64,
    ) -> Snapshot {
        let (rows, dropped) = &self.devices;
        let mut devices = device_table(rows, homes, ranks, now, freshness_days);
        for column in dropped {
            devices.drop_column(column);
        }
        Snapshot {
            as_of: spell(as_of, 0),
            devices,
            vulnerabilities: self.findings.vulnerabilities(),
            configurations: self.findings.configurations(now, freshness_days),
            configuration_catalog: self.findings.catalog(),
            software: self.findings.software(),
            affected_software: self.findings.affected(),
            alerts: self.events.alerts(now, freshness_days),
            alert_devices: self.events.further(),
            incidents: self.events.incidents(),
        }
    }
}
