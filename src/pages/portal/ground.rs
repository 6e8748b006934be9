//! What all pages stand on, whatever the reports say.

use jiff::Timestamp;

use crate::knowledge::Knowledge;
use crate::scope::{FleetSlice, Prose, RoleView, SiteView, Slice};

/// A slice without its reports.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a>(&'a Slice);

impl<'a> Ground<'a> {
    pub(super) fn of(slice: &'a Slice) -> Self {
        Self(slice)
    }

    /// What the site says for every role.
    #[must_use]
    pub fn site(self) -> &'a SiteView {
        self.0.site()
    }

    /// The role.
    #[must_use]
    pub fn role(self) -> &'a RoleView {
        self.0.role()
    }

    /// "Now".
    #[must_use]
    pub fn as_of(self) -> Timestamp {
        self.0.as_of()
    }

    /// The free pages, by name.
    #[must_use]
    pub fn pages(self) -> &'a [Prose] {
        self.0.pages()
    }

    /// The role's part of every snapshot, oldest first.
    pub(in crate::pages) fn fleets(self) -> impl DoubleEndedIterator<Item = &'a FleetSlice> {
        self.0.fleets().iter().map(|fleet| &**fleet)
    }

    /// The role's part of the current snapshot, if there is one.
    #[must_use]
    pub fn fleet(self) -> Option<&'a FleetSlice> {
        self.0.fleet()
    }

    /// What the world knows of what the reports name.
    #[must_use]
    pub fn knowledge(self) -> &'a Knowledge {
        self.0.knowledge()
    }

    /// The role's devices; not known where there is no snapshot.
    pub(in crate::pages) fn devices_total(self) -> Option<u64> {
        self.fleet().map(|fleet| fleet.everyone().len())
    }
}
