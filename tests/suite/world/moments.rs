//! Times near the edges that matter: the moment a device becomes stale, T itself, ends of days.
//! A moment is drawn before T is known and written once it is.

use jiff::{SignedDuration, Timestamp, tz::Offset};
use proptest::prelude::*;

#[derive(Clone, Debug)]
pub(crate) enum Moment {
    Absent,
    /// Seconds after the last moment at which a device still counts as fresh.
    Fresh(i64),
    /// Seconds after T.
    Now(i64),
    /// Seconds after the start of the day that many days before T's.
    Day(i64, i64),
    /// A date that does not parse.
    Garbage,
}

/// A moment and the way it is spelt.
#[derive(Clone, Debug)]
pub(crate) struct Stamp {
    pub(crate) moment: Moment,
    pub(crate) spelling: u8,
}

/// Any moment; `absent` and `garbage` weigh what the column needs.
pub(crate) fn stamp(absent: u32, garbage: u32) -> impl Strategy<Value = Stamp> + Clone {
    let moment = prop_oneof![
        absent => Just(Moment::Absent),
        6 => (-1i64..=1).prop_map(Moment::Fresh),
        4 => (-2i64..=2).prop_map(Moment::Now),
        2 => Just(Moment::Now(90_000)),
        8 => (0i64..12, -1i64..=1).prop_map(|(days, seconds)| Moment::Day(days, seconds)),
        6 => (-400_000i64..0).prop_map(Moment::Now),
        garbage => Just(Moment::Garbage),
    ];
    (moment, 0u8..6).prop_map(|(moment, spelling)| Stamp { moment, spelling }).boxed()
}

impl Stamp {
    /// The raw text, once T and the days of freshness are known.
    pub(crate) fn write(&self, now: Timestamp, freshness_days: i64) -> String {
        let at = match self.moment {
            Moment::Absent => return String::new(),
            Moment::Garbage => return "last Tuesday".to_owned(),
            Moment::Fresh(seconds) => shift(now, seconds - freshness_days * 86_400),
            Moment::Now(seconds) => shift(now, seconds),
            Moment::Day(days, seconds) => shift(midnight(now), seconds - days * 86_400),
        };
        spell(at, self.spelling)
    }
}

pub(crate) fn shift(at: Timestamp, seconds: i64) -> Timestamp {
    at + SignedDuration::from_secs(seconds)
}

fn midnight(at: Timestamp) -> Timestamp {
    shift(at, -at.as_second().rem_euclid(86_400))
}

/// One instant in the spellings that RFC 3339 and "no zone = UTC" allow.
pub(crate) fn spell(at: Timestamp, spelling: u8) -> String {
    let utc = Offset::UTC.to_datetime(at);
    let east = Offset::constant(2).to_datetime(at);
    match spelling {
        0 => format!("{}Z", utc.strftime("%Y-%m-%dT%H:%M:%S")),
        1 => format!("{}", utc.strftime("%Y-%m-%dT%H:%M:%S")),
        2 => format!("{}+02:00", east.strftime("%Y-%m-%dT%H:%M:%S")),
        3 => format!("{}.000Z", utc.strftime("%Y-%m-%dT%H:%M:%S")),
        4 if at == midnight(at) => format!("{}", utc.strftime("%Y-%m-%d")),
        _ => format!(" {}Z ", utc.strftime("%Y-%m-%dT%H:%M:%S")),
    }
}
