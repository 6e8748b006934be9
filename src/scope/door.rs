//! One role's slice of everything.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::documents::is_known;
use super::slice::{FleetSlice, Prose, Report, RoleView, SiteView, Slice};
use super::{Documents, Slicer, admits, incidents};
use crate::config::{Role, Site};
use crate::fleet::{Fleet, Wanted};
use crate::knowledge::Knowledge;
use crate::report::{self, Attachment, Document, Library, LiveIndicators, Origin};
use crate::terms::GroupSelection;

/// Everything there is, for no role in particular.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The configuration.
    pub site: &'a Site,
    /// What authors wrote.
    pub library: &'a Library,
    /// Their texts, parsed.
    pub documents: &'a Documents,
    /// The snapshots up to the current one, oldest first.
    pub fleets: &'a [Arc<Fleet>],
    /// The device groups that some snapshot has.
    pub groups: &'a BTreeSet<String>,
    /// What the world knows.
    pub knowledge: &'a Arc<Knowledge>,
    /// "Now".
    pub as_of: Timestamp,
    /// Whether drafts are admitted.
    pub drafts: bool,
}

/// What `role` may see of it.
#[must_use]
pub fn slice(input: Input<'_>, role: &Role) -> Slice {
    Slicer::new(role.clone()).slice(input)
}

/// The reports that admit a role, by slug, each with the text that it sees.
pub(super) fn admitted_reports<'a>(
    input: Input<'a>,
    role: &'a Role,
) -> impl Iterator<Item = (&'a Arc<report::Report>, Arc<Document>)> {
    let admits = move |report: &&Arc<report::Report>| {
        admits(role, report.facts.tlp, &report.admission, input.as_of, input.drafts).is_ok()
    };
    let admitted = input.library.reports.iter().filter(admits);
    admitted.map(move |report| (report, input.documents.of(&report.origin, role, input.groups)))
}

/// The pages that admit a role, by name.
pub(super) fn admitted_pages<'a>(input: Input<'a>, role: &'a Role) -> impl Iterator<Item = Prose> {
    let admits =
        move |page: &&Arc<report::Page>| admits(role, page.tlp, &page.admission, input.as_of, input.drafts).is_ok();
    input.library.pages.iter().filter(admits).map(move |page| visible_page(input, role, page))
}

pub(super) fn visible_report(
    input: Input<'_>,
    role: &Role,
    report: &report::Report,
    document: Arc<Document>,
) -> Report {
    let mut facts = report.facts.clone();
    facts.indicators.retain(|indicator| indicator.tlp.unwrap_or(facts.tlp) <= role.clearance);
    Report {
        facts,
        review_overdue: report.review_by.filter(|moment| input.as_of > moment.instant()),
        media: media(input, &report.origin, &document),
        document,
    }
}

fn visible_page(input: Input<'_>, role: &Role, page: &report::Page) -> Prose {
    let document = input.documents.of(&page.origin, role, input.groups);
    Prose {
        name: page.name.clone(),
        title: page.title.clone(),
        tlp: page.tlp,
        media: media(input, &page.origin, &document),
        document,
    }
}

/// Takes from a report's text and sources the links to indicators that the role sees. What it does not see cannot
/// change its build, not even for the better.
pub(super) fn disarm_report(report: &mut Report, live: &LiveIndicators) {
    for reference in &mut report.facts.references {
        if let Some(disarmed) = reference.disarmed(live) {
            *reference = disarmed;
        }
    }
    disarm(&mut report.document, live);
}

/// The same for a page's text.
pub(super) fn disarm_page(page: &mut Prose, live: &LiveIndicators) {
    disarm(&mut page.document, live);
}

fn disarm(document: &mut Arc<Document>, live: &LiveIndicators) {
    if let Some(disarmed) = document.disarmed(live) {
        *document = Arc::new(disarmed);
    }
}

/// The images that the visible text names, each once, by name.
fn media(input: Input<'_>, origin: &Origin, document: &Document) -> Vec<Attachment> {
    let named: BTreeSet<&str> = document.images().iter().flat_map(|image| image.files()).collect();
    let found: BTreeMap<&str, &Attachment> = named
        .into_iter()
        .filter_map(|name| input.documents.attachment(origin, name))
        .map(|attachment| (attachment.name.as_str(), attachment))
        .collect();
    found.into_values().cloned().collect()
}

/// What the role may see of a fleet, of that what is wanted.
pub(super) fn visible_fleet(fleet: &Fleet, role: &Role, wanted: &Wanted) -> FleetSlice {
    let mut slice = fleet.restrict(&role.groups, wanted);
    slice.incidents = incidents::visible(&slice.incidents, &slice.alerts, role.groups.is_all()).into();
    FleetSlice(slice)
}

pub(super) fn site_view(site: &Site) -> SiteView {
    SiteView {
        title: site.title.clone(),
        language: site.language.clone(),
        theme: site.theme.clone(),
        freshness_days: site.freshness_days,
        trend_days: site.trend_days,
        antivirus_configurations: site.antivirus_configurations.clone(),
        device_rows: site.device_rows,
        download_rows: site.download_rows,
        links: site.links.clone(),
    }
}

pub(super) fn role_view(role: &Role, known: &BTreeSet<String>) -> RoleView {
    let groups = match &role.groups {
        GroupSelection::All => Vec::new(),
        GroupSelection::Listed(listed) => listed.iter().filter(|name| is_known(name, known)).cloned().collect(),
    };
    RoleView {
        name: role.name.clone(),
        title: role.title.clone(),
        clearance: role.clearance,
        sees_all: role.groups.is_all(),
        groups,
        base_url: role.base_url.clone(),
    }
}
