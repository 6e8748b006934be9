//! The same rows, whatever the format; and a clear word about every damaged file.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, RecordBatch, StringArray, TimestampMillisecondArray};
use proptest::prelude::*;

use super::{Batch, Column, Request, read_table, table_files};
use crate::diagnostics::{Code, Diagnostics};

const COLUMNS: [Column<'static>; 4] =
    [Column::required("id"), Column::required("name"), Column::optional("note"), Column::ignored("unread")];
const REQUEST: Request<'static> = Request { table: "t", columns: &COLUMNS };

/// Every row as its values, with its file and number, in the order of file and number.
fn rows(directory: &Path) -> (Vec<Vec<String>>, Vec<(u64, String)>, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let files = table_files(directory, "s", "t", &mut diagnostics).expect("a table");
    let (batches, told) = read_table(&files, &REQUEST, |batch: Batch| {
        let row = |at: usize| {
            let values: Vec<String> =
                batch.columns.iter().map(|column| column.values[column.keys[at] as usize].clone()).collect();
            ((batch.file.to_string(), batch.place(at).0), values)
        };
        let bad: Vec<_> = batch.bad.iter().map(|bad| (bad.row, bad.why.clone())).collect();
        ((0..batch.rows).map(row).collect::<Vec<_>>(), bad)
    });
    diagnostics.append(told);
    let (rows, bad): (Vec<_>, Vec<_>) = batches.into_iter().unzip();
    let mut rows: Vec<_> = rows.into_iter().flatten().collect();
    rows.sort();
    let mut bad: Vec<_> = bad.into_iter().flatten().collect();
    bad.sort();
    (rows.into_iter().map(|(_, values)| values).collect(), bad, diagnostics)
}

fn in_directory(name: &str, bytes: &[u8]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join(name), bytes).expect("a file");
    directory
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("gzip");
    encoder.finish().expect("gzip")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).expect("zstd")
}

fn csv(table: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["id", "unread", "name", "note"]).expect("csv");
    for row in table {
        writer.write_record([&row[0], "x", &row[1], &row[2]]).expect("csv");
    }
    writer.into_inner().expect("csv")
}

fn objects(table: &[Vec<String>]) -> Vec<String> {
    table.iter().map(|row| serde_json::json!({"note": row[2], "ID": row[0], "name": row[1]}).to_string()).collect()
}

fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).expect("a batch");
    let mut bytes = Vec::new();
    let mut writer = ::parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("parquet");
    writer.close().expect("parquet");
    bytes
}

fn texts(table: &[Vec<String>], at: usize) -> ArrayRef {
    let value = |row: &Vec<String>| (!row[at].is_empty()).then(|| row[at].clone());
    Arc::new(table.iter().map(value).collect::<StringArray>())
}

/// The table in every format and compression, by file name.
fn every_form(table: &[Vec<String>]) -> Vec<(&'static str, Vec<u8>)> {
    let (csv, lines) = (csv(table), objects(table).join("\n").into_bytes());
    let array = format!("[{}]", objects(table).join(",\n")).into_bytes();
    let columns = vec![("name", texts(table, 1)), ("id", texts(table, 0)), ("note", texts(table, 2))];
    vec![
        ("t.csv.gz", gzip(&csv)),
        ("t.csv.zst", zstd(&csv)),
        ("t.csv", csv),
        ("t.ndjson.gz", gzip(&lines)),
        ("t.ndjson.zst", zstd(&lines)),
        ("t.ndjson", lines),
        ("t.json.gz", gzip(&array)),
        ("t.json", array),
        ("t.parquet", parquet(columns)),
    ]
}

proptest! {
    #[test]
    fn every_format_gives_the_same_rows(
        table in prop::collection::vec(prop::collection::vec("[a-c\", \n\r;é]{0,6}", 3), 1..20),
    ) {
        let table: Vec<Vec<String>> = table.into_iter().enumerate().map(|(at, mut row)| {
            row[0] = format!("{at}{}", row[0]);
            row
        }).collect();
        let wanted: Vec<Vec<String>> =
            table.iter().map(|row| row.iter().map(|value| value.trim().to_owned()).collect()).collect();
        for (name, bytes) in every_form(&table) {
            let directory = in_directory(name, &bytes);
            let (found, bad, diagnostics) = rows(directory.path());
            prop_assert!(!diagnostics.has_errors() && bad.is_empty(), "{}: {:?} {:?}", name, diagnostics, bad);
            prop_assert_eq!(&found, &wanted, "{}", name);
        }
    }
}

#[test]
fn typed_parquet_columns_read_as_csv_would() {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("id", Arc::new(Float64Array::from(vec![Some(7.0), Some(8.25)]))),
        ("name", Arc::new(BooleanArray::from(vec![Some(true), None]))),
        ("note", Arc::new(TimestampMillisecondArray::from(vec![Some(0), None]).with_timezone("UTC"))),
    ];
    let directory = in_directory("t.parquet", &parquet(columns));
    let (found, _, diagnostics) = rows(directory.path());
    assert!(!diagnostics.has_errors(), "{diagnostics:?}");
    assert_eq!(found[0][1..], ["true".to_owned(), "1970-01-01T00:00:00Z".to_owned()]);
    assert_eq!((found[0][0].as_str(), found[1][0].as_str()), ("7.0", "8.25"));
    assert_eq!(found[1][1..], [String::new(), String::new()]);
}

