//! The twin on small sites, each number computed by hand in the comment above it.

use serde_json::{Value, json};

use super::site;
use super::text::{boolean, tenfold_impact, word};
use crate::world::pools::{columns, names};
use crate::world::{Config, Groups, Knowledge, Report, Role, Selectors, Snapshot, Table, Tracked, World};

const NOW: &str = "2026-11-16T06:00:00Z";

/// A table from lines of cells split at `|`; the columns are the named ones, or all of them.
fn table(name: &str, only: &[&str], lines: &[&str]) -> Table {
    let all = names(columns(name));
    let kept = all.into_iter().filter(|column| only.contains(column));
    let mut table = Table { columns: kept.collect(), rows: Vec::new() };
    for line in lines {
        let cells: Vec<(&str, &str)> = only.iter().copied().zip(line.split('|').map(str::trim)).collect();
        table.push(&cells);
    }
    table
}

fn devices(lines: &[&str]) -> Table {
    table("devices", &["device_id", "device_group", "health", "last_seen", "excluded", "antivirus_mode"], lines)
}

fn vulnerabilities(lines: &[&str]) -> Option<Table> {
    let only = ["device_id", "cve_id", "severity", "status", "update_id", "update_name", "update_available"];
    Some(table("vulnerabilities", &only, lines))
}

fn configurations(lines: &[&str]) -> Option<Table> {
    let only = ["device_id", "configuration_id", "applicable", "compliant", "at"];
    Some(table("configurations", &only, lines))
}

fn alerts(lines: &[&str]) -> Option<Table> {
    let only = [
        "alert_id",
        "status",
        "created",
        "resolved",
        "device_id",
        "incident_id",
        "severity",
        "classification",
        "threat_family",
    ];
    Some(table("alerts", &only, lines))
}

fn incidents(lines: &[&str]) -> Option<Table> {
    Some(table("incidents", &["incident_id", "status", "severity", "redirect_to"], lines))
}

fn snapshot(as_of: &str) -> Snapshot {
    Snapshot { as_of: as_of.to_owned(), ..Snapshot::default() }
}

fn report(cves: &[&str], configurations: &[&str], families: &[&str]) -> Report {
    let owned = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let tracked = configurations.iter().map(|id| Tracked { id: (*id).to_owned(), name: None });
    Report {
        slug: "storm".to_owned(),
        title: "Storm".to_owned(),
        kind: "activity".to_owned(),
        published: "2026-11-02".to_owned(),
        vulnerabilities: Some(owned(cves)),
        configurations: Some(tracked.collect()),
        alerts: Some(Selectors { families: owned(families), ..Selectors::default() }),
        ..Report::default()
    }
}

/// A site whose roles are `all` and `alpha`, both reading red.
fn world(reports: Vec<Report>, snapshots: Vec<Snapshot>) -> World {
    let role = |name: &str, groups| Role { name: name.to_owned(), groups, clearance: Some("red".to_owned()) };
    let config = Config {
        default_tlp: None,
        freshness_days: None,
        trend_days: Some(3),
        antivirus_configurations: Some(vec!["SCID-1".to_owned()]),
        group_ranks: vec!["Beta".to_owned(), "Alpha".to_owned()],
        roles: vec![role("all", Groups::All), role("alpha", Groups::Listed(vec!["Alpha".to_owned()]))],
    };
    World { config, reports, guides: Vec::new(), snapshots, knowledge: Knowledge::full(), as_of: NOW.to_owned() }
}

fn data(world: &World, role: usize) -> Value {
    site(world, &world.config.roles[role]).reports.remove(0).1
}

#[test]
fn words_booleans_and_impacts_are_read_as_the_contract_says() {
    assert_eq!(word(" Pending Restart", &["pending_restart"]), "pending_restart");
    assert_eq!(word("odd", &["active", "unknown"]), "unknown");
    assert_eq!(word("odd", &["active"]), "");
    assert_eq!(boolean("Yes"), Ok(Some(true)));
    assert!(boolean("maybe").is_err());
    assert_eq!(tenfold_impact("7.55"), Ok(Some(75)));
    assert_eq!(tenfold_impact("10.0"), Ok(Some(100)));
    assert!(tenfold_impact("10.01").is_err() && tenfold_impact("0.9").is_err());
}

