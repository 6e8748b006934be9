//! What a portal knows of all its reports before any page is made.

use std::sync::OnceLock;

use jiff::Timestamp;

use super::evidence::Evidence;
use super::kin::Kin;
use super::names::Names;
use crate::diagnostics::Diagnostics;
use crate::scope::Slice;

/// The names that a slice's reports carry, and their order. It counts nothing.
#[derive(Debug)]
pub struct Listing {
    pub(super) names: Names,
    /// The places of the reports, the latest first, then by slug.
    pub(super) latest: Vec<usize>,
    /// How many reports are later, by the report's place.
    ranks: Vec<usize>,
    kin: OnceLock<Kin>,
    first_alert: OnceLock<Option<Timestamp>>,
    /// What the text of each report says of techniques, by the report's place.
    evidence: Vec<OnceLock<Evidence>>,
}

impl Listing {
    /// Gathers them. Names that cannot be pages are errors.
    #[must_use]
    pub fn of(slice: &Slice, diagnostics: &mut Diagnostics) -> Self {
        Self::with(Names::gather(slice, diagnostics), slice)
    }

    /// The listing of a slice that came after another one of the same role; `self` is that one's, and had no errors.
    #[must_use]
    pub fn again(&self, before: &Slice, slice: &Slice, diagnostics: &mut Diagnostics) -> Self {
        Self::with(self.names.again(before, slice, diagnostics), slice)
    }

    fn with(names: Names, slice: &Slice) -> Self {
        let reports = slice.reports();
        let mut latest: Vec<usize> = (0..reports.len()).collect();
        // Reports stand by slug, and the sort is stable.
        latest.sort_by_cached_key(|at| reports.get(*at).map(|report| std::cmp::Reverse(report.latest())));
        let mut ranks = vec![0; latest.len()];
        for (rank, at) in latest.iter().enumerate() {
            if let Some(place) = ranks.get_mut(*at) {
                *place = rank;
            }
        }
        let evidence = reports.iter().map(|_| OnceLock::new()).collect();
        Self { names, latest, ranks, kin: OnceLock::new(), first_alert: OnceLock::new(), evidence }
    }

    /// How many reports are later than the one at a place.
    pub(super) fn rank(&self, at: usize) -> usize {
        self.ranks.get(at).copied().unwrap_or(usize::MAX)
    }

    /// Which reports are about the same.
    pub(super) fn kin(&self, slice: &Slice) -> &Kin {
        self.kin.get_or_init(|| Kin::of(slice))
    }

    /// When the first alert of the current snapshot was raised.
    pub(super) fn first_alert(&self, slice: &Slice) -> Option<Timestamp> {
        let first = || slice.fleet().and_then(|fleet| fleet.alerts.iter().map(|alert| alert.created).min());
        *self.first_alert.get_or_init(first)
    }

    /// What the text of the report at a place says of techniques.
    pub(super) fn evidence(&self, slice: &Slice, at: usize) -> Option<&Evidence> {
        let report = slice.reports().get(at)?;
        Some(self.evidence.get(at)?.get_or_init(|| Evidence::of(&report.document)))
    }
}
