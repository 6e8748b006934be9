//! One role's way through the door, gone again and again while somebody writes.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::door::{
    Input, admitted_pages, admitted_reports, disarm_page, disarm_report, known, role_view, site_view, visible_fleet,
    visible_report, wanted,
};
use super::slice::{FleetSlice, Prose, Report, Slice};
use crate::config::Role;
use crate::fleet::{Fleet, Wanted};
use crate::knowledge::{Knowledge, Wanted as Known};
use crate::report::{self, Document, LiveIndicators};

/// Makes a role's slices, each the same as if it were the first, and takes from the last one what is still true.
///
/// It serves one configuration at one moment: for another site, other device groups or another "now" there has to
/// be another.
pub struct Slicer {
    role: Role,
    last: Option<Last>,
}

/// What the last slice was made of.
struct Last {
    reports: BTreeMap<String, Passed>,
    live: LiveIndicators,
    wanted: Wanted,
    known: Known,
    fleets: Vec<(Arc<Fleet>, Arc<FleetSlice>)>,
    knowledge: (Arc<Knowledge>, Arc<Knowledge>),
}

/// A report that was let through: as it came, and as the role sees it.
struct Passed {
    report: Arc<report::Report>,
    document: Arc<Document>,
    seen: Arc<Report>,
}

impl Slicer {
    /// For a role's first slice, and those after it.
    #[must_use]
    pub fn new(role: Role) -> Self {
        Self { role, last: None }
    }

    /// The role.
    #[must_use]
    pub fn role(&self) -> &Role {
        &self.role
    }

    /// What the role may see of `input`.
    #[must_use]
    pub fn slice(&mut self, input: Input<'_>) -> Slice {
        let last = self.last.take();
        let (reports, live) = self.reports(input, last.as_ref());
        let seen: Vec<Arc<Report>> = reports.values().map(|passed| Arc::clone(&passed.seen)).collect();
        let is_same = last.as_ref().is_some_and(|last| name_the_same(&last.reports, &reports));
        let (wanted, known, last) = match last {
            Some(last) if is_same => (last.wanted, last.known, Some((last.fleets, last.knowledge))),
            last => {
                let wanted = wanted(&seen);
                let known = known(&seen, &wanted);
                (wanted, known, last.map(|last| (last.fleets, last.knowledge)))
            }
        };
        let (fleets, knowledge) = last.unzip();
        let fleets = self.fleets(input, &wanted, &fleets.unwrap_or_default(), is_same);
        let knowledge = match knowledge {
            Some(before) if is_same && Arc::ptr_eq(&before.0, input.knowledge) => before,
            _ => (Arc::clone(input.knowledge), Arc::new(input.knowledge.restrict(&known))),
        };
        let slice = Slice {
            site: site_view(input.site),
            role: role_view(&self.role, input.groups),
            as_of: input.as_of,
            reports: seen,
            pages: self.pages(input, &live),
            fleets: fleets.iter().map(|(_, slice)| Arc::clone(slice)).collect(),
            knowledge: Arc::clone(&knowledge.1),
        };
        self.last = Some(Last { reports, live, wanted, known, fleets, knowledge });
        slice
    }

    /// The admitted reports, by slug, without links to the indicators among them.
    fn reports(&self, input: Input<'_>, last: Option<&Last>) -> (BTreeMap<String, Passed>, LiveIndicators) {
        let mut fresh: Vec<(&Arc<report::Report>, Arc<Document>, Report)> = Vec::new();
        let mut passed: BTreeMap<String, Passed> = BTreeMap::new();
        for (report, document) in admitted_reports(input, &self.role) {
            let before = last.and_then(|last| last.reports.get(&report.facts.slug));
            match before.filter(|passed| passed.came_from(report, &document)) {
                Some(before) => drop(passed.insert(report.facts.slug.clone(), before.again())),
                None => {
                    fresh.push((report, Arc::clone(&document), visible_report(input, &self.role, report, document)))
                }
            }
        }
        let is_same = |last: &&Last| {
            let same = |(_, _, made): &(_, _, Report)| {
                last.reports.get(&made.slug).is_some_and(|before| before.seen.indicators == made.indicators)
            };
            last.reports.len() == passed.len() + fresh.len() && fresh.iter().all(same)
        };
        let live = match last.filter(is_same) {
            Some(last) => last.live.clone(),
            None => {
                let kept = passed.values().flat_map(|passed| &passed.seen.indicators);
                LiveIndicators::of(kept.chain(fresh.iter().flat_map(|(_, _, made)| &made.indicators)))
            }
        };
        if last.is_some_and(|last| last.live != live) {
            for (_, Passed { report, document, seen }) in &mut passed {
                *seen = Arc::new(visible_report(input, &self.role, report, Arc::clone(document)));
                disarm_report(Arc::make_mut(seen), &live);
            }
        }
        for (report, document, mut made) in fresh {
            disarm_report(&mut made, &live);
            let entry = Passed { report: Arc::clone(report), document, seen: Arc::new(made) };
            passed.insert(report.facts.slug.clone(), entry);
        }
        (passed, live)
    }

    fn pages(&self, input: Input<'_>, live: &LiveIndicators) -> Vec<Prose> {
        let mut pages: Vec<Prose> = admitted_pages(input, &self.role).collect();
        pages.iter_mut().for_each(|page| disarm_page(page, live));
        pages
    }

    /// The role's part of each fleet. `is_same`: what is wanted is what was wanted last.
    fn fleets(
        &self,
        input: Input<'_>,
        wanted: &Wanted,
        last: &[(Arc<Fleet>, Arc<FleetSlice>)],
        is_same: bool,
    ) -> Vec<(Arc<Fleet>, Arc<FleetSlice>)> {
        let narrow = |fleet: &Arc<Fleet>| {
            let before = last.iter().find(|(of, _)| Arc::ptr_eq(of, fleet)).map(|(_, slice)| slice);
            match before {
                Some(before) if is_same => Arc::clone(before),
                before => Arc::new(visible_fleet(fleet, &self.role, wanted, before.map(|before| &**before))),
            }
        };
        input.fleets.iter().map(|fleet| (Arc::clone(fleet), narrow(fleet))).collect()
    }
}

impl Passed {
    fn came_from(&self, report: &Arc<report::Report>, document: &Arc<Document>) -> bool {
        Arc::ptr_eq(&self.report, report) && Arc::ptr_eq(&self.document, document)
    }

    fn again(&self) -> Self {
        Self { report: Arc::clone(&self.report), document: Arc::clone(&self.document), seen: Arc::clone(&self.seen) }
    }
}

/// Whether the reports name the same findings, techniques, actors and malware as those before, one by one.
fn name_the_same(before: &BTreeMap<String, Passed>, now: &BTreeMap<String, Passed>) -> bool {
    before.len() == now.len()
        && before.iter().zip(now).all(|((one, old), (other, new))| {
            one == other && (Arc::ptr_eq(&old.seen, &new.seen) || old.seen.names_the_same(&new.seen))
        })
}
