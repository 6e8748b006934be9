//! Where a number comes from: the chain of filters adds up, and a device's state is traced to its rows.

use std::process::{Command, Output};

use tempfile::TempDir;

use super::bad_input::{CONFIGURATION_OF_SITE, put};

const REPORT: &str = "\
---
title: A
type: activity
summary: S
published: 2026-11-02
tlp: amber
vulnerabilities: [CVE-2025-53770]
configurations: [scid-2010]
alerts: { titles: [Found] }
---
Text.
";

fn site() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| put(directory.path(), path, text.as_bytes());
    write("threatpress.yaml", CONFIGURATION_OF_SITE);
    write("content/reports/a.md", REPORT);
    write("content/reports/red.md", &REPORT.replace("tlp: amber", "tlp: red"));
    write("content/snapshots/0/snapshot.yaml", "as_of: 2026-11-09T06:00:00Z\n");
    write("content/snapshots/0/devices.csv", "device_id,name,device_group,last_seen\nd5,five,EMEA,2026-11-09\n");
    write("content/snapshots/0/vulnerabilities.csv", "device_id,cve_id,status\nd5,CVE-2025-53770,exposed\n");
    write("content/snapshots/1/snapshot.yaml", "as_of: 2026-11-16T06:00:00Z\n");
    write(
        "content/snapshots/1/devices.csv",
        "device_id,name,device_group,last_seen,excluded\n\
         d1,one,EMEA,2026-11-16,\nd2,two,EMEA,2026-11-16,\nd3,three,EMEA,2026-10-01,\n\
         d4,four,EMEA,2026-11-16,true\nd5,five,EMEA,2026-11-16,\nd6,six,EMEA,2026-11-16,\nd7,seven,APAC,2026-11-16,\n",
    );
    write(
        "content/snapshots/1/vulnerabilities.csv",
        "device_id,cve_id,status\nd7,CVE-2025-53770,exposed\nd2,CVE-2025-1111,exposed\nd2,cve-2025-53770,exposed\n",
    );
    write(
        "content/snapshots/1/configurations.csv",
        "device_id,configuration_id,applicable,compliant\nd6,SCID-2010,true,false\nd5,scid-2010,true,true\n",
    );
    write(
        "content/snapshots/1/alerts.csv",
        "alert_id,title,status,created,device_id\nx1,found,new,2026-11-10,d1\nx1,found,new,2026-11-10,d7\nx2,Other,new,2026-11-10,d2\n",
    );
    directory
}

fn explain(site: &TempDir, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_threatpress"))
        .arg("explain")
        .args(args)
        .arg("--site")
        .arg(site.path())
        .output()
        .unwrap()
}

