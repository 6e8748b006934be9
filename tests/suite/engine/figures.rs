//! Figures of an engine's tables are those of the same rows in files.

use std::fs::{self, File};
use std::path::Path;
use std::thread;
use std::time::Duration;

use parquet::arrow::ArrowWriter;
use tempfile::TempDir;

use super::lake::{Manner, table};
use super::proxy::Proxy;
use super::sail::{Sail, free_port, shared};
use super::site::{SNAPSHOT, TABLES, are_equal, at, bare, build, everything, lake, of_engine, of_files, run, snapshot};
use crate::bad_input::{messages, put};
use crate::bench::{self, Bench, Run, first_difference, hold, home};
use crate::command::said;
use crate::world::files::{Compression, Format, Layout, TableLayout};
use crate::world::{World, worlds};

/// How Sail names a Parquet file.
fn parquet(path: &Path) -> String {
    format!("parquet.`{}`", path.display())
}

/// The site whose tables Sail reads from Parquet files in a directory of their own.
fn of_sail(port: u16) -> (TempDir, TempDir) {
    let files = home();
    for (name, text) in TABLES {
        let rows = table(text, None);
        let file = File::create(files.path().join(format!("{name}.parquet"))).unwrap();
        let mut writer = ArrowWriter::try_new(file, rows.schema(), None).unwrap();
        writer.write(&rows).unwrap();
        writer.close().unwrap();
    }
    let site = bare();
    let entry = |table: &str| parquet(&files.path().join(format!("{table}.parquet")));
    put(site.path(), SNAPSHOT, snapshot(&at(port), entry).as_bytes());
    (site, files)
}

