//! Tables of other programs that an engine holds: a profile gives of them what it gives of files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use serde_json::Value;
use tempfile::TempDir;

use super::failures::one_error;
use super::lake::{Lake, Manner};
use super::preview::{preview_of, shows};
use super::proxy::Proxy;
use super::sail::shared;
use super::site::{SNAPSHOT, at, build, run};
use crate::arrow::{Times, batch, rows, write};
use crate::bad_input::{messages, put};
use crate::bench::home;
use crate::command::said;
use crate::profiles::hunting::hunting;
use crate::profiles::ocsf::{apart, together};
use crate::profiles::{Built, builds, built, same, site_of};

/// The tables that files are, by the names of these.
fn tables(files: &[(&str, &str)], times: Times) -> BTreeMap<String, RecordBatch> {
    let stem = |name: &str| name.split(['.', '/']).next().unwrap().to_owned();
    files.iter().map(|(name, text)| (stem(name), batch(&rows(text), times))).collect()
}

/// The same with every row twice.
fn twice(tables: BTreeMap<String, RecordBatch>) -> BTreeMap<String, RecordBatch> {
    let twice = |rows: RecordBatch| concat_batches(&rows.schema(), [&rows, &rows]).unwrap();
    tables.into_iter().map(|(name, rows)| (name, twice(rows))).collect()
}

/// A site whose tables, of which these are the names, are asked for by what `entry` says.
fn of_engine<'a>(
    source: &str,
    port: u16,
    names: impl IntoIterator<Item = &'a String>,
    entry: impl Fn(&str) -> String,
) -> TempDir {
    let site = site_of(source, &[]);
    let tables: String = names.into_iter().map(|name| format!("  {name}: {:?}\n", entry(name))).collect();
    let head = format!("as_of: 2026-11-16T06:00:00Z\nsource: {source}\nengine: {{ {} }}\ntables:\n{tables}", at(port));
    put(site.path(), SNAPSHOT, head.as_bytes());
    site
}

fn built_of(site: &Path) -> Built {
    let output = build(site, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    Built { files: builds(site), said: messages(&output) }
}

/// The same fleet in the forms that profiles read.
fn forms() -> Vec<(&'static str, Vec<(&'static str, String)>)> {
    let hunting = hunting().into_iter().map(|(name, text)| (name, text.to_owned())).collect();
    vec![("defender-hunting", hunting), ("ocsf", together()), ("ocsf", apart())]
}

/// The builds of a site whose tables a lake holds, and Sail where there is one.
fn held(source: &str, tables: &BTreeMap<String, RecordBatch>) -> Vec<Built> {
    let lake = Lake::of(tables.clone(), Manner { parts: 2, ..Manner::default() });
    let mut all = vec![built_of(of_engine(source, lake.port, tables.keys(), str::to_owned).path())];
    if let Some(port) = shared() {
        let files = home();
        let file = |name: &str| files.path().join(format!("{name}.parquet"));
        tables.iter().for_each(|(name, rows)| write(rows, &file(name)));
        // A query is as good as a name.
        let entry = |name: &str| match name.len() % 2 {
            0 => format!("parquet.`{}`", file(name).display()),
            _ => format!("SELECT * FROM parquet.`{}`;", file(name).display()),
        };
        all.push(built_of(of_engine(source, port, tables.keys(), entry).path()));
    }
    all
}

#[test]
fn an_engine_gives_the_build_that_files_give() {
    for (source, files) in forms() {
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let of_files = built(source, &files);
        assert!(of_files.said.is_empty(), "{:?}", of_files.said);
        for tables in [tables(&files, Times::Given), twice(tables(&files, Times::Typed))] {
            for of_engine in held(source, &tables) {
                same(&of_files, &of_engine);
                assert!(of_engine.said.is_empty(), "{:?}", of_engine.said);
            }
        }
    }
}

/// A table of the source is called as one of the contract, whose rules are not its own.
const OWN: &str = "\
devices:
  from: software
  columns: { device_id: host, name: host, device_group: team, last_seen: seen }
vulnerabilities:
  from: [vulnerabilities, more_vulnerabilities]
  newest: { by: [host, cve_id], of: at }
  columns: { device_id: host, cve_id: cve_id, status: state, update_id: update_id }
