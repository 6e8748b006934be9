//! Which pages a portal has, and where.

use super::Portal;
use crate::pages::route::{Catalogue, Choice, Order, Route, Tab};
use crate::pages::worklist;
use crate::terms::{CveId, TechniqueId};

impl Portal<'_> {
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

    /// The first page of each kind that there is. Nothing is counted to find them.
    #[must_use]
    pub fn samples(&self) -> Vec<Route> {
        let mut routes = vec![Route::Dashboard, Route::Threats];
        let reports = self.slice.reports();
        if let Some(report) = reports.first() {
            routes.extend(Tab::ALL.map(|tab| Route::Report(report.slug.clone(), tab)));
        }
        let old = reports.iter().find_map(|report| Some((report.redirects.first()?, &report.slug)));
        routes.extend(old.map(|(old, slug)| Route::Redirect(old.clone(), slug.clone())));
        routes.extend([Route::Techniques, Route::Matrix]);
        routes.extend(self.names.techniques.keys().next().cloned().map(Route::Technique));
        routes.push(Route::Vulnerabilities);
        routes.extend(self.names.vulnerabilities.keys().next().cloned().map(Route::Vulnerability));
        routes.extend(Catalogue::ALL.first().copied().map(Route::Catalogue));
        let named = |catalogue| Some(Route::Name(catalogue, self.names.catalogue(catalogue).next()?.0.clone()));
        routes.extend(Catalogue::ALL.into_iter().find_map(named));
        routes.push(Route::Groups);
        routes.extend(self.names.groups.keys().next().cloned().map(Route::Group));
        let with_devices = self.names.groups.iter().find(|(_, name)| self.has_devices(name));
        routes.extend(with_devices.map(|(url, _)| Route::GroupWorklist(url.clone())));
        routes.extend(self.slice.pages().first().map(|page| Route::Guide(page.name.clone())));
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
}
