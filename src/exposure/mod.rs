//! Every figure of a slice, as set algebra on integers.
//!
//! The only place where counting rules live; one file per section of `docs/figures.md`.
//! A [`Census`] holds what every report shares of a snapshot; an [`Assessment`] is one report
//! over one snapshot; [`count`] puts them together.

mod alerts;
mod assessment;
mod census;
mod configuration;
mod contradictions;
mod dashboard;
mod detail;
mod figures;
mod funnel;
mod headline;
mod level;
mod newest;
mod reporting;
mod seats;
mod together;
mod trend;
mod vulnerability;
mod weeks;

use rayon::prelude::*;
#[cfg(test)]
pub(crate) mod sample;

pub use contradictions::Contradiction;
pub use detail::{Detail, StatusCounts};
pub use figures::*;
pub use funnel::Funnel;
pub use newest::Newest;
pub use together::Together;
pub use weeks::Week;

use crate::scope::{Report, Slice};
use assessment::Assessment;
use census::Census;

/// Counts everything there is to count in a slice.
#[must_use]
pub fn count(slice: &Slice) -> Figures {
    let censuses = Census::all(slice);
    let Some((current, earlier)) = censuses.split_last() else {
        let reports: Vec<ReportFigures> =
            slice.reports().iter().map(|report| without_snapshot(report, slice)).collect();
        let dashboard = dashboard::dashboard(slice, &reports, Vec::new());
        return Figures { reports, dashboard };
    };
    let eras: Vec<Era> = earlier.iter().map(|census| Era::of(slice, census)).collect();
    let reports: Vec<ReportFigures> = slice
        .reports()
        .par_iter()
        .enumerate()
        .map(|(at, report)| of_report(report, slice, current, eras.iter().map(|era| era.reports[at]).collect()))
        .collect();
    let now = dashboard::point(current, reports.iter().map(|figures| &figures.sets));
    let history = eras.into_iter().map(|era| era.dashboard).chain([now]).collect();
    let dashboard = dashboard::dashboard(slice, &reports, history);
    Figures { reports, dashboard }
}

/// What `history` keeps of an earlier snapshot.
struct Era {
    reports: Vec<HistoryEntry>,
    dashboard: DashboardHistory,
}

impl Era {
    fn of(slice: &Slice, census: &Census<'_>) -> Self {
        let each: Vec<(HistoryEntry, ReportSets)> = slice
            .reports()
            .par_iter()
            .map(|report| {
                let assessment = Assessment::of(report, census);
                let incidents = assessment.incidents(census, slice.role().sees_all);
                let entry = assessment.history(census, incidents.as_deref());
                (entry, sets(assessment, incidents.unwrap_or_default()))
            })
            .collect();
        let dashboard = dashboard::point(census, each.iter().map(|(_, sets)| sets));
        Self { reports: each.into_iter().map(|(entry, _)| entry).collect(), dashboard }
    }
}

/// `history` has the entries of the earlier snapshots.
fn of_report(report: &Report, slice: &Slice, census: &Census<'_>, mut history: Vec<HistoryEntry>) -> ReportFigures {
    let assessment = Assessment::of(report, census);
    let incidents = assessment.incidents(census, slice.role().sees_all);
    history.push(assessment.history(census, incidents.as_deref()));
    let fleet = census.fleet;
    let linked = assessment.alerts.as_ref();
    let vulnerabilities_known = fleet.tables.vulnerabilities || report.vulnerabilities.is_empty();
    ReportFigures {
        devices: assessment.headline.states(&census.whole()),
        unavailable_reasons: assessment.headline.unavailable_reasons(),
        alerts: linked.map(alerts::LinkedAlerts::counts),
        devices_with_alerts: linked.map(alerts::LinkedAlerts::devices),
        incidents: incidents.as_deref().map(alerts::incident_counts),
        configuration: assessment.configuration.known().map(configuration::ConfigurationAxis::figures),
        vulnerability: assessment.vulnerability.known().map(vulnerability::VulnerabilityAxis::figures),
        exposure: level::level(report, census, &assessment.configuration, &assessment.vulnerability),
        mitigations: Mitigations {
            configurations: configuration::rows(report, Some(fleet), |id| census.configuration(id)),
            vulnerabilities: vulnerability::rows(report, Some(fleet), |id| census.vulnerability(id)),
            updates: vulnerabilities_known
                .then(|| vulnerability::updates(report, fleet, |id| census.vulnerability(id))),
        },
        groups: fleet
            .groups
            .iter()
            .map(|group| GroupStates { name: group.name.clone(), devices: assessment.headline.states(&group.range) })
            .collect(),
        trend: linked.map(|linked| trend::trend(&linked.alerts, fleet.as_of, slice.site().trend_days)),
        history,
        detail: Detail::of(report, &assessment, census, incidents.as_deref()),
        sets: sets(assessment, incidents.unwrap_or_default()),
    }
}

fn sets(assessment: Assessment<'_>, incidents: Vec<LinkedIncident>) -> ReportSets {
    let headline = assessment.headline;
    let configuration = assessment.configuration.known();
    let (places, resolved) = assessment.alerts.map(|linked| (linked.places, linked.resolved)).unwrap_or_default();
    ReportSets {
        impacted: headline.impacted.unwrap_or_default(),
        exposed: headline.exposed,
        unavailable: headline.unavailable,
        mitigated: headline.mitigated,
        not_applicable: headline.not_applicable,
        alerts_resolved: resolved,
        misconfigured: configuration.map(|axis| axis.exposed.clone()).unwrap_or_default(),
        vulnerable: assessment.vulnerability.known().map(|axis| axis.exposed.clone()).unwrap_or_default(),
        other_antivirus: configuration.map(|axis| axis.other_antivirus.clone()).unwrap_or_default(),
        alerts: places,
        incidents,
        reasons: headline.reasons,
    }
}

/// The figures of a site without a snapshot: nothing is known.
fn without_snapshot(report: &Report, slice: &Slice) -> ReportFigures {
    ReportFigures {
        devices: DeviceStates::default(),
        unavailable_reasons: UnavailableReasons::default(),
        alerts: None,
        devices_with_alerts: None,
        incidents: None,
        configuration: None,
        vulnerability: None,
        exposure: ExposureLevel::default(),
        mitigations: Mitigations {
            configurations: configuration::rows(report, None, |_| None),
            vulnerabilities: vulnerability::rows(report, None, |_| None),
            updates: report.vulnerabilities.is_empty().then(Vec::new),
        },
        groups: Vec::new(),
        trend: None,
        history: Vec::new(),
        detail: Detail::without_snapshot(report, slice.as_of()),
        sets: ReportSets::default(),
    }
}
