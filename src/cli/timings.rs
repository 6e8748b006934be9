//! How long each room took.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// A stopwatch with a lap per room, in the order of the first lap.
pub(super) struct Timings {
    begun: Instant,
    lap: Instant,
    rooms: Vec<(&'static str, Duration)>,
}

impl Timings {
    pub(super) fn start() -> Self {
        let now = Instant::now();
        Self { begun: now, lap: now, rooms: Vec::new() }
    }

    /// The time since the last lap went to this room.
    pub(super) fn lap(&mut self, room: &'static str) {
        let now = Instant::now();
        let spent = now - self.lap;
        self.lap = now;
        match self.rooms.iter_mut().find(|(name, _)| *name == room) {
            Some((_, total)) => *total += spent,
            None => self.rooms.push((room, spent)),
        }
    }

    /// The whole time until now.
    pub(super) fn total(&self) -> Duration {
        self.begun.elapsed()
    }

    /// The whole time, and that of each room that took a millisecond.
    pub(super) fn line(&self) -> String {
        let milliseconds = |time: &Duration| time.as_secs_f64() * 1000.0;
        let rooms = self.rooms.iter().filter(|(_, spent)| milliseconds(spent) >= 1.0);
        let rooms: Vec<String> = rooms.map(|(room, spent)| format!("{room} {:.0}", milliseconds(spent))).collect();
        let rooms = if rooms.is_empty() { String::new() } else { format!(" ({})", rooms.join(", ")) };
        format!("{:.0} ms{rooms}", milliseconds(&self.total()))
    }

    /// A table of rooms, their time and their share.
    pub(super) fn table(&self) -> String {
        let total = self.total();
        let mut out = String::new();
        for (room, spent) in &self.rooms {
            let share = 100.0 * spent.as_secs_f64() / total.as_secs_f64().max(f64::EPSILON);
            let _ = writeln!(out, "{room:<12} {:>9.1} ms {share:>5.1} %", spent.as_secs_f64() * 1000.0);
        }
        let _ = write!(out, "{:<12} {:>9.1} ms", "total", total.as_secs_f64() * 1000.0);
        out
    }
}
