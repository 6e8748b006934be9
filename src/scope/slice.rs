//! What a role may see.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use jiff::Timestamp;

use crate::config::Links;
use crate::fleet::Fleet;
use crate::knowledge::Knowledge;
use crate::report::{Attachment, Document, Facts};
use crate::terms::{ConfigurationId, CveId, Moment, TechniqueId, Tlp};

/// Everything one role may see: the whole input of the rooms that follow.
#[derive(Debug)]
pub struct Slice {
    pub(super) site: SiteView,
    pub(super) role: RoleView,
    pub(super) as_of: Timestamp,
    pub(super) reports: Vec<Arc<Report>>,
    pub(super) pages: Vec<Prose>,
    pub(super) fleets: Vec<Arc<FleetSlice>>,
    pub(super) knowledge: Arc<Knowledge>,
}

impl Slice {
    /// What the site says for every role.
    #[must_use]
    pub fn site(&self) -> &SiteView {
        &self.site
    }

    /// The role itself.
    #[must_use]
    pub fn role(&self) -> &RoleView {
        &self.role
    }

    /// "Now": the current snapshot's `as_of`, or the one given where there is no snapshot.
    #[must_use]
    pub fn as_of(&self) -> Timestamp {
        self.as_of
    }

    /// The admitted reports, by slug.
    #[must_use]
    pub fn reports(&self) -> &[Arc<Report>] {
        &self.reports
    }

    /// The admitted free pages, by name.
    #[must_use]
    pub fn pages(&self) -> &[Prose] {
        &self.pages
    }

    /// The role's part of every snapshot up to the current one, oldest first.
    #[must_use]
    pub fn fleets(&self) -> &[Arc<FleetSlice>] {
        &self.fleets
    }

    /// The role's part of the current snapshot, if there is one.
    #[must_use]
    pub fn fleet(&self) -> Option<&FleetSlice> {
        self.fleets.last().map(|fleet| &**fleet)
    }

    /// What the world knows of the techniques, vulnerabilities, actors and malware that the slice's
    /// reports name.
    #[must_use]
    pub fn knowledge(&self) -> &Knowledge {
        &self.knowledge
    }

    /// The report of a slug.
    #[must_use]
    pub fn report(&self, slug: &str) -> Option<&Report> {
        self.reports.binary_search_by(|report| report.slug.as_str().cmp(slug)).ok().map(|at| &*self.reports[at])
    }
}

/// The parts of a slice, to be changed. Only a seeded leak may.
#[cfg(feature = "trial")]
pub struct Opened<'a> {
    /// The role.
    pub role: &'a mut RoleView,
    /// The admitted reports.
    pub reports: &'a mut Vec<Arc<Report>>,
    /// The fleets.
    pub fleets: Vec<&'a mut Fleet>,
}

#[cfg(feature = "trial")]
impl Slice {
    /// Opens the slice for a seeded leak.
    pub fn open(&mut self) -> Opened<'_> {
        let fleets = self.fleets.iter_mut().map(|fleet| &mut Arc::make_mut(fleet).0).collect();
        Opened { role: &mut self.role, reports: &mut self.reports, fleets }
    }
}

#[cfg(feature = "trial")]
impl Report {
    /// Opens the facts for a seeded leak.
    pub fn open(&mut self) -> &mut Facts {
        &mut self.facts
    }
}

/// A fleet that came through the door. It reads like a [`Fleet`]; only `scope` can make one.
#[derive(Clone, Debug)]
pub struct FleetSlice(pub(super) Fleet);

impl FleetSlice {
    /// Whether the devices and the alerts of both are the very same rows.
    #[must_use]
    pub fn is_of_the_rows_of(&self, other: &Self) -> bool {
        self.0.as_of == other.0.as_of && self.0.devices.is(&other.0.devices) && self.0.alerts.is(&other.0.alerts)
    }
}

impl Deref for FleetSlice {
    type Target = Fleet;

    fn deref(&self) -> &Fleet {
        &self.0
    }
}

