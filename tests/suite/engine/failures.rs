//! What goes wrong between an engine and a build: one error at its place, and the last build untouched.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use arrow::array::{ArrayRef, BinaryArray, RecordBatch, StringArray};
use serde_json::Value;

use super::lake::{Lake, Manner, table};
use super::proxy::Proxy;
use super::sail::{free_port, shared};
use super::site::{SNAPSHOT, TABLES, are_equal, at, build, lake, of_engine, of_files, snapshot};
use crate::bad_input::{messages, put};
use crate::command::said;

/// The one error of a build, whose exit code it has to have; it stands in `snapshot.yaml`.
pub(super) fn one_error(site: &Path, environment: &[(&str, &str)], exit: i32) -> Value {
    let output = build(site, environment);
    assert_eq!(output.status.code(), Some(exit), "{}", said(&output));
    let mut errors: Vec<Value> = messages(&output).into_iter().filter(|told| told["severity"] == "error").collect();
    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert!(!site.join("output").exists(), "something was published");
    let error = errors.remove(0);
    assert_eq!(error["file"], SNAPSHOT, "{error}");
    assert!(error["line"].as_u64().is_some() && error["hint"].as_str().is_some(), "{error}");
    error
}

/// The line of an entry of `tables`.
fn line_of(table: &str) -> u64 {
    let text = snapshot(&at(1), |table| table.to_owned());
    text.lines().position(|line| line.starts_with(&format!("  {table}:"))).unwrap() as u64 + 1
}

fn has(error: &Value, code: &str, line: u64, words: &[&str]) {
    assert_eq!((error["code"].as_str(), error["line"].as_u64()), (Some(code), Some(line)), "{error}");
    let said = format!("{} {}", error["message"].as_str().unwrap(), error["hint"].as_str().unwrap());
    for word in words {
        assert!(said.contains(word), "`{word}` is not in {error}");
    }
}

#[test]
fn an_engine_that_is_not_there_is_told() {
    let port = free_port();
    let error = one_error(of_engine(&at(port)).path(), &[], 4);
    has(&error, "TP0432", 2, &["no connection", &port.to_string(), "refused"]);
    let error = one_error(of_engine("flight_sql: \"grpc://engine.invalid:32010\"").path(), &[], 4);
    has(&error, "TP0432", 2, &["no connection", "engine.invalid"]);
}

/// One that is started again takes a moment.
#[test]
fn an_engine_that_refuses_the_connection_is_asked_again() {
    let lake = lake(Manner::default());
    let (port, behind) = (free_port(), lake.port);
    let site = of_engine(&at(port));
    let begun = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(500));
        Proxy::on(port, behind, 0, 0)
    });
    let output = build(site.path(), &[]);
    begun.join().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[test]
fn a_missing_table_and_a_missing_column_are_told() {
    let without: Vec<(&str, &str)> = TABLES.into_iter().filter(|(name, _)| *name != "software").collect();
    let lake = Lake::start(&without, Manner::default());
    let error = one_error(of_engine(&at(lake.port)).path(), &[], 1);
    has(&error, "TP0434", line_of("software"), &["`software`", "no table software"]);
    let renamed = TABLES.map(|(name, text)| match name {
        "vulnerabilities" => (name, text.replacen("cve_id", "cve_ids", 1)),
        _ => (name, text.to_owned()),
    });
    let renamed: Vec<(&str, &str)> = renamed.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let lake = Lake::start(&renamed, Manner::default());
    let error = one_error(of_engine(&at(lake.port)).path(), &[], 1);
    has(&error, "TP0403", line_of("vulnerabilities"), &["`cve_id`", "cve_ids"]);
    if let Some(port) = shared() {
        let site = of_engine(&at(port));
        let error = one_error(site.path(), &[], 1);
        has(&error, "TP0434", line_of("devices"), &["devices", "not found"]);
        put(
            site.path(),
            SNAPSHOT,
            snapshot(&at(port), |_| "SELECT 'd1' AS device_id, 'one' AS name".to_owned()).as_bytes(),
        );
        has(&one_error(site.path(), &[], 1), "TP0403", line_of("devices"), &["`device_group`"]);
        put(site.path(), SNAPSHOT, snapshot(&at(port), |_| "SELECT FROM nowhere AND".to_owned()).as_bytes());
        has(&one_error(site.path(), &[], 1), "TP0434", line_of("devices"), &["parse error"]);
    }
}

#[test]
fn lists_in_a_column_are_told() {
    let lake = lake(Manner { nested: Some("update_id"), ..Manner::default() });
    let error = one_error(of_engine(&at(lake.port)).path(), &[], 1);
    has(&error, "TP0437", line_of("vulnerabilities"), &["`update_id`", "lists"]);
}

