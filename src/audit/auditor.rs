//! The audit itself: what is looked for is gathered once, then every role's build is looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;

use super::content::{self, Opaque, Viewer, Way};
use super::finding::{Finding, Hits, Sought};
use super::lexicon::{Lexicon, key, key_of_words};
use super::names::{self, Kind};
use super::search::Search;
use super::shape::{Blind, Shape};
use super::sight::Sight;
use super::table::Marks;
use super::tree::{self, Entry};
use super::vocabulary;
use super::witness::{Witness, witnesses};
use crate::config::{Role, Site};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source, visible};
use crate::fleet::Fleet;
use crate::knowledge::Knowledge;
use crate::report::Library;

/// How many names are told one by one.
const FINDINGS_TOLD: usize = 100;
/// How many names of a blind spot are told.
const EXAMPLES: usize = 3;

/// What builds are made from, unsliced.
#[derive(Clone, Debug)]
pub struct Inputs<'a> {
    /// The configuration.
    pub site: &'a Site,
    /// What authors wrote.
    pub library: &'a Library,
    /// The snapshots up to the current one, oldest first.
    pub fleets: &'a [Arc<Fleet>],
    /// What the world knows.
    pub knowledge: &'a Knowledge,
    /// The files of the theme, the built-in one's included.
    pub theme: Vec<ThemeFile>,
    /// "Now".
    pub as_of: Timestamp,
    /// Whether drafts are admitted.
    pub drafts: bool,
}

/// A file of the theme.
#[derive(Clone, Debug)]
pub struct ThemeFile {
    /// Its path as messages show it.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// Whether it is the program's own, not the site's.
    pub built_in: bool,
}

/// What a look at a build brought up.
#[derive(Debug)]
pub struct Outcome {
    /// Leaks, hits that authors explain, and what could not be looked at. An error means that
    /// the build must not be published.
    pub diagnostics: Diagnostics,
    /// How many files were looked at.
    pub files: usize,
    /// How many bytes they have.
    pub bytes: u64,
}

/// Looks at builds of one site.
#[derive(Debug)]
pub struct Auditor<'a> {
    inputs: Inputs<'a>,
    groups: BTreeSet<String>,
    lexicon: Lexicon,
    /// Names that the program and its own theme say on every page.
    everywhere: Marks,
}

impl<'a> Auditor<'a> {
    /// Gathers every name there is, whoever may see it.
    #[must_use]
    pub fn new(inputs: Inputs<'a>) -> Self {
        let mut lexicon = Lexicon::default();
        names::each(&inputs, None, |_, name, _| lexicon.add(name));
        let mut everywhere = lexicon.nothing_seen();
        for file in inputs.theme.iter().filter(|file| file.built_in) {
            lexicon.see_all_of(&mut everywhere, &String::from_utf8_lossy(&file.bytes));
        }
        vocabulary::each(|words| lexicon.see_all_of(&mut everywhere, words));
        let groups = inputs.fleets.iter().flat_map(|fleet| &fleet.groups).map(|group| group.name.clone()).collect();
        Self { inputs, groups, lexicon, everywhere }
    }

    /// Looks at the build of `role` in `dir`, which messages call `shown`. Nothing there is
    /// changed, no link is followed. The messages are the operator's: they name what the role
    /// may not see.
    #[must_use]
    pub fn look(&self, role: &Role, dir: &Path, shown: &Path) -> Outcome {
        let sight = self.sight(role);
        let search = self.search(&sight);
        let (entries, problems) = tree::entries(dir, shown);
        let mut diagnostics = Diagnostics::new();
        problems.into_iter().for_each(|problem| diagnostics.push(problem));
        let looks: Vec<Look> = entries.par_iter().map(|entry| self.file(entry, &search)).collect();
        let (mut files, mut bytes, mut hits) = (0, 0, Vec::with_capacity(looks.len()));
        for (entry, look) in entries.iter().zip(looks) {
            files += usize::from(!entry.is_dir);
            bytes += look.bytes;
            look.problem.into_iter().for_each(|problem| diagnostics.push(problem));
            hits.push(look.hits);
        }
        let findings = self.findings(&sight, &search, &hits);
        self.tell(&sight, &search, &entries, &findings, &mut diagnostics);
        Outcome { diagnostics, files, bytes }
    }

