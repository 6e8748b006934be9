//! Section 2: linked alerts, and the devices with alerts.

use super::fleet::{Alert, Device};
use super::marks::mark;
use super::text::lower;
use super::view::View;
use crate::world::Selectors;

/// The visible alerts that any selector matches; `None` when the report has no selector or the
/// table is absent.
pub(crate) fn linked<'a>(view: &View<'a>) -> Option<Vec<&'a Alert>> {
    let selectors = view.selectors()?;
    let alerts = view.fleet()?.alerts.as_ref()?;
    Some(alerts.iter().filter(|alert| matches(alert, selectors)).collect())
}

fn matches(alert: &Alert, selectors: &Selectors) -> bool {
    let same =
        |list: &[String], value: &str| !value.is_empty() && list.iter().any(|wanted| lower(wanted) == lower(value));
    let by_id = selectors.ids.iter().any(|wanted| wanted.trim() == alert.id);
    by_id
        || same(&selectors.titles, &alert.title)
        || same(&selectors.detectors, &alert.detector)
        || same(&selectors.families, &alert.family)
        || same(&selectors.actors, &alert.actor)
}

pub(crate) fn is_active(alert: &Alert) -> bool {
    alert.status != "resolved"
}

pub(crate) fn count(alerts: &[&Alert], counts: impl Fn(&Alert) -> bool) -> i64 {
    alerts.iter().filter(|alert| counts(alert)).count() as i64
}

/// Whether a device has an active linked alert.
pub(crate) fn impacted(alerts: &[&Alert], device: &Device) -> bool {
    alerts.iter().any(|alert| is_active(alert) && alert.devices.contains(&device.id))
}

/// Whether a device has linked alerts, all of them resolved.
pub(crate) fn only_resolved(alerts: &[&Alert], device: &Device) -> bool {
    let mut has_any = false;
    for alert in alerts {
        if alert.devices.contains(&device.id) {
            has_any = true;
            if is_active(alert) {
                return false;
            }
        }
    }
    if has_any {
        mark("device with resolved alerts only");
    }
    has_any
}
