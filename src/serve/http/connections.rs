//! How many connections there may be, and which one goes when another comes.
//!
//! A browser keeps connections open for the next request, and whoever wants to hinder it opens many
//! and asks nothing. Neither may keep a page from being answered: a newcomer is always let in, at the cost
//! of the connection that has waited longest for a request.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::task::AbortHandle;

/// How many connections there may be at once.
const MOST: usize = 128;

/// The connections that are open. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Connections {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    next: u64,
    open: BTreeMap<u64, Connection>,
}

struct Connection {
    doing: Doing,
    since: Instant,
    /// Ends it. A connection has none between its coming and the start of its task.
    task: Option<AbortHandle>,
}

/// What a connection is at, in the order in which they make room for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Doing {
    /// It waits for the rest of a request.
    Waiting,
    /// Its request is answered, or its answer not read yet.
    Answering,
    /// It is a stream of events, of which there are few.
    Streaming,
}

/// A connection's place among the others.
#[derive(Clone)]
pub(super) struct Seat {
    number: u64,
    connections: Connections,
}

/// Gives the place back when the connection's task ends, however it ends.
pub(super) struct Taken(pub(super) Seat);

/// As long as this lives, the connection answers a request, unless the answer is a stream of events.
pub(super) struct Busy(Seat);

impl Connections {
    /// A place for a connection that has come; where all are taken, one is closed to make room.
    pub(super) fn seat(&self) -> Taken {
        let mut shared = self.shared();
        while shared.open.len() >= MOST {
            shared.make_room();
        }
        let number = shared.next;
        shared.next += 1;
        shared.open.insert(number, Connection { doing: Doing::Waiting, since: Instant::now(), task: None });
        Taken(Seat { number, connections: self.clone() })
    }

    /// Closes one connection, where there is one.
    pub(super) fn make_room(&self) {
        self.shared().make_room();
    }

    /// How many there are.
    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.shared().open.len()
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    fn make_room(&mut self) {
        let first = self.open.iter().min_by_key(|(_, open)| (open.doing, open.since)).map(|(number, _)| *number);
        if let Some(number) = first {
            self.close(number);
        }
    }

    fn close(&mut self, number: u64) {
        if let Some(task) = self.open.remove(&number).and_then(|open| open.task) {
            task.abort();
        }
    }
}

impl Seat {
    /// The task by which the connection is served.
    pub(super) fn served_by(&self, task: AbortHandle) {
        match self.connections.shared().open.get_mut(&self.number) {
            Some(open) => open.task = Some(task),
            // It had to make room before it began.
            None => task.abort(),
        }
    }

    /// A request has come.
    pub(super) fn busy(&self) -> Busy {
        self.now(Doing::Answering);
        Busy(self.clone())
    }

    /// The connection is a stream of events from now on.
    pub(super) fn stream(&self) {
        self.now(Doing::Streaming);
    }

    /// Closes the connection, whatever it is at.
    pub(super) fn close(&self) {
        self.connections.shared().close(self.number);
    }

    fn now(&self, doing: Doing) {
        if let Some(open) = self.connections.shared().open.get_mut(&self.number) {
            (open.doing, open.since) = (doing, Instant::now());
        }
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.0.connections.shared().open.remove(&self.0.number);
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let mut shared = self.0.connections.shared();
        let open = shared.open.get_mut(&self.0.number).filter(|open| open.doing == Doing::Answering);
        if let Some(open) = open {
            (open.doing, open.since) = (Doing::Waiting, Instant::now());
        }
    }
}
