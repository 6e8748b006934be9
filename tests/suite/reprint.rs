//! Of the last build is taken over what would be the same, and nothing else.
//!
//! Reports of random sites are edited in ways that other reports' pages show: titles, dates, labels, headings that links
//! lead to, passages that technique pages quote, names. After each edit the build that may take over is held against one
//! that may not.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::Duration;

use proptest::prelude::*;
use tempfile::TempDir;

use crate::bad_input::{self, A, DEVICES, REPORT, put};
use crate::bench::{cases, first_difference, hold, home, tree};
use crate::command::{said, threatpress};
use crate::world::files::Layout;
use crate::world::{World, furnished_worlds, site};

/// What changed less than this before a build is not taken on trust.
const STEP: Duration = Duration::from_millis(3100);

/// What is done to a report, which a number picks.
#[derive(Clone, Debug)]
enum Edit {
    /// Its text goes on.
    Say(usize, usize, Saying),
    /// A key of its front matter gets another value.
    Set(usize, &'static str, &'static str),
    /// Another report's text takes the place of its own.
    Copy(usize, usize),
}

#[derive(Clone, Copy, Debug)]
enum Saying {
    Words,
    /// A heading, to which another report may lead.
    Heading,
    /// A link to the other report's heading.
    Link,
    /// A passage and a query with a technique that the other report names.
    Technique,
}

fn edits() -> impl Strategy<Value = Edit> {
    let at = || any::<prop::sample::Index>().prop_map(|index| index.index(1 << 16));
    let saying = prop::sample::select(vec![Saying::Words, Saying::Heading, Saying::Link, Saying::Technique]);
    let keys = prop::sample::select(vec![
        ("title", "Another title"),
        ("title", "A third title"),
        ("summary", "Another summary."),
        ("severity", "critical"),
        ("severity", "low"),
        ("tlp", "green"),
        ("tlp", "amber"),
        ("published", "2026-01-02"),
        ("updated", "2026-10-20"),
        ("updated", "2026-11-01"),
        ("updated", "2026-11-10"),
        ("updated", "2026-11-15T10:00:00Z"),
        ("actors", "[Storm-0001]"),
        ("malware", "[Clop]"),
        ("tags", "[other]"),
        ("vulnerabilities", "[CVE-2026-9999]"),
    ]);
    prop_oneof![
        5 => (at(), at(), saying).prop_map(|(at, other, saying)| Edit::Say(at, other, saying)),
        5 => (at(), keys).prop_map(|(at, (key, value))| Edit::Set(at, key, value)),
        1 => (at(), at()).prop_map(|(at, other)| Edit::Copy(at, other)),
    ]
}

#[test]
fn what_is_taken_over_is_what_would_be_printed() {
    let scripts = (furnished_worlds(), prop::collection::vec(edits(), 6..10));
    let scripts = scripts.prop_filter("a site with several reports", |(world, _)| world.reports.len() > 2);
    hold(
        "what_is_taken_over_is_what_would_be_printed",
        scripts,
        cases(12),
        |(world, _)| vec![world.clone()],
        |(world, script)| run(world, script),
    );
    let [taken, printed, broken] = [&TAKEN, &PRINTED, &BROKEN].map(|count| count.load(Ordering::Relaxed));
    // Where all was printed, or nothing, nothing was tried.
    assert!(
        taken > printed / 2 && printed > taken / 100,
        "{taken} files were taken over, {printed} printed, {broken} sites broken"
    );
}

/// How many files stayed the ones they were, how many were written, and how many edits broke the site.
static TAKEN: AtomicUsize = AtomicUsize::new(0);
static PRINTED: AtomicUsize = AtomicUsize::new(0);
static BROKEN: AtomicUsize = AtomicUsize::new(0);

fn run(world: &World, script: &[Edit]) -> Result<(), String> {
    let home = home();
    let [site, out, anew] = ["site", "out", "anew"].map(|name| home.path().join(name));
    site::write_site(world, &Layout::plain(), &site);
    sleep(STEP);
    let build = |out: &Path, further: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
        command.args(["build", "--no-audit", "--site"]).arg(&site).arg("--out").arg(out).args(further);
        command.output().map(|output| output.status.success()).map_err(|error| error.to_string())
    };
    if !build(&out, &[])? {
        BROKEN.fetch_add(1, Ordering::Relaxed);
        return Ok(());
    }
    for edit in script {
        edit.make(&site);
        let before = standing(&out);
        let (is_built, is_built_anew) = (build(&out, &[])?, build(&anew, &["--no-cache"])?);
        if is_built != is_built_anew {
            return Err(format!("after {edit:?} one of the builds fails and the other does not"));
        }
        if !is_built {
            BROKEN.fetch_add(1, Ordering::Relaxed);
            continue;
        }
        for role in &world.config.roles {
            let [taken, printed] = [&out, &anew].map(|out| tree(&out.join(&role.name)));
            if let Some(difference) = first_difference(&taken, &printed) {
                return Err(format!("after {edit:?} {}/{difference}", role.name));
            }
        }
        count(&before, &standing(&out));
    }
    Ok(())
}

