//! What has changed on disk, in batches.
//!
//! ```text
//! system ──> armed ── change ──> inbox ──┐                ┌─ the site ───> gathering ─┐
//!                                        ├──> Watcher ────┤                           ├──> Batch
//! every 300 ms ──> polling ──────────────┘                └─ snapshots ─> stillness ──┘
//! ```
//! One file that was saved is told at once. What is still being written, and what keeps coming, is
//! waited for, but never long. Events are hints: who hears of a path looks at what is there now. When
//! events were lost, or a place has come or gone, nobody knows what changed, and everything is to be
//! looked at.
//!
//! Nothing here has a thread of its own but `notify`, and nothing grows while nobody asks.

mod armed;
mod change;
mod gathering;
mod inbox;
mod name;
mod places;
mod polling;
mod stillness;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use crate::diagnostics::{Code, Diagnostic, Diagnostics, visible};
use armed::Armed;
use change::{Became, Change, changes};
use gathering::Gathering;
use inbox::Inbox;
use name::is_temporary;
use places::Part;
pub use places::Places;
use polling::Polling;
use stillness::{Stillness, look};

/// What may have changed since the last batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Absolute paths, spelt as the places are. They are hints: whoever reads decides by content. A
    /// directory stands for all in it; a snapshot is told as its directory.
    pub paths: BTreeSet<PathBuf>,
    /// Nobody knows what changed: look at everything, whatever `paths` says.
    pub everything: bool,
    /// Snapshots that are being written, or were a moment ago. What was read of them before stands,
    /// whatever `everything` says: each is told in `paths` when it is whole.
    pub unfinished: BTreeSet<PathBuf>,
}

/// Watches the files of a site.
pub struct Watcher {
    places: Arc<Places>,
    source: Source,
    inbox: Inbox,
    gathering: Gathering,
    stillness: Stillness,
    /// Whether the system's events may miss something until they are armed again.
    is_in_doubt: bool,
    problems: Diagnostics,
}

/// Where changes are learnt from.
enum Source {
    System(Armed),
    Polling(Polling),
}

impl Watcher {
    /// Begins to watch: what changes from now on is told by [`next`](Self::next), so that whoever begins
    /// before reading the site misses nothing. With `poll` all files are looked at every 300 ms instead of
    /// waiting for the system to tell; so they are where it cannot, now or later, of which
    /// [`problems`](Self::problems) tells.
    #[must_use]
    pub fn start(places: Places, poll: bool) -> Self {
        let places = Arc::new(places.absolute());
        let inbox = Inbox::new();
        let mut problems = Diagnostics::new();
        let armed = if poll { None } else { arm(&places, &inbox).map_err(|error| problems.push(warning(&error))).ok() };
        let source = armed.map_or_else(|| Source::Polling(Polling::start(&places)), Source::System);
        let stillness = Stillness::new(snapshots(&places), look);
        Self { places, source, inbox, gathering: Gathering::default(), stillness, is_in_doubt: false, problems }
    }

    /// Waits for the next changes; `None` once the watcher was stopped.
    #[expect(clippy::should_implement_trait, reason = "an iterator would say nothing more, and hide that it blocks")]
    pub fn next(&mut self) -> Option<Batch> {
        loop {
            for (change, at) in self.inbox.empty() {
                self.hear(change, at);
            }
            if self.inbox.is_stopped() {
                return None;
            }
            let now = Instant::now();
            self.look(now);
            if self.gathering.due().is_some_and(|due| due <= now) && self.is_still(now) {
                return Some(self.tell(now));
            }
            let polling = match &self.source {
                Source::System(_) => None,
                Source::Polling(polling) => Some(polling.due()),
            };
            let wake = [self.gathering.due(), self.stillness.due(), polling].into_iter().flatten().min();
            if let Some((change, at)) = self.inbox.wait(wake) {
                self.hear(change, at);
            }
        }
    }

    /// What ends a [`next`](Self::next) that waits, and all that follow.
    pub fn stopper(&self) -> impl Fn() + Send + use<> {
        let slot = self.inbox.slot();
        move || slot.stop()
    }

    /// What the author should know of the watching, since this was asked last.
    pub fn problems(&mut self) -> Diagnostics {
        std::mem::take(&mut self.problems)
    }