#[test]
fn seven_days_to_the_second_is_still_fresh() {
    // T = 16 Nov 06:00. a was seen exactly 7 × 24 h before: reports, no row → unavailable, reason
    // not_assessed. b a second earlier: stale. c has neither time nor health: never_seen. d is
    // active without a time: reports. e was seen after T: counts as T, reports. f is excluded.
    let mut snapshot = snapshot(NOW);
    snapshot.devices = devices(&[
        "a|Alpha||2026-11-09T06:00:00Z||",
        "b|Alpha||2026-11-09T05:59:59||",
        "c|Alpha||||",
        "d|Alpha|active|||",
        "e|Alpha||2026-11-17T00:00:00Z||",
        "f|Alpha||2020-01-01|yes|",
    ]);
    snapshot.configurations = configurations(&["e|scid-1|||"]);
    let data = data(&world(vec![report(&[], &["scid-1"], &[])], vec![snapshot]), 0);
    assert_eq!(
        data["unavailable_reasons"],
        json!({
            "not_onboarded": 0, "inactive": 0, "no_sensor_data": 0,
            "never_seen": 1, "stale": 1, "not_assessed": 3,
        })
    );
    assert_eq!(
        data["devices"],
        json!({
            "total": 6, "impacted": null, "exposed": 0,
            "unavailable": 5, "mitigated": 0, "not_applicable": 1,
        })
    );
}

#[test]
fn configurations_count_pairs_and_devices() {
    // Pairs:        scid-1        scid-2
    //   a           secure        exposed      → exposed
    //   b (passive) exposed       secure       → exposed; its one exposed pair is antivirus
    //   c           no row        secure       → unavailable
    //   d           not applic.   secure       → secure
    // secure: 1 + 3 = 4, exposed 1 + 1 = 2. Both are applicable, neither implemented.
    // Weights: a 10 × 7.55 cut = 75, b 5 unknown → 50: 125. Population 4: score 125 / 4 = 31, medium.
    let mut snapshot = snapshot(NOW);
    snapshot.devices =
        devices(&["a|Alpha|active|||active", "B|Alpha|active|||Passive", "c|Alpha|active|||", "d|Beta|active|||"]);
    snapshot.configurations = configurations(&[
        "a|scid-1||true|",
        "a|scid-2||0|",
        "b|scid-1||no|2026-11-02",
        "b|scid-1||yes|2026-11-01",
        "b|scid-2||yes|",
        "b|scid-2||no|",
        "c|scid-2||1|",
        "d|scid-1|false||",
        "d|scid-2||1|",
    ]);
    snapshot.configuration_catalog =
        Some(table("configuration_catalog", &["configuration_id", "name", "impact"], &["SCID-2|Block it|7.55"]));
    let data = data(&world(vec![report(&[], &["scid-1", "scid-2"], &[])], vec![snapshot]), 0);
    assert_eq!(
        data["configuration"],
        json!({
            "implemented": 0, "applicable": 2, "pairs_secure": 4, "pairs_exposed": 2,
            "devices": {"secure": 1, "exposed": 2, "unavailable": 1, "not_applicable": 0},
            "other_antivirus": 1,
        })
    );
    assert_eq!(data["exposure"], json!({"level": "medium", "score": 31, "weight": 125, "population": 4}));
    assert_eq!(
        data["mitigations"]["configurations"],
        json!([
            {"id": "scid-1", "name": "scid-1", "secure": 1, "exposed": 1, "unavailable": 1,
             "not_applicable": 1, "other_antivirus": 1},
            {"id": "scid-2", "name": "Block it", "secure": 3, "exposed": 1, "unavailable": 0,
             "not_applicable": 0, "other_antivirus": 0},
        ])
    );
}

