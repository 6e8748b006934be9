//! The room against a real disk: what editors and programs do to files, as they do it.
//!
//! Somebody who knows of the site only what batches tell has to end up with what is on disk.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use walkdir::WalkDir;

use super::{Batch, Places, Watcher};
use crate::diagnostics::Code;

/// The longest that anything is waited for; a machine may have more to do than this.
const LIMIT: Duration = Duration::from_secs(60);

fn places(root: PathBuf) -> Places {
    Places {
        config: root.join("threatpress.yaml"),
        content: root.join("content"),
        themes: root.join("themes"),
        snapshots: root.join("content/snapshots"),
        named: None,
        root,
    }
}

/// A site on disk, and somebody who watches it.
struct Site {
    directory: tempfile::TempDir,
    batches: Receiver<Batch>,
    stop: Box<dyn Fn() + Send>,
    watching: Option<JoinHandle<()>>,
    /// What was told so far.
    told: Vec<Batch>,
    /// What is known of the site by what was told.
    known: BTreeMap<PathBuf, Vec<u8>>,
}

impl Site {
    fn new() -> Self {
        Self::with(false, |root| {
            fs::create_dir_all(root.join("content/reports")).expect("made");
            fs::create_dir_all(root.join("themes/plain")).expect("made");
            fs::write(root.join("content/reports/report.md"), "old").expect("written");
            fs::write(root.join("threatpress.yaml"), "title: old").expect("written");
        })
    }

    /// A site that `make` has made, in a directory that has not been there before.
    fn with(poll: bool, make: impl FnOnce(&Path)) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let root = directory.path().join("site");
        fs::create_dir(&root).expect("made");
        make(&root);
        let mut watcher = Watcher::start(places(root), poll);
        assert!(watcher.problems().is_empty(), "{:?}", watcher.problems());
        Self::watched(directory, watcher)
    }

    fn watched(directory: tempfile::TempDir, mut watcher: Watcher) -> Self {
        let stop = Box::new(watcher.stopper());
        let (sender, batches) = channel();
        let watching = thread::spawn(move || {
            while let Some(batch) = watcher.next() {
                sender.send(batch).expect("somebody listens");
            }
        });
        let mut site =
            Self { directory, batches, stop, watching: Some(watching), told: vec![], known: BTreeMap::new() };
        site.known = site.on_disk();
        site
    }

    fn at(&self, path: &str) -> PathBuf {
        self.directory.path().join("site").join(path)
    }

    fn write(&self, path: &str, text: &str) {
        fs::create_dir_all(self.at(path).parent().expect("in a directory")).expect("made");
        fs::write(self.at(path), text).expect("written");
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.at(from), self.at(to)).expect("renamed");
    }

    fn remove(&self, path: &str) {
        fs::remove_file(self.at(path)).expect("removed");
    }

    /// What readers of a site read, without the snapshots.
    fn on_disk(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        for place in ["threatpress.yaml", "content", "themes"] {
            read(&self.at(place), &mut files);
        }
        files
    }

    /// Takes in the next batch, as somebody would who trusts it.
    fn hear(&mut self, limit: Duration) -> bool {
        let Ok(batch) = self.batches.recv_timeout(limit) else { return false };
        if batch.everything {
            self.known = self.on_disk();
        }
        for path in &batch.paths {
            let inside = self.known.range(path.clone()..).map(|(known, _)| known);
            let gone: Vec<PathBuf> = inside.take_while(|known| known.starts_with(path)).cloned().collect();
            gone.iter().for_each(|known| drop(self.known.remove(known)));
            read(path, &mut self.known);
        }
        self.told.push(batch);
        true
    }

    /// Waits until what is known is what is on disk, and nothing more is told.
    fn settle(&mut self) {
        let began = Instant::now();
        while self.hear(Duration::from_millis(400)) || self.known != self.on_disk() {
            assert!(began.elapsed() < LIMIT, "never told: {:?}", self.told);
        }
    }

    /// Waits until a batch is told that is as `wanted`.
    fn until(&mut self, wanted: impl Fn(&Batch) -> bool) {
        let began = Instant::now();
        while !self.told.iter().any(&wanted) {
            assert!(began.elapsed() < LIMIT, "never told: {:?}", self.told);
            self.hear(Duration::from_millis(100));
        }
    }

    /// The paths that were told, each once, relative to the site.
    fn paths(&self) -> BTreeSet<String> {
        let relative = |path: &PathBuf| path.strip_prefix(self.at("")).expect("in the site").display().to_string();
        self.told.iter().flat_map(|batch| &batch.paths).map(relative).collect()
    }

    /// Holds that these paths were told and nothing else.
    fn told(&mut self, paths: &[&str]) {
        self.settle();
        assert!(!self.told.iter().any(|batch| batch.everything), "{:?}", self.told);
        assert_eq!(self.paths(), paths.iter().map(|path| (*path).to_owned()).collect());
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        (self.stop)();
        let ended = self.watching.take().map(JoinHandle::join);
        assert!(thread::panicking() || ended.is_some_and(|ended| ended.is_ok()));
    }
}

