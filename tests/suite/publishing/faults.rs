//! Every call that publishing makes to the file system fails once, in every way.

use std::os::unix::process::ExitStatusExt as _;
use std::process::Output;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Edition, Stage, messages};
use crate::bench::note;

/// How a build with a fault in it may end.
#[derive(Clone, Copy, PartialEq)]
enum Ending {
    /// The call is tried again, and nobody notices.
    Mended,
    /// The build says what the disk refused.
    Refused,
    /// The process is gone.
    Killed,
}

/// Plants `kind` at the calls 1, 1 + `step`, … of a build over the old edition until a build has
/// no such call any more, on each stage at once; answers how many faults struck.
fn strike(stages: &[Stage; 2], kind: &str, further: &str, step: usize, ending: Ending) -> usize {
    let (next, struck) = (AtomicUsize::new(1), AtomicUsize::new(0));
    let work = |stage: &Stage| {
        loop {
            let call = next.fetch_add(step, Ordering::Relaxed);
            let output = stage.faulty(Edition::New, &format!("{call}:{kind},{further}")).output().unwrap();
            let Some(line) = trial_line(&output, kind, call) else {
                assert_eq!((output.status.code(), stage.edition()), (Some(0), Edition::New));
                stage.reset();
                return;
            };
            let so_far = struck.fetch_add(1, Ordering::Relaxed);
            let is_untouched = check(stage, &output, ending, &line);
            // What a refused build leaves is as if it had never run, which the next one shows as well.
            if !is_untouched || so_far.is_multiple_of(8) {
                stage.reset();
            }
        }
    };
    std::thread::scope(|scope| {
        stages.iter().for_each(|stage| drop(scope.spawn(|| work(stage))));
    });
    struck.into_inner()
}

/// The line that tells of the fault at `call`.
fn trial_line(output: &Output, kind: &str, call: usize) -> Option<String> {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let line = stderr.lines().find(|line| line.starts_with(&format!("trial: {kind} at call {call}: ")));
    line.map(str::to_owned)
}

/// Answers whether the build was refused and the last one stands.
fn check(stage: &Stage, output: &Output, ending: Ending, line: &str) -> bool {
    match ending {
        Ending::Mended => {
            assert_eq!((output.status.code(), stage.edition()), (Some(0), Edition::New), "{line}");
            assert_eq!(stage.workshop(), [".gitignore", "lock"], "{line}");
        }
        Ending::Refused => return refused(stage, output, line) == Edition::Old,
        // Roles may differ here and nowhere else: each of them is whole.
        Ending::Killed => {
            assert!(output.status.signal().is_some(), "{line}: {}", output.status);
            stage.editions();
        }
    }
    false
}

/// The edition that stands.
fn refused(stage: &Stage, output: &Output, line: &str) -> Edition {
    let told = messages(output);
    if output.status.success() {
        // A last look at what has gone already, or at where the home directory is; or what could be removed, or moved,
        // when its directory was made writable.
        let was_closed = line.contains("EACCES") && [": remove ", ": swap in "].iter().any(|call| line.contains(call));
        // What cannot be taken over is made anew.
        assert!(stage.is_edited || was_closed || line.contains(": look at "), "{line} was passed over");
        assert_eq!(stage.edition(), Edition::New, "{line}");
        return Edition::New;
    }
    assert_eq!(output.status.code(), Some(4), "{line}: {told:#?}");
    let named = told.iter().any(|error| {
        let file = error["file"].as_str().unwrap_or_default();
        error["severity"] == "error"
            && !file.is_empty()
            && line.contains(file)
            && error["hint"].as_str().is_some_and(|hint| !hint.is_empty())
    });
    assert!(named, "{line}: no message names the path and what to do: {told:#?}");
    let unfinished = told.iter().any(|error| error["code"] == "TP0707");
    let expected = if unfinished { Edition::New } else { Edition::Old };
    assert_eq!(stage.edition(), expected, "{line}: {told:#?}");
    expected
}

#[test]
fn every_call_may_fail() {
    let mut told = Vec::new();
    let stages = [Stage::new(), Stage::new()];
    let strike = |kind, further, step, ending| strike(&stages, kind, further, step, ending);
    for (kind, step) in [("ENOSPC", 1), ("EIO", 7), ("EACCES", 17), ("EXDEV", 17), ("EROFS", 17), ("EMFILE", 17)] {
        told.push(format!("{kind} {}", strike(kind, "", step, Ending::Refused)));
    }
    for (kind, step) in [("EINTR", 11), ("short", 11)] {
        told.push(format!("{kind} {}", strike(kind, "", step, Ending::Mended)));
    }
    let two_steps = strike("EIO", "swap in:ENOSYS", 11, Ending::Refused);
    told.push(format!("EIO without exchange {two_steps}"));
    note(&format!("faults planted in calls of publishing, all survived: {}", told.join(", ")));
}

#[test]
fn every_call_may_be_the_last() {
    let killed = strike(&[Stage::new(), Stage::new()], "kill", "", 1, Ending::Killed);
    note(&format!("processes killed at a call of publishing, each role whole after each: {killed}"));
}

/// Most of such a build is the last one's, and is taken over.
#[test]
fn calls_of_a_build_after_an_edit_may_fail_or_be_the_last() {
    let stages = std::thread::scope(|scope| {
        let stages = [scope.spawn(Stage::edited), scope.spawn(Stage::edited)];
        stages.map(|stage| stage.join().unwrap())
    });
    // A file of the other report is not made again: it only gets a further name.
    let taken = stages[0].faulty(Edition::New, "new-soc-1/threats/other/index.html:short").output().unwrap();
    let taken = String::from_utf8_lossy(&taken.stderr);
    assert!(taken.contains(": link ") && !taken.contains(": create "), "{taken}");
    stages[0].reset();
    let mut told = Vec::new();
    for (kind, step, ending) in [
        ("ENOSPC", 79, Ending::Refused),
        ("EIO", 101, Ending::Refused),
        ("EACCES", 211, Ending::Refused),
        ("EINTR", 211, Ending::Mended),
        ("short", 211, Ending::Mended),
        ("kill", 97, Ending::Killed),
    ] {
        told.push(format!("{kind} {}", strike(&stages, kind, "", step, ending)));
    }
    note(&format!("faults planted in calls of a build after an edit, all survived: {}", told.join(", ")));
}