";
const OWN_FILES: [(&str, &str); 3] = [
    (
        "software.csv",
        "host,team,unit,seen,colour\nd1,EMEA,Lab,2026-11-16T05:00:00Z,red\nd2,EMEA,Lab,2026-11-16T05:00:00Z,\n",
    ),
    (
        "vulnerabilities.csv",
        "host,cve_id,state,update_id,at,colour\nd1,CVE-2025-53770,exposed,KB1,2026-11-14T00:00:00Z,red\n\
         d1,CVE-2025-53770,patched,KB1,2026-11-15T00:00:00Z,\nd2,CVE-2020-0001,exposed,KB1,2026-11-15T00:00:00Z,\n",
    ),
    ("more_vulnerabilities.csv", "host,cve_id,state,update_id,at\nd2,CVE-2025-53770,exposed,,2026-11-15T00:00:00Z\n"),
];

fn with_own(site: TempDir) -> TempDir {
    put(site.path(), "content/own.yaml", OWN.as_bytes());
    site
}

#[test]
fn raw_tables_are_asked_for_the_columns_that_are_read_by_no_rule_of_the_contracts() {
    let of_files = built_of(with_own(site_of("content/own.yaml", &OWN_FILES)).path());
    assert_eq!(of_files.figure("soc", "/vulnerability/devices/exposed"), 1);
    let tables = tables(&OWN_FILES, Times::Given);
    let lake = Lake::of(tables.clone(), Manner::default());
    let of_engine = built_of(with_own(of_engine("content/own.yaml", lake.port, tables.keys(), str::to_owned)).path());
    same(&of_files, &of_engine);
    let asked = lake.asked();
    let of_rows = |table: &str| {
        let end = format!(" FROM {table}");
        asked.iter().filter(|query| query.ends_with(&end)).map(String::as_str).collect::<Vec<_>>()
    };
    for table in ["vulnerabilities", "more_vulnerabilities", "software"] {
        assert!(!of_rows(table).is_empty(), "{asked:#?}");
    }
    // What is compared is asked for first, and then the rows.
    let ranks = "SELECT `host`, `cve_id`, `at` FROM vulnerabilities";
    let rows = "SELECT `host`, `cve_id`, `at`, `state`, `update_id` FROM vulnerabilities";
    assert_eq!(of_rows("vulnerabilities"), [ranks, rows]);
    assert!(asked.iter().all(|query| !query.contains("colour") && !query.contains(" IN (")), "{asked:#?}");
}

/// What a preview has read of an engine is kept, and of no use once the profile is another.
#[test]
fn a_preview_asks_again_when_the_profile_says_something_else() {
    let tables = tables(&OWN_FILES, Times::Given);
    let lake = Lake::of(tables.clone(), Manner::default());
    let site = with_own(of_engine("content/own.yaml", lake.port, tables.keys(), str::to_owned));
    let preview = preview_of(site.path());
    shows(&preview, "/soc/groups/", "EMEA");
    assert!(!String::from_utf8_lossy(&preview.get("/soc/groups/").body).contains("Lab"));
    let first = lake.asked().len();
    put(
        &preview.site,
        "content/reports/more.md",
        b"---\ntitle: More\ntype: osint\nsummary: S\npublished: 2026-11-02\ntlp: clear\n---\n",
    );
    shows(&preview, "/soc/threats/", "More");
    assert_eq!(lake.asked().len(), first, "the engine was asked again");
    put(&preview.site, "content/own.yaml", OWN.replace("team", "unit").as_bytes());
    shows(&preview, "/soc/groups/", "Lab");
    assert!(lake.asked().len() > first);
}

