//! What was printed of a role's last build: a sheet that would be the same is taken from there, and not printed again.
//!
//! A sheet's pages are made of what all pages stand on and of what they ask of reports ([`Question`]). Where neither is
//! another than it was, the files are the same, and no page of them is made.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::again::Again;
use crate::desk::Loaded;
use crate::pages::{Portal, Question, Same};
use crate::publish::{Kept, Manifest, Output};
use crate::report::Origin;
use crate::scope::Slice;

type Digest = [u8; blake3::OUT_LEN];

/// What the pages of a role are made of.
#[derive(Serialize, Deserialize)]
pub(super) struct Basis {
    /// Everything but what reports say: which reports there are, and what they name, too.
    ground: Digest,
    /// What the reports say, as they stand in the slice's list.
    reports: Vec<Words>,
}

/// What a report says, as its file holds it, and where that stands: a name in it is that of a file beside it.
#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Words {
    front: Digest,
    text: Digest,
}

/// The sheets of a role's build.
#[derive(Serialize, Deserialize)]
pub(super) struct Plates {
    /// `None` where it was not known for sure.
    basis: Option<Basis>,
    /// By the file of their first page.
    sheets: BTreeMap<String, Sheet>,
    kept: Kept,
}

/// What the pages of a sheet asked, and where their files stand among those of the build.
#[derive(Serialize, Deserialize)]
struct Sheet {
    asked: Vec<Question>,
    files: Vec<usize>,
}

/// A sheet that was printed or taken over.
pub(super) struct Impression {
    /// The file of its first page.
    pub(super) first: String,
    /// What its pages asked.
    pub(super) asked: Vec<Question>,
    /// The paths of its files.
    pub(super) files: Vec<String>,
}

/// A role's build as it will be kept, once it stands.
pub(super) struct Printed {
    basis: Option<Basis>,
    impressions: Vec<Impression>,
    /// How the files of the build before it stood.
    last: Option<Kept>,
}

/// The basis of every build of a run, as far as it is the same for all roles.
pub(super) struct Bases<'a> {
    again: &'a Again,
    /// `None` where it is not known for sure.
    common: Option<String>,
    /// By slug.
    reports: BTreeMap<&'a str, Words>,
}

impl<'a> Bases<'a> {
    /// After everything was read.
    pub(super) fn of(again: &'a Again, loaded: &'a Loaded) -> Self {
        let reports = loaded.library.reports.iter();
        let reports = reports.map(|report| (report.facts.slug.as_str(), Words::of(&report.origin))).collect();
        Self { again, common: again.common(loaded), reports }
    }

    /// That of a role's build; `None` where it is not known for sure, and every page has to be made.
    pub(super) fn basis(&self, slice: &Slice) -> Option<Basis> {
        let common = self.common.as_ref()?;
        let mut ground = blake3::Hasher::new();
        ground.update(format!("{common} {:?}", slice.role().name).as_bytes());
        for report in slice.reports() {
            ground.update(format!("{:?}\n", report.naming()).as_bytes());
        }
        let words = slice.reports().iter().map(|report| self.reports.get(report.slug.as_str()).copied());
        Some(Basis { reports: words.collect::<Option<_>>()?, ground: ground.finalize().into() })
    }

    /// What is kept of a role's last build.
    pub(super) fn plates(&self, role: &str) -> Option<Plates> {
        self.again.plates(role)
    }
}

impl Plates {
    /// How the files of the build stood.
    pub(super) fn kept(&self) -> &Kept {
        &self.kept
    }

    /// The sheet that begins with the page in a file, where it would be the same on another basis.
    pub(super) fn sheet(&self, first: &str, portal: &Portal, basis: &Basis) -> Option<(&[Question], &[usize])> {
        let last = self.basis.as_ref().filter(|last| last.ground == basis.ground)?;
        let sheet = self.sheets.get(first)?;
        let between = Between(last, basis);
        let same = sheet.asked.iter().all(|question| portal.answers_the_same(question, &between));
        same.then_some((&sheet.asked, &sheet.files))
    }
}

impl Words {
    fn of(origin: &Origin) -> Self {
        let place = origin.source.name();
        let digest = |text: &str| {
            *blake3::Hasher::new().update(place.as_bytes()).update(b"\0").update(text.as_bytes()).finalize().as_bytes()
        };
        let text = origin.source.text();
        Self { front: digest(text.get(..origin.body.start).unwrap_or(text)), text: digest(text) }
    }
}

/// The last basis and this one.
struct Between<'a>(&'a Basis, &'a Basis);

impl Between<'_> {
    fn is(&self, at: usize, same: impl Fn(&Words, &Words) -> bool) -> bool {
        self.0.reports.get(at).zip(self.1.reports.get(at)).is_some_and(|(last, this)| same(last, this))
    }
}

impl Same for Between<'_> {
    fn is_front(&self, at: usize) -> bool {
        self.is(at, |last, this| last.front == this.front)
    }

    fn is_text(&self, at: usize) -> bool {
        self.is(at, |last, this| last.text == this.text)
    }
}

impl Printed {
    pub(super) fn of(basis: Option<Basis>, impressions: Vec<Impression>, last: Option<Plates>) -> Self {
        Self { basis, impressions, last: last.map(|last| last.kept) }
    }

    /// What is kept of it for the next build, now that it stands in its place. `None` where a file of it was changed
    /// meanwhile, or the system does not tell whether one was.
    pub(super) fn plates(self, output: &Output, manifest: &Manifest) -> Option<Plates> {
        let place = |path: &String| manifest.files.binary_search_by(|file| file.path.cmp(path)).ok();
        let sheet = |Impression { first, asked, files }: Impression| {
            Some((first, Sheet { asked, files: files.iter().map(place).collect::<Option<_>>()? }))
        };
        let sheets = self.impressions.into_iter().filter_map(sheet).collect();
        Some(Plates { basis: self.basis, sheets, kept: output.kept(manifest, self.last.as_ref()).ok()? })
    }
}