/// Reads a file, or all files in a directory that are no link and not hidden, but the snapshots.
fn read(path: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    let is_read = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || !name.starts_with('.') && name != "snapshots"
    };
    for entry in WalkDir::new(path).follow_root_links(false).into_iter().filter_entry(is_read).flatten() {
        let is_theirs = super::is_temporary(entry.path());
        if entry.file_type().is_file() && !is_theirs {
            files.insert(entry.path().to_owned(), fs::read(entry.path()).unwrap_or_default());
        }
    }
}

#[test]
fn a_file_written_in_its_place_is_told() {
    let mut site = Site::new();
    let mut file = File::options().write(true).truncate(true).open(site.at("content/reports/report.md")).expect("open");
    file.write_all(b"new").expect("written");
    drop(file);
    site.told(&["content/reports/report.md"]);
}

#[test]
fn a_file_renamed_over_another_is_told_without_the_name_it_had() {
    let mut site = Site::new();
    site.write("content/reports/report.md.tmp", "new");
    site.rename("content/reports/report.md.tmp", "content/reports/report.md");
    site.told(&["content/reports/report.md"]);
}

#[test]
fn vim_is_told_as_one_file() {
    let mut site = Site::new();
    site.write("content/reports/.report.md.swp", "swap");
    site.write("content/reports/4913", "");
    site.remove("content/reports/4913");
    site.rename("content/reports/report.md", "content/reports/report.md~");
    site.write("content/reports/report.md", "new");
    site.remove("content/reports/report.md~");
    site.remove("content/reports/.report.md.swp");
    site.told(&["content/reports/report.md"]);
}

#[cfg(unix)]
#[test]
fn emacs_is_told_as_one_file() {
    let mut site = Site::new();
    std::os::unix::fs::symlink("author@host.1:2", site.at("content/reports/.#report.md")).expect("linked");
    site.write("content/reports/#report.md#", "half of it");
    fs::copy(site.at("content/reports/report.md"), site.at("content/reports/report.md~")).expect("copied");
    site.write("content/reports/report.md", "new");
    site.remove("content/reports/#report.md#");
    site.remove("content/reports/.#report.md");
    site.told(&["content/reports/report.md"]);
}

#[test]
fn jetbrains_is_told_as_one_file() {
    let mut site = Site::new();
    site.write("content/reports/report.md___jb_tmp___", "new");
    site.rename("content/reports/report.md", "content/reports/report.md___jb_old___");
    site.rename("content/reports/report.md___jb_tmp___", "content/reports/report.md");
    site.remove("content/reports/report.md___jb_old___");
    site.told(&["content/reports/report.md"]);
}

