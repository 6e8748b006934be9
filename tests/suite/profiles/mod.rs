//! Tables of other programs: what a profile makes of them is what the same fleet in the native form is.

mod check;
pub(crate) mod export;
pub(crate) mod hunting;
mod nested;
pub(crate) mod ocsf;
mod own;
mod refused;
mod samples;
mod split;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

use crate::bad_input::{build, messages, put, site, tree};

/// Tracks everything that the fleet here has.
const REPORT: &str = "\
---
title: Ransomware by hand
type: activity
summary: S
published: 2026-11-02
tlp: amber
severity: high
vulnerabilities: [CVE-2025-53770, CVE-2025-53771]
configurations: [scid-2010, scid-96]
alerts: {titles: [Web shell dropped], detectors: [det-9], families: [Warlock]}
---
## Executive summary

Text.
";

/// The fleet in the native form.
pub(crate) const NATIVE: [(&str, &str); 8] = [
    (
        "devices.csv",
        "device_id,name,device_group,os,os_version,onboarding,health,last_seen,antivirus_mode,excluded,criticality,internet_facing\n\
         d1,web-01,EMEA,WindowsServer2022,10.0,onboarded,active,2026-11-16T05:00:00Z,active,false,high,true\n\
         d2,web-02,EMEA,WindowsServer2022,10.0,onboarded,active,2026-11-16T05:10:00Z,passive,false,normal,false\n\
         d3,order-desk-03,APAC,Windows11,11,can_be_onboarded,inactive,2026-11-01T00:00:00Z,,false,normal,false\n\
         d4,lab-04,,Windows11,11,onboarded,active,2026-11-16T04:00:00Z,edr_blocked,true,low,\n",
    ),
    (
        "vulnerabilities.csv",
        "device_id,cve_id,severity,status,update_id,update_name,update_available\n\
         d1,CVE-2025-53770,critical,,5002768,SharePoint update,\n\
         d2,CVE-2025-53770,critical,,5002768,SharePoint update,\n\
         d2,CVE-2025-53771,high,,,,\n\
         d4,,,,,,\n",
    ),
    (
        "configurations.csv",
        "device_id,configuration_id,applicable,compliant,at\n\
         d1,scid-2010,true,true,2026-11-15T17:00:00Z\n\
         d2,scid-2010,true,false,2026-11-15T17:00:00Z\n\
         d4,scid-2010,false,false,2026-11-15T17:00:00Z\n\
         d1,scid-96,true,false,2026-11-15T17:00:00Z\n",
    ),
    (
        "configuration_catalog.csv",
        "configuration_id,name,category,subcategory,impact\n\
         scid-2010,Turn on the antivirus,Security controls,Antivirus,9\n\
         scid-96,Turn on network protection,Network,,6.5\n",
    ),
    (
        "software.csv",
        "device_id,vendor,product,version\n\
         d1,microsoft,sharepoint_server,16.0\n\
         d2,microsoft,sharepoint_server,16.0\n\
         d3,contoso,order_desk,3.1\n",
    ),
    (
        "alerts.csv",
        "alert_id,title,status,created,incident_id,severity,classification,resolved,detector_id,threat_family,techniques\n\
         al-1,Web shell dropped,in_progress,2026-11-15T10:00:00Z,71,high,true_positive,,det-1,,T1505.003;T1059\n\
         al-2,Encryption begun,resolved,2026-11-10T08:00:00Z,72,medium,false_positive,2026-11-12T09:00:00Z,det-9,Warlock,T1486\n",
    ),
    ("alert_devices.csv", "alert_id,device_id\nal-1,d1\nal-2,d2\nal-2,d3\n"),
    (
        "incidents.csv",
        "incident_id,title,status,severity,created,updated,redirect_to\n\
         71,Web shell on a server,active,high,2026-11-15T10:00:00Z,2026-11-15T11:00:00Z,\n\
         72,Merged,redirected,low,2026-11-10T08:00:00Z,2026-11-12T09:00:00Z,71\n",
    ),
];

/// A site with these files as its one snapshot.
pub(crate) fn site_of(source: &str, files: &[(&str, &str)]) -> TempDir {
    let site = site();
    std::fs::remove_file(site.path().join("content/snapshots/1/devices.csv")).unwrap();
    put(site.path(), "content/reports/ransomware.md", REPORT.as_bytes());
    let head = format!("as_of: 2026-11-16T06:00:00Z\nsource: {source}\n");
    put(site.path(), "content/snapshots/1/snapshot.yaml", head.as_bytes());
    for (name, text) in files {
        put(site.path(), &format!("content/snapshots/1/{name}"), text.as_bytes());
    }
    site
}

/// What a build came to: every file of it, and what was said.
pub(crate) struct Built {
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    pub(crate) said: Vec<Value>,
}

impl Built {
    /// The messages with a code.
    pub(crate) fn with(&self, code: &str) -> Vec<&Value> {
        self.said.iter().filter(|message| message["code"] == code).collect()
    }

    /// A figure of the report for a role.
    pub(crate) fn figure(&self, role: &str, pointer: &str) -> Value {
        let data = &self.files[&format!("{role}/threats/ransomware/data.json")];
        serde_json::from_slice::<Value>(data).unwrap().pointer(pointer).unwrap().clone()
    }
}

pub(crate) fn built(source: &str, files: &[(&str, &str)]) -> Built {
    let site = site_of(source, files);
    let output = build(site.path(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    Built { files: builds(site.path()), said: messages(&output) }
}

/// The files of all builds of a site.
pub(crate) fn builds(site: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = tree(&site.join("output"));
    files.retain(|name, _| !name.starts_with('.'));
    files
}

/// The run of a build that has to fail.
pub(crate) fn failed(source: &str, files: &[(&str, &str)]) -> (Output, Vec<Value>) {
    let output = build(site_of(source, files).path(), &[]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let said = messages(&output);
    (output, said)
}

/// Holds two builds against each other, file by file.
pub(crate) fn same(one: &Built, other: &Built) {
    let names = |built: &Built| built.files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(one), names(other));
    for (name, bytes) in &one.files {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(*bytes == other.files[name], "{name}:\n{}\n{}", text(bytes), text(&other.files[name]));
    }
}

/// The same files with another text in the place of one.
pub(crate) fn with<'a>(files: &[(&'a str, &'a str)], name: &'a str, text: &'a str) -> Vec<(&'a str, &'a str)> {
    let others = files.iter().copied().filter(|(known, _)| *known != name);
    others.chain([(name, text)]).collect()
}
