//! The same rows, whatever the format; and a clear word about every damaged file.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, Float64Array, RecordBatch, StringArray, TimestampMillisecondArray,
};
use proptest::prelude::*;

use super::files::Format;
use super::{Batch, Column, Dialect, Harvest, Request, Take, array, csv as comma, lines, read_table, table_files};
use crate::diagnostics::{Code, Diagnostics};

const COLUMNS: [Column<'static>; 4] =
    [Column::required("id"), Column::required("name"), Column::optional("note"), Column::ignored("unread")];
const REQUEST: Request<'static> = Request { table: "t", columns: &COLUMNS, dialect: Dialect::Own };

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

/// What the rows of a table are: file, number, line, and values or what is wrong.
type Numbered = Vec<(String, u64, Option<u64>, Result<Vec<String>, String>)>;

/// Every row of the text files, read in blocks of so many bytes, in their order.
fn numbered(directory: &Path, size: usize) -> Result<Numbered, String> {
    let map = |batch: Batch| {
        let file = batch.file.to_string();
        let row = |at: usize| {
            let value = |column: &super::DictionaryColumn| column.values[column.keys[at] as usize].clone();
            let (row, line) = batch.place(at);
            (file.clone(), row, line, Ok(batch.columns.iter().map(value).collect()))
        };
        let bad = batch.bad.iter().map(|bad| (file.clone(), bad.row, bad.line, Err(bad.why.clone())));
        (0..batch.rows).map(row).chain(bad).collect::<Numbered>()
    };
    let mut all = Vec::new();
    for file in table_files(directory, "s", "t", &mut Diagnostics::new()).expect("a table") {
        let gathered = Harvest::default();
        let take: Take<'_> = &|batch| gathered.add(map(batch));
        let outcome = match file.format {
            Format::Csv => comma::read_blocks(&file, &REQUEST, take, size),
            Format::NdJson => lines::read_blocks(&file, &REQUEST, take, size),
            Format::Json => array::read_blocks(&file, &REQUEST, take, size),
            Format::Parquet => continue,
        };
        outcome.map_err(|told| told.message)?;
        all.extend(gathered.into_vec().into_iter().flatten());
    }
    all.sort();
    Ok(all)
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
        size in 1_usize..200,
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
            prop_assert_eq!(numbered(directory.path(), size), numbered(directory.path(), 1 << 20), "{}", name);
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
    let directory = in_directory("t.csv", b"id,name\n1,a\n2\n\n3,c,d\n\"4\n\",e\n\"5\"x,f\n6,\"g\"");
    let (found, bad, diagnostics) = rows(directory.path());
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert_eq!(found, [["1", "a", ""], ["4", "e", ""], ["6", "g", ""]]);
    assert_eq!(bad.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [2, 3, 5]);

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
    let list: ArrayRef =
        Arc::new(arrow::array::ListArray::from_iter_primitive::<arrow::datatypes::Int32Type, _, _>([Some([Some(1)])]));
    let bytes: ArrayRef = Arc::new(BinaryArray::from_vec(vec![&[0xff]]));
    let one = || texts(&[vec!["1".into()]], 0);
    let cases: Vec<(&str, Vec<u8>, Code)> = vec![
        ("t.csv.gz", Vec::new(), Code::DamagedFile),
        ("t.csv.gz", gzip(b""), Code::DamagedFile),
        ("t.csv.gz", zstd(csv), Code::DamagedFile),
        ("t.csv.gz", gzip(&gz), Code::DamagedFile),
        ("t.csv", b"\xef\xbb\xbf".to_vec(), Code::DamagedFile),
        ("t.csv", b"[{\"id\":1}]".to_vec(), Code::DamagedFile),
        ("t.csv", b"{\"id\":1,\"name\":2}\n".to_vec(), Code::DamagedFile),
        ("t.csv", b"<!DOCTYPE html>\n<p>".to_vec(), Code::DamagedFile),
        ("t.csv", b"PK\x03\x04\x14\0".to_vec(), Code::DamagedFile),
        ("t.csv", b"id;name\n1;a\n".to_vec(), Code::MissingColumn),
        ("t.csv", b"\xff\xfei\0d\0".to_vec(), Code::NotUtf8),
        ("t.csv", b"\xfe\xff\0i\0d".to_vec(), Code::NotUtf8),
        ("t.ndjson", csv.to_vec(), Code::DamagedFile),
        ("t.ndjson", b"{\"id\":1,\"name\":\"\xff\"}".to_vec(), Code::NotUtf8),
        ("t.ndjson", utf16.clone(), Code::NotUtf8),
        ("t.json", Vec::new(), Code::DamagedFile),
        ("t.json", b"[{\"id\":1,\"name\":tru}]".to_vec(), Code::DamagedFile),
        ("t.json", b"[{\"id\":1,\"name\":2},]".to_vec(), Code::DamagedFile),
        ("t.json", b"[{\"id\":1}]".to_vec(), Code::MissingColumn),
        ("t.json", b"[{\"id\":1,\"name\":\"\xff\"}]".to_vec(), Code::NotUtf8),
        ("t.parquet", Vec::new(), Code::DamagedFile),
        ("t.parquet", gz.clone(), Code::DamagedFile),
        ("t.parquet", [&whole[..whole.len() - 4], b"PARE"].concat(), Code::DamagedFile),
        ("t.parquet", parquet(vec![("id", one()), ("name", list)]), Code::DamagedFile),
        ("t.parquet", parquet(vec![("id", one()), ("name", bytes)]), Code::DamagedFile),
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
    std::fs::create_dir(directory.path().join("t")).expect("a directory");
    std::fs::rename(directory.path().join("t.csv"), directory.path().join("t/b.csv")).expect("moved");
    std::fs::write(directory.path().join("t/a.csv"), "id,name\n2,b\n").expect("a file");
    let (_, _, diagnostics) = rows(directory.path());
    let files: Vec<_> = diagnostics.iter().map(|told| told.place.file()).collect();
    assert_eq!(files, [Some("s/t/b.csv")], "the file that has them is told");
}

/// What is told of a file, after its line and column.
fn told(name: &str, bytes: &[u8]) -> String {
    let directory = in_directory(name, bytes);
    let (_, _, diagnostics) = rows(directory.path());
    let told: Vec<String> = diagnostics
        .iter()
        .map(|diagnostic| {
            let place = diagnostic.place.position().map(|at| format!("{}:{}: ", at.line, at.column));
            let hint = diagnostic.hint.clone().unwrap_or_default();
            format!("{}{}; {hint}", place.unwrap_or_default(), diagnostic.message)
        })
        .collect();
    told.join("\n")
}

#[test]
fn messages_say_where_and_what_to_do() {
    for (name, bytes, wanted) in [
        ("t.csv", b"id,name\n1,\xff\n2,\xff".as_slice(), "2:3: the text is not UTF-8: byte 10;"),
        ("t.csv", b"\xef\xbb\xbfid,name\n1,\xff\n", "2:3: the text is not UTF-8: byte 13;"),
        ("t.csv", b"Ident,nam\n", "missing: `id`, `name`; is `nam` meant? Rename it to `name`"),
        ("t.csv", b"id;name\n", "separated by ';'"),
        ("t.csv", b"id,name,notes\n", "is `note` meant by `notes`?"),
        ("t.csv", b"\0i\0d\0,", "UTF-16 (big-endian)"),
        ("t.json", b"[{\"id\":1,\n\"name\": +1}]", "2:9: not JSON: expected value; mend it there"),
        ("t.json", b"[{\"id\":1,\"name\":2},\n {\"id\"]", "2:8: the array is not closed where the file ends; mend it"),
        ("t.json.gz", &gzip(b"[{\"id\":1}\n,]"), "2:2: not JSON: an element of the array is missing; "),
        ("t.csv", b"id,name\n1,\"a\n2,b\n", "2:3: a quote that is opened here is not closed; close it"),
        ("t.json", b"HTTP/1.1 200 OK\r\nDate: x\r\n", "1:1: it does not begin as JSON does; the headers"),
        ("t.csv.gz", &gzip(b"id,name\n1,a\n2,b\n")[..22], "breaks off after about row"),
    ] {
        let told = told(name, bytes);
        assert!(told.contains(wanted), "{name}: {wanted:?} is not in {told:?}");
    }
}

#[test]
fn where_a_gzip_file_breaks_off_is_told() {
    let mut text = b"id,name\n".to_vec();
    for row in 0..200_000 {
        text.extend(format!("{row},{}\n", row * 7919 % 10_007).bytes());
    }
    let packed = gzip(&text);
    let told = told("t.csv.gz", &packed[..packed.len() / 2]);
    let row = told.split("about row ").nth(1).and_then(|rest| rest.split(':').next()?.parse::<u64>().ok());
    assert!(row.is_some_and(|row| (50_000..150_000).contains(&row)), "{told}");
}

#[test]
fn rows_have_their_numbers_and_lines() {
    let text = b"\xef\xbb\xbf\"id\nx\",id,name\r\n\r\n,1,\"a\r\nb\"\r\n\r\n\r\n,2\r\n,3,c";
    let lines = b"\n{\"id\":1,\"name\":2}\r\n \n7\n{\"id\":3,\"name\":{}}\n{\"id\":4}";
    let array = b"[\n\n{\"id\":1,\n\"name\":2}, 7\n,\n{\"id\":[]}, {\"id\":4}\n]";
    for (name, text, wanted) in [
        ("t.csv", text.as_slice(), [(1, 4), (2, 8), (3, 9), (0, 0)]),
        ("t.ndjson", lines, [(1, 2), (2, 4), (3, 5), (4, 6)]),
        ("t.json", array, [(1, 3), (2, 4), (3, 6), (4, 6)]),
    ] {
        let directory = in_directory(name, text);
        for size in [1, 7, 1 << 20] {
            let rows = numbered(directory.path(), size).expect("rows");
            let places: Vec<(u64, u64)> = rows.iter().map(|(_, row, line, _)| (*row, line.unwrap_or(0))).collect();
            assert_eq!(places, wanted.into_iter().filter(|(row, _)| *row > 0).collect::<Vec<_>>(), "{name} {size}");
        }
    }
}

#[test]
fn a_file_that_lacks_a_key_throughout_is_told_though_others_have_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("t");
    std::fs::create_dir(&path).expect("a directory");
    std::fs::write(path.join("a.ndjson"), "{\"id\":1,\"name\":2}\n{\"id\":2}").expect("a file");
    std::fs::write(path.join("b.ndjson"), "{\"id\":3}").expect("a file");
    std::fs::write(path.join("c.csv"), "id,name\n4,x\n").expect("a file");
    std::fs::write(path.join("d.ndjson"), "").expect("a file");
    std::fs::write(path.join("e.json"), " [ ] ").expect("a file");
    let (_, _, diagnostics) = rows(directory.path());
    let told: Vec<_> = diagnostics.iter().map(|told| (told.code, told.place.file())).collect();
    assert_eq!(told, [(Code::MissingColumn, Some("s/t/b.ndjson"))]);
}

#[test]
fn threads_change_nothing() {
    let mut text = String::from("id,name\n");
    for row in 0..3000 {
        text.push_str(&if row % 7 == 0 { format!("{row}\n") } else { format!("{row},\"a\n{row}\"\n") });
    }
    let good = in_directory("t.csv", text.as_bytes());
    let mut bytes = text.into_bytes();
    for at in [20_000, 9_000, 30_000] {
        bytes[at] = 0xff;
    }
    let hurt = in_directory("t.csv", &bytes);
    let read = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| (numbered(good.path(), 100), numbered(hurt.path(), 100)))
    };
    let (rows, told) = read(1);
    assert_eq!(rows.as_ref().map(Vec::len), Ok(3000));
    assert!(told.as_ref().is_err_and(|message| message.ends_with("byte 9000")), "{told:?}");
    for threads in [2, 5] {
        assert_eq!(read(threads), (rows.clone(), told.clone()));
    }
}

