//! The front matter's keys to values.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::keys::{CONFIGURATION, LONGEST_TITLE, PAGE, REPORT, SELECTORS, SEVERITIES};
use super::{Facts, Selectors, TrackedConfiguration, entries, indicators, places};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity as Weight, Source, is_unprintable, nearest, visible};
use crate::report::{Admission, Defaults, Origin, Page, Report};
use crate::terms::{
    ConfigurationId, CveId, Moment, PAGE_NAME_FORM, ReportType, Severity, TechniqueId, Tlp, is_report_slug, page_name,
};
use crate::yaml::{self, Kind, Map, Node};

pub(super) const MOMENT_FORM: &str = "an RFC 3339 date or date-time, as 2026-11-02 or 2026-11-02T06:00:00Z";

/// A report of the front matter in `range`; `None` when something in it is wrong.
pub(in crate::report) fn report(
    origin: Origin,
    range: Range<usize>,
    name: &str,
    defaults: Defaults<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Report> {
    let before = diagnostics.count(Weight::Error);
    let source = Arc::clone(&origin.source);
    let node = yaml::parse(&source, range, diagnostics)?;
    let mut map = Map::open(&source, &node, &REPORT, diagnostics)?;
    let facts = facts(&mut map, &origin, name, defaults, diagnostics);
    let admission = admission(&mut map, defaults, diagnostics);
    let review_by = map.value("review_by", MOMENT_FORM, diagnostics, Moment::parse);
    let places = places::read(&mut map);
    map.finish(diagnostics);
    let sound = diagnostics.count(Weight::Error) == before;
    facts.filter(|_| sound).map(|facts| Report { origin, facts, admission, review_by, places })
}

/// A free page of the front matter in `range`; `None` when something in it is wrong.
pub(in crate::report) fn page(
    origin: Origin,
    range: Range<usize>,
    name: &str,
    defaults: Defaults<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Page> {
    let before = diagnostics.count(Weight::Error);
    let source = Arc::clone(&origin.source);
    let node = yaml::parse(&source, range, diagnostics)?;
    let mut map = Map::open(&source, &node, &PAGE, diagnostics)?;
    let title = title(&mut map, diagnostics);
    let tlp = map.value("tlp", Tlp::FORM, diagnostics, Tlp::parse).unwrap_or(defaults.tlp);
    let name = slug(&mut map, name, diagnostics);
    let slug_place = map.get("slug").map(|node| node.span.clone());
    let admission = admission(&mut map, defaults, diagnostics);
    map.finish(diagnostics);
    let sound = diagnostics.count(Weight::Error) == before;
    (sound).then_some(())?;
    Some(Page { origin, name: name?, slug_place, title: title?, tlp, admission })
}

fn facts(
    map: &mut Map<'_>,
    origin: &Origin,
    name: &str,
    defaults: Defaults<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Facts> {
    let slug = slug(map, name, diagnostics);
    let title = title(map, diagnostics);
    let kind = required(map, "type", &words(ReportType::ALL.map(ReportType::word)), diagnostics, ReportType::parse);
    let summary = map.required_text("summary", "one paragraph a manager can act on", diagnostics);
    let published = required(map, "published", MOMENT_FORM, diagnostics, Moment::parse);
    let severity = map.value("severity", &words(SEVERITIES.map(Severity::word)), diagnostics, |text| {
        Severity::parse(text).filter(|severity| SEVERITIES.contains(severity))
    });
    let facts = Facts {
        updated: map.value("updated", MOMENT_FORM, diagnostics, Moment::parse),
        severity,
        tlp: map.value("tlp", Tlp::FORM, diagnostics, Tlp::parse).unwrap_or(defaults.tlp),
        authors: names(map, "authors", diagnostics),
        tags: page_names(map, "tags", diagnostics),
        aliases: names(map, "aliases", diagnostics),
        actors: page_names(map, "actors", diagnostics),
        malware: page_names(map, "malware", diagnostics),
        sectors: names(map, "sectors", diagnostics),
        attack_surfaces: page_names(map, "attack_surfaces", diagnostics),
        regions: names(map, "regions", diagnostics),
        techniques: ids(map, "techniques", "a technique id, as T1059 or T1059.001", diagnostics, TechniqueId::parse),
        vulnerabilities: ids(map, "vulnerabilities", "a CVE id, as CVE-2025-53770", diagnostics, CveId::parse),
        configurations: configurations(map, diagnostics),
        selectors: selectors(map, diagnostics),
        detections: entries::detections(map, diagnostics),
        mitigations: entries::mitigations(map, diagnostics),
        indicators: indicators::read(map, origin, diagnostics),
        references: entries::references(map, diagnostics),
        changes: entries::changes(map, diagnostics),
        redirects: redirects(map, diagnostics),
        slug: slug?,
        title: title?,
        kind: kind?,
        summary: summary?,
        published: published?,
    };
    Some(facts)
}

fn title(map: &mut Map<'_>, diagnostics: &mut Diagnostics) -> Option<String> {
    let title = map.required_text("title", "what the reader sees first", diagnostics)?;
    if title.chars().any(is_unprintable) || title.chars().count() > usize::from(LONGEST_TITLE) {
        let at = map.get("title").map_or(0..0, |node| node.span.clone());
        diagnostics.push(
            Diagnostic::error(Code::InvalidValue, "the title has invisible characters or is very long")
                .at(map.source(), at)
                .hint(format!("write at most {LONGEST_TITLE} visible characters on one line")),
        );
        return None;
    }
    Some(title)
}

/// The slug that front matter gives, else the file's name; the first only when it is one.
fn slug(map: &mut Map<'_>, name: &str, diagnostics: &mut Diagnostics) -> Option<String> {
    let given = map.text("slug", diagnostics);
    let at = map.get("slug").map_or_else(|| map.source().line(1), |node| node.span.clone());
    let slug = given.unwrap_or_else(|| name.to_owned());
    if is_report_slug(&slug) {
        return Some(slug);
    }
    diagnostics.push(
        Diagnostic::error(Code::InvalidSlug, format!("`{}` cannot be a slug", visible(&slug)))
            .at(map.source(), at)
            .hint("write `slug:` with letters, digits and `-`, as `storm-2603`; names that hosts, Windows or the list of threats (`by`) reserve are refused"),
    );
    None
}

fn redirects(map: &mut Map<'_>, diagnostics: &mut Diagnostics) -> Vec<String> {
    let mut slugs = Vec::new();
    for (slug, node) in map.texts("redirects", diagnostics) {
        if is_report_slug(&slug) {
            slugs.push(slug);
        } else {
            diagnostics.push(
                Diagnostic::error(Code::InvalidSlug, format!("`{}` cannot be a former slug", visible(&slug)))
                    .at(map.source(), node.span.clone())
                    .hint("write only the slug: letters, digits and `-`, without slashes"),
            );
        }
    }
    slugs
}

fn admission(map: &mut Map<'_>, defaults: Defaults<'_>, diagnostics: &mut Diagnostics) -> Admission {
    map.forbid_empty(diagnostics);
    Admission {
        audience: audience(map, defaults.roles, diagnostics),
        draft: map.value("draft", "true or false", diagnostics, boolean).unwrap_or(false),
        publish_at: map.value("publish_at", MOMENT_FORM, diagnostics, Moment::parse),
    }
}

/// `None` only when the key is not there: an empty audience admits nobody.
fn audience(map: &mut Map<'_>, roles: &[&str], diagnostics: &mut Diagnostics) -> Option<BTreeSet<String>> {
    let written = map.has("audience");
    let mut audience = BTreeSet::new();
    for (role, node) in map.texts("audience", diagnostics) {
        if !roles.contains(&role.as_str()) {
            let hint = match nearest(&role, roles.iter().copied()) {
                Some(known) => format!("did you mean `{known}`?"),
                None => format!("the roles are {}", roles.join(", ")),
            };
            diagnostics.push(
                Diagnostic::error(Code::UnknownRole, format!("there is no role `{}`", visible(&role)))
                    .at(map.source(), node.span.clone())
                    .hint(hint),
            );
        }
        audience.insert(role);
    }
    written.then_some(audience)
}

/// Names in the author's order, each once, none empty.
fn names(map: &mut Map<'_>, key: &'static str, diagnostics: &mut Diagnostics) -> Vec<String> {
    names_with(map, key, diagnostics, |_| None)
}

/// Names that have a page each.
fn page_names(map: &mut Map<'_>, key: &'static str, diagnostics: &mut Diagnostics) -> Vec<String> {
    names_with(map, key, diagnostics, |name| {
        let is_wrong = page_name(name).is_none();
        let message = || format!("`{}` cannot be the name of a page", visible(name));
        is_wrong.then(|| Diagnostic::error(Code::NameForUrl, message()).hint(PAGE_NAME_FORM))
    })
}

/// Names of which `problem` has nothing to say.
fn names_with(
    map: &mut Map<'_>,
    key: &'static str,
    diagnostics: &mut Diagnostics,
    problem: impl Fn(&str) -> Option<Diagnostic>,
) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut seen = BTreeSet::new();
    for (name, node) in map.texts(key, diagnostics) {
        if name.is_empty() || !seen.insert(name.clone()) {
            continue;
        }
        match problem(&name) {
            None => names.push(name),
            Some(problem) => diagnostics.push(problem.at(map.source(), node.span.clone())),
        }
    }
    names
}

fn ids<T: Clone + Ord>(
    map: &mut Map<'_>,
    key: &'static str,
    form: &str,
    diagnostics: &mut Diagnostics,
    parse: impl Fn(&str) -> Option<T>,
) -> Vec<T> {
    let mut ids = Vec::new();
    let mut seen = BTreeSet::new();
    for (text, node) in map.texts(key, diagnostics) {
        match parse(&text) {
            Some(id) => ids.extend(seen.insert(id.clone()).then_some(id)),
            None => diagnostics.push(
                Diagnostic::error(Code::InvalidIdentifier, format!("`{}` is not {form}", visible(&text)))
                    .at(map.source(), node.span.clone())
                    .hint(format!("write {form}")),
            ),
        }
    }
    ids
}

fn configurations(map: &mut Map<'_>, diagnostics: &mut Diagnostics) -> Vec<TrackedConfiguration> {
    let source = map.source();
    let mut tracked: Vec<TrackedConfiguration> = Vec::new();
    let mut places: BTreeMap<ConfigurationId, usize> = BTreeMap::new();
    for node in map.list("configurations") {
        let one = match &node.kind {
            Kind::Map(_) => named_configuration(source, node, diagnostics),
            _ => yaml::value(source, node, "configurations", CONFIGURATION_FORM, diagnostics, id)
                .map(|spelling| (spelling, None)),
        };
        let Some((spelling, name)) = one else {
            continue;
        };
        let id = ConfigurationId::fold(&spelling);
        let place = *places.entry(id.clone()).or_insert(tracked.len());
        match tracked.get_mut(place) {
            // An id that stands there again may bring the name.
            Some(known) => known.name = known.name.take().or(name),
            None => tracked.push(TrackedConfiguration { id, spelling, name }),
        }
    }
    tracked
}

const CONFIGURATION_FORM: &str = "a configuration id, as scid-2010";

fn named_configuration(
    source: &Arc<Source>,
    node: &Node,
    diagnostics: &mut Diagnostics,
) -> Option<(String, Option<String>)> {
    let mut map = Map::open(source, node, &CONFIGURATION, diagnostics)?;
    let id = required(&mut map, "id", CONFIGURATION_FORM, diagnostics, id);
    let name = map.text("name", diagnostics);
    map.finish(diagnostics);
    id.map(|id| (id, name))
}

fn id(text: &str) -> Option<String> {
    (!text.is_empty() && !text.chars().any(is_unprintable)).then(|| text.to_owned())
}

fn selectors(map: &mut Map<'_>, diagnostics: &mut Diagnostics) -> Selectors {
    let Some(node) = map.get("alerts") else {
        return Selectors::default();
    };
    let Some(mut map) = Map::open(map.source(), node, &SELECTORS, diagnostics) else {
        return Selectors::default();
    };
    let selectors = Selectors {
        ids: names(&mut map, "ids", diagnostics),
        titles: folded(&mut map, "titles", diagnostics),
        detectors: folded(&mut map, "detectors", diagnostics),
        families: folded(&mut map, "families", diagnostics),
        actors: folded(&mut map, "actors", diagnostics),
    };
    map.finish(diagnostics);
    selectors
}

fn folded(map: &mut Map<'_>, key: &'static str, diagnostics: &mut Diagnostics) -> Vec<String> {
    names(map, key, diagnostics).into_iter().map(|name| name.to_lowercase()).collect()
}

fn required<T>(
    map: &mut Map<'_>,
    key: &'static str,
    form: &str,
    diagnostics: &mut Diagnostics,
    read: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    let node = map.require(key, form, diagnostics)?;
    yaml::value(map.source(), node, key, form, diagnostics, read)
}

/// YAML 1.2's booleans and no others: `no` is a country.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// Words as a choice: `a, b or c`.
pub(super) fn words<const N: usize>(words: [&str; N]) -> String {
    match words.split_last() {
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The report of these keys, and what was told.
    fn read(keys: &str) -> (Option<Report>, Vec<String>) {
        let text = format!("title: T\ntype: tool\nsummary: s\npublished: 2026-01-01\n{keys}\n");
        let source = Source::new("a.md", text.as_str());
        let origin = Origin { source, body: text.len()..text.len(), directory: None };
        let mut told = Diagnostics::new();
        let report = report(origin, 0..text.len(), "a", Defaults { tlp: Tlp::Red, roles: &[] }, &mut told);
        (report, told.iter().map(|problem| problem.message.clone()).collect())
    }

    #[test]
    fn an_id_that_stands_twice_counts_once_and_may_bring_a_name() {
        let (report, told) = read(
            "configurations: [scid-1, {id: SCID-1, name: One}, {id: scid-1, name: Other}, scid-2]\n\
             vulnerabilities: [CVE-2026-0001, cve-2026-0001]\ntags: [a, b, a, '']",
        );
        let facts = report.unwrap_or_else(|| panic!("{told:?}")).facts;
        let tracked: Vec<_> =
            facts.configurations.iter().map(|one| (one.spelling.as_str(), one.name.as_deref())).collect();
        assert_eq!(tracked, [("scid-1", Some("One")), ("scid-2", None)]);
        assert_eq!((facts.vulnerabilities.len(), facts.tags), (1, vec!["a".to_owned(), "b".to_owned()]));
    }

    #[test]
    fn a_configuration_has_a_visible_id_however_it_is_written() {
        for written in ["\"scid\\u200b-1\"", "{id: \"scid\\u200b-1\"}"] {
            let (report, told) = read(&format!("configurations: [{written}]"));
            assert!(report.is_none() && told.len() == 1 && told[0].contains("scid\\u{200b}-1"), "{told:?}");
        }
    }
}
