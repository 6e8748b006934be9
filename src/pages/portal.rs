//! Every page of one slice.

use super::evidence::Evidence;
use super::kin::Kin;
use super::listing::Listing;
use super::names::Names;
use super::page::Page;
use super::report::Dossier;
use super::route::{Catalogue, Choice, Order, Route, Tab};
use super::table::Limits;
use super::{
    Link, about, catalogue, changes, dashboard, feed, groups, guide, matrix, missing, redirect, search, techniques,
    threats, vulnerabilities, worklist,
};
use crate::exposure::{Figures, OfReport};
use crate::scope::{Report, Slice};
use crate::terms::{CveId, TechniqueId, Tlp, url_name};

/// The pages of a slice.
#[derive(Clone, Copy, Debug)]
pub struct Portal<'a> {
    pub(super) slice: &'a Slice,
    pub(super) figures: &'a Figures,
    listing: &'a Listing,
    pub(super) names: &'a Names,
    /// The places of the reports, the latest first, then by slug.
    pub(super) latest: &'a [usize],
}

/// A report with its figures.
#[derive(Clone, Copy, Debug)]
pub(super) struct Threat<'a> {
    /// The report.
    pub report: &'a Report,
    /// What was counted for it.
    pub figures: OfReport<'a>,
}

impl<'a> Portal<'a> {
    /// The pages of a slice with its figures; the listing is that slice's.
    #[must_use]
    pub fn new(slice: &'a Slice, figures: &'a Figures, listing: &'a Listing) -> Self {
        Self { slice, figures, listing, names: &listing.names, latest: &listing.latest }
    }