#[test]
fn what_is_no_part_of_the_site_is_not_told() {
    let mut site = Site::new();
    for other in [".git/index", "output/soc/index.html", "README.md", "content/.git/HEAD", "content/reports/.DS_Store"]
    {
        site.write(other, "other");
    }
    site.write("threatpress.yaml", "title: new");
    site.told(&["threatpress.yaml"]);
}

#[test]
fn all_that_a_site_is_made_of_is_told() {
    let mut site = Site::new();
    let files = [
        "content/reports/report/index.md",
        "content/reports/report/chart.png",
        "content/reports/report/indicators.csv",
    ];
    for file in files {
        site.write(file, "new");
    }
    site.write("content/pages/about.md", "new");
    site.write("content/knowledge/cve/CVE-2025-1.json", "{}");
    site.write("themes/plain/static/theme.css", "new");
    site.settle();
    let paths = site.paths();
    assert!(files.iter().all(|file| paths.contains(*file)), "{paths:?}");
}

#[test]
fn a_directory_that_leaves_and_comes_back_is_watched_as_before() {
    let mut site = Site::new();
    site.write("content/reports/5036/index.md", "new");
    site.write("content/reports/5036/deep/er/chart.png", "new");
    site.settle();
    site.rename("content/reports/5036", "aside");
    site.settle();
    assert!(!site.known.keys().any(|path| path.starts_with(site.at("content/reports/5036"))));
    site.write("aside/index.md", "changed elsewhere");
    site.rename("aside", "content/reports/5036");
    site.settle();
    site.write("content/reports/5036/index.md", "changed here");
    site.write("content/reports/5036/deep/er/chart.png", "changed here");
    site.rename("content/reports/5036", "content/reports/7");
    site.settle();
    site.write("content/reports/7/index.md", "changed there");
    site.settle();
    assert_eq!(site.known[&site.at("content/reports/7/index.md")], b"changed there");
}

#[test]
fn names_that_differ_in_case_alone_are_two_names() {
    let mut site = Site::new();
    site.rename("content/reports/report.md", "content/reports/Report.md");
    site.told(&["content/reports/report.md", "content/reports/Report.md"]);
}

#[test]
fn a_place_that_goes_and_comes_back_is_watched_again() {
    let mut site = Site::new();
    for place in ["content", "themes", ""] {
        fs::remove_dir_all(site.at(place)).expect("removed");
        site.until(|batch| batch.everything);
        site.settle();
        site.told.clear();
        site.write("content/reports/report.md", "back");
        site.write("themes/plain/theme.yaml", "back");
        site.until(|batch| batch.everything);
        site.settle();
        site.told.clear();
        site.write("content/reports/report.md", "changed");
        site.told(&["content/reports/report.md"]);
        site.told.clear();
    }
}

#[test]
fn a_place_that_is_moved_away_is_not_watched_there() {
    let mut site = Site::new();
    site.rename("content", "elsewhere");
    site.until(|batch| batch.everything);
    site.settle();
    site.told.clear();
    site.write("elsewhere/reports/report.md", "changed elsewhere");
    site.write("themes/plain/theme.yaml", "new");
    site.told(&["themes/plain/theme.yaml"]);
}

#[test]
fn places_that_are_not_there_yet_are_noticed() {
    let mut site = Site::with(false, |_| ());
    for file in ["threatpress.yaml", "themes/plain/theme.yaml", "content/pages/about.md", "content/reports/new.md"] {
        site.write(file, "new");
        site.settle();
        site.told.clear();
        site.write(file, "newer");
        site.told(&[file]);
        site.told.clear();
    }
}

