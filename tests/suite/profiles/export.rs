//! The APIs of Defender.

use super::hunting::INCIDENTS;
use super::{NATIVE, built, failed, same, with};

/// The fleet as the APIs answer.
pub(crate) const EXPORT: [(&str, &str); 7] = [
    (
        "machines.json",
        r#"{"@odata.context": "x", "value": [
  {"id": "d1", "computerDnsName": "web-01", "rbacGroupName": "EMEA", "osPlatform": "WindowsServer2022", "version": "10.0", "onboardingStatus": "onboarded", "healthStatus": "Active", "lastSeen": "2026-11-16T05:00:00Z", "isExcluded": false, "deviceValue": "High", "isInternetFacing": true},
  {"id": "d2", "computerDnsName": "web-02", "rbacGroupName": "EMEA", "osPlatform": "WindowsServer2022", "version": "10.0", "onboardingStatus": "onboarded", "healthStatus": "Active", "lastSeen": "2026-11-16T05:10:00Z", "isExcluded": "False", "deviceValue": "Normal", "isInternetFacing": "false"},
  {"id": "d3", "computerDnsName": "order-desk-03", "rbacGroupName": "APAC", "osPlatform": "Windows11", "version": 11, "onboardingStatus": "CanBeOnboarded", "healthStatus": "Inactive", "lastSeen": "2026-11-01T00:00:00Z", "deviceValue": "Normal", "isInternetFacing": false},
  {"id": "d4", "computerDnsName": "lab-04", "rbacGroupName": "Unassigned", "osPlatform": "Windows11", "version": "11", "onboardingStatus": "Onboarded", "healthStatus": "Active", "lastSeen": "2026-11-16T04:00:00Z", "isExcluded": true, "deviceValue": "Low"}
]}"#,
    ),
    (
        "deviceavinfo.json",
        r#"[{"machineId": "d1", "avMode": 0}, {"machineId": "d2", "avMode": "1"}, {"machineId": "d4", "avMode": "4"}]"#,
    ),
    (
        "SoftwareVulnerabilitiesByMachine/page-1.json",
        r#"{"value": [
  {"id": "1", "deviceId": "d1", "rbacGroupName": "EMEA", "cveId": "CVE-2025-53770", "vulnerabilitySeverityLevel": "Critical", "recommendedSecurityUpdateId": "5002768", "recommendedSecurityUpdate": "SharePoint update", "cvssScore": 9.8},
  {"id": "2", "deviceId": "d2", "rbacGroupName": "EMEA", "cveId": "CVE-2025-53770", "vulnerabilitySeverityLevel": "Critical", "recommendedSecurityUpdateId": "5002768", "recommendedSecurityUpdate": "SharePoint update"}
]}"#,
    ),
    (
        "SoftwareVulnerabilitiesByMachine/page-2.json",
        r#"{"value": [
  {"id": "3", "deviceId": "d2", "rbacGroupName": "EMEA", "cveId": "CVE-2025-53771", "vulnerabilitySeverityLevel": "High", "diskPaths": ["C:\\x"]},
  {"id": "4", "deviceId": "d4", "rbacGroupName": null, "cveId": null, "softwareName": "edge"}
]}"#,
    ),
    (
        // The rows name what the catalogue has, with an older name on one of them.
        "SecureConfigurationsAssessmentByMachine.json",
        r#"{"deviceId": "d1", "rbacGroupName": "EMEA", "configurationId": "scid-2010", "isApplicable": true, "isCompliant": true, "timestamp": "2026-11-15 17:00:00.000", "configurationName": "Turn on the antivirus", "configurationCategory": "Security controls", "configurationSubcategory": "Antivirus", "configurationImpact": 9}
{"deviceId": "d2", "rbacGroupName": "EMEA", "configurationId": "scid-2010", "isApplicable": true, "isCompliant": false, "timestamp": "2026-11-15 17:00:00.000", "configurationName": "Turn on the antivirus", "configurationCategory": "Security controls", "configurationSubcategory": "Antivirus", "configurationImpact": 9}
{"deviceId": "d4", "rbacGroupName": "", "configurationId": "scid-2010", "isApplicable": false, "isCompliant": false, "timestamp": "2026-11-15 17:00:00.000", "configurationName": "Turn on the antivirus", "configurationCategory": "Security controls", "configurationSubcategory": "Antivirus", "configurationImpact": 9}
{"deviceId": "d4", "configurationId": "scid-2010", "isApplicable": true, "isCompliant": true, "timestamp": "2026-11-01 17:00:00", "configurationName": "Old name", "configurationImpact": 1}
{"deviceId": "d1", "rbacGroupName": "EMEA", "configurationId": "scid-96", "isApplicable": true, "isCompliant": false, "timestamp": "2026-11-15 17:00:00.000", "configurationName": "Turn on network protection", "configurationCategory": "Network", "configurationSubcategory": "", "configurationImpact": 6.5}
"#,
    ),
    (
        "SoftwareInventoryByMachine.json",
        r#"[{"deviceId": "d1", "softwareVendor": "microsoft", "softwareName": "sharepoint_server", "softwareVersion": "16.0"},
 {"deviceId": "d2", "softwareVendor": "microsoft", "softwareName": "sharepoint_server", "softwareVersion": "16.0"},
 {"deviceId": "d3", "softwareVendor": "contoso", "softwareName": "order_desk", "softwareVersion": "3.1"}]"#,
    ),
    (
        "alerts.json",
        r#"{"value": [
  {"id": "al-1", "title": "Web shell dropped", "status": "InProgress", "alertCreationTime": "2026-11-15T10:00:00Z", "incidentId": 71, "severity": "High", "classification": "TruePositive", "detectorId": "det-1", "mitreTechniques": ["T1505.003", "T1059"], "machineId": "d1", "lastUpdateTime": "2026-11-15T10:00:00Z"},
  {"id": "al-1", "title": "Web shell dropped", "status": "New", "alertCreationTime": "2026-11-15T10:00:00Z", "severity": "Low", "machineId": "d1", "lastUpdateTime": "2026-11-14T10:00:00Z"},
  {"id": "al-2", "title": "Encryption begun", "status": "Resolved", "alertCreationTime": "2026-11-10T08:00:00Z", "incidentId": 72, "severity": "Medium", "classification": "FalsePositive", "detectorId": "det-9", "threatFamilyName": "Warlock", "mitreTechniques": ["T1486"], "resolvedTime": "2026-11-12T09:00:00Z", "machineId": "d2", "lastUpdateTime": "2026-11-12T09:00:00Z"}
]}"#,
    ),
];

