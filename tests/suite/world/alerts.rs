//! Draws alerts, the further devices of alerts, and incidents with their redirects.

use jiff::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;

use super::Table;
use super::moments::{Stamp, stamp};
use super::pools::{
    ACTORS, ALERT_DEVICES, ALERTS, DETECTORS, FAMILIES, INCIDENTS, SEVERITIES, TITLES, any_case, device_id, dropped,
    names, table_of, word,
};

/// Alert ids keep their case: `al-1` and `AL-1` are two alerts.
pub(crate) const ALERT_IDS: [&str; 6] = ["al-1", "AL-1", "al-2", "da63_7", "al-5", "al-6"];
/// Incident ids likewise; `inc-9` has no row.
const INCIDENT_IDS: [&str; 6] = ["inc-1", "INC-1", "inc-2", "inc-3", "inc-4", "inc-5"];

#[derive(Clone, Debug)]
struct Alert {
    id: String,
    /// title, status, incident, severity, classification, detector, family, actor
    cells: [String; 8],
    created: Stamp,
    resolved: Stamp,
    /// One row each; no device at all is one row without one.
    devices: Vec<String>,
    /// A further row of the same alert whose `created` does not parse, with a device of its own.
    spoilt: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Incidents {
    /// id, title, status, severity, redirect_to
    rows: Vec<[String; 5]>,
    /// A chain `ch-0` → … → `ch-n` of redirects, around the limit of ten steps.
    chain: Option<usize>,
}

/// Alerts and incidents of a snapshot before T is known.
#[derive(Clone, Debug)]
pub(crate) struct Events {
    alerts: Option<Vec<Alert>>,
    further: Option<Vec<[String; 2]>>,
    incidents: Option<Incidents>,
    dropped: Vec<&'static str>,
}

fn status() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        6 => word(&["new", "in_progress", "In Progress", "InProgress", " New"]),
        6 => word(&["resolved", "Resolved"]),
        1 => word(&["unknown", "", "snoozed"]),
    ]
}

fn alert() -> impl Strategy<Value = Alert> + Clone {
    let incident = prop_oneof![
        12 => word(&INCIDENT_IDS),
        1 => word(&["inc-9", "", " inc-1 "]),
        2 => word(&["ch-0", "ch-1"]),
    ];
    let classification = word(&["false_positive", "False Positive", "true_positive", "informational", "", "dunno"]);
    let maybe = |pool| prop_oneof![1 => Just(String::new()), 1 => any_case(pool)];
    let names = (maybe(&DETECTORS), maybe(&FAMILIES), maybe(&ACTORS));
    let told = (any_case(&TITLES), status(), incident, word(&SEVERITIES), classification, names);
    let times = (stamp(1, 0), stamp(6, 0));
    let spoilt = proptest::option::weighted(0.1, device_id());
    (word(&ALERT_IDS), told, times, vec(device_id(), 0..6), spoilt)
        .prop_map(|(id, told, (created, resolved), devices, spoilt)| {
            let (title, status, incident, severity, classification, names) = told;
            let cells = [title, status, incident, severity, classification, names.0, names.1, names.2];
            Alert { id, cells, created, resolved, devices, spoilt }
        })
        .boxed()
}

fn incidents() -> impl Strategy<Value = Incidents> + Clone {
    let status = prop_oneof![
        4 => word(&["active", "Active"]),
        2 => word(&["in_progress", "Awaiting Action", "awaiting_action"]),
        2 => word(&["resolved", "Resolved"]),
        3 => word(&["redirected", "Redirected"]),
        1 => word(&["", "parked"]),
    ];
    let target = prop_oneof![6 => word(&INCIDENT_IDS), 1 => word(&["inc-9", ""])];
    let title = word(&["Multi-stage incident on 3 endpoints", ""]);
    let row = (word(&INCIDENT_IDS), title, status, word(&SEVERITIES), target)
        .prop_map(|(id, title, status, severity, target)| [id, title, status, severity, target]);
    (vec(row, 0..16), proptest::option::of(9usize..=12)).prop_map(|(rows, chain)| Incidents { rows, chain }).boxed()
}

