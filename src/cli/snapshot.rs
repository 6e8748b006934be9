//! `threatpress snapshot`

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::Exit;
use super::args::{BuildFormat, SnapshotCheckArgs};
use super::console::{Console, exit_of, output};
use crate::config;
use crate::diagnostics::{Diagnostics, quiet_json, visible};
use crate::pages::in_threes;
use crate::snapshot::survey::{self, Known, Mix, Surveyed, Word};
use crate::snapshot::{self, Snapshot};

/// How many words of a column are shown; the rest as a number.
const WORDS_SHOWN: usize = 12;

/// Tells what is understood of a snapshot.
pub(super) fn check(args: &SnapshotCheckArgs) -> Exit {
    let console = Console::new(args.format.into());
    let mut diagnostics = Diagnostics::new();
    console.step(format!("reading {}", args.directory.display()));
    let written = understood(args, &mut diagnostics).map_or(Exit::Done, |text| output(&text));
    if args.strict {
        diagnostics.escalate();
    }
    console.tell(&diagnostics);
    exit_of(written, &diagnostics)
}

fn understood(args: &SnapshotCheckArgs, diagnostics: &mut Diagnostics) -> Option<String> {
    let directory = &args.directory;
    let root = args.site.clone().or_else(|| site_above(directory));
    let site = root.as_ref().and_then(|root| config::load(root, diagnostics));
    let root = root.as_deref().unwrap_or(directory);
    let snapshot = snapshot::open(directory, shown(directory), root, diagnostics)?;
    let ranks = site.map(|site| site.group_ranks).unwrap_or_default();
    let fleet = snapshot::fleet(&snapshot, &ranks, diagnostics);
    let tables = survey::survey(&snapshot, diagnostics);
    diagnostics.append_new(survey::unread(&snapshot));
    diagnostics.append(survey::doubts(Known { snapshot: &snapshot, tables: &tables, fleet: fleet.as_ref() }));
    Some(match args.format {
        BuildFormat::Text => text(&snapshot, &tables),
        BuildFormat::Json => lines(&snapshot, &tables),
    })
}

/// The directory's path without an end that says nothing.
fn shown(directory: &Path) -> String {
    directory.components().collect::<PathBuf>().display().to_string()
}

/// The first directory above one that is a site's.
fn site_above(directory: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(directory).ok()?;
    // From the inside out.
    absolute.ancestors().skip(1).find(|above| above.join(config::FILE_NAME).is_file()).map(Path::to_owned)
}

fn lines(snapshot: &Snapshot, tables: &[Surveyed]) -> String {
    let head = json!({"snapshot": snapshot.shown, "as_of": snapshot.as_of.to_string(), "source": snapshot.source()});
    let all = std::iter::once(head).chain(tables.iter().map(object));
    all.fold(String::new(), |out, line| out + &quiet_json(&line.to_string()) + "\n")
}

fn object(table: &Surveyed) -> Value {
    let word = |word: &Word| json!({"written": word.written, "read_as": word.read_as, "rows": word.rows});
    let mix = |mix: &Mix| {
        let words: Vec<Value> = mix.words.iter().map(word).collect();
        (mix.column.to_owned(), json!({"source": mix.spelling, "words": words}))
    };
    let latest = table.latest.iter().map(|(column, time)| ((*column).to_owned(), json!(time.to_string())));
    json!({
        "table": table.table, "files": table.files, "rows": table.rows, "bad_rows": table.bad_rows,
        "distinct": table.distinct, "empty": table.empty,
        "latest": latest.collect::<serde_json::Map<_, _>>(),
        "words": table.words.iter().map(mix).collect::<serde_json::Map<_, _>>(),
    })
}

/// A table of the tables, and under it the words of their columns.
fn text(snapshot: &Snapshot, tables: &[Surveyed]) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "{}: as of {}, source {}\n",
        visible(&snapshot.shown),
        snapshot.as_of,
        visible(snapshot.source())
    );
    let count = |table: &Surveyed, column: &str| {
        table.distinct.get(column).map_or_else(|| "-".to_owned(), |count| grouped(*count))
    };
    let head = ["table", "rows", "devices", "ids", "from"].map(str::to_owned);
    let row = |table: &Surveyed| {
        let ids = ["cve_id", "configuration_id", "alert_id", "incident_id"];
        let id = ids.into_iter().find(|id| table.distinct.contains_key(id));
        let ids = id.map_or_else(|| "-".to_owned(), |id| count(table, id));
        [table.table.to_owned(), grouped(table.rows), count(table, "device_id"), ids, from(table)]
    };
    let rows: Vec<[String; 5]> = std::iter::once(head).chain(tables.iter().map(row)).collect();
    let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or_default();
    let widths = [width(0), width(1), width(2), width(3)];
    for [table, rows, devices, ids, from] in &rows {
        let [a, b, c, d] = widths;
        let _ = writeln!(out, "{table:<a$}  {rows:>b$}  {devices:>c$}  {ids:>d$}  {from}");
    }
    let mixes = || tables.iter().flat_map(|table| &table.words);
    let column = mixes().map(|mix| name(mix).chars().count()).max().unwrap_or_default();
    for table in tables.iter().filter(|table| !table.words.is_empty()) {
        let _ = writeln!(out, "\n{}", table.table);
        for mix in &table.words {
            let _ = writeln!(out, "  {:<column$}  {}", name(mix), words(mix));
        }
    }
    out
}

/// A column, with its name in the source where that is another.
fn name(mix: &Mix) -> String {
    match mix.spelling == mix.column {
        true => mix.column.to_owned(),
        false => format!("{} ({})", mix.column, visible(&mix.spelling)),
    }
}

fn from(table: &Surveyed) -> String {
    match table.files.as_slice() {
        [] => "an empty directory".to_owned(),
        [one] => visible(one),
        [first, rest @ ..] => format!("{} and {} more", visible(first), rest.len()),
    }
}

fn words(mix: &Mix) -> String {
    let word = |word: &Word| {
        let rows = grouped(word.rows);
        match (word.written.as_str(), word.read_as) {
            ("", _) => format!("no value {rows}"),
            (written, Some(read)) if written == read => format!("{read} {rows}"),
            (written, Some(read)) => format!("{} = {read} {rows}", visible(written)),
            (written, None) => format!("{} = unknown {rows}", visible(written)),
        }
    };
    let shown: Vec<String> = mix.words.iter().take(WORDS_SHOWN).map(word).collect();
    let more = mix.words.len().saturating_sub(WORDS_SHOWN);
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    shown.join(", ") + &more
}

/// A number as a terminal shows it.
fn grouped(number: u64) -> String {
    in_threes(number, ',')
}
