//! The dashboard (figures.md, section 8).

use std::cmp::Reverse;
use std::collections::BTreeSet;

use jiff::Timestamp;

use super::census::Census;
use super::weeks::weeks;
use super::{
    AlertSummary, DashboardFigures, DashboardHistory, GroupHistory, Level, Newest, ReportFigures, ReportSets, Totals,
};
use crate::scope::{DeviceSet, FleetSlice, Report};

/// How many slugs a list of the dashboard names.
const MOST: usize = 10;

/// `history` has the dashboard's figures over each snapshot, the current one last; `fleet` is the current one's.
pub(super) fn dashboard(
    fleet: Option<&FleetSlice>,
    as_of: Timestamp,
    threats: &[Threat<'_>],
    history: Vec<DashboardHistory>,
) -> DashboardFigures {
    let alerts_known = fleet.is_some_and(|fleet| fleet.tables.alerts);
    let incidents_known = alerts_known && fleet.is_some_and(|fleet| fleet.tables.incidents);
    let by_impact = high_impact(threats);
    let by_exposure = highest_exposure(threats);
    let top = |slugs: &[String]| slugs.iter().take(MOST).cloned().collect::<Vec<_>>();
    let has_alerts: BTreeSet<&String> = by_impact.iter().collect();
    let others = by_exposure.iter().filter(|slug| !has_alerts.contains(slug));
    let needs_action = by_impact.iter().chain(others).cloned().collect();
    let incidents = threats.iter().flat_map(|(_, figures)| &figures.sets.incidents);
    DashboardFigures {
        devices_total: fleet.map(|fleet| fleet.everyone().len()),
        threats_total: fleet.map(|_| threats.len() as u64),
        summary: alerts_known.then(|| summary(threats)),
        latest: top(&latest(threats)),
        high_impact: alerts_known.then(|| top(&by_impact)),
        highest_exposure: fleet.map(|_| top(&by_exposure)),
        totals: history.last().map(totals).unwrap_or_default(),
        history,
        needs_action,
        newest: fleet.map(Newest::of).unwrap_or_default(),
        weeks: incidents_known.then(|| weeks(incidents.clone(), as_of)),
    }
}

pub(super) type Threat<'a> = (&'a Report, &'a ReportFigures);

fn slugs<'a>(threats: impl Iterator<Item = &'a Threat<'a>>) -> Vec<String> {
    threats.map(|(report, _)| report.slug.clone()).collect()
}

fn latest(threats: &[Threat<'_>]) -> Vec<String> {
    let mut order: Vec<&Threat<'_>> = threats.iter().collect();
    order.sort_by_key(|(report, _)| (Reverse(report.latest()), &report.slug));
    slugs(order.into_iter())
}

fn high_impact(threats: &[Threat<'_>]) -> Vec<String> {
    let alerts = |figures: &ReportFigures| figures.alerts.unwrap_or_default();
    let mut order: Vec<&Threat<'_>> = threats.iter().filter(|(_, figures)| alerts(figures).total > 0).collect();
    order.sort_by_key(|(report, figures)| {
        let counts = alerts(figures);
        let impact = (counts.active, counts.resolved, figures.devices.impacted);
        (Reverse(impact), Reverse(report.latest()), &report.slug)
    });
    slugs(order.into_iter())
}

fn highest_exposure(threats: &[Threat<'_>]) -> Vec<String> {
    let above_none = |figures: &ReportFigures| figures.exposure.level.is_some_and(|level| level > Level::None);
    let mut order: Vec<&Threat<'_>> = threats.iter().filter(|(_, figures)| above_none(figures)).collect();
    order.sort_by_key(|(report, figures)| (Reverse((figures.exposure.weight, figures.exposure.score)), &report.slug));
    slugs(order.into_iter())
}

fn summary(threats: &[Threat<'_>]) -> AlertSummary {
    let mut summary = AlertSummary::default();
    for (_, figures) in threats {
        let counts = figures.alerts.unwrap_or_default();
        *match (counts.active, counts.resolved) {
            (1.., _) => &mut summary.active_alerts,
            (0, 1..) => &mut summary.resolved_alerts_only,
            (0, 0) => &mut summary.no_alerts,
        } += 1;
    }
    summary
}

/// The dashboard over one snapshot, from what stands behind each report: devices that stand so in
/// at least one, distinct alerts and incidents.
pub(super) fn point<'a>(census: &Census, reports: impl Iterator<Item = &'a ReportSets> + Clone) -> DashboardHistory {
    let fleet = &*census.fleet;
    let tables = fleet.tables;
    let exposed: DeviceSet = reports.clone().map(|sets| &sets.exposed).collect();
    let impacted: DeviceSet = reports.clone().map(|sets| &sets.impacted).collect();
    let alerts: BTreeSet<usize> = reports.clone().flat_map(|sets| &sets.alerts).copied().collect();
    let active_alerts = alerts.iter().filter(|at| fleet.alerts.get(**at).is_some_and(|alert| alert.is_active()));
    let incidents = reports.flat_map(|sets| &sets.incidents).filter(|incident| incident.active);
    let active_incidents: BTreeSet<&str> = incidents.map(|incident| incident.id.as_str()).collect();
    let groups = fleet.groups.iter().map(|group| GroupHistory {
        name: group.name.clone(),
        devices: u64::from(group.range.end.saturating_sub(group.range.start)),
        exposed: exposed.len_in(&group.range),
        impacted: tables.alerts.then(|| impacted.len_in(&group.range)),
        silent: census.reporting.silent_in(&group.range),
    });
    DashboardHistory {
        as_of: fleet.as_of,
        exposed_devices: Some(exposed.len()),
        impacted_devices: tables.alerts.then_some(impacted.len()),
        active_alerts: tables.alerts.then(|| active_alerts.count() as u64),
        active_incidents: (tables.alerts && tables.incidents).then_some(active_incidents.len() as u64),
        groups: groups.collect(),
    }
}

fn totals(now: &DashboardHistory) -> Totals {
    Totals {
        exposed_devices: now.exposed_devices,
        impacted_devices: now.impacted_devices,
        active_alerts: now.active_alerts,
        active_incidents: now.active_incidents,
    }
}
