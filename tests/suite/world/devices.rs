//! Draws the table `devices`.

use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::select;

use super::Table;
use super::moments::{Moment, Stamp, stamp};
use super::pools::{DEVICE_IDS, DEVICES, GROUPS, boolean, device_id, dropped, names, word};

/// One row. Its group is the device's home, or another one where the site ranks both.
#[derive(Clone, Debug)]
pub(crate) struct DeviceRow {
    device_id: String,
    name: String,
    /// 0-2 a real group, 3 none of them.
    away: Option<u8>,
    onboarding: String,
    health: String,
    last_seen: Stamp,
    antivirus_mode: String,
    excluded: String,
    other: [String; 4],
}

/// What a site knows of its devices beyond the rows: where each is at home in every snapshot, and
/// how "no group" is spelt.
#[derive(Clone, Debug)]
pub(crate) struct Homes {
    group_of: [u8; 6],
    ungrouped: [&'static str; 6],
}

pub(crate) fn homes() -> impl Strategy<Value = Homes> {
    let spelling = || select(vec!["", "Unassigned", "None", "  ", "UNASSIGNED", " none "]);
    let spellings = [spelling(), spelling(), spelling(), spelling(), spelling(), spelling()];
    (prop::array::uniform6(0u8..4), spellings).prop_map(|(group_of, ungrouped)| Homes { group_of, ungrouped })
}

/// Words as an export spells them: case, spaces and `_` do not count, unknown ones are drawn too.
fn health() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        6 => word(&["active", "Active", " ACTIVE "]),
        4 => Just(String::new()),
        1 => word(&["inactive", "Inactive"]),
        2 => word(&["impaired_communication", "Impaired Communication", "ImpairedCommunication"]),
        1 => word(&["no_sensor_data", "NoSensorData"]),
        1 => word(&["no sensor data impaired communication", "NoSensorDataImpairedCommunication"]),
        2 => word(&["unknown", "Unknown", "on fire"]),
    ]
}

fn onboarding() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        8 => word(&["onboarded", "Onboarded"]),
        4 => word(&["", "half way"]),
        1 => word(&["can_be_onboarded", "Can be onboarded"]),
        1 => word(&["unsupported", "Unsupported"]),
        1 => word(&["insufficient_info", "Insufficient info"]),
    ]
}

fn antivirus_mode() -> impl Strategy<Value = String> + Clone {
    word(&[
        "active",
        "passive",
        "Passive",
        "passive_audit",
        "Passive Audit",
        "edr_blocked",
        "EDR Blocked",
        "disabled",
        "other",
        "unknown",
        "",
        "homemade",
    ])
}

fn excluded() -> impl Strategy<Value = String> + Clone {
    prop_oneof![8 => word(&["", "false", "0"]), 1 => boolean(), 1 => word(&["true", "Yes"])]
}

fn other_columns() -> impl Strategy<Value = [String; 4]> + Clone {
    [
        word(&["Windows 11", "", "Linux"]).boxed(),
        word(&["23H2", ""]).boxed(),
        word(&["low", "Very High", "", "dear"]).boxed(),
        word(&["true", "no", ""]).boxed(),
    ]
}

pub(crate) fn device_row() -> impl Strategy<Value = DeviceRow> + Clone {
    // Two rows of one device often share a name, so that ties are decided by later columns.
    let name = word(&["HOST-1", "host,\"2\"", "=cmd|' /C'!A1", "Größe\nzwei", ""]);
    let away = prop_oneof![6 => Just(None), 2 => (0u8..4).prop_map(Some)];
    (device_id(), name, away, onboarding(), health(), stamp(4, 1), antivirus_mode(), excluded(), other_columns())
        .prop_map(|cells| DeviceRow {
            device_id: cells.0,
            name: cells.1,
            away: cells.2,
            onboarding: cells.3,
            health: cells.4,
            last_seen: cells.5,
            antivirus_mode: cells.6,
            excluded: cells.7,
            other: cells.8,
        })
        .boxed()
}

/// A device about which nothing is wrong.
fn calm_row() -> impl Strategy<Value = DeviceRow> + Clone {
    let plain = Stamp { moment: Moment::Absent, spelling: 0 };
    (word(&DEVICE_IDS), antivirus_mode())
        .prop_map(move |(device_id, antivirus_mode)| DeviceRow {
            device_id,
            name: "HOST-1".to_owned(),
            away: None,
            onboarding: "onboarded".to_owned(),
            health: "active".to_owned(),
            last_seen: plain.clone(),
            antivirus_mode,
            excluded: String::new(),
            other: Default::default(),
        })
        .boxed()
}

/// A few devices about which nothing is wrong, so that sums and quotients come out round.
pub(crate) fn calm_devices() -> impl Strategy<Value = (Vec<DeviceRow>, Vec<&'static str>)> + Clone {
    proptest::collection::vec(calm_row(), 1..6).prop_map(|rows| (rows, Vec::new())).boxed()
}

pub(crate) fn devices() -> impl Strategy<Value = (Vec<DeviceRow>, Vec<&'static str>)> + Clone {
    let rows = prop_oneof![
        12 => proptest::collection::vec(device_row(), 2..14),
        1 => Just(Vec::new()),
    ];
    (rows, dropped(DEVICES)).boxed()
}

/// The table. Two rows of one device stand in two groups only where `ranks` has both: anything
/// else stops a build, which is another test's business.
pub(crate) fn device_table(
    rows: &[DeviceRow],
    homes: &Homes,
    ranks: &[String],
    now: Timestamp,
    freshness_days: i64,
) -> Table {
    let mut table = Table::new(&names(DEVICES));
    for row in rows {
        let known = known_device(&row.device_id);
        let home = known.map_or(3, |at| homes.group_of[at]);
        let group = match row.away {
            Some(away) if ranked(away, ranks) && ranked(home, ranks) => away,
            _ => home,
        };
        // One spelling of "no group" per device: whether the spelling takes part in the order of
        // conflicting rows is not said.
        let group = match GROUPS.get(usize::from(group)) {
            Some(name) => (*name).to_owned(),
            None => known.map_or(String::new(), |at| homes.ungrouped[at].to_owned()),
        };
        let last_seen = row.last_seen.write(now, freshness_days);
        table.push(&[
            ("device_id", &row.device_id),
            ("name", &row.name),
            ("device_group", &group),
            ("os", &row.other[0]),
            ("os_version", &row.other[1]),
            ("onboarding", &row.onboarding),
            ("health", &row.health),
            ("last_seen", &last_seen),
            ("antivirus_mode", &row.antivirus_mode),
            ("excluded", &row.excluded),
            ("criticality", &row.other[2]),
            ("internet_facing", &row.other[3]),
        ]);
    }
    table
}

fn known_device(id: &str) -> Option<usize> {
    let id = id.trim().to_lowercase();
    DEVICE_IDS.iter().position(|known| *known == id)
}

fn ranked(group: u8, ranks: &[String]) -> bool {
    let name = GROUPS.get(usize::from(group)).copied().unwrap_or("ungrouped");
    ranks.iter().any(|rank| rank == name)
}
