//! Alerts and incidents: the campaigns of the story, and the everyday noise.

use crate::Fault;
use crate::dice::{Dice, detector_id};
use crate::fleet::{Device, Region};
use crate::platforms::Role;
use crate::tables::Cell;
use crate::weeks::{DAY, date};
use crate::writer::Sheet;
use std::collections::BTreeMap;

/// One kind of alert of a campaign: title, threat family, actor.
type Variant = (&'static str, &'static str, &'static str);

struct Campaign {
    /// What its incidents are called.
    incident: &'static str,
    variants: &'static [Variant],
    severities: &'static [&'static str],
    techniques: &'static str,
    place: fn(&Device) -> bool,
    count: u64,
    /// First and last day, as (month, day).
    days: [(i64, i64); 2],
    /// Shortest and longest time to a resolution, in hours.
    hours: (i64, i64),
    /// How many of its newest alerts stay open.
    open: u64,
}

const UPDATE_SERVICE: &str = "Suspicious child process of WsusService";
const UPDATE_SERVICE_DETECTOR: &str = "7f1c2b0e-5f0e-4e1e-9b0b-2f6d0c5a9e11";
const BLIZZARD: Variant = ("Signed remote desktop file opened from an e-mail", "", "Midnight Blizzard");

fn desk(device: &Device) -> bool {
    device.role == Role::Workstation && device.is_windows() && device.region != Region::Loose
}

fn server(device: &Device) -> bool {
    device.role == Role::Server && device.is_windows()
}