impl Edit {
    fn make(&self, site: &Path) {
        let files = reports(site);
        let file = |at: usize| &files[at % files.len()];
        let (Self::Say(at, ..) | Self::Set(at, ..) | Self::Copy(at, _)) = self;
        let text = fs::read_to_string(file(*at)).unwrap();
        let text = match self {
            Self::Say(_, other, saying) => {
                let other = file(*other);
                let said = saying.words(&slug(other), &fs::read_to_string(other).unwrap());
                format!("{text}\n\n{said}\n")
            }
            Self::Set(_, key, value) => set(&text, key, value),
            Self::Copy(_, other) => {
                let (front, _) = split(&text);
                let other = fs::read_to_string(file(*other)).unwrap();
                format!("{front}{}", split(&other).1)
            }
        };
        // As editors save: another file, put in its place.
        let new = file(*at).with_extension("new");
        fs::write(&new, text).unwrap();
        fs::rename(&new, file(*at)).unwrap();
    }
}

impl Saying {
    fn words(self, slug: &str, other: &str) -> String {
        match self {
            Self::Words => "More words.".to_owned(),
            Self::Heading => "## Where links lead\n\nHere.".to_owned(),
            Self::Link => format!("See [there](../{slug}/#where-links-lead), [or here](../{slug}/)."),
            Self::Technique => {
                let found = other.match_indices('T').find_map(|(at, _)| {
                    other.get(at..at + 5).filter(|id| id[1..].bytes().all(|byte| byte.is_ascii_digit()))
                });
                let id = found.unwrap_or("T1059");
                format!("## How it is found\n\nThey use {id}.\n\n```kql\nDeviceEvents // {id}\n```")
            }
        }
    }
}

/// The files of the reports, by name.
fn reports(site: &Path) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(site.join("content/reports")).sort_by_file_name();
    let files = walk.into_iter().map(|entry| entry.unwrap().into_path());
    files.filter(|path| path.extension().is_some_and(|end| end == "md")).collect()
}

fn slug(report: &Path) -> String {
    let named = if report.ends_with("index.md") { report.parent().unwrap() } else { report };
    named.file_stem().unwrap().to_str().unwrap().to_owned()
}

/// Front matter with its marks, and the text after it.
fn split(text: &str) -> (&str, &str) {
    let end = text.match_indices("\n---").next().map_or(0, |(at, mark)| at + mark.len());
    text.split_at(end)
}

/// The report with another line for a key of its front matter.
fn set(text: &str, key: &str, value: &str) -> String {
    let (front, body) = split(text);
    let own = format!("{key}:");
    let kept: Vec<&str> = front.lines().filter(|line| !line.starts_with(&own)).collect();
    let (first, rest) = kept.split_first().unwrap();
    format!("{first}\n{own} {value}\n{}{body}", rest.join("\n"))
}

/// What tells a file of an output from another, by its path.
fn standing(out: &Path) -> BTreeMap<PathBuf, (u64, i64)> {
    let stamp = |metadata: &Metadata| (metadata.ino(), metadata.mtime());
    let files = walkdir::WalkDir::new(out).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    files.map(|entry| (entry.path().to_owned(), stamp(&entry.metadata().unwrap()))).collect()
}

fn count(before: &BTreeMap<PathBuf, (u64, i64)>, after: &BTreeMap<PathBuf, (u64, i64)>) {
    let taken = after.iter().filter(|(path, stamp)| before.get(*path) == Some(stamp)).count();
    TAKEN.fetch_add(taken, Ordering::Relaxed);
    PRINTED.fetch_add(after.len() - taken, Ordering::Relaxed);
}

/// A site of two roles; as it is built, of two reports, of one of which one role does not see all.
struct Two(TempDir);