    /// The names that `role` may not see and that the audit cannot look for, as notes.
    #[must_use]
    pub fn blind_spots(&self, role: &Role) -> Diagnostics {
        let sight = self.sight(role);
        let (mut seen, mut alike) = (BTreeSet::new(), BTreeSet::new());
        names::each(&self.inputs, Some(&sight), |_, name, is_seen| {
            if is_seen {
                seen.insert(key_of_words(name));
                alike.insert(key(name));
            }
        });
        let mut spots: BTreeMap<(Blind, Kind), BTreeSet<String>> = BTreeMap::new();
        names::each(&self.inputs, Some(&sight), |kind, name, _| {
            let program = || (!self.lexicon.is_sought(&self.everywhere, key(name))).then_some(Blind::Program);
            let alike = || alike.contains(&key(name)).then_some(Blind::Alike);
            if !name.is_empty()
                && !seen.contains(&key_of_words(name))
                && let Some(blind) = Shape::of(name).blind().or_else(program).or_else(alike)
            {
                spots.entry((blind, kind)).or_default().insert(name.to_owned());
            }
        });
        let mut notes = Diagnostics::new();
        for ((blind, kind), names) in spots {
            let examples: Vec<String> =
                names.iter().take(EXAMPLES).map(|name| format!("`{}`", visible(name))).collect();
            let what = match names.len() {
                1 => format!("1 {} is", kind.plural().trim_end_matches('s')),
                count => format!("{count} {} are", kind.plural()),
            };
            let message = format!("{what} not looked for, being {}", blind.words());
            let hint = format!("for instance {}: they would be found where nobody means them", examples.join(", "));
            notes.push(Diagnostic::note(Code::BlindSpot, message).hint(hint));
        }
        notes
    }