const CAMPAIGNS: &[Campaign] = &[
    Campaign {
        incident: "Multi-stage incident involving Initial access & Persistence on SharePoint servers",
        variants: &[
            ("Suspicious IIS worker process behaviour", "", ""),
            ("Suspicious IIS worker process behaviour", "", "Storm-2603"),
            ("Possible web shell on a SharePoint server", "", "Storm-2603"),
            ("Machine keys read from a web.config file", "", "Storm-2603"),
            ("Warlock ransomware was prevented", "Warlock", "Storm-2603"),
        ],
        severities: &["high", "high", "medium", "critical"],
        techniques: "T1190;T1505.003;T1059.001",
        place: |device| device.role == Role::SharePoint,
        count: 46,
        days: [(10, 20), (10, 31)],
        hours: (60, 330),
        open: 4,
    },
    Campaign {
        incident: "Execution through the update service",
        variants: &[(UPDATE_SERVICE, "", ""), ("Encoded PowerShell started by wsusservice.exe", "", "")],
        severities: &["high", "high", "medium"],
        techniques: "T1190;T1059.001",
        place: |device| device.role == Role::UpdateService,
        count: 11,
        days: [(10, 26), (11, 6)],
        hours: (30, 200),
        open: 1,
    },
    Campaign {
        incident: "Elevation of privilege and ransomware on servers",
        variants: &[
            ("Exploitation of the common log file system driver", "", "Storm-2460"),
            ("RansomEXX behaviour blocked", "RansomEXX", "Storm-2460"),
            ("RansomEXX note written", "RansomEXX", ""),
        ],
        severities: &["high", "critical"],
        techniques: "T1068;T1486",
        place: |device| server(device) && device.region == Region::Americas,
        count: 8,
        days: [(11, 3), (11, 14)],
        hours: (40, 160),
        open: 2,
    },
    Campaign {
        incident: "Living off the land on identity infrastructure",
        variants: &[
            ("Directory database copied with ntdsutil", "", "Volt Typhoon"),
            ("Port proxy created with netsh", "", "Volt Typhoon"),
            ("Unusual logon from a small-office router", "", "Volt Typhoon"),
        ],
        severities: &["medium", "high"],
        techniques: "T1003.003;T1090.001",
        place: |device| device.role == Role::Domain || (server(device) && device.region == Region::Americas),
        count: 7,
        days: [(10, 14), (11, 11)],
        hours: (90, 260),
        open: 1,
    },
    Campaign {
        incident: "Akira ransomware staging near backup servers",
        variants: &[
            ("Akira tooling on a backup server", "Akira", "Storm-1567"),
            ("Shadow copies deleted through WMI", "Akira", ""),
            ("Credential store of the backup server read", "", "Storm-1567"),
        ],
        severities: &["high", "critical"],
        techniques: "T1490;T1555;T1486",
        place: |device| {
            matches!(device.role, Role::Backup | Role::Hypervisor) || (server(device) && device.region == Region::Apac)
        },
        count: 10,
        days: [(11, 8), (11, 15)],
        hours: (30, 120),
        open: 5,
    },
    Campaign {
        incident: "Commands pasted from web pages",
        variants: &[("Suspicious command in RunMRU registry", "", "")],
        severities: &["medium", "medium", "low"],
        techniques: "T1204.004;T1059.001",
        place: desk,
        count: 52,
        days: [(10, 12), (11, 15)],
        hours: (6, 110),
        open: 4,
    },
    Campaign {
        incident: "Information stealer on workstations",
        variants: &[
            ("Lumma information stealer was prevented", "Lumma", ""),
            ("Browser credentials read by an unknown process", "Lumma", ""),
            ("LummaC2 connection blocked", "LummaC2", ""),
        ],
        severities: &["medium", "high", "low"],
        techniques: "T1555.003;T1041",
        place: desk,
        count: 38,
        days: [(10, 15), (11, 14)],
        hours: (8, 130),
        open: 3,
    },
    Campaign {
        incident: "Hands-on-keyboard attack",
        variants: &[
            ("Ransomware behaviour detected in the file system", "", ""),
            ("Possible hands-on-keyboard activity", "", ""),
        ],
        severities: &["high", "critical", "medium"],
        techniques: "T1486;T1021.002;T1569.002",
        place: |device| server(device) || desk(device) || device.region == Region::Plant,
        count: 16,
        days: [(10, 18), (11, 15)],
        hours: (24, 190),
        open: 3,
    },
    Campaign {
        incident: "Targeted mail with remote desktop files",
        variants: &[BLIZZARD],
        severities: &["high"],
        techniques: "T1566.001;T1219",
        place: |device| desk(device) && device.region == Region::Emea,
        count: 5,
        days: [(10, 22), (11, 10)],
        hours: (70, 240),
        open: 1,
    },
    Campaign {
        incident: "",
        variants: &[
            ("Potentially unwanted application detected", "", ""),
            ("EICAR test file detected", "EICAR", ""),
            ("Connection to a custom network indicator", "", ""),
            ("Suspicious scheduled task", "", ""),
            ("Qakbot infection prevented", "Qakbot", ""),
            ("Unusual number of failed sign-in attempts", "", ""),
        ],
        severities: &["low", "informational", "medium", "low"],
        techniques: "",
        place: |device| desk(device) || server(device) || device.region == Region::Plant,
        count: 35,
        days: [(10, 12), (11, 15)],
        hours: (3, 150),
        open: 5,
    },
];

struct Alert {
    id: String,
    title: &'static str,
    created: i64,
    resolved: Option<i64>,
    /// Its source does not say when it was resolved.
    hides_resolution: bool,
    /// Ids of devices; one that no device has is possible.
    devices: Vec<String>,
    /// It is given as several rows rather than in `alert_devices`.
    several_rows: bool,
    incident: String,
    severity: &'static str,
    classification: &'static str,
    detector: String,
    family: &'static str,
    actor: &'static str,
    techniques: &'static str,
    /// Campaign, and where and when it struck: alerts of one key share an incident.
    key: (usize, String, i64),
}

/// Everything that was raised in the story.
pub(crate) struct Alarms {
    alerts: Vec<Alert>,
    /// An incident that was merged into another, from the second week on.
    merged: Option<(String, String)>,
}

const SEVERITIES: [&str; 5] = ["critical", "high", "medium", "low", "informational"];

