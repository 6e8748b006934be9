//! What a portal knows of all its reports before any page is made.

use std::sync::OnceLock;

use super::evidence::Evidence;
use super::names::Names;
use crate::diagnostics::Diagnostics;
use crate::scope::Slice;

/// The names that a slice's reports carry, and their order. It counts nothing.
#[derive(Debug)]
pub struct Listing {
    pub(super) names: Names,
    /// The places of the reports, the latest first, then by slug.
    pub(super) latest: Vec<usize>,
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
        Self { names, latest, evidence: reports.iter().map(|_| OnceLock::new()).collect() }
    }

    /// What the text of the report at a place says of techniques.
    pub(super) fn evidence(&self, slice: &Slice, at: usize) -> Option<&Evidence> {
        let report = slice.reports().get(at)?;
        Some(self.evidence.get(at)?.get_or_init(|| Evidence::of(&report.document)))
    }
}
