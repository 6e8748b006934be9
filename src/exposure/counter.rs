//! The figures of a slice, counted when somebody asks.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use rayon::prelude::*;

use super::alerts::{self, LinkedAlerts};
use super::assessment::Assessment;
use super::census::Census;
use super::configuration::{self, ConfigurationAxis};
use super::vulnerability::{self, VulnerabilityAxis};
use super::{
    DashboardFigures, DashboardHistory, Detail, DeviceStates, ExposureLevel, GroupStates, HistoryEntry, LinkedIncident,
    Mitigations, ReportFigures, ReportSets, UnavailableReasons, dashboard, level, trend,
};
use crate::scope::{Report, Slice};

/// Every figure of a slice. Each is counted when it is asked for the first time.
pub struct Figures {
    ground: Ground,
    reports: Vec<(Arc<Report>, Arc<Counted>)>,
    dashboard: OnceLock<DashboardFigures>,
}

/// What the figures of all reports stand on.
struct Ground {
    /// One per snapshot, oldest first, the current one last; none for a site without a snapshot.
    censuses: Vec<Arc<Census>>,
    as_of: Timestamp,
    trend_days: u32,
    sees_all: bool,
}

/// One report over one snapshot.
struct Assessed<'a> {
    assessment: Assessment<'a>,
    /// As the role may see them; nothing where they are not known.
    incidents: Option<Vec<LinkedIncident>>,
    /// What `history` keeps of it.
    entry: HistoryEntry,
}

/// What was counted of a report so far.
#[derive(Default)]
struct Counted {
    /// Over the earlier snapshots.
    history: OnceLock<Vec<HistoryEntry>>,
    figures: OnceLock<ReportFigures>,
}

/// The figures of one report, counted when somebody looks at them.
#[derive(Clone, Copy)]
pub struct OfReport<'a> {
    ground: &'a Ground,
    report: &'a Report,
    counted: &'a Counted,
}

impl<'a> OfReport<'a> {
    /// The figures.
    pub fn get(self) -> &'a ReportFigures {
        self.counted.figures.get_or_init(|| self.ground.figures(self.report, self.counted))
    }
}

impl Deref for OfReport<'_> {
    type Target = ReportFigures;

    fn deref(&self) -> &ReportFigures {
        self.get()
    }
}

impl fmt::Debug for OfReport<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OfReport").field("slug", &self.report.slug).finish_non_exhaustive()
    }
}

/// Counts everything there is to count in a slice.
#[must_use]
pub fn count(slice: &Slice) -> Figures {
    let figures = Figures::of(slice, None);
    let _ = figures.dashboard();
    figures
}

impl fmt::Debug for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Figures").field("reports", &self.reports.len()).finish_non_exhaustive()
    }
}

impl Figures {
    /// The figures of a slice, none of them counted yet. `before` are those of a slice of the same role at the same
    /// moment of the same site: of reports and devices that are the same ones, they are not counted again.
    #[must_use]
    pub fn of(slice: &Slice, before: Option<&Self>) -> Self {
        let censuses = Census::all(slice, before.map_or(&[], |before| &before.ground.censuses));
        let ground = Ground {
            censuses,
            as_of: slice.as_of(),
            trend_days: slice.site().trend_days,
            sees_all: slice.role().sees_all,
        };
        let before =
            before.filter(|before| before.ground.is_that_of(&ground)).map_or(&[][..], |before| &before.reports);
        // Both are in the order of slugs, and are gone through side by side.
        let mut before = before.iter().peekable();
        let counted = |report: &Arc<Report>| {
            while before.next_if(|(other, _)| other.slug < report.slug).is_some() {}
            let same = before.next_if(|(other, _)| Arc::ptr_eq(other, report));
            (Arc::clone(report), same.map(|(_, counted)| Arc::clone(counted)).unwrap_or_default())
        };
        Self { ground, reports: slice.reports().iter().map(counted).collect(), dashboard: OnceLock::new() }
    }

    /// The figures of the report at a place of the slice's list.
    #[must_use]
    pub fn report(&self, at: usize) -> Option<OfReport<'_>> {
        let (report, counted) = self.reports.get(at)?;
        Some(OfReport { ground: &self.ground, report, counted })
    }

    /// Those of all reports, in the order of the slice's reports.
    pub fn reports(&self) -> impl Iterator<Item = OfReport<'_>> + Clone {
        self.reports.iter().map(|(report, counted)| OfReport { ground: &self.ground, report, counted })
    }

    /// The dashboard, for which everything else is counted too. Unlike the figures of a report, it may not be asked for
    /// the first time by work that runs on rayon's threads: it uses them, and would wait for itself.
    #[must_use]
    pub fn dashboard(&self) -> &DashboardFigures {
        self.dashboard.get_or_init(|| self.count_dashboard())
    }

    fn count_dashboard(&self) -> DashboardFigures {
        let (current, earlier) = self.ground.current();
        let mut history: Vec<DashboardHistory> = self.eras(earlier);
        (0..self.reports.len()).into_par_iter().filter_map(|at| self.report(at)).for_each(|figures| {
            figures.get();
        });
        if let Some(current) = current {
            history.push(dashboard::point(current, self.reports().map(|figures| &figures.get().sets)));
        }
        self.ground.censuses.iter().for_each(|census| census.forget());
        let figures = self.reports().map(OfReport::get);
        let threats: Vec<_> = self.reports.iter().map(|(report, _)| &**report).zip(figures).collect();
        dashboard::dashboard(current.map(|census| &*census.fleet), self.ground.as_of, &threats, history)
    }

    /// The dashboard over each earlier snapshot; on the way, the history of every report.
    fn eras(&self, earlier: &[Arc<Census>]) -> Vec<DashboardHistory> {
        let mut points = Vec::new();
        let mut histories: Vec<Vec<HistoryEntry>> = vec![Vec::new(); self.reports.len()];
        for census in earlier {
            let assess = |(report, _): &(Arc<Report>, Arc<Counted>)| {
                let Assessed { assessment, incidents, entry } = self.ground.assess(report, census);
                (entry, sets(assessment, incidents.unwrap_or_default(), census))
            };
            let each: Vec<(HistoryEntry, ReportSets)> = self.reports.par_iter().map(assess).collect();
            points.push(dashboard::point(census, each.iter().map(|(_, sets)| sets)));
            histories.iter_mut().zip(each).for_each(|(history, (entry, _))| history.push(entry));
        }
        for ((_, counted), history) in self.reports.iter().zip(histories) {
            // Where a page asked before, the same is there already.
            let _ = counted.history.set(history);
        }
        points
    }
}

