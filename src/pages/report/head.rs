//! What every tab of a report begins with: the summary, the fact card, the tabs.

use serde::Serialize;
use serde_json::Value;

use crate::exchange::Export;
use crate::pages::cell::{Part, shown};
use crate::pages::entries::{self, names, texts};
use crate::pages::link::Link;
use crate::pages::number::grouped;
use crate::pages::page::Fact;
use crate::pages::portal::{Portal, Threat};
use crate::pages::route::{Catalogue, Tab};
use crate::pages::{techniques, vulnerabilities};

#[derive(Serialize)]
struct Head<'a> {
    title: &'a str,
    summary: &'a str,
    kind: &'static str,
    severity: Option<Part>,
    tlp: Part,
    published: String,
    updated: Option<String>,
    change: Option<&'a str>,
    review: Option<String>,
    tabs: Vec<TabLink>,
    facts: Vec<Fact>,
    data: Link,
    print: Link,
    exports: Vec<Part>,
}

#[derive(Serialize)]
struct TabLink {
    label: &'static str,
    link: Link,
    current: bool,
    count: Option<String>,
}

pub(super) fn view(portal: &Portal, threat: Threat, tab: Tab) -> Value {
    let report = threat.report;
    let head = Head {
        title: &report.title,
        summary: &report.summary,
        kind: report.kind.label(),
        severity: report.severity.map(Part::severity),
        tlp: Part::tlp(report.tlp),
        published: shown(report.published),
        updated: report.updated.map(shown),
        change: report.changes.first().map(|change| change.summary.as_str()),
        review: report.review_overdue.map(shown),
        tabs: Tab::ALL[..6].iter().map(|other| link(threat, *other, tab)).collect(),
        facts: facts(portal, threat),
        data: Link::inside(&format!("threats/{}/data.json", report.slug)),
        print: threat.link(Tab::Print),
        exports: Export::of(report)
            .map(|export| Part::linked(export.label(), Some(Link::inside(&export.path(report)))))
            .collect(),
    };
    serde_json::to_value(&head).unwrap_or_default()
}

fn link(threat: Threat, tab: Tab, current: Tab) -> TabLink {
    let figures = threat.figures;
    let count = match tab {
        Tab::Incidents => figures.incidents.map(|incidents| incidents.active),
        Tab::Assets => figures.devices.impacted,
        Tab::Exposure if threat.tracks_anything() => figures.devices.exposed,
        _ => None,
    };
    let count = count.filter(|count| *count > 0).map(grouped);
    TabLink { label: tab.label(), link: threat.link(tab), current: tab == current, count }
}

fn facts(portal: &Portal, threat: Threat) -> Vec<Fact> {
    let report = threat.report;
    let technique = |id| Part::linked(techniques::label(portal, &id), portal.technique_link(&id));
    let vulnerabilities = report.all_vulnerabilities();
    let exploited = vulnerabilities::exploited(portal, &vulnerabilities);
    let vulnerability = |id: crate::terms::CveId| Part::id(id.as_str(), portal.vulnerability_link(&id));
    [
        Fact::new("Also known as", texts(&report.aliases)),
        Fact::new("Actors", names(portal, Catalogue::Actors, &report.actors)),
        Fact::new("Malware", names(portal, Catalogue::Malware, &report.malware)),
        Fact::new("Comes in through", names(portal, Catalogue::Surfaces, &report.attack_surfaces)),
        Fact::new("Sectors", texts(&report.sectors)),
        Fact::new("Regions", texts(&report.regions)),
        Fact::new("Vulnerabilities", vulnerabilities.into_iter().map(vulnerability).collect()),
        Fact::new("Exploited", exploited.map(Part::text).into_iter().collect()),
        Fact::new("Techniques", report.all_techniques().into_iter().map(technique).collect()),
        Fact::new("Tags", names(portal, Catalogue::Tags, &report.tags)),
        Fact::new("Authors", texts(&report.authors)),
        Fact::new("Latest update", vec![Part::text(shown(entries::latest(&threat)))]),
    ]
    .into_iter()
    .flatten()
    .collect()
}
