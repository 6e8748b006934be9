//! From hits in the build's files to the names that were found, and how they are told.

use std::collections::BTreeMap;

use super::content::Way;
use super::fold::fold;
use super::names::Kind;
use super::shape::Shape;
use super::tree::Entry;
use crate::diagnostics::{Code, Diagnostic, visible};

/// How many spellings of one key a file keeps.
const SPELLINGS: usize = 8;
/// How many files a message names beside the first.
const FILES_TOLD: usize = 3;

/// What may be names in one file: per key, the spellings with the first way each was seen.
#[derive(Debug, Default)]
pub(super) struct Hits(BTreeMap<u64, BTreeMap<String, Way>>);

impl Hits {
    pub(super) fn note(&mut self, key: u64, spelling: &str, way: Way) {
        let spellings = self.0.entry(key).or_default();
        if spellings.len() < SPELLINGS && !spellings.contains_key(spelling) {
            spellings.insert(spelling.to_owned(), way);
        }
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = u64> {
        self.0.keys().copied()
    }

    /// The first spelling of a key that is one of the name.
    fn spelt(&self, key: u64, name: &Sought<'_>) -> Option<(&str, Way)> {
        let spellings = self.0.get(&key)?;
        spellings
            .iter()
            .filter(|(spelling, way)| name.is_spelt(spelling, **way))
            .map(|(spelling, way)| (spelling.as_str(), *way))
            .min_by_key(|(_, way)| *way)
    }
}

/// A name that may be among the hits.
pub(super) struct Sought<'n> {
    pub(super) name: &'n str,
    pub(super) kind: Kind,
    pub(super) key: u64,
    pub(super) shape: Shape,
    /// Whether its words may come together by chance, so that it counts only as it is written.
    pub(super) is_composed: bool,
}

impl Sought<'_> {
    fn is_spelt(&self, spelling: &str, way: Way) -> bool {
        let is_as_written = || way != Way::Joined && fold(self.name).eq_ignore_ascii_case(&fold(spelling));
        self.shape.is_spelt(&Shape::of(spelling)) && (!self.is_composed || is_as_written())
    }
}

/// A name that the build says and its role may not see.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) key: u64,
    /// The first file that says it, how, and by which way.
    pub(super) file: usize,
    pub(super) spelling: String,
    pub(super) way: Way,
    /// The other files that do.
    pub(super) others: Vec<usize>,
}

impl Finding {
    /// The finding of a name whose key was hit in `files`, if one of them spells it.
    pub(super) fn of(sought: &Sought<'_>, files: &[Hits]) -> Option<Self> {
        let &Sought { name, kind, key, .. } = sought;
        let mut said = files.iter().enumerate().filter_map(|(at, hits)| Some((at, hits.spelt(key, sought)?)));
        let (file, (spelling, way)) = said.next()?;
        let spelling = spelling.to_owned();
        let others = said.map(|(at, _)| at).collect();
        Some(Self { name: name.to_owned(), kind, key, file, spelling, way, others })
    }

    /// What it is, for a message.
    pub(super) fn what(&self, role: &str) -> String {
        format!("`{}` is {} that `{role}` may not see", visible(&self.name), self.kind.words())
    }

    /// A leak: nothing that its readers may know explains it.
    pub(super) fn leak(&self, role: &str, entries: &[Entry]) -> Diagnostic {
        let also = match self.others.len() {
            0 => String::new(),
            more => {
                let named: Vec<&str> = self
                    .others
                    .iter()
                    .take(FILES_TOLD)
                    .filter_map(|at| Some(entries.get(*at)?.name.as_str()))
                    .collect();
                let and = if more > FILES_TOLD { ", …" } else { "" };
                format!(", and in {more} more of the build's files: {}{and}", visible(&named.join(", ")))
            }
        };
        let way = self.way.words();
        let hint = format!("it stands {way}{also}; this build must not be published before it is known what wrote it");
        Diagnostic::error(Code::Leak, self.what(role)).hint(hint)
    }

    /// A hit that an author's own words explain; the place is theirs.
    pub(super) fn explained(&self, role: &str, who: &str, entries: &[Entry]) -> Diagnostic {
        let first = entries.get(self.file).map_or("", |entry| entry.name.as_str());
        let count = match self.others.len() + 1 {
            1 => "one file".to_owned(),
            count => format!("{count} files"),
        };
        let advice = "move it into a scope block, or let it stand if these readers may know it";
        let hint = format!("{count} of the build of `{role}` say it, the first is {}: {advice}", visible(first));
        Diagnostic::warning(Code::ExplainedLeak, format!("{}, and {who} says it here", self.what(role))).hint(hint)
    }
}
