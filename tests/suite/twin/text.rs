//! How raw text is read: white space, times, words, booleans.

use jiff::{Timestamp, civil::DateTime, tz::Offset};

/// Nanoseconds since 1970, UTC.
pub(crate) type Time = i128;

pub(crate) const SECOND: Time = 1_000_000_000;
pub(crate) const DAY: Time = 86_400 * SECOND;

/// A value that does not parse: its row is bad.
#[derive(Debug, PartialEq)]
pub(crate) struct Bad;

/// "Case-insensitive" is Unicode lower-casing after trimming.
pub(crate) fn lower(raw: &str) -> String {
    raw.trim().to_lowercase()
}

/// A CVE's id is upper-cased.
pub(crate) fn upper(raw: &str) -> String {
    raw.trim().to_uppercase()
}

/// A time; no zone = UTC, a date alone is its midnight, empty is absent.
pub(crate) fn time(raw: &str) -> Result<Option<Time>, Bad> {
    match raw.trim() {
        "" => Ok(None),
        said => stamp(said).map(|at| Some(at.as_nanosecond())).ok_or(Bad),
    }
}

/// A time that stands in the site itself and is known to be good.
pub(crate) fn certain_time(raw: &str) -> Time {
    time(raw).unwrap().unwrap()
}

fn stamp(said: &str) -> Option<Timestamp> {
    if let Ok(at) = said.parse::<Timestamp>() {
        return Some(at);
    }
    let local: DateTime = said.parse().ok()?;
    Offset::UTC.to_timestamp(local).ok()
}

/// As it is written out: a date stays a date, a date-time is written in UTC with `Z`.
pub(crate) fn utc(raw: &str) -> String {
    let raw = raw.trim();
    if raw.len() == "2026-11-16".len() {
        return raw.to_owned();
    }
    stamp(raw).unwrap().to_string()
}

/// A time, written out.
pub(crate) fn time_text(at: Time) -> String {
    Timestamp::from_nanosecond(at).unwrap().to_string()
}

/// A time as a day, `2026-11-16`.
pub(crate) fn date_of(at: Time) -> String {
    let stamp = Timestamp::from_nanosecond(at).unwrap();
    stamp.to_string()[..10].to_owned()
}

/// An enumeration's word: case, spaces and `_` do not count; an unknown word is `unknown` where
/// the enumeration has that, else as if absent (empty).
pub(crate) fn word(raw: &str, known: &[&'static str]) -> &'static str {
    if raw.trim().is_empty() {
        return "";
    }
    for candidate in known {
        if squeezed(candidate) == squeezed(raw) {
            return candidate;
        }
    }
    if known.contains(&"unknown") { "unknown" } else { "" }
}

fn squeezed(raw: &str) -> String {
    let kept: String = raw.chars().filter(|c| !c.is_whitespace() && *c != '_').collect();
    kept.to_lowercase()
}

/// true, false, 1, 0, yes, no; empty is absent.
pub(crate) fn boolean(raw: &str) -> Result<Option<bool>, Bad> {
    match lower(raw).as_str() {
        "" => Ok(None),
        "true" | "1" | "yes" => Ok(Some(true)),
        "false" | "0" | "no" => Ok(Some(false)),
        _ => Err(Bad),
    }
}

/// A boolean in canonical text.
pub(crate) fn boolean_text(value: Option<bool>) -> String {
    value.map_or(String::new(), |value| value.to_string())
}

/// Ten times a number between 1 and 10, cut to an integer, by its digits: no fraction of a
/// computer's own gets in between.
pub(crate) fn tenfold_impact(raw: &str) -> Result<Option<i64>, Bad> {
    let raw = raw.trim();
    if raw.is_empty() {
        return Ok(None);
    }
    let (whole, fraction) = raw.split_once('.').unwrap_or((raw, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return Err(Bad);
    }
    let whole: i64 = whole.parse().map_err(|_| Bad)?;
    let tenth = i64::from(fraction.as_bytes()[0] - b'0');
    let beyond_ten = whole > 10 || whole == 10 && fraction.bytes().any(|b| b != b'0');
    if whole < 1 || beyond_ten { Err(Bad) } else { Ok(Some(10 * whole + tenth)) }
}
