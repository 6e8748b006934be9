//! A snapshot's rows, read: bad rows left out, one group and one row per device, ids in the form
//! in which they compare. Nothing is counted here.

use super::marks::mark;
use super::text::{Bad, Time, boolean, boolean_text, lower, tenfold_impact, time, upper, word};
use crate::world::{Snapshot, Table};

pub(crate) const SEVERITIES: [&str; 6] = ["critical", "high", "medium", "low", "informational", "unknown"];

/// One snapshot; an absent table is `None`.
#[derive(Clone, Debug)]
pub(crate) struct Fleet {
    pub(crate) now: Time,
    pub(crate) devices: Vec<Device>,
    pub(crate) vulnerabilities: Option<Vec<Finding>>,
    pub(crate) configurations: Option<Vec<Setting>>,
    pub(crate) catalogue: Vec<Entry>,
    pub(crate) software: Option<Vec<Software>>,
    pub(crate) affected: Option<Vec<Software>>,
    pub(crate) alerts: Option<Vec<Alert>>,
    pub(crate) incidents: Option<Vec<Incident>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Device {
    pub(crate) id: String,
    pub(crate) group: String,
    pub(crate) onboarding: &'static str,
    pub(crate) health: &'static str,
    pub(crate) last_seen: Option<Time>,
    pub(crate) antivirus_mode: &'static str,
    pub(crate) excluded: bool,
    /// The row in canonical text, column by column: what decides between two rows.
    canonical: Vec<String>,
}

/// A row of `vulnerabilities`; `cve` is empty for inventory.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) device: String,
    pub(crate) cve: String,
    pub(crate) severity: &'static str,
    pub(crate) status: &'static str,
    pub(crate) update_id: String,
    pub(crate) update_name: String,
    pub(crate) update_available: Option<bool>,
}

/// The one row of a device and a configuration.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    pub(crate) device: String,
    pub(crate) configuration: String,
    pub(crate) applicable: bool,
    pub(crate) compliant: Option<bool>,
    at: Option<Time>,
}

/// A row of `configuration_catalog`.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) configuration: String,
    pub(crate) name: String,
    /// 10 × impact, cut to an integer.
    pub(crate) tenfold_impact: Option<i64>,
}

