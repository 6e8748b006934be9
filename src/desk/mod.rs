//! The site as it lies on the desk: everything that was read, and read again as it changes.
//!
//! What every verb begins with. A [`Desk`] remembers what it read, and the next time reads only what may have
//! changed since; what comes of it is the same as if all had been read anew.

mod loaded;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use rustc_hash::FxHashSet;

use crate::config::{self, Site};
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::fleet::{Fleet, Wanted};
use crate::index::{self, Cache, Memory};
use crate::knowledge::{self, Knowledge};
use crate::report::markdown::seeming_vulnerabilities;
use crate::report::{self, Defaults, Library, Shelf};
use crate::scope::Documents;
use crate::snapshot::{Choice, Snapshot};
use crate::terms::CveId;

pub use loaded::{Loaded, chosen};

/// What is to be read.
#[derive(Clone, Debug)]
pub struct Order {
    /// The site's directory.
    pub site: PathBuf,
    /// The snapshot to take instead of the newest one.
    pub snapshot: Option<PathBuf>,
    /// "Now", instead of the snapshot's.
    pub as_of: Option<Timestamp>,
    /// "Now" of a site that has no snapshot; where it is left out such a site is an error.
    pub without_snapshot: Option<Timestamp>,
    /// Whether drafts are admitted.
    pub drafts: bool,
    /// Whether fleets are kept on disk.
    pub cache: bool,
    /// Whether the site is read once, to be built: then an engine is asked only for what its reports name. Who reads
    /// it again and again, or looks for what should not be there, wants all of it.
    pub once: bool,
    /// Whether images stay in memory as they were read: who shows a site while its files change opens none of them later.
    pub keep_images: bool,
}

impl Order {
    /// A site as it stands, with its newest snapshot; nothing is kept on disk.
    #[must_use]
    pub fn of(site: PathBuf) -> Self {
        Self {
            site,
            snapshot: None,
            as_of: None,
            without_snapshot: None,
            drafts: false,
            cache: false,
            once: false,
            keep_images: false,
        }
    }
}

/// What may have changed since the desk read last.
#[derive(Clone, Debug, Default)]
pub struct Changed {
    /// Files and directories at these paths, or in them; spelt as the order spells the site's directory.
    pub paths: BTreeSet<PathBuf>,
    /// Anything, whatever the paths say.
    pub everything: bool,
    /// A snapshot is still being written: what was read of the snapshots before stands, whatever else changed.
    pub unfinished: bool,
}

impl Changed {
    /// Nobody knows what changed, or nothing was read before.
    #[must_use]
    pub fn everything() -> Self {
        Self { everything: true, ..Self::default() }
    }

    /// Whether something at a place, in it or around it may have changed.
    #[must_use]
    pub fn concerns(&self, place: &Path) -> bool {
        self.everything || self.paths.iter().any(|path| path.starts_with(place) || place.starts_with(path))
    }
}

/// Whoever wants to know how far the reading is.
pub trait Progress {
    /// What is done next, in words.
    fn step(&mut self, doing: &str);
    /// What was done since the last call belongs to this room.
    fn lap(&mut self, room: &'static str);
}

/// Nobody who wants to know.
pub struct Unwatched;

impl Progress for Unwatched {
    fn step(&mut self, _: &str) {}
    fn lap(&mut self, _: &'static str) {}
}

/// Reads a site, again and again.
pub struct Desk {
    order: Order,
    config: Option<(Arc<Site>, Diagnostics)>,
    shelf: Shelf,
    fleets: Option<Fleets>,
    memory: Memory,
    documents: Arc<Documents>,
    knowledge: Option<World>,
}

/// The snapshots, as they were read last.
struct Fleets {
    fleets: Vec<Arc<Fleet>>,
    snapshots: Vec<Snapshot>,
    groups: Arc<BTreeSet<String>>,
    told: Diagnostics,
}

/// What the world knows, as it was read last for those ids.
struct World {
    named: BTreeSet<CveId>,
    knowledge: Arc<Knowledge>,
    told: Diagnostics,
}

impl Desk {
    /// A desk with nothing on it.
    #[must_use]
    pub fn new(order: Order) -> Self {
        Self {
            config: None,
            shelf: Shelf::default(),
            fleets: None,
            memory: Memory::default(),
            documents: Arc::new(Documents::new(order.keep_images)),
            knowledge: None,
            order,
        }
    }