/// The incidents, of which one has an alert inside that another API tells otherwise, with one more device.
fn incidents() -> String {
    let inner = r#""alerts": [{"alertId": "al-2", "title": "Otherwise", "status": "Active", "creationTime": "2026-11-10T08:00:01Z", "severity": "High", "devices": [{"mdatpDeviceId": "d2"}, {"DeviceId": "d3"}]}], "#;
    INCIDENTS.1.replace("\"incidentId\": 71, ", &format!("\"incidentId\": 71, {inner}"))
}

#[test]
fn the_same_fleet_gives_the_same_build() {
    let incidents = incidents();
    let files = with(&EXPORT, "incidents.json", &incidents);
    let export = built("defender-export", &files);
    same(&built("native", &NATIVE), &export);
    assert!(export.said.is_empty(), "{:?}", export.said);
}

#[test]
fn alerts_of_other_apis_are_alerts_too() {
    let others: Vec<_> = EXPORT.into_iter().filter(|(name, _)| *name != "alerts.json").collect();
    let graph = r#"{"value": [{"id": "al-7", "title": "Web shell dropped", "status": "inProgress", "createdDateTime": "2026-11-15T10:00:00Z", "severity": "high", "evidence": [
      {"@odata.type": "deviceEvidence", "mdeDeviceId": "d1"}, {"@odata.type": "x"}, {"mdeDeviceId": "d2"}]}]}"#;
    let built = built("defender-export", &with(&others, "alerts_v2.json", graph));
    assert_eq!(built.figure("soc", "/alerts/active"), 1);
    assert_eq!(built.figure("soc", "/devices_with_alerts/active"), 2);
}

