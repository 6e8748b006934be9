//! The room as a whole, against a real disk.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{MANIFEST, Output, Sealed, read_manifest, swap_all};
use crate::diagnostics::{Code, Diagnostic};

/// A directory with an output in it that nobody has opened yet.
struct Place {
    root: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { root: tempfile::tempdir().expect("a directory") }
    }

    fn out(&self) -> PathBuf {
        self.root.path().join("output")
    }

    fn open(&self) -> Output {
        Output::open(&self.out()).expect("opened")
    }

    /// Everything below the output directory but the lock and the ignore file.
    fn tree(&self) -> Vec<String> {
        let paths = walkdir::WalkDir::new(self.out()).min_depth(1).sort_by_file_name().into_iter();
        let paths = paths.map(|entry| entry.expect("an entry").into_path());
        let relative = |path: PathBuf| path.strip_prefix(self.out()).expect("below").display().to_string();
        let ours = |path: &String| !path.starts_with(".threatpress");
        let litter = fs::read_dir(self.out().join(".threatpress")).expect("opened before");
        let litter = litter.map(|entry| entry.expect("an entry").file_name().display().to_string());
        let litter = litter.filter(|name| name != "lock" && name != ".gitignore");
        paths.map(relative).filter(ours).chain(litter).collect()
    }
}

fn sealed<'a>(output: &'a Output, role: &str, files: &[(&str, &str)]) -> Sealed<'a> {
    let staging = output.stage(role).expect("staged");
    for (path, text) in files {
        staging.write(path, text.as_bytes()).expect("written");
    }
    staging.seal("2026-11-16T06:00:00Z".parse().expect("a time"), true).expect("sealed")
}

fn publish(output: &Output, role: &str, files: &[(&str, &str)]) {
    sealed(output, role, files).swap().expect("swapped");
}

fn code<T>(outcome: Result<T, Diagnostic>) -> Option<Code> {
    outcome.err().map(|diagnostic| diagnostic.code)
}

