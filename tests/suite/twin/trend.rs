//! Section 2: alerts and devices over time.

use serde_json::{Value, json};

use super::alerts::{is_active, linked};
use super::fleet::Alert;
use super::marks::mark;
use super::text::{DAY, Time, date_of};
use super::view::View;

/// The moment a day is looked at: its end, or T on T's day. "Before" is `<` for an end, `<=` for T.
struct Moment {
    end: Time,
    inclusive: bool,
}

impl Moment {
    fn before(&self, at: Time) -> bool {
        at < self.end || self.inclusive && at == self.end
    }
}

pub(crate) fn trend(view: &View<'_>) -> Value {
    let (Some(alerts), Some(fleet)) = (linked(view), view.fleet()) else {
        return Value::Null;
    };
    let today = fleet.now.div_euclid(DAY);
    let mut points = Vec::new();
    for ago in (0..view.trend_days()).rev() {
        let day = today - Time::from(ago);
        let moment = if ago == 0 {
            Moment { end: fleet.now, inclusive: true }
        } else {
            Moment { end: (day + 1) * DAY, inclusive: false }
        };
        let on = |alert: &&&Alert| active_on(alert, &moment, fleet.now);
        let off = |alert: &&&Alert| resolved_on(alert, &moment, fleet.now);
        let (active, resolved) = devices(view, &alerts, &moment);
        points.push(json!({
            "date": date_of(day * DAY),
            "alerts_active": alerts.iter().filter(on).count(),
            "alerts_resolved": alerts.iter().filter(off).count(),
            "devices_active": active,
            "devices_resolved": resolved,
        }));
    }
    Value::from(points)
}

/// When a resolved alert was resolved: T without a time or after T, never before it was created.
fn resolved_at(alert: &Alert, now: Time) -> Time {
    let Some(at) = alert.resolved else {
        mark("resolved without a time");
        return now;
    };
    if at > now {
        mark("resolved after T");
        return now;
    }
    if at < alert.created {
        mark("resolved before created");
        return alert.created;
    }
    at
}

fn active_on(alert: &Alert, moment: &Moment, now: Time) -> bool {
    moment.before(alert.created) && !resolved_on(alert, moment, now)
}

fn resolved_on(alert: &Alert, moment: &Moment, now: Time) -> bool {
    !is_active(alert) && moment.before(resolved_at(alert, now))
}

/// Devices with an alert active on the day, and those with alerts of which none is.
fn devices(view: &View<'_>, alerts: &[&Alert], moment: &Moment) -> (i64, i64) {
    let Some(fleet) = view.fleet() else { return (0, 0) };
    let (mut active, mut resolved) = (0, 0);
    for device in &fleet.devices {
        let of_device = || alerts.iter().filter(|alert| alert.devices.contains(&device.id));
        if of_device().any(|alert| active_on(alert, moment, fleet.now)) {
            active += 1;
        } else if of_device().any(|alert| moment.before(alert.created)) {
            resolved += 1;
        }
    }
    (active, resolved)
}
