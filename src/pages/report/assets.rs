//! Impacted assets: the devices with linked alerts.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;

use super::{Context, Section, sentence};
use crate::pages::cell::Cell;
use crate::pages::devices::{self, Extra};
use crate::pages::route::Tab;
use crate::pages::table::Kind;
use crate::pages::tile::Tile;
use crate::scope::{DeviceSet, Ordinal};

/// Active and resolved linked alerts of a device.
type Alerts = BTreeMap<Ordinal, (u64, u64)>;

pub(super) fn section<'a>(context: &Context<'a>) -> Section<'a> {
    let (ground, threat) = (context.portal.ground, context.threat);
    let reason = threat.without_alerts(ground);
    let mut tables = Vec::new();
    if reason.is_none() {
        let alerts = Arc::new(alerts(context));
        let home = context.home(Tab::Assets);
        let sets = &threat.figures.get().sets;
        tables.push(
            devices::listed(
                &context.portal,
                (&home, "devices.impacted"),
                "Impacted devices: with an active linked alert, the most alerts first",
                most_first(&sets.impacted, &alerts),
                extras(&alerts),
            )
            .empty("No device of yours has an active alert that is linked to this report."),
        );
        tables.push(
            devices::listed(
                &context.portal,
                (&home, "devices.resolved"),
                "Devices with resolved alerts only, the most alerts first",
                most_first(&sets.alerts_resolved, &alerts),
                extras(&alerts),
            )
            .empty("No device of yours has resolved alerts only."),
        );
    }
    Section::new(json!({ "tiles": tiles(context), "reason": sentence(reason) }), tables)
}

/// The devices of a set with their number: those with the most alerts first, then by group and id.
fn most_first(devices: &DeviceSet, alerts: &Alerts) -> (u64, impl Fn() -> std::vec::IntoIter<Ordinal> + use<>) {
    let mut order: Vec<Ordinal> = devices.iter().collect();
    order.sort_by_key(|ordinal| std::cmp::Reverse(alerts.get(ordinal)));
    (order.len() as u64, move || order.clone().into_iter())
}

/// How many alerts a device has.
fn extras(alerts: &Arc<Alerts>) -> [Extra<'static>; 2] {
    let count = |of: fn((u64, u64)) -> u64| {
        let alerts = Arc::clone(alerts);
        move |ordinal: Ordinal| Cell::count(Some(of(alerts.get(&ordinal).copied().unwrap_or_default())))
    };
    [
        Extra::new("Active alerts", Kind::Number, count(|(active, _)| active)),
        Extra::new("Resolved alerts", Kind::Number, count(|(_, resolved)| resolved)),
    ]
}

fn tiles(context: &Context) -> Vec<Tile> {
    let (ground, figures) = (context.portal.ground, context.threat.figures);
    let alerted = figures.devices_with_alerts;
    let reason = || context.threat.without_alerts(ground);
    vec![
        Tile::count("Impacted devices", figures.devices.impacted, "With at least one active linked alert.", reason())
            .of(figures.devices.total)
            .since(context.since(|before| before.devices.impacted, figures.devices.impacted))
            .toned("impacted"),
        Tile::count(
            "With resolved alerts only",
            alerted.map(|devices| devices.resolved),
            "All of their linked alerts are resolved.",
            reason(),
        )
        .of(figures.devices.total),
        Tile::count("With linked alerts", alerted.map(|devices| devices.total), "Active or resolved.", reason())
            .of(figures.devices.total),
    ]
}

fn alerts(context: &Context) -> Alerts {
    let mut counts = Alerts::new();
    let Some(fleet) = context.portal.ground.fleet() else { return counts };
    for alert in context.threat.figures.sets.alerts.iter().filter_map(|at| fleet.alerts.get(*at)) {
        for device in alert.devices.iter() {
            let (active, resolved) = counts.entry(device).or_default();
            *if alert.is_active() { active } else { resolved } += 1;
        }
    }
    counts
}