/// A product on a device, or one that a CVE affects: `owner` is the device's or the CVE's id.
#[derive(Clone, Debug)]
pub(crate) struct Software {
    pub(crate) owner: String,
    pub(crate) vendor: String,
    pub(crate) product: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Alert {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) status: &'static str,
    pub(crate) created: Time,
    pub(crate) resolved: Option<Time>,
    pub(crate) incident: String,
    pub(crate) severity: &'static str,
    pub(crate) classification: &'static str,
    pub(crate) detector: String,
    pub(crate) family: String,
    pub(crate) actor: String,
    /// Every device that a row names, known or not, each once.
    pub(crate) devices: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Incident {
    pub(crate) id: String,
    pub(crate) status: &'static str,
    pub(crate) severity: &'static str,
    pub(crate) created: Option<Time>,
    pub(crate) redirect_to: String,
}

impl Fleet {
    pub(crate) fn read(snapshot: &Snapshot, now: Time, ranks: &[String]) -> Fleet {
        Fleet {
            now,
            devices: devices(&snapshot.devices, ranks),
            vulnerabilities: good(snapshot.vulnerabilities.as_ref(), finding),
            configurations: good(snapshot.configurations.as_ref(), setting).map(one_per_pair),
            catalogue: good(snapshot.configuration_catalog.as_ref(), entry).unwrap_or_default(),
            software: good(snapshot.software.as_ref(), software),
            affected: good(snapshot.affected_software.as_ref(), affected),
            alerts: alerts(snapshot),
            incidents: good(snapshot.incidents.as_ref(), incident),
        }
    }
}

/// The rows of a table that are not bad.
fn good<Row>(table: Option<&Table>, read: impl Fn(&dyn Fn(&str) -> String) -> Result<Row, Bad>) -> Option<Vec<Row>> {
    let table = table?;
    let mut rows = Vec::new();
    for raw in &table.rows {
        let cell = |column: &str| table.cell(raw, column).trim().to_owned();
        match read(&cell) {
            Ok(row) => rows.push(row),
            Err(Bad) => mark("bad row"),
        }
    }
    Some(rows)
}

/// An id that a row must have.
fn must(id: String) -> Result<String, Bad> {
    if id.is_empty() { Err(Bad) } else { Ok(id) }
}

/// No group, empty, `Unassigned` or `None` (any case) is the pseudo-group.
pub(crate) fn group_of(raw: &str) -> String {
    match lower(raw).as_str() {
        "" | "unassigned" | "none" => "ungrouped".to_owned(),
        _ => raw.trim().to_owned(),
    }
}

fn devices(table: &Table, ranks: &[String]) -> Vec<Device> {
    let rows = good(Some(table), device).unwrap_or_default();
    let mut devices: Vec<Device> = Vec::new();
    for row in &rows {
        if devices.iter().any(|known| known.id == row.id) {
            continue;
        }
        let of_one: Vec<&Device> = rows.iter().filter(|other| other.id == row.id).collect();
        devices.push(the_row(&of_one, ranks).clone());
    }
    devices
}

fn device(cell: &dyn Fn(&str) -> String) -> Result<Device, Bad> {
    let id = must(lower(&cell("device_id")))?;
    let onboarding = word(&cell("onboarding"), &["onboarded", "can_be_onboarded", "unsupported", "insufficient_info"]);
    let health = word(
        &cell("health"),
        &[
            "active",
            "inactive",
            "impaired_communication",
            "no_sensor_data",
            "no_sensor_data_impaired_communication",
            "unknown",
        ],
    );
    let antivirus_mode = word(
        &cell("antivirus_mode"),
        &["active", "passive", "passive_audit", "edr_blocked", "disabled", "other", "unknown"],
    );
    let criticality = word(&cell("criticality"), &["low", "normal", "high", "very_high"]);
    let last_seen = time(&cell("last_seen"))?;
    let excluded = boolean(&cell("excluded"))?;
    let internet_facing = boolean(&cell("internet_facing")).unwrap_or(None);
    // `last_seen` is not among these: where the text decides, the two are equal.
    let canonical = vec![
        id.clone(),
        cell("name"),
        cell("device_group"),
        cell("os"),
        cell("os_version"),
        onboarding.to_owned(),
        health.to_owned(),
        antivirus_mode.to_owned(),
        boolean_text(excluded),
        criticality.to_owned(),
        boolean_text(internet_facing),
    ];
    Ok(Device {
        id,
        group: group_of(&cell("device_group")),
        onboarding,
        health,
        last_seen,
        antivirus_mode,
        excluded: excluded == Some(true),
        canonical,
    })
}

/// Of all rows of one device: the first group in the ranks; of that group's rows the newest; of
/// those the bytewise greatest.
fn the_row<'a>(rows: &[&'a Device], ranks: &[String]) -> &'a Device {
    let mut group = &rows[0].group;
    for row in rows {
        if row.group != *group && rank(&row.group, ranks) < rank(group, ranks) {
            mark("device in two ranked groups");
            group = &row.group;
        }
    }
    let of_group: Vec<&'a Device> = rows.iter().copied().filter(|row| row.group == *group).collect();
    let mut best = of_group[0];
    for row in of_group {
        if row.last_seen > best.last_seen {
            mark("newer device row");
            best = row;
        } else if row.last_seen == best.last_seen && row.canonical > best.canonical {
            mark("greater device row");
            best = row;
        }
    }
    best
}

fn rank(group: &str, ranks: &[String]) -> usize {
    ranks.iter().position(|ranked| ranked.trim() == group).unwrap_or(usize::MAX)
}

fn finding(cell: &dyn Fn(&str) -> String) -> Result<Finding, Bad> {
    Ok(Finding {
        device: must(lower(&cell("device_id")))?,
        cve: upper(&cell("cve_id")),
        severity: word(&cell("severity"), &SEVERITIES),
        status: word(&cell("status"), &["exposed", "patched", "pending_restart", "not_applicable"]),
        update_id: cell("update_id"),
        update_name: cell("update_name"),
        update_available: boolean(&cell("update_available"))?,
    })
}

