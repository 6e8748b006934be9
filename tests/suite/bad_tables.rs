//! Tables as they come from broken exports, cut transfers and attackers.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::bad_input::{DEVICES, build, messages, put, refused, site, tree};

fn table(name: &str) -> String {
    format!("content/snapshots/1/{name}")
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A file that cannot be used at all stops the build of every role.
#[test]
fn a_file_that_is_damaged_stops_the_build() {
    let alerts = "alert_id,title,status,created\n";
    let cases: [(&str, Vec<u8>, &str, &str); 18] = [
        ("alerts.csv", Vec::new(), "TP0402", "empty"),
        ("alerts.csv.gz", Vec::new(), "TP0402", "empty"),
        ("alerts.json", Vec::new(), "TP0402", "empty"),
        ("alerts.parquet", Vec::new(), "TP0402", ""),
        ("alerts.csv", b"\n".to_vec(), "TP0402", "no first line"),
        ("alerts.csv", format!("{alerts}1,a\u{0}b,new,2026-11-01\n").into_bytes(), "TP0402", "NUL"),
        ("alerts.csv", utf16(alerts), "TP0002", "UTF-16"),
        ("alerts.csv", b"alert_id,title,title,status,created\n".to_vec(), "TP0402", "`title`"),
        ("alerts.csv", b"<!DOCTYPE html><title>Sign in</title>".to_vec(), "TP0402", "web page"),
        ("alerts.csv", b"PK\x03\x04".to_vec(), "TP0402", "Excel"),
        ("alerts.ndjson", b"[{\"alert_id\": 1}]".to_vec(), "TP0402", "array"),
        ("alerts.ndjson", alerts.as_bytes().to_vec(), "TP0402", "no line of it is a JSON object"),
        ("alerts.json", b"{\"alert_id\": 1}".to_vec(), "TP0402", "object"),
        ("alerts.json", b"[{\"alert_id\": 1}] x".to_vec(), "TP0402", ""),
        ("alerts.csv.gz", [gz(alerts.as_bytes()), b"trailing".to_vec()].concat(), "TP0402", "breaks off"),
        ("alerts.csv.gz", gz(&gz(alerts.as_bytes())), "TP0402", "gzip"),
        ("alerts.csv.zst", gz(alerts.as_bytes()), "TP0402", "gzip"),
        ("alerts/part.xlsx", b"PK\x03\x04".to_vec(), "TP0402", "no form"),
    ];
    for (name, bytes, code, message) in cases {
        let path = table(name);
        refused(&path, &bytes, code, (&path, None), message);
    }
}

/// What keeps a text from being read on is shown where it stands, and a long line is not shown whole.
#[test]
fn where_a_file_is_damaged_is_shown() {
    let csv = "alert_id,title,status,created\n1,";
    let open = format!("{csv}\"a,new,2026-11-01\n2,b,new,2026-11-01\n");
    let long = format!("[\n{{\"title\": \"{}\", \"alert_id\": tru}}]", "é".repeat(2_000_000));
    type Case<'a> = (&'a str, Vec<u8>, &'a str, (u64, u64), &'a str);
    let cases: [Case<'_>; 6] = [
        ("alerts.csv", [csv.as_bytes(), b"Caf\xe9,new,2026-11-01\n"].concat(), "TP0002", (2, 6), "1,Caf"),
        ("alerts.csv", open.clone().into_bytes(), "TP0402", (2, 3), "1,\"a,new,2026-11-01"),
        ("alerts.csv.gz", gz(open.as_bytes()), "TP0402", (2, 3), "1,\"a,new,2026-11-01"),
        ("alerts.json", b"[{\"alert_id\": 1}\n".to_vec(), "TP0402", (1, 17), "[{\"alert_id\": 1}"),
        ("alerts.json", b"[{\"alert_id\": 1},\n {\"title\" 2}]".to_vec(), "TP0402", (2, 11), "{\"title\" 2}]"),
        ("alerts.json", long.into_bytes(), "TP0402", (2, 2_000_030), "é\", \"alert_id\": tru}]"),
    ];
    for (name, bytes, code, (line, column), excerpt) in cases {
        let path = table(name);
        refused(&path, &bytes, code, (&path, Some(line)), "");
        let site = site();
        put(site.path(), &path, &bytes);
        assert_eq!(messages(&build(site.path(), &[]))[0]["column"], column, "{name}");
        let output = build_as_text(site.path());
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains(&format!("{path}:{line}:{column}")) && told.contains(excerpt), "{told:.3000}");
        assert!(told.len() < 3_000, "{} bytes", told.len());
    }
}

