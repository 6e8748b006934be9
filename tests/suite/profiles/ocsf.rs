//! OCSF events, all in one file or each class in its own.

use std::fs;

use super::{built, failed, same, site_of};
use crate::bad_input::{build, put};

/// What the events below say, in the native form. 2026-11-16T05:00:00Z is 1794805200 seconds after 1970.
const NATIVE: [(&str, &str); 7] = [
    (
        "devices.csv",
        "device_id,name,device_group,os,os_version,onboarding,last_seen\n\
         d1,web-01,EMEA,Windows Server,2022,onboarded,2026-11-16T05:00:00Z\n\
         d2,web-02,APAC,Windows,11,can_be_onboarded,2026-11-16T05:00:00Z\n\
         d3,web-03,,,,onboarded,2026-11-16T04:00:00Z\n",
    ),
    (
        "vulnerabilities.csv",
        "device_id,cve_id,severity,status,update_id,update_name,update_available\n\
         d1,CVE-2025-53770,critical,exposed,KB1,Fix,true\n\
         d1,CVE-2025-53771,high,pending_restart,KB2,,\n\
         d3,CVE-2025-53770,critical,patched,,,\n\
         d3,CVE-2025-53771,high,not_applicable,,,\n",
    ),
    (
        "configurations.csv",
        "device_id,configuration_id,applicable,compliant,at\n\
         d1,scid-2010,true,true,2026-11-16T05:00:00Z\n\
         d1,scid-96,true,false,2026-11-16T05:00:00Z\n\
         d3,scid-2010,false,,2026-11-16T05:00:00Z\n\
         d3,scid-96,true,false,2026-11-16T05:00:00Z\n",
    ),
    (
        "configuration_catalog.csv",
        "configuration_id,name,category,remediation\nscid-2010,Antivirus,AV,\nscid-96,Network protection,,Turn it on\n",
    ),
    (
        "alerts.csv",
        "alert_id,title,status,created,incident_id,severity,detector_id,threat_family,techniques\n\
         al-1,Web shell dropped,new,2026-11-16T05:00:00Z,inc-1,high,det-1,Warlock,T1505.003;T1059\n\
         al-2,Web shell dropped,resolved,2026-11-16T05:00:00Z,,low,,,\n",
    ),
    ("alert_devices.csv", "alert_id,device_id\nal-1,d1\nal-1,d3\nal-2,d3\n"),
    (
        "incidents.csv",
        "incident_id,title,status,severity,updated\ninc-1,Web shell,awaiting_action,critical,2026-11-16T05:00:00Z\n",
    ),
];

const MS: &str = "1794805200000";