fn built(site: &Path) {
    let output = build(site, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[test]
fn an_engine_gives_the_build_that_files_give() {
    let files = of_files();
    built(files.path());
    for parts in [1, 3] {
        let lake = lake(Manner { parts, too_many: Some(0), ..Manner::default() });
        let engine = of_engine(&at(lake.port));
        built(engine.path());
        are_equal(files.path(), engine.path());
    }
    if let Some(port) = shared() {
        let (engine, _lake) = of_sail(port);
        built(engine.path());
        are_equal(files.path(), engine.path());
    }
}

#[test]
fn only_what_figures_need_is_asked_for() {
    let lake = lake(Manner::default());
    let site = of_engine(&at(lake.port));
    built(site.path());
    let asked = lake.asked();
    let of = |table: &str| -> Vec<&str> {
        let from = format!(" FROM {table}");
        let asked = asked.iter().filter(|query| query.contains(&from) && !query.ends_with("1 = 0"));
        asked.map(|query| query.split(&from).next().unwrap_or_default()).collect()
    };
    let vulnerabilities = of("vulnerabilities");
    assert!(vulnerabilities.iter().all(|query| query.starts_with("SELECT DISTINCT ")), "{vulnerabilities:?}");
    for query in &asked {
        for column in ["cvss", "colour", "`version`"] {
            assert!(!query.contains(column), "{query}");
        }
    }
    // An id that is hidden in an entity is found once texts are parsed: all of it is asked for then.
    let hidden = asked.iter().filter(|query| query.starts_with("SELECT DISTINCT `device_id`, `cve_id`"));
    let hidden: Vec<bool> = hidden.map(|query| query.contains("WHERE")).collect();
    assert_eq!(hidden, [true, false], "{asked:#?}");
    let narrow = asked.iter().find(|query| query.contains("`cve_id` IN")).unwrap();
    assert!(narrow.contains("cve-2026-1000") && narrow.contains("Cve-2026-3000") && narrow.contains("' KB1 '"));
    assert!(!narrow.contains("9999") && !narrow.contains("8888"), "{narrow}");
}

#[test]
fn a_slice_of_an_engine_is_proved_and_audited() {
    let lake = lake(Manner { parts: 2, ..Manner::default() });
    let site = of_engine(&at(lake.port));
    built(site.path());
    let proved = run(site.path(), "prove", &[], &[]);
    assert_eq!(proved.status.code(), Some(0), "{}", said(&proved));
    let out = site.path().join("output/emea");
    let audited = run(site.path(), "audit", &[out.to_str().unwrap(), "--role", "emea"], &[]);
    assert_eq!(audited.status.code(), Some(0), "{}", said(&audited));
}

/// Nothing that an engine held is kept: what it holds now is what is built.
#[test]
fn nothing_of_an_engine_is_kept_on_disk() {
    let lake = lake(Manner::default());
    let site = of_engine(&at(lake.port));
    built(site.path());
    let first = lake.asked().len();
    built(site.path());
    assert_eq!(lake.asked().len(), 2 * first);
    assert!(!site.path().join(".threatpress").exists(), "something is kept");
}

#[test]
fn a_connection_that_is_cut_once_changes_no_figure() {
    let files = of_files();
    built(files.path());
    let lake = lake(Manner { parts: 2, ..Manner::default() });
    // Wherever it is cut: while columns are asked for, or rows come.
    for after in [10, 600, 1_200, 2_500] {
        let proxy = Proxy::start(lake.port, 1, after);
        let engine = of_engine(&at(proxy.port));
        built(engine.path());
        assert_eq!(proxy.cuts_left(), 0, "nothing was cut after {after} bytes");
        are_equal(files.path(), engine.path());
    }
}

/// Rows enough that Sail sends them in many messages, most of them of devices that nobody knows.
fn many_findings() -> String {
    let mut text = TABLES[1].1.to_owned();
    (0..60_000).for_each(|number| text += &format!("gone-{number},CVE-2026-1000,high,exposed,,,true,Word,\n"));
    text
}

#[test]
fn a_real_engine_that_is_cut_off_half_way_is_asked_again_and_a_stopped_one_is_told() {
    if shared().is_none() {
        return;
    }
    let files = of_files();
    let findings = many_findings();
    put(files.path(), "content/snapshots/1/vulnerabilities.csv", findings.as_bytes());
    built(files.path());
    let port = free_port();
    let sail = Sail::start(Some(port)).unwrap();
    let (engine, lake) = of_sail(port);
    let rows = table(&findings, None);
    let file = File::create(lake.path().join("vulnerabilities.parquet")).unwrap();
    let mut writer = ArrowWriter::try_new(file, rows.schema(), None).unwrap();
    writer.write(&rows).unwrap();
    writer.close().unwrap();
    let entry = |table: &str| parquet(&lake.path().join(format!("{table}.parquet")));
    let through = |port: u16| put(engine.path(), SNAPSHOT, snapshot(&at(port), entry).as_bytes());

    let once = Proxy::start(port, 1, 200_000);
    through(once.port);
    built(engine.path());
    assert_eq!(once.cuts_left(), 0, "nothing was cut");
    are_equal(files.path(), engine.path());

    let before = everything(&engine.path().join("output"));
    let refused = |codes: &[&str]| {
        let output = build(engine.path(), &[]);
        assert_eq!(output.status.code(), Some(4), "{}", said(&output));
        let errors: Vec<_> = messages(&output).into_iter().filter(|told| told["severity"] == "error").collect();
        assert!(errors.len() == 1 && codes.contains(&errors[0]["code"].as_str().unwrap()), "{errors:?}");
        assert_eq!(errors[0]["file"], SNAPSHOT);
        assert_eq!(before, everything(&engine.path().join("output")), "the last build is another");
    };
    through(Proxy::start(port, usize::MAX, 200_000).port);
    refused(&["TP0435"]);
    through(port);
    drop(sail);
    refused(&["TP0432"]);
    // The port may be taken for a moment longer.
    thread::sleep(Duration::from_millis(200));
    let _again = Sail::start(Some(port)).unwrap();
    built(engine.path());
    are_equal(files.path(), engine.path());
}

/// Moves the tables of a site's snapshots out of it, for Sail to hold.
fn give_to_sail(site: &Path, lake: &Path, port: u16) {
    for snapshot in fs::read_dir(site.join("content/snapshots")).into_iter().flatten() {
        let snapshot = snapshot.unwrap().path();
        let own = lake.join(snapshot.file_name().unwrap());
        fs::create_dir_all(&own).unwrap();
        let mut entries = String::new();
        for table in fs::read_dir(&snapshot).unwrap() {
            let table = table.unwrap().path();
            if table.extension().is_some_and(|kind| kind == "parquet") {
                let moved = own.join(table.file_name().unwrap());
                fs::copy(&table, &moved).unwrap();
                fs::remove_file(&table).unwrap();
                let name = table.file_stem().unwrap().to_str().unwrap();
                entries += &format!("  {name}: {:?}\n", parquet(&moved));
            }
        }
        let head = snapshot.join("snapshot.yaml");
        let text = fs::read_to_string(&head).unwrap();
        fs::write(&head, format!("{text}\nengine: {{ {} }}\ntables:\n{entries}", at(port))).unwrap();
    }
}

/// Random sites, whatever is wrong with their rows.
#[test]
fn a_real_engine_gives_the_build_that_files_give_of_any_site() {
    let Some(port) = shared() else { return };
    let layout = Layout(vec![TableLayout {
        format: Format::Parquet,
        compression: Compression::Plain,
        files: 0,
        shuffle: 0,
        typed: true,
    }]);
    let test = |world: &World| {
        let of_files = Bench::build(world, &layout, Run::default())?;
        let of_engine = Bench::write(world, &layout);
        let lake = home();
        give_to_sail(&of_engine.site(), lake.path(), port);
        of_engine.run(world, Run::default())?;
        for role in &world.config.roles {
            if let Some(difference) = first_difference(&of_files.tree(&role.name), &of_engine.tree(&role.name)) {
                return Err(format!("{}: {difference}", role.name));
            }
        }
        Ok(())
    };
    hold(
        "a_real_engine_gives_the_build_that_files_give",
        worlds(),
        bench::cases(32),
        |world| vec![world.clone()],
        test,
    );
}
