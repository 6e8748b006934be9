//! `alerts` and `alert_devices`: rows of one alert united.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::cells::{self, BadCell, Cells};
use super::contradictions::Subject;
use super::harvest::Harvest;
use super::{Roster, Source};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, visible};
use crate::fleet::{Alert, AlertStatus, Classification, DeviceSet, Incident};
use crate::snapshot::read::{Batch, Column};
use crate::terms::{Severity, word};

pub(super) const ALERTS: [Column<'static>; 13] = [
    Column::required("alert_id"),
    Column::required("title"),
    Column::required("status"),
    Column::required("created"),
    Column::optional("device_id"),
    Column::optional("incident_id"),
    Column::optional("severity"),
    Column::optional("classification"),
    Column::optional("resolved"),
    Column::optional("detector_id"),
    Column::optional("threat_family"),
    Column::optional("actor"),
    Column::optional("techniques"),
];
pub(super) const ALERT_DEVICES: [Column<'static>; 2] = [Column::required("alert_id"), Column::required("device_id")];

/// Reads the tables; `None` when `alerts` is absent.
pub(in crate::snapshot) fn alerts(
    source: &Source<'_>,
    roster: &Roster,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Alert>> {
    let rows = source.read("alerts", &ALERTS, diagnostics, rows);
    // Read even where `alerts` is absent, so that what is wrong with it is told.
    let further = source.read("alert_devices", &ALERT_DEVICES, diagnostics, device_rows);
    let rows = rows?;
    let rows: Vec<Row> = rows.into_iter().flatten().collect();
    if !rows.is_empty() && rows.iter().all(|row| !row.has_status) {
        let message =
            format!("none of the {} row(s) of `alerts` has a status: all of them count as active", rows.len());
        let warning = Diagnostic::warning(Code::NoStatus, message).in_file(source.place("alerts"));
        diagnostics.push(warning.hint("export the status of alerts too, as docs/snapshots.md shows for the source"));
    }
    let mut alerts: BTreeMap<String, Gathered> = BTreeMap::new();
    let mut contradicted = BTreeSet::new();
    for Row { alert, device, .. } in rows {
        let gathered = alerts.entry(alert.id.clone()).or_insert_with(|| Gathered::new(alert.clone()));
        if gathered.alert != alert {
            contradicted.insert(alert.id);
        }
        gathered.devices.extend(device);
    }
    let subject = Subject { table: "alerts", what: "alert", columns: &ALERTS, fold: str::to_owned };
    subject.tell(source, &contradicted, diagnostics);
    let mut unknown = 0;
    for (id, device) in further.into_iter().flatten().flatten() {
        match alerts.get_mut(&id) {
            Some(gathered) => {
                gathered.devices.insert(device);
            }
            None => unknown += 1,
        }
    }
    if unknown > 0 {
        let message = format!("{unknown} row(s) of `alert_devices` name an alert that the snapshot does not have");
        let note = Diagnostic::note(Code::Orphan, message).in_file(source.place("alert_devices"));
        diagnostics.push(note.hint("they are left out: export all tables at one time"));
    }
    Some(finish(source, alerts, roster, diagnostics))
}

/// An alert with the ids of all devices that its rows name.
struct Gathered {
    alert: Alert,
    devices: BTreeSet<String>,
}

impl Gathered {
    fn new(alert: Alert) -> Self {
        Self { alert, devices: BTreeSet::new() }
    }
}

/// A row: an alert without devices, and the device it names.
struct Row {
    alert: Alert,
    device: Option<String>,
    has_status: bool,
}

fn rows(batch: &Batch, harvest: &mut Harvest) -> Vec<Row> {
    let column = |at: usize| &batch.columns[at];
    let severity = |text: &str| Severity::parse(&word(text));
    let parsed = Parsed {
        status: cells::words(column(2), "status", harvest, AlertStatus::parse, Some(AlertStatus::Unknown)),
        created: cells::times(column(3), "created"),
        severity: cells::words(column(6), "severity", harvest, severity, Some(Severity::Unknown)),
        classification: cells::words(column(7), "classification", harvest, Classification::parse, None),
        resolved: cells::times(column(8), "resolved"),
    };
    (0..batch.rows).filter_map(|row| parsed.row(batch, row, harvest).ok()).collect()
}

/// The typed columns of a batch.
struct Parsed<'b> {
    status: Cells<'b, AlertStatus>,
    created: Cells<'b, Timestamp>,
    severity: Cells<'b, Severity>,
    classification: Cells<'b, Classification>,
    resolved: Cells<'b, Timestamp>,
}

impl Parsed<'_> {
    fn row(&self, batch: &Batch, row: usize, harvest: &mut Harvest) -> Result<Row, BadCell> {
        let id = cells::id(batch, 0, "alert_id", row, harvest)?;
        let Some(created) = self.created.value(batch, row, harvest)?.copied() else {
            harvest.bad_row(batch, row, "created", "is empty");
            return Err(BadCell);
        };
        let resolved = self.resolved.value(batch, row, harvest)?.copied();
        let some = |at: usize| cells::some_text(&batch.columns[at], row);
        let status = self.status.value(batch, row, harvest)?.copied();
        let alert = Alert {
            id: id.to_owned(),
            title: cells::text(&batch.columns[1], row).to_owned(),
            // Without a status somebody still has to look at it.
            status: status.unwrap_or(AlertStatus::Unknown),
            created,
            resolved,
            severity: self.severity.value(batch, row, harvest)?.copied().unwrap_or_default(),
            classification: self.classification.value(batch, row, harvest)?.copied(),
            incident_id: some(5),
            detector_id: some(9),
            threat_family: some(10),
            actor: some(11),
            techniques: techniques(cells::text(&batch.columns[12], row)),
            devices: DeviceSet::new(),
            names_no_device: false,
        };
        Ok(Row { alert, device: some(4), has_status: status.is_some() })
    }
}