#[test]
fn a_first_build_stands_whole_with_its_manifest() {
    let place = Place::new();
    publish(&place.open(), "soc", &[("index.html", "abc"), ("threats/x/index.html", "")]);
    let expected =
        ["soc", "soc/index.html", "soc/manifest.json", "soc/threats", "soc/threats/x", "soc/threats/x/index.html"];
    assert_eq!(place.tree(), expected);
    let manifest = read_manifest(&place.out().join("soc")).expect("read");
    let files: Vec<_> = manifest.files.iter().map(|f| (f.path.as_str(), f.size, f.sha256.as_str())).collect();
    assert_eq!(
        files,
        [
            ("index.html", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            ("threats/x/index.html", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ]
    );
    assert_eq!((manifest.role.as_str(), manifest.as_of.as_str()), ("soc", "2026-11-16T06:00:00Z"));
    assert_eq!(fs::read_to_string(place.out().join(".threatpress/.gitignore")).expect("read"), "*\n");
}

#[test]
fn a_second_build_replaces_the_first_wholly() {
    let place = Place::new();
    let output = place.open();
    publish(&output, "soc", &[("old.html", "old"), ("index.html", "old")]);
    publish(&output, "soc", &[("index.html", "new")]);
    assert_eq!(place.tree(), ["soc", "soc/index.html", "soc/manifest.json"]);
    assert_eq!(fs::read_to_string(place.out().join("soc/index.html")).expect("read"), "new");
}

#[test]
fn without_an_exchange_two_steps_do_the_same() {
    let place = Place::new();
    let output = place.open();
    publish(&output, "soc", &[("old.html", "old")]);
    let build = sealed(&output, "soc", &[("index.html", "new")]);
    build.put_in_place_in_two_steps().expect("swapped");
    assert_eq!(place.tree(), ["soc", "soc/index.html", "soc/manifest.json", "old-soc"]);
    drop(build);
    drop(output);
    place.open();
    assert_eq!(place.tree(), ["soc", "soc/index.html", "soc/manifest.json"]);
}

#[test]
fn two_steps_that_fail_leave_the_last_build() {
    let place = Place::new();
    let output = place.open();
    publish(&output, "soc", &[("index.html", "old")]);
    let build = sealed(&output, "soc", &[("index.html", "new")]);
    fs::remove_dir_all(build.dir()).expect("removed behind its back");
    assert_eq!(code(build.put_in_place_in_two_steps()), Some(Code::Disk));
    assert_eq!(fs::read_to_string(place.out().join("soc/index.html")).expect("read"), "old");
}

#[test]
fn a_swap_cut_off_between_its_steps_is_undone() {
    let place = Place::new();
    publish(&place.open(), "soc", &[("index.html", "old")]);
    let waiting = place.out().join(".threatpress/old-soc");
    fs::rename(place.out().join("soc"), &waiting).expect("moved");
    place.open();
    assert_eq!(place.tree(), ["soc", "soc/index.html", "soc/manifest.json"]);

    // One whose removal had begun is not whole and never comes back.
    fs::rename(place.out().join("soc"), &waiting).expect("moved");
    fs::remove_file(waiting.join(MANIFEST)).expect("removed");
    place.open();
    assert!(place.tree().is_empty());
}

#[test]
fn all_roles_are_looked_at_before_the_first_is_swapped() {
    let place = Place::new();
    let output = place.open();
    let builds = vec![sealed(&output, "a", &[]), sealed(&output, "b", &[])];
    fs::create_dir(place.out().join("b")).expect("made");
    fs::write(place.out().join("b/mine"), "x").expect("written");
    assert_eq!(code(swap_all(builds)), Some(Code::ForeignOutput));
    assert_eq!(place.tree(), ["b", "b/mine"]);
}

#[test]
fn several_roles_go_in_together() {
    let place = Place::new();
    let output = place.open();
    swap_all(vec![sealed(&output, "a", &[]), sealed(&output, "b", &[])]).expect("swapped");
    assert_eq!(place.tree(), ["a", "a/manifest.json", "b", "b/manifest.json"]);
}

#[test]
fn what_others_made_is_refused_and_untouched() {
    let place = Place::new();
    let output = place.open();
    fs::write(place.out().join("file"), "x").expect("written");
    for (dir, manifest) in [("web", r#"{"generator": "webpack"}"#), ("broken", "{")] {
        fs::create_dir(place.out().join(dir)).expect("made");
        fs::write(place.out().join(dir).join(MANIFEST), manifest).expect("written");
    }
    let before = place.tree();
    for role in ["file", "web", "broken"] {
        assert_eq!(code(output.stage(role)), Some(Code::ForeignOutput), "{role}");
    }
    assert_eq!(place.tree(), before);
}

#[test]
fn an_empty_directory_is_taken() {
    let place = Place::new();
    let output = place.open();
    fs::create_dir(place.out().join("soc")).expect("made");
    publish(&output, "soc", &[]);
    assert_eq!(place.tree(), ["soc", "soc/manifest.json"]);
}

#[test]
fn directories_that_are_no_output_are_refused() {
    let place = Place::new();
    let site = place.root.path().join("site");
    fs::create_dir(&site).expect("made");
    fs::write(site.join("threatpress.yaml"), "title: x\n").expect("written");
    fs::write(place.root.path().join("file"), "").expect("written");
    let home = std::env::home_dir().expect("a home");
    for dir in [site.as_path(), Path::new("/"), home.as_path(), &place.root.path().join("file")] {
        assert_eq!(code(Output::open(dir)), Some(Code::ForeignOutput), "{}", dir.display());
    }
    assert!(!site.join(".threatpress").exists());
}

#[test]
fn a_role_cannot_leave_the_output() {
    let place = Place::new();
    let output = place.open();
    for role in ["", ".", "..", "../x", "a/b", ".threatpress", "/etc", "con"] {
        assert_eq!(code(output.stage(role)), Some(Code::InvalidPath), "{role}");
    }
}

#[test]
fn a_second_build_of_one_output_waits_its_turn() {
    let place = Place::new();
    let first = place.open();
    let refused = Output::open(&place.out()).expect_err("locked");
    assert_eq!(refused.code, Code::OutputLocked);
    assert!(refused.message.contains(&std::process::id().to_string()), "{}", refused.message);
    drop(first);
    place.open();
}

#[test]
fn builds_that_start_at_once_find_one_lock() {
    let place = Place::new();
    let out = place.out();
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(|| Output::open(&out))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    assert!(outcomes.iter().any(Result::is_ok));
    for outcome in outcomes {
        assert!(matches!(code(outcome), None | Some(Code::OutputLocked)));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn readers_always_find_a_build() {
    use std::sync::atomic::{AtomicBool, Ordering};
    let place = Place::new();
    let output = place.open();
    publish(&output, "soc", &[("index.html", "x")]);
    let (page, done) = (place.out().join("soc/index.html"), AtomicBool::new(false));
    let misses = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut misses = 0;
            while !done.load(Ordering::Relaxed) {
                misses += usize::from(!page.exists());
            }
            misses
        });
        for _ in 0..200 {
            sealed(&output, "soc", &[("index.html", "x")]).put_in_place().expect("swapped");
        }
        done.store(true, Ordering::Relaxed);
        reader.join().expect("no panic")
    });
    assert_eq!(misses, 0);
}

#[test]
fn an_error_in_the_middle_leaves_the_last_build_and_no_litter() {
    let place = Place::new();
    let output = place.open();
    publish(&output, "soc", &[("index.html", "old")]);
    let before = place.tree();
    let staging = output.stage("soc").expect("staged");
    staging.write("index.html", b"new").expect("written");
    drop(staging);
    drop(sealed(&output, "soc", &[("index.html", "new")]));
    assert_eq!(place.tree(), before);
    assert_eq!(fs::read_to_string(place.out().join("soc/index.html")).expect("read"), "old");
}

#[test]
fn paths_clash_as_a_file_system_without_case_would_have_it() {
    let place = Place::new();
    let output = place.open();
    let staging = output.stage("soc").expect("staged");
    staging.write("threats/x/index.html", b"").expect("written");
    for path in [
        "threats/x/index.html",
        "Threats/x/INDEX.html",
        "THREATS/y.html",
        "threats/x",
        "threats/x/index.html/y",
        "manifest.json",
        "Manifest.JSON",
    ] {
        assert_eq!(code(staging.write(path, b"")), Some(Code::RouteClash), "{path}");
    }
    assert_eq!(code(staging.write("../x", b"")), Some(Code::InvalidPath));
    staging.write("threats/z.html", b"").expect("one clash is not the end");
}

#[test]
fn a_build_that_lacks_a_file_cannot_be_sealed() {
    let place = Place::new();
    let output = place.open();
    let staging = output.stage("soc").expect("staged");
    staging.write("a", b"").expect("written");
    assert_eq!(code(staging.write("a/b", b"")), Some(Code::RouteClash));
    assert_eq!(code(staging.seal(jiff::Timestamp::UNIX_EPOCH, true)), Some(Code::Disk));
    assert!(place.tree().is_empty());
}

#[test]
fn many_threads_write_one_build() {
    use rayon::prelude::*;
    let place = Place::new();
    let output = place.open();
    let write = |names: Vec<u32>| {
        let staging = output.stage("soc").expect("staged");
        let write = |n: u32| staging.write(&format!("d{}/e/{n}.html", n % 7), &n.to_le_bytes());
        names.into_par_iter().try_for_each(write).expect("written");
        staging.seal(jiff::Timestamp::UNIX_EPOCH, true).expect("sealed").manifest().bytes()
    };
    let forward = write((0..300).collect());
    assert_eq!(forward, write((0..300).rev().collect()), "the order of writing shows");
}

#[test]
fn a_damaged_manifest_is_told_from_a_missing_one() {
    let place = Place::new();
    publish(&place.open(), "soc", &[("index.html", "x")]);
    let soc = place.out().join("soc");
    let text = fs::read_to_string(soc.join(MANIFEST)).expect("read");
    for damaged in
        [text.replace("index.html", "../index.html"), text.replace("\"schema\": 1", "\"schema\": 2"), "{".to_owned()]
    {
        fs::write(soc.join(MANIFEST), damaged).expect("written");
        assert_eq!(code(read_manifest(&soc)), Some(Code::InvalidManifest));
    }
    fs::remove_file(soc.join(MANIFEST)).expect("removed");
    assert_eq!(code(read_manifest(&soc)), Some(Code::Disk));
}

/// Runs one of the tests below again in a process of its own, under `umask`, with the output
/// in its environment; answers how the process ended.
#[cfg(unix)]
fn again(test: &str, place: &Place, umask: &str) -> std::process::ExitStatus {
    Command::new("sh")
        .args(["-c", &format!("umask {umask}; exec \"$0\" --exact publish::tests::{test}")])
        .arg(std::env::current_exe().expect("this program"))
        .env("THREATPRESS_TEST_OUTPUT", place.out())
        .output()
        .expect("run")
        .status
}

#[cfg(unix)]
fn output_of_parent() -> Option<PathBuf> {
    std::env::var_os("THREATPRESS_TEST_OUTPUT").map(PathBuf::from)
}

#[cfg(unix)]
#[test]
fn modes_do_not_depend_on_the_umask() {
    use std::os::unix::fs::MetadataExt as _;
    if let Some(out) = output_of_parent() {
        let output = Output::open(&out).expect("opened");
        return publish(&output, "soc", &[("a/b/index.html", "x")]);
    }
    for umask in ["077", "000"] {
        let place = Place::new();
        assert!(again("modes_do_not_depend_on_the_umask", &place, umask).success());
        let mode = |path: &str| fs::metadata(place.out().join(path)).expect("there").mode() & 0o7777;
        for (path, expected) in [
            ("", 0o755),
            ("soc", 0o755),
            ("soc/a", 0o755),
            ("soc/a/b", 0o755),
            ("soc/a/b/index.html", 0o644),
            ("soc/manifest.json", 0o644),
            (".threatpress", 0o700),
            (".threatpress/lock", 0o600),
        ] {
            assert_eq!(mode(path), expected, "{path:?} under {umask}");
        }
        assert_eq!(fs::metadata(place.out().join("soc/a/b/index.html")).expect("there").nlink(), 1);
    }
}

#[cfg(unix)]
#[test]
fn what_a_killed_build_left_is_removed() {
    if let Some(out) = output_of_parent() {
        let output = Output::open(&out).expect("opened");
        let staging = output.stage("soc").expect("staged");
        staging.write("a/index.html", b"new").expect("written");
        std::process::abort();
    }
    let place = Place::new();
    publish(&place.open(), "soc", &[("index.html", "old")]);
    assert!(!again("what_a_killed_build_left_is_removed", &place, "022").success());
    assert!(place.tree().iter().any(|path| path.starts_with("new-soc")), "nothing was left to remove");
    place.open();
    assert_eq!(place.tree(), ["soc", "soc/index.html", "soc/manifest.json"]);
}

#[cfg(unix)]
#[test]
fn planted_links_are_never_followed() {
    use std::os::unix::fs::symlink;
    let place = Place::new();
    let kept = place.root.path().join("kept");
    fs::create_dir(&kept).expect("made");
    fs::write(kept.join(MANIFEST), r#"{"generator": "threatpress"}"#).expect("written");

    // The output itself; a slash at the end must not help.
    symlink(&kept, place.out()).expect("linked");
    assert_eq!(code(Output::open(&place.out())), Some(Code::ForeignOutput));
    assert_eq!(code(Output::open(&place.out().join(""))), Some(Code::ForeignOutput));
    fs::remove_file(place.out()).expect("removed");

    // The workshop.
    fs::create_dir(place.out()).expect("made");
    symlink(&kept, place.out().join(".threatpress")).expect("linked");
    assert_eq!(code(Output::open(&place.out())), Some(Code::ForeignOutput));
    fs::remove_file(place.out().join(".threatpress")).expect("removed");

    // A role, the mark of a role, a staging, and something in a last build.
    let output = place.open();
    symlink(&kept, place.out().join("soc")).expect("linked");
    assert_eq!(code(output.stage("soc")), Some(Code::ForeignOutput));
    fs::create_dir(place.out().join("emea")).expect("made");
    symlink(kept.join(MANIFEST), place.out().join("emea").join(MANIFEST)).expect("linked");
    assert_eq!(code(output.stage("emea")), Some(Code::ForeignOutput));
    publish(&output, "apac", &[("index.html", "old")]);
    symlink(&kept, place.out().join("apac/link")).expect("linked");
    publish(&output, "apac", &[("index.html", "new")]);
    drop(output);
    for name in ["new-x-0", "old-apac", "old-other"] {
        symlink(&kept, place.out().join(".threatpress").join(name)).expect("linked");
    }
    place.open();
    assert_eq!(place.tree().iter().filter(|path| path.starts_with("new-") || path.starts_with("old-")).count(), 0);
    assert!(kept.join(MANIFEST).is_file());
    assert_eq!(fs::read_dir(&kept).expect("read").count(), 1);
}

#[cfg(unix)]
#[test]
fn a_link_planted_in_a_staging_is_not_written_through() {
    let place = Place::new();
    let output = place.open();
    let staging = output.stage("soc").expect("staged");
    let victim = place.root.path().join("victim");
    let inside = fs::read_dir(place.out().join(".threatpress")).expect("read").map(|e| e.expect("an entry").path());
    let mut inside = inside.filter(|path| path.is_dir());
    let inside = inside.next().expect("the staging");
    std::os::unix::fs::symlink(&victim, inside.join("index.html")).expect("linked");
    assert!(staging.write("index.html", b"x").is_err());
    assert!(!victim.exists());
}

#[test]
fn a_build_is_younger_than_the_one_it_replaces() {
    let place = Place::new();
    let output = place.open();
    let time = |path: &str| {
        let time = fs::metadata(place.out().join("soc").join(path)).and_then(|metadata| metadata.modified());
        time.expect("a time").duration_since(std::time::UNIX_EPOCH).expect("after 1970")
    };
    publish(&output, "soc", &[("a.html", "12"), ("b/c.html", "x")]);
    let mut last = time("a.html");
    assert_eq!(last.subsec_nanos(), 0, "web servers count whole seconds");
    // Far more than one a second.
    for text in ["13", "14", "15"] {
        publish(&output, "soc", &[("a.html", text), ("b/c.html", "x")]);
        assert_eq!(time("a.html"), time("b/c.html"));
        assert_eq!(time("a.html"), time(MANIFEST));
        assert!(time("a.html") > last);
        last = time("a.html");
    }
}
