//! How old what is known is.

use jiff::Timestamp;

/// A catalogue or scores so many days older than the data lack what became known since.
pub const STALE_AFTER: i64 = 30;

/// How many whole days lie between a source's date and `now`; below nought for a source that is newer.
#[must_use]
pub fn days_between(date: Timestamp, now: Timestamp) -> i64 {
    now.duration_since(date).as_hours() / 24
}
