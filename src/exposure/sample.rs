//! Hand-made figures that fit the sample slice of `scope`.

use jiff::civil::date;

use super::*;
use crate::scope::{DeviceSet, IncidentStatus, Ordinal, Slice};
use crate::terms::{ConfigurationId, CveId, Severity};

/// The sample slice's figures, in the order of its reports. They add up where figures must.
pub(crate) fn sample(slice: &Slice) -> Figures {
    let reports: Vec<ReportFigures> = slice
        .reports()
        .iter()
        .map(|report| match report.slug.as_str() {
            "storm-2603-toolshell" => storm(slice),
            "clickfix" => clickfix(slice),
            "volt-typhoon" => volt_typhoon(slice),
            _ => nothing(slice),
        })
        .map(with_findings_before)
        .collect();
    Figures::made(slice, reports, dashboard(slice))
}

/// Every snapshot holds what the current one does.
fn with_findings_before(mut figures: ReportFigures) -> ReportFigures {
    let (configuration, vulnerability) = (figures.configuration.as_ref(), figures.vulnerability.as_ref());
    for entry in &mut figures.history {
        entry.configuration = configuration
            .map(|axis| HistoryConfiguration { pairs_secure: axis.pairs_secure, pairs_exposed: axis.pairs_exposed });
        entry.vulnerability = vulnerability.map(|axis| HistoryVulnerability { exposed: axis.devices.exposed });
        entry.misconfigured = configuration.map(|axis| axis.devices.exposed);
    }
    figures
}

fn set(ordinals: impl IntoIterator<Item = Ordinal>) -> DeviceSet {
    ordinals.into_iter().collect()
}

fn states(sets: &ReportSets, range: &std::ops::Range<Ordinal>, alerts: bool) -> DeviceStates {
    let count = |set: &DeviceSet| Some(set.len_in(range));
    DeviceStates {
        total: Some(u64::from(range.end - range.start)),
        impacted: if alerts { count(&sets.impacted) } else { None },
        exposed: count(&sets.exposed),
        unavailable: count(&sets.unavailable),
        mitigated: count(&sets.mitigated),
        not_applicable: count(&sets.not_applicable),
    }
}

fn figures(slice: &Slice, sets: ReportSets, alerts: bool) -> ReportFigures {
    let fleet = slice.fleet().expect("a fleet");
    let everyone = 0..60;
    let group = |group: &crate::scope::Group| GroupStates {
        name: group.name.clone(),
        devices: states(&sets, &group.range, alerts),
    };
    let not_onboarded = u64::from(sets.unavailable.contains(59));
    let zero = Some(0);
    ReportFigures {
        devices: states(&sets, &everyone, alerts),
        unavailable_reasons: UnavailableReasons {
            not_onboarded: Some(not_onboarded),
            inactive: Some(sets.unavailable.len() - not_onboarded),
            no_sensor_data: zero,
            never_seen: zero,
            stale: zero,
            not_assessed: zero,
        },
        alerts: None,
        devices_with_alerts: None,
        incidents: None,
        configuration: None,
        vulnerability: None,
        exposure: ExposureLevel { level: None, score: None, weight: Some(0), population: Some(0) },
        mitigations: Mitigations { updates: Some(Vec::new()), ..Mitigations::default() },
        groups: fleet.groups.iter().map(group).collect(),
        trend: None,
        history: slice
            .fleets()
            .iter()
            .map(|fleet| HistoryEntry {
                as_of: fleet.as_of,
                devices: states(&sets, &everyone, alerts),
                configuration: None,
                vulnerability: None,
                active_alerts: alerts.then_some(4),
                active_incidents: alerts.then_some(1),
                misconfigured: None,
            })
            .collect(),
        detail: Detail::default(),
        sets,
    }
}

fn nothing(slice: &Slice) -> ReportFigures {
    figures(slice, ReportSets { not_applicable: DeviceSet::range(0..60), ..ReportSets::default() }, false)
}

/// Unavailable in every report that tracks anything.
fn silent() -> DeviceSet {
    set([19, 39, 59])
}