impl Ground {
    fn current(&self) -> (Option<&Arc<Census>>, &[Arc<Census>]) {
        self.censuses.split_last().map_or((None, &[]), |(current, earlier)| (Some(current), earlier))
    }

    /// Whether the devices and alerts of all snapshots are the same ones.
    fn is_that_of(&self, other: &Self) -> bool {
        let same = |(one, other): (&Arc<Census>, &Arc<Census>)| one.fleet.is_of_the_rows_of(&other.fleet);
        self.as_of == other.as_of
            && self.censuses.len() == other.censuses.len()
            && self.censuses.iter().zip(&other.censuses).all(same)
    }

    /// One report over one snapshot.
    fn assess<'a>(&self, report: &Report, census: &'a Census) -> Assessed<'a> {
        let assessment = Assessment::of(report, census);
        let incidents = assessment.incidents(census, self.sees_all);
        let entry = assessment.history(census, incidents.as_deref());
        Assessed { assessment, incidents, entry }
    }

    fn figures(&self, report: &Report, counted: &Counted) -> ReportFigures {
        let (Some(current), earlier) = self.current() else { return without_snapshot(report, self.as_of) };
        let entries = || earlier.iter().map(|census| self.assess(report, census).entry).collect();
        let history = counted.history.get_or_init(entries);
        self.of_report(report, current, history.clone())
    }

    /// `history` has the entries of the earlier snapshots.
    fn of_report(&self, report: &Report, census: &Census, mut history: Vec<HistoryEntry>) -> ReportFigures {
        let Assessed { assessment, incidents, entry } = self.assess(report, census);
        history.push(entry);
        let fleet = &*census.fleet;
        let linked = assessment.alerts.as_ref();
        let vulnerabilities_known = fleet.tables.vulnerabilities || report.vulnerabilities.is_empty();
        ReportFigures {
            devices: assessment.headline.states(&census.whole()),
            unavailable_reasons: assessment.headline.unavailable_reasons(),
            alerts: linked.map(LinkedAlerts::counts),
            devices_with_alerts: linked.map(LinkedAlerts::devices),
            incidents: incidents.as_deref().map(alerts::incident_counts),
            configuration: assessment.configuration.known().map(ConfigurationAxis::figures),
            vulnerability: assessment.vulnerability.known().map(VulnerabilityAxis::figures),
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
                .map(|group| GroupStates {
                    name: group.name.clone(),
                    devices: assessment.headline.states(&group.range),
                })
                .collect(),
            trend: linked.map(|linked| trend::trend(&linked.alerts, fleet.as_of, self.trend_days)),
            history,
            detail: Detail::of(report, &assessment, census, incidents.as_deref()),
            sets: sets(assessment, incidents.unwrap_or_default(), census),
        }
    }
}

fn sets(assessment: Assessment<'_>, incidents: Vec<LinkedIncident>, census: &Census) -> ReportSets {
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
        silent: census.reporting.silent.clone(),
    }
}

/// The figures of a site without a snapshot: nothing is known.
fn without_snapshot(report: &Report, as_of: Timestamp) -> ReportFigures {
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
        detail: Detail::without_snapshot(report, as_of),
        sets: ReportSets::default(),
    }
}

/// Figures that were made elsewhere: by hand in tests.
#[cfg(test)]
impl Figures {
    pub(super) fn made(slice: &Slice, reports: Vec<ReportFigures>, dashboard: DashboardFigures) -> Self {
        let figures = Self::of(slice, None);
        for ((_, counted), made) in figures.reports.iter().zip(reports) {
            assert!(counted.figures.set(made).is_ok(), "nothing was counted yet");
        }
        assert!(figures.dashboard.set(dashboard).is_ok(), "nothing was counted yet");
        figures
    }
}

/// Figures to be changed. Only a seeded leak may.
#[cfg(feature = "trial")]
impl Figures {
    /// Opens all of them for a seeded leak.
    pub fn open(&mut self) -> (Vec<&mut ReportFigures>, Option<&mut DashboardFigures>) {
        let _ = self.dashboard();
        let counted = self.reports.iter_mut().filter_map(|(_, counted)| Arc::get_mut(counted)?.figures.get_mut());
        (counted.collect(), self.dashboard.get_mut())
    }
}
