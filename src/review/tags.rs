//! Tags and attack surfaces that look like a slip of the pen.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::diagnostics::{Code, Diagnostic, nearest, visible};
use crate::report::{Library, Report};
use crate::terms::url_name;

/// A name shorter than this is too easily near another.
const SHORTEST: usize = 5;

/// Which names the reports of a site have.
pub(super) struct Usual<'a> {
    tags: Names<'a>,
    surfaces: Names<'a>,
}

impl<'a> Usual<'a> {
    pub(super) fn of(library: &'a Library) -> Self {
        let facts = || library.reports.iter().map(|report| &report.facts);
        Self {
            tags: Names::of("tag", facts().map(|facts| facts.tags.as_slice())),
            surfaces: Names::of("attack surface", facts().map(|facts| facts.attack_surfaces.as_slice())),
        }
    }

    /// The tags and attack surfaces of this report that were hardly meant so.
    pub(super) fn misspelt(&self, report: &Report) -> Vec<Diagnostic> {
        let (places, source) = (&report.places, &report.origin.source);
        let tags = self.tags.misspelt(&places.tags);
        let told = tags.into_iter().chain(self.surfaces.misspelt(&places.attack_surfaces));
        told.map(|(diagnostic, span)| diagnostic.at(source, span)).collect()
    }
}

/// Names of one kind.
struct Names<'a> {
    kind: &'static str,
    /// How many reports have each, by its name in a URL, with its first spelling.
    reports: BTreeMap<String, (&'a str, usize)>,
    /// The most usual of the names in URLs that differ in hyphens alone, by what they have in common; of equally usual
    /// ones the first.
    usual: BTreeMap<String, String>,
}

/// A name in a URL without hyphens.
fn letters(url: &str) -> String {
    url.replace('-', "")
}

impl<'a> Names<'a> {
    fn of(kind: &'static str, lists: impl Iterator<Item = &'a [String]>) -> Self {
        let mut reports: BTreeMap<String, (&str, usize)> = BTreeMap::new();
        for list in lists {
            let own: BTreeMap<String, &str> = list.iter().map(|name| (url_name(name), name.as_str())).collect();
            for (url, name) in own {
                reports.entry(url).or_insert((name, 0)).1 += 1;
            }
        }
        let mut usual: BTreeMap<String, String> = BTreeMap::new();
        for (url, (_, count)) in &reports {
            let best = usual.entry(letters(url)).or_insert_with(|| url.clone());
            if reports.get(best).is_some_and(|(_, most)| count > most) {
                best.clone_from(url);
            }
        }
        Self { kind, reports, usual }
    }

    /// Of the names of a report those that are another one written in a second way, and those that no other report
    /// has and that are very near to one which several have.
    fn misspelt(&self, names: &[(String, Range<usize>)]) -> Vec<(Diagnostic, Range<usize>)> {
        let own: BTreeSet<String> = names.iter().map(|(name, _)| url_name(name)).collect();
        let judge = |(name, span): &(String, Range<usize>)| {
            let url = url_name(name);
            let (message, (spelling, count)) = match self.twin(&url) {
                Some(usual) => (format!("the {} `{}` is written in two ways", self.kind, visible(name)), usual),
                None => (format!("no other report has the {} `{}`", self.kind, visible(name)), self.near(&url, &own)?),
            };
            let whose = if count == 1 { "another report has".to_owned() } else { format!("{count} reports have") };
            let hint = format!("did you mean `{}`, which {whose}?", visible(spelling));
            Some((Diagnostic::warning(Code::MisspeltTag, message).hint(hint), span.clone()))
        };
        names.iter().filter_map(judge).collect()
    }

    /// The most usual name that differs in hyphens alone.
    fn twin(&self, url: &str) -> Option<(&'a str, usize)> {
        let usual = self.usual.get(&letters(url)).filter(|usual| *usual != url)?;
        self.reports.get(usual).copied()
    }

    /// The name that several reports have, and that a name which this one alone has is very near to.
    fn near(&self, url: &str, own: &BTreeSet<String>) -> Option<(&'a str, usize)> {
        let alone = self.reports.get(url).is_some_and(|(_, count)| *count == 1);
        if !alone || url.chars().count() < SHORTEST {
            return None;
        }
        let usual = self.reports.iter().filter(|(other, (_, count))| *count > 1 && !own.contains(*other));
        self.reports.get(nearest(url, usual.map(|(other, _)| other.as_str()))?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_spellings_the_most_usual_is_meant() {
        let lists = [["em-ail"], ["em-ail"], ["email"], ["email"], ["email"], ["e-mail"]];
        let lists = lists.map(|list| list.map(str::to_owned));
        let names = Names::of("tag", lists.iter().map(<[String; 1]>::as_slice));
        for (written, meant) in [("e-mail", Some(("email", 3))), ("em-ail", Some(("email", 3))), ("email", None)] {
            assert_eq!(names.twin(written), meant, "{written}");
        }
        let names = Names::of("tag", lists[1..3].iter().map(<[String; 1]>::as_slice));
        assert_eq!((names.twin("em-ail"), names.twin("email")), (None, Some(("em-ail", 1))));
    }
}
