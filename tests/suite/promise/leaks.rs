//! The test of the test: each seeded leak must break the promise, or be seen in a build by itself.
//! The pairs are those with which the promise is tested, in their order.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngSeed, TestRunner};
use threatpress::leaks::Leak;

use super::{Case, some_cases};
use crate::bench::{note, seed};

/// After so many pairs a leak counts as missed. The promise is tested with twice as many.
const MOST_PAIRS: usize = 500;

/// Leaks that say the same whatever is hidden: no comparison can tell them, a look at one build can.
const CONSTANT: [Leak; 6] =
    [Leak::TemplateComment, Leak::ForeignScript, Leak::HardLink, Leak::SourceMode, Leak::KeptExif, Leak::SignInGroups];

/// Where a leak shows in a pair, if it does; `None` asks without any leak.
fn shown(leak: Leak, case: &Case, planted: Option<&str>) -> Result<Option<String>, String> {
    if CONSTANT.contains(&leak) {
        return case.faults(planted).map(|faults| faults.into_iter().next());
    }
    case.difference(planted)
}

/// After how many pairs a leak is found, and where it shows first. A pair that differs without the
/// leak proves nothing.
fn find(leak: Leak, cases: &[Case]) -> Result<(usize, String), String> {
    for (at, case) in cases.iter().enumerate() {
        let place = match shown(leak, case, Some(leak.name())) {
            // A file that nobody asked the press for stops the swap.
            Err(problem) if problem.contains("TP0706") => Some("the swap, which refuses the build".to_owned()),
            outcome => outcome?,
        };
        if let Some(place) = place {
            return match shown(leak, case, None)? {
                None => Ok((at + 1, place)),
                Some(place) => Err(format!("without the leak, too: {place}")),
            };
        }
    }
    Err(format!("missed in {} pairs", cases.len()))
}

fn some_pairs() -> Vec<Case> {
    let config = Config { rng_seed: RngSeed::Fixed(seed()), ..Config::default() };
    let mut runner = TestRunner::new(config);
    let inputs = some_cases();
    (0..MOST_PAIRS).map(|_| inputs.new_tree(&mut runner).unwrap().current()).collect()
}

#[test]
fn every_seeded_leak_is_found() {
    let pairs = some_pairs();
    let next = AtomicUsize::new(0);
    let found = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(leak) = Leak::ALL.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outcome = find(*leak, &pairs);
                    found.lock().unwrap().push((*leak, outcome));
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap();
    found.sort_by_key(|(leak, _)| Leak::ALL.iter().position(|other| other == leak));
    let lines: Vec<String> = found.iter().map(|(leak, outcome)| line(*leak, outcome)).collect();
    let table = lines.join("\n");
    std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("leaks.md"), format!("{table}\n")).unwrap();
    let missed = found.iter().filter(|(_, outcome)| outcome.is_err()).count();
    note(&format!("{} leaks planted, {} found, {missed} missed:\n{table}", found.len(), found.len() - missed));
    assert_eq!(missed, 0, "of {} seeded leaks some were not found:\n{table}", found.len());
}

/// A row of the table in `docs/promise.md`, and after how many pairs the leak was found, where.
fn line(leak: Leak, outcome: &Result<(usize, String), String>) -> String {
    let outcome = match outcome {
        Ok((pairs, place)) => format!("after {pairs}, at {}", place.lines().next().unwrap_or_default()),
        Err(problem) => problem.clone(),
    };
    format!("{} {outcome}", row(leak))
}

fn row(leak: Leak) -> String {
    let how = if CONSTANT.contains(&leak) { "one build" } else { "two builds" };
    format!("| {} | `{}` | {} | {how} |", leak.channel(), leak.name(), leak.sentence())
}

#[test]
fn the_documentation_lists_every_seeded_leak() {
    let text = include_str!("../../../docs/promise.md");
    for leak in Leak::ALL {
        assert!(text.contains(&row(*leak)), "docs/promise.md lacks the row\n{}", row(*leak));
    }
    assert!(text.contains(&format!("{} seeded leaks", Leak::ALL.len())), "docs/promise.md has another number");
}
