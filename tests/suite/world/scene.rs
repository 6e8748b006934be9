//! Puts the drawn parts together into a site.

use jiff::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::devices::{Homes, homes};
use super::moments::{shift, spell};
use super::reports::{Draft, calm_drafts, drafts, few_drafts};
use super::roles::configs;
use super::snapshots::{SnapshotDraft, calm_snapshot, snapshot};
use super::{Config, Knowledge, World};

/// The time of a site: T, and how far before it each snapshot was taken.
#[derive(Clone, Debug)]
struct Clock {
    now: Timestamp,
    /// Seconds between the newest snapshot's own time and T.
    lag: i64,
    /// Whether one more snapshot stands after T, which is as if it were not there.
    future: bool,
}

fn clock() -> impl Strategy<Value = Clock> {
    // Six in the morning, the very start of a day, and its last second.
    let now = select(vec!["2026-11-16T06:00:00Z", "2026-11-16T00:00:00Z", "2026-11-16T23:59:59Z"]);
    (now, select(vec![0i64, 0, 7_200, 100_000]), prop::bool::weighted(0.1)).prop_map(|(now, lag, future)| Clock {
        now: now.parse().unwrap(),
        lag,
        future,
    })
}

fn snapshots() -> impl Strategy<Value = Vec<SnapshotDraft>> {
    prop_oneof![
        1 => vec(snapshot(), 0),
        8 => vec(snapshot(), 1),
        8 => vec(snapshot(), 2),
        4 => vec(snapshot(), 3),
    ]
}

/// Any site.
pub(crate) fn worlds() -> impl Strategy<Value = World> {
    sites((drafts(), snapshots()))
}

/// Any site with few reports and at most two snapshots.
pub(crate) fn small_worlds() -> impl Strategy<Value = World> {
    let snapshots = prop_oneof![1 => vec(snapshot(), 0), 6 => vec(snapshot(), 1), 6 => vec(snapshot(), 2)];
    sites((few_drafts(), snapshots))
}

/// Sites in which little is wrong: weights, scores and ranks come out round and tie.
pub(crate) fn calm_worlds() -> impl Strategy<Value = World> {
    sites((calm_drafts(), vec(calm_snapshot(), 1..=2)))
}

fn sites(content: impl Strategy<Value = (Vec<Draft>, Vec<SnapshotDraft>)>) -> impl Strategy<Value = World> {
    (configs(), content, homes(), clock())
        .prop_map(|(config, (reports, snapshots), homes, clock)| assemble(config, reports, &snapshots, &homes, &clock))
}

fn assemble(config: Config, reports: Vec<Draft>, drafts: &[SnapshotDraft], homes: &Homes, clock: &Clock) -> World {
    let roles: Vec<String> = config.roles.iter().map(|role| role.name.clone()).collect();
    let reports = reports.into_iter().enumerate();
    let reports = reports.map(|(at, draft)| draft.finish(at, &roles, clock.now)).collect();
    let freshness = config.freshness_days.unwrap_or(7);
    let mut snapshots = Vec::new();
    for (age, draft) in drafts.iter().enumerate() {
        // The newest is placed around T, which replaces its own time; older ones a week apart.
        let as_of = shift(clock.now, -clock.lag - 604_800 * age as i64);
        let now = if age == 0 { clock.now } else { as_of };
        snapshots.insert(0, draft.finish(as_of, now, homes, &config.group_ranks, freshness));
    }
    if let (true, Some(draft)) = (clock.future && !snapshots.is_empty(), drafts.first()) {
        let later = shift(clock.now, 1);
        snapshots.push(draft.finish(later, later, homes, &config.group_ranks, freshness));
    }
    World { config, reports, guides: Vec::new(), snapshots, knowledge: Knowledge::full(), as_of: spell(clock.now, 0) }
}
