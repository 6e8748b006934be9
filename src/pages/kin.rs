//! Which reports are about the same.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::route::{Catalogue, Route};
use crate::scope::{Report, Slice};
use crate::terms::url_name;

/// The reports of a slice by what makes them kin: an actor, malware, a vulnerability.
#[derive(Debug)]
pub(super) struct Kin(FxHashMap<String, Vec<usize>>);

impl Kin {
    /// Those of a slice, by their places.
    pub(super) fn of(slice: &Slice) -> Self {
        let mut bearers: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (at, report) in slice.reports().iter().enumerate() {
            for mark in marks(report) {
                bearers.entry(mark).or_default().push(at);
            }
        }
        Self(bearers)
    }

    /// The places of the reports that share something with one, itself among them, each with how much they share.
    pub(super) fn of_report(&self, report: &Report) -> BTreeMap<usize, usize> {
        let mut shared = BTreeMap::new();
        for at in marks(report).iter().filter_map(|mark| self.0.get(mark)).flatten() {
            *shared.entry(*at).or_default() += 1;
        }
        shared
    }
}

/// What a report is about: the pages of its actors, malware and vulnerabilities. Names with the same page are the same,
/// and an actor is no malware, whatever they are called.
fn marks(report: &Report) -> BTreeSet<String> {
    let named = |catalogue: Catalogue| {
        catalogue.of(report).iter().map(move |name| Route::Name(catalogue, url_name(name)).directory())
    };
    let ids = report.all_vulnerabilities().into_iter().map(|id| Route::Vulnerability(id).directory());
    named(Catalogue::Actors).chain(named(Catalogue::Malware)).chain(ids).collect()
}
