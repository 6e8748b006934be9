//! Advanced hunting.

use std::fs;

use super::{Built, NATIVE, builds, built, same, site_of, with};
use crate::bad_input::{build, messages, put};

/// The fleet as advanced hunting has it, with every trap that its tables hold.
pub(crate) const HUNTING: [(&str, &str); 9] = [
    (
        // Several rows a device: the newest counts, but for rows without a platform; `d2-old` became `d2`, `d4-old` `d4`.
        "DeviceInfo.csv",
        "Timestamp,DeviceId,DeviceName,MachineGroup,OSPlatform,OSVersion,OnboardingStatus,SensorHealthState,IsExcluded,AssetValue,IsInternetFacing,MergedToDeviceId\n\
         2026-11-10T00:00:00Z,d1,old-name,APAC,WindowsServer2022,10.0,Can be onboarded,Inactive,0,Low,0,\n\
         2026-11-16T05:00:00.0000000Z,d1,web-01,EMEA,WindowsServer2022,10.0,Onboarded,Active,false,High,1,\n\
         2026-11-16T05:30:00Z,d1,,,,,,,,,,\n\
         2026-11-16 05:10:00,d2,web-02,EMEA,WindowsServer2022,10.0,Onboarded,Active,0,Normal,false,\n\
         2026-11-01T00:00:00Z,d3,order-desk-03,APAC,Windows11,11,Can be onboarded,Inactive,0,Normal,0,\n\
         2026-11-16T04:00:00Z,d4,lab-04,None,Windows11,11,Onboarded,Active,True,Low,,\n\
         2026-11-16T05:50:00Z,D2-OLD,web-02-old,APAC,WindowsServer2022,10.0,Onboarded,Active,0,Normal,0,d2\n\
         2026-11-15T00:00:00Z,d4-old,lab-04-old,APAC,Windows11,11,Onboarded,Active,0,Low,,d4\n",
    ),
    (
        // Under the id that the device had before.
        "deviceavinfo.json",
        r#"{"@odata.context": "x", "value": [{"machineId": "D4-old", "avMode": "4", "dataRefreshTimestamp": "2026-11-16T00:00:00Z"}]}"#,
    ),
    (
        // Another case of the name, JSON lines in a file that is called .json, other cases of columns, an id that merged.
        "devicetvmsoftwarevulnerabilities.json",
        r#"{"DeviceId": "d1", "CveId": "CVE-2025-53770", "VulnerabilitySeverityLevel": "Critical", "RecommendedSecurityUpdateId": 5002768, "RecommendedSecurityUpdate": "SharePoint update", "CveTags": "[\"ZeroDay\"]"}
{"deviceId": "d2-old", "cveId": "cve-2025-53770", "vulnerability_severity_level": "critical", "recommendedSecurityUpdateId": "5002768", "recommendedSecurityUpdate": "SharePoint update", "cveTags": []}
{"deviceId": "d2", "cveId": "CVE-2025-53771", "vulnerabilitySeverityLevel": "High"}
{"deviceId": "d4", "cveId": null, "softwareName": "edge"}
"#,
    ),
    (
        "DeviceTvmSecureConfigurationAssessment.json",
        r#"{"Schema": [{"Name": "DeviceId", "Type": "String"}], "Results": [
  {"DeviceId": "d1", "ConfigurationId": "scid-2010", "IsApplicable": 1, "IsCompliant": "1", "Context": [["0", "x"]], "Timestamp": "2026-11-15T17:00:00Z"},
  {"DeviceId": "d1", "ConfigurationId": "scid-2010", "IsApplicable": true, "IsCompliant": false, "Context": [["1"]], "Timestamp": "2026-11-14T17:00:00Z"},
  {"DeviceId": "d2", "ConfigurationId": "scid-2010", "IsApplicable": "true", "IsCompliant": "0", "Context": "[[\"1\"]]", "Timestamp": "2026-11-15T17:00:00Z"},
  {"DeviceId": "d4", "ConfigurationId": "scid-2010", "IsApplicable": false, "IsCompliant": false, "Context": null, "Timestamp": "2026-11-15T17:00:00Z"},
  {"DeviceId": "d1", "ConfigurationId": "scid-96", "IsApplicable": null, "IsCompliant": "False", "Timestamp": "2026-11-15T17:00:00Z"}
]}"#,
    ),
    (
        "DeviceTvmSecureConfigurationAssessmentKB.csv",
        "ConfigurationId,ConfigurationName,ConfigurationCategory,ConfigurationSubcategory,ConfigurationImpact\n\
         scid-2010,Turn on the antivirus,Security controls,Antivirus,9\n\
         scid-96,Turn on network protection,Network,,6.5\n",
    ),
    (
        "DeviceTvmSoftwareInventory/part-1.csv",
        "DeviceId,SoftwareVendor,SoftwareName,SoftwareVersion\nd1,microsoft,sharepoint_server,16.0\nd2-old,microsoft,sharepoint_server,16.0\n\
         d3,contoso,order_desk,3.1\n",
    ),
    (
        "AlertInfo.csv",
        "Timestamp,AlertId,Title,Severity,AttackTechniques\n\
         2026-11-15T10:00:00Z,al-1,Web shell dropped,High,\"[\"\"Web Shell (T1505.003)\"\",\"\"Interpreter (T1059)\"\"]\"\n\
         2026-11-10T08:00:00Z,al-2,Encryption begun,Medium,Data Encrypted for Impact (T1486)\n",
    ),
    (
        // Of al-1 one machine was impacted, and the others only met; of al-2 nothing says so: all that it names.
        "AlertEvidence.csv",
        "AlertId,EntityType,EvidenceRole,DeviceId\n\
         al-1,Machine,Impacted,d1\nal-1,Machine,Related,d3\nal-1,Process,Impacted,d2\nal-1,User,Impacted,\n\
         al-2,File,Related,d2-old\nal-2,Ip,Related,d3\n",
    ),
    (
        // Only the API tells the status.
        "alerts.json",
        r#"[{"id": "al-1", "status": "InProgress", "incidentId": 71, "classification": "TruePositive", "detectorId": "det-1", "lastUpdateTime": "2026-11-15T12:00:00Z"},
 {"id": "al-2", "status": "Resolved", "incidentId": "72", "classification": "FalsePositive", "detectorId": "det-9", "threatFamilyName": "Warlock", "resolvedTime": "2026-11-12T09:00:00Z", "lastUpdateTime": "2026-11-12T09:00:00Z"}]"#,
    ),
];

