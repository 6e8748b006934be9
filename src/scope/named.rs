//! What the reports of a slice name, kept up while they change.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::slice::Report;
use crate::fleet::{Shift, Wanted};
use crate::knowledge::Wanted as Known;
use crate::terms::url_name;

/// What a role's reports name.
pub(super) struct Named {
    /// Findings.
    pub(super) wanted: Wanted,
    /// What the world may say something about: ids, and names as they stand in URLs.
    pub(super) known: Known,
}

impl Named {
    pub(super) fn of<'a>(reports: impl Iterator<Item = &'a Arc<Report>> + Clone) -> Self {
        let mut named = Self { wanted: Wanted::default(), known: Known::default() };
        for report in reports.clone() {
            add(report, &mut named.wanted);
        }
        named.known = known(reports, &named.wanted);
        named
    }

    /// Some reports went and some came; `all` are those there are now. Answers what else is wanted than before. It
    /// looks up what those reports name, and not what all of them do.
    pub(super) fn follow<'a>(
        &mut self,
        gone: impl Iterator<Item = &'a Arc<Report>>,
        come: impl Iterator<Item = &'a Arc<Report>>,
        all: impl Iterator<Item = &'a Arc<Report>> + Clone,
    ) -> Shift {
        let mut shift = Shift::default();
        gone.for_each(|report| add(report, &mut shift.lost));
        come.for_each(|report| add(report, &mut shift.gained));
        turn(
            &mut self.wanted.vulnerabilities,
            &mut shift.gained.vulnerabilities,
            &mut shift.lost.vulnerabilities,
            || all.clone().flat_map(|report| report.named_vulnerabilities()),
        );
        turn(&mut self.wanted.configurations, &mut shift.gained.configurations, &mut shift.lost.configurations, || {
            all.clone().flat_map(|report| report.configurations.iter().map(|tracked| &tracked.id))
        });
        self.known = known(all.clone(), &self.wanted);
        shift
    }
}

/// Leaves in `gained` what is new to `wanted`, in `lost` what is in none of the names there are now, and `wanted` as
/// these make it.
fn turn<'a, T: Clone + Ord + 'a, N: Iterator<Item = &'a T>>(
    wanted: &mut BTreeSet<T>,
    gained: &mut BTreeSet<T>,
    lost: &mut BTreeSet<T>,
    names: impl FnOnce() -> N,
) {
    lost.retain(|id| !gained.contains(id));
    gained.retain(|id| !wanted.contains(id));
    if !lost.is_empty() {
        for id in names() {
            lost.remove(id);
        }
    }
    wanted.retain(|id| !lost.contains(id));
    wanted.extend(gained.iter().cloned());
}

fn add(report: &Report, wanted: &mut Wanted) {
    each(report.named_vulnerabilities(), &mut wanted.vulnerabilities);
    each(report.configurations.iter().map(|tracked| &tracked.id), &mut wanted.configurations);
}

fn known<'a>(reports: impl Iterator<Item = &'a Arc<Report>> + Clone, wanted: &Wanted) -> Known {
    let names = |of: fn(&Report) -> &Vec<String>| {
        let spelt: BTreeSet<&String> = reports.clone().flat_map(|report| of(report)).collect();
        spelt.into_iter().map(|name| url_name(name)).collect()
    };
    let mut techniques = BTreeSet::new();
    for report in reports.clone() {
        each(report.named_techniques(), &mut techniques);
    }
    Known {
        techniques,
        vulnerabilities: wanted.vulnerabilities.clone(),
        actors: names(|report| &report.actors),
        malware: names(|report| &report.malware),
    }
}

/// Adds ids to a set. Most are in it already, and are copied for nothing.
fn each<'a, T: Clone + Ord + 'a>(ids: impl Iterator<Item = &'a T>, set: &mut BTreeSet<T>) {
    for id in ids {
        if !set.contains(id) {
            set.insert(id.clone());
        }
    }
}