pub(crate) fn events() -> impl Strategy<Value = Events> + Clone {
    let further = (word(&ALERT_IDS), device_id()).prop_map(|(alert, device)| [alert, device]).boxed();
    (
        table_of(alert(), 14),
        table_of(further, 5),
        prop_oneof![8 => incidents().prop_map(Some), 1 => Just(None)],
        dropped(ALERTS),
    )
        .prop_map(|(alerts, further, incidents, dropped)| Events { alerts, further, incidents, dropped })
        .boxed()
}

impl Events {
    /// Rows of one alert differ in nothing but the device, or the build would stop.
    pub(crate) fn alerts(&self, now: Timestamp, freshness_days: i64) -> Option<Table> {
        let mut table = Table::new(&names(ALERTS));
        let mut seen: Vec<&str> = Vec::new();
        for alert in self.alerts.as_ref()? {
            if seen.contains(&alert.id.as_str()) {
                continue;
            }
            seen.push(&alert.id);
            let created = alert.created.write(now, freshness_days);
            let resolved = alert.resolved.write(now, freshness_days);
            for device in &alert.devices {
                alert.push(&mut table, &created, &resolved, device);
            }
            if alert.devices.is_empty() {
                alert.push(&mut table, &created, &resolved, "");
            }
            if let Some(device) = &alert.spoilt {
                alert.push(&mut table, "last Tuesday", &resolved, device);
            }
        }
        for column in &self.dropped {
            table.drop_column(column);
        }
        Some(table)
    }

    pub(crate) fn further(&self) -> Option<Table> {
        let mut table = Table::new(&names(ALERT_DEVICES));
        for [alert, device] in self.further.as_ref()? {
            table.push(&[("alert_id", alert), ("device_id", device)]);
        }
        Some(table)
    }

    pub(crate) fn incidents(&self) -> Option<Table> {
        let incidents = self.incidents.as_ref()?;
        let mut table = Table::new(&names(INCIDENTS));
        let mut seen: Vec<&str> = Vec::new();
        for [id, title, status, severity, target] in &incidents.rows {
            if !seen.contains(&id.as_str()) {
                seen.push(id);
                push_incident(&mut table, [id, title, status, severity, target]);
            }
        }
        if let Some(steps) = incidents.chain {
            for step in 0..steps {
                let (id, next) = (format!("ch-{step}"), format!("ch-{}", step + 1));
                push_incident(&mut table, [&id, "Chained", "redirected", "high", &next]);
            }
            let last = format!("ch-{steps}");
            push_incident(&mut table, [&last, "Chained", "active", "medium", ""]);
        }
        Some(table)
    }
}

impl Alert {
    fn push(&self, table: &mut Table, created: &str, resolved: &str, device: &str) {
        let [title, status, incident, severity, classification, detector, family, actor] = &self.cells;
        table.push(&[
            ("alert_id", &self.id),
            ("title", title),
            ("status", status),
            ("created", created),
            ("device_id", device),
            ("incident_id", incident),
            ("severity", severity),
            ("classification", classification),
            ("resolved", resolved),
            ("detector_id", detector),
            ("threat_family", family),
            ("actor", actor),
            ("techniques", "T1059.001; T1190"),
        ]);
    }
}

fn push_incident(table: &mut Table, [id, title, status, severity, target]: [&str; 5]) {
    table.push(&[
        ("incident_id", id),
        ("title", title),
        ("status", status),
        ("severity", severity),
        ("created", beginning(id)),
        ("redirect_to", target),
    ]);
}

/// When an incident began, in a way: its id decides.
fn beginning(id: &str) -> &'static str {
    let times = ["2026-11-15", "2026-11-09T00:00:00Z", "", "2026-11-08T23:59:59Z", "2026-08-24", "2027-01-01"];
    times[id.bytes().map(usize::from).sum::<usize>() % times.len()]
}
