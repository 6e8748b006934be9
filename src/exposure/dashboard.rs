//! The dashboard (figures.md, section 8).

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::{AlertSummary, DashboardFigures, DashboardHistory, Level, ReportFigures, Totals};
use crate::scope::{FleetSlice, Report, Slice};

/// How many slugs a list of the dashboard names.
const MOST: usize = 10;

/// `history` has the dashboard's figures over each snapshot, the current one last.
pub(super) fn dashboard(slice: &Slice, figures: &[ReportFigures], history: Vec<DashboardHistory>) -> DashboardFigures {
    let threats: Vec<Threat<'_>> = slice.reports().iter().zip(figures).collect();
    let fleet = slice.fleet();
    let alerts_known = fleet.is_some_and(|fleet| fleet.tables.alerts);
    let by_impact = high_impact(&threats);
    let by_exposure = highest_exposure(&threats);
    let top = |slugs: &[String]| slugs.iter().take(MOST).cloned().collect::<Vec<_>>();
    let mut needs_action = by_impact.clone();
    needs_action.extend(by_exposure.iter().filter(|slug| !by_impact.contains(slug)).cloned());
    DashboardFigures {
        devices_total: fleet.map(|fleet| fleet.everyone().len()),
        threats_total: fleet.map(|_| threats.len() as u64),
        summary: alerts_known.then(|| summary(&threats)),
        latest: top(&latest(&threats)),
        high_impact: alerts_known.then(|| top(&by_impact)),
        highest_exposure: fleet.map(|_| top(&by_exposure)),
        totals: totals(fleet, &threats, history.last()),
        history,
        needs_action,
    }
}

type Threat<'a> = (&'a Report, &'a ReportFigures);

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

fn totals(fleet: Option<&FleetSlice>, threats: &[Threat<'_>], now: Option<&DashboardHistory>) -> Totals {
    let Some(fleet) = fleet else { return Totals::default() };
    let active_alerts: BTreeSet<usize> = threats
        .iter()
        .flat_map(|(_, figures)| &figures.sets.alerts)
        .copied()
        .filter(|at| fleet.alerts[*at].is_active())
        .collect();
    let active_incidents: BTreeSet<&str> = threats
        .iter()
        .flat_map(|(_, figures)| &figures.sets.incidents)
        .filter(|incident| incident.active)
        .map(|incident| incident.id.as_str())
        .collect();
    Totals {
        exposed_devices: now.and_then(|now| now.exposed_devices),
        impacted_devices: now.and_then(|now| now.impacted_devices),
        active_alerts: fleet.tables.alerts.then_some(active_alerts.len() as u64),
        active_incidents: (fleet.tables.alerts && fleet.tables.incidents).then_some(active_incidents.len() as u64),
    }
}