/// Incidents are those of the API, here as there.
pub(crate) const INCIDENTS: (&str, &str) = (
    "incidents.json",
    r#"{"value": [
  {"incidentId": 71, "incidentName": "Web shell on a server", "status": "Active", "severity": "High", "createdTime": "2026-11-15T10:00:00Z", "lastUpdateTime": "2026-11-15T11:00:00Z", "redirectIncidentId": null},
  {"incidentId": 72, "incidentName": "Merged", "status": "Active", "severity": "Low", "createdTime": "2026-11-10T08:00:00Z", "lastUpdateTime": "2026-11-12T09:00:00Z", "redirectIncidentId": 71}
], "@odata.nextLink": "https://x"}"#,
);

pub(crate) fn hunting() -> Vec<(&'static str, &'static str)> {
    HUNTING.into_iter().chain([INCIDENTS]).collect()
}

#[test]
fn the_same_fleet_gives_the_same_build() {
    let native = built("native", &NATIVE);
    assert_eq!(native.figure("soc", "/devices/impacted"), 1, "the report tracks something");
    assert_eq!(native.figure("soc", "/incidents/active"), 1);
    let hunting = built("defender-hunting", &hunting());
    same(&native, &hunting);
    assert!(hunting.said.is_empty(), "{:?}", hunting.said);
}