fn storm(slice: &Slice) -> ReportFigures {
    let sets = ReportSets {
        impacted: set(0..5),
        exposed: set((5..19).chain(20..30)),
        unavailable: silent(),
        mitigated: set((30..39).chain(40..55)),
        not_applicable: set(55..59),
        alerts_resolved: set([5, 6]),
        misconfigured: set((3..19).chain(20..30)),
        vulnerable: set(0..8),
        other_antivirus: set([12, 22]),
        alerts: (0..6).collect(),
        incidents: vec![incident("40", true), incident("41", false)],
        reasons: [(UnavailableReason::Inactive, set([19, 39])), (UnavailableReason::NotOnboarded, set([59]))].into(),
        silent: silent(),
    };
    let exposed = sets.misconfigured.clone();
    let vulnerable = sets.vulnerable.clone();
    let id = |text| CveId::parse(text).expect("a CVE");
    ReportFigures {
        alerts: Some(AlertCounts { total: 6, active: 4, resolved: 2, false_positive: 1 }),
        devices_with_alerts: Some(AlertedDevices { total: 7, active: 5, resolved: 2 }),
        incidents: Some(IncidentCounts {
            total: 2,
            active: 1,
            active_by_severity: SeverityCounts { high: 1, ..SeverityCounts::default() },
        }),
        configuration: Some(ConfigurationFigures {
            implemented: 1,
            applicable: 2,
            pairs_secure: 85,
            pairs_exposed: 26,
            devices: ConfigurationStates { secure: 31, exposed: 26, unavailable: 3, not_applicable: 0 },
            other_antivirus: 2,
        }),
        vulnerability: Some(VulnerabilityFigures {
            devices: VulnerabilityStates { patched: 2, exposed: 8, unavailable: 3, not_exposed: 46, not_applicable: 1 },
        }),
        exposure: ExposureLevel {
            level: Some(Level::Medium),
            score: Some(41),
            weight: Some(2337),
            population: Some(57),
        },
        mitigations: Mitigations {
            configurations: vec![
                configuration("scid-2012", "Turn on real-time protection", &exposed),
                configuration("SCID-96", "Turn on network protection", &DeviceSet::new()),
            ],
            vulnerabilities: vec![
                vulnerability("CVE-2025-53770", Severity::Critical, &vulnerable),
                vulnerability("CVE-2025-53771", Severity::Medium, &set(0..3)),
            ],
            updates: Some(vec![
                UpdateRow {
                    id: "KB5002768".to_owned(),
                    name: "SharePoint Subscription Edition, July 2025".to_owned(),
                    exposed: 8,
                    vulnerabilities: vec![id("CVE-2025-53770"), id("CVE-2025-53771")],
                    exposed_devices: vulnerable.clone(),
                },
                UpdateRow {
                    id: "KB5002754".to_owned(),
                    name: "KB5002754".to_owned(),
                    exposed: 3,
                    vulnerabilities: vec![id("CVE-2025-53771")],
                    exposed_devices: set(0..3),
                },
            ]),
        },
        trend: Some(trend()),
        detail: detail(),
        ..figures(slice, sets, true)
    }
}

fn clickfix(slice: &Slice) -> ReportFigures {
    let sets = ReportSets {
        exposed: set([8]),
        unavailable: silent(),
        mitigated: set((0..8).chain(9..19).chain(20..39).chain(40..59)),
        misconfigured: set([8]),
        ..ReportSets::default()
    };
    let exposed = sets.misconfigured.clone();
    ReportFigures {
        configuration: Some(ConfigurationFigures {
            implemented: 0,
            applicable: 1,
            pairs_secure: 56,
            pairs_exposed: 1,
            devices: ConfigurationStates { secure: 56, exposed: 1, unavailable: 3, not_applicable: 0 },
            other_antivirus: 0,
        }),
        exposure: ExposureLevel { level: Some(Level::Low), score: Some(0), weight: Some(50), population: Some(57) },
        mitigations: Mitigations {
            configurations: vec![configuration("scid-96", "Turn on network protection", &exposed)],
            vulnerabilities: Vec::new(),
            updates: Some(Vec::new()),
        },
        ..figures(slice, sets, false)
    }
}

fn volt_typhoon(slice: &Slice) -> ReportFigures {
    let sets = ReportSets {
        unavailable: silent(),
        mitigated: set((0..19).chain(20..39).chain(40..59)),
        ..ReportSets::default()
    };
    ReportFigures {
        alerts: Some(AlertCounts::default()),
        devices_with_alerts: Some(AlertedDevices::default()),
        incidents: Some(IncidentCounts::default()),
        vulnerability: Some(VulnerabilityFigures {
            devices: VulnerabilityStates { patched: 0, exposed: 0, unavailable: 3, not_exposed: 57, not_applicable: 0 },
        }),
        exposure: ExposureLevel { level: Some(Level::None), score: Some(0), weight: Some(0), population: Some(57) },
        mitigations: Mitigations {
            vulnerabilities: vec![vulnerability("CVE-2024-40711", Severity::Unknown, &DeviceSet::new())],
            updates: Some(Vec::new()),
            ..Mitigations::default()
        },
        trend: Some(
            trend()
                .into_iter()
                .map(|day| TrendDay {
                    alerts_active: 0,
                    alerts_resolved: 0,
                    devices_active: 0,
                    devices_resolved: 0,
                    ..day
                })
                .collect(),
        ),
        ..figures(slice, sets, true)
    }
}

fn configuration(id: &str, name: &str, exposed: &DeviceSet) -> ConfigurationRow {
    ConfigurationRow {
        id: id.to_owned(),
        key: ConfigurationId::fold(id),
        name: name.to_owned(),
        secure: Some(57 - exposed.len()),
        exposed: Some(exposed.len()),
        unavailable: Some(3),
        not_applicable: Some(0),
        other_antivirus: Some(exposed.len().min(2)),
        exposed_devices: exposed.clone(),
    }
}