#[test]
fn of_rows_that_repeat_in_what_is_read_each_is_asked_for_once() {
    let asked = |source: &str, files: &[(&str, &str)]| {
        let tables = tables(files, Times::Given);
        let lake = Lake::of(tables.clone(), Manner::default());
        built_of(of_engine(source, lake.port, tables.keys(), str::to_owned).path());
        lake.asked()
    };
    let of_hunting = asked("defender-hunting", &hunting());
    for query in [
        "SELECT DISTINCT `DeviceId`, `MergedToDeviceId` FROM DeviceInfo",
        "SELECT DISTINCT `DeviceId`, `SoftwareVendor`, `SoftwareName` FROM DeviceTvmSoftwareInventory",
    ] {
        assert!(of_hunting.iter().any(|asked| asked == query), "{query} is not in {of_hunting:#?}");
    }
    // Of those that compete, what decides is different in nearly every row.
    let mut of_evidence = of_hunting.iter().filter(|asked| asked.ends_with(" FROM AlertEvidence"));
    assert!(
        of_evidence.clone().count() == 2 && of_evidence.all(|asked| !asked.contains("DISTINCT")),
        "{of_hunting:#?}"
    );
    let files = together();
    let of_events = asked("ocsf", &[(files[0].0, &files[0].1)]);
    let distinct: BTreeSet<&String> = of_events.iter().filter(|query| query.contains("DISTINCT")).collect();
    let wanted = "SELECT DISTINCT `class_uid` FROM events".to_owned();
    assert_eq!(distinct, BTreeSet::from([&wanted]), "{of_events:#?}");
}

/// The place of a text in the file that names the engine.
fn line_of(site: &Path, text: &str) -> u64 {
    let head = std::fs::read_to_string(site.join(SNAPSHOT)).unwrap();
    head.lines().position(|line| line.contains(text)).unwrap() as u64 + 1
}

fn has(site: &Path, error: &Value, code: &str, at: &str, words: &[&str]) {
    assert_eq!((error["code"].as_str(), error["line"].as_u64()), (Some(code), Some(line_of(site, at))), "{error}");
    let said = format!("{} {}", error["message"].as_str().unwrap(), error["hint"].as_str().unwrap());
    words.iter().for_each(|word| assert!(said.contains(word), "`{word}` is not in {error}"));
}

#[test]
fn what_an_engine_lacks_is_told_once() {
    let all = tables(&hunting(), Times::Given);
    for lacking in ["DeviceInfo", "devicetvmsoftwarevulnerabilities", "alerts"] {
        let mut tables = all.clone();
        tables.remove(lacking);
        let lake = Lake::of(tables, Manner::default());
        let site = of_engine("defender-hunting", lake.port, all.keys(), str::to_owned);
        let error = one_error(site.path(), &[], 1);
        has(
            site.path(),
            &error,
            "TP0434",
            &format!("  {lacking}:"),
            &["does not answer for", &format!("no table {lacking}")],
        );
    }
}

#[test]
fn columns_of_another_kind_are_told_once() {
    let mut tables = tables(&hunting(), Times::Given);
    let of_rows = tables["AlertInfo"].clone();
    let bytes = arrow::array::FixedSizeBinaryArray::try_from_iter((0..of_rows.num_rows()).map(|_| [0_u8; 16])).unwrap();
    let inner = arrow::datatypes::Field::new("raw", arrow::datatypes::DataType::FixedSizeBinary(16), true);
    let inside = arrow::array::StructArray::new(vec![inner].into(), vec![std::sync::Arc::new(bytes.clone())], None);
    let columns: [(arrow::array::ArrayRef, &str); 2] = [
        (std::sync::Arc::new(bytes), "`Title` has values of the type FixedSizeBinary(16)"),
        (std::sync::Arc::new(inside), "`Title.raw` has values of the type FixedSizeBinary(16)"),
    ];
    for (column, message) in columns {
        let others = of_rows.schema();
        let replaced = others.fields().iter().zip(of_rows.columns()).map(|(field, known)| {
            (field.name().clone(), if field.name() == "Title" { column.clone() } else { known.clone() })
        });
        tables.insert("AlertInfo".to_owned(), RecordBatch::try_from_iter(replaced).unwrap());
        let lake = Lake::of(tables.clone(), Manner::default());
        let site = of_engine("defender-hunting", lake.port, tables.keys(), str::to_owned);
        has(site.path(), &one_error(site.path(), &[], 1), "TP0437", "  AlertInfo:", &[message, "plain value"]);
        let file = site_of("defender-hunting", &hunting());
        std::fs::remove_file(file.path().join("content/snapshots/1/AlertInfo.csv")).unwrap();
        write(&tables["AlertInfo"], &file.path().join("content/snapshots/1/AlertInfo.parquet"));
        let output = build(file.path(), &[]);
        let told: Vec<Value> = messages(&output).into_iter().filter(|told| told["severity"] == "error").collect();
        assert_eq!((output.status.code(), told.len()), (Some(1), 1), "{told:?}");
        assert!(told[0]["message"].as_str().unwrap().contains(message), "{told:?}");
    }
}

