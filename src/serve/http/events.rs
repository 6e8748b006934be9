//! What open pages are told: server-sent events.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::body::Bytes;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::connections::Seat;

/// How many streams may be open at once. One browser needs one, whatever the number of its tabs.
const MOST_STREAMS: usize = 32;
/// How many events wait for a reader that is slow. A revision that was missed is no loss: the next one says as much.
const QUEUE: usize = 16;

/// Tells every open page that what is shown has changed. Cheap to clone.
#[derive(Clone, Default)]
pub struct Events {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    revision: String,
    streams: Vec<Stream>,
}

/// An open stream.
struct Stream {
    queue: Sender<Bytes>,
    seat: Seat,
}

impl Events {
    /// The pages of a rebuild are ready. The value is opaque to pages; it should be another one each time.
    pub fn revision(&self, revision: &str) {
        let mut shared = self.shared();
        revision.clone_into(&mut shared.revision);
        shared.send(&event("revision", revision));
    }

    /// The input does not build, or not any longer for the same reason. The value is opaque to pages.
    pub fn problem(&self, problem: &str) {
        self.shared().send(&event("problem", problem));
    }

    /// The revision whose pages are ready.
    pub(super) fn present(&self) -> String {
        self.shared().revision.clone()
    }

    /// Says nothing, so that a stream whose reader has gone is noticed.
    pub(super) fn beat(&self) {
        self.shared().send(&Bytes::from_static(b":\n\n"));
    }

    /// A new stream on a connection, which begins with the present revision; `None` when there are too many.
    pub(super) fn subscribe(&self, seat: &Seat) -> Option<Receiver<Bytes>> {
        let (queue, events) = channel(QUEUE);
        let mut shared = self.shared();
        shared.streams.retain(|stream| !stream.queue.is_closed());
        if shared.streams.len() >= MOST_STREAMS {
            return None;
        }
        queue.try_send(event("current", &shared.revision)).ok()?;
        shared.streams.push(Stream { queue, seat: seat.clone() });
        Some(events)
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    /// Queues an event everywhere. A stream that is gone is forgotten; one that has not read for so long that
    /// its queue is full is closed, and its page asks for a new one when it is awake again.
    fn send(&mut self, event: &Bytes) {
        self.streams.retain(|stream| {
            let sent = stream.queue.try_send(event.clone()).is_ok();
            if !sent {
                stream.seat.close();
            }
            sent
        });
    }
}

/// An event as it stands in a stream. A line end in a value would end it early.
fn event(name: &str, value: &str) -> Bytes {
    let lines: String = value.split(['\r', '\n']).map(|line| format!("data: {line}\n")).collect();
    Bytes::from(format!("event: {name}\n{lines}\n"))
}
