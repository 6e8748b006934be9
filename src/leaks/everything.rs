//! What a build would hold if nothing were cut away.

use std::sync::Arc;

use crate::config::Role;
use crate::diagnostics::Diagnostics;
use crate::exposure::{self, Figures, OfReport, ReportFigures};
use crate::pages::{Listing, Page, Portal, Route};
use crate::report::Admission;
use crate::scope::{self, Documents, Input, Slice};
use crate::terms::{GroupSelection, Tlp};

/// The slice of somebody who sees everything, and its figures.
pub(super) struct Everything {
    pub(super) slice: Slice,
    pub(super) figures: Figures,
    listing: Listing,
}

impl Everything {
    pub(super) fn of(input: Input<'_>, role: &Role) -> Self {
        let role = Role { groups: GroupSelection::All, clearance: Tlp::Red, ..role.clone() };
        let mut library = input.library.clone();
        library.reports.iter_mut().for_each(|report| Arc::make_mut(report).admission = Admission::default());
        library.pages.iter_mut().for_each(|page| Arc::make_mut(page).admission = Admission::default());
        let one = std::slice::from_ref(&role);
        let documents = Documents::parse(&library, one, input.groups, &mut Diagnostics::new());
        let slice = scope::slice(Input { library: &library, documents: &documents, ..input }, &role);
        let figures = exposure::count(&slice);
        let listing = Listing::of(&slice, &mut Diagnostics::new());
        Self { slice, figures, listing }
    }

    /// What was counted for a report.
    pub(super) fn report(&self, slug: &str) -> Option<&ReportFigures> {
        let at = self.slice.reports().iter().position(|report| report.slug == slug)?;
        self.figures.report(at).map(OfReport::get)
    }

    /// The model of a page, made for nobody in particular.
    pub(super) fn page(&self, route: &Route) -> Option<Page<'_>> {
        self.portal().page(route)
    }

    /// Every page.
    pub(super) fn portal(&self) -> Portal<'_> {
        Portal::new(&self.slice, &self.figures, &self.listing)
    }

    /// How many devices there are.
    pub(super) fn devices(&self) -> u64 {
        self.slice.fleet().map_or(0, |fleet| fleet.devices.len() as u64)
    }
}