#[cfg(unix)]
#[test]
fn links_are_followed_where_the_readers_follow_them() {
    use std::os::unix::fs::symlink;
    let mut site = Site::with(false, |root| {
        for directory in ["one/reports", "two/reports", "shared", "content"] {
            fs::create_dir_all(root.join(directory)).expect("made");
        }
        symlink("../one/reports", root.join("content/reports")).expect("linked");
        symlink("../../shared", root.join("one/reports/shared")).expect("linked");
    });
    site.write("one/reports/report.md", "new");
    site.until(|batch| batch.paths.iter().any(|path| path.ends_with("content/reports/report.md")));
    site.write("shared/index.md", "a report's directory is no link");
    fs::remove_file(site.at("content/reports")).expect("removed");
    symlink("../two/reports", site.at("content/reports")).expect("linked");
    site.until(|batch| batch.paths.iter().any(|path| path.ends_with("content/reports")));
    site.write("two/reports/another.md", "new");
    site.until(|batch| batch.paths.iter().any(|path| path.ends_with("content/reports/another.md")));
    assert!(!site.paths().iter().any(|path| path.contains("shared/index.md")), "{:?}", site.told);
}

#[test]
fn a_snapshot_is_told_when_it_is_whole_and_holds_up_nothing() {
    let mut site = Site::new();
    let snapshot = site.at("content/snapshots/2026-11-16");
    site.write("content/snapshots/2026-11-09/snapshot.yaml", "as_of: 2026-11-09T06:00:00Z");
    site.until(|batch| batch.everything);
    let mut table = Vec::new();
    let mut was_told_meanwhile = false;
    for row in 0..40 {
        table.extend_from_slice(format!("device-{row}\n").as_bytes());
        fs::create_dir_all(&snapshot).expect("made");
        fs::write(snapshot.join("devices.csv"), &table).expect("written");
        site.write("content/reports/report.md", &row.to_string());
        site.hear(Duration::from_millis(50));
        let told = |batch: &Batch| batch.unfinished.contains(&snapshot) && !batch.paths.contains(&snapshot);
        was_told_meanwhile |= site.told.last().is_some_and(told);
    }
    assert!(was_told_meanwhile, "{:?}", site.told);
    site.told.clear();
    site.until(|batch| batch.paths.contains(&snapshot) && batch.unfinished.is_empty());
    fs::remove_dir_all(&snapshot).expect("removed");
    site.told.clear();
    site.until(|batch| batch.paths.contains(&snapshot));
    assert!(!site.paths().iter().any(|path| path.contains("devices.csv")), "{:?}", site.told);
}

/// So many batches at most: a few while nobody knows yet that it is a flood, then five a second, however long the machine
/// takes for it.
fn few_in(began: Instant) -> usize {
    10 + usize::try_from(began.elapsed().as_millis() / 200).unwrap_or(usize::MAX)
}

#[test]
#[allow(clippy::print_stdout, reason = "what was passed over is said")]
fn a_checkout_of_a_thousand_files_is_few_batches() {
    let mut site = Site::new();
    let root = site.at("");
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=author", "-c", "user.email=author@example.org", "-c", "commit.gpgsign=false"];
        let run = Command::new("git").arg("-C").arg(&root).args(identity).args(arguments).output();
        run.is_ok_and(|output| output.status.success())
    };
    if !git(&["init", "--quiet"]) {
        println!("note: there is no git on this machine, so that no checkout is watched");
        return;
    }
    let write = |text: &str| (0..1000).for_each(|number| site.write(&format!("content/reports/{number}.md"), text));
    write("first");
    assert!(git(&["add", "."]) && git(&["commit", "--quiet", "-m", "first"]) && git(&["tag", "first"]));
    write("second");
    assert!(git(&["commit", "--quiet", "-a", "-m", "second"]));
    site.settle();
    for arguments in [vec!["checkout", "--quiet", "first"], vec!["checkout", "--quiet", "-"]] {
        site.told.clear();
        let began = Instant::now();
        assert!(git(&arguments));
        site.settle();
        assert!(site.told.len() <= few_in(began), "{} batches", site.told.len());
        assert_eq!(site.paths().len(), 1000);
    }
}

