//! When what has changed is told: at once where it is little, in one where it is much.
//!
//! Time is an argument everywhere, so that all of it can be tried without waiting.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::Batch;

/// How long after its last event a small change is told. One save makes several events.
const BEAT: Duration = Duration::from_millis(2);
/// A small change is of so many paths at most: a save, a renaming.
const SMALL: usize = 4;
/// When nothing has happened for so long, whatever was going on is over.
const QUIET: Duration = Duration::from_millis(50);
/// How many events a second a hand may make, with all that its editor does for a save.
const BY_HAND: u128 = 60;
/// With more events than these before the hand's share has run off, it is no hand's work: a checkout, say.
const FLOOD: u128 = 100;
/// When a flood is over. On a busy machine, whoever makes it is halted now and then for longer than `QUIET`.
const EBB: Duration = Duration::from_millis(200);
/// The longest that anything finished waits while more keeps coming.
const LONGEST: Duration = Duration::from_millis(500);
/// How long a file that was written and not closed, or that has gone, is waited for. Where the system
/// tells of no closing, this is what takes its place.
const UNFINISHED: Duration = Duration::from_millis(20);
/// With more paths than these, to look at everything costs no more.
const MOST: usize = 4096;

/// What has changed and was not told yet.
#[derive(Debug, Default)]
pub(super) struct Gathering {
    finished: BTreeSet<PathBuf>,
    /// Paths that may not be what they will be in a moment, with the time of their last event.
    unfinished: BTreeMap<PathBuf, Instant>,
    everything: bool,
    /// When the first that was not told yet happened.
    first: Option<Instant>,
    /// When something happened last, told or not.
    last: Option<Instant>,
    /// Whether it was quiet before the first.
    was_quiet: bool,
    /// Events, less what has run off since.
    pressure: u128,
}

impl Gathering {
    /// A path is not what it was, and may change again in a moment.
    pub(super) fn unfinished(&mut self, path: PathBuf, at: Instant) {
        self.happened(at);
        if !self.everything {
            self.finished.remove(&path);
            self.unfinished.insert(path, at);
            self.bound();
        }
    }

    /// A path is what it is going to be.
    pub(super) fn finished(&mut self, path: PathBuf, at: Instant) {
        self.happened(at);
        if !self.everything {
            self.unfinished.remove(&path);
            self.finished.insert(path);
            self.bound();
        }
    }

    /// Anything may have changed.
    pub(super) fn everything(&mut self, at: Instant) {
        self.happened(at);
        self.take_all();
    }

    fn bound(&mut self) {
        if self.size() > MOST {
            self.take_all();
        }
    }

    fn take_all(&mut self) {
        self.everything = true;
        // What happens to these from now on is told by events to come.
        self.finished.clear();
        self.unfinished.clear();
    }

    fn happened(&mut self, at: Instant) {
        let since = self.last.map(|last| at.saturating_duration_since(last));
        let run_off = since.map_or(u128::MAX, |since| since.as_millis().saturating_mul(BY_HAND) / 1000);
        self.pressure = self.pressure.saturating_sub(run_off) + 1;
        if self.first.is_none() {
            self.was_quiet = since.is_none_or(|since| since >= QUIET);
            self.first = Some(at);
        }
        self.last = self.last.max(Some(at));
    }

    fn size(&self) -> usize {
        self.finished.len() + self.unfinished.len()
    }

    /// When the next batch is to be told; `None` while nothing has changed.
    pub(super) fn due(&self) -> Option<Instant> {
        let (first, last) = (self.first?, self.last?);
        let is_small = !self.everything && self.size() <= SMALL;
        let pause = match self.pressure > FLOOD {
            true => EBB,
            false if self.was_quiet && is_small => BEAT,
            false => QUIET,
        };
        let told = (last + pause).min(first + LONGEST);
        if self.everything || !self.finished.is_empty() {
            return Some(told);
        }
        let finished = self.unfinished.values().min().map(|at| *at + UNFINISHED)?;
        Some(told.max(finished))
    }

