//! Every page of one slice.
//!
//! What pages say of reports they have from here alone, so that it is known what each is made of: [`Question`].

mod around;
mod asked;
mod ground;
mod paths;

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::cell::Part;
use super::evidence::Evidence;
use super::listing::Listing;
use super::names::Names;
use super::page::Page;
use super::report::Dossier;
use super::route::{Catalogue, Route, Tab};
use super::table::Limits;
use super::{
    Link, about, catalogue, changes, dashboard, feed, groups, guide, matrix, missing, redirect, search, techniques,
    threats, vulnerabilities, worklist,
};
use crate::exchange::{self, Export};
use crate::exposure::{DashboardFigures, Figures, OfReport, Together};
use crate::scope::{Facts, Report, Slice};
use crate::terms::{CveId, Moment, TechniqueId, Tlp, url_name};

pub use asked::{Asked, Question, Same};
pub use ground::Ground;

/// The pages of a slice.
#[derive(Clone, Copy, Debug)]
pub struct Portal<'a> {
    slice: &'a Slice,
    figures: &'a Figures,
    listing: &'a Listing,
    /// What all pages stand on.
    pub(super) ground: Ground<'a>,
    /// What the reports name, each with their places.
    pub(super) names: &'a Names,
    /// Who is told what pages ask.
    asked: Option<&'a Asked>,
}

/// A report with its figures.
#[derive(Clone, Copy, Debug)]
pub(super) struct Threat<'a> {
    /// What its front matter says.
    pub report: &'a Facts,
    /// What was counted for it.
    pub figures: OfReport<'a>,
    /// The report with its text, of which this tells what it names.
    whole: &'a Report,
    /// Its place in the slice's list.
    at: usize,
}

impl<'a> Portal<'a> {
    /// The pages of a slice with its figures; the listing is that slice's.
    #[must_use]
    pub fn new(slice: &'a Slice, figures: &'a Figures, listing: &'a Listing) -> Self {
        Self { slice, figures, listing, ground: Ground::of(slice), names: &listing.names, asked: None }
    }

    /// The same, whose pages tell `asked` what they ask.
    #[must_use]
    pub fn noting(self, asked: &'a Asked) -> Self {
        Self { asked: Some(asked), ..self }
    }

    fn note(&self, question: impl FnOnce() -> Question) {
        if let Some(asked) = self.asked {
            asked.note(question());
        }
    }

