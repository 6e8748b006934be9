//! The names and ids that a slice's reports carry, each with its reports.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::route::Catalogue;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, visible};
use crate::scope::{Facts, FleetSlice, Slice};
use crate::terms::{CveId, NO_DEVICE, PAGE_NAME_FORM, TechniqueId, page_name};

/// A name, and the reports that carry it.
#[derive(Clone, Debug, Default)]
pub(super) struct Name {
    /// Its spelling: of several, the first in the order of their bytes.
    pub spelling: String,
    /// The places of its reports in the slice's list, ascending.
    pub reports: Vec<usize>,
}

/// Ids, each with the places of its reports in the slice's list, ascending.
pub(super) type Ids<T> = BTreeMap<T, Vec<usize>>;

/// Every name of a slice.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// By technique.
    pub techniques: Arc<Ids<TechniqueId>>,
    /// By vulnerability.
    pub vulnerabilities: Arc<Ids<CveId>>,
    /// By catalogue and name in the URL.
    pub catalogues: Arc<BTreeMap<Catalogue, BTreeMap<String, Name>>>,
    /// The device groups, by name in the URL.
    pub groups: Arc<BTreeMap<String, String>>,
}

impl Names {
    /// Gathers them. A name that cannot stand in a URL, and two groups with one name there, are
    /// errors.
    #[must_use]
    pub(super) fn gather(slice: &Slice, diagnostics: &mut Diagnostics) -> Self {
        let (mut techniques, mut vulnerabilities) = (BTreeMap::new(), BTreeMap::new());
        for (at, report) in slice.reports().iter().enumerate() {
            each(report.named_techniques(), at, &mut techniques);
            each(report.named_vulnerabilities(), at, &mut vulnerabilities);
        }
        Self {
            techniques: techniques.into(),
            vulnerabilities: vulnerabilities.into(),
            catalogues: catalogues(slice).into(),
            groups: groups(slice, diagnostics).into(),
        }
    }

    /// Those of a slice that came after `before`, of the same role; `self` are that one's, and had no errors.
    #[must_use]
    pub(super) fn again(&self, before: &Slice, slice: &Slice, diagnostics: &mut Diagnostics) -> Self {
        let (old, new) = (before.reports(), slice.reports());
        let stand_where_they_stood =
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| old.slug == new.slug);
        if !stand_where_they_stood || !have_the_same_groups(before, slice) {
            return Self::gather(slice, diagnostics);
        }
        let mut names = self.clone();
        let changed = old.iter().zip(new).enumerate().filter(|(_, (old, new))| !Arc::ptr_eq(old, new));
        let mut are_called_the_same = true;
        for (at, (old, new)) in changed {
            follow(&mut names.techniques, at, old.all_techniques(), new.all_techniques());
            follow(&mut names.vulnerabilities, at, old.all_vulnerabilities(), new.all_vulnerabilities());
            are_called_the_same &= Catalogue::ALL.iter().all(|catalogue| catalogue.of(old) == catalogue.of(new));
        }
        if !are_called_the_same {
            names.catalogues = catalogues(slice).into();
        }
        names
    }

    /// The names of one catalogue.
    pub(super) fn catalogue(&self, catalogue: Catalogue) -> impl Iterator<Item = (&String, &Name)> {
        self.catalogues.get(&catalogue).into_iter().flatten()
    }

    /// One name of a catalogue.
    #[must_use]
    pub(super) fn name(&self, catalogue: Catalogue, name: &str) -> Option<&Name> {
        self.catalogues.get(&catalogue)?.get(name)
    }
}

fn catalogues(slice: &Slice) -> BTreeMap<Catalogue, BTreeMap<String, Name>> {
    let mut catalogues: BTreeMap<Catalogue, BTreeMap<String, Name>> = BTreeMap::new();
    for (at, report) in slice.reports().iter().enumerate() {
        for catalogue in Catalogue::ALL {
            for spelling in catalogue.of(report) {
                // What cannot be one was refused where it is written.
                let Some(url) = page_name(spelling) else { continue };
                let name = catalogues.entry(catalogue).or_default().entry(url).or_default();
                if name.spelling.is_empty() || *spelling < name.spelling {
                    name.spelling.clone_from(spelling);
                }
                if name.reports.last() != Some(&at) {
                    name.reports.push(at);
                }
            }
        }
    }
    catalogues
}

fn groups(slice: &Slice, diagnostics: &mut Diagnostics) -> BTreeMap<String, String> {
    let mut groups: BTreeMap<String, String> = BTreeMap::new();
    let role = slice.role();
    let with_devices = slice.fleets().iter().flat_map(|fleet| &fleet.groups).map(|group| &group.name);
    for group in role.groups.iter().chain(with_devices).filter(|group| *group != NO_DEVICE) {
        let Some(url) = usable(group, &role.title, diagnostics) else { continue };
        match groups.get(&url) {
            Some(other) if other != group => diagnostics.push(group_clash(&role.name, other, group, &url)),
            Some(_) => {}
            None => drop(groups.insert(url, group.clone())),
        }
    }
    groups
}

fn have_the_same_groups(before: &Slice, slice: &Slice) -> bool {
    let same = |(one, other): (&Arc<FleetSlice>, &Arc<FleetSlice>)| one.groups == other.groups;
    before.role().groups == slice.role().groups
        && before.fleets().len() == slice.fleets().len()
        && before.fleets().iter().zip(slice.fleets()).all(same)
}

/// The report at a place names other ids than it did.
fn follow<T: Clone + Ord>(names: &mut Arc<Ids<T>>, at: usize, old: BTreeSet<T>, new: BTreeSet<T>) {
    if old == new {
        return;
    }
    let names = Arc::make_mut(names);
    for id in old.difference(&new) {
        let Some(places) = names.get_mut(id) else { continue };
        places.retain(|place| *place != at);
        if places.is_empty() {
            names.remove(id);
        }
    }
    for id in new.difference(&old) {
        let places = names.entry(id.clone()).or_default();
        places.insert(places.partition_point(|place| *place < at), at);
    }
}

/// Notes of ids that the report at a place names them, once each however often it does.
fn each<'a, T: Clone + Ord + 'a>(ids: impl Iterator<Item = &'a T>, at: usize, names: &mut Ids<T>) {
    for id in ids {
        match names.get_mut(id) {
            Some(places) if places.last() == Some(&at) => {}
            Some(places) => places.push(at),
            None => drop(names.insert(id.clone(), vec![at])),
        }
    }
}

impl Catalogue {
    /// The names of the catalogue that a report carries.
    #[must_use]
    pub(super) fn of(self, report: &Facts) -> &[String] {
        match self {
            Self::Actors => &report.actors,
            Self::Malware => &report.malware,
            Self::Surfaces => &report.attack_surfaces,
            Self::Tags => &report.tags,
        }
    }
}

/// A group's name as it stands in a URL.
fn usable(name: &str, whose: &str, diagnostics: &mut Diagnostics) -> Option<String> {
    let usable = page_name(name);
    if usable.is_none() {
        let message = format!("the device group `{}` ({whose}) cannot be the name of a page", visible(name));
        diagnostics.push(Diagnostic::error(Code::NameForUrl, message).hint(PAGE_NAME_FORM));
    }
    usable
}

fn group_clash(role: &str, one: &str, other: &str, url: &str) -> Diagnostic {
    Diagnostic::error(
        Code::GroupClash,
        format!("the groups `{one}` and `{other}` of role `{role}` would both be the page /groups/{url}/"),
    )
    .hint("rename one of the groups, so that they differ in more than case, spaces and punctuation")
}