#[test]
fn a_flood_is_few_batches_and_nothing_is_lost() {
    let mut site = Site::new();
    let began = Instant::now();
    (0..20_000).for_each(|number| site.write(&format!("content/reports/{}/{number}.png", number % 50), "new"));
    site.settle();
    assert!(site.told.len() <= few_in(began), "{} batches", site.told.len());
    // Whether that was too much to be told path by path depends on how fast the disk is: the gathering's own tests say
    // what happens then.
    site.told.clear();
    site.write("content/reports/7/7.png", "changed");
    site.told(&["content/reports/7/7.png"]);
}

#[test]
fn two_hundred_saves_end_with_the_last() {
    let mut site = Site::new();
    for number in 0..200 {
        site.write("content/reports/report.md", &number.to_string());
        thread::sleep(Duration::from_millis(3));
    }
    site.told(&["content/reports/report.md"]);
    assert_eq!(site.known[&site.at("content/reports/report.md")], b"199");
}

/// Overwrites a file with as many bytes, and gives it back the time it had.
fn change_in_secret(path: &Path) {
    let modified = path.metadata().and_then(|metadata| metadata.modified()).expect("a time");
    let text = fs::read_to_string(path).expect("read").chars().rev().collect::<String>();
    fs::write(path, text).expect("written");
    File::options().write(true).open(path).and_then(|file| file.set_modified(modified)).expect("set");
}

#[test]
fn polling_tells_what_has_come_changed_or_gone() {
    let mut site = Site::with(true, |root| {
        fs::create_dir_all(root.join("content/reports")).expect("made");
        fs::write(root.join("content/reports/report.md"), "old").expect("written");
    });
    change_in_secret(&site.at("content/reports/report.md"));
    site.told(&["content/reports/report.md"]);
    site.told.clear();
    site.write("content/reports/4913", "");
    site.write("content/reports/report.md~", "old");
    site.write("threatpress.yaml", "title: new");
    site.told(&["threatpress.yaml"]);
    site.told.clear();
    fs::remove_dir_all(site.at("content")).expect("removed");
    site.settle();
    site.write("content/reports/report/index.md", "back");
    site.settle();
    site.write("content/snapshots/2026-11-16/snapshot.yaml", "as_of: 2026-11-16T06:00:00Z");
    site.until(|batch| batch.paths.iter().any(|path| path.ends_with("2026-11-16")));
}

#[test]
fn where_the_system_can_watch_no_more_files_are_looked_at() {
    let directory = tempfile::tempdir().expect("a directory");
    let root = directory.path().join("site");
    fs::create_dir_all(root.join("content/reports")).expect("made");
    let mut watcher = Watcher::start(places(root), false);
    watcher.poll_instead(&notify::Error::new(notify::ErrorKind::MaxFilesWatch));
    let told: Vec<Code> = watcher.problems().iter().map(|problem| problem.code).collect();
    assert_eq!(told, [Code::NotWatched]);
    assert!(watcher.problems().is_empty(), "told twice");
    let mut site = Site::watched(directory, watcher);
    site.until(|batch| batch.everything);
    site.told.clear();
    site.write("content/reports/report.md", "new");
    site.settle();
    assert!(site.paths().contains("content/reports/report.md"));
}

/// The threads and the descriptors of the system's watching that this process has.
#[cfg(target_os = "linux")]
fn held() -> (usize, usize) {
    let entries = |directory: &str| fs::read_dir(directory).expect("read").flatten().map(|entry| entry.path());
    let is_theirs = |name: String| name.starts_with("notify-rs");
    let threads = entries("/proc/self/task").filter_map(|task| fs::read_to_string(task.join("comm")).ok());
    let files = entries("/proc/self/fd").filter_map(|file| fs::read_link(file).ok());
    (
        threads.filter(|name| is_theirs(name.clone())).count(),
        files.filter(|to| to.ends_with("anon_inode:inotify")).count(),
    )
}