    /// Takes in what the system has told.
    fn hear(&mut self, change: Change, at: Instant) {
        let Source::System(armed) = &mut self.source else { return };
        let Change::Of(path, became) = change else { return self.doubt(at) };
        let part = self.places.part(&path);
        if part == Part::Ground {
            // Of a directory that could not be read until now, nothing is known either.
            if became != Became::Written || !armed.watches(&path) {
                self.doubt(at);
            }
            return;
        }
        let is_directory = became != Became::Gone && self.places.is_directory(&path);
        let was_directory = became == Became::Gone && armed.forget(&path);
        if part == Part::Nothing || is_temporary(&path) && !is_directory && !was_directory {
            return;
        }
        if is_directory {
            if became == Became::Written && armed.watches(&path) {
                return;
            }
            self.adopt(&path, part == Part::Site);
        }
        match part {
            Part::Snapshot(snapshot) => self.stillness.touched(snapshot, Instant::now(), look),
            _ if is_directory || became == Became::Finished => self.gathering.finished(path, at),
            // Something else may take the place of what has gone.
            _ => self.gathering.unfinished(path, at),
        }
    }

    /// Watches a new directory, and tells what is in it already. Each file may have been closed before
    /// anybody watched, or not yet.
    fn adopt(&mut self, directory: &Path, is_site: bool) {
        let Source::System(armed) = &mut self.source else { return };
        let gathering = &mut self.gathering;
        let found = |file: PathBuf| {
            if is_site && !is_temporary(&file) {
                gathering.unfinished(file, Instant::now());
            }
        };
        if let Err(error) = armed.adopt(&self.places, directory, found) {
            self.poll_instead(&error);
        }
    }

    /// Looks at what tells nothing by itself.
    fn look(&mut self, now: Instant) {
        if let Source::Polling(polling) = &mut self.source
            && polling.due() <= now
        {
            let began = Instant::now();
            for path in polling.scan(&self.places) {
                self.gathering.unfinished(path, now);
            }
            self.stillness.survey(snapshots(&self.places), now, look);
            polling.rest(began);
        }
        for snapshot in self.stillness.settled(now, look) {
            self.gathering.finished(snapshot, now);
        }
    }

    /// Whether what is to be told is not being written just now, for all that anybody knows.
    fn is_still(&mut self, now: Instant) -> bool {
        let Source::Polling(polling) = &mut self.source else { return true };
        let moving = polling.moving(self.gathering.still(now).map(Path::to_owned).collect());
        let is_still = moving.is_empty();
        moving.into_iter().for_each(|path| self.gathering.unfinished(path, Instant::now()));
        is_still
    }

    fn tell(&mut self, now: Instant) -> Batch {
        let mut batch = self.gathering.tell(now);
        if self.is_in_doubt && batch.everything {
            self.arm_again();
        }
        if batch.everything {
            self.stillness.survey(snapshots(&self.places), now, look);
        }
        batch.unfinished = self.stillness.moving();
        batch
    }

    fn doubt(&mut self, at: Instant) {
        self.is_in_doubt = true;
        self.gathering.everything(at);
    }

    /// Watches all places anew, before everything is told: what changes while this goes on is seen by
    /// who looks at everything, and what changes later is told.
    fn arm_again(&mut self) {
        self.is_in_doubt = false;
        if let Source::System(_) = self.source {
            match arm(&self.places, &self.inbox) {
                Ok(armed) => self.source = Source::System(armed),
                Err(error) => self.poll_instead(&error),
            }
        }
    }

    fn poll_instead(&mut self, error: &notify::Error) {
        self.problems.push(warning(error));
        self.source = Source::Polling(Polling::start(&self.places));
        self.gathering.everything(Instant::now());
    }
}

fn arm(places: &Arc<Places>, inbox: &Inbox) -> notify::Result<Armed> {
    let (slot, known) = (inbox.slot(), Arc::clone(places));
    let concerns = move |change: &Change| match change {
        Change::Of(path, _) => known.part(path) != Part::Nothing,
        Change::Lost => true,
    };
    let handler = move |event| changes(event).into_iter().filter(&concerns).for_each(|change| slot.tell(change));
    Armed::arm(places, handler)
}

/// The snapshots that are there.
fn snapshots(places: &Places) -> Vec<PathBuf> {
    let entries = fs::read_dir(&places.snapshots).into_iter().flatten().flatten();
    let found = entries.map(|entry| entry.path()).filter(|path| matches!(places.part(path), Part::Snapshot(_)));
    found.chain(places.named.clone().filter(|named| named.is_dir())).collect()
}

fn warning(error: &notify::Error) -> Diagnostic {
    let message = format!("the system cannot watch the site's files: {}", visible(&error.to_string()));
    let hint = match error.kind {
        notify::ErrorKind::MaxFilesWatch => {
            "they are looked at every 300 ms instead; on Linux, raise fs.inotify.max_user_watches"
        }
        _ => "they are looked at every 300 ms instead, as with --poll",
    };
    Diagnostic::warning(Code::NotWatched, message).hint(hint)
}