#[test]
fn a_column_that_is_missing_is_told_once() {
    let text = "Timestamp,DeviceId,DeviceName,MachineGroup\n2026-11-16T05:00:00Z,d1,web-01,EMEA\n";
    let mut tables = tables(&hunting(), Times::Given);
    tables.insert("DeviceInfo".to_owned(), batch(&rows(text), Times::Given));
    let lake = Lake::of(tables.clone(), Manner::default());
    let site = of_engine("defender-hunting", lake.port, tables.keys(), str::to_owned);
    has(site.path(), &one_error(site.path(), &[], 1), "TP0403", "  DeviceInfo:", &["`OSPlatform` is missing"]);
}

#[test]
fn names_that_no_profile_has_are_told() {
    const ENGINE: &str = "engine: {flight_sql: \"grpc://e:1\"}\n";
    for (rest, code, words) in [
        ("source: defender-hunting\ntables: {DeviceInf: d}\n", "TP0005", "did you mean `DeviceInfo`?"),
        ("source: defender-hunting\ntables: {devices: d}\n", "TP0005", "known here: AlertEvidence, AlertInfo"),
        ("source: ocsf\ntables: {events: e, event: x}\n", "TP0005", "did you mean `events`?"),
        ("source: ocsf\ntables: {alerts: a}\n", "TP0006", "add `events:` or `inventory_info:`"),
        ("source: ocsf\ntables: {events: e, Events: x}\n", "TP0430", "named twice"),
        ("source: ocsf\ntables: {events: }\n", "TP0006", "`events` is empty"),
        ("source: ocfs\ntables: {nonsense: e}\n", "TP0421", "did you mean `ocsf`?"),
        ("tables: {devices: d, DeviceInfo: e}\n", "TP0005", "known here"),
    ] {
        let site = site_of("native", &[]);
        put(site.path(), SNAPSHOT, format!("as_of: 2026-11-16\n{ENGINE}{rest}").as_bytes());
        let output = build(site.path(), &[]);
        let told = messages(&output);
        assert_eq!(output.status.code(), Some(1), "{rest}: {told:?}");
        let error = told.iter().find(|told| told["code"] == code).unwrap_or_else(|| panic!("{rest}: {told:?}"));
        assert!(error["line"].as_u64().is_some() && error.to_string().contains(words), "{rest}: {error}");
    }
    let site = site_of("ocsf", &[("Events/a.json", "[]")]);
    put(site.path(), SNAPSHOT, format!("as_of: 2026-11-16\nsource: ocsf\n{ENGINE}tables: {{events: e}}\n").as_bytes());
    let error = one_error(site.path(), &[], 1);
    assert!(error["code"] == "TP0430" && error.to_string().contains("Events/a.json"), "{error}");
}

/// A spelling that files may have, a table may have as well.
#[test]
fn names_are_compared_as_those_of_files_are() {
    let files = hunting();
    let of_files = built("defender-hunting", &files);
    let tables = tables(&files, Times::Given);
    let lake = Lake::of(tables.clone(), Manner::default());
    let folded: BTreeMap<String, &String> = tables.keys().map(|name| (name.to_uppercase(), name)).collect();
    let entry = |name: &str| folded[name].clone();
    same(&of_files, &built_of(of_engine("defender-hunting", lake.port, folded.keys(), entry).path()));
}

