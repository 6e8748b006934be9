//! What every tab of a report begins with: the summary, the fact card, the tabs.

use serde::Serialize;
use serde_json::{Map, Value};

use super::TABS;
use crate::pages::cell::{Part, shown};
use crate::pages::entries::{self, names, texts};
use crate::pages::link::Link;
use crate::pages::number::{counted, grouped};
use crate::pages::page::Fact;
use crate::pages::portal::{Portal, Threat};
use crate::pages::route::{Catalogue, Tab};
use crate::pages::{techniques, vulnerabilities};
use crate::scope::{Facts, Indicator};
use crate::terms::Moment;

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
    facts: Vec<Fact>,
    data: Link,
    print: Link,
    exports: Vec<Part>,
    previous: Option<Part>,
    next: Option<Part>,
}

#[derive(Serialize)]
struct TabLink {
    label: &'static str,
    link: Link,
    current: bool,
    count: Option<String>,
}

/// The same on every tab.
pub(super) fn view(portal: &Portal, threat: Threat) -> Map<String, Value> {
    let report = threat.report;
    let [previous, next] = portal.neighbours(threat).map(|other| other.as_ref().map(Threat::title));
    let head = Head {
        title: &report.title,
        summary: &report.summary,
        kind: report.kind.label(),
        severity: report.severity.map(Part::severity),
        tlp: Part::tlp(report.tlp),
        published: shown(report.published),
        updated: report.updated.map(shown),
        change: report.changes.first().map(|change| change.summary.as_str()),
        review: threat.review_overdue().map(shown),
        facts: facts(portal, threat),
        data: Link::inside(&format!("threats/{}/data.json", report.slug)),
        print: threat.link(Tab::Print),
        exports: threat
            .exports()
            .map(|(export, path)| Part::linked(export.label(), Some(Link::inside(&path))))
            .collect(),
        previous,
        next,
    };
    match serde_json::to_value(&head) {
        Ok(Value::Object(head)) => head,
        // It is a structure of texts and lists, so that this cannot be.
        _ => Map::new(),
    }
}

/// The tabs, of which one is looked at.
pub(super) fn tabs(threat: Threat, current: Tab) -> Value {
    let tabs: Vec<TabLink> = TABS.iter().map(|other| link(threat, *other, current)).collect();
    serde_json::to_value(&tabs).unwrap_or_default()
}

fn link(threat: Threat, tab: Tab, current: Tab) -> TabLink {
    let figures = threat.figures;
    let count = match tab {
        Tab::Incidents => figures.incidents.map(|incidents| incidents.active),
        Tab::Assets => figures.devices.impacted,
        Tab::Exposure => figures.exposed(),
        _ => None,
    };
    let count = count.filter(|count| *count > 0).map(grouped);
    TabLink { label: tab.label(), link: threat.link(tab), current: tab == current, count }
}

fn facts(portal: &Portal, threat: Threat) -> Vec<Fact> {
    let report = threat.report;
    let technique = |id| Part::linked(techniques::label(portal, &id), portal.technique_link(&id));
    let vulnerabilities = threat.all_vulnerabilities();
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
        Fact::new("Techniques", threat.all_techniques().into_iter().map(technique).collect()),
        Fact::new("Tags", names(portal, Catalogue::Tags, &report.tags)),
        Fact::new("Authors", texts(&report.authors)),
        Fact::new("First alert on your devices", dated(threat.figures.detail.first_alert)),
        Fact::new("Last alert raised", dated(threat.figures.detail.last_alert)),
        Fact::new("Indicators", indicators(report)),
        Fact::new("Latest update", vec![Part::text(shown(entries::latest(&threat)))]),
        Fact::new("Recorded changes", changes(report)),
        Fact::new("Report ID", vec![Part::id(&report.slug, None)]),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn dated(instant: Option<jiff::Timestamp>) -> Vec<Part> {
    instant.map(|instant| Part::text(shown(Moment::Instant(instant)))).into_iter().collect()
}

/// Since when its indicators are known and how sure they are, as far as they travel with the report.
fn indicators(report: &Facts) -> Vec<Part> {
    let own: Vec<&Indicator> =
        report.indicators.iter().filter(|one| one.tlp.is_none_or(|tlp| tlp <= report.tlp)).collect();
    let first = own.iter().filter_map(|one| one.first_seen).min_by_key(|seen| seen.instant());
    let confidence = own.iter().filter_map(|one| one.confidence);
    let range = confidence.clone().min().zip(confidence.max());
    let count = counted(own.len() as u64, "indicator", "indicators");
    let first = first.map(|first| format!("first seen {}", shown(first)));
    let sure = range.map(|(low, high)| match low == high {
        true => format!("confidence {low} of 100"),
        false => format!("confidence {low} to {high} of 100"),
    });
    let told = if own.is_empty() { None } else { Some(count) };
    told.into_iter().chain(first).chain(sure).map(Part::text).collect()
}

/// How often authors say that the report has changed.
fn changes(report: &Facts) -> Vec<Part> {
    let last = report.changes.first().map(|change| {
        let count = report.changes.len() as u64;
        Part::text(format!("{}, the last on {}", grouped(count), shown(change.date)))
    });
    last.into_iter().collect()
}
