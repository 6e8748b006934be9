//! What the system has told and nobody has heard yet. It is bounded: when the one who listens is busy
//! for long, what comes meanwhile is not kept, only that something came.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Instant;

use super::change::Change;

/// How many changes are kept. The system itself keeps as many, where nobody has raised it.
const MOST: usize = 16_384;

/// The end that listens.
pub(super) struct Inbox {
    receiver: Receiver<Option<(Change, Instant)>>,
    slot: Slot,
}

/// The end that tells; there can be many.
#[derive(Clone)]
pub(super) struct Slot {
    /// `None` only wakes who listens.
    sender: SyncSender<Option<(Change, Instant)>>,
    overflowed: Arc<AtomicBool>,
    stopped: Arc<AtomicBool>,
}

impl Inbox {
    pub(super) fn new() -> Self {
        let (sender, receiver) = sync_channel(MOST);
        Self { receiver, slot: Slot { sender, overflowed: Arc::default(), stopped: Arc::default() } }
    }

    pub(super) fn slot(&self) -> Slot {
        self.slot.clone()
    }

    /// Waits until something is told, or until `time`.
    pub(super) fn wait(&self, time: Option<Instant>) -> Option<(Change, Instant)> {
        let word = match time {
            Some(time) => self.receiver.recv_timeout(time.saturating_duration_since(Instant::now())).ok(),
            None => self.receiver.recv().ok(),
        };
        word.flatten()
    }

    /// What is there now, and no more than there is room for: the rest comes the next time.
    pub(super) fn empty(&self) -> Vec<(Change, Instant)> {
        let mut changes: Vec<_> = self.receiver.try_iter().take(MOST).flatten().collect();
        if self.slot.overflowed.swap(false, SeqCst) {
            changes.push((Change::Lost, Instant::now()));
        }
        changes
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.slot.stopped.load(SeqCst)
    }
}

impl Slot {
    pub(super) fn tell(&self, change: Change) {
        if self.sender.try_send(Some((change, Instant::now()))).is_err() {
            self.overflowed.store(true, SeqCst);
            self.wake();
        }
    }

    /// Ends the listening.
    pub(super) fn stop(&self) {
        self.stopped.store(true, SeqCst);
        self.wake();
    }

    /// Where there is no room for it, who listens has something to wake up for.
    fn wake(&self) {
        let _ = self.sender.try_send(None);
    }
}

#[cfg(test)]
mod tests {
    use super::super::change::Became;
    use super::*;

    #[test]
    fn what_there_is_no_room_for_is_known_to_be_lost() {
        let inbox = Inbox::new();
        let slot = inbox.slot();
        (0..50_000).for_each(|number| slot.tell(Change::Of(number.to_string().into(), Became::Gone)));
        let kept = inbox.empty();
        assert_eq!(kept.len(), MOST + 1);
        assert_eq!(kept.last().map(|(change, _)| change), Some(&Change::Lost));
        assert!(inbox.empty().is_empty());
    }

    #[test]
    fn a_full_inbox_can_be_stopped() {
        let inbox = Inbox::new();
        (0..MOST).for_each(|_| inbox.slot().tell(Change::Lost));
        inbox.slot().stop();
        assert!(inbox.wait(None).is_some());
        assert!(inbox.is_stopped());
    }
}
