//! Leaks of the door itself.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::everything::Everything;
use super::{Leak, Seeded};
use crate::diagnostics::{Diagnostics, Source};
use crate::fleet::{Alert, DeviceSet};
use crate::report::blocks::CutText;
use crate::report::{self, Admission, Blocks, Document};
use crate::scope::{Slice, admits};

pub(super) fn leak(leak: Leak, seeded: &Seeded<'_>, all: &Everything, slice: &mut Slice) {
    match leak {
        Leak::TrimmedAlerts => trimmed_alerts(seeded, slice),
        Leak::SlugSuffix => slug_suffix(all, slice),
        Leak::DraftsAdmitted => {
            admit(seeded, all, slice, |report| {
                let admission = Admission { draft: false, publish_at: None, ..report.admission.clone() };
                admits(seeded.role, report.facts.tlp, &admission, seeded.input.as_of, true).is_ok()
            });
        }
        Leak::AudienceAlone => {
            let named = |names: &BTreeSet<String>| names.contains(&seeded.role.name);
            admit(seeded, all, slice, |report| report.admission.audience.as_ref().is_none_or(named));
        }
        Leak::TextByFile => {
            for report in slice.open().reports.iter_mut() {
                if let Some(whole) = all.slice.report(&report.slug) {
                    Arc::make_mut(report).document = Arc::clone(&whole.document);
                }
            }
        }
        Leak::Indicators => {
            for report in slice.open().reports.iter_mut() {
                if let Some(whole) = all.slice.report(&report.slug) {
                    Arc::make_mut(report).open().indicators.clone_from(&whole.indicators);
                }
            }
        }
        Leak::Definitions => definitions(seeded, slice),
        Leak::GroupPages => {
            let names = seeded.input.groups.iter().cloned();
            slice.open().role.groups.extend(names);
        }
        _ => {}
    }
}

fn trimmed_alerts(seeded: &Seeded<'_>, slice: &mut Slice) {
    for (fleet, whole) in slice.open().fleets.iter_mut().zip(seeded.input.fleets) {
        let gone = whole.alerts.iter().filter(|alert| !fleet.alerts.iter().any(|kept| kept.id == alert.id));
        let kept: Vec<Alert> = gone.map(|alert| Alert { devices: DeviceSet::default(), ..alert.clone() }).collect();
        let mut alerts: Vec<Alert> = fleet.alerts.iter().cloned().chain(kept).collect();
        alerts.sort_by(|a, b| a.id.cmp(&b.id));
        fleet.alerts = alerts.into();
    }
}

fn slug_suffix(all: &Everything, slice: &mut Slice) {
    let before = |slug: &str, title: &str| {
        all.slice.reports().iter().filter(|other| other.title == title && other.slug.as_str() < slug).count()
    };
    let reports = slice.open().reports;
    for report in reports.iter_mut() {
        let same = before(&report.slug, &report.title);
        if same > 0 {
            Arc::make_mut(report).open().slug.push_str(&format!("-{}", same + 1));
        }
    }
    reports.sort_by(|a, b| a.slug.cmp(&b.slug));
}

/// Admits what `open` says, though the door said no.
fn admit(seeded: &Seeded<'_>, all: &Everything, slice: &mut Slice, open: impl Fn(&report::Report) -> bool) {
    let reports = slice.open().reports;
    for report in seeded.input.library.reports.iter().filter(|report| open(report)) {
        let known = reports.iter().any(|kept| kept.slug == report.facts.slug);
        reports.extend(all.slice.report(&report.facts.slug).filter(|_| !known).cloned().map(Arc::new));
    }
    reports.sort_by(|a, b| a.slug.cmp(&b.slug));
}

/// Parses each text again with the link definitions of its hidden blocks.
fn definitions(seeded: &Seeded<'_>, slice: &mut Slice) {
    for report in slice.open().reports.iter_mut() {
        let Some(written) = seeded.input.library.reports.iter().find(|written| written.facts.slug == report.slug)
        else {
            continue;
        };
        let (source, body) = (&written.origin.source, written.origin.body.clone());
        let blocks = Blocks::find(source, body.clone(), &mut Diagnostics::new());
        let seen = blocks.signature(|block| {
            block.groups.iter().all(|group| seeded.role.groups.has(group))
                && block.tlp.is_none_or(|tlp| tlp <= seeded.role.clearance)
        });
        let mut text = blocks.cut(source, &seen).text().to_owned();
        let whole = source.text().get(body).unwrap_or_default();
        for line in whole.lines().filter(|line| line.starts_with('[') && line.contains("]: ")) {
            text.push_str("\n\n");
            text.push_str(line);
        }
        let length = text.len();
        let cut = CutText::whole(&Source::new(source.name(), text), 0..length);
        Arc::make_mut(report).document = Arc::new(Document::parse(&cut, &mut Diagnostics::new()));
    }
}
