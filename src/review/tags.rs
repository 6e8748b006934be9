//! Tags that look like a slip of the pen.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostics::{Code, Diagnostic, nearest, visible};
use crate::report::{Library, Report};
use crate::terms::url_name;

/// A tag shorter than this is too easily near another.
const SHORTEST: usize = 5;

/// How many reports have each tag, by the tag's name in a URL, with its first spelling.
pub(super) struct Usual<'a> {
    tags: BTreeMap<String, (&'a str, usize)>,
}

impl<'a> Usual<'a> {
    pub(super) fn of(library: &'a Library) -> Self {
        let mut tags = BTreeMap::new();
        for report in &library.reports {
            let own: BTreeMap<String, &str> =
                report.facts.tags.iter().map(|tag| (url_name(tag), tag.as_str())).collect();
            for (name, tag) in own {
                tags.entry(name).or_insert((tag, 0)).1 += 1;
            }
        }
        Self { tags }
    }

    /// The tags that this report alone has, each very near to one that several have.
    pub(super) fn misspelt(&self, report: &Report) -> Vec<Diagnostic> {
        let own: BTreeSet<String> = report.facts.tags.iter().map(|tag| url_name(tag)).collect();
        let judge = |(tag, span): &(String, std::ops::Range<usize>)| {
            let name = url_name(tag);
            let alone = self.tags.get(&name).is_some_and(|(_, count)| *count == 1);
            if !alone || name.chars().count() < SHORTEST {
                return None;
            }
            let usual = self.tags.iter().filter(|(other, (_, count))| *count > 1 && !own.contains(*other));
            let near = nearest(&name, usual.map(|(other, _)| other.as_str()))?;
            let (spelling, count) = self.tags.get(near)?;
            Some(
                Diagnostic::warning(Code::MisspeltTag, format!("no other report has the tag `{}`", visible(tag)))
                    .at(&report.origin.source, span.clone())
                    .hint(format!("did you mean `{}`, which {count} reports have?", visible(spelling))),
            )
        };
        report.places.tags.iter().filter_map(judge).collect()
    }
}