    /// The unfinished paths that nothing has happened to for long enough.
    pub(super) fn still(&self, now: Instant) -> impl Iterator<Item = &Path> {
        self.unfinished.iter().filter(move |(_, at)| **at + UNFINISHED <= now).map(|(path, _)| path.as_path())
    }

    /// What is to be told at `now`. The rest goes on being gathered.
    pub(super) fn tell(&mut self, now: Instant) -> Batch {
        let still: Vec<PathBuf> = self.still(now).map(Path::to_owned).collect();
        for path in still {
            self.unfinished.remove(&path);
            self.finished.insert(path);
        }
        self.first = self.unfinished.values().min().copied();
        Batch {
            paths: std::mem::take(&mut self.finished),
            everything: std::mem::take(&mut self.everything),
            ..Batch::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A gathering under a clock that is set by hand.
    struct Trial {
        gathering: Gathering,
        began: Instant,
        /// What was told, with the milliseconds at which it was.
        told: Vec<(u64, Batch)>,
    }

    impl Trial {
        fn new() -> Self {
            Self { gathering: Gathering::default(), began: Instant::now(), told: Vec::new() }
        }

        /// Lets the time come, and everything be told that is due before.
        fn at(&mut self, milliseconds: u64) -> Instant {
            let now = self.began + Duration::from_millis(milliseconds);
            while let Some(due) = self.gathering.due().filter(|due| *due <= now) {
                let at = u64::try_from((due - self.began).as_millis()).expect("short");
                self.told.push((at, self.gathering.tell(due)));
            }
            now
        }

        fn finished(&mut self, at: u64, path: &str) {
            let now = self.at(at);
            self.gathering.finished(path.into(), now);
        }

        fn unfinished(&mut self, at: u64, path: &str) {
            let now = self.at(at);
            self.gathering.unfinished(path.into(), now);
        }

        /// Each batch as the milliseconds and the paths.
        fn told(&mut self) -> Vec<String> {
            self.at(1_000_000);
            let told = self.told.iter().map(|(at, batch)| {
                let paths = batch.paths.iter().map(|path| format!(" {}", path.display()));
                format!("{at}{}{}", if batch.everything { " everything" } else { "" }, paths.collect::<String>())
            });
            told.collect()
        }
    }

    #[test]
    fn one_file_is_told_at_once() {
        let mut trial = Trial::new();
        trial.finished(0, "a");
        trial.finished(1000, "a");
        assert_eq!(trial.told(), ["2 a", "1002 a"]);
    }

    #[test]
    fn after_the_first_what_keeps_coming_is_gathered() {
        let mut trial = Trial::new();
        for (at, path) in [(0, "a"), (10, "b"), (40, "c"), (85, "d")] {
            trial.finished(at, path);
        }
        assert_eq!(trial.told(), ["2 a", "135 b c d"]);
    }

    #[test]
    fn much_at_once_is_told_in_one() {
        let mut trial = Trial::new();
        (0..1000).for_each(|number| trial.finished(number / 10, &number.to_string()));
        let sizes: Vec<_> = trial.told().iter().map(|batch| batch.split(' ').count()).collect();
        assert_eq!((trial.told[0].0, sizes), (299, vec![1 + 1000]));
    }

    #[test]
    fn a_checkout_that_is_halted_now_and_then_is_few_batches() {
        let mut trial = Trial::new();
        let mut time = 0;
        for number in 0..1000 {
            time += if number % 10 == 9 { 70 } else { 5 };
            trial.unfinished(time, &number.to_string());
            trial.finished(time, &number.to_string());
        }
        assert!(trial.told().len() < 35, "{} batches in {time} ms", trial.told.len());
    }

    #[test]
    fn saves_by_hand_are_told_at_once_however_long_they_go_on() {
        let mut trial = Trial::new();
        for save in 0..200 {
            (0..6).for_each(|event| trial.finished(save * 150 + event, "a"));
        }
        let told: Vec<String> = (0..200).map(|save| format!("{} a", save * 150 + 7)).collect();
        assert_eq!(trial.told(), told);
    }

    #[test]
    fn what_never_ends_is_told_twice_a_second() {
        let mut trial = Trial::new();
        (0..200).for_each(|number| trial.finished(number * 10, "a"));
        assert_eq!(trial.told(), ["2 a", "510 a", "1010 a", "1510 a", "2010 a"]);
    }

    #[test]
    fn a_file_that_was_emptied_waits_until_it_is_closed() {
        let mut trial = Trial::new();
        trial.unfinished(0, "a");
        trial.unfinished(5, "a");
        trial.finished(12, "a");
        assert_eq!(trial.told(), ["14 a"]);
    }

    #[test]
    fn a_file_that_is_not_closed_waits_until_it_is_still() {
        let mut trial = Trial::new();
        trial.unfinished(0, "a");
        trial.unfinished(5, "a");
        assert_eq!(trial.told(), ["25 a"]);
    }

    #[test]
    fn an_unfinished_file_holds_up_no_other() {
        let mut trial = Trial::new();
        trial.finished(0, "a");
        trial.unfinished(1, "b");
        assert_eq!(trial.told(), ["3 a", "21 b"]);
    }

    #[test]
    fn a_file_that_is_written_for_long_is_told_when_it_pauses() {
        let mut trial = Trial::new();
        (0..40).for_each(|number| trial.unfinished(number * 15, "a"));
        assert_eq!(trial.told(), ["605 a"]);
    }

    #[test]
    fn a_flood_is_everything_and_takes_no_room() {
        let mut trial = Trial::new();
        for number in 0..50_000_usize {
            let now = trial.at(0);
            trial.gathering.finished(number.to_string().into(), now);
            assert!(trial.gathering.size() <= MOST);
        }
        assert_eq!(trial.told(), ["200 everything"]);
    }

    /// What has happened to the paths of a trial and was not told yet: when, and whether that finished it.
    type Owed = BTreeMap<PathBuf, (u64, bool)>;

    /// Holds what was told against what had happened.
    fn settle(trial: &mut Trial, owed: &mut Owed) {
        for (at, batch) in trial.told.drain(..) {
            for path in &batch.paths {
                let (happened, whole) = owed.remove(path).unwrap_or_else(|| panic!("{path:?} was told twice"));
                assert!(whole || at >= happened + 20, "{path:?} was told unfinished");
                assert!(!whole || at <= happened + 500, "{path:?} waited from {happened} to {at}");
            }
        }
    }

    proptest! {
        /// Every change is told once: by its path or as part of everything, not before it is finished, and
        /// in time.
        #[test]
        fn nothing_is_lost_or_told_early(steps in prop::collection::vec((0_u64..80, 0_u8..6, 0_u8..12), 1..120)) {
            let (mut trial, mut owed, mut time) = (Trial::new(), Owed::new(), 0);
            for (pause, path, kind) in steps {
                time += pause;
                let (now, path) = (trial.at(time), PathBuf::from(path.to_string()));
                settle(&mut trial, &mut owed);
                match kind {
                    0 => trial.gathering.everything(now),
                    1..5 => trial.gathering.unfinished(path.clone(), now),
                    _ => trial.gathering.finished(path.clone(), now),
                }
                if trial.gathering.everything {
                    owed.clear();
                } else {
                    owed.insert(path, (time, kind >= 5));
                }
            }
            trial.at(time + 1000);
            settle(&mut trial, &mut owed);
            prop_assert!(owed.is_empty(), "never told: {owed:?}");
            prop_assert!(trial.gathering.due().is_none());
        }
    }
}