impl Alarms {
    pub(crate) fn new(seed: u64, fleet: &[Device]) -> Self {
        let mut alerts = Vec::new();
        for (number, campaign) in CAMPAIGNS.iter().enumerate() {
            raise(seed, number, campaign, fleet, &mut alerts);
        }
        alerts.sort_by(|a: &Alert, b: &Alert| (a.created, a.title, &a.devices).cmp(&(b.created, b.title, &b.devices)));
        place_seventeenth(&mut alerts);
        let mut incidents = BTreeMap::new();
        let mut merged: Option<(String, String)> = None;
        for (rank, alert) in alerts.iter_mut().enumerate() {
            alert.id = format!("al-{:06}", rank + 1);
            if CAMPAIGNS[alert.key.0].incident.is_empty() && rank % 3 == 0 {
                continue; // an alert outside any incident
            }
            let next = 4101 + incidents.len();
            let id = incidents.entry(alert.key.clone()).or_insert(next);
            alert.incident = format!("inc-{id}");
            if alert.key.0 == 0 {
                match &mut merged {
                    None => merged = Some((String::new(), alert.incident.clone())),
                    Some((from, to)) if from.is_empty() && *to != alert.incident => {
                        *from = alert.incident.clone();
                    }
                    Some(_) => {}
                }
            }
        }
        Self { alerts, merged }
    }

    fn known(&self, as_of: i64) -> impl Iterator<Item = &Alert> {
        self.alerts.iter().filter(move |alert| alert.created <= as_of)
    }

    /// Rows of `alerts` and `alert_devices`.
    pub(crate) fn alerts(&self, as_of: i64, alerts: &mut Sheet, devices: &mut Sheet) -> Result<(), Fault> {
        for alert in self.known(as_of) {
            let resolved = alert.resolved.filter(|moment| *moment <= as_of);
            let status = match resolved {
                Some(_) => "resolved",
                None if as_of - alert.created < 2 * DAY => "new",
                None => "in_progress",
            };
            let rows = if alert.several_rows { alert.devices.len().max(1) } else { 1 };
            for rank in 0..rows {
                alerts.row(&[
                    Cell::Text(&alert.id),
                    Cell::Text(alert.title),
                    Cell::Text(status),
                    Cell::Time(alert.created),
                    Cell::Text(alert.devices.get(rank).map_or("", String::as_str)),
                    Cell::Text(&alert.incident),
                    Cell::Text(alert.severity),
                    Cell::Text(if resolved.is_some() { alert.classification } else { "" }),
                    Cell::maybe_time(resolved.filter(|_| !alert.hides_resolution)),
                    Cell::Text(&alert.detector),
                    Cell::Text(alert.family),
                    Cell::Text(alert.actor),
                    Cell::Text(alert.techniques),
                ])?;
            }
            for device in alert.devices.iter().skip(rows) {
                devices.row(&[Cell::Text(&alert.id), Cell::Text(device)])?;
            }
        }
        Ok(())
    }

    /// Rows of `incidents`.
    pub(crate) fn incidents(&self, week: usize, as_of: i64, sheet: &mut Sheet) -> Result<(), Fault> {
        let mut incidents: BTreeMap<&str, Vec<&Alert>> = BTreeMap::new();
        for alert in self.known(as_of).filter(|alert| !alert.incident.is_empty()) {
            incidents.entry(&alert.incident).or_default().push(alert);
        }
        for (id, alerts) in incidents {
            let name = CAMPAIGNS[alerts[0].key.0].incident;
            let title = if name.is_empty() { alerts[0].title } else { name };
            let open = alerts.iter().filter(|alert| alert.resolved.is_none_or(|moment| moment > as_of)).count();
            let redirect = match &self.merged {
                Some((from, to)) if from == id && week > 0 => to.as_str(),
                _ => "",
            };
            let status = match (redirect, open) {
                ("", 0) => "resolved",
                ("", 1) if alerts.len() > 3 => "awaiting_action",
                ("", _) if alerts.len() > 2 => "in_progress",
                ("", _) => "active",
                _ => "redirected",
            };
            let severity = SEVERITIES
                .iter()
                .find(|severity| alerts.iter().any(|alert| alert.severity == **severity))
                .copied()
                .unwrap_or_default();
            let created = alerts.iter().map(|alert| alert.created).min();
            let updated = alerts
                .iter()
                .flat_map(|alert| [Some(alert.created), alert.resolved])
                .flatten()
                .filter(|moment| *moment <= as_of)
                .max();
            sheet.row(&[
                Cell::Text(id),
                Cell::Text(title),
                Cell::Text(status),
                Cell::Text(severity),
                Cell::maybe_time(created),
                Cell::maybe_time(updated),
                Cell::Text(redirect),
            ])?;
        }
        Ok(())
    }
}

