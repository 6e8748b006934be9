//! What others do to the output while a build runs. The build waits at a chosen call for as long
//! as its standard input is open.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Stdio};

use super::{Edition, Stage, fail, names, put};
use crate::bench::tree;

/// A build that waits.
struct Waiting {
    child: Child,
    stderr: BufReader<ChildStderr>,
}

/// Starts a build of the new edition and waits until it waits at the first call that is described
/// so.
fn wait_at(stage: &Stage, call: &str) -> Waiting {
    let mut command = stage.faulty(Edition::New, &format!("{call}:pause"));
    let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    stderr.read_line(&mut line).unwrap();
    assert!(line.starts_with("trial: pause"), "{line}");
    Waiting { child, stderr }
}

impl Waiting {
    /// Lets it go on to its end: its exit code and what it said.
    fn go_on(mut self) -> (Option<i32>, String) {
        drop(self.child.stdin.take());
        let mut said = String::new();
        self.stderr.read_to_string(&mut said).unwrap();
        (self.child.wait().unwrap().code(), said)
    }

    fn refused(self, code: &str) {
        let (exit, said) = self.go_on();
        assert_eq!(exit, Some(4), "{said}");
        assert!(said.contains(&format!("\"{code}\"")), "{said}");
    }
}

/// A directory of somebody else's, which nobody may touch.
fn treasure(stage: &Stage) -> PathBuf {
    let treasure = stage.home().join("treasure");
    put(&treasure, "threats/precious.txt", "mine");
    treasure
}

fn untouched(treasure: &Path) {
    assert_eq!(names(treasure), ["threats"]);
    assert_eq!(names(&treasure.join("threats")), ["precious.txt"]);
    assert_eq!(fs::read(treasure.join("threats/precious.txt")).unwrap(), b"mine");
}

#[test]
fn the_lock_goes_with_its_holder() {
    let stage = Stage::new();
    let mut holder = wait_at(&stage, "swap in");
    let error = fail(&mut stage.build(Edition::Old), "TP0701");
    assert!(error["message"].as_str().unwrap().contains(&holder.child.id().to_string()), "{error:#}");
    assert_eq!(stage.edition(), Edition::Old);
    holder.child.kill().unwrap();
    holder.child.wait().unwrap();
    stage.reset();
}

#[test]
fn what_is_put_into_a_finished_build_stops_it() {
    let stage = Stage::new();
    let plants = [
        |build: &Path| symlink("/etc/passwd", build.join("planted")).unwrap(),
        |build: &Path| fs::write(build.join("threats/planted"), "x").unwrap(),
        |build: &Path| fs::create_dir(build.join("planted")).unwrap(),
        |build: &Path| fs::remove_file(build.join("index.html")).unwrap(),
        |build: &Path| {
            fs::remove_file(build.join("index.html")).unwrap();
            symlink("/etc/passwd", build.join("index.html")).unwrap();
        },
        |build: &Path| fs::rename(build, build.with_file_name("aside")).unwrap(),
    ];
    for plant in plants {
        let waiting = wait_at(&stage, "sync");
        plant(&stage.out().join(".threatpress/new-soc-1"));
        waiting.refused("TP0706");
        assert_eq!(stage.edition(), Edition::Old);
        let _ = fs::remove_dir_all(stage.out().join(".threatpress/aside"));
        stage.reset();
    }
}

#[test]
fn a_build_that_is_exchanged_at_the_last_moment_is_taken_back() {
    let stage = Stage::new();
    let treasure = treasure(&stage);
    let waiting = wait_at(&stage, "swap in");
    let staging = stage.out().join(".threatpress/new-emea-0");
    fs::rename(&staging, stage.home().join("aside")).unwrap();
    symlink(&treasure, &staging).unwrap();
    waiting.refused("TP0706");
    assert_eq!(stage.edition(), Edition::Old);
    untouched(&treasure);
    stage.reset();
}

#[test]
fn a_directory_that_becomes_a_link_is_not_written_through() {
    let stage = Stage::new();
    let treasure = treasure(&stage);
    let threats = stage.out().join(".threatpress/new-emea-0/threats");
    let waiting = wait_at(&stage, &format!("open the directory {}", threats.display()));
    fs::remove_dir(&threats).unwrap();
    symlink(&treasure, &threats).unwrap();
    waiting.refused("TP0702");
    assert_eq!(stage.edition(), Edition::Old);
    untouched(&treasure);
    stage.reset();
}

#[test]
fn an_output_that_is_exchanged_gets_nothing() {
    let stage = Stage::new();
    let treasure = treasure(&stage);
    for linked in [true, false] {
        let waiting = wait_at(&stage, "new-emea-0/index.html");
        let aside = stage.home().join("aside");
        fs::rename(stage.out(), &aside).unwrap();
        match linked {
            true => symlink(&treasure, stage.out()).unwrap(),
            false => fs::create_dir(stage.out()).unwrap(),
        }
        waiting.refused("TP0706");
        untouched(&treasure);
        match linked {
            true => fs::remove_file(stage.out()).unwrap(),
            // Nothing went in.
            false => fs::remove_dir(stage.out()).unwrap(),
        }
        fs::rename(&aside, stage.out()).unwrap();
        assert_eq!(stage.edition(), Edition::Old);
        stage.reset();
    }
}

#[test]
fn a_place_that_is_taken_at_the_last_moment_is_given_back() {
    let stage = Stage::new();
    let treasure = treasure(&stage);
    let plants = [
        |from: &Path, to: &Path| symlink(from, to).unwrap(),
        |_: &Path, to: &Path| put(to, "precious.txt", "mine"),
        |_: &Path, to: &Path| fs::write(to, "mine").unwrap(),
    ];
    for plant in plants {
        // The first role has its new build by then, and loses it again.
        let place = stage.out().join("soc");
        let waiting = wait_at(&stage, &format!("swap in the new build at {}", place.display()));
        let aside = stage.home().join("aside");
        fs::rename(&place, &aside).unwrap();
        plant(&treasure, &place);
        let before = tree(&place);
        waiting.refused("TP0700");
        assert_eq!(tree(&place), before, "what stood there was touched");
        untouched(&treasure);
        match place.is_dir() && !place.is_symlink() {
            true => fs::remove_dir_all(&place).unwrap(),
            false => fs::remove_file(&place).unwrap(),
        }
        fs::rename(&aside, &place).unwrap();
        assert_eq!(stage.edition(), Edition::Old);
        stage.reset();
    }
}

/// Where the system cannot exchange two names, the swap takes two steps.
#[test]
fn a_file_system_without_exchange() {
    let stage = Stage::new();
    super::succeed(&mut stage.faulty(Edition::New, "swap in:ENOSYS"));
    assert_eq!(stage.edition(), Edition::New);
    assert_eq!(stage.workshop(), [".gitignore", "lock"]);
    stage.reset();

    // Killed between the steps: readers find nothing until the next run has put the last build back.
    let place = stage.out().join("emea");
    let faults = format!("in place at {}:kill,swap in:ENOSYS", place.display());
    assert!(!stage.faulty(Edition::New, &faults).output().unwrap().status.success());
    assert!(!place.exists() && stage.workshop().contains(&"old-emea".to_owned()));
    let staging = stage.out().join(".threatpress/new-emea-0");
    let waiting = wait_at(&stage, &format!("create the directory {}", staging.display()));
    assert_eq!(stage.edition(), Edition::Old);
    assert_eq!(waiting.go_on().0, Some(0));
    stage.reset();
}