#[test]
fn vulnerabilities_go_through_the_seven_steps() {
    // a: exposed outright beside pending → exposed, not counted as pending.
    // b: pending only, no update        → exposed, pending, no_update.
    // c: was exposed a week ago in the same group → patched (step 5).
    // d: was exposed a week ago in another group  → not_exposed (step 7).
    // e: patched beats not applicable   → patched.
    // f: excluded                       → not_applicable.
    let steady =
        ["a|Alpha|active|||", "b|Alpha|active|||", "c|Alpha|active|||", "e|Alpha|active|||", "f|Alpha|active||1|"];
    let mut old = snapshot("2026-11-09T06:00:00Z");
    old.devices = devices(&[&steady[..], &["d|Beta|active|||"]].concat());
    old.vulnerabilities = vulnerabilities(&["c|CVE-2025-1|low||||", "d|CVE-2025-1|low||||"]);
    let mut now = snapshot("2026-11-16T00:00:00Z");
    now.devices = devices(&[&steady[..], &["d|Alpha|active|||"]].concat());
    now.vulnerabilities = vulnerabilities(&[
        "a|cve-2025-1|medium|exposed|KB1||",
        "a|CVE-2025-1|high|Pending Restart|KB1|November|0",
        "b|CVE-2025-1|low|pending_restart|KB2||false",
        "e|CVE-2025-1|critical|patched|KB2|Zeta|",
        "e|CVE-2025-1||not_applicable|||",
        "f|CVE-2025-1||exposed|KB3||",
        "c||||KB1|August|",
    ]);
    let data = data(&world(vec![report(&["cve-2025-1"], &[], &[])], vec![old, now]), 0);
    assert_eq!(
        data["vulnerability"]["devices"],
        json!({"patched": 2, "exposed": 2, "unavailable": 0, "not_exposed": 1, "not_applicable": 1})
    );
    assert_eq!(
        data["mitigations"]["vulnerabilities"],
        json!([{
            "id": "CVE-2025-1", "severity": "critical", "patched": 2, "exposed": 2, "unavailable": 0,
            "not_exposed": 1, "not_applicable": 1, "no_update": 1, "pending_restart": 1,
        }])
    );
    // KB3 is named by an excluded device only. KB1's first name is August, from an inventory row.
    assert_eq!(
        data["mitigations"]["updates"],
        json!([
            {"id": "KB1", "name": "August", "exposed": 1, "vulnerabilities": ["CVE-2025-1"]},
            {"id": "KB2", "name": "Zeta", "exposed": 1, "vulnerabilities": ["CVE-2025-1"]},
        ])
    );
    // a high 75, b low 25: 100. Five report and apply: 100 / 5 = 20, low.
    assert_eq!(data["exposure"], json!({"level": "low", "score": 20, "weight": 100, "population": 5}));
    // A week ago c and d were exposed, f excluded, the other three not exposed; T is `--as-of` now.
    assert_eq!(data["history"][0]["vulnerability"], json!({"exposed": 2}));
    assert_eq!(data["history"][0]["as_of"], json!("2026-11-09T06:00:00Z"));
    assert_eq!(data["history"][1]["as_of"], json!(NOW));
}

#[test]
fn software_tells_patched_from_never_affected() {
    // v affects Contoso Server. a runs it → patched; b runs something else → not_applicable;
    // c has no row anywhere → unavailable; d has an inventory row only → not_applicable.
    let mut snapshot = snapshot(NOW);
    snapshot.devices = devices(&["a|Alpha|active|||", "b|Alpha|active|||", "c|Alpha|active|||", "d|Alpha|active|||"]);
    snapshot.vulnerabilities = vulnerabilities(&["d||||||"]);
    let only = ["device_id", "vendor", "product"];
    snapshot.software = Some(table("software", &only, &["a|CONTOSO|server", "b|Contoso|Reader"]));
    let only = ["cve_id", "vendor", "product"];
    snapshot.affected_software = Some(table("affected_software", &only, &["CVE-2025-1|Contoso|Server"]));
    let data = data(&world(vec![report(&["CVE-2025-1"], &[], &[])], vec![snapshot]), 0);
    assert_eq!(
        data["vulnerability"]["devices"],
        json!({"patched": 1, "exposed": 0, "unavailable": 1, "not_exposed": 0, "not_applicable": 2})
    );
}

fn with_alerts() -> World {
    let mut snapshot = snapshot(NOW);
    snapshot.devices = devices(&["a|Alpha|active|||", "b|Beta|active|||", "c|Alpha|inactive|||"]);
    snapshot.alerts = alerts(&[
        "1|new|2026-11-15T23:59:59Z||a|i1|low||Warlock",
        "1|new|2026-11-15T23:59:59Z||b|i1|low||Warlock",
        "2|resolved|2026-11-14T00:00:00Z|2026-11-15T00:00:00Z|c|i2|high|False Positive|warlock",
        "3|resolved|2026-11-13|2026-11-12|b|i1|critical||WARLOCK",
        "4|new|2026-11-16T06:00:01Z||a|i1|||Warlock",
        "5|new|2026-11-16T06:00:00Z||||||Warlock",
        "6|new|2026-11-10T00:00:00Z||ghost|i1|||Warlock",
        "7|new|2026-11-10T00:00:00Z||a|i1|||Other",
    ]);
    snapshot.incidents = incidents(&["i1|redirected||i3", "i2|active|medium|", "i3|active|medium|"]);
    world(vec![report(&[], &[], &["Warlock"])], vec![snapshot])
}