    /// What all pages stand on.
    #[must_use]
    pub fn ground(&self) -> Ground<'a> {
        self.ground
    }

    /// The slice, all of it.
    #[must_use]
    pub fn slice(&self) -> &'a Slice {
        self.note(|| Question::Everything);
        (0..self.count()).for_each(|at| self.note(|| Question::Text(at)));
        self.slice
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

    /// How many reports there are.
    pub(super) fn count(&self) -> usize {
        self.slice.reports().len()
    }

    /// Every report with its figures, by slug.
    pub(super) fn threats(&self) -> impl Iterator<Item = Threat<'a>> + use<'a> {
        self.note(|| Question::Everything);
        let pairs = self.slice.reports().iter().zip(self.figures.reports()).enumerate();
        pairs.map(|(at, (report, figures))| Threat::of(at, report, figures))
    }

    /// Every report with its figures, the latest first, then by slug.
    pub(super) fn latest(&self) -> impl Iterator<Item = Threat<'a>> + use<'a> {
        self.note(|| Question::Everything);
        let portal = *self;
        self.listing.latest.iter().filter_map(move |at| portal.look(*at))
    }

    /// The figures over all reports.
    pub(super) fn dashboard(&self) -> &'a DashboardFigures {
        self.note(|| Question::Everything);
        self.figures.dashboard()
    }

    /// The report of a slug, with its figures.
    pub(super) fn threat(&self, slug: &str) -> Option<Threat<'a>> {
        self.threat_at(self.place(slug)?)
    }

    fn place(&self, slug: &str) -> Option<usize> {
        self.slice.reports().binary_search_by(|report| report.slug.as_str().cmp(slug)).ok()
    }

    /// The report at a place of the slice's list, with its figures.
    pub(super) fn threat_at(&self, at: usize) -> Option<Threat<'a>> {
        self.note(|| Question::Front(at));
        self.look(at)
    }

    fn look(&self, at: usize) -> Option<Threat<'a>> {
        let (report, figures) = (self.slice.reports().get(at)?, self.figures.report(at)?);
        Some(Threat::of(at, report, figures))
    }

    /// A report with its text.
    pub(super) fn text<'t>(&self, threat: Threat<'t>) -> &'t Report {
        self.note(|| Question::Text(threat.at));
        threat.whole
    }

    /// What the text of the report at a place says of techniques.
    pub(super) fn evidence(&self, at: usize) -> Option<&'a Evidence> {
        self.note(|| Question::Text(at));
        self.listing.evidence(self.slice, at)
    }

    /// When the first alert of the current snapshot was raised.
    pub(super) fn first_alert(&self) -> Option<Timestamp> {
        self.listing.first_alert(self.slice)
    }

    /// The reports at some places, the latest first.
    pub(super) fn latest_of(&self, places: &[usize]) -> Vec<Threat<'a>> {
        self.by_rank(places).filter_map(|at| self.threat_at(at)).collect()
    }

    /// The same places, those of the latest reports first.
    pub(super) fn by_rank(&self, places: &[usize]) -> impl Iterator<Item = usize> + use<> {
        let mut places = places.to_vec();
        // Their order follows from what these reports say.
        places.iter().for_each(|at| self.note(|| Question::Front(*at)));
        places.sort_by_key(|at| self.listing.rank(*at));
        places.into_iter()
    }

    /// How many reports are later than the one at a place of the slice's list.
    pub(super) fn rank(&self, at: usize) -> usize {
        self.note(|| Question::Everything);
        self.listing.rank(at)
    }

    /// What the reports at some places count together.
    pub(super) fn together(&self, places: &[usize]) -> Together {
        places.iter().for_each(|at| self.note(|| Question::Front(*at)));
        self.figures.together(self.slice, places)
    }

    /// What leaves the site for other tools beside a report. Of reports it holds what that one says and nothing else.
    pub fn exports(&self, slug: &str) -> impl Iterator<Item = exchange::File> + use<'a> {
        let slice = self.slice;
        let report = self.threat(slug).map(|threat| self.text(threat));
        report.into_iter().flat_map(move |report| exchange::beside(slice, report))
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
        let reports = self.threats().map(|threat| threat.report.tlp);
        let pages = self.ground.pages().iter().map(|page| page.tlp);
        reports.chain(pages).max().unwrap_or(self.ground.role().clearance)
    }

    /// How many rows of a long table go where.
    pub(super) fn limits(&self) -> Limits {
        let site = self.ground.site();
        Limits { page: site.device_rows, download: site.download_rows }
    }
}

impl<'a> Threat<'a> {
    fn of(at: usize, whole: &'a Report, figures: OfReport<'a>) -> Self {
        Self { report: whole, figures, whole, at }
    }

    /// The later of published and updated.
    pub(super) fn latest(&self) -> Timestamp {
        self.whole.latest()
    }

    /// When it should have been reviewed, if that is past.
    pub(super) fn review_overdue(&self) -> Option<Moment> {
        self.whole.review_overdue
    }

    /// Every technique that it names, in front matter or in its text.
    pub(super) fn all_techniques(&self) -> BTreeSet<TechniqueId> {
        self.whole.all_techniques()
    }

    /// Every vulnerability that it names, in front matter or in its text.
    pub(super) fn all_vulnerabilities(&self) -> BTreeSet<CveId> {
        self.whole.all_vulnerabilities()
    }

    /// What there is of it for other tools, each with its path.
    pub(super) fn exports(&self) -> impl Iterator<Item = (Export, String)> {
        Export::of(self.whole).map(|export| (export, export.path(self.whole)))
    }

    /// The report's title, leading to it.
    pub(super) fn title(&self) -> Part {
        Part::linked(&self.report.title, Some(self.link(Tab::Overview)))
    }

    /// The link to a tab of the report.
    pub(super) fn link(&self, tab: Tab) -> Link {
        to(&Route::Report(self.report.slug.clone(), tab))
    }
}

/// The link to a page.
pub(super) fn to(route: &Route) -> Link {
    Link::inside(&route.directory())
}
