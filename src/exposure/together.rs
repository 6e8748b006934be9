//! Figures over several reports: each device and each alert once (figures.md, "On pages alone").

use std::collections::BTreeSet;

use super::{Count, Figures, OfReport, ReportFigures};
use crate::scope::{DeviceSet, Report, Slice};

/// What several reports count together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Together {
    /// The reports.
    pub reports: u64,
    /// Of those, the ones that are current: with an active alert, or updated in the thirty days before now.
    pub current: u64,
    /// Distinct detections that are specific to the threat, by product and name.
    pub detections: u64,
    /// Distinct tracked configurations, updates that a device needs and advised actions.
    pub mitigations: u64,
    /// Distinct active linked alerts; not known where no report's alerts are.
    pub active_alerts: Count,
    /// Devices impacted by at least one; not known where no report's alerts are.
    pub impacted: Count,
    /// Devices exposed to at least one; not known where no report tracks what is known.
    pub exposed: Count,
}

impl Figures {
    /// What the reports at some places of the slice's list count together.
    #[must_use]
    pub fn together(&self, slice: &Slice, places: &[usize]) -> Together {
        let reports = || places.iter().filter_map(|at| self.report(*at)).map(OfReport::get);
        let alerts_known = reports().any(|report| report.alerts.is_some());
        let findings_known = reports().any(ReportFigures::has_findings);
        let all = slice.fleet().map(|fleet| &*fleet.alerts).unwrap_or_default();
        let alerts: BTreeSet<usize> = reports().flat_map(|report| &report.sets.alerts).copied().collect();
        let active = alerts.into_iter().filter(|at| all.get(*at).is_some_and(|alert| alert.is_active()));
        Together {
            reports: reports().count() as u64,
            current: reports().filter(|report| report.detail.current).count() as u64,
            detections: detections(slice, places),
            mitigations: self.mitigations(slice, places),
            active_alerts: alerts_known.then(|| active.count() as u64),
            impacted: alerts_known.then(|| reports().map(|report| &report.sets.impacted).collect::<DeviceSet>().len()),
            exposed: findings_known.then(|| reports().map(|report| &report.sets.exposed).collect::<DeviceSet>().len()),
        }
    }

    fn mitigations(&self, slice: &Slice, places: &[usize]) -> u64 {
        let found = places.iter().filter_map(|at| self.report(*at)).map(|report| &report.get().mitigations);
        let configurations = found.clone().flat_map(|found| &found.configurations).map(|row| ("set", row.key.as_str()));
        let updates = found.flat_map(|found| found.updates.iter().flatten()).map(|row| ("update", row.id.as_str()));
        let advice = reports(slice, places).flat_map(|report| &report.mitigations);
        let advice = advice.map(|advice| ("advice", advice.action.as_str()));
        configurations.chain(updates).chain(advice).collect::<BTreeSet<_>>().len() as u64
    }
}

fn reports<'a>(slice: &'a Slice, places: &'a [usize]) -> impl Iterator<Item = &'a Report> {
    places.iter().filter_map(|at| slice.reports().get(*at)).map(|report| &**report)
}

fn detections(slice: &Slice, places: &[usize]) -> u64 {
    let specific = reports(slice, places).flat_map(|report| &report.detections).filter(|detection| !detection.generic);
    specific.map(|detection| (&detection.product, &detection.name)).collect::<BTreeSet<_>>().len() as u64
}
