//! Alerts with the role's devices, and the incidents that these alerts lead to.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Named;
use super::tables::Extract;
use crate::diagnostics::Diagnostic;
use crate::snapshot::rows::{ALERT_DEVICES, ALERTS, INCIDENTS, Row};
use crate::terms::NO_DEVICE;

/// What the rows of an alert name.
#[derive(Clone, Copy, Default)]
struct Reach {
    /// Some device, be it one that the snapshot does not have.
    some: bool,
    /// A device of the role.
    own: bool,
}

/// An alert of the slice. Which devices outside it share the alert, and how many, is gone.
#[derive(Default)]
struct Alert {
    /// Its values; the device's place is empty.
    values: Vec<String>,
    /// The role's devices that rows of `alerts` name.
    devices: BTreeSet<String>,
    /// Those that rows of `alert_devices` name.
    further: BTreeSet<String>,
}

/// Writes `alerts`, `alert_devices` and `incidents`, whose rows name no id that a catalogue explains.
pub(super) fn write(extract: &Extract<'_>) -> Result<Named, Diagnostic> {
    let alerts = gather(extract, &reach(extract)?)?;
    write_alerts(extract, &alerts)?;
    let at = ALERTS.place("incident_id");
    let incidents = alerts.values().filter_map(|alert| alert.values.get(at?)).map(String::as_str);
    write_incidents(extract, incidents).map(|()| Named::default())
}

/// What every alert names, in either table.
fn reach(extract: &Extract<'_>) -> Result<HashMap<String, Reach>, Diagnostic> {
    let mut reaches: HashMap<String, Reach> = HashMap::new();
    for table in [&ALERTS, &ALERT_DEVICES] {
        extract.snapshot.visit(table, |rows| {
            for row in rows.iter() {
                let device = row.get("device_id");
                let reach = reaches.entry(row.get("alert_id").to_owned()).or_default();
                reach.some |= !device.is_empty();
                reach.own |= extract.roster.has(device);
            }
        })?;
    }
    Ok(reaches)
}

/// The alerts that name a device of the role; those that name none at all, for a role that has
/// them. One that names only devices nobody knows is nobody's.
fn gather(extract: &Extract<'_>, reaches: &HashMap<String, Reach>) -> Result<BTreeMap<String, Alert>, Diagnostic> {
    let takes_stray = extract.role.groups.has(NO_DEVICE);
    let visible = |id: &str| reaches.get(id).is_some_and(|reach| reach.own || (takes_stray && !reach.some));
    let mut alerts: BTreeMap<String, Alert> = BTreeMap::new();
    extract.snapshot.visit(&ALERTS, |rows| {
        for row in rows.whose("alert_id", visible) {
            let alert = alerts.entry(row.get("alert_id").to_owned()).or_default();
            let values = with_device(&row, "");
            // Rows of one alert mean the same; of their spellings always the same one stays.
            if alert.values.is_empty() || values < alert.values {
                alert.values = values;
            }
            alert.devices.extend(own_device(extract, &row));
        }
    })?;
    extract.snapshot.visit(&ALERT_DEVICES, |rows| {
        for row in rows.whose("alert_id", visible) {
            if let Some(alert) = alerts.get_mut(row.get("alert_id")) {
                alert.further.extend(own_device(extract, &row));
            }
        }
    })?;
    Ok(alerts)
}

fn own_device(extract: &Extract<'_>, row: &Row<'_>) -> Option<String> {
    Some(row.get("device_id")).filter(|id| extract.roster.has(id)).map(str::to_owned)
}

fn with_device(row: &Row<'_>, device: &str) -> Vec<String> {
    let columns = ALERTS.columns().zip(row.values());
    columns.map(|(column, value)| if column == "device_id" { device } else { value }.to_owned()).collect()
}

fn write_alerts(extract: &Extract<'_>, alerts: &BTreeMap<String, Alert>) -> Result<(), Diagnostic> {
    if extract.snapshot.has(&ALERTS) {
        let mut sheet = extract.folder.sheet(&ALERTS)?;
        for alert in alerts.values() {
            let nobody = alert.devices.is_empty().then_some("");
            for device in alert.devices.iter().map(String::as_str).chain(nobody) {
                let values = ALERTS.columns().zip(&alert.values);
                sheet.row(values.map(|(column, value)| if column == "device_id" { device } else { value }));
            }
        }
        sheet.finish()?;
    }
    if extract.snapshot.has(&ALERT_DEVICES) {
        let mut sheet = extract.folder.sheet(&ALERT_DEVICES)?;
        for (id, alert) in alerts {
            alert.further.iter().for_each(|device| sheet.row([id.as_str(), device]));
        }
        sheet.finish()?;
    }
    Ok(())
}

/// Writes the incidents of these ids and all that they were redirected to. A role that does not
/// see everything gets their status and redirect: the rest may speak of devices it does not see.
fn write_incidents<'a>(extract: &Extract<'_>, ids: impl Iterator<Item = &'a str>) -> Result<(), Diagnostic> {
    if !extract.snapshot.has(&INCIDENTS) {
        return Ok(());
    }
    let mut incidents: BTreeMap<String, Vec<String>> = BTreeMap::new();
    extract.snapshot.visit(&INCIDENTS, |rows| {
        for row in rows.iter() {
            let values: Vec<String> = row.values().map(str::to_owned).collect();
            let known = incidents.entry(row.get("incident_id").to_owned()).or_insert_with(|| values.clone());
            if values < *known {
                *known = values;
            }
        }
    })?;
    let sees_all = extract.role.groups.is_all();
    let shown = |column| sees_all || ["incident_id", "status", "redirect_to"].contains(&column);
    let mut sheet = extract.folder.sheet(&INCIDENTS)?;
    for id in closure(ids, &incidents) {
        let values = INCIDENTS.columns().zip(incidents.get(id).into_iter().flatten());
        sheet.row(values.map(|(column, value)| if shown(column) { value.as_str() } else { "" }));
    }
    sheet.finish()
}

/// The incidents of these ids, and those that redirects lead to from there.
fn closure<'a, 'i>(
    ids: impl Iterator<Item = &'a str>,
    incidents: &'i BTreeMap<String, Vec<String>>,
) -> BTreeSet<&'i str> {
    let target = INCIDENTS.place("redirect_to");
    let mut reached = BTreeSet::new();
    for id in ids {
        let mut next = incidents.get_key_value(id);
        while let Some((id, values)) = next
            && reached.insert(id.as_str())
        {
            next = target.and_then(|at| values.get(at)).and_then(|id| incidents.get_key_value(id));
        }
    }
    reached
}
