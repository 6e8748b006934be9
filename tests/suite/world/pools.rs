//! The small pools everything is drawn from. They are small on purpose: six devices, four CVEs,
//! four configurations and three groups make rows collide and join.

use proptest::prelude::*;
use proptest::sample::select;

/// A column of a table: its name, whether it must be there, and what it holds.
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Text,
    Time,
    Number,
    Boolean,
}

const fn must(name: &'static str) -> Column {
    Column { name, required: true, kind: Kind::Text }
}

const fn may(name: &'static str) -> Column {
    Column { name, required: false, kind: Kind::Text }
}

const fn of(kind: Kind, column: Column) -> Column {
    Column { kind, ..column }
}

pub(crate) const DEVICES: &[Column] = &[
    must("device_id"),
    must("name"),
    must("device_group"),
    may("os"),
    may("os_version"),
    may("onboarding"),
    may("health"),
    of(Kind::Time, may("last_seen")),
    may("antivirus_mode"),
    of(Kind::Boolean, may("excluded")),
    may("criticality"),
    of(Kind::Boolean, may("internet_facing")),
];

pub(crate) const VULNERABILITIES: &[Column] = &[
    must("device_id"),
    must("cve_id"),
    may("severity"),
    of(Kind::Number, may("cvss")),
    may("vendor"),
    may("product"),
    may("version"),
    may("status"),
    may("update_id"),
    may("update_name"),
    of(Kind::Boolean, may("update_available")),
    of(Kind::Time, may("first_seen")),
];

pub(crate) const CONFIGURATIONS: &[Column] = &[
    must("device_id"),
    must("configuration_id"),
    of(Kind::Boolean, must("applicable")),
    of(Kind::Boolean, must("compliant")),
    of(Kind::Time, may("at")),
];

pub(crate) const CATALOG: &[Column] = &[
    must("configuration_id"),
    must("name"),
    may("category"),
    may("subcategory"),
    of(Kind::Number, may("impact")),
    may("remediation"),
];

pub(crate) const SOFTWARE: &[Column] = &[must("device_id"), must("vendor"), must("product"), must("version")];

pub(crate) const AFFECTED: &[Column] = &[must("cve_id"), must("vendor"), must("product")];

pub(crate) const ALERTS: &[Column] = &[
    must("alert_id"),
    must("title"),
    must("status"),
    of(Kind::Time, must("created")),
    may("device_id"),
    may("incident_id"),
    may("severity"),
    may("classification"),
    of(Kind::Time, may("resolved")),
    may("detector_id"),
    may("threat_family"),
    may("actor"),
    may("techniques"),
];

pub(crate) const ALERT_DEVICES: &[Column] = &[must("alert_id"), must("device_id")];

pub(crate) const INCIDENTS: &[Column] = &[
    must("incident_id"),
    must("title"),
    must("status"),
    must("severity"),
    of(Kind::Time, may("created")),
    of(Kind::Time, may("updated")),
    may("redirect_to"),
];

/// The columns of a table by its name.
pub(crate) fn columns(table: &str) -> &'static [Column] {
    match table {
        "devices" => DEVICES,
        "vulnerabilities" => VULNERABILITIES,
        "configurations" => CONFIGURATIONS,
        "configuration_catalog" => CATALOG,
        "software" => SOFTWARE,
        "affected_software" => AFFECTED,
        "alerts" => ALERTS,
        "alert_devices" => ALERT_DEVICES,
        "incidents" => INCIDENTS,
        other => panic!("no table {other}"),
    }
}

pub(crate) fn names(columns: &[Column]) -> Vec<&'static str> {
    columns.iter().map(|column| column.name).collect()
}

/// Six devices that exist in some snapshot. One is not ASCII: ids ignore case in Unicode's sense.
pub(crate) const DEVICE_IDS: [&str; 6] = ["dev-1", "dev-2", "dev-3", "dev-4", "dev-5", "ärger-6"];
/// A device no snapshot has.
pub(crate) const GHOST: &str = "ghost-9";
pub(crate) const GROUPS: [&str; 3] = ["Alpha", "Beta Servers", "Gamma/Öst"];
pub(crate) const CVES: [&str; 4] = ["CVE-2025-1001", "CVE-2025-1002", "CVE-2025-1003", "CVE-2024-90210"];
pub(crate) const CONFIGURATION_IDS: [&str; 4] = ["scid-1", "scid-20", "scid-3", "scid-4"];
pub(crate) const TITLES: [&str; 3] = ["Ransomware, \"staged\"", "Odd logon", "Übernahme"];
pub(crate) const DETECTORS: [&str; 2] = ["5c6b-7d86", "det-b"];
pub(crate) const FAMILIES: [&str; 2] = ["Warlock", "Wäschebär"];
pub(crate) const ACTORS: [&str; 2] = ["Storm-2603", "Gold Salem"];
pub(crate) const TLPS: [&str; 5] = ["clear", "green", "amber", "amber+strict", "red"];
pub(crate) const SEVERITIES: [&str; 9] =
    ["critical", "High", "MEDIUM", "low", "informational", "unknown", "", "grave", " high "];

/// How an id or a name may be spelt and still be the same: as it is, in another case, with white
/// space around it.
fn respelt(spelling: u8, text: &str) -> String {
    match spelling {
        3 => text.to_uppercase(),
        4 => format!(" {text}\t"),
        5 => text.to_lowercase(),
        _ => text.to_owned(),
    }
}

/// One of the pool, in a spelling that compares equal when case and outer white space do not count.
pub(crate) fn any_case(pool: &'static [&'static str]) -> impl Strategy<Value = String> + Clone {
    (select(pool), 0u8..6).prop_map(|(text, spelling)| respelt(spelling, text)).boxed()
}

/// A device id: usually one of the six, now and then the ghost, rarely empty (a bad row).
pub(crate) fn device_id() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        30 => any_case(&DEVICE_IDS),
        2 => any_case(&[GHOST]),
        1 => Just(" ".to_owned()),
    ]
    .boxed()
}

/// One of a few plain words.
pub(crate) fn word(pool: &'static [&'static str]) -> impl Strategy<Value = String> + Clone {
    select(pool).prop_map(str::to_owned)
}

/// A boolean as files spell it, often absent, rarely one that does not parse (a bad row).
pub(crate) fn boolean() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        6 => word(&["true", "True", "1", "yes", " true "]),
        6 => word(&["false", "FALSE", "0", "no"]),
        4 => Just(String::new()),
        1 => word(&["maybe"]),
    ]
    .boxed()
}

/// A table that is absent, empty or filled.
pub(crate) fn table_of<S>(row: S, most: usize) -> impl Strategy<Value = Option<Vec<S::Value>>> + Clone
where
    S: Strategy + Clone + 'static,
    S::Value: Clone,
{
    prop_oneof![
        10 => proptest::collection::vec(row, 1..=most).prop_map(Some),
        1 => Just(Some(Vec::new())),
        1 => Just(None),
    ]
    .boxed()
}

/// Which optional columns a file leaves out: none, mostly; otherwise some of them.
pub(crate) fn dropped(columns: &'static [Column]) -> impl Strategy<Value = Vec<&'static str>> + Clone {
    let optional: Vec<&'static str> = columns.iter().filter(|c| !c.required).map(|c| c.name).collect();
    let most = optional.len();
    prop_oneof![
        6 => Just(Vec::new()),
        1 => proptest::sample::subsequence(optional, 1..=most),
    ]
    .boxed()
}