fn techniques(text: &str) -> Vec<String> {
    text.split(';').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect()
}

fn device_rows(batch: &Batch, harvest: &mut Harvest) -> Vec<(String, String)> {
    (0..batch.rows)
        .filter_map(|row| {
            let alert = cells::id(batch, 0, "alert_id", row, harvest).ok()?;
            let device = cells::id(batch, 1, "device_id", row, harvest).ok()?;
            Some((alert.to_owned(), device.to_owned()))
        })
        .collect()
}

/// The alerts by id, with their devices; those after "now" and those that name only unknown
/// devices are told.
fn finish(
    source: &Source<'_>,
    alerts: BTreeMap<String, Gathered>,
    roster: &Roster,
    diagnostics: &mut Diagnostics,
) -> Vec<Alert> {
    let (mut later, mut lost) = (0, 0);
    let mut list = Vec::with_capacity(alerts.len());
    for (id, gathered) in alerts {
        if gathered.alert.created > source.as_of() {
            later += 1;
            continue;
        }
        let devices: DeviceSet = gathered.devices.iter().filter_map(|id| roster.ordinal(id)).collect();
        let names_no_device = gathered.devices.is_empty();
        lost += u64::from(devices.is_empty() && !names_no_device);
        list.push(Alert { id, devices, names_no_device, ..gathered.alert });
    }
    let mut note = |code, count: u64, message: &str| {
        if count > 0 {
            let message = format!("{count} alert(s) {message}");
            diagnostics.push(Diagnostic::note(code, message).in_file(source.place("alerts")));
        }
    };
    note(Code::AfterAsOf, later, "were created after the snapshot's as_of and are left out of every figure");
    note(Code::Orphan, lost, "name only devices that the snapshot does not have: no role sees them");
    list
}

/// Notes about alerts whose incident is not there, and redirects that lead nowhere.
pub(in crate::snapshot) fn check_references(
    source: &Source<'_>,
    alerts: &[Alert],
    incidents: &BTreeMap<String, Incident>,
    diagnostics: &mut Diagnostics,
) {
    let named: BTreeSet<&String> = alerts.iter().filter_map(|alert| alert.incident_id.as_ref()).collect();
    let (known, missing): (Vec<&String>, Vec<&String>) = named.into_iter().partition(|id| incidents.contains_key(*id));
    let dead: Vec<&String> = known.into_iter().filter(|id| Incident::followed(incidents, id).is_none()).collect();
    let mut note = |code, ids: &[&String], message: &str| {
        if let Some(first) = ids.first() {
            let message = format!("{} incident(s) {message}, for instance `{}`", ids.len(), visible(first));
            let note = Diagnostic::note(code, message).in_file(source.place("incidents"));
            diagnostics.push(note.hint("they are not counted: export incidents together with their alerts"));
        }
    };
    note(Code::Orphan, &missing, "that alerts name are not in the snapshot");
    note(Code::DeadRedirect, &dead, "redirect in a circle, to a missing incident, or over more than ten steps");
}
