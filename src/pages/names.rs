//! The names and ids that a slice's reports carry, each with its reports.

use std::collections::BTreeMap;

use super::route::Catalogue;
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::scope::{Report, Slice};
use crate::terms::{CveId, NO_DEVICE, TechniqueId, is_slug, url_name};

/// A name, and the reports that carry it.
#[derive(Clone, Debug, Default)]
pub(super) struct Name {
    /// Its spelling: of several, the first in the order of their bytes.
    pub spelling: String,
    /// The places of its reports in the slice's list, ascending.
    pub reports: Vec<usize>,
}

/// Every name of a slice.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// By technique.
    pub techniques: BTreeMap<TechniqueId, Vec<usize>>,
    /// By vulnerability.
    pub vulnerabilities: BTreeMap<CveId, Vec<usize>>,
    /// By catalogue and name in the URL.
    pub catalogues: BTreeMap<Catalogue, BTreeMap<String, Name>>,
    /// The device groups, by name in the URL.
    pub groups: BTreeMap<String, String>,
}

impl Names {
    /// Gathers them. A name that cannot stand in a URL, and two groups with one name there, are
    /// errors.
    #[must_use]
    pub(super) fn gather(slice: &Slice, diagnostics: &mut Diagnostics) -> Self {
        let mut names = Self::default();
        for (at, report) in slice.reports().iter().enumerate() {
            each(report.named_techniques(), at, &mut names.techniques);
            each(report.named_vulnerabilities(), at, &mut names.vulnerabilities);
            for catalogue in Catalogue::ALL {
                names.add(catalogue, report, at, diagnostics);
            }
        }
        names.gather_groups(slice, diagnostics);
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

    fn add(&mut self, catalogue: Catalogue, report: &Report, at: usize, diagnostics: &mut Diagnostics) {
        for spelling in catalogue.of(report) {
            let Some(url) = usable(spelling, &report.title, diagnostics) else { continue };
            let name = self.catalogues.entry(catalogue).or_default().entry(url).or_default();
            if name.spelling.is_empty() || *spelling < name.spelling {
                name.spelling.clone_from(spelling);
            }
            if name.reports.last() != Some(&at) {
                name.reports.push(at);
            }
        }
    }

    fn gather_groups(&mut self, slice: &Slice, diagnostics: &mut Diagnostics) {
        let role = slice.role();
        let with_devices = slice.fleets().iter().flat_map(|fleet| &fleet.groups).map(|group| &group.name);
        for group in role.groups.iter().chain(with_devices).filter(|group| *group != NO_DEVICE) {
            let Some(url) = usable(group, &role.title, diagnostics) else { continue };
            match self.groups.get(&url) {
                Some(other) if other != group => diagnostics.push(group_clash(&role.name, other, group, &url)),
                Some(_) => {}
                None => {
                    self.groups.insert(url, group.clone());
                }
            }
        }
    }
}

/// Notes of ids that the report at a place names them, once each however often it does.
fn each<'a, T: Clone + Ord + 'a>(ids: impl Iterator<Item = &'a T>, at: usize, names: &mut BTreeMap<T, Vec<usize>>) {
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
    pub(super) fn of(self, report: &Report) -> &[String] {
        match self {
            Self::Actors => &report.actors,
            Self::Malware => &report.malware,
            Self::Surfaces => &report.attack_surfaces,
            Self::Tags => &report.tags,
        }
    }
}

/// A name as it stands in a URL, where it can be a directory on every system and host.
fn usable(name: &str, whose: &str, diagnostics: &mut Diagnostics) -> Option<String> {
    let url = url_name(name);
    let core = url.trim_matches('-');
    let reserved = core.is_ascii() && !core.is_empty() && !is_slug(core);
    if url.is_empty() || url.len() > 200 || reserved {
        diagnostics.push(
            Diagnostic::error(Code::NameForUrl, format!("`{name}` ({whose}) cannot be the name of a page"))
                .hint("use a name of at most 100 letters that no operating system or web host keeps for itself"),
        );
        return None;
    }
    Some(url)
}

fn group_clash(role: &str, one: &str, other: &str, url: &str) -> Diagnostic {
    Diagnostic::error(
        Code::GroupClash,
        format!("the groups `{one}` and `{other}` of role `{role}` would both be the page /groups/{url}/"),
    )
    .hint("rename one of the groups, so that they differ in more than case, spaces and punctuation")
}