/// Several rows tell of an antivirus: the newest, whichever id it names, and a mode that is empty is one too.
#[test]
fn of_modes_of_the_antivirus_the_newest_counts_and_an_empty_one_is_another() {
    let other = |modes: &str| {
        let site = site_of("defender-hunting", &with(&hunting(), "deviceavinfo.json", modes));
        let configuration = fs::read_to_string(site.path().join("threatpress.yaml")).unwrap();
        let configuration = format!("{configuration}antivirus_configurations: [scid-2010]\n");
        put(site.path(), "threatpress.yaml", configuration.as_bytes());
        let output = build(site.path(), &[]);
        let built = Built { files: builds(site.path()), said: messages(&output) };
        built.figure("soc", "/configuration/other_antivirus")
    };
    let row = |id: &str, mode: &str, day: u32| {
        format!(r#"{{"machineId": "{id}", "avMode": "{mode}", "dataRefreshTimestamp": "2026-11-{day}"}}"#)
    };
    for (rows, wanted) in [
        (row("d2", "0", 15), 0),
        (row("d2", "", 15), 1),
        (format!("{}\n{}", row("d2", "1", 14), row("d2-old", "0", 15)), 0),
        (format!("{}\n{}", row("d2", "1", 15), row("d2-old", "0", 15)), 1),
    ] {
        assert_eq!(other(&rows), wanted, "{rows}");
    }
}

#[test]
fn without_a_status_all_alerts_are_active_and_that_is_said() {
    let files: Vec<_> = hunting().into_iter().filter(|(name, _)| *name != "alerts.json").collect();
    let built = built("defender-hunting", &files);
    assert_eq!(built.with("TP0423").len(), 1, "{:?}", built.said);
    assert_eq!(built.figure("soc", "/alerts/active"), 1, "the other one is found by what only the API says");
}

#[test]
fn a_bad_row_is_told_in_the_words_of_its_source() {
    let text = "Timestamp,AlertId,Title,Severity,AttackTechniques\nyesterday,al-9,Web shell dropped,High,\n\
                2026-11-15T10:00:00Z,,Web shell dropped,High,\n";
    let files = with(&hunting(), "AlertInfo.csv", text);
    let built = built("defender-hunting", &files);
    let told = built.with("TP0405");
    assert_eq!(told.len(), 2, "{:?}", built.said);
    assert_eq!(told[0]["file"], "content/snapshots/1/AlertInfo.csv");
    assert_eq!((told[0]["line"].as_u64(), told[1]["line"].as_u64()), (Some(2), Some(3)));
    let message = |at: usize| told[at]["message"].as_str().unwrap();
    assert_eq!(
        message(0),
        "`api.alertCreationTime` is no RFC 3339 date or date-time: `yesterday`"
            .replace("api.alertCreationTime", "Timestamp")
    );
    assert_eq!(message(1), "`AlertId` is empty");
}

#[test]
fn a_condition_without_its_column_is_an_error() {
    let text = "Timestamp,DeviceId,DeviceName,MachineGroup,OSPlatforms\n2026-11-16T05:00:00Z,d1,web-01,EMEA,Linux\n";
    let (_, said) = super::failed("defender-hunting", &with(&hunting(), "DeviceInfo.csv", text));
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(
        (said[0]["code"].as_str(), said[0]["message"].as_str()),
        (Some("TP0403"), Some("the required column `OSPlatform` is missing"))
    );
    let hint = said[0]["hint"].as_str().unwrap_or_default();
    assert!(hint.starts_with("is `OSPlatforms` meant? The profile reads `OSPlatform`"), "{hint}");
}

#[test]
fn rows_about_devices_that_are_not_there_are_counted() {
    let text = "{\"DeviceId\": \"d9\", \"CveId\": \"CVE-2025-53770\"}\n{\"DeviceId\": \"d1\", \"CveId\": \"CVE-2025-53770\"}\n";
    let files = with(&hunting(), "devicetvmsoftwarevulnerabilities.json", text);
    let built = built("defender-hunting", &files);
    let told = built.with("TP0409");
    assert_eq!(told.len(), 1, "{:?}", built.said);
    assert!(told[0]["message"].as_str().unwrap().starts_with("1 row(s) of `vulnerabilities`"), "{told:?}");
}
