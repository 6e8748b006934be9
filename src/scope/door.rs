//! One role's slice of everything.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::slice::{FleetSlice, Prose, Report, RoleView, SiteView, Slice};
use super::{Documents, admits, incidents};
use crate::config::{Role, Site};
use crate::fleet::{Fleet, Wanted};
use crate::knowledge::{Knowledge, Wanted as Known};
use crate::report::{self, Attachment, Document, Library, LiveIndicators, Origin};
use crate::terms::{GroupSelection, url_name};

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
    pub fleets: &'a [Fleet],
    /// The device groups that some snapshot has.
    pub groups: &'a BTreeSet<String>,
    /// What the world knows.
    pub knowledge: &'a Knowledge,
    /// "Now".
    pub as_of: Timestamp,
    /// Whether drafts are admitted.
    pub drafts: bool,
}

/// What `role` may see of it.
#[must_use]
pub fn slice(input: Input<'_>, role: &Role) -> Slice {
    let mut reports: Vec<Report> = input
        .library
        .reports
        .iter()
        .filter(|report| admits(role, report.facts.tlp, &report.admission, input.as_of, input.drafts).is_ok())
        .map(|report| visible_report(input, role, report))
        .collect();
    let mut pages: Vec<Prose> = input
        .library
        .pages
        .iter()
        .filter(|page| admits(role, page.tlp, &page.admission, input.as_of, input.drafts).is_ok())
        .map(|page| visible_page(input, role, page))
        .collect();
    disarm(&mut reports, &mut pages);
    let wanted = wanted(&reports);
    Slice {
        site: site_view(input.site),
        role: role_view(role, input.groups),
        as_of: input.as_of,
        fleets: input.fleets.iter().map(|fleet| visible_fleet(fleet, role, &wanted)).collect(),
        knowledge: input.knowledge.restrict(&known(&reports, &wanted)),
        reports,
        pages,
    }
}

fn visible_report(input: Input<'_>, role: &Role, report: &report::Report) -> Report {
    let mut facts = report.facts.clone();
    facts.indicators.retain(|indicator| indicator.tlp.unwrap_or(facts.tlp) <= role.clearance);
    let document = input.documents.of(&report.origin, role, input.groups);
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

/// Takes from the texts and the sources the links to indicators that the role sees. What it does not see cannot
/// change its build, not even for the better.
fn disarm(reports: &mut [Report], pages: &mut [Prose]) {
    let live = LiveIndicators::of(reports.iter().flat_map(|report| &report.facts.indicators));
    for reference in reports.iter_mut().flat_map(|report| &mut report.facts.references) {
        if let Some(disarmed) = reference.disarmed(&live) {
            *reference = disarmed;
        }
    }
    let documents = reports.iter_mut().map(|report| &mut report.document);
    for document in documents.chain(pages.iter_mut().map(|page| &mut page.document)) {
        if let Some(disarmed) = document.disarmed(&live) {
            *document = Arc::new(disarmed);
        }
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

fn visible_fleet(fleet: &Fleet, role: &Role, wanted: &Wanted) -> FleetSlice {
    let mut slice = fleet.restrict(&role.groups, wanted);
    slice.incidents = incidents::visible(&slice.incidents, &slice.alerts, role.groups.is_all());
    FleetSlice(slice)
}

/// The findings that the role's reports name.
fn wanted(reports: &[Report]) -> Wanted {
    Wanted {
        vulnerabilities: reports.iter().flat_map(Report::all_vulnerabilities).collect(),
        configurations: reports
            .iter()
            .flat_map(|report| &report.configurations)
            .map(|tracked| tracked.id.clone())
            .collect(),
    }
}

/// What the world may say something about: the ids and names that the role's reports name.
fn known(reports: &[Report], wanted: &Wanted) -> Known {
    let names = |of: fn(&Report) -> &Vec<String>| reports.iter().flat_map(of).map(|name| url_name(name)).collect();
    Known {
        techniques: reports.iter().flat_map(Report::all_techniques).collect(),
        vulnerabilities: wanted.vulnerabilities.clone(),
        actors: names(|report| &report.actors),
        malware: names(|report| &report.malware),
    }
}

fn site_view(site: &Site) -> SiteView {
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

fn role_view(role: &Role, known: &BTreeSet<String>) -> RoleView {
    let groups = match &role.groups {
        GroupSelection::All => Vec::new(),
        GroupSelection::Listed(listed) => listed
            .iter()
            .filter(|name| {
                known.contains(*name) || [crate::terms::UNGROUPED, crate::terms::NO_DEVICE].contains(&name.as_str())
            })
            .cloned()
            .collect(),
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