#[test]
fn repeated_and_strange_keys() {
    let lines = concat!(
        "{\"ID \":\"\\u00e9\\n\",\"name\":true,\"x\":{\"deep\":[1]}}\n",
        "{\"id\":1,\"name\":2,\"x\":1,\"X\":2}\n",
        "{\"id\":1,\"name\":\"\\ud800\"}\n",
        "{\"id\":1,\"name\":2}{}\n",
        "{\"id\":1,\"name\":2\n",
        "{\"id\":01,\"name\":2}\n",
    );
    let directory = in_directory("t.ndjson", lines.as_bytes());
    let (found, bad, diagnostics) = rows(directory.path());
    assert_eq!(found, [["é", "true", ""]]);
    let why: Vec<&str> = bad.iter().map(|(_, why)| why.as_str()).collect();
    assert_eq!(why[..2], ["the key `x` stands there twice", "the key `name` has half a surrogate pair"]);
    assert_eq!(why[2], "not a JSON object: trailing characters at column 18");
    assert_eq!(bad.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [2, 3, 4, 5, 6]);
    assert_eq!(diagnostics.iter().map(|told| told.code).collect::<Vec<_>>(), [Code::IgnoredColumns]);
}

#[test]
fn many_row_groups_are_one_table() {
    let table: Vec<Vec<String>> = (0..1000).map(|row| vec![row.to_string(), (row % 3).to_string()]).collect();
    let batch = RecordBatch::try_from_iter([("id", texts(&table, 0)), ("name", texts(&table, 1))]).expect("a batch");
    let groups = ::parquet::file::properties::WriterProperties::builder().set_max_row_group_row_count(Some(64)).build();
    let mut bytes = Vec::new();
    let mut writer =
        ::parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), Some(groups)).expect("a writer");
    writer.write(&batch).expect("parquet");
    writer.close().expect("parquet");
    let directory = in_directory("t.parquet", &bytes);
    let (found, _, diagnostics) = rows(directory.path());
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let ids: Vec<String> = found.into_iter().map(|row| row[0].clone()).collect();
    assert_eq!(ids, table.into_iter().map(|row| row[0].clone()).collect::<Vec<_>>());
}

proptest! {
    #[test]
    fn no_damage_takes_the_run_with_it(
        form in 0_usize..9,
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        end in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let table: Vec<Vec<String>> =
            (0..50).map(|row| vec![row.to_string(), format!("n{}", row % 5), String::new()]).collect();
        let (name, mut bytes) = every_form(&table).swap_remove(form);
        for (place, byte) in places {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        if cut {
            bytes.truncate(end.index(bytes.len()));
        }
        let directory = in_directory(name, &bytes);
        let (_, _, diagnostics) = rows(directory.path());
        prop_assert!(diagnostics.iter().count() <= 2, "{:?}", diagnostics);
    }
}
