//! What pages tell beyond figures: evidence, choices, neighbours, contradictions, feeds of groups, and
//! the words for what is zero, unmeasured or missing.

use std::fs;

use tempfile::TempDir;

use super::bad_input::{build, put};

const CONFIGURATION: &str = "\
title: T
base_url: https://t.example/
roles:
  soc: {groups: all, clearance: red}
  apac: {groups: [APAC], clearance: red}
";
const FIRST: &str = "\
---
title: First
type: activity
summary: S
published: 2026-11-02
updated: 2026-11-15
tlp: green
actors: [Storm-2603]
techniques: [T1190]
vulnerabilities: [CVE-2025-53770]
alerts: { titles: [Found] }
changes: [{ date: 2026-11-10, summary: Added a query }]
---
They ran encoded commands (T1059.001) on the servers.

## Hunting for T1105

```kql
DeviceEvents | where Technique == \"T1547.001\"
```

```powershell
Get-Process # T1003
```

::: scope groups=\"EMEA\"
## Only in EMEA
The tool came through a tunnel, T1572.
:::
";
const SECOND: &str = "\
---
title: Second, not for all
type: actor
summary: S
published: 2026-11-12
tlp: amber
techniques: [T1003]
---
Text.
";
const THIRD: &str = "\
---
title: Third
type: tool
summary: S
published: 2026-09-01
tlp: green
techniques: [T1003]
detections: [{ name: Dumping, product: P }]
---
Text.
";
const DEVICES: &str = "\
device_id,name,device_group,onboarding,health,last_seen
d1,one-emea,EMEA,onboarded,active,2026-11-16
d2,two-emea,EMEA,can_be_onboarded,,
d3,three-apac,APAC,onboarded,active,2026-11-16
";
const ALERTS: &str = "\
alert_id,title,status,created,resolved,device_id,incident_id
al-1,Found,new,2026-11-10,2026-11-11,d1,inc-1
al-2,Found,resolved,2026-11-10,2026-11-09,d1,
al-3,Found,in_progress,2026-11-10,,d2,inc-2
al-4,Other,new,2026-11-10,2026-11-11,d3,
";

fn site() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| put(directory.path(), path, text.as_bytes());
    write("threatpress.yaml", CONFIGURATION);
    write("content/reports/first.md", FIRST);
    write("content/reports/second.md", SECOND);
    write("content/reports/third.md", THIRD);
    write("content/snapshots/1/snapshot.yaml", "as_of: 2026-11-09T06:00:00Z\n");
    write(
        "content/snapshots/1/devices.csv",
        "device_id,name,device_group\nd1,one-emea,EMEA\nd3,three-apac,APAC\nd4,four,Closed\n",
    );
    write("content/snapshots/2/snapshot.yaml", "as_of: 2026-11-16T06:00:00Z\n");
    write("content/snapshots/2/devices.csv", DEVICES);
    write("content/snapshots/2/alerts.csv", ALERTS);
    write(
        "content/snapshots/2/incidents.csv",
        "incident_id,title,status,severity,created\ninc-1,I,resolved,high,2026-11-10\ninc-2,J,,low,\n",
    );
    write("content/snapshots/2/vulnerabilities.csv", "device_id,cve_id,severity\nd1,CVE-2025-53770,high\n");
    directory
}

fn built(site: TempDir) -> TempDir {
    built_with(site, &[])
}

fn built_with(site: TempDir, further: &[&str]) -> TempDir {
    let output = build(site.path(), further);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    site
}

