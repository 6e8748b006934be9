//! Section 3: does a device report?

use super::fleet::Device;
use super::marks::mark;
use super::text::{DAY, Time};

/// Why a device does not report, the first reason that holds; `None` when it reports.
pub(crate) fn silence(device: &Device, now: Time, freshness_days: i64) -> Option<&'static str> {
    let reason = reason(device, now, freshness_days);
    mark(match reason {
        Some(reason) => reason,
        None => "reports",
    });
    reason
}

fn reason(device: &Device, now: Time, freshness_days: i64) -> Option<&'static str> {
    if !device.onboarding.is_empty() && device.onboarding != "onboarded" {
        return Some("not_onboarded");
    }
    if device.health == "inactive" {
        return Some("inactive");
    }
    if device.health == "no_sensor_data" || device.health == "no_sensor_data_impaired_communication" {
        return Some("no_sensor_data");
    }
    let Some(last_seen) = device.last_seen else {
        return (device.health.is_empty() || device.health == "unknown").then_some("never_seen");
    };
    if last_seen > now {
        mark("last_seen after T");
    }
    let counted = last_seen.min(now);
    let limit = Time::from(freshness_days) * DAY;
    if now - counted == limit {
        mark("at the edge of staleness");
    }
    (now - counted > limit).then_some("stale")
}

/// The same for a device of a view.
pub(crate) fn reports(device: &Device, now: Time, freshness_days: i64) -> bool {
    silence(device, now, freshness_days).is_none()
}