fn vulnerability(id: &str, severity: Severity, exposed: &DeviceSet) -> VulnerabilityRow {
    VulnerabilityRow {
        id: CveId::parse(id).expect("a CVE"),
        severity,
        patched: Some(2),
        exposed: Some(exposed.len()),
        unavailable: Some(3),
        not_exposed: Some(55 - exposed.len()),
        not_applicable: Some(0),
        no_update: Some(exposed.len().min(1)),
        pending_restart: Some(exposed.len().min(2)),
        exposed_devices: exposed.clone(),
    }
}

fn incident(id: &str, active: bool) -> LinkedIncident {
    let instant = crate::terms::instant;
    LinkedIncident {
        id: id.to_owned(),
        title: format!("Incident {id}: Suspicious IIS worker process behaviour"),
        severity: if active { Severity::High } else { Severity::Medium },
        status: Some(if active { IncidentStatus::InProgress } else { IncidentStatus::Resolved }),
        active,
        first: instant("2026-11-12T09:30:00Z"),
        last: instant("2026-11-16T04:10:00Z"),
        alerts: if active { vec![0, 1, 2] } else { vec![3, 4, 5] },
        devices: if active { set(0..4) } else { set(3..7) },
    }
}

fn trend() -> Vec<TrendDay> {
    let curve = [0, 0, 0, 1, 1, 2, 4, 6, 5, 5, 7, 9, 8, 6, 5, 5, 3, 3, 2, 2, 1, 1, 1, 2, 2, 3, 3, 4, 4, 4];
    let first = date(2026, 10, 18);
    (0..30)
        .zip(curve)
        .map(|(at, active)| TrendDay {
            date: first.checked_add(jiff::Span::new().days(at)).expect("a day"),
            alerts_active: active,
            alerts_resolved: if at < 15 { 0 } else { 2 },
            devices_active: active + u64::from(active > 0),
            devices_resolved: if at < 15 { 0 } else { 2 },
        })
        .collect()
}

fn weeks() -> Vec<Week> {
    let first = date(2026, 8, 24);
    (0..13)
        .map(|at| Week {
            begins: first.checked_add(jiff::Span::new().weeks(at)).expect("a week"),
            begun: u64::from(at > 10),
            active: u64::from(at > 11),
        })
        .collect()
}

/// What the pages of the report tell beyond its file.
fn detail() -> Detail {
    let severe = SeverityCounts { high: 1, ..SeverityCounts::default() };
    let medium = SeverityCounts { medium: 1, ..SeverityCounts::default() };
    Detail {
        funnel: Some(Funnel {
            in_scope: 60,
            assessable: 57,
            open: 29,
            open_with_alert: Some(5),
            not_reporting: 3,
            excluded: 0,
        }),
        statuses: Some(vec![
            StatusCounts { status: Some(IncidentStatus::InProgress), total: 1, by_severity: severe },
            StatusCounts { status: Some(IncidentStatus::Resolved), total: 1, by_severity: medium },
        ]),
        weeks: Some(weeks()),
        first_alert: crate::terms::instant("2026-11-09T22:00:00Z"),
        last_alert: crate::terms::instant("2026-11-16T04:00:00Z"),
        current: true,
        contradictions: vec![Contradiction::ResolvedIncident { incident: "41".to_owned(), active_alerts: 1 }],
    }
}

fn group_history(group: &crate::scope::Group) -> GroupHistory {
    let devices = u64::from(group.range.end - group.range.start);
    GroupHistory {
        name: group.name.clone(),
        devices,
        exposed: devices.min(8),
        impacted: Some(devices.min(2)),
        silent: UnavailableReasons { inactive: Some(1), ..UnavailableReasons::default() },
    }
}

fn dashboard(slice: &Slice) -> DashboardFigures {
    let slugs = |slugs: &[&str]| slugs.iter().map(|slug| (*slug).to_owned()).collect();
    DashboardFigures {
        devices_total: Some(60),
        threats_total: Some(4),
        summary: Some(AlertSummary { active_alerts: 1, resolved_alerts_only: 0, no_alerts: 3 }),
        latest: slugs(&["storm-2603-toolshell", "clickfix", "octo-tempest", "volt-typhoon"]),
        high_impact: Some(slugs(&["storm-2603-toolshell"])),
        highest_exposure: Some(slugs(&["storm-2603-toolshell", "clickfix"])),
        totals: Totals {
            exposed_devices: Some(24),
            impacted_devices: Some(5),
            active_alerts: Some(4),
            active_incidents: Some(1),
        },
        history: slice
            .fleets()
            .iter()
            .map(|fleet| DashboardHistory {
                as_of: fleet.as_of,
                exposed_devices: Some(24),
                impacted_devices: Some(5),
                active_alerts: Some(4),
                active_incidents: Some(1),
                groups: fleet.groups.iter().map(group_history).collect(),
            })
            .collect(),
        needs_action: slugs(&["storm-2603-toolshell", "clickfix"]),
        weeks: Some(weeks()),
        newest: Newest { seen: Some(slice.as_of()), alert: crate::terms::instant("2026-11-16T04:00:00Z") },
    }
}