fn setting(cell: &dyn Fn(&str) -> String) -> Result<Setting, Bad> {
    Ok(Setting {
        device: must(lower(&cell("device_id")))?,
        configuration: must(lower(&cell("configuration_id")))?,
        applicable: boolean(&cell("applicable"))?.unwrap_or(true),
        compliant: boolean(&cell("compliant"))?,
        at: time(&cell("at"))?,
    })
}

/// Two rows of one device and configuration: the newest, then the bytewise greatest.
fn one_per_pair(rows: Vec<Setting>) -> Vec<Setting> {
    let mut kept: Vec<Setting> = Vec::new();
    for row in rows {
        let same = kept.iter_mut().find(|known| known.device == row.device && known.configuration == row.configuration);
        match same {
            None => kept.push(row),
            Some(known) if row.at > known.at => {
                mark("newer configuration row");
                *known = row;
            }
            Some(known) if row.at == known.at && greater(&row, known) => {
                mark("greater configuration row");
                *known = row;
            }
            Some(_) => {}
        }
    }
    kept
}

/// Bytewise over `applicable`, `compliant` (the ids and `at` are equal here).
fn greater(row: &Setting, other: &Setting) -> bool {
    let text = |row: &Setting| [row.applicable.to_string(), boolean_text(row.compliant)];
    text(row) > text(other)
}

fn entry(cell: &dyn Fn(&str) -> String) -> Result<Entry, Bad> {
    Ok(Entry {
        configuration: must(lower(&cell("configuration_id")))?,
        name: cell("name"),
        tenfold_impact: tenfold_impact(&cell("impact"))?,
    })
}

fn software(cell: &dyn Fn(&str) -> String) -> Result<Software, Bad> {
    Ok(Software {
        owner: must(lower(&cell("device_id")))?,
        vendor: lower(&cell("vendor")),
        product: lower(&cell("product")),
    })
}

fn affected(cell: &dyn Fn(&str) -> String) -> Result<Software, Bad> {
    Ok(Software { owner: upper(&cell("cve_id")), vendor: lower(&cell("vendor")), product: lower(&cell("product")) })
}

/// Alerts, each with the devices of all its rows and of `alert_devices`.
fn alerts(snapshot: &Snapshot) -> Option<Vec<Alert>> {
    let rows = good(snapshot.alerts.as_ref(), alert)?;
    let further = good(snapshot.alert_devices.as_ref(), further).unwrap_or_default();
    let mut alerts: Vec<Alert> = Vec::new();
    for row in rows {
        match alerts.iter_mut().find(|known| known.id == row.id) {
            Some(known) => row.devices.into_iter().for_each(|device| name_device(known, device)),
            None => alerts.push(row),
        }
    }
    for (id, device) in further {
        if let Some(alert) = alerts.iter_mut().find(|known| known.id == id) {
            name_device(alert, device);
        }
    }
    Some(alerts)
}

fn name_device(alert: &mut Alert, device: String) {
    if !alert.devices.contains(&device) {
        alert.devices.push(device);
    }
}

fn alert(cell: &dyn Fn(&str) -> String) -> Result<Alert, Bad> {
    let device = lower(&cell("device_id"));
    Ok(Alert {
        id: must(cell("alert_id"))?,
        title: cell("title"),
        status: word(&cell("status"), &["new", "in_progress", "resolved", "unknown"]),
        created: time(&cell("created"))?.ok_or(Bad)?,
        resolved: time(&cell("resolved"))?,
        incident: cell("incident_id"),
        severity: word(&cell("severity"), &SEVERITIES),
        classification: word(&cell("classification"), &["true_positive", "informational", "false_positive"]),
        detector: cell("detector_id"),
        family: cell("threat_family"),
        actor: cell("actor"),
        devices: if device.is_empty() { Vec::new() } else { vec![device] },
    })
}

fn further(cell: &dyn Fn(&str) -> String) -> Result<(String, String), Bad> {
    Ok((must(cell("alert_id"))?, must(lower(&cell("device_id")))?))
}

fn incident(cell: &dyn Fn(&str) -> String) -> Result<Incident, Bad> {
    Ok(Incident {
        id: must(cell("incident_id"))?,
        status: word(&cell("status"), &["active", "in_progress", "awaiting_action", "resolved", "redirected"]),
        severity: word(&cell("severity"), &SEVERITIES),
        created: time(&cell("created"))?,
        redirect_to: cell("redirect_to"),
    })
}