    /// Reads what may have changed; `None` when nothing can be made of the site. All problems are told, whatever
    /// else is wrong, those of what is read no more among them.
    pub fn read(
        &mut self,
        changed: &Changed,
        progress: &mut dyn Progress,
        diagnostics: &mut Diagnostics,
    ) -> Option<Loaded> {
        self.forget(changed);
        let site = self.site(diagnostics)?;
        progress.lap("config");
        progress.step("reading the reports");
        let library = self.library(&site, diagnostics);
        progress.lap("report");
        progress.step("reading the snapshots");
        let (mut told, mut were_read) = self.snapshots(&site, self.order.once.then_some(&library));
        progress.lap(if were_read { "snapshot" } else { "index" });
        progress.step("parsing the reports");
        let (mut groups, mut parsed) = self.parse(&site, &library);
        if self.lacks_what_is_named() {
            // Markup hid an id from a look at the source: everything is asked for.
            self.fleets = None;
            (told, were_read) = self.snapshots(&site, None);
            progress.lap(if were_read { "snapshot" } else { "index" });
            (groups, parsed) = self.parse(&site, &library);
        }
        diagnostics.append(told);
        diagnostics.append(parsed);
        progress.lap("scope");
        let knowledge = self.knowledge(&site, &library, diagnostics);
        progress.lap("knowledge");
        let Fleets { fleets, snapshots, .. } = self.fleets.as_ref()?;
        if !fleets.is_empty() {
            loaded::unknown_groups(&site, &groups, diagnostics);
        }
        let as_of = self.order.as_of.or_else(|| fleets.last().map(|fleet| fleet.as_of));
        let as_of = as_of.or(self.order.without_snapshot);
        if as_of.is_none() {
            diagnostics.push(no_snapshot(&site));
        }
        Some(Loaded {
            library,
            documents: Arc::clone(&self.documents),
            fleets: fleets.clone(),
            snapshots: snapshots.clone(),
            groups,
            knowledge,
            as_of: as_of?,
            drafts: self.order.drafts,
            site,
        })
    }

    /// The configuration as it was read last; `None` where it could not be.
    #[must_use]
    pub fn configured(&self) -> Option<&Site> {
        self.config.as_ref().map(|(site, _)| &**site)
    }

    /// Forgets what a change concerns, and what depends on it.
    fn forget(&mut self, changed: &Changed) {
        let snapshots = self.config.as_ref().map(|(site, _)| site.snapshots.clone());
        let is_other_site = changed.concerns(&self.order.site.join(config::FILE_NAME));
        let are_other_fleets = is_other_site
            || snapshots.is_some_and(|snapshots| changed.concerns(&snapshots))
            || self.order.snapshot.as_ref().is_some_and(|named| changed.concerns(named))
            || self.profiles().any(|profile| changed.concerns(profile));
        if are_other_fleets && !changed.unfinished {
            self.fleets = None;
        }
        if is_other_site {
            // All else is read by what the configuration says.
            let (fleets, memory) = (self.fleets.take(), std::mem::take(&mut self.memory));
            *self = Self { fleets, memory, ..Self::new(self.order.clone()) };
            return;
        }
        self.shelf.forget(&changed.paths);
        if changed.concerns(&self.order.site.join(knowledge::HOME)) {
            self.knowledge = None;
        }
    }

    /// The files that say how the tables of the snapshots are read.
    fn profiles(&self) -> impl Iterator<Item = &Path> {
        let snapshots = self.fleets.iter().flat_map(|fleets| &fleets.snapshots);
        snapshots.filter_map(Snapshot::profile_file)
    }

    fn site(&mut self, diagnostics: &mut Diagnostics) -> Option<Arc<Site>> {
        if self.config.is_none() {
            let mut told = Diagnostics::new();
            let site = config::load(&self.order.site, &mut told);
            diagnostics.append(told.clone());
            self.config = Some((Arc::new(site?), told));
        } else if let Some((_, told)) = &self.config {
            diagnostics.append(told.clone());
        }
        self.config.as_ref().map(|(site, _)| Arc::clone(site))
    }

    fn library(&mut self, site: &Site, diagnostics: &mut Diagnostics) -> Library {
        let roles: Vec<&str> = site.roles.iter().map(|role| role.name.as_str()).collect();
        let defaults = Defaults { tlp: site.default_tlp, roles: &roles };
        report::reload(&site.root, defaults, &mut self.shelf, diagnostics)
    }