fn said(site: &TempDir, args: &[&str]) -> String {
    let output = explain(site, args);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_figure_is_told_with_the_filters_that_lead_to_it() {
    let site = site();
    assert_eq!(
        said(&site, &["a", "devices.exposed", "--role", "emea"]),
        "\
a, as role `emea` sees it at 2026-11-16T06:00:00Z
devices.exposed = 2

Devices, each in the first state that holds (docs/figures.md, section 6)
            7  devices in the snapshot
  =         6  of them in the role's groups: EMEA
  -         1  impacted: an active alert that is linked to the report
  -         1  excluded from vulnerability management: not applicable
  -         1  unavailable: they do not report
              1    silent for longer than `freshness_days`
  -         2  exposed: an open vulnerability or a failed configuration that is tracked
  -         0  unavailable: they report, and something that is tracked was not assessed on them
  -         1  mitigated: patched or secure, and nothing worse
  =         0  not applicable: the threat does not concern them
"
    );
}

#[test]
fn every_chain_takes_away_no_more_than_there_is() {
    let site = site();
    for role in ["emea", "soc"] {
        let text = said(&site, &["a", "devices.total", "--role", role]);
        let count = |line: &str| line[4..14].trim().parse::<u64>().unwrap();
        let signed = |sign: &str| text.lines().filter(|line| line.starts_with(sign)).map(count).collect::<Vec<_>>();
        let (kept, taken) = (signed("  = "), signed("  - "));
        assert_eq!(kept[0], taken.iter().sum::<u64>() + kept[1], "{text}");
    }
}

#[test]
fn without_a_figure_everything_is_told_as_the_widest_role_sees_it() {
    let site = site();
    let text = said(&site, &["a"]);
    assert!(text.starts_with("a, as role `soc` sees it"), "{text}");
    for part in [
        "3  alerts in the snapshot",
        "1  of them linked: matched by the report's titles",
        "devices and scid-2010\n              1    exposed: applicable and not compliant",
        "devices and CVE-2025-53770\n              2    exposed: an open row",
    ] {
        let part = part.replace("3  alerts", "2  alerts");
        assert!(text.contains(&part), "{part} is not in\n{text}");
    }
}

#[test]
fn a_device_is_traced_to_its_rows() {
    let site = site();
    let state = |device: &str| said(&site, &["a", "--role", "emea", "--device", device]);
    let exposed = state("D2");
    assert!(
        exposed.contains("d2 (two), in the group EMEA\nexposed: it is open to a tracked vulnerability\n"),
        "{exposed}"
    );
    assert!(
        exposed.contains("content/snapshots/1/vulnerabilities.csv, row 3 (line 4): device_id=d2, cve_id=cve-2025-53770, status=exposed"),
        "{exposed}"
    );
    assert!(!exposed.contains("CVE-2025-1111") && !exposed.contains("x2"), "only what the report tracks: {exposed}");
    let impacted = state("one");
    assert!(
        impacted.contains("impacted: ") && impacted.contains("alerts.csv, row 1 (line 2): alert_id=x1"),
        "{impacted}"
    );
    assert!(!impacted.contains("d7"), "of an alert, only its rows about this device: {impacted}");
    assert!(state("d3").contains("unavailable: silent for longer"), "{}", state("d3"));
    assert!(state("d4").contains("not applicable: it is excluded"), "{}", state("d4"));
    let mitigated = state("d5");
    assert!(
        mitigated.contains("mitigated: ") && mitigated.contains("content/snapshots/0/vulnerabilities.csv, row 1"),
        "{mitigated}"
    );
    assert!(state("d6").contains("configurations.csv, row 1 (line 2)"), "{}", state("d6"));
}

/// What an earlier snapshot shows counts for each vulnerability by itself.
#[test]
fn earlier_rows_are_told_of_each_vulnerability_without_one_today() {
    let site = site();
    let write = |path: &str, text: &str| put(site.path(), path, text.as_bytes());
    write("content/reports/two.md", &REPORT.replace("[CVE-2025-53770]", "[CVE-2026-1001, CVE-2026-1002]"));
    write(
        "content/snapshots/0/devices.csv",
        "device_id,name,device_group\nA,a,EMEA\nb,b,APAC\nc,c,EMEA\nd,d,EMEA\ne,e,EMEA\n",
    );
    write(
        "content/snapshots/0/vulnerabilities.csv",
        "device_id,cve_id,status\na,CVE-2026-1001,exposed\na,cve-2026-1002,Pending Restart\n\
         b,CVE-2026-1002,exposed\nc,CVE-2026-1002,patched\nd,CVE-2026-1002,exposed\ne,CVE-2026-1002,exposed\n",
    );
    let devices = "device_id,name,device_group,last_seen,excluded\na,a,EMEA,2026-11-16,\nb,b,EMEA,2026-11-16,\n\
                   c,c,EMEA,2026-11-16,\nd,d,EMEA,2026-11-16,true\ne,e,EMEA,2026-10-01,\n";
    let today = "device_id,cve_id,status\na,CVE-2026-1001,patched\nb,CVE-2026-1001,patched\n";
    write("content/snapshots/1/devices.csv", devices);
    write("content/snapshots/1/vulnerabilities.csv", today);
    write("content/snapshots/1/alerts.csv", "alert_id,title,status,created,device_id\nx1,found,new,2026-11-10,e\n");
    let rows = |device: &str| {
        let text = said(&site, &["two", "--role", "emea", "--device", device]);
        let rows = text.lines().filter_map(|line| line.trim().strip_prefix("content/snapshots/"));
        let places = rows.map(|row| row.split(" (").next().unwrap().to_owned());
        places.filter(|place| !place.contains("devices.csv")).collect::<Vec<_>>()
    };
    // Of the other one there is a row today, which is what counts.
    assert_eq!(rows("a"), ["1/vulnerabilities.csv, row 1", "0/vulnerabilities.csv, row 2"]);
    assert_eq!(rows("b"), ["1/vulnerabilities.csv, row 2"], "it stood in another group");
    assert_eq!(rows("c"), [""; 0], "it was not open");
    assert_eq!(rows("d"), [""; 0], "it is excluded");
    assert_eq!(rows("e"), ["1/alerts.csv, row 1"], "it does not report, impacted as it is");
    // Where the products are known, they decide for what no earlier row does.
    let software = "device_id,vendor,product,version\nb,v,p,1\nc,v,p,1\n";
    write("content/snapshots/1/software.csv", software);
    write("content/snapshots/1/affected_software.csv", "cve_id,vendor,product\nCVE-2026-1001,v,p\nCVE-2026-1002,v,q\n");
    assert_eq!(rows("b"), ["1/vulnerabilities.csv, row 2", "1/software.csv, row 1", "1/affected_software.csv, row 2"]);
    write("content/snapshots/1/vulnerabilities.csv", &today.replace("a,CVE-2026-1001", "c,CVE-2026-1001"));
    assert_eq!(rows("a"), [""; 0], "it was not assessed");
    write("content/snapshots/1/software.csv", &format!("{software}a,v,q,1\n"));
    assert_eq!(
        rows("a"),
        ["0/vulnerabilities.csv, row 1", "0/vulnerabilities.csv, row 2", "1/software.csv, row 3"],
        "earlier rows come before products"
    );
}

#[test]
fn what_is_not_there_or_not_for_the_role_is_refused() {
    let site = site();
    for (args, message) in [
        (&["b"][..], "there is no report `b`"),
        (&["aa"][..], "there is no report `aa`"),
        (&["red", "--role", "emea"][..], "role `emea` does not get the report `red`"),
        (&["a", "--role", "apac"][..], "there is no role `apac`"),
        (&["a", "--role", "emea", "--device", "d7"][..], "role `emea` sees no device `d7`"),
        (&["TP9999"][..], "no message has the code `TP9999`"),
    ] {
        let output = explain(&site, args);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {told}");
        assert!(told.contains(message) && told.contains("help: "), "{args:?}: {told}");
        assert!(output.stdout.is_empty());
    }
    let output = explain(&site, &["a", "devices.exposd"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("devices.exposed"));
}

#[test]
fn strict_explains_nothing_of_doubtful_rows() {
    let site = site();
    put(site.path(), "content/snapshots/1/vulnerabilities.csv", b"device_id,cve_id,status\n,CVE-2025-53770,exposed\n");
    said(&site, &["a", "devices.exposed"]);
    let output = explain(&site, &["a", "devices.exposed", "--strict"]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("TP0405") && output.stdout.is_empty(), "{told}");
}
