//! One site, held in files and by an engine.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use super::lake::{Lake, Manner};
use crate::bad_input::{CONFIGURATION_OF_SITE, put, tree};
use crate::bench::home;

pub(super) const SNAPSHOT: &str = "content/snapshots/1/snapshot.yaml";

const REPORT: &str = "\
---
title: A
type: activity
summary: S
published: 2026-11-02
tlp: amber
vulnerabilities: [CVE-2026-1000]
configurations: [scid-1]
alerts: {titles: [One]}
---
## Executive summary

CVE&#45;2026-2000 is hidden from a look at the source, and cve-2026-3000 is not.
";

/// Tables in which values are spelt as strangers spell them. What of them counts takes care to find by a query: ids
/// in other cases and with white space, an update that another vulnerability's row and a row of inventory call by a
/// name that comes first, devices that only a row without a vulnerability speaks of, and one that only a bad row does.
pub(super) const TABLES: [(&str, &str); 9] = [
    (
        "devices",
        "device_id,name,device_group,health,last_seen,colour\n\
         d1,one,EMEA,active,2026-11-16T05:00:00Z,red\nd2,two,APAC,active,2026-11-16T05:00:00Z,\n\
         d3,three,EMEA,active,2026-11-16T05:00:00Z,\nd4,four,EMEA,active,2026-11-16T05:00:00Z,\n\
         d5,five,EMEA,active,2026-11-16T05:00:00Z,\nd6,six,EMEA,active,2026-11-16T05:00:00Z,\n",
    ),
    (
        "vulnerabilities",
        "device_id,cve_id,severity,status,update_id,update_name,update_available,product,cvss\n\
         d1, cve-2026-1000 ,high,exposed,KB1,The update,true,Word,9.8\n\
         d1,CVE-2026-1000,high,exposed,KB1,The update,true,Excel,9.8\n\
         D1,CVE-2026-9999,low,exposed, KB1 ,A name that comes first,true,Word,\n\
         d2,,,,KB1,An inventory's name,,Word,\n\
         d3,CVE-2026-2000,critical,exposed,KB2,,false,Word,\n\
         d4,CVE-2026-9999,low,patched,KB3,,true,Word,\n\
         d5,CVE-2026-8888,low,exposed,,,perhaps,Word,\n\
         d6,Cve-2026-3000,medium,pending_restart,,,,Word,\n",
    ),
    (
        "configurations",
        "device_id,configuration_id,applicable,compliant,at\n\
         d1, SCID-1 ,true,false,2026-11-15\nd1,scid-1,true,true,2026-11-14\nd2,scid-1,,true,2026-11-15\n\
         d3,scid-2,true,false,2026-11-15\n",
    ),
    ("configuration_catalog", "configuration_id,name,impact\nscid-1,The first,9\nscid-2,The second,3\n"),
    (
        "software",
        "device_id,vendor,product,version\nd2,  CONTOSO ,Desk\u{130},1\nd3,Contoso,Word,1\nd3,Contoso,Word,2\n\
         d5,Other,Lord's ware,1\n",
    ),
    (
        "affected_software",
        "cve_id,vendor,product\ncve-2026-1000,contoso,WORD\nCVE-2026-2000,Contoso,desk\u{130}\n\
         CVE-2026-9999,Other,Lord's ware\n",
    ),
    (
        "alerts",
        "alert_id,title,status,created,device_id,incident_id,severity\n\
         a1,One,new,2026-11-15T06:00:00Z,d1,i1,high\na2,one,resolved,2026-11-14T06:00:00Z,d2,,low\n\
         a3,Two,new,2026-11-14T06:00:00Z,d2,,low\n",
    ),
    ("alert_devices", "alert_id,device_id\na1,d3\n"),
    ("incidents", "incident_id,title,status,severity\ni1,One and all,active,high\n"),
];

/// A site without a snapshot.
pub(super) fn bare() -> TempDir {
    let site = home();
    put(site.path(), "threatpress.yaml", CONFIGURATION_OF_SITE.as_bytes());
    put(site.path(), "content/reports/a.md", REPORT.as_bytes());
    site
}

/// The site whose tables are files.
pub(super) fn of_files() -> TempDir {
    let site = bare();
    put(site.path(), SNAPSHOT, b"as_of: 2026-11-16T06:00:00Z\n");
    for (name, text) in TABLES {
        put(site.path(), &format!("content/snapshots/1/{name}.csv"), text.as_bytes());
    }
    site
}

/// The site whose tables an engine holds, each under its own name.
pub(super) fn of_engine(keys: &str) -> TempDir {
    let site = bare();
    put(site.path(), SNAPSHOT, snapshot(keys, |table| table.to_owned()).as_bytes());
    site
}

/// What names an engine with these keys, and asks it for every table by what `entry` says.
pub(super) fn snapshot(keys: &str, entry: impl Fn(&str) -> String) -> String {
    let tables: String = TABLES.iter().map(|(name, _)| format!("  {name}: {:?}\n", entry(name))).collect();
    format!("as_of: 2026-11-16T06:00:00Z\nengine: {{ {keys} }}\ntables:\n{tables}")
}

pub(super) fn lake(manner: Manner) -> Lake {
    Lake::start(&TABLES, manner)
}

/// The key for an engine on loopback.
pub(super) fn at(port: u16) -> String {
    format!("flight_sql: \"grpc://127.0.0.1:{port}\"")
}

/// Builds a site with these variables in the environment, and no others that concern engines.
pub(super) fn build(site: &Path, environment: &[(&str, &str)]) -> Output {
    run(site, "build", &[], environment)
}

pub(super) fn run(site: &Path, verb: &str, further: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
    command.args([verb, "--format", "json", "--site"]).arg(site).args(further);
    for name in ["USER", "PASSWORD", "TOKEN"] {
        command.env_remove(format!("THREATPRESS_FLIGHT_{name}"));
    }
    command.envs(environment.iter().copied()).output().unwrap()
}

/// Fails unless two sites' builds have the same files.
pub(super) fn are_equal(one: &Path, other: &Path) {
    let published = |site: &Path| {
        let mut files = tree(&site.join("output"));
        files.retain(|name, _| !name.starts_with(".threatpress/"));
        files
    };
    let (one, other) = (published(one), published(other));
    assert!(one.contains_key("soc/data.json") && one.contains_key("emea/data.json"), "{:?}", one.keys());
    let names = one.keys().chain(other.keys());
    let differing: Vec<&String> = names.filter(|name| one.get(*name) != other.get(*name)).collect();
    assert!(differing.is_empty(), "{differing:?}");
}

/// Every byte that a site's directory holds.
pub(super) fn everything(site: &Path) -> String {
    let mut all = String::new();
    for entry in walkdir::WalkDir::new(site) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            all.push_str(&String::from_utf8_lossy(&fs::read(entry.path()).unwrap()));
        }
    }
    all
}
