//! The site in memory, made again whenever it changes.
//!
//! ```text
//! what changed ─> desk ─> per role: slice ─> figures ─> listing ─> Edition ─┐
//!                  └─ what is wrong ───────────────────────────────────────┴─> Stage ─> pages, when asked for
//! ```
//! Each step takes from the last time what is still the same value, and an edition makes a page only when somebody
//! asks for it; so an edit costs what it changes, whatever the size of the site.

mod edition;
mod hidden;
mod stage;
mod state;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::Role;
use crate::desk::{Changed, Desk, Loaded, Order, Progress};
use crate::diagnostics::Diagnostics;
use crate::render::Printer;
use crate::scope::Slicer;

pub use edition::Edition;
pub use stage::{Shown, Stage};

/// A site that is built again and again.
pub struct Session {
    desk: Desk,
    /// The roles that are shown; all of them where none is named.
    wanted: Vec<String>,
    strict: bool,
    /// The theme, with what was told of it.
    printer: Option<(Arc<Printer>, Diagnostics)>,
    /// Where the site's own themes lie.
    themes: PathBuf,
    last: Option<Last>,
}

/// What was built last.
struct Last {
    loaded: Loaded,
    roles: Vec<Reader>,
}

/// A role, and what it sees.
struct Reader {
    slicer: Slicer,
    edition: Option<Arc<Edition>>,
}

/// Who is shown the edition of the first role.
pub type Opening<'a> = dyn FnMut(&Loaded, &Arc<Edition>) + 'a;

/// What a build came to.
pub struct Built {
    /// Everything that is wrong with the input.
    pub problems: Diagnostics,
    /// The editions, by role; `None` where errors stand in the way.
    pub editions: Option<(Loaded, Vec<Arc<Edition>>)>,
}

impl Session {
    /// A session in which nothing was built.
    #[must_use]
    pub fn new(order: Order, wanted: Vec<String>, strict: bool) -> Self {
        // A page of one build is never shown with a picture of the next.
        let order = Order { keep_images: true, ..order };
        let themes = order.site.join("themes");
        Self { desk: Desk::new(order), wanted, strict, printer: None, themes, last: None }
    }

    /// Where the snapshots lie, where the configuration says it.
    #[must_use]
    pub fn snapshots(&self) -> Option<&Path> {
        self.desk.configured().map(|site| site.snapshots.as_path())
    }

    /// Builds what may have changed. With errors in the input nothing comes of it, and the next build goes on from the
    /// last one that came to something.
    ///
    /// Where the roles are made from nothing, `opening` is shown the first one's edition while those of the others are
    /// still made.
    pub fn build(&mut self, changed: &Changed, progress: &mut dyn Progress, opening: &mut Opening<'_>) -> Built {
        let mut problems = Diagnostics::new();
        let editions = self.editions(changed, progress, opening, &mut problems);
        let editions = editions.filter(|_| !problems.has_errors());
        Built { problems, editions }
    }

    fn editions(
        &mut self,
        changed: &Changed,
        progress: &mut dyn Progress,
        opening: &mut Opening<'_>,
        problems: &mut Diagnostics,
    ) -> Option<(Loaded, Vec<Arc<Edition>>)> {
        if changed.concerns(&self.themes) {
            // Whether anything comes of this build or not.
            self.printer = None;
        }
        let loaded = self.desk.read(changed, progress, problems);
        if self.strict {
            problems.escalate();
        }
        let loaded = loaded?;
        let printer = self.printer(&loaded, problems)?;
        progress.lap("theme");
        if problems.has_errors() {
            return None;
        }
        let mut roles = self.shown(&loaded, problems);
        if problems.has_errors() {
            return None;
        }
        let made = made(&mut roles, &loaded, &printer, opening);
        progress.lap("pages");
        let mut editions = Vec::new();
        for (edition, told) in made {
            problems.append(told);
            editions.push(edition);
        }
        self.last = Some(Last { loaded: loaded.clone(), roles });
        Some((loaded, editions))
    }

    /// The theme, which is read again only when it may have changed. What is wrong with it is told every time.
    fn printer(&mut self, loaded: &Loaded, problems: &mut Diagnostics) -> Option<Arc<Printer>> {
        let known = self.printer.take().filter(|(known, _)| known.name == loaded.site.theme);
        let (printer, told) = known.map_or_else(|| set(loaded, problems), Some)?;
        problems.append(told.clone());
        self.printer = Some((Arc::clone(&printer), told));
        Some(printer)
    }

    /// The roles with what they remember, which holds for one configuration, one set of device groups, one moment.
    fn shown(&mut self, loaded: &Loaded, problems: &mut Diagnostics) -> Vec<Reader> {
        let is_same = |last: &Last| {
            Arc::ptr_eq(&last.loaded.site, &loaded.site)
                && Arc::ptr_eq(&last.loaded.groups, &loaded.groups)
                && last.loaded.as_of == loaded.as_of
        };
        if let Some(last) = self.last.take().filter(is_same) {
            return last.roles;
        }
        let roles = loaded.roles(&self.wanted, problems);
        roles.into_iter().map(Reader::new).collect()
    }
}

/// The theme and what is wrong with it; where that keeps it from being used, it is told at once.
fn set(loaded: &Loaded, problems: &mut Diagnostics) -> Option<(Arc<Printer>, Diagnostics)> {
    let mut told = Diagnostics::new();
    let printer = Printer::set(&loaded.site.theme, &loaded.site.root, &mut told);
    if printer.is_none() {
        problems.append(std::mem::take(&mut told));
    }
    Some((Arc::new(printer?), told))
}

/// The editions of all roles, and what is wrong with each.
fn made(
    roles: &mut [Reader],
    loaded: &Loaded,
    printer: &Arc<Printer>,
    opening: &mut Opening<'_>,
) -> Vec<(Arc<Edition>, Diagnostics)> {
    let mut made = Vec::new();
    let others = match roles {
        [first, others @ ..] if first.edition.is_none() => {
            let (edition, told) = first.edition(loaded, printer);
            if !told.has_errors() {
                opening(loaded, &edition);
            }
            made.push((edition, told));
            others
        }
        all => all,
    };
    made.par_extend(others.par_iter_mut().map(|shown| shown.edition(loaded, printer)));
    made
}

impl Reader {
    fn new(role: &Role) -> Self {
        Self { slicer: Slicer::new(role.clone()), edition: None }
    }

    fn edition(&mut self, loaded: &Loaded, printer: &Arc<Printer>) -> (Arc<Edition>, Diagnostics) {
        let mut told = Diagnostics::new();
        let slice = self.slicer.slice(loaded.input());
        let edition = Edition::of(slice, Arc::clone(printer), self.edition.as_deref(), &mut told);
        let edition = Arc::new(edition);
        // What had errors is nothing to go on from.
        self.edition = (!told.has_errors()).then(|| Arc::clone(&edition));
        (edition, told)
    }
}
