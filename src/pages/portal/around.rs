//! The reports around a report.

use std::cmp::Reverse;

use super::{Portal, Question, Threat};

/// How many related reports a page shows at most.
const CLOSEST: usize = 5;

impl<'a> Portal<'a> {
    /// The reports before and after one in the list of threats, the latest first. None whose label is stricter than its
    /// own: their titles would be out of place on its pages.
    pub(in crate::pages) fn neighbours(&self, threat: Threat<'_>) -> [Option<Threat<'a>>; 2] {
        let found = self.neighbours_of(threat.at);
        self.note(|| Question::Neighbours(threat.at, found));
        found.map(|at| self.threat_at(at?))
    }

    /// The reports that share an actor, malware or a vulnerability with one, those first that share most. None whose
    /// label is stricter than its own.
    pub(in crate::pages) fn related(&self, threat: Threat<'_>) -> Vec<Threat<'a>> {
        let found = self.related_to(threat.at);
        self.note(|| Question::Related(threat.at, found.clone()));
        found.into_iter().filter_map(|at| self.threat_at(at)).collect()
    }

    pub(super) fn neighbours_of(&self, at: usize) -> [Option<usize>; 2] {
        let (before, rest) = self.listing.latest.split_at_checked(self.listing.rank(at)).unwrap_or_default();
        let fits = |other: &&usize| self.fits(**other, at);
        [before.iter().rev().find(fits), rest.iter().skip(1).find(fits)].map(Option::<&usize>::copied)
    }

    pub(super) fn related_to(&self, at: usize) -> Vec<usize> {
        let Some(own) = self.slice.reports().get(at) else { return Vec::new() };
        let shared = self.listing.kin(self.slice).of_report(own).into_iter();
        let mut shared: Vec<_> =
            shared.map(|(other, count)| (Reverse(count), self.listing.rank(other), other)).collect();
        shared.sort_unstable();
        let others = shared.into_iter().map(|(.., other)| other).filter(|other| *other != at);
        others.filter(|other| self.fits(*other, at)).take(CLOSEST).collect()
    }

    /// Whether the title of a report may stand on the pages of another.
    fn fits(&self, other: usize, at: usize) -> bool {
        let label = |at: usize| self.slice.reports().get(at).map(|report| report.tlp);
        label(other) <= label(at)
    }
}