    /// What is wrong with the snapshots, and whether tables were read. Of engines, only what `library` seems to name
    /// is asked, where there is one. Texts are parsed for the groups there are: with others, all of them are parsed
    /// again.
    fn snapshots(&mut self, site: &Site, library: Option<&Library>) -> (Diagnostics, bool) {
        if let Some(fleets) = &self.fleets {
            return (fleets.told.clone(), false);
        }
        let named = || library.map(seemingly_named).unwrap_or_default();
        let wanted: Option<&dyn Fn() -> Wanted> = if library.is_some() { Some(&named) } else { None };
        let choice = Choice { snapshot: self.order.snapshot.as_deref(), as_of: self.order.as_of, wanted };
        let cache = self.order.cache.then(|| Cache::of(&site.root));
        let mut told = Diagnostics::new();
        let indexed = index::load(site, choice, cache.as_ref(), &mut self.memory, &mut told);
        self.documents = Arc::new(Documents::new(self.order.keep_images));
        let Some(index::Loaded { fleets, snapshots, were_read }) = indexed else { return (told, true) };
        let groups = fleets.iter().flat_map(|fleet| &fleet.groups).map(|group| group.name.clone()).collect();
        self.fleets = Some(Fleets { fleets, snapshots, groups: Arc::new(groups), told: told.clone() });
        (told, were_read)
    }

    /// Parses the texts for the groups there are, and gives both the groups and what is wrong with the texts.
    fn parse(&mut self, site: &Site, library: &Library) -> (Arc<BTreeSet<String>>, Diagnostics) {
        let groups = self.fleets.as_ref().map(|fleets| Arc::clone(&fleets.groups)).unwrap_or_default();
        let mut told = Diagnostics::new();
        self.documents = Arc::new(self.documents.again(library, &site.roles, &groups, &mut told));
        (groups, told)
    }

    /// Whether the texts name a finding that an engine was not asked for.
    fn lacks_what_is_named(&self) -> bool {
        let mut snapshots = self.fleets.iter().flat_map(|fleets| &fleets.snapshots);
        snapshots.any(|snapshot| snapshot.lacks(self.documents.vulnerabilities()))
    }

    fn knowledge(&mut self, site: &Site, library: &Library, diagnostics: &mut Diagnostics) -> Arc<Knowledge> {
        let tracked = library.reports.iter().flat_map(|report| &report.facts.vulnerabilities);
        let named: FxHashSet<&CveId> = tracked.chain(self.documents.vulnerabilities()).collect();
        let is_same =
            |known: &World| known.named.len() == named.len() && known.named.iter().all(|id| named.contains(id));
        let known = self.knowledge.take().filter(is_same);
        let known = known.unwrap_or_else(|| {
            let mut told = Diagnostics::new();
            let named: BTreeSet<CveId> = named.into_iter().cloned().collect();
            let knowledge = Arc::new(knowledge::load(&site.root, &named, &mut told));
            World { named, knowledge, told }
        });
        diagnostics.append(known.told.clone());
        Arc::clone(&self.knowledge.insert(known).knowledge)
    }
}

/// The findings that reports track, and those that texts name as far as a look at their sources tells.
fn seemingly_named(library: &Library) -> Wanted {
    let tracked = || library.reports.iter().map(|report| &report.facts);
    let sources = library.reports.iter().map(|report| &report.origin.source);
    let sources = sources.chain(library.pages.iter().map(|page| &page.origin.source));
    Wanted {
        vulnerabilities: tracked()
            .flat_map(|facts| facts.vulnerabilities.iter().cloned())
            .chain(sources.flat_map(|source| seeming_vulnerabilities(source.text())))
            .collect(),
        configurations: tracked().flat_map(|facts| &facts.configurations).map(|tracked| tracked.id.clone()).collect(),
    }
}

fn no_snapshot(site: &Site) -> Diagnostic {
    let place = site.snapshots.strip_prefix(&site.root).unwrap_or(&site.snapshots);
    Diagnostic::error(Code::NoSnapshot, "the site has no snapshot, so nothing says what `now` is")
        .in_file(place.display().to_string())
        .hint("add a snapshot, or build without figures with --as-of TIME")
}
