use std::fs;
use std::path::Path;

use super::*;
use crate::fleet::Fleet;

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).expect("a directory");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn what_was_used_longest_ago_goes_first() {
    let home = tempfile::tempdir().expect("a directory");
    let private = home.path().join("a/b");
    let directory = private.join("cache");
    let fleet = Fleet::default();
    let cache = Cache::new(private.clone(), 1 << 20);
    for (key, age) in [("old", 3000), ("older", 5000), ("new", 0)] {
        cache.keep(key, &fleet, &Diagnostics::new());
        let file = fs::File::options().append(true).open(directory.join(format!("{key}.fleet"))).expect("kept");
        file.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(age)).expect("dated");
    }
    let length = fs::metadata(directory.join("new.fleet")).expect("kept").len();
    assert!(cache.fleet("older").is_some(), "used now");
    cache.trim();
    assert_eq!(names(&directory), ["new.fleet", "old.fleet", "older.fleet"]);
    Cache::new(private.clone(), 2 * length).trim();
    assert_eq!(names(&directory), ["new.fleet", "older.fleet"]);
    Cache::new(private, 0).trim();
    assert!(names(&directory).is_empty());
}

#[test]
fn what_could_not_be_read_again_is_not_kept() {
    let home = tempfile::tempdir().expect("a directory");
    let private = home.path().to_owned();
    Cache::new(private.clone(), 1 << 20).keep("sound", &Fleet::default(), &Diagnostics::new());
    let length = fs::metadata(private.join("cache/sound.fleet")).expect("kept").len();
    for (largest, key) in [(length - 1, "large"), (length, "small")] {
        let cache = Cache::new(private.clone(), largest);
        cache.keep(key, &Fleet::default(), &Diagnostics::new());
        assert_eq!(cache.fleet(key).is_some(), key == "small");
    }
    assert_eq!(names(&private.join("cache")), ["small.fleet", "sound.fleet"]);
}

#[test]
fn what_was_never_finished_goes_after_a_day() {
    let home = tempfile::tempdir().expect("a directory");
    let cache = Cache::new(home.path().to_owned(), 1 << 20);
    let directory = home.path().join("cache");
    fs::create_dir(&directory).expect("made");
    for (name, hours) in [("1-0.new", 1), ("2-0.new", 30)] {
        fs::write(directory.join(name), "half").expect("written");
        let file = fs::File::options().append(true).open(directory.join(name)).expect("written");
        file.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(hours * 3600)).expect("dated");
    }
    cache.trim();
    assert_eq!(names(&directory), ["1-0.new"]);
}

#[test]
fn damage_and_other_formats_are_as_good_as_absent() {
    let value = (7_u32, "text".to_owned(), vec![1_u64; 300]);
    let bytes = frame::pack(&value).expect("a value");
    let unpacked = |bytes: &[u8]| frame::unpack::<(u32, String, Vec<u64>)>(bytes);
    assert_eq!(unpacked(&bytes), Some(value));
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x10;
        assert_eq!(unpacked(&damaged), None, "byte {at}");
        assert_eq!(unpacked(&bytes[..at]), None, "cut at {at}");
    }
    assert_eq!(unpacked(&[bytes, vec![0]].concat()), None);
}

#[test]
fn a_quoted_text_is_not_kept() {
    let source = crate::diagnostics::Source::new("a.yaml", "text");
    let mut told = Diagnostics::new();
    let problem = || crate::diagnostics::Diagnostic::warning(crate::diagnostics::Code::DamagedFile, "it is odd");
    told.push(problem().in_row("a.csv", 7, Some(8)));
    assert!(frame::pack(&told).is_some());
    told.push(problem().at(&source, 0..1));
    assert!(frame::pack(&told).is_none());
}

#[test]
fn what_comes_goes_or_changes_meanwhile_is_noticed() {
    let home = tempfile::tempdir().expect("a directory");
    let directory = home.path().join("snapshot");
    fs::create_dir_all(directory.join("alerts")).expect("a directory");
    let write = |name: &str, text: &str| fs::write(directory.join(name), text).expect("written");
    write("devices.csv", "device_id\nd1\n");
    write("alerts/1.csv", "alert_id\na1\n");
    write("snapshot.yaml", "as_of: 2026-11-16\n");
    let mut told = Diagnostics::new();
    let snapshot =
        crate::snapshot::open(&directory, "snapshot".to_owned(), home.path(), &mut told).expect("a snapshot");
    let contents = Contents::of(&snapshot, &[], &Cache::new(home.path().join("cache"), 0)).expect("readable");
    assert!(contents.still_stands());
    write("alerts/2.csv", "alert_id\na2\n");
    assert!(!contents.still_stands(), "another part");
    fs::remove_file(directory.join("alerts/2.csv")).expect("removed");
    assert!(contents.still_stands());
    fs::create_dir(directory.join("software")).expect("made");
    assert!(!contents.still_stands(), "an empty table");
    fs::remove_dir(directory.join("software")).expect("removed");
    fs::rename(directory.join("alerts/1.csv"), directory.join("alerts/3.csv")).expect("renamed");
    assert!(!contents.still_stands(), "another name");
    fs::rename(directory.join("alerts/3.csv"), directory.join("alerts/1.csv")).expect("renamed");
    write("devices.csv", "device_id\nd22\n");
    assert!(!contents.still_stands(), "other bytes");
}
