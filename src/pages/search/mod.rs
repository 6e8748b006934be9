//! Search: everything from A to Z, which works without a script, and the index that a script
//! searches.

pub(super) mod index;
mod words;

use std::collections::BTreeMap;

use serde::Serialize;

pub use index::{SearchDocument, SearchIndex};
pub use words::bare;

use super::cell::Part;
use super::page::Page;
use super::portal::{Portal, to};
use super::route::{Catalogue, Route, Tab};
use super::techniques;

#[derive(Serialize)]
struct View {
    lists: Vec<List>,
}

#[derive(Serialize)]
struct List {
    id: &'static str,
    title: &'static str,
    letters: Vec<Letter>,
}

#[derive(Serialize)]
struct Letter {
    letter: String,
    parts: Vec<Part>,
}

/// `/search/`.
pub(super) fn page(portal: &Portal) -> Page<'static> {
    let mut lists = vec![
        list("threats", "Threats", reports(portal)),
        list("techniques", "Techniques", techniques(portal)),
        list("vulnerabilities", "Vulnerabilities", vulnerabilities(portal)),
    ];
    for catalogue in Catalogue::ALL {
        let id = catalogue.directory().trim_end_matches('/');
        lists.push(list(id, catalogue.title(), names(portal, catalogue)));
    }
    lists.push(list("groups", "Device groups", groups(portal)));
    lists.push(list("pages", "Pages", guides(portal)));
    lists.retain(|list| !list.letters.is_empty());
    Page::new(Route::Search, "search.html", "Search", "search", &View { lists })
        .tlp(portal.strictest())
        .under("Dashboard", &Route::Dashboard)
}

/// Parts under their first letters, by their texts without regard to case.
fn list(id: &'static str, title: &'static str, parts: Vec<Part>) -> List {
    let mut parts: Vec<_> = parts.into_iter().map(|part| (part.text.to_lowercase(), part)).collect();
    parts.sort_by(|(one, a), (other, b)| one.cmp(other).then_with(|| a.text.cmp(&b.text)));
    // A text can begin with a quotation mark or bracket, so that those of a letter do not all stand side by side.
    let mut letters: BTreeMap<String, Vec<Part>> = BTreeMap::new();
    for (folded, part) in parts {
        let first = folded.chars().find(|c| c.is_alphanumeric());
        let letter = first.map_or_else(
            || "#".to_owned(),
            |c| if c.is_numeric() { "0–9".to_owned() } else { c.to_uppercase().collect() },
        );
        letters.entry(letter).or_default().push(part);
    }
    List { id, title, letters: letters.into_iter().map(|(letter, parts)| Letter { letter, parts }).collect() }
}

fn reports(portal: &Portal) -> Vec<Part> {
    let by_title = portal.threats().map(|threat| threat.title());
    let by_alias = portal.threats().flat_map(|threat| {
        let link = threat.link(Tab::Overview);
        threat
            .report
            .aliases
            .iter()
            .map(move |alias| Part::linked(format!("{alias} ({})", threat.report.title), Some(link.clone())))
    });
    by_title.chain(by_alias).collect()
}

fn techniques(portal: &Portal) -> Vec<Part> {
    portal
        .names
        .techniques
        .keys()
        .map(|id| Part::linked(techniques::label(portal, id), portal.technique_link(id)))
        .collect()
}

fn vulnerabilities(portal: &Portal) -> Vec<Part> {
    portal.names.vulnerabilities.keys().map(|id| Part::linked(id.as_str(), portal.vulnerability_link(id))).collect()
}

fn names(portal: &Portal, catalogue: Catalogue) -> Vec<Part> {
    let link = |url: &String| Some(to(&Route::Name(catalogue, url.clone())));
    portal.names.catalogue(catalogue).map(|(url, name)| Part::linked(&name.spelling, link(url))).collect()
}

fn groups(portal: &Portal) -> Vec<Part> {
    portal.names.groups.iter().map(|(url, name)| Part::linked(name, Some(to(&Route::Group(url.clone()))))).collect()
}

fn guides(portal: &Portal) -> Vec<Part> {
    portal
        .ground
        .pages()
        .iter()
        .map(|page| Part::linked(&page.title, Some(to(&Route::Guide(page.name.clone())))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_stands_once_whatever_a_text_begins_with() {
        let texts = ["\"Alpha\" one", "7 Beta", "algol", "…", "(Beta)", "Zebra", "Älg"];
        let list = list("threats", "Threats", texts.map(Part::text).to_vec());
        let letters: Vec<(&str, usize)> =
            list.letters.iter().map(|letter| (letter.letter.as_str(), letter.parts.len())).collect();
        assert_eq!(letters, [("#", 1), ("0–9", 1), ("A", 2), ("B", 1), ("Z", 1), ("Ä", 1)]);
    }
}
