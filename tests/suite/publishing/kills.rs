//! A signal ends a build at any instant.

use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::{Edition, ROLES, Stage};
use crate::bench::note;

fn start(stage: &Stage, edition: Edition) -> Child {
    stage.build(edition).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// How long a build takes until it swaps, and as a whole.
fn measure(stage: &Stage) -> (Duration, Duration) {
    let place = stage.out().join(ROLES[0]);
    let inode = || std::fs::metadata(&place).map(|metadata| metadata.ino()).ok();
    let (before, began) = (inode(), Instant::now());
    let mut build = start(stage, Edition::New);
    let mut swap = None;
    while build.try_wait().unwrap().is_none() {
        if swap.is_none() && inode() != before {
            swap = Some(began.elapsed());
        }
    }
    let whole = began.elapsed();
    stage.reset();
    (swap.unwrap_or(whole), whole)
}

/// The next number of a fixed sequence, below `limit` (Knuth's MMIX generator).
fn draw(state: &mut u64, limit: Duration) -> Duration {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    limit.mul_f64((*state >> 11) as f64 / (1u64 << 53) as f64)
}

/// Kills builds, half of them around the swap, until `count` were still running when the signal
/// came; answers how many were, and how many of them left roles of two editions.
fn kill(seed: u64, count: usize) -> (usize, usize) {
    let stage = Stage::new();
    let mut measured: Vec<_> = (0..5).map(|_| measure(&stage)).collect();
    measured.sort();
    let (mut swap, mut whole) = measured[2];
    let (mut state, mut hit, mut apart) = (seed, 0, 0);
    for at in 0..3 * count {
        if hit == count {
            break;
        }
        let around = whole / 8;
        let wait = match at % 2 {
            0 => draw(&mut state, whole),
            _ => swap.saturating_sub(around / 2) + draw(&mut state, around),
        };
        let mut build = start(&stage, Edition::New);
        thread::sleep(wait);
        build.kill().unwrap();
        let is_hit = build.wait().unwrap().signal() == Some(9);
        hit += usize::from(is_hit);
        // How fast builds are depends on what else the machine does: the instants follow.
        let pace = if is_hit { 1.01 } else { 0.95 };
        (swap, whole) = (swap.mul_f64(pace), whole.mul_f64(pace));
        // Each role is whole; they may differ only where the swap of the one is done and of the
        // other not.
        let editions = stage.editions();
        apart += usize::from(editions[0] != editions[1]);
        stage.reset();
    }
    (hit, apart)
}

#[test]
fn killed_at_any_instant() {
    let (hit, apart) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for seed in [2603, 53770] {
            let (hit, apart) = (&hit, &apart);
            scope.spawn(move || {
                let (killed, between) = kill(seed, 150);
                hit.fetch_add(killed, Ordering::Relaxed);
                apart.fetch_add(between, Ordering::Relaxed);
            });
        }
    });
    let (hit, apart) = (hit.into_inner(), apart.into_inner());
    assert!(hit > 200, "only {hit} builds were still running when they were killed");
    note(&format!(
        "builds ended by SIGKILL at random instants (seeds 2603, 53770): {hit}, {apart} of them between swaps"
    ));
}

/// Waits for the end of a process that was told to go.
fn ended(mut build: Child) -> ExitStatus {
    for _ in 0..1000 {
        if let Some(status) = build.try_wait().unwrap() {
            return status;
        }
        thread::sleep(Duration::from_millis(10));
    }
    build.kill().unwrap();
    panic!("the build went on");
}

#[test]
fn told_to_stop() {
    let stage = Stage::new();
    let (_, whole) = measure(&stage);
    let mut state = 1;
    let mut stopped = 0;
    for (signal, number, code) in [("INT", 2, 130), ("TERM", 15, 143)].repeat(15) {
        let build = start(&stage, Edition::New);
        thread::sleep(draw(&mut state, whole));
        let sent = Command::new("sh").args(["-c", "kill -\"$0\" \"$1\"", signal, &build.id().to_string()]).output();
        assert!(sent.is_ok());
        let status = ended(build);
        let by_signal = status.signal() == Some(number) || status.code() == Some(code);
        assert!(by_signal || status.success(), "{signal}: {status}");
        stopped += usize::from(by_signal);
        stage.editions();
        stage.reset();
    }
    assert!(stopped > 5, "only {stopped} of 30 builds were still running");
}