/// The site's global keys.
#[derive(Clone, Debug)]
pub struct SiteView {
    /// The site's title.
    pub title: String,
    /// The language of the pages, as an HTML `lang`.
    pub language: String,
    /// The theme's name.
    pub theme: String,
    /// A device silent for longer than so many days is unavailable.
    pub freshness_days: u32,
    /// How many days a trend shows.
    pub trend_days: u32,
    /// Configurations that say something about the vendor's own antivirus.
    pub antivirus_configurations: BTreeSet<ConfigurationId>,
    /// Rows of a device table on a page.
    pub device_rows: usize,
    /// Rows of a device CSV.
    pub download_rows: usize,
    /// Where ids lead outside the site.
    pub links: Links,
}

/// The role whose slice it is.
#[derive(Clone, Debug)]
pub struct RoleView {
    /// Its name, also its directory's.
    pub name: String,
    /// Its title.
    pub title: String,
    /// The strictest TLP it reads.
    pub clearance: Tlp,
    /// Whether it sees everything (`groups: all`).
    pub sees_all: bool,
    /// The groups it was given that the snapshots know (pseudo-groups included), by name;
    /// empty for a role that sees all.
    pub groups: Vec<String>,
    /// Where its build is served: absolute, with a `/` at the end.
    pub base_url: String,
}

/// A free page.
#[derive(Clone, Debug)]
pub struct Prose {
    /// Its name in the URL.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its TLP.
    pub tlp: Tlp,
    /// The text, without what the role may not see.
    pub document: Arc<Document>,
    /// The images it names.
    pub media: Vec<Attachment>,
}

/// A report as the role may see it: its facts (indicators above the clearance left out) and
/// its text.
#[derive(Clone, Debug)]
pub struct Report {
    pub(super) facts: Facts,
    /// When it should have been reviewed, if that is past.
    pub review_overdue: Option<Moment>,
    /// The text, without what the role may not see.
    pub document: Arc<Document>,
    /// The images it names.
    pub media: Vec<Attachment>,
}

impl Deref for Report {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.facts
    }
}

impl Report {
    /// The later of published and updated, as an instant: what "latest" means.
    #[must_use]
    pub fn latest(&self) -> Timestamp {
        let published = self.published.instant();
        self.updated.map_or(published, |updated| updated.instant().max(published))
    }

    /// The techniques in front matter, then those in visible prose: some may be in both.
    pub fn named_techniques(&self) -> impl Iterator<Item = &TechniqueId> {
        self.techniques.iter().chain(self.document.techniques())
    }

    /// The vulnerabilities in front matter, then those in visible prose: some may be in both.
    pub fn named_vulnerabilities(&self) -> impl Iterator<Item = &CveId> {
        self.vulnerabilities.iter().chain(self.document.vulnerabilities())
    }

    /// Every technique the report names, in front matter or visible prose.
    #[must_use]
    pub fn all_techniques(&self) -> BTreeSet<TechniqueId> {
        self.named_techniques().cloned().collect()
    }

    /// Whether another report names the same: techniques, findings, actors, malware, tags, what it comes in through.
    #[must_use]
    pub fn names_the_same(&self, other: &Self) -> bool {
        self.named() == other.named()
    }

    /// By what pages of other reports know this one, whatever it says: its address, those it had, and what it names.
    #[must_use]
    pub fn naming(&self) -> impl fmt::Debug {
        (&self.slug, &self.redirects, self.named(), &self.indicators)
    }

    fn named(&self) -> impl PartialEq + fmt::Debug {
        (&self.configurations, self.all_techniques(), self.all_vulnerabilities(), self.words())
    }

    /// The names that front matter gives.
    fn words(&self) -> [&[String]; 4] {
        [&self.actors, &self.malware, &self.tags, &self.attack_surfaces].map(Vec::as_slice)
    }

    /// Every vulnerability the report names, in front matter or visible prose.
    #[must_use]
    pub fn all_vulnerabilities(&self) -> BTreeSet<CveId> {
        self.named_vulnerabilities().cloned().collect()
    }
}