#[test]
fn alerts_and_incidents_of_a_role_that_sees_all() {
    // Linked and visible: 1, 2, 3, 5 (names nobody). 4 is after T, 6 names only an unknown device.
    let data = data(&with_alerts(), 0);
    assert_eq!(data["alerts"], json!({"total": 4, "active": 2, "resolved": 2, "false_positive": 1}));
    // a and b have alert 1; c has alert 2 only.
    assert_eq!(data["devices_with_alerts"], json!({"total": 3, "active": 2, "resolved": 1}));
    // i1 leads to i3, active by alert 1, its own severity medium. i2's only alert is resolved.
    assert_eq!(data["incidents"]["total"], json!(2));
    assert_eq!(data["incidents"]["active"], json!(1));
    assert_eq!(data["incidents"]["active_by_severity"]["medium"], json!(1));
    // Nothing tracked: impacted or not applicable.
    assert_eq!(data["devices"]["impacted"], json!(2));
    assert_eq!(data["devices"]["not_applicable"], json!(1));
    assert_eq!(data["exposure"], json!({"level": null, "score": null, "weight": 0, "population": 0}));
}

#[test]
fn alerts_and_incidents_of_a_role_that_sees_one_group() {
    // 1 through a, 2 through c. 3 and b are hidden, 5 needs no-device.
    let data = data(&with_alerts(), 1);
    assert_eq!(data["alerts"], json!({"total": 2, "active": 1, "resolved": 1, "false_positive": 1}));
    // i3 is as severe as alert 1, low: its critical alert is on a hidden device.
    assert_eq!(data["incidents"]["active_by_severity"]["low"], json!(1));
    assert_eq!(data["groups"].as_array().unwrap().len(), 1);
}

#[test]
fn the_trend_ends_at_now_and_days_end_before_midnight() {
    // Ends: 15 Nov 00:00, 16 Nov 00:00, then T.
    // 14 Nov: 2 active (created at its start), 3 resolved when created (its time is before that).
    //         c active, b resolved.
    // 15 Nov: 1 active (a second before its end); 2 resolved at 15 Nov 00:00 < end; 3 resolved.
    //         a and b active, c resolved.
    // 16 Nov: 1 and 5 active (created at T counts), 2 and 3 resolved.
    let data = data(&with_alerts(), 0);
    let point = |date: &str, numbers: [i64; 4]| {
        json!({
            "date": date, "alerts_active": numbers[0], "alerts_resolved": numbers[1],
            "devices_active": numbers[2], "devices_resolved": numbers[3],
        })
    };
    assert_eq!(
        data["trend"],
        json!([
            point("2026-11-14", [1, 1, 1, 1]),
            point("2026-11-15", [1, 2, 2, 1]),
            point("2026-11-16", [2, 2, 2, 1]),
        ])
    );
}

#[test]
fn a_device_in_two_groups_stands_in_the_first_ranked() {
    // Beta is ranked before Alpha: the newer row of Alpha is dropped and nobody's.
    // b: two rows of one time; "passive" > "active" bytewise.
    let mut snapshot = snapshot(NOW);
    snapshot.devices = devices(&[
        "a|Alpha|inactive|2026-11-16||",
        "A|Beta|active|2026-11-15||",
        "b|Beta|active|2026-11-15||Passive",
        "b|Beta|active|2026-11-15||active",
    ]);
    snapshot.configurations = configurations(&["a|scid-1||0|", "b|scid-1||0|"]);
    let world = world(vec![report(&[], &["scid-1"], &[])], vec![snapshot]);
    let all = data(&world, 0);
    assert_eq!(all["devices"]["exposed"], json!(2));
    assert_eq!(all["configuration"]["other_antivirus"], json!(1));
    assert_eq!(data(&world, 1)["devices"]["total"], json!(0));
}

