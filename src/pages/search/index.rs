//! The index that a script searches: what the pages of a slice say, and nothing else.

use std::collections::BTreeMap;

use super::words::words;
use crate::pages::attack::aliases;
use crate::pages::cell::{capital, shown};
use crate::pages::entries;
use crate::pages::names::Name;
use crate::pages::number::counted;
use crate::pages::portal::{Portal, Threat, to};
use crate::pages::route::{Catalogue, Route, Tab};
use crate::pages::techniques;
use crate::scope::{Document, Facts, Prose};
use crate::terms::defanged;

/// How much a word counts by where it stands.
const TITLE: u32 = 8;
const HEADING: u32 = 4;
const SUMMARY: u32 = 3;
const TEXT: u32 = 1;
/// From so many documents on, a word in more than half of them tells nothing where it stands in
/// their text only.
const MANY: usize = 64;

/// A page that can be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchDocument {
    /// What it is: `report`, `technique`, `vulnerability`, `actor`, `malware`, `surface`, `tag`,
    /// `group`, `page`.
    pub kind: &'static str,
    /// Its title.
    pub title: String,
    /// Its address from the root.
    pub path: String,
    /// What stands beside the title in a list of results.
    pub note: String,
}

/// Documents, and what leads to them. A document's number is its place in the list.
#[derive(Clone, Debug, Default)]
pub struct SearchIndex {
    /// The documents.
    pub documents: Vec<SearchDocument>,
    /// For each folded word, the documents that have it, ascending, with its weight in each.
    pub terms: BTreeMap<String, Vec<(u32, u32)>>,
    /// For each id, as pages show it, the documents that name it: its own page first.
    pub ids: BTreeMap<String, Vec<u32>>,
    /// For each indicator, as pages show it (defanged), the reports that list it.
    pub indicators: BTreeMap<String, Vec<u32>>,
    /// The same of those that travel less far than their reports: they lead there, and no page shows them as results.
    pub stricter: BTreeMap<String, Vec<u32>>,
}

/// The index of a slice.
pub(in crate::pages) fn of(portal: &Portal) -> SearchIndex {
    let mut index = SearchIndex::default();
    // Reports first, by slug: a report's place in the slice is its number.
    for threat in portal.threats() {
        index.report(threat, &portal.text(threat).document);
    }
    for (id, places) in portal.names.techniques.iter() {
        let note = techniques::tactics(portal, id).join(", ");
        let number =
            index.named("technique", (&techniques::label(portal, id), ""), &Route::Technique(id.clone()), note);
        index.id(id.as_str(), Some(number), places);
    }
    for (id, places) in portal.names.vulnerabilities.iter() {
        let route = Route::Vulnerability(id.clone());
        let name = portal.vulnerability_name(id).unwrap_or_default();
        let number = index.named("vulnerability", (id.as_str(), name), &route, reports(places));
        index.id(id.as_str(), Some(number), places);
    }
    for catalogue in Catalogue::ALL {
        for (url, Name { spelling, reports: places }) in portal.names.catalogue(catalogue) {
            let route = Route::Name(catalogue, url.clone());
            let aliases = aliases(portal, catalogue, spelling).join(" ");
            index.named(kind(catalogue), (spelling, &aliases), &route, reports(places));
        }
    }
    for (url, name) in portal.names.groups.iter() {
        index.named("group", (name, ""), &Route::Group(url.clone()), String::new());
    }
    for page in portal.ground.pages() {
        index.page(page);
    }
    index.cut_common();
    index
}

fn kind(catalogue: Catalogue) -> &'static str {
    match catalogue {
        Catalogue::Actors => "actor",
        Catalogue::Malware => "malware",
        Catalogue::Surfaces => "surface",
        Catalogue::Tags => "tag",
    }
}

fn reports(places: &[usize]) -> String {
    counted(places.len() as u64, "report", "reports")
}

impl SearchIndex {
    /// Adds a document with its words.
    fn add(&mut self, document: SearchDocument, fields: &[(u32, String)]) -> u32 {
        let number = u32::try_from(self.documents.len()).unwrap_or(u32::MAX);
        let mut weights: BTreeMap<String, u32> = BTreeMap::new();
        for (weight, text) in fields {
            for word in words(text) {
                *weights.entry(word).or_default() += weight;
            }
        }
        for (word, weight) in weights {
            self.terms.entry(word).or_default().push((number, weight));
        }
        self.documents.push(document);
        number
    }

