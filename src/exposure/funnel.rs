//! How a role's devices narrow down to those in danger (figures.md, "On pages alone").

use super::Count;
use super::assessment::Assessment;
use super::census::Census;
use crate::scope::DeviceSet;

/// The devices of a role, step by step fewer. Each step is a part of the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Funnel {
    /// All devices of the role.
    pub in_scope: u64,
    /// Of those, the ones that report and are not excluded: their findings count.
    pub assessable: u64,
    /// Of those, the ones on which something tracked is open, impacted ones among them.
    pub open: u64,
    /// Of those, the ones with an active linked alert; not known without alerts.
    pub open_with_alert: Count,
    /// Devices that do not report.
    pub not_reporting: u64,
    /// Devices that report and are excluded.
    pub excluded: u64,
}

impl Funnel {
    /// Nothing where no axis is known: then nobody can say what is open.
    pub(super) fn of(assessment: &Assessment<'_>, census: &Census) -> Option<Self> {
        let configuration = assessment.configuration.known().map(|axis| &axis.exposed);
        let vulnerability = assessment.vulnerability.known().map(|axis| &axis.exposed);
        let known: Vec<&DeviceSet> = configuration.into_iter().chain(vulnerability).collect();
        if known.is_empty() {
            return None;
        }
        let open: DeviceSet = known.into_iter().collect();
        let assessable = census.reporting.assessable().len();
        Some(Self {
            in_scope: census.everyone.len(),
            assessable,
            open: open.len(),
            open_with_alert: assessment.headline.impacted.as_ref().map(|impacted| open.common_len(impacted)),
            not_reporting: census.reporting.silent.len(),
            excluded: census.reporting.reporting.len() - assessable,
        })
    }
}