fn read(site: &TempDir, path: &str) -> String {
    fs::read_to_string(site.path().join("output").join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn lines(site: &TempDir, path: &str) -> Vec<String> {
    read(site, path).lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn a_technique_shows_what_reports_say_of_it_and_the_queries_that_find_it() {
    let site = built(site());
    assert_eq!(
        lines(&site, "soc/techniques/T1059.001/evidence.csv"),
        ["First,They ran encoded commands (T1059.001) on the servers.,Analyst report"]
    );
    // Named by the section's heading, which is no evidence in itself; and by the query alone.
    assert_eq!(lines(&site, "soc/techniques/T1105/queries.csv"), ["Hunting for T1105,KQL,First"]);
    let page = read(&site, "soc/techniques/T1105/index.html");
    assert!(page.contains("threats/first/analyst-report/#h-hunting-for-t1105\">Hunting for T1105</a>"), "{page}");
    assert!(page.contains("Reports name it beside their text only."), "{page}");
    // A technique that code alone names has no page, and PowerShell is no language of detections.
    assert!(!site.path().join("output/soc/techniques/T1547.001").exists());
    assert!(read(&site, "soc/techniques/T1003/index.html").contains("No query of your reports"));
    // A block that a role does not read is quoted to it nowhere.
    assert_eq!(lines(&site, "soc/techniques/T1572/evidence.csv").len(), 1);
    assert!(!site.path().join("output/apac/techniques/T1572").exists());
    assert!(!read(&site, "apac/techniques/index.html").contains("T1572"));
}

#[test]
fn the_matrix_has_a_page_for_each_choice() {
    let site = built(site());
    let has = |role: &str, choice: &str, id: &str| {
        let page = read(&site, &format!("{role}/techniques/matrix/{choice}index.html"));
        page.contains(&format!("techniques/{id}/\""))
    };
    for (id, alerted, undetected) in [("T1190", true, true), ("T1105", true, false), ("T1003", false, false)] {
        assert!(has("soc", "", id), "{id}");
        assert_eq!(has("soc", "active-alerts/", id), alerted, "{id}");
        assert_eq!(has("soc", "no-detection/", id), undetected, "{id}");
    }
    // The alerts are on devices of another group.
    assert!(!has("apac", "active-alerts/", "T1190"));
    assert!(read(&site, "apac/techniques/matrix/active-alerts/index.html").contains("has an active alert."));
}

#[test]
fn a_report_leads_to_its_neighbours_in_the_list_that_are_no_stricter() {
    let site = built(site());
    let first = read(&site, "soc/threats/first/index.html");
    let (_, after) = first.split_once("aria-label=\"Other reports\"").expect("neighbours");
    assert!(!after.contains("Previous") && after.contains("Third</a>") && !after.contains("Second"), "{after}");
    let second = read(&site, "soc/threats/second/mitigations/index.html");
    let (_, after) = second.split_once("aria-label=\"Other reports\"").expect("neighbours");
    assert!(after.contains("First</a>") && after.contains("Third</a>"), "{after}");
}

/// Names with one page are one name, and an actor is no malware of the same name.
#[test]
fn related_reports_share_a_page_and_not_only_a_word() {
    let site = site();
    let report = |slug: &str, names: &str| {
        let front = SECOND.replace("Second, not for all", slug).replace("techniques: [T1003]", names);
        put(site.path(), &format!("content/reports/{slug}.md"), front.as_bytes());
    };
    report("fourth", "actors: [APT 99, Twin]");
    report("fifth", "actors: [apt-99]");
    report("sixth", "malware: [Twin]");
    let site = built(site);
    let related = |slug: &str| {
        let page = read(&site, &format!("soc/threats/{slug}/index.html"));
        let Some((_, after)) = page.split_once("id=\"related\"") else { return Vec::new() };
        let (list, _) = after.split_once("</section>").expect("its end");
        list.split("threats/").skip(1).filter_map(|part| part.split('/').next()).map(str::to_owned).collect()
    };
    assert_eq!(related("fourth"), ["fifth"]);
    assert_eq!(related("fifth"), ["fourth"]);
    assert_eq!(related("sixth"), [""; 0]);
}

#[test]
fn data_that_contradicts_itself_is_told_with_both_values() {
    let site = built(site());
    assert_eq!(
        lines(&site, "soc/threats/first/incidents/contradictions.csv"),
        [
            "inc-1,Incident,Its status is resolved,1 linked alert is active",
            "al-1,Alert,Its status is not resolved,It was resolved at 2026-11-11 00:00 UTC",
            "al-2,Alert,It was raised at 2026-11-10 00:00 UTC,It was resolved at 2026-11-09 00:00 UTC",
            "two-emea,Device,The inventory says: can be onboarded,1 linked alert is active",
        ]
    );
    assert!(!site.path().join("output/apac/threats/first/incidents/contradictions.csv").exists());
}

#[test]
fn a_group_has_a_feed_of_the_threats_that_reach_it() {
    let site = built(site());
    let feed = read(&site, "soc/groups/emea/feed.xml");
    assert!(feed.contains("<id>https://t.example/groups/emea/feed.xml</id>"), "{feed}");
    assert!(feed.contains("EMEA: 2 devices impacted, 0 exposed."), "{feed}");
    assert_eq!(feed.matches("<entry>").count(), 1, "{feed}");
    assert_eq!(read(&site, "apac/groups/apac/feed.xml").matches("<entry>").count(), 0);
    let page = read(&site, "soc/groups/emea/index.html");
    assert_eq!(page.matches("groups/emea/feed.xml\"").count(), 2, "{page}");
    assert!(!page.contains("No devices since"), "{page}");
}

#[test]
fn a_group_without_devices_says_since_when() {
    let site = built(site());
    let page = read(&site, "soc/groups/closed/index.html");
    assert!(page.contains("No devices since the snapshot of 2026-11-16; the one before it had 1 device."), "{page}");
    assert!(!page.contains("feed.xml\">Feed"), "{page}");
}

/// Zero, not measured and missing are different things, and no two of them share a word.
#[test]
fn zero_unmeasured_and_missing_have_words_of_their_own() {
    let zero = "It has no active alert on your devices.";
    let unmeasured = "The report tracks nothing by which exposure could be measured.";
    let missing = "Not available: the snapshot does not hold alerts.";
    let unlinked = "Not available: no alerts are linked to this report.";
    let has = |page: &str, sentences: [bool; 4]| {
        for (sentence, expected) in [zero, unmeasured, missing, unlinked].into_iter().zip(sentences) {
            assert_eq!(page.contains(sentence), expected, "{sentence}\n{page}");
        }
    };
    let whole = built(site());
    has(&read(&whole, "apac/threats/first/index.html"), [true, false, false, false]);
    has(&read(&whole, "soc/threats/third/index.html"), [false, true, false, true]);
    let assets = read(&whole, "apac/threats/first/assets/index.html");
    assert!(assets.contains("No device of yours has an active alert that is linked to this report."), "{assets}");
    let without = site();
    fs::remove_file(without.path().join("content/snapshots/2/alerts.csv")).unwrap();
    let without = built(without);
    has(&read(&without, "soc/threats/first/index.html"), [false, false, true, false]);
    let assets = read(&without, "soc/threats/first/assets/index.html");
    assert!(assets.contains(missing) && !assets.contains("No device of yours has"), "{assets}");
    let sources = lines(&without, "soc/sources.csv");
    assert!(sources.contains(&"Alerts,Missing: nothing is known,".to_owned()), "{sources:?}");
    assert!(sources.contains(&"Devices,In the snapshot,2026-11-16T00:00:00Z".to_owned()), "{sources:?}");
}

/// "None" is said where it is known: not without a snapshot, without a device, or without the tables that would tell.
#[test]
fn what_is_not_known_does_not_read_as_nothing_to_do() {
    let none = [
        "needs no action",
        "none of them needs action",
        "No threat needs action",
        "No device of yours is known",
        "Every device of yours reports",
        "sees no device group",
    ];
    let says = |site: &TempDir, role: &str, sentence: &str| {
        for path in ["index.html", "groups/index.html", "threats/first/exposure/index.html"] {
            let page = read(site, &format!("{role}/{path}"));
            none.iter().for_each(|none| assert!(!page.contains(none), "{path}: {none}\n{page}"));
        }
        let dashboard = read(site, &format!("{role}/index.html"));
        assert!(dashboard.contains(&format!("Whether action is needed cannot be told: {sentence}.")), "{dashboard}");
        assert!(dashboard.contains(&format!("<p class=\"empty\">Not available: {sentence}.</p>")), "{dashboard}");
    };
    let bare = site();
    fs::remove_dir_all(bare.path().join("content/snapshots")).unwrap();
    let bare = built_with(bare, &["--as-of", "2026-11-16T06:00:00Z"]);
    says(&bare, "soc", "there is no snapshot of the device fleet");
    assert!(!read(&bare, "soc/index.html").contains("No device group of yours"));

    let devices_only = site();
    for table in ["alerts", "incidents", "vulnerabilities"] {
        fs::remove_file(devices_only.path().join(format!("content/snapshots/2/{table}.csv"))).unwrap();
    }
    let lacking = "the snapshot does not hold alerts, vulnerability findings or configuration assessments";
    says(&built(devices_only), "soc", lacking);

    let unseeing = site();
    let roles = format!("{CONFIGURATION}  closed: {{groups: [Closed], clearance: red}}\n");
    put(unseeing.path(), "threatpress.yaml", roles.as_bytes());
    let unseeing = built(unseeing);
    says(&unseeing, "closed", "your role sees no device");
    // It is known that a group without devices has none that is impacted or exposed.
    assert_eq!(lines(&unseeing, "closed/groups/groups.csv"), ["Closed,0,0,0"]);
    // Where some of it is known, what is missing is named beside "none".
    let apac = read(&unseeing, "apac/index.html");
    let sentence = "none of them needs action on what this snapshot holds. But the snapshot does not hold configuration assessments.";
    assert!(apac.contains(sentence), "{apac}");
}

/// Threats that need no work any more are not said to need it.
#[test]
fn the_dashboard_says_why_threats_reach_devices() {
    let site = built(site());
    let dashboard = read(&site, "soc/index.html");
    assert!(dashboard.contains("3 threats are tracked for you; 1 has active alerts."), "{dashboard}");
}

/// A page that shows a part of its devices shows the worst of them, and its markup says how many there are.
#[test]
fn a_cut_table_of_devices_shows_the_worst() {
    let site = site();
    put(site.path(), "threatpress.yaml", CONFIGURATION.replacen("roles:", "device_rows: 3\nroles:", 1).as_bytes());
    let front = FIRST.replace("[CVE-2025-53770]", "[CVE-2025-53770, CVE-2025-53771]");
    put(site.path(), "content/reports/first.md", front.as_bytes());
    let devices: String = ["a", "b", "c", "x", "y", "z"]
        .map(|id| format!("{id},{id},{},onboarded,active,2026-11-16\n", if id < "m" { "Early" } else { "Late" }))
        .concat();
    let devices = format!("device_id,name,device_group,onboarding,health,last_seen\n{devices}");
    put(site.path(), "content/snapshots/2/devices.csv", devices.as_bytes());
    let found = "a,1,low\nb,1,low\nc,1,low\nx,0,critical\ny,1,low\nz,1,low\n".replace(",1,", ",CVE-2025-53771,");
    let found = format!("device_id,cve_id,severity\n{}", found.replace(",0,", ",CVE-2025-53770,"));
    put(site.path(), "content/snapshots/2/vulnerabilities.csv", found.as_bytes());
    let alerts = "alert_id,title,status,created,device_id\n1,Found,new,2026-11-10,z\n2,Found,new,2026-11-10,y\n3,Found,new,2026-11-11,z\n";
    put(site.path(), "content/snapshots/2/alerts.csv", alerts.as_bytes());
    let site = built(site);
    let ids = |path: &str| -> Vec<String> {
        lines(&site, path).iter().map(|line| line.split(',').next().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(ids("soc/threats/first/exposure/devices-exposed.csv"), ["y", "z", "x", "a", "b", "c"]);
    assert_eq!(ids("soc/threats/first/assets/devices-impacted.csv"), ["z", "y"]);
    let page = read(&site, "soc/threats/first/exposure/index.html");
    let (_, table) = page.split_once("id=\"devices-exposed\"").expect("the table");
    let (table, _) = table.split_once("</table>").expect("its end");
    assert!(table.contains("<table data-rows=\"6\">"), "{table}");
    assert_eq!(table.matches("<th scope=\"row\"").count(), 3, "{table}");
    assert!(!read(&site, "soc/threats/first/assets/index.html").contains("data-rows"));
}

#[test]
fn incidents_and_alerts_are_told_apart_by_their_ids() {
    let site = built(site());
    let first = |path: &str| -> Vec<String> {
        lines(&site, path).iter().map(|line| line.split(',').take(2).collect::<Vec<_>>().join(" ")).collect()
    };
    assert_eq!(first("soc/threats/first/incidents/incidents.csv"), ["inc-2 J", "inc-1 I"]);
    assert_eq!(first("soc/threats/first/incidents/alerts.csv"), ["al-1 Found", "al-3 Found", "al-2 Found"]);
    let none = read(&site, "apac/threats/first/incidents/index.html");
    let sentence = "No alert on your devices is linked to this report. Looked at were your alerts from 2026-11-10 to \
                    2026-11-16; linked are those whose title the report names.";
    assert!(none.contains(sentence), "{none}");
    // The list that the dashboard leads to proves its count of active incidents.
    let threats = read(&site, "soc/threats/threats.csv");
    let (head, row) = threats.split_once("\r\n").expect("a heading");
    let at = |name| head.split(',').position(|column| column == name).expect("a column");
    let first = row.lines().find(|line| line.starts_with("First")).expect("a report");
    let cells: Vec<&str> = first.split(',').collect();
    assert_eq!((cells[at("Active incidents")], cells[at("On your devices")]), ("1", "Active alerts"));
}

/// An indicator that travels less far than its report leads to it, and is no result of its own.
#[test]
fn a_stricter_indicator_leads_to_its_report() {
    let site = site();
    let listed = "indicators:\n  - {type: domain, value: own.example}\n  - {type: domain, value: inner.example, tlp: red}\nactors";
    put(site.path(), "content/reports/first.md", FIRST.replacen("actors", listed, 1).as_bytes());
    let site = built(site);
    let held = |name: &str| read(&site, &format!("soc/search/ids/{name}.json"));
    assert!(held("ow").contains("\"indicators\":{\"own[.]example\":[0]},\"stricter\":{}"), "{}", held("ow"));
    assert!(held("in").contains("\"indicators\":{},\"stricter\":{\"inner[.]example\":[0]}"), "{}", held("in"));
    let why = "The report is TLP:GREEN. This page is TLP:RED, because of its indicators.";
    for (path, is_stricter) in [("analyst-report/", true), ("print/", true), ("", false)] {
        let page = read(&site, &format!("soc/threats/first/{path}index.html"));
        assert_eq!(page.contains(why), is_stricter, "{path}");
    }
}

#[test]
fn every_tile_leads_to_a_definition_that_is_there() {
    let site = built(site());
    let about = read(&site, "soc/about/index.html");
    let mut seen = 0;
    for page in ["index.html", "threats/first/index.html", "groups/emea/index.html", "actors/storm-2603/index.html"] {
        let html = read(&site, &format!("soc/{page}"));
        for part in html.split("class=\"define\" href=\"").skip(1) {
            let (address, _) = part.split_once('"').expect("an address");
            let (path, anchor) = address.split_once('#').expect("an anchor");
            assert!(path.ends_with("about/") && about.contains(&format!("id=\"{anchor}\"")), "{page}: {address}");
            seen += 1;
        }
    }
    assert!(seen >= 14, "{seen}");
}

/// A snapshot that holds nothing by which a report finds exposed devices tells of none, which is not zero.
#[test]
fn exposed_devices_are_not_zero_where_no_table_could_tell() {
    let site = built(site());
    let page = read(&site, "soc/threats/first/index.html");
    assert!(!page.contains("As many as on"), "the snapshot before had no findings: {page}");
    let burn_down = lines(&site, "soc/threats/first/burn-down.csv");
    assert_eq!(burn_down, ["2026-11-09T06:00:00Z,,", "2026-11-16T06:00:00Z,0,2"]);

    let without = self::site();
    put(without.path(), "content/reports/first.md", FIRST.replace("alerts: { titles: [Found] }\n", "").as_bytes());
    fs::remove_file(without.path().join("content/snapshots/2/vulnerabilities.csv")).unwrap();
    let without = built(without);
    let page = read(&without, "soc/threats/first/index.html");
    assert!(page.contains("Exposure is not known."), "{page}");
    assert!(page.contains("Not available: the snapshot does not hold the findings that this report tracks."), "{page}");
    let threats = read(&without, "soc/threats/threats.csv");
    let row = threats.lines().find(|line| line.starts_with("First,")).expect("a report");
    assert!(row.starts_with("First,,Activity,,,,,,,"), "{row}");
    let data: serde_json::Value =
        serde_json::from_str(&read(&without, "soc/threats/first/data.json")).expect("figures");
    assert_eq!(data["devices"]["exposed"], 0, "its states add up: {data}");
}

/// Of several spellings the first in the order of bytes stands on the page of a name, and on the fact cards of others.
#[test]
fn a_name_with_several_spellings_is_spelt_one_way() {
    let site = site();
    for (slug, published, malware) in [("fourth", "2026-11-12", "TWIN"), ("fifth", "2026-11-02", "Twin")] {
        let front =
            SECOND.replace("2026-11-12", published).replace("[T1003]", &format!("[T1003]\nmalware: [{malware}]"));
        let front = front.replace("techniques:", "actors: [Storm-1]\ntechniques:");
        put(site.path(), &format!("content/reports/{slug}.md"), front.as_bytes());
    }
    let site = built(site);
    let link = "malware/twin/\">TWIN</a>";
    assert!(read(&site, "soc/malware/index.html").contains(link));
    assert!(read(&site, "soc/actors/storm-1/index.html").contains(link));
}

/// The page of a technique tells of no sub-technique that only stricter reports name.
#[test]
fn a_technique_names_the_parts_that_its_label_allows() {
    let site = site();
    for (slug, tlp, id) in [("fourth", "amber", "T1003.001"), ("fifth", "red", "T1003.002")] {
        let front = SECOND.replace("tlp: amber", &format!("tlp: {tlp}")).replace("T1003", id);
        put(site.path(), &format!("content/reports/{slug}.md"), front.as_bytes());
    }
    let page = read(&built(site), "soc/techniques/T1003/index.html");
    assert!(page.contains("T1003.001") && !page.contains("T1003.002"), "{page}");
}

/// A finding without a severity is a finding.
#[test]
fn a_vulnerability_is_not_found_only_where_no_row_names_it() {
    let site = site();
    let rows = "device_id,cve_id,status\nd1,CVE-2025-53770,patched\n";
    put(site.path(), "content/snapshots/2/vulnerabilities.csv", rows.as_bytes());
    let site = built(site);
    let says = |role: &str| {
        read(&site, &format!("{role}/vulnerabilities/CVE-2025-53770/index.html"))
            .contains("It was not found in your inventory.")
    };
    assert_eq!((says("soc"), says("apac")), (false, true));
}

#[test]
fn one_day_of_silence_is_one_day() {
    let site = site();
    let days = CONFIGURATION.replacen("roles:", "freshness_days: 1\nroles:", 1);
    put(site.path(), "threatpress.yaml", days.as_bytes());
    let about = read(&built(site), "soc/about/index.html");
    assert!(about.contains("silent for more than 1 day before the snapshot") && !about.contains("1 days"), "{about}");
}