    /// Adds the page of a name or id, which is found by its title and by what else it is called.
    fn named(&mut self, kind: &'static str, (title, also): (&str, &str), route: &Route, note: String) -> u32 {
        let document = SearchDocument { kind, title: title.to_owned(), path: to(route).href, note };
        self.add(document, &[(TITLE, title.to_owned()), (TITLE, also.to_owned())])
    }

    fn id(&mut self, id: &str, own: Option<u32>, places: &[usize]) {
        let documents = self.ids.entry(id.to_owned()).or_default();
        documents.extend(own);
        documents.extend(places.iter().filter_map(|at| u32::try_from(*at).ok()));
    }

    fn report(&mut self, threat: Threat, text: &Document) {
        let report = threat.report;
        let fields = [
            (TITLE, report.title.clone()),
            (TITLE, joined(&report.aliases)),
            (HEADING, headings(text)),
            (SUMMARY, report.summary.clone()),
            (SUMMARY, card(report)),
            (TEXT, text.plain()),
            (TEXT, beside_the_text(report)),
        ];
        let severity = report.severity.map(|severity| capital(severity.word()));
        let updated = shown(entries::latest(&threat));
        let notes =
            severity.into_iter().chain([report.kind.label().to_owned(), report.tlp.label().to_owned(), updated]);
        let document = SearchDocument {
            kind: "report",
            title: report.title.clone(),
            path: threat.link(Tab::Overview).href,
            note: notes.collect::<Vec<_>>().join(" · "),
        };
        let number = self.add(document, &fields);
        let updates = threat.figures.mitigations.updates.iter().flatten().map(|update| update.id.clone());
        let tracked = report.configurations.iter().map(|configuration| configuration.spelling.clone());
        for id in tracked.chain(updates) {
            self.ids.entry(id).or_default().push(number);
        }
        // A page may show a result that is less strict than itself, not the other way round: an
        // indicator that travels less far than its report is no result, it leads whoever has all of it to the report.
        for indicator in &report.indicators {
            let is_stricter = indicator.tlp.is_some_and(|tlp| tlp > report.tlp);
            let indicators = if is_stricter { &mut self.stricter } else { &mut self.indicators };
            let reports = indicators.entry(defanged(indicator.kind, &indicator.value)).or_default();
            if reports.last() != Some(&number) {
                reports.push(number);
            }
        }
    }

    fn page(&mut self, page: &Prose) {
        let document = SearchDocument {
            kind: "page",
            title: page.title.clone(),
            path: to(&Route::Guide(page.name.clone())).href,
            note: page.tlp.label().to_owned(),
        };
        let text = page.document.plain();
        self.add(document, &[(TITLE, page.title.clone()), (HEADING, headings(&page.document)), (TEXT, text)]);
    }

    /// Takes away what is everywhere: it leads nowhere, and would be most of the index.
    fn cut_common(&mut self) {
        let documents = self.documents.len();
        if documents < MANY {
            return;
        }
        self.terms.retain(|_, found| {
            if found.len() > documents / 2 {
                found.retain(|(_, weight)| *weight > TEXT);
            }
            !found.is_empty()
        });
    }
}

fn headings(document: &Document) -> String {
    joined(document.headings().iter().map(|heading| &heading.text))
}

/// The names on a report's fact card.
fn card(report: &Facts) -> String {
    let names = [&report.actors, &report.malware, &report.attack_surfaces, &report.tags];
    joined(names.into_iter().chain([&report.sectors, &report.regions]).flatten())
}

/// What a report's pages say in lists beside its text.
fn beside_the_text(report: &Facts) -> String {
    let texts = report.detections.iter().map(|detection| &detection.name);
    let texts = texts.chain(report.mitigations.iter().map(|mitigation| &mitigation.action));
    let texts = texts.chain(report.references.iter().map(|reference| &reference.title));
    let texts = texts.chain(report.changes.iter().map(|change| &change.summary));
    joined(texts)
}

fn joined<'a>(texts: impl IntoIterator<Item = &'a String>) -> String {
    texts.into_iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}