fn build_as_text(site: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_threatpress")).args(["build", "--site"]).arg(site).output().unwrap()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

#[test]
fn a_cut_or_flipped_gzip_file_is_never_taken_for_a_whole_one() {
    let rows: String = (0..500).map(|n| format!("{n},t{n},new,2026-11-01\n")).collect();
    let whole = gz(format!("alert_id,title,status,created\n{rows}").as_bytes());
    let path = table("alerts.csv.gz");
    let site = site();
    assert!(build(site.path(), &[]).status.success());
    let before = tree(&site.path().join("output"));
    let cuts = (1..=64).map(|back| whole.len() - back).chain((1..20).map(|n| whole.len() * n / 20));
    let flips = [whole.len() - 6, whole.len() - 2, whole.len() / 2].map(|at| {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        bytes
    });
    for bytes in cuts.map(|end| whole[..end].to_vec()).chain(flips) {
        put(site.path(), &path, &bytes);
        let output = build(site.path(), &[]);
        assert_eq!(output.status.code(), Some(1), "{} of {} bytes", bytes.len(), whole.len());
        assert_eq!(messages(&output)[0]["file"], *path);
    }
    assert_eq!(tree(&site.path().join("output")), before);
    let (one, other) = whole.split_at(0);
    put(site.path(), &path, &[one, other].concat());
    assert!(build(site.path(), &[]).status.success());
    // Several members are one file: so `cat a.gz b.gz` makes one.
    put(site.path(), &path, &[whole, gz(b"x,y,new,2026-11-01\n")].concat());
    assert!(build(site.path(), &[]).status.success());
}

#[test]
fn a_damaged_parquet_file_is_named() {
    let sound = parquet();
    let path = table("alerts.parquet");
    let length = sound.len();
    let mut wrong_magic = sound.clone();
    wrong_magic[length - 1] = b'2';
    let mut long_footer = sound.clone();
    long_footer[length - 8..length - 4].copy_from_slice(&u32::MAX.to_le_bytes());
    let mut zero_footer = sound.clone();
    zero_footer[length - 8..length - 4].copy_from_slice(&0_u32.to_le_bytes());
    let mut noise = sound.clone();
    for byte in &mut noise[length - 60..length - 8] {
        *byte ^= 0xa5;
    }
    let encrypted = [&sound[..length - 4], b"PARE"].concat();
    for bytes in
        [wrong_magic, long_footer, zero_footer, noise, encrypted, sound[..length / 2].to_vec(), sound[..8].to_vec()]
    {
        refused(&path, &bytes, "TP0402", (&path, None), "");
    }
    // Whatever byte is wrong: refused or, where nothing depends on it, taken; never a fault.
    let site = site();
    for at in (0..length).step_by(23) {
        let mut bytes = sound.clone();
        bytes[at] ^= 0x55;
        put(site.path(), &path, &bytes);
        let code = build(site.path(), &[]).status.code();
        assert!(matches!(code, Some(0 | 1)), "byte {at}: {code:?}");
    }
}

/// A sound table of alerts.
fn parquet() -> Vec<u8> {
    use arrow::array::{ArrayRef, RecordBatch, StringArray};
    let column = |text: &str| std::sync::Arc::new(StringArray::from(vec![text; 20])) as ArrayRef;
    let columns = [("alert_id", "1"), ("title", "t"), ("status", "new"), ("created", "2026-11-01")];
    let batch = RecordBatch::try_from_iter(columns.map(|(name, text)| (name, column(text)))).unwrap();
    let mut writer = parquet::arrow::ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

/// A row that cannot be used is left out and told with its number; `--strict` makes it an error.
#[test]
fn a_bad_row_is_told_with_its_number() {
    let alerts = "alert_id,title,status,created\n";
    let devices = "device_id,name,device_group,last_seen,excluded\n";
    let findings = "device_id,cve_id,cvss\n";
    let catalogue = "configuration_id,name,impact\n";
    let cases: [(&str, String, u64, &str); 25] = [
        ("alerts.csv", format!("{alerts}1,a,new\n"), 1, ""),
        ("alerts.csv", format!("{alerts}1,a,new,2026-11-01,x\n"), 1, ""),
        ("alerts.csv", format!("{alerts}1,\"a\"b,new,2026-11-01\n"), 1, "behind a closing quote"),
        ("alerts.csv", format!("{alerts}1,a,new,\n"), 1, "created"),
        ("alerts.csv", format!("{alerts},a,new,2026-11-01\n"), 1, "alert_id"),
        ("alerts.csv", format!("{alerts}1,a,new,45992\n"), 1, "45992"),
        ("alerts.csv", format!("{alerts}1,a,new,01/11/2026\n"), 1, "01/11/2026"),
        ("alerts.csv", format!("{alerts}1,a,new,1762300800000\n"), 1, "1762300800000"),
        ("alerts.csv", format!("{alerts}1,a,new,2026-02-30\n"), 1, "2026-02-30"),
        ("devices.csv", format!("{devices}d1,one,EMEA,yesterday,\n"), 1, "yesterday"),
        ("devices.csv", format!("{devices}d1,one,EMEA,,maybe\n"), 1, "maybe"),
        ("configuration_catalog.csv", format!("{catalogue}a,A,0\n"), 1, "0"),
        ("configuration_catalog.csv", format!("{catalogue}a,A,11\n"), 1, "11"),
        ("configuration_catalog.csv", format!("{catalogue}a,A,NaN\n"), 1, "NaN"),
        ("configuration_catalog.csv", format!("{catalogue}a,A,inf\n"), 1, "inf"),
        ("configuration_catalog.csv", format!("{catalogue}a,A,1e400\n"), 1, "1e400"),
        ("configuration_catalog.csv", format!("{catalogue}a,A,0x5\n"), 1, "0x5"),
        ("configuration_catalog.csv", format!("{catalogue}a,A,٥\n"), 1, "٥"),
        ("vulnerabilities.csv", format!("{findings},CVE-2026-1000,\n"), 1, "device_id"),
        ("alerts.ndjson", "{\"alert_id\": \"1\"\n{}\n".to_owned(), 1, "not a JSON object"),
        ("alerts.ndjson", "{}\n[1]\n".to_owned(), 2, "not a JSON object"),
        ("alerts.ndjson", "{\"alert_id\": \"\\ud800\"}\n".to_owned(), 1, ""),
        ("alerts.ndjson", format!("{{\"alert_id\": {}1{}}}\n", "[".repeat(5_000), "]".repeat(5_000)), 1, ""),
        ("alerts.ndjson", "{\"alert_id\": \"1\", \"alert_id\": \"2\"}\n".to_owned(), 1, "alert_id"),
        ("alerts.ndjson", "{\"alert_id\": 1e999}\n".to_owned(), 1, ""),
    ];
    for (name, text, row, message) in cases {
        let site = site();
        assert!(build(site.path(), &[]).status.success());
        let before = tree(&site.path().join("output"));
        put(site.path(), &table(name), text.as_bytes());
        let output = build(site.path(), &["--strict"]);
        let told = messages(&output);
        assert_eq!(output.status.code(), Some(1), "{text}: {told:?}");
        assert_eq!(tree(&site.path().join("output")), before, "the last build has changed");
        let bad: Vec<&Value> = told.iter().filter(|line| line["code"] == "TP0405" && line["row"] == row).collect();
        assert!(!bad.is_empty(), "{text}: {told:?}");
        assert_eq!(bad[0]["file"], *table(name));
        assert!(bad.iter().any(|line| line["message"].as_str().unwrap().contains(message)), "{message}: {bad:?}");
    }
}

/// Signs that look like the end of a row to some programs are part of their cell.
#[test]
fn only_line_ends_end_rows() {
    let plain = site();
    let odd = site();
    for sign in ["\u{2028}", "\u{85}", "\u{b}", "\u{c}", "\u{1e}", "\\n", "%0a", "&#10;"] {
        let trap = format!("two{sign}d3,three,EMEA");
        put(odd.path(), &table("devices.csv"), format!("{DEVICES}d9,\"{trap}\",APAC\n").as_bytes());
        put(plain.path(), &table("devices.csv"), format!("{DEVICES}d9,x,APAC\n").as_bytes());
        let count = |site: &Path| {
            assert!(build(site, &[]).status.success());
            let data = fs::read(site.join("output/soc/data.json")).unwrap();
            serde_json::from_slice::<Value>(&data).unwrap()["devices_total"].clone()
        };
        assert_eq!(count(odd.path()), count(plain.path()), "{sign:?}");
    }
}

/// Builds with so much address space, in megabytes.
fn build_within(site: &Path, megabytes: u64) -> Output {
    Command::new("sh")
        .arg("-c")
        .arg(format!("ulimit -v {} && exec \"$0\" \"$@\"", megabytes << 10))
        .arg(env!("CARGO_BIN_EXE_threatpress"))
        .args(["build", "--format", "json", "--jobs", "2", "--site"])
        .arg(site)
        .output()
        .unwrap()
}

#[test]
fn bombs_do_not_fill_the_memory() {
    const MEMORY: u64 = 400;
    let site = site();
    assert!(build_within(site.path(), MEMORY).status.success(), "a sound site needs less");
    let before = tree(&site.path().join("output"));
    let unpacked = || std::io::repeat(b'x').take(1_500 << 20);
    let zst = zstd::encode_all(unpacked(), 1).unwrap();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::copy(&mut unpacked(), &mut encoder).unwrap();
    let gz = encoder.finish().unwrap();
    let lines = "\n".repeat(64 << 20);
    let bad = format!("alert_id,title,status,created\n{}", "1,a,new,x\n".repeat(1_500_000));
    let bad_rows = zstd::encode_all(bad.as_bytes(), 1).unwrap();
    let empty_rows = zstd::encode_all(&*[b"alert_id,title,status,created\n", lines.as_bytes()].concat(), 1).unwrap();
    for (name, bytes, ends) in [
        ("alerts.csv.zst", &zst, Some(1)),
        ("alerts.csv.gz", &gz, Some(1)),
        ("alerts.ndjson.gz", &gz, Some(1)),
        ("alerts.json.zst", &zst, Some(1)),
        ("alerts.csv.zst", &empty_rows, Some(0)),
        ("alerts.csv.zst", &bad_rows, Some(0)),
    ] {
        put(site.path(), &table(name), bytes);
        let output = build_within(site.path(), MEMORY);
        assert_eq!(output.status.code(), ends, "{name} of {} bytes: {:?}", bytes.len(), messages(&output));
        if ends == Some(1) {
            let told = messages(&output);
            assert_eq!(told[0]["file"], *table(name), "{told:?}");
            assert_eq!(tree(&site.path().join("output")), before, "the last build has changed");
        }
        fs::remove_file(site.path().join(table(name))).unwrap();
    }
}
