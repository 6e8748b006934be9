//! What the pages of a report tell beyond its `data.json` (figures.md, "On pages alone").

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::assessment::Assessment;
use super::census::Census;
use super::contradictions::{Contradiction, contradictions};
use super::funnel::Funnel;
use super::weeks::{Week, weeks};
use super::{LinkedIncident, SeverityCounts};
use crate::scope::{IncidentStatus, Report};

/// An update younger than so many days keeps a threat among the current ones.
const CURRENT_DAYS: i64 = 30;

/// Figures of one report that stand on its pages only.
#[derive(Clone, Debug, Default)]
pub struct Detail {
    /// How the devices narrow down; nothing where no tracked finding is known.
    pub funnel: Option<Funnel>,
    /// Incidents by status, those that ask for most first; nothing where incidents are not known.
    pub statuses: Option<Vec<StatusCounts>>,
    /// Incidents by the week of their beginning; nothing where incidents are not known.
    pub weeks: Option<Vec<Week>>,
    /// When the first linked alert was raised.
    pub first_alert: Option<Timestamp>,
    /// When the last linked alert was raised.
    pub last_alert: Option<Timestamp>,
    /// Whether it has an active alert, or was updated in the thirty days before now.
    pub current: bool,
    /// Where the snapshot says two things at once.
    pub contradictions: Vec<Contradiction>,
}

/// The incidents of one status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusCounts {
    /// The status; nothing where it is not said.
    pub status: Option<IncidentStatus>,
    /// How many.
    pub total: u64,
    /// The same by severity.
    pub by_severity: SeverityCounts,
}

impl Detail {
    pub(super) fn of(
        report: &Report,
        assessment: &Assessment<'_>,
        census: &Census,
        incidents: Option<&[LinkedIncident]>,
    ) -> Self {
        let now = census.fleet.as_of;
        let alerts = assessment.alerts.as_ref().map(|linked| linked.alerts.as_slice()).unwrap_or_default();
        let raised = alerts.iter().map(|alert| alert.created);
        Self {
            funnel: Funnel::of(assessment, census),
            statuses: incidents.map(statuses),
            weeks: incidents.map(|incidents| weeks(incidents.iter(), now)),
            first_alert: raised.clone().min(),
            last_alert: raised.max(),
            current: updated_lately(report, now) || alerts.iter().any(|alert| alert.is_active()),
            contradictions: contradictions(alerts, incidents.unwrap_or_default(), &census.fleet),
        }
    }

    /// Without a snapshot only the report's own dates are known.
    pub(super) fn without_snapshot(report: &Report, now: Timestamp) -> Self {
        Self { current: updated_lately(report, now), ..Self::default() }
    }
}

fn updated_lately(report: &Report, now: Timestamp) -> bool {
    now.duration_since(report.latest()) <= SignedDuration::from_hours(24 * CURRENT_DAYS)
}

fn statuses(incidents: &[LinkedIncident]) -> Vec<StatusCounts> {
    let mut rows: BTreeMap<_, StatusCounts> = BTreeMap::new();
    for incident in incidents {
        let status = incident.status;
        let nothing = StatusCounts { status, total: 0, by_severity: SeverityCounts::default() };
        // Those of which nothing is said stand last.
        let row = rows.entry((status.is_none(), status)).or_insert(nothing);
        row.total += 1;
        row.by_severity.add(incident.severity);
    }
    rows.into_values().collect()
}