/// Whoever sends learns that nobody reads any more, however much is still to come.
#[test]
fn what_cannot_be_read_ends_the_asking() {
    const ROWS: usize = 64;
    let mut tables: BTreeMap<String, RecordBatch> =
        TABLES.iter().map(|(name, text)| ((*name).to_owned(), table(text, None))).collect();
    let ids: ArrayRef = Arc::new((0..ROWS).map(|at| Some(format!("d{at}"))).collect::<StringArray>());
    let names: ArrayRef = Arc::new(BinaryArray::from_iter_values([b"\xff"; ROWS]));
    let devices = [("device_id", ids.clone()), ("name", names), ("device_group", ids)];
    tables.insert("devices".to_owned(), RecordBatch::try_from_iter(devices).unwrap());
    let lake = Lake::of(tables, Manner { parts: ROWS, ..Manner::default() });
    let site = of_engine(&at(lake.port));
    let (sender, told) = mpsc::channel();
    std::thread::spawn(move || sender.send(one_error(site.path(), &[], 4)));
    let error = told.recv_timeout(Duration::from_secs(120)).expect("the build neither ends nor fails");
    has(&error, "TP0436", line_of("devices"), &["`devices`", "UTF-8"]);
}

#[test]
fn another_number_of_rows_than_promised_is_told() {
    let lake = lake(Manner { too_many: Some(1), parts: 2, ..Manner::default() });
    let error = one_error(of_engine(&at(lake.port)).path(), &[], 4);
    has(&error, "TP0436", line_of("devices"), &["promised 7", "sent 6"]);
}

#[test]
fn an_engine_that_falls_silent_is_given_up() {
    let lake = lake(Manner { falls_silent: true, ..Manner::default() });
    let site = of_engine(&format!("{}, timeout_seconds: 1", at(lake.port)));
    has(&one_error(site.path(), &[], 4), "TP0435", line_of("devices"), &["for 1 s", "timeout_seconds"]);
}

#[test]
fn a_connection_that_is_cut_every_time_is_told() {
    let lake = lake(Manner { parts: 2, ..Manner::default() });
    let proxy = Proxy::start(lake.port, usize::MAX, 600);
    let error = one_error(of_engine(&at(proxy.port)).path(), &[], 4);
    has(&error, "TP0435", line_of("devices"), &["lost", "nothing of it was used"]);
}

#[test]
fn parts_at_places_that_cannot_be_asked_are_told() {
    for places in [vec!["https://127.0.0.1:1/x".to_owned()], vec!["grpc+tls://127.0.0.1:1".to_owned()]] {
        let lake = lake(Manner { places, ..Manner::default() });
        let error = one_error(of_engine(&at(lake.port)).path(), &[], 4);
        has(&error, "TP0436", line_of("devices"), &["a part of it is at"]);
    }
    let lake = lake(Manner { places: vec![format!("grpc://127.0.0.1:{}", free_port())], ..Manner::default() });
    let error = one_error(of_engine(&at(lake.port)).path(), &[], 4);
    has(&error, "TP0435", line_of("devices"), &["127.0.0.1"]);
}