/// Graph's incidents, with the members that are given.
fn graph(alerts: &str) -> String {
    let incident = |status: &str, day: u32, further: &str| {
        format!(
            r#"{{"id": "9", "displayName": "Web shell", "status": "{status}", "severity": "high",
                "createdDateTime": "2026-11-14T00:00:00Z", "lastUpdateDateTime": "2026-11-{day}T00:00:00Z"{further}}}"#
        )
    };
    format!(r#"{{"value": [{}, {}]}}"#, incident("resolved", 14, ""), incident("awaitingAction", 15, alerts))
}

#[test]
fn incidents_of_graph_count_as_they_are_now_with_the_alerts_inside() {
    let others: Vec<_> = EXPORT.into_iter().filter(|(name, _)| *name != "alerts.json").collect();
    let alerts = r#", "alerts": [{"id": "da7_1", "providerAlertId": "da7", "incidentId": "9", "title": "Web shell dropped",
        "status": "new", "severity": "high", "createdDateTime": "2026-11-15T00:00:00Z",
        "evidence": [{"mdeDeviceId": "d1"}, {"userAccount": {}}, {"mdeDeviceId": "d2"}]}]"#;
    let incidents = graph(alerts);
    let with_alerts = built("defender-export", &with(&others, "incidents.json", &incidents));
    let of = |what: &str| with_alerts.figure("soc", what);
    assert_eq!((of("/alerts/active"), of("/devices_with_alerts/active")), (1.into(), 2.into()));
    assert_eq!(of("/incidents/active"), 1);
    assert!(with_alerts.said.is_empty(), "{:?}", with_alerts.said);
}

#[test]
fn incidents_without_alerts_tell_nothing_of_alerts() {
    let others: Vec<_> = EXPORT.into_iter().filter(|(name, _)| *name != "alerts.json").collect();
    for alerts in ["", ", \"alerts\": []"] {
        let incidents = graph(alerts);
        let alone = built("defender-export", &with(&others, "incidents.json", &incidents));
        assert!(alone.figure("soc", "/alerts").is_null(), "not known, and not none");
        let beside = built("defender-export", &with(&with(&others, "incidents.json", &incidents), "alerts.json", "[]"));
        assert_eq!(beside.figure("soc", "/alerts/active"), 0);
    }
}

#[test]
fn of_names_that_are_equally_new_the_greatest_counts_before_anything_else_does() {
    let row = |name: &str, category: &str| {
        format!(
            r#"{{"deviceId": "d1", "configurationId": "scid-96", "isApplicable": true, "isCompliant": true,
                "configurationName": "{name}", "configurationCategory": "{category}", "configurationImpact": 5}}"#
        )
    };
    let (first, second) = (row("a name", "Z"), row("b name", "A"));
    for rows in [format!("[{first}, {second}]"), format!("[{second}, {first}]")] {
        let built = built("defender-export", &with(&EXPORT, "SecureConfigurationsAssessmentByMachine.json", &rows));
        assert_eq!(built.figure("soc", "/mitigations/configurations/1/name"), "b name");
    }
}

#[test]
fn never_is_a_time() {
    let text = r#"[{"id": "al-2", "title": "Encryption begun", "status": "Resolved", "detectorId": "det-9", "machineId": "d2",
        "alertCreationTime": "2026-11-10T08:00:00Z", "resolvedTime": "9999-12-31T23:59:59.9999999Z"}]"#;
    let built = built("defender-export", &with(&EXPORT, "alerts.json", text));
    assert!(built.said.is_empty(), "{:?}", built.said);
    assert_eq!(built.figure("soc", "/alerts/resolved"), 1);
}

#[test]
fn the_group_of_the_device_counts_and_other_groups_are_told() {
    let text = r#"{"value": [{"deviceId": "d1", "rbacGroupName": "APAC", "cveId": "CVE-2025-53770"},
      {"deviceId": "d2", "rbacGroupName": "APAC", "cveId": "CVE-2025-53770"}, {"deviceId": "d2", "rbacGroupName": "emea", "cveId": "CVE-2025-53771"},
      {"deviceId": "d4", "rbacGroupName": "None", "cveId": "CVE-2025-53771"}]}"#;
    let files: Vec<_> = EXPORT.into_iter().filter(|(name, _)| !name.starts_with("SoftwareVuln")).collect();
    let built = built("defender-export", &with(&files, "SoftwareVulnerabilitiesByMachine.json", text));
    let told = built.with("TP0422");
    assert_eq!(told.len(), 1, "{:?}", built.said);
    assert_eq!(
        told[0]["message"],
        "3 row(s) of `vulnerabilities` name another group than their device's: `d1` of `EMEA` in `APAC`, for instance"
    );
    assert_eq!(built.figure("emea", "/vulnerability/devices/exposed"), 2, "both are EMEA's");
}

