//! Leaks of counting: what is counted before the cut.

use std::cmp::Reverse;

use jiff::Span;
use jiff::tz::Offset;

use super::everything::Everything;
use super::{Leak, Seeded};
use crate::exposure::{DeviceStates, Figures, GroupStates, ReportFigures, TrendDay};
use crate::scope::Slice;

pub(super) fn leak(leak: Leak, seeded: &Seeded<'_>, all: &Everything, slice: &Slice, figures: &mut Figures) {
    let (reports, dashboard) = figures.open();
    let Some(dashboard) = dashboard else { return };
    match leak {
        Leak::RankOfEveryone => {
            let rank = |slug: &String| Reverse(all.report(slug).map(|whole| whole.devices.exposed));
            for list in [&mut dashboard.high_impact, &mut dashboard.highest_exposure].into_iter().flatten() {
                list.sort_by_key(rank);
            }
        }
        Leak::TopTen => dashboard.latest.retain(|slug| all.figures.dashboard().latest.contains(slug)),
        _ => {}
    }
    for (report, figures) in slice.reports().iter().zip(reports) {
        if let Some(whole) = all.report(&report.slug) {
            of_report(leak, seeded, all, whole, figures);
        }
    }
}

fn of_report(leak: Leak, seeded: &Seeded<'_>, all: &Everything, whole: &ReportFigures, figures: &mut ReportFigures) {
    match leak {
        Leak::TotalOfEveryone => figures.devices.total = whole.devices.total,
        Leak::HistoryOfEveryone => figures.history.clone_from(&whole.history),
        Leak::UnassignedBucket => {
            let rest = whole.devices.total.zip(figures.devices.total).map(|(whole, own)| whole.saturating_sub(own));
            let devices = DeviceStates { total: rest, ..DeviceStates::default() };
            figures.groups.push(GroupStates { name: "Unassigned".to_owned(), devices });
        }
        Leak::ScoreByWorst => {
            let worst = all.figures.reports().filter_map(|report| report.exposure.weight).max();
            let weight = figures.exposure.weight;
            figures.exposure.score = weight.zip(worst).map(|(weight, worst)| weight * 100 / worst.max(1));
        }
        Leak::SmallGroups => {
            let mean = all.devices() / (whole.groups.len() as u64).max(1);
            let small = figures.groups.iter_mut().filter(|group| group.devices.total < Some(mean));
            small.for_each(|group| group.devices.exposed = None);
        }
        Leak::IncidentTitle => {
            let rows = seeded.input.fleets.last().map(|fleet| &fleet.incidents);
            for incident in &mut figures.sets.incidents {
                if let Some(row) = rows.and_then(|rows| rows.get(&incident.id)) {
                    incident.title.clone_from(&row.title);
                    incident.severity = row.severity;
                }
            }
        }
        Leak::TrendStart => trend_start(seeded, figures),
        Leak::UpdateName => {
            for update in figures.mitigations.updates.iter_mut().flatten() {
                let same = whole.mitigations.updates.iter().flatten().find(|other| other.id == update.id);
                update.name = same.map_or_else(String::new, |other| other.name.clone());
            }
        }
        Leak::SeverityOfEveryone => {
            for row in &mut figures.mitigations.vulnerabilities {
                let same = whole.mitigations.vulnerabilities.iter().find(|other| other.id == row.id);
                row.severity = same.map_or(row.severity, |other| other.severity);
            }
        }
        _ => {}
    }
}

/// Days without alerts before the first, back to the oldest alert there is; at most a hundred.
fn trend_start(seeded: &Seeded<'_>, figures: &mut ReportFigures) {
    let oldest = seeded.input.fleets.last().and_then(|fleet| fleet.alerts.iter().map(|alert| alert.created).min());
    let (Some(oldest), Some(trend)) = (oldest, &mut figures.trend) else { return };
    let oldest = Offset::UTC.to_datetime(oldest).date();
    for _ in 0..100 {
        let Some(first) = trend.first().map(|day| day.date).filter(|first| *first > oldest) else { break };
        let date = first.saturating_sub(Span::new().days(1));
        let day = TrendDay { date, alerts_active: 0, alerts_resolved: 0, devices_active: 0, devices_resolved: 0 };
        trend.insert(0, day);
    }
}