    /// The slice.
    #[must_use]
    pub fn slice(&self) -> &'a Slice {
        self.slice
    }

    /// Every page there is, in the order of the contract.
    #[must_use]
    pub fn routes(&self) -> Vec<Route> {
        let mut routes = vec![Route::Dashboard, Route::Threats];
        routes.extend(Order::ALL.map(Route::ThreatsBy));
        for threat in self.threats() {
            let report = threat.report;
            routes.extend(Tab::ALL.map(|tab| Route::Report(report.slug.clone(), tab)));
            let groups = worklist::groups_of(self, threat).into_iter();
            routes.extend(groups.map(|(url, _)| Route::Worklist(report.slug.clone(), url)));
            routes.extend(report.redirects.iter().map(|old| Route::Redirect(old.clone(), report.slug.clone())));
        }
        routes.extend([Route::Techniques, Route::Matrix]);
        routes.extend(Choice::ALL.map(Route::MatrixOf));
        routes.extend(self.names.techniques.keys().cloned().map(Route::Technique));
        routes.push(Route::Vulnerabilities);
        routes.extend(self.names.vulnerabilities.keys().cloned().map(Route::Vulnerability));
        for catalogue in Catalogue::ALL {
            routes.push(Route::Catalogue(catalogue));
            routes.extend(self.names.catalogue(catalogue).map(|(name, _)| Route::Name(catalogue, name.clone())));
        }
        routes.push(Route::Groups);
        for (url, name) in self.names.groups.iter() {
            routes.push(Route::Group(url.clone()));
            routes.extend(self.has_devices(name).then(|| Route::GroupWorklist(url.clone())));
        }
        routes.extend(self.slice.pages().iter().map(|page| Route::Guide(page.name.clone())));
        routes.extend([Route::Search, Route::About, Route::Changes, Route::Missing]);
        routes
    }

    /// The page in a directory, which ends in `/` or is empty; nothing where the portal has no such page.
    #[must_use]
    pub fn route_in(&self, directory: &str) -> Option<Route> {
        let fixed = [
            Route::Dashboard,
            Route::Threats,
            Route::Techniques,
            Route::Matrix,
            Route::Vulnerabilities,
            Route::Groups,
            Route::Search,
            Route::About,
            Route::Changes,
        ];
        let fixed = fixed.into_iter().chain(Order::ALL.map(Route::ThreatsBy)).chain(Choice::ALL.map(Route::MatrixOf));
        let mut fixed = fixed.chain(Catalogue::ALL.map(Route::Catalogue));
        fixed.find(|route| route.directory() == directory).or_else(|| {
            let parts: Vec<&str> = directory.strip_suffix('/')?.split('/').collect();
            match parts.as_slice() {
                ["threats", slug, rest @ ..] => self.route_of_report(slug, rest),
                ["techniques", id] => {
                    let id = TechniqueId::parse(id).filter(|known| known.as_str() == *id)?;
                    self.names.techniques.contains_key(&id).then_some(Route::Technique(id))
                }
                ["vulnerabilities", id] => {
                    let id = CveId::parse(id).filter(|known| known.as_str() == *id)?;
                    self.names.vulnerabilities.contains_key(&id).then_some(Route::Vulnerability(id))
                }
                ["groups", url, rest @ ..] => self.route_of_group(url, rest),
                ["pages", name] => {
                    let page = self.slice.pages().iter().find(|page| page.name == *name);
                    page.map(|page| Route::Guide(page.name.clone()))
                }
                [home, name] => {
                    let mut catalogues = Catalogue::ALL.into_iter();
                    let catalogue =
                        catalogues.find(|catalogue| catalogue.directory().strip_suffix('/') == Some(home))?;
                    self.names.name(catalogue, name).map(|_| Route::Name(catalogue, (*name).to_owned()))
                }
                _ => None,
            }
        })
    }

    fn route_of_report(&self, slug: &str, rest: &[&str]) -> Option<Route> {
        let slug = slug.to_owned();
        if self.slice.report(&slug).is_none() {
            let old = self.slice.reports().iter().find(|report| report.redirects.contains(&slug))?;
            return rest.is_empty().then(|| Route::Redirect(slug, old.slug.clone()));
        }
        match rest {
            ["worklist", url] => {
                let groups = worklist::groups_of(self, self.threat(&slug)?);
                let group = groups.into_iter().map(|(group, _)| group).find(|group| group == url)?;
                Some(Route::Worklist(slug, group))
            }
            rest => {
                let directory: String = rest.iter().map(|part| format!("{part}/")).collect();
                let tab = Tab::ALL.into_iter().find(|tab| tab.directory() == directory)?;
                Some(Route::Report(slug, tab))
            }
        }
    }

    fn route_of_group(&self, url: &str, rest: &[&str]) -> Option<Route> {
        let name = self.names.groups.get(url)?;
        match rest {
            [] => Some(Route::Group(url.to_owned())),
            ["worklist"] => self.has_devices(name).then(|| Route::GroupWorklist(url.to_owned())),
            _ => None,
        }
    }

    /// Whether a device of the role stands in a group.
    fn has_devices(&self, group: &str) -> bool {
        self.slice.fleet().is_some_and(|fleet| fleet.groups.iter().any(|one| one.name == group))
    }

    /// The model of a page; nothing where the portal has no such page.
    #[must_use]
    pub fn page(&self, route: &Route) -> Option<Page<'a>> {
        match route {
            Route::Dashboard => Some(dashboard::page(self)),
            Route::Threats => Some(threats::page(self)),
            Route::ThreatsBy(order) => Some(threats::ordered(self, *order)),
            Route::Report(slug, tab) => self.dossier(slug).map(|dossier| dossier.page(*tab)),
            Route::Redirect(from, to) => self.threat(to).map(|threat| redirect::page(from, threat.report)),
            Route::Techniques => Some(techniques::index(self)),
            Route::Matrix => Some(matrix::page(self, None)),
            Route::MatrixOf(choice) => Some(matrix::page(self, Some(*choice))),
            Route::Technique(id) => techniques::page(self, id),
            Route::Vulnerabilities => Some(vulnerabilities::index(self)),
            Route::Vulnerability(id) => vulnerabilities::page(self, id),
            Route::Catalogue(which) => Some(catalogue::index(self, *which)),
            Route::Name(which, name) => catalogue::page(self, *which, name),
            Route::Groups => Some(groups::index(self)),
            Route::Group(name) => groups::page(self, name),
            Route::GroupWorklist(name) => worklist::of_group(self, name),
            Route::Worklist(slug, group) => worklist::of_report(self, slug, group),
            Route::Guide(name) => guide::page(self, name),
            Route::Search => Some(search::page(self)),
            Route::About => Some(about::page(self)),
            Route::Changes => Some(changes::page(self)),
            Route::Missing => Some(missing::page()),
        }
    }

    /// The models of some pages, one after another. What those of one report share is made once, if they stand side by
    /// side, as [`Portal::routes`] has them.
    pub fn pages<'r>(&self, routes: &'r [Route]) -> impl Iterator<Item = Page<'a>> + use<'a, 'r> {
        let portal = *self;
        let mut dossier: Option<Dossier<'a>> = None;
        routes.iter().filter_map(move |route| match route {
            Route::Report(slug, tab) => {
                if !dossier.as_ref().is_some_and(|dossier| dossier.is_of(slug)) {
                    dossier = portal.dossier(slug);
                }
                dossier.as_ref().map(|dossier| dossier.page(*tab))
            }
            route => portal.page(route),
        })
    }

    fn dossier(&self, slug: &str) -> Option<Dossier<'a>> {
        self.threat(slug).map(|threat| Dossier::new(self, threat))
    }

    /// The feed of reports.
    #[must_use]
    pub fn feed(&self) -> feed::Feed {
        feed::feed(self)
    }

    /// What a script searches.
    #[must_use]
    pub fn search_index(&self) -> search::SearchIndex {
        search::index::of(self)
    }

    /// Every report with its figures, by slug.
    pub(super) fn threats(&self) -> impl Iterator<Item = Threat<'a>> + use<'a> {
        let pairs = self.slice.reports().iter().zip(self.figures.reports());
        pairs.map(|(report, figures)| Threat { report, figures })
    }

    /// The report of a slug, with its figures.
    pub(super) fn threat(&self, slug: &str) -> Option<Threat<'a>> {
        self.threat_at(self.place(slug)?)
    }

    /// The place of a report in the slice's list.
    pub(super) fn place(&self, slug: &str) -> Option<usize> {
        self.slice.reports().binary_search_by(|report| report.slug.as_str().cmp(slug)).ok()
    }

    /// How many reports are later than the one at a place of the slice's list.
    pub(super) fn rank(&self, at: usize) -> usize {
        self.listing.rank(at)
    }

    /// Which reports are about the same.
    pub(super) fn kin(&self) -> &'a Kin {
        self.listing.kin(self.slice)
    }

    /// The report at a place of the slice's list, with its figures.
    pub(super) fn threat_at(&self, at: usize) -> Option<Threat<'a>> {
        let (report, figures) = (self.slice.reports().get(at)?, self.figures.report(at)?);
        Some(Threat { report, figures })
    }

    /// What the text of the report at a place says of techniques.
    pub(super) fn evidence(&self, at: usize) -> Option<&'a Evidence> {
        self.listing.evidence(self.slice, at)
    }

    /// The reports at some places, the latest first.
    pub(super) fn latest_of(&self, places: &[usize]) -> Vec<Threat<'a>> {
        self.by_rank(places).filter_map(|at| self.threat_at(at)).collect()
    }

    /// The same places, those of the latest reports first.
    pub(super) fn by_rank(&self, places: &[usize]) -> impl Iterator<Item = usize> + use<> {
        let mut places = places.to_vec();
        places.sort_by_key(|at| self.rank(*at));
        places.into_iter()
    }

    /// The page of a technique, if there is one.
    #[must_use]
    pub fn technique_link(&self, id: &TechniqueId) -> Option<Link> {
        self.names.techniques.contains_key(id).then(|| to(&Route::Technique(id.clone())))
    }

    /// The page of a vulnerability, if there is one.
    #[must_use]
    pub fn vulnerability_link(&self, id: &CveId) -> Option<Link> {
        self.names.vulnerabilities.contains_key(id).then(|| to(&Route::Vulnerability(id.clone())))
    }

    /// The name of a vulnerability in words, if it is known.
    #[must_use]
    pub fn vulnerability_name(&self, id: &CveId) -> Option<&'a str> {
        vulnerabilities::Known::of(self, id).name()
    }

    /// The page of a name, if there is one.
    pub(super) fn name_link(&self, catalogue: Catalogue, spelling: &str) -> Option<Link> {
        let name = url_name(spelling);
        self.names.name(catalogue, &name).map(|_| to(&Route::Name(catalogue, name)))
    }

    /// The page of a device group, if there is one.
    pub(super) fn group_link(&self, group: &str) -> Option<Link> {
        let name = url_name(group);
        self.names.groups.contains_key(&name).then(|| to(&Route::Group(name)))
    }

    /// The label of a page that shows something of every report and page; where there is none,
    /// of all that the role may read.
    pub(super) fn strictest(&self) -> Tlp {
        let reports = self.slice.reports().iter().map(|report| report.tlp);
        let pages = self.slice.pages().iter().map(|page| page.tlp);
        reports.chain(pages).max().unwrap_or(self.slice.role().clearance)
    }

    /// How many rows of a long table go where.
    pub(super) fn limits(&self) -> Limits {
        let site = self.slice.site();
        Limits { page: site.device_rows, download: site.download_rows }
    }
}

impl Threat<'_> {
    /// The link to a tab of the report.
    pub(super) fn link(&self, tab: Tab) -> Link {
        to(&Route::Report(self.report.slug.clone(), tab))
    }
}

/// The link to a page.
pub(super) fn to(route: &Route) -> Link {
    Link::inside(&route.directory())
}