#[test]
fn redirects_end_after_ten_steps() {
    // i0 → … → i10 is ten steps; i0 → … → i11 eleven.
    let chain = |steps: usize| {
        let mut rows: Vec<String> = (0..steps).map(|at| format!("i{at}|redirected||i{}", at + 1)).collect();
        rows.push(format!("i{steps}|active|high|"));
        let mut world = with_alerts();
        world.snapshots[0].alerts = alerts(&["1|new|2026-11-15||a|i0|||Warlock"]);
        world.snapshots[0].incidents = incidents(&rows.iter().map(String::as_str).collect::<Vec<_>>());
        data(&world, 0)["incidents"]["active"].clone()
    };
    assert_eq!(chain(10), json!(1));
    assert_eq!(chain(11), json!(0));
}

#[test]
fn an_absent_table_is_null_and_an_empty_one_is_nothing_found() {
    // Absent: a reports, but nobody can vouch for either axis → unavailable, not assessed.
    // Empty: no row of scid-1 → unavailable; no row of the CVE, no software table → not_exposed.
    let report = || vec![report(&["CVE-2025-1"], &["scid-1"], &["Warlock"])];
    let mut absent = snapshot(NOW);
    absent.devices = devices(&["a|Alpha|active|||", "x|Alpha|active||1|"]);
    let mut empty = absent.clone();
    empty.vulnerabilities = vulnerabilities(&[]);
    empty.alerts = alerts(&[]);
    let without = data(&world(report(), vec![absent]), 0);
    for key in ["configuration", "vulnerability", "alerts", "incidents", "trend"] {
        assert_eq!(without[key], Value::Null, "{key}");
    }
    assert_eq!(without["unavailable_reasons"]["not_assessed"], json!(1));
    assert_eq!(without["mitigations"]["updates"], Value::Null);
    assert_eq!(without["mitigations"]["vulnerabilities"][0]["exposed"], Value::Null);
    // The configurations are still absent: x is not "not applicable" there, and counts.
    let with = data(&world(report(), vec![empty]), 0);
    assert_eq!(with["vulnerability"]["devices"]["not_exposed"], json!(1));
    assert_eq!(with["alerts"]["total"], json!(0));
    assert_eq!(with["incidents"], Value::Null);
    assert_eq!(with["mitigations"]["updates"], json!([]));
    assert_eq!(with["exposure"], json!({"level": "none", "score": 0, "weight": 0, "population": 2}));
}

#[test]
fn a_site_without_a_snapshot_knows_no_number() {
    let world = world(vec![report(&["CVE-2025-1"], &[], &["Warlock"])], Vec::new());
    let site = site(&world, &world.config.roles[0]);
    assert_eq!(site.dashboard["latest"], json!(["storm"]));
    for key in ["devices_total", "threats_total", "summary", "high_impact", "highest_exposure"] {
        assert_eq!(site.dashboard[key], Value::Null, "{key}");
    }
    assert_eq!(site.dashboard["history"], json!([]));
    let data = &site.reports[0].1;
    assert_eq!(data["devices"]["total"], Value::Null);
    assert_eq!(data["exposure"]["population"], Value::Null);
    assert_eq!(data["groups"], json!([]));
}

#[test]
fn the_dashboard_counts_devices_once() {
    // Two reports track scid-1, where a is exposed: one exposed device. The older one links alert 1
    // (a and b impacted, so a is exposed in the newer report only).
    let mut world = with_alerts();
    world.snapshots[0].configurations = configurations(&["a|scid-1||0|", "b|scid-1||1|"]);
    let older = Report { published: "2026-11-01".to_owned(), ..report(&[], &["scid-1"], &["warlock"]) };
    let newer = Report { slug: "quiet".to_owned(), ..report(&[], &["scid-1"], &[]) };
    world.reports = vec![older, newer];
    let dashboard = site(&world, &world.config.roles[0]).dashboard;
    assert_eq!(dashboard["latest"], json!(["quiet", "storm"]));
    assert_eq!(dashboard["high_impact"], json!(["storm"]));
    // Both weigh 5 × 10 = 50 over two reporting devices: the slug decides.
    assert_eq!(dashboard["highest_exposure"], json!(["quiet", "storm"]));
    assert_eq!(dashboard["summary"], json!({"active_alerts": 1, "resolved_alerts_only": 0, "no_alerts": 1}));
    assert_eq!(
        dashboard["totals"],
        json!({"exposed_devices": 1, "impacted_devices": 2, "active_alerts": 2, "active_incidents": 1})
    );
}
