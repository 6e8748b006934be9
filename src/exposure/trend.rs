//! Alerts and devices per day (figures.md, section 2, "Over time").

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use super::TrendDay;
use crate::scope::{Alert, DeviceSet};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The days up to the one of `now`, the last one as it stands at `now`.
pub(super) fn trend(alerts: &[&Alert], now: Timestamp, days: u32) -> Vec<TrendDay> {
    let spans: Vec<Span<'_>> = alerts.iter().map(|alert| Span::of(alert, now)).collect();
    let today = Offset::UTC.to_datetime(now).date();
    let midnight = Offset::UTC.to_timestamp(today.at(0, 0, 0, 0)).unwrap_or(now);
    (0..days)
        .rev()
        .filter_map(|back| {
            let begin = midnight.checked_sub(DAY.checked_mul(i32::try_from(back).ok()?)?).ok()?;
            let moment = if back == 0 { Moment::Now } else { Moment::Before(begin.checked_add(DAY).ok()?) };
            Some(day(Offset::UTC.to_datetime(begin).date(), moment, &spans))
        })
        .collect()
}

/// When a day is looked at: before its end, or, on the last, now.
#[derive(Clone, Copy)]
enum Moment {
    Before(Timestamp),
    Now,
}

/// An alert's life: from when it was raised to when it was resolved.
struct Span<'a> {
    created: Timestamp,
    /// Nothing for an active one; never before `created`, never after now.
    resolved: Option<Timestamp>,
    devices: &'a DeviceSet,
}

impl<'a> Span<'a> {
    fn of(alert: &'a Alert, now: Timestamp) -> Self {
        let end = alert.resolved.unwrap_or(now).min(now).max(alert.created);
        let resolved = (!alert.is_active()).then_some(end);
        Self { created: alert.created, resolved, devices: &alert.devices }
    }

    fn exists(&self, moment: Moment) -> bool {
        match moment {
            Moment::Before(end) => self.created < end,
            Moment::Now => true,
        }
    }

    fn is_resolved(&self, moment: Moment) -> bool {
        self.resolved.is_some_and(|resolved| match moment {
            Moment::Before(end) => resolved < end,
            Moment::Now => true,
        })
    }
}

fn day(date: jiff::civil::Date, moment: Moment, spans: &[Span<'_>]) -> TrendDay {
    let mut day = TrendDay { date, alerts_active: 0, alerts_resolved: 0, devices_active: 0, devices_resolved: 0 };
    let (mut active, mut seen) = (DeviceSet::new(), DeviceSet::new());
    for span in spans.iter().filter(|span| span.exists(moment)) {
        seen |= span.devices;
        if span.is_resolved(moment) {
            day.alerts_resolved += 1;
        } else {
            day.alerts_active += 1;
            active |= span.devices;
        }
    }
    day.devices_active = active.len();
    day.devices_resolved = seen.len() - active.len();
    day
}