/// The events, each with its class.
fn events() -> Vec<(u32, String)> {
    let device = |id: &str| format!(r#""device": {{"uid": "{id}"}}"#);
    let finding = |uid: &str, time: &str, further: String| {
        format!(r#""time": {time}, "finding_info": {{"uid": "{uid}"}}, {further}"#)
    };
    let vulnerability = |cve: &str, severity: &str, further: &str| {
        format!(r#"{{"cve": {{"uid": "{cve}"}}, "severity": "{severity}"{further}}}"#)
    };
    let (first, second) = ("CVE-2025-53770", "CVE-2025-53771");
    let update = r#", "is_fix_available": true, "advisory": {"uid": "KB1", "title": "Fix"}"#;
    let pending = r#", "remediation": {"kb_article_list": [{"uid": "KB2", "install_state_id": 2}, {"uid": "KB3", "install_state_id": 3}]}"#;
    vec![
        (5001, format!(r#""time": {MS}, "device": {{"uid": "d1", "hostname": "web-01", "groups": [{{"name": "EMEA"}}], "os": {{"name": "Windows Server", "version": "2022"}}, "is_managed": true, "last_seen_time": {MS}}}"#)),
        (5001, r#""time": 1700000000000, "device": {"uid": "d1", "hostname": "older", "groups": [{"name": "APAC"}], "last_seen_time": 1700000000000}"#.to_owned()),
        (5001, format!(r#""time": {MS}, "device": {{"uid": "d2", "name": "web-02", "groups": [{{"name": "APAC"}}], "os": {{"name": "Windows", "version": "11"}}, "is_managed": false}}"#)),
        (5001, format!(r#""time": {MS}, "device": {{"uid": "d3", "hostname": "web-03", "groups": [], "is_managed": true, "last_seen_time": 1794801600000}}"#)),
        // One finding with two vulnerabilities, and an older state of it.
        (2002, finding("f1", MS, format!(r#"{}, "status_id": 1, "vulnerabilities": [{}, {}]"#, device("d1"), vulnerability(first, "Critical", update), vulnerability(second, "High", pending)))),
        (2002, finding("f1", "1700000000000", format!(r#"{}, "status_id": 4, "vulnerabilities": [{}]"#, device("d1"), vulnerability(first, "Critical", update)))),
        // The device is a resource.
        (2002, finding("f2", MS, format!(r#""resources": [{{"uid": "d3"}}], "status_id": 4, "vulnerabilities": [{}]"#, vulnerability(first, "Critical", "")))),
        // In older versions there is one.
        (2002, finding("f3", MS, format!(r#""resource": {{"uid": "d3"}}, "status_id": 3, "vulnerabilities": [{}]"#, vulnerability(second, "High", "")))),
        // One that was deleted or archived says nothing, nor does what it said before.
        (2002, finding("f4", "1700000000000", format!(r#"{}, "status_id": 1, "vulnerabilities": [{}]"#, device("d2"), vulnerability(first, "Critical", "")))),
        (2002, finding("f4", MS, format!(r#"{}, "status_id": 6, "vulnerabilities": [{}]"#, device("d2"), vulnerability(first, "Critical", "")))),
        (2003, finding("c4", "1700000000000", format!(r#"{}, "status_id": 1, "compliance": {{"control": "scid-2010", "status_id": 3}}"#, device("d2")))),
        (2003, finding("c4", MS, format!(r#"{}, "status_id": 5, "compliance": {{"control": "scid-2010", "status_id": 3}}"#, device("d2")))),
        (5002, format!(r#""time": {MS}, {}, "assessments": [{{"uid": "scid-2010", "name": "Antivirus", "category": "AV", "meets_criteria": true}}]"#, device("d1"))),
        (2003, finding("c1", MS, format!(r#"{}, "remediation": {{"desc": "Turn it on"}}, "compliance": {{"status_id": 3, "checks": [{{"uid": "scid-96", "name": "Network protection", "status_id": 3}}]}}"#, device("d1")))),
        (2003, finding("c2", MS, format!(r#"{}, "compliance": {{"control": "scid-2010", "status_id": 99, "status": "Not Applicable"}}"#, device("d3")))),
        (2003, finding("c3", MS, format!(r#""resource": {}, "remediation": {{"desc": "Turn it on"}}, "compliance": {{"checks": [{{"uid": "scid-96", "name": "Network protection", "status_id": "2"}}]}}"#, r#"{"uid": "d3"}"#))),
        (2004, format!(r#""time": {MS}, "finding_info": {{"uid": "al-1", "title": "Web shell dropped", "created_time": {MS}, "analytic": {{"uid": "det-1"}}, "attacks": [{{"technique": {{"uid": "T1505.003"}}}}, {{"technique": {{"uid": "T1059"}}}}]}}, "malware": [{{"name": "Warlock"}}], "status_id": 1, "severity_id": 4, {}, "evidences": [{{"device": {{"uid": "d3"}}}}, {{"file": {{}}}}]"#, device("d1"))),
        (2004, format!(r#""time": {MS}, "finding_info": {{"uid": "al-2", "title": "Web shell dropped"}}, "status_id": 3, "severity_id": 2, "resources": [{{"uid": "D3"}}, {{"uid": "arn:aws:s3:::a-bucket"}}]"#)),
        (2005, format!(r#""time": {MS}, "metadata": {{"uid": "e1", "correlation_uid": "inc-1"}}, "desc": "Web shell", "status_id": 3, "severity_id": 6, "finding_info_list": [{{"uid": "x"}}, {{"uid": "al-1"}}]"#)),
    ]
}

fn line((class, event): &(u32, String)) -> String {
    format!("{{\"class_uid\": {class}, {event}}}\n")
}

/// The events in one file.
pub(crate) fn together() -> Vec<(&'static str, String)> {
    vec![("events.ndjson", events().iter().map(line).collect())]
}

/// Each class of events in a file of its own.
pub(crate) fn apart() -> Vec<(&'static str, String)> {
    let of = |class: u32| events().iter().filter(|(of, _)| *of == class).map(line).collect::<String>();
    vec![
        ("inventory_info.json", of(5001)),
        ("vulnerability_finding.json", of(2002)),
        ("compliance_finding.json", of(2003)),
        ("config_state.json", of(5002)),
        ("detection_finding.json", of(2004)),
        ("incident_finding.json", of(2005)),
    ]
}

#[test]
fn the_same_fleet_gives_the_same_build() {
    let native = built("native", &NATIVE);
    assert_eq!(native.figure("soc", "/vulnerability/devices/exposed"), 1);
    for files in [together(), apart()] {
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        same(&native, &built("ocsf", &files));
    }
}

#[test]
fn a_device_in_several_groups_needs_ranks() {
    let event = r#"{"class_uid": 5001, "time": 1794805200000, "device": {"uid": "d2", "hostname": "b", "groups": [{"name": "EMEA"}]}}
{"class_uid": 5001, "time": 1794805200000, "device": {"uid": "D1", "hostname": "a", "groups": [{"name": "APAC"}, {"name": "EMEA"}]}}"#;
    let (_, said) = failed("ocsf", &[("events.json", event)]);
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(
        (said[0]["code"].as_str(), said[0]["file"].as_str(), said[0]["line"].as_u64()),
        (Some("TP0407"), Some("content/snapshots/1/events.json"), Some(2))
    );
    let site = site_of("ocsf", &[("events.json", event)]);
    let configuration = fs::read_to_string(site.path().join("threatpress.yaml")).unwrap();
    put(site.path(), "threatpress.yaml", format!("{configuration}group_ranks: [EMEA, APAC]\n").as_bytes());
    let output = build(site.path(), &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let data = fs::read_to_string(site.path().join("output/emea/data.json")).unwrap();
    assert!(data.contains("\"devices_total\":2"), "{data}");
}

#[test]
fn a_class_without_events_is_an_absent_table() {
    let inventory: String = events().iter().filter(|(class, _)| *class == 5001).map(line).collect();
    let built = built("ocsf", &[("events.json", &inventory)]);
    assert!(built.said.is_empty(), "{:?}", built.said);
    assert_eq!(built.figure("soc", "/devices/total"), 3);
    for absent in ["/vulnerability", "/configuration", "/alerts", "/incidents"] {
        assert!(built.figure("soc", absent).is_null(), "{absent}");
    }
}

/// Two lists make a row for each pair: one event must not fill the memory.
#[test]
fn a_row_that_becomes_too_many_is_a_bad_one() {
    let list = |of: &str| vec![of; 1100].join(",");
    let event = format!(
        r#"{{"class_uid": 2002, "vulnerabilities": [{}], "resources": [{}]}}"#,
        list(r#"{"cve": {"uid": "CVE-2025-53770"}}"#),
        list(r#"{"uid": "d1"}"#)
    );
    let inventory: String = events().iter().filter(|(class, _)| *class == 5001).map(line).collect();
    let built = built("ocsf", &[("events.json", &format!("{inventory}{event}\n"))]);
    let told = built.with("TP0405");
    assert_eq!(told.len(), 1, "{:?}", built.said);
    assert_eq!(
        (told[0]["line"].as_u64(), &told[0]["message"]),
        (Some(5), &"the lists of the row make too many rows of the table".into())
    );
    assert_eq!(built.figure("soc", "/vulnerability/devices/exposed"), 0);
}