fn raise(seed: u64, number: usize, campaign: &Campaign, fleet: &[Device], alerts: &mut Vec<Alert>) {
    let places: Vec<&Device> = fleet.iter().filter(|device| device.is_steady() && (campaign.place)(device)).collect();
    let [first, last] = campaign.days.map(|(month, day)| date(month, day));
    for rank in 0..campaign.count {
        let mut dice = Dice::of(seed, "alert", number as u64, rank);
        let device = dice.pick(&places);
        let (title, family, actor) = campaign.variants[rank as usize % campaign.variants.len()];
        let span = last + DAY - first;
        let from_end = campaign.count - 1 - rank;
        let slot = first + span * rank as i64 / campaign.count as i64;
        let created = slot + dice.between(0, span / campaign.count as i64);
        let held = dice.between(campaign.hours.0 * 60, campaign.hours.1 * 60) * 60;
        let mut devices = vec![device.id.clone()];
        if dice.chance(130) {
            for _ in 0..=dice.below(3) {
                devices.push(dice.pick(&places).id.clone());
            }
            devices.sort();
            devices.dedup();
        }
        let mut alert = Alert {
            id: String::new(),
            title,
            created,
            resolved: (from_end >= campaign.open).then_some(created + held),
            hides_resolution: dice.chance(12),
            several_rows: dice.chance(400),
            devices,
            incident: String::new(),
            severity: campaign.severities[(rank as usize * 5 / 3) % campaign.severities.len()],
            classification: dice.pick(&["true_positive", "true_positive", "true_positive", "informational"]),
            detector: if title == UPDATE_SERVICE { UPDATE_SERVICE_DETECTOR.to_string() } else { detector_id(title) },
            family,
            actor,
            techniques: campaign.techniques,
            key: (number, format!("{:?}", device.region), created / DAY / 6),
        };
        set_apart(&mut alert, number, rank, seed);
        alerts.push(alert);
    }
}

/// The few alerts that show a rule of the figures.
fn set_apart(alert: &mut Alert, campaign: usize, rank: u64, seed: u64) {
    match (campaign, rank) {
        // An alert about an account, and one about a mailbox: no device.
        (7, 5) | (9, 8) | (9, 23) => alert.devices.clear(),
        // Its device was never in the inventory.
        (5, 20) => alert.devices = vec![crate::dice::device_id(seed, 9_999_999)],
        // False alarms.
        (0, 10) | (5, 7) | (6, 12) | (9, 1) => alert.classification = "false_positive",
        // Resolved, nobody knows when.
        (1, 3) => alert.hides_resolution = true,
        _ => {}
    }
}

/// Puts an open Midnight Blizzard alert in the seventeenth place: the sample selects it by its id.
fn place_seventeenth(alerts: &mut Vec<Alert>) {
    let found = alerts.iter().position(|alert| alert.actor == BLIZZARD.2 && alert.devices.len() == 1);
    if let Some(at) = found {
        let mut alert = alerts.remove(at);
        alert.created = alerts[15].created + 60;
        alert.key.2 = alert.created / DAY / 6;
        alert.resolved = None;
        alerts.insert(16, alert);
    }
}