/// A device that changes its group is `Fixed` in the old one and `New` in the new one at the same time.
#[test]
fn what_changed_tells_what_is_patched() {
    let changes = r#"{"value": [
      {"id": "a", "deviceId": "d1", "cveId": "CVE-2025-53771", "status": "Fixed", "rbacGroupName": "EMEA", "eventTimestamp": "2026-11-15T11:00:00Z"},
      {"id": "a", "deviceId": "d1", "cveId": "CVE-2025-53771", "status": "New", "rbacGroupName": "EMEA", "eventTimestamp": "2026-11-01T11:00:00Z"},
      {"id": "b", "deviceId": "d2", "cveId": "CVE-2025-53771", "status": "Fixed", "rbacGroupName": "APAC", "eventTimestamp": "2026-11-15T11:00:00Z"},
      {"id": "b", "deviceId": "d2", "cveId": "CVE-2025-53771", "status": "New", "rbacGroupName": "EMEA", "eventTimestamp": "2026-11-15T11:00:00Z"}]}"#;
    let files: Vec<_> = EXPORT.into_iter().filter(|(name, _)| !name.starts_with("SoftwareVuln")).collect();
    let built = built("defender-export", &with(&files, "SoftwareVulnerabilityChangesByMachine.json", changes));
    let of = |what: &str| built.figure("soc", &format!("/mitigations/vulnerabilities/0/{what}"));
    assert_eq!((of("patched"), of("exposed")), (1.into(), 1.into()));
}

#[test]
fn a_list_of_files_is_no_empty_table() {
    let list = r#"{"@odata.context": "x", "exportFiles": ["https://x/part-0.json.gz"], "generatedTime": "2026-01-11T11:01:00Z"}"#;
    let files: Vec<_> = EXPORT.into_iter().filter(|(name, _)| !name.starts_with("SoftwareVuln")).collect();
    let built = built("defender-export", &with(&files, "SoftwareVulnerabilitiesExport.json", list));
    assert_eq!(built.with("TP0420").len(), 1, "{:?}", built.said);
    assert!(built.figure("soc", "/vulnerability").is_null(), "nothing is known");
}

#[test]
fn damage_is_told_once_whoever_reads_the_file() {
    for (name, text, place, message) in [
        ("alerts.json", "{\"value\": [{\"id\": \"al-1\"}, ...", (1, 31), "the array is not closed"),
        ("alerts.json", "{\"value\": [{\"id\": \"al-1\"}]", (1, 27), "the object is not closed"),
        ("alerts.json", "{\"value\": [\n  {\"id\": 1},\n  {\"id\" 2}\n]}", (3, 9), "not JSON: expected `:`"),
        ("alerts.json", "{\n\"score\": 1\n}", (1, 1), "one JSON object that has no rows"),
        ("machines.json", "HTTP/1.1 200 OK\n{\"value\": []}", (1, 1), "it does not begin as JSON does"),
        ("machines.json", "{\"error\": {\"code\": \"Unauthorized\"}}", (1, 1), "one JSON object that has no rows"),
        ("machines.json", "{\"message\": \"x\", \"statusCode\": 401}\n", (1, 1), "one JSON object that has no rows"),
    ] {
        let (_, said) = failed("defender-export", &with(&EXPORT, name, text));
        assert_eq!(said.len(), 1, "{text}: {said:?}");
        let told = &said[0];
        assert_eq!(
            (&told["severity"], &told["file"]),
            (&"error".into(), &format!("content/snapshots/1/{name}").into())
        );
        assert_eq!((&told["line"], &told["column"]), (&place.0.into(), &place.1.into()), "{told}");
        assert!(told["message"].as_str().unwrap().contains(message), "{told}");
        assert!(!told["hint"].as_str().unwrap().contains("one array"), "{told}");
    }
}
