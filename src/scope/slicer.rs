//! One role's way through the door, gone again and again while somebody writes.

use std::sync::Arc;

use super::door::{
    Input, admitted_pages, admitted_reports, disarm_page, disarm_report, role_view, site_view, visible_fleet,
    visible_report,
};
use super::named::Named;
use super::slice::{FleetSlice, Prose, Report, Slice};
use crate::config::Role;
use crate::fleet::{Fleet, Shift, Wanted};
use crate::knowledge::Knowledge;
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
    /// By slug.
    reports: Vec<Passed>,
    live: LiveIndicators,
    names: Named,
    fleets: Vec<(Arc<Fleet>, Arc<FleetSlice>)>,
    knowledge: (Arc<Knowledge>, Arc<Knowledge>),
}

/// A report that was let through: as it came, and as the role sees it.
struct Passed {
    report: Arc<report::Report>,
    document: Arc<Document>,
    seen: Arc<Report>,
}

/// A report that did not come through like this before.
struct Fresh {
    /// Its place among all.
    at: usize,
    /// The one of this slug that came through last.
    before: Option<Arc<Report>>,
}

/// The reports of a slice in the making.
struct Passing {
    all: Vec<Passed>,
    fresh: Vec<Fresh>,
    /// Those that came through last and are here no more.
    gone: Vec<Arc<Report>>,
    /// Whether there was a slice before.
    is_again: bool,
}

impl Slicer {
    /// For a role's first slice, and those after it.
    #[must_use]
    pub fn new(role: Role) -> Self {
        Self { role, last: None }
    }

    /// What the role may see of `input`.
    #[must_use]
    pub fn slice(&mut self, input: Input<'_>) -> Slice {
        let (before, live, names, fleets, knowledge) = match self.last.take() {
            Some(last) => (Some(last.reports), Some(last.live), Some(last.names), last.fleets, Some(last.knowledge)),
            None => (None, None, None, Vec::new(), None),
        };
        let mut passing = self.pass(input, before);
        let live = self.disarm(input, &mut passing, live);
        let are_named = passing.has_the_same(|one, other| one.names_the_same(other));
        let seen: Vec<Arc<Report>> = passing.all.iter().map(|passed| Arc::clone(&passed.seen)).collect();
        let (names, shift) = match names {
            Some(names) if are_named => (names, Shift::default()),
            Some(mut names) => {
                let shift = names.follow(passing.gone(), passing.come(), seen.iter());
                (names, shift)
            }
            None => (Named::of(seen.iter()), Shift::default()),
        };
        let fleets = self.fleets(input, &names.wanted, &fleets, &shift);
        let knowledge = match knowledge {
            Some(before) if are_named && Arc::ptr_eq(&before.0, input.knowledge) => before,
            _ => (Arc::clone(input.knowledge), Arc::new(input.knowledge.restrict(&names.known))),
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
        self.last = Some(Last { reports: passing.all, live, names, fleets, knowledge });
        slice
    }

    /// Lets the reports through, by slug. Both lists are in that order, and are gone through side by side.
    fn pass(&self, input: Input<'_>, before: Option<Vec<Passed>>) -> Passing {
        let is_again = before.is_some();
        let mut before = before.unwrap_or_default().into_iter().peekable();
        let (mut all, mut fresh, mut gone) = (Vec::new(), Vec::new(), Vec::new());
        for (report, document) in admitted_reports(input, &self.role) {
            let slug = &report.facts.slug;
            while let Some(passed) = before.next_if(|passed| passed.seen.slug < *slug) {
                gone.push(passed.seen);
            }
            let same = match before.next_if(|passed| passed.seen.slug == *slug) {
                Some(passed) if passed.came_from(report, &document) => {
                    all.push(passed);
                    continue;
                }
                other => other,
            };
            fresh.push(Fresh { at: all.len(), before: same.map(|passed| passed.seen) });
            let seen = Arc::new(visible_report(input, &self.role, report, Arc::clone(&document)));
            all.push(Passed { report: Arc::clone(report), document, seen });
        }
        gone.extend(before.map(|passed| passed.seen));
        Passing { all, fresh, gone, is_again }
    }

    /// Takes the links to indicators from what is new; from all, where the indicators are others than before.
    fn disarm(&self, input: Input<'_>, passing: &mut Passing, before: Option<LiveIndicators>) -> LiveIndicators {
        let is_same = passing.has_the_same(|one, other| one.indicators == other.indicators);
        let live = match &before {
            Some(before) if is_same => before.clone(),
            _ => LiveIndicators::of(passing.all.iter().flat_map(|passed| &passed.seen.indicators)),
        };
        if before.as_ref() == Some(&live) {
            for Fresh { at, .. } in &passing.fresh {
                if let Some(passed) = passing.all.get_mut(*at) {
                    disarm_report(Arc::make_mut(&mut passed.seen), &live);
                }
            }
            return live;
        }
        for Passed { report, document, seen } in &mut passing.all {
            *seen = Arc::new(visible_report(input, &self.role, report, Arc::clone(document)));
            disarm_report(Arc::make_mut(seen), &live);
        }
        live
    }

    fn pages(&self, input: Input<'_>, live: &LiveIndicators) -> Vec<Prose> {
        let mut pages: Vec<Prose> = admitted_pages(input, &self.role).collect();
        pages.iter_mut().for_each(|page| disarm_page(page, live));
        pages
    }

    /// The role's part of each fleet. `shift`: what else is wanted than when the last ones were made.
    fn fleets(
        &self,
        input: Input<'_>,
        wanted: &Wanted,
        last: &[(Arc<Fleet>, Arc<FleetSlice>)],
        shift: &Shift,
    ) -> Vec<(Arc<Fleet>, Arc<FleetSlice>)> {
        let narrow = |fleet: &Arc<Fleet>| match last.iter().find(|(of, _)| Arc::ptr_eq(of, fleet)) {
            Some((_, slice)) if shift.is_none() => Arc::clone(slice),
            Some((_, slice)) => Arc::new(FleetSlice(fleet.restrict_again(&self.role.groups, &slice.0, shift))),
            None => Arc::new(visible_fleet(fleet, &self.role, wanted)),
        };
        input.fleets.iter().map(|fleet| (Arc::clone(fleet), narrow(fleet))).collect()
    }
}

impl Passing {
    /// Whether each report says the same as the one that came through before it, as `same` has it.
    fn has_the_same(&self, same: impl Fn(&Report, &Report) -> bool) -> bool {
        self.is_again
            && self.gone.is_empty()
            && self.fresh.iter().all(|Fresh { at, before }| {
                let now = self.all.get(*at).map(|passed| &passed.seen);
                before.as_ref().zip(now).is_some_and(|(before, now)| same(before, now))
            })
    }

    /// Those that came through last and do not as they were.
    fn gone(&self) -> impl Iterator<Item = &Arc<Report>> {
        self.gone.iter().chain(self.fresh.iter().filter_map(|fresh| fresh.before.as_ref()))
    }

    /// Those that did not come through like this last.
    fn come(&self) -> impl Iterator<Item = &Arc<Report>> {
        self.fresh.iter().filter_map(|fresh| self.all.get(fresh.at)).map(|passed| &passed.seen)
    }
}

impl Passed {
    fn came_from(&self, report: &Arc<report::Report>, document: &Arc<Document>) -> bool {
        Arc::ptr_eq(&self.report, report) && Arc::ptr_eq(&self.document, document)
    }
}