#[test]
fn bad_rows_are_named_and_shift_nothing() {
    let directory = in_directory("t.csv", b"id,name\n1,a\n2\n\n3,c,d\n\"4\n\",e\n");
    let (found, bad, diagnostics) = rows(directory.path());
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert_eq!(found, [["1", "a", ""], ["4", "e", ""]]);
    assert_eq!(bad.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [2, 3]);

    let lines = b"{\"id\":1,\"name\":\"a\"}\n[1]\n\n{\"id\":2,\"name\":{}}\n{\"id\":3,\"id\":3,\"name\":1}\n{\"id\":12345678901234567890,\"name\":1.50,\"note\":null}";
    let directory = in_directory("t.ndjson", lines);
    let (found, bad, _) = rows(directory.path());
    assert_eq!(found, [["1", "a", ""], ["12345678901234567890", "1.50", ""]]);
    assert_eq!(bad.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [2, 3, 4]);
}

#[test]
fn every_damage_is_told_once_and_clearly() {
    let csv = b"id,name\n1,a\n2,b\n".as_slice();
    let gz = gzip(csv);
    let mut wrong_sum = gz.clone();
    let at = wrong_sum.len() - 6;
    wrong_sum[at] ^= 1;
    let utf16: Vec<u8> = "\u{feff}id,name\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let whole = parquet(vec![("id", texts(&[vec!["1".into()]], 0)), ("name", texts(&[vec!["1".into()]], 0))]);
    let mut hurt = whole.clone();
    for byte in &mut hurt[4..20] {
        *byte = 0xff;
    }
    let cases: Vec<(&str, Vec<u8>, Code)> = vec![
        ("t.csv.gz", gz[..gz.len() - 9].to_vec(), Code::DamagedFile),
        ("t.csv.gz", wrong_sum, Code::DamagedFile),
        ("t.csv.gz", [&gz[..], b"tail"].concat(), Code::DamagedFile),
        ("t.csv.gz", csv.to_vec(), Code::DamagedFile),
        ("t.csv", gz.clone(), Code::DamagedFile),
        ("t.csv", Vec::new(), Code::DamagedFile),
        ("t.csv", b"\n\n".to_vec(), Code::DamagedFile),
        ("t.csv", b"id,name\n1,\"a\n2,b\n".to_vec(), Code::DamagedFile),
        ("t.csv", b"id,name,ID\n1,a,1\n".to_vec(), Code::DamagedFile),
        ("t.csv", b"id,nam\n1,a\n".to_vec(), Code::MissingColumn),
        ("t.csv", b"id,name\n1,\xe9\n".to_vec(), Code::NotUtf8),
        ("t.csv", utf16.clone(), Code::NotUtf8),
        ("t.csv", utf16[2..].to_vec(), Code::NotUtf8),
        ("t.csv", whole.clone(), Code::DamagedFile),
        ("t.csv.zst", zstd(csv)[..10].to_vec(), Code::DamagedFile),
        ("t.ndjson", b"[{\"id\":1}]".to_vec(), Code::DamagedFile),
        ("t.ndjson", b"{\"id\":1}\n".to_vec(), Code::MissingColumn),
        ("t.json", b"{\"id\":1,\"name\":2}".to_vec(), Code::DamagedFile),
        ("t.json", b"[{\"id\":1,\"name\":2}".to_vec(), Code::DamagedFile),
        ("t.json", b"[{\"id\":1,\"name\":2}] x".to_vec(), Code::DamagedFile),
        ("t.parquet", csv.to_vec(), Code::DamagedFile),
        ("t.parquet", whole[..whole.len() - 5].to_vec(), Code::DamagedFile),
        ("t.parquet", hurt, Code::DamagedFile),
        ("t.parquet", parquet(vec![("id", texts(&[vec!["1".into()]], 0))]), Code::MissingColumn),
    ];
    for (name, bytes, code) in cases {
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(30)]).into_owned();
        let directory = in_directory(name, &bytes);
        let (_, _, diagnostics) = rows(directory.path());
        let codes: Vec<Code> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
        assert_eq!(codes, [code], "{name} {shown:?}: {diagnostics:?}");
    }
}

#[test]
fn two_gzip_members_and_a_mark_are_fine() {
    let bytes = [gzip(b"\xef\xbb\xbfid,name\r\n1,a\r\n"), gzip(b"2,b\r\n")].concat();
    let directory = in_directory("t.csv.gz", &bytes);
    let (found, _, diagnostics) = rows(directory.path());
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert_eq!(found, [["1", "a", ""], ["2", "b", ""]]);
}

#[test]
fn unknown_columns_are_noted_once() {
    let directory = in_directory("t.csv", b"id,name,extra\n1,a,b\n");
    let (_, _, diagnostics) = rows(directory.path());
    assert_eq!(diagnostics.iter().map(|d| d.code).collect::<Vec<_>>(), [Code::IgnoredColumns]);
}
