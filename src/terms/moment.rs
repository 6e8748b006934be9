//! Dates and times, as people write them and as they compare.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use serde::{Serialize, Serializer};

/// A date, or an instant. A date stands for its first moment, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A day, written as such and kept so.
    Date(Date),
    /// An instant, shown in UTC.
    Instant(Timestamp),
}

impl Moment {
    /// Reads an RFC 3339 date or date-time; no zone means UTC.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        match text.len() {
            10 => is_date(text).then(|| text.parse().ok().map(Self::Date)).flatten(),
            _ => instant(text).map(Self::Instant),
        }
    }

    /// The instant meant.
    #[must_use]
    pub fn instant(self) -> Timestamp {
        match self {
            Self::Date(date) => start_of(date).unwrap_or(Timestamp::MIN),
            Self::Instant(instant) => instant,
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => date.fmt(f),
            Self::Instant(instant) => instant.fmt(f),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Reads an RFC 3339 date-time or date as an instant; no zone means UTC. The last hours of the year 9999, which some
/// programs write for "never", are later than any instant that can be told: they are the last of these.
#[must_use]
pub fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if !is_date(text) {
        return None;
    }
    if text.len() == 10 {
        return start_of(text.parse().ok()?);
    }
    let (date, rest) = text.split_at(10);
    let time = rest.strip_prefix(['T', 't', ' '])?;
    let zone = time.find(['Z', 'z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(zone);
    if !is_clock(clock) {
        return None;
    }
    // jiff reads a leap second as the second before it, which is what is wanted.
    let civil: DateTime = format!("{date}T{clock}").parse().ok()?;
    at(civil, offset(zone)?)
}

fn start_of(date: Date) -> Option<Timestamp> {
    at(date.to_datetime(Time::midnight()), Offset::UTC)
}

fn at(civil: DateTime, offset: Offset) -> Option<Timestamp> {
    let is_last = civil.date().year() == 9999;
    offset.to_timestamp(civil).ok().or_else(|| is_last.then_some(Timestamp::MAX))
}

/// The shapes of RFC 3339, which is narrower than what jiff reads. Strings that pass may
/// still be no date; jiff says so.
fn is_date(text: &str) -> bool {
    matches(text.as_bytes().get(..10), b"0000-00-00")
}

fn is_clock(text: &str) -> bool {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    matches(Some(clock.as_bytes()), b"00:00:00")
        && (1..=9).contains(&fraction.len())
        && fraction.bytes().all(|b| b.is_ascii_digit())
}

fn offset(zone: &str) -> Option<Offset> {
    if matches!(zone, "" | "Z" | "z") {
        return Some(Offset::UTC);
    }
    let text = zone.strip_prefix(['+', '-']).filter(|text| matches(Some(text.as_bytes()), b"00:00"))?;
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    (minutes < 60).then(|| Offset::from_seconds(sign * 60 * (60 * hours + minutes)).ok()).flatten()
}

fn matches(text: Option<&[u8]>, pattern: &[u8]) -> bool {
    text.is_some_and(|text| {
        text.len() == pattern.len()
            && text.iter().zip(pattern).all(|(b, p)| if *p == b'0' { b.is_ascii_digit() } else { b == p })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_honoured_and_none_is_utc() {
        let noon = instant("2026-11-16T12:00:00Z");
        assert!(noon.is_some());
        for same in ["2026-11-16T12:00:00", "2026-11-16 13:00:00+01:00", "2026-11-16t12:00:00.000z"] {
            assert_eq!(instant(same), noon, "{same}");
        }
    }

    #[test]
    fn never_is_the_last_instant() {
        for never in ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59", "9999-12-31"] {
            assert_eq!(instant(never), Some(Timestamp::MAX), "{never}");
        }
        assert!(instant("9999-12-30T00:00:00Z").is_some_and(|time| time < Timestamp::MAX));
        assert_eq!(instant("9999-12-31T23:59:59+99:00"), None);
    }

    #[test]
    fn only_rfc_3339_is_read() {
        for bad in [
            "2026-13-01",
            "2026-02-30",
            "20261116",
            "2026-11-16T12:00",
            "2026-11-16T25:00:00Z",
            "2026-11-16T12:00:00+01:60",
            "2026-11-16T12:00:00+1:00",
            "16.11.2026",
            "2026-11-16[UTC]",
            "now",
            "",
            "é026-11-16",
            "2026-11-16T12:00:00é",
        ] {
            assert_eq!(instant(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_date_stays_a_date_and_an_instant_is_shown_in_utc() {
        let shown = |text| Moment::parse(text).map(|moment| moment.to_string());
        assert_eq!(shown("2026-11-02").as_deref(), Some("2026-11-02"));
        assert_eq!(shown("2026-11-02T06:30:00+02:00").as_deref(), Some("2026-11-02T04:30:00Z"));
        assert_eq!(Moment::parse("2026-11-02").map(Moment::instant), instant("2026-11-02T00:00:00Z"));
    }
}