#[test]
fn a_table_that_is_not_named_is_absent() {
    let mut tables = tables(&hunting(), Times::Given);
    for absent in ["devicetvmsoftwarevulnerabilities", "incidents", "AlertInfo"] {
        tables.remove(absent);
    }
    let lake = Lake::of(tables.clone(), Manner::default());
    let built = built_of(of_engine("defender-hunting", lake.port, tables.keys(), str::to_owned).path());
    for absent in ["/vulnerability", "/alerts", "/incidents"] {
        assert!(built.figure("soc", absent).is_null(), "{absent}");
    }
    // Of a class without events nothing is known, though its table is there.
    let inventory: Vec<Value> = rows(&together()[0].1).into_iter().filter(|event| event["class_uid"] == 5001).collect();
    let lake = Lake::of([("events".to_owned(), batch(&inventory, Times::Given))].into(), Manner::default());
    let built = built_of(of_engine("ocsf", lake.port, [&"events".to_owned()], str::to_owned).path());
    assert_eq!(built.figure("soc", "/devices/total"), 3);
    assert!(built.figure("soc", "/vulnerability").is_null());
}

#[test]
fn a_connection_that_is_cut_changes_no_figure() {
    let files = together();
    let files = [(files[0].0, files[0].1.as_str())];
    let (of_files, tables) = (built("ocsf", &files), tables(&files, Times::Given));
    let lake = Lake::of(tables.clone(), Manner { parts: 2, ..Manner::default() });
    for after in [10, 3_000, 6_000, 12_000] {
        let proxy = Proxy::start(lake.port, 1, after);
        let site = of_engine("ocsf", proxy.port, tables.keys(), str::to_owned);
        same(&of_files, &built_of(site.path()));
        assert_eq!(proxy.cuts_left(), 0, "nothing was cut after {after} bytes");
    }
    let proxy = Proxy::start(lake.port, usize::MAX, 3_000);
    let site = of_engine("ocsf", proxy.port, tables.keys(), str::to_owned);
    has(site.path(), &one_error(site.path(), &[], 4), "TP0435", "  events:", &["`events`", "nothing of it was used"]);
}

#[test]
fn what_is_understood_of_an_engine_is_told_table_by_table() {
    let mut tables = tables(&hunting(), Times::Given);
    let info = tables["DeviceInfo"].clone();
    let columns = info.schema().fields().iter().map(|field| field.name().clone()).collect::<Vec<_>>();
    let columns = columns.into_iter().zip(info.columns().iter().cloned());
    let coloured = columns.chain([("Colour".to_owned(), info.column(0).clone())]);
    tables.insert("DeviceInfo".to_owned(), RecordBatch::try_from_iter(coloured).unwrap());
    let lake = Lake::of(tables.clone(), Manner::default());
    let site = of_engine("defender-hunting", lake.port, tables.keys(), str::to_owned);
    let snapshot = site.path().join("content/snapshots/1");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_threatpress"));
    let output = command.args(["snapshot", "check", "--format", "json"]).arg(&snapshot).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let lines = String::from_utf8(output.stdout.clone()).unwrap();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["source"], "defender-hunting");
    let devices = lines.iter().find(|line| line["table"] == "devices").unwrap();
    assert_eq!((devices["rows"].as_u64(), devices["distinct"]["device_group"].as_u64()), (Some(4), Some(3)));
    let file = devices["files"][0].as_str().unwrap();
    assert!(file.ends_with("content/snapshots/1/snapshot.yaml#DeviceInfo"), "{devices}");
    let told = messages(&output);
    let ignored: Vec<&Value> = told.iter().filter(|told| told["code"] == "TP0404").collect();
    assert_eq!(ignored.len(), 1, "{told:?}");
    assert_eq!(ignored[0]["message"], "columns of `DeviceInfo` that nothing reads: `Colour`");
    assert!(ignored[0]["file"].as_str().unwrap().ends_with("snapshot.yaml#DeviceInfo"), "{ignored:?}");
}

#[test]
fn a_slice_of_an_engine_is_proved_and_audited() {
    for (source, files) in forms() {
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let tables = tables(&files, Times::Given);
        let lake = Lake::of(tables.clone(), Manner::default());
        let site = of_engine(source, lake.port, tables.keys(), str::to_owned);
        built_of(site.path());
        let proved = run(site.path(), "prove", &[], &[]);
        assert_eq!(proved.status.code(), Some(0), "{}", said(&proved));
        let out = site.path().join("output/emea");
        let audited = run(site.path(), "audit", &[out.to_str().unwrap(), "--role", "emea"], &[]);
        assert_eq!(audited.status.code(), Some(0), "{}", said(&audited));
    }
}