impl Two {
    fn built() -> Self {
        let site = Self(bad_input::site());
        put(site.path(), "content/reports/b.md", REPORT.replace("title: A", "title: B").as_bytes());
        site.says("Words.", "Secret.");
        sleep(STEP);
        site.build(&[]);
        site
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// What the first report says, and to whom it says more.
    fn says(&self, words: &str, secret: &str) {
        put(self.path(), A, format!("{REPORT}\n{words}\n\n::: scope tlp=\"red\"\n{secret}\n:::\n").as_bytes());
    }

    fn build(&self, further: &[&str]) {
        let output = threatpress([&["build", "--site", self.path().to_str().unwrap()], further].concat());
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        assert!(said(&output).contains("Built "), "{}", said(&output));
    }

    fn out(&self, role: &str) -> PathBuf {
        self.path().join("output").join(role)
    }

    /// The files of a role that are others than they were, by their paths.
    fn changed(&self, role: &str, change: impl FnOnce()) -> Vec<String> {
        let before = standing(&self.out(role));
        change();
        let after = standing(&self.out(role));
        let is_other = |(path, stamp): &(&PathBuf, &(u64, i64))| {
            let last = before.get(*path);
            assert!(last.is_none_or(|last| last == *stamp || last.1 < stamp.1), "{} has a later time", path.display());
            last != Some(*stamp)
        };
        let changed = after.iter().filter(is_other).map(|(path, _)| path.strip_prefix(self.out(role)).unwrap());
        changed.map(|path| path.display().to_string()).collect()
    }

    /// Whether the output is that of a build that takes nothing over.
    fn is_as_built_anew(&self, further: &[&str]) {
        let anew = home();
        self.build(&[&["--no-cache", "--out", anew.path().to_str().unwrap()], further].concat());
        for role in ["soc", "emea"] {
            assert_eq!(first_difference(&tree(&self.out(role)), &tree(&anew.path().join(role))), None, "{role}");
        }
    }
}

#[test]
fn a_file_has_another_time_where_a_reader_would_find_other_bytes() {
    let site = Two::built();
    // What a role does not see does not even show in the times of its files, nor where it was saved so lately that nothing
    // is taken on trust.
    let hidden = site.changed("emea", || {
        site.says("Words.", "Another secret.");
        site.build(&[]);
        put(site.path(), "content/pages/secret.md", b"---\ntitle: Secret\ntlp: red\n---\nSecret.\n");
        site.build(&[]);
        site.is_as_built_anew(&[]);
        site.says("Words.", "A secret again.");
        site.build(&[]);
    });
    assert_eq!(hidden, Vec::<String>::new());
    let seen = site.changed("soc", || {
        site.says("Words.", "A third secret.");
        site.build(&[]);
    });
    let pages = ["threats/a/analyst-report/index.html", "threats/a/print/index.html"];
    assert!(pages.iter().all(|page| seen.iter().any(|path| path == page)), "{seen:?}");
    let is_its_own = |path: &String| ["threats/a/", "search/", "manifest.json"].iter().any(|own| path.starts_with(own));
    assert!(seen.iter().all(is_its_own), "{seen:?}");
    // A build that takes nothing over leaves what the next one would: other files with the same bytes.
    let anew = site.changed("emea", || site.build(&["--no-cache"]));
    assert!(anew.len() > 50, "{anew:?}");
    site.is_as_built_anew(&[]);
}

#[test]
fn what_a_report_comes_to_name_reaches_the_pages_of_others() {
    let site = Two::built();
    site.says("See <https://evil.example/x>.", "Secret.");
    site.build(&[]);
    let indicator = "indicators: [{type: domain, value: evil.example}]\ntlp: amber";
    let other = REPORT.replace("title: A", "title: B").replace("tlp: amber", indicator);
    let changed = site.changed("emea", || {
        put(site.path(), "content/reports/b.md", other.as_bytes());
        site.build(&[]);
    });
    assert!(changed.iter().any(|path| path == "threats/a/analyst-report/index.html"), "{changed:?}");
    site.is_as_built_anew(&[]);
}

#[test]
fn where_a_report_moves_those_around_it_follow() {
    let site = Two(bad_input::site());
    let report = |name: &str, day: usize, actors: &str| {
        let text = REPORT
            .replace("published: 2026-11-02", &format!("published: 2026-10-{day:02}T06:00:00Z\nactors: {actors}"));
        put(site.path(), &format!("content/reports/{name}.md"), text.as_bytes());
    };
    for day in 1..9 {
        report(&format!("kin-{day}"), day, "[Storm-0001]");
        report(&format!("lone-{day}"), 10 + day, "[]");
    }
    sleep(STEP);
    site.build(&[]);
    // The latest five of its kin are shown on a report's page, and this one was the oldest of seven.
    report("kin-1", 25, "[Storm-0001]");
    let changed = site.changed("soc", || site.build(&[]));
    site.is_as_built_anew(&[]);
    let is_changed = |changed: &[String], report: &str| changed.contains(&format!("threats/{report}/index.html"));
    assert!(is_changed(&changed, "kin-4") && !is_changed(&changed, "lone-3"), "{changed:?}");
    // It comes to stand between two others, which it shares nothing with.
    report("lone-1", 14, "[]");
    let changed = site.changed("soc", || site.build(&[]));
    site.is_as_built_anew(&[]);
    assert!(is_changed(&changed, "lone-5") && !is_changed(&changed, "lone-7"), "{changed:?}");
}

#[test]
fn whatever_else_changes_is_printed() {
    let site = Two::built();
    let write = |path: &str, text: &str| put(site.path(), path, text.as_bytes());
    let config = fs::read_to_string(site.path().join("threatpress.yaml")).unwrap();
    let changes: [(&str, &dyn Fn()); 10] = [
        ("the configuration", &|| write("threatpress.yaml", &config.replace("title: T", "title: Another"))),
        ("the theme", &|| write("themes/default/static/more.css", "p { color: red }")),
        ("a page", &|| write("content/pages/p.md", "---\ntitle: P\ntlp: green\n---\nP.\n")),
        ("knowledge", &|| write("content/knowledge/kev.json", r#"{"vulnerabilities": []}"#)),
        ("a row", &|| write("content/snapshots/1/devices.csv", &format!("{DEVICES}d3,three,EMEA\n"))),
        ("a snapshot", &|| {
            write("content/snapshots/2/snapshot.yaml", "as_of: 2026-11-17T06:00:00Z\n");
            write("content/snapshots/2/devices.csv", DEVICES);
        }),
        ("a report more", &|| write("content/reports/c.md", &REPORT.replace("title: A", "title: C"))),
        ("an audience", &|| {
            let text = REPORT.replace("title: A", "title: C").replace("tlp: amber", "tlp: amber\naudience: [soc]");
            write("content/reports/c.md", &text);
        }),
        ("a report less", &|| fs::remove_file(site.path().join("content/reports/b.md")).unwrap()),
        ("a file beside a report", &|| {
            for (home, size) in [("x", 20), ("y", 90)] {
                let place = site.path().join("content/reports").join(home);
                fs::create_dir_all(&place).unwrap();
                fs::write(place.join("a.png"), crate::png::grey(size, size, 9, &[])).unwrap();
            }
            let text = REPORT.replace("tlp: amber", "tlp: amber\nslug: moved") + "\n![P](a.png)\n";
            write("content/reports/x/index.md", &text);
        }),
    ];
    for (what, change) in changes {
        change();
        sleep(STEP);
        site.build(&[]);
        println!("{what}");
        site.is_as_built_anew(&[]);
    }
    // The same text beside another image.
    fs::rename(site.path().join("content/reports/x/index.md"), site.path().join("content/reports/y/index.md")).unwrap();
    sleep(STEP);
    site.build(&[]);
    site.is_as_built_anew(&[]);
    for further in [&["--as-of", "2026-12-01T00:00:00Z"][..], &["--drafts"]] {
        site.build(further);
        site.is_as_built_anew(further);
    }
}

#[test]
fn what_is_damaged_is_printed_again() {
    let site = Two::built();
    let cache = site.path().join(".threatpress/cache");
    let plates = || fs::read_dir(&cache).unwrap().map(|entry| entry.unwrap().path());
    let plates: Vec<PathBuf> = plates().filter(|path| path.extension().is_some_and(|end| end == "plates")).collect();
    assert_eq!(plates.len(), 2, "one for each role");
    for (at, path) in plates.iter().enumerate() {
        let good = fs::read(path).unwrap();
        fs::write(path, if at == 0 { &good[..good.len() / 2] } else { &good[1..] }).unwrap();
    }
    // A page that somebody changed is not taken over, nor one in whose place another stands.
    site.says("Other words.", "Secret.");
    site.build(&[]);
    site.is_as_built_anew(&[]);
    for role in ["soc", "emea"] {
        fs::write(site.out(role).join("threats/b/index.html"), "defaced").unwrap();
        fs::remove_file(site.out(role).join("threats/b/data.json")).unwrap();
        std::os::unix::fs::symlink("/etc/hostname", site.out(role).join("threats/b/data.json")).unwrap();
    }
    site.says("Words again.", "Secret.");
    site.build(&[]);
    site.is_as_built_anew(&[]);
}