    fn sight(&'a self, role: &'a Role) -> Sight<'a> {
        Sight { role, as_of: self.inputs.as_of, drafts: self.inputs.drafts, groups: &self.groups }
    }

    fn search(&self, sight: &Sight<'_>) -> Search<'_> {
        let mut seen = self.everywhere.clone();
        names::each(&self.inputs, Some(sight), |_, name, is_seen| {
            if is_seen {
                self.lexicon.see(&mut seen, name);
            }
        });
        let mut search = Search::new(&self.lexicon, seen);
        names::each(&self.inputs, Some(sight), |_, name, is_seen| {
            if !is_seen {
                search.seek(name);
            }
        });
        search
    }

    fn file(&self, entry: &Entry, search: &Search<'_>) -> Look {
        let mut look = Look::default();
        let mut note = |view: &str, way: Way| {
            for (range, key) in search.hidden_in(view) {
                look.hits.note(key, view.get(range).unwrap_or_default(), way);
            }
        };
        let mut viewer = if search.is_for_anything() { Viewer::new(&mut note) } else { Viewer::nobody() };
        // The directories above are entries of their own.
        content::open_path(entry.name.rsplit('/').next().unwrap_or_default(), &mut viewer);
        if entry.is_dir {
            return look;
        }
        match tree::read(entry) {
            Ok(bytes) => {
                let outcome = content::open(&entry.name, &bytes, &mut viewer);
                look.bytes = bytes.len() as u64;
                look.problem = outcome.err().filter(|_| !self.is_of_theme(&bytes)).map(|why| opaque(entry, why));
            }
            Err(problem) => look.problem = Some(problem),
        }
        look
    }

    /// Whether a file is one of the theme's, byte for byte: it is the same for every role.
    fn is_of_theme(&self, bytes: &[u8]) -> bool {
        self.inputs.theme.iter().any(|file| file.bytes == bytes)
    }

    /// The names behind the hits: by key, then letter by letter.
    fn findings(&self, sight: &Sight<'_>, search: &Search<'_>, hits: &[Hits]) -> Vec<Finding> {
        let keys: BTreeSet<u64> = hits.iter().flat_map(Hits::keys).collect();
        if keys.is_empty() {
            return Vec::new();
        }
        let mut named: BTreeMap<String, Finding> = BTreeMap::new();
        names::each(&self.inputs, Some(sight), |kind, name, is_seen| {
            let key = key(name);
            if !is_seen && keys.contains(&key) && !named.contains_key(name) {
                let shape = Shape::of(name);
                let is_composed = search.is_composed(&shape);
                let sought = Sought { name, kind, key, shape, is_composed };
                named.extend(Finding::of(&sought, hits).map(|finding| (name.to_owned(), finding)));
            }
        });
        let mut findings: Vec<Finding> = named.into_values().collect();
        // In the files' order; names of one file stay in their own.
        findings.sort_by_key(|finding| finding.file);
        findings
    }

    fn tell(
        &self,
        sight: &Sight<'_>,
        search: &Search<'_>,
        entries: &[Entry],
        findings: &[Finding],
        diagnostics: &mut Diagnostics,
    ) {
        if findings.is_empty() {
            return;
        }
        let role = &sight.role.name;
        let keys = findings.iter().map(|finding| (finding.key, finding.spelling.as_str())).collect();
        let witnesses = witnesses(&self.inputs, sight, search, &keys);
        let mut told = 0;
        for finding in findings {
            let diagnostic = match witnesses.get(&finding.key) {
                Some(Witness::Rows) => {
                    let message = format!("{}; rows that it may see say the same", finding.what(role));
                    Diagnostic::note(Code::BlindSpot, message).hint("so nothing can be told from its standing there")
                }
                Some(Witness::Writing { who, source, span }) => {
                    finding.explained(role, who, entries).at(source, span.clone())
                }
                None => {
                    told += 1;
                    if told > FINDINGS_TOLD {
                        continue;
                    }
                    self.pointed(finding.leak(role, entries), finding, entries, search)
                }
            };
            diagnostics.push(diagnostic);
        }
        if told > FINDINGS_TOLD {
            let message = format!("{} more names that `{role}` may not see stand in its build", told - FINDINGS_TOLD);
            diagnostics.push(Diagnostic::error(Code::Leak, message).hint("mend what the messages before this one say"));
        }
    }

    /// The diagnostic with the line of the build's file, where it is text and shows one.
    fn pointed(&self, message: Diagnostic, finding: &Finding, entries: &[Entry], search: &Search<'_>) -> Diagnostic {
        let Some(entry) = entries.get(finding.file) else { return message };
        let shown = entry.shown.display().to_string();
        let is_text = !matches!(finding.way, Way::Path | Way::Metadata | Way::Compressed);
        let text = is_text.then(|| tree::read(entry).ok()).flatten().and_then(|bytes| String::from_utf8(bytes).ok());
        match text {
            Some(text) => {
                let span = search.find(&text, finding.key, &finding.spelling);
                message.at(&Source::new(shown, text), span)
            }
            None => message.in_file(shown),
        }
    }
}

/// What a look at one file brought up.
#[derive(Default)]
struct Look {
    hits: Hits,
    bytes: u64,
    problem: Option<Diagnostic>,
}

fn opaque(entry: &Entry, why: Opaque) -> Diagnostic {
    Diagnostic::error(Code::OpaqueFile, format!("the audit cannot look into this: {}", why.0))
        .in_file(entry.shown.display().to_string())
        .hint("what cannot be looked into is held for a leak: take it out, or publish it in another form")
}
