//! The three snapshots of the sample site.

use crate::Fault;
use crate::alarms::Alarms;
use crate::catalogue::SETTINGS;
use crate::fleet::fleet;
use crate::posture;
use crate::tables::{self, Cell, Table};
use crate::weeks::{day_text, weekly};
use crate::writer::{Format, Sheet, open_snapshot};
use std::path::Path;

/// The forms of the sample's tables: most gzip, one zstd and one NDJSON to show them.
fn form(table: &Table) -> Format {
    match table.name {
        "configurations" => Format::CsvZst,
        "incidents" => Format::NdjsonGz,
        _ => Format::CsvGz,
    }
}

/// Writes the last `count` of the three weeks; says what it wrote.
pub(crate) fn write(out: &Path, seed: u64, count: u64, format: Option<Format>) -> Result<Vec<String>, Fault> {
    if count > 3 {
        return Err("the sample has three snapshots; --devices makes a fleet with more".into());
    }
    let fleet = fleet(seed);
    let alarms = Alarms::new(seed, &fleet);
    let mut notes = Vec::new();
    for (week, as_of) in weekly(3).into_iter().enumerate().skip(3 - count as usize) {
        let dir = &out.join(day_text(as_of));
        open_snapshot(dir, as_of)?;
        let open = |table| Sheet::create(dir, table, format.unwrap_or_else(|| form(table)));
        let mut devices = open(&tables::DEVICES)?;
        let mut vulnerabilities = open(&tables::VULNERABILITIES)?;
        let mut configurations = open(&tables::CONFIGURATIONS)?;
        let mut software = open(&tables::SOFTWARE)?;
        for device in fleet.iter().filter(|device| device.exists(week)) {
            let (health, seen) = device.health(seed, week, as_of);
            devices.row(&[
                Cell::Text(&device.id),
                Cell::Text(&device.name),
                Cell::Text(device.group(week)),
                Cell::Text(device.platform().name),
                Cell::Text(posture::build(seed, device, week)),
                Cell::Text(device.onboarding()),
                Cell::Text(health),
                Cell::maybe_time(seen),
                Cell::Text(device.antivirus),
                Cell::Truth(device.excluded),
                Cell::Text(device.criticality),
                Cell::Truth(device.internet_facing),
            ])?;
            posture::configurations(seed, device, week, as_of, &mut configurations)?;
            if device.assessed {
                posture::software(seed, device, week, &mut software)?;
                posture::vulnerabilities(seed, device, week, &mut vulnerabilities)?;
            }
        }
        let mut catalogue = open(&tables::CONFIGURATION_CATALOG)?;
        for setting in SETTINGS {
            catalogue.row(&[
                Cell::Text(setting.id),
                Cell::Text(setting.name),
                Cell::Text(setting.category),
                Cell::Text(setting.subcategory),
                Cell::Tenths(setting.impact),
                Cell::Text(setting.remediation),
            ])?;
        }
        let mut affected = open(&tables::AFFECTED_SOFTWARE)?;
        posture::affected_software(&mut affected)?;
        let mut alerts = open(&tables::ALERTS)?;
        let mut alert_devices = open(&tables::ALERT_DEVICES)?;
        alarms.alerts(as_of, &mut alerts, &mut alert_devices)?;
        let mut incidents = open(&tables::INCIDENTS)?;
        alarms.incidents(week, as_of, &mut incidents)?;
        affected.close()?;
        catalogue.close()?;
        alert_devices.close()?;
        notes.push(format!(
            "{}: devices {}, vulnerabilities {}, configurations {}, software {}, alert rows {}, incidents {}",
            dir.display(),
            devices.close()?,
            vulnerabilities.close()?,
            configurations.close()?,
            software.close()?,
            alerts.close()?,
            incidents.close()?,
        ));
    }
    Ok(notes)
}