#[test]
fn parts_are_read_wherever_they_are() {
    let other = lake(Manner::default());
    let places = vec![
        format!("grpc://127.0.0.1:{}", free_port()),
        "grpc+tls://127.0.0.1:1".to_owned(),
        format!("grpc://127.0.0.1:{}", other.port),
        "arrow-flight-reuse-connection://?".to_owned(),
    ];
    let lake = lake(Manner { places, ..Manner::default() });
    let site = of_engine(&at(lake.port));
    let output = build(site.path(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[test]
fn small_answers_are_had_at_the_next_place_too() {
    let other = lake(Manner::default());
    let proxy = Proxy::start(other.port, usize::MAX, 600);
    let places = [proxy.port, other.port].map(|port| format!("grpc://127.0.0.1:{port}")).to_vec();
    let lake = lake(Manner { places, ..Manner::default() });
    let site = of_engine(&at(lake.port));
    let output = build(site.path(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

/// However many of them come, they are not the end.
#[test]
fn batches_without_a_row_end_nothing() {
    let lake = lake(Manner { empty_batches: 40_000, ..Manner::default() });
    let (site, files) = (of_engine(&at(lake.port)), of_files());
    for site in [&site, &files] {
        let output = build(site.path(), &[]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    }
    are_equal(site.path(), files.path());
}

#[test]
fn columns_that_were_not_asked_for_are_told() {
    let lake = lake(Manner { turns_columns: true, ..Manner::default() });
    let error = one_error(of_engine(&at(lake.port)).path(), &[], 4);
    has(&error, "TP0436", line_of("devices"), &["a column `", "`device_id` was asked for"]);
}

/// It takes the connection, and never speaks of TLS.
#[test]
fn a_host_that_says_nothing_of_tls_is_given_up() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let site = of_engine(&format!("flight_sql: \"grpc+tls://127.0.0.1:{port}\""));
    let (sender, told) = mpsc::channel();
    std::thread::spawn(move || sender.send(one_error(site.path(), &[], 4)));
    let error = told.recv_timeout(Duration::from_secs(60)).expect("the build does not end");
    has(&error, "TP0432", 2, &["no connection", "said nothing for 10 s"]);
}

/// A check asks for more columns than figures do.
#[test]
fn a_check_leaves_out_what_it_cannot_read() {
    let lake = lake(Manner { refuses_column: Some("cvss"), ..Manner::default() });
    let site = of_engine(&at(lake.port));
    let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
    let directory = site.path().join("content/snapshots/1");
    let output = command.args(["snapshot", "check", "--format", "json"]).arg(directory).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let errors: Vec<Value> = messages(&output).into_iter().filter(|told| told["severity"] == "error").collect();
    assert_eq!(errors.len(), 1, "{errors:#?}");
    has(&errors[0], "TP0434", line_of("vulnerabilities"), &["`cvss`"]);
    let tables = String::from_utf8(output.stdout).unwrap();
    assert!(tables.contains("\"devices\"") && !tables.contains("\"table\":\"vulnerabilities\""), "{tables}");
}

/// What is wrong in `snapshot.yaml` itself is told before anybody is asked.
#[test]
fn mistakes_in_the_keys_are_told() {
    const DEVICES: &str = "tables: {devices: d}";
    for (keys, code, words) in [
        ("engine: {flight_sql: \"http://e:1\"}\n", "TP0430", "scheme"),
        ("engine: {flight_sql: \"grpc://e\"}\n", "TP0430", "port"),
        ("engine: {flight_sql: e}\n", "TP0430", "grpc://host:port"),
        ("engine: {}\n", "TP0006", "flight_sql"),
        ("engine: {flight_sqll: \"grpc://e:1\", flight_sql: \"grpc://e:1\"}\n", "TP0005", "flight_sql"),
        ("engine: {flight_sql: \"grpc://e:1\", timeout_seconds: 0}\n", "TP0008", "whole number"),
        ("engine: {flight_sql: \"grpc://e:1\", ca: a.pem}\n", "TP0430", "a.pem"),
        ("engine: {flight_sql: \"grpc+tls://e:1\", ca: ../a.pem}\n", "TP0430", "beside snapshot.yaml"),
        ("engine: {flight_sql: \"grpc+tls://e:1\", ca: snapshot.yaml}\n", "TP0430", "PEM"),
    ] {
        let site = super::site::bare();
        put(site.path(), SNAPSHOT, format!("as_of: 2026-11-16\n{keys}{DEVICES}\n").as_bytes());
        let error = one_error(site.path(), &[], 1);
        assert_eq!(error["code"], code, "{keys}: {error}");
        assert!(error.to_string().contains(words), "{keys}: {error}");
    }
    for (rest, code, words) in [
        ("engine: {flight_sql: \"grpc://e:1\"}\n", "TP0430", "tables"),
        ("tables: {devices: d}\n", "TP0430", "engine"),
        (
            "engine: {flight_sql: \"grpc://e:1\"}\ntables: {devices: d, vulnerabilites: v}\n",
            "TP0005",
            "`vulnerabilities`",
        ),
        ("engine: {flight_sql: \"grpc://e:1\"}\ntables: {alerts: a}\n", "TP0006", "devices"),
        ("engine: {flight_sql: \"grpc://e:1\"}\ntables: {devices: d, alerts: }\n", "TP0006", "alerts"),
    ] {
        let site = super::site::bare();
        put(site.path(), SNAPSHOT, format!("as_of: 2026-11-16\n{rest}").as_bytes());
        let error = one_error(site.path(), &[], 1);
        assert_eq!(error["code"], code, "{rest}: {error}");
        assert!(error.to_string().contains(words), "{rest}: {error}");
    }
    let site = of_engine(&at(1));
    put(site.path(), "content/snapshots/1/alerts.csv", b"alert_id\n");
    let error = one_error(site.path(), &[], 1);
    assert!(error["code"] == "TP0430" && error.to_string().contains("alerts.csv"), "{error}");
}