#[cfg(target_os = "linux")]
#[test]
fn what_watched_is_given_back() {
    // The other tests watch too, one or two times each.
    const OTHERS: usize = 30;
    (0..OTHERS).for_each(|_| drop(Site::new()));
    let mut site = Site::new();
    for _ in 0..OTHERS {
        site.rename("content", "aside");
        site.rename("aside", "content");
        site.told.clear();
        site.until(|batch| batch.everything);
    }
    let began = Instant::now();
    while held().0 > OTHERS || held().1 > OTHERS {
        assert!(began.elapsed() < LIMIT, "{:?} threads and descriptors are left", held());
        thread::sleep(Duration::from_millis(100));
    }
}

/// Something that is done to a site.
#[derive(Clone, Debug)]
enum Deed {
    Write(usize, u8),
    Replace(usize, u8),
    Remove(usize),
    Move(usize, usize),
    Wait(u64),
}

/// Files and directories that deeds are done to; each but the last few is in one of the others.
const NAMES: [&str; 8] = [
    "content/reports/a.md",
    "content/reports/b/index.md",
    "content/reports/b/chart.png",
    "content/reports/b",
    "content/reports",
    "content",
    "themes/plain",
    "elsewhere",
];

fn deed() -> impl Strategy<Value = Deed> {
    let file = || 0..3_usize;
    let path = || 0..NAMES.len();
    prop_oneof![
        4 => (file(), any::<u8>()).prop_map(|(file, text)| Deed::Write(file, text)),
        4 => (file(), any::<u8>()).prop_map(|(file, text)| Deed::Replace(file, text)),
        1 => path().prop_map(Deed::Remove),
        2 => (path(), path()).prop_map(|(from, to)| Deed::Move(from, to)),
        2 => (0..80_u64).prop_map(Deed::Wait),
    ]
}

impl Deed {
    /// Does it, where it can be done.
    fn apply(&self, site: &Site) {
        let path = |index: usize| site.at(NAMES[index]);
        match *self {
            Self::Write(file, text) => {
                let _ = path(file).parent().map(fs::create_dir_all);
                let _ = fs::write(path(file), text.to_string());
            }
            Self::Replace(file, text) => {
                let beside = path(file).with_extension("tmp");
                let _ = fs::write(&beside, text.to_string()).and_then(|()| fs::rename(&beside, path(file)));
            }
            Self::Remove(index) => {
                let _ = fs::remove_file(path(index)).or_else(|_| fs::remove_dir_all(path(index)));
            }
            Self::Move(from, to) => {
                let _ = path(to).parent().map(fs::create_dir_all);
                let _ = fs::rename(path(from), path(to));
            }
            Self::Wait(milliseconds) => thread::sleep(Duration::from_millis(milliseconds)),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_is_told(deeds in prop::collection::vec(deed(), 1..40)) {
        let mut site = Site::new();
        deeds.iter().for_each(|deed| deed.apply(&site));
        site.settle();
    }
}

/// Snapshots are looked at with all else, and their many files can take far longer.
#[test]
#[cfg(unix)]
fn what_takes_long_to_look_at_is_looked_at_rarely() {
    let directory = tempfile::tempdir().expect("a directory");
    let root = directory.path().join("site");
    let places = places(root.clone());
    fs::create_dir_all(&places.snapshots).expect("made");
    let large = directory.path().join("large/devices");
    fs::create_dir_all(&large).expect("made");
    (0..2000).for_each(|number| drop(File::create(large.join(number.to_string())).expect("made")));
    for number in 0..50 {
        std::os::unix::fs::symlink(directory.path().join("large"), places.snapshots.join(number.to_string()))
            .expect("linked");
    }
    let mut watcher = Watcher::start(places, true);
    let began = Instant::now();
    watcher.look(began + LIMIT);
    let spent = began.elapsed();
    let super::Source::Polling(polling) = &watcher.source else { panic!("it looks by itself") };
    let pause = polling.due().saturating_duration_since(Instant::now());
    assert!(pause > spent * 5, "after {spent:?} it rests for {pause:?}");
}
