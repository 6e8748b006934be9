//! From a site that was read to the builds of its roles: the one way that every verb goes.

use std::collections::BTreeSet;

use super::audit;
use super::console::Console;
use super::dead_links::DeadLinks;
use super::plates::{Bases, Plates, Printed};
use super::run::Run;
use super::timings::Timings;
use crate::audit::Auditor;
use crate::config::Role;
use crate::desk::Loaded;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity};
use crate::exposure::{self, Figures};
#[cfg(feature = "trial")]
use crate::leaks::Seeded;
use crate::pages::{Listing, Portal, Route};
use crate::publish::{Output, Paths, Sealed};
use crate::render::{Printer, Renderer};
use crate::scope;

/// A site that was read, and the theme its pages are printed with.
pub(super) struct Press<'a> {
    loaded: &'a Loaded,
    printer: Printer,
    /// Looks at each build before it is published, where that is wanted.
    auditor: Option<Auditor<'a>>,
    /// Where something of the last builds may be taken over.
    bases: Option<Bases<'a>>,
}

/// A role's build, finished but not in its place.
pub(super) struct Pressed<'o> {
    pub(super) sealed: Sealed<'o>,
    /// What can be kept of it.
    pub(super) printed: Option<Printed>,
}

impl<'a> Press<'a> {
    /// Loads the site's theme; `None` where that fails.
    pub(super) fn set(loaded: &'a Loaded, diagnostics: &mut Diagnostics) -> Option<Self> {
        let printer = Printer::set(&loaded.site.theme, &loaded.site.root, diagnostics)?;
        place(&printer, diagnostics);
        Some(Self { loaded, printer, auditor: None, bases: None })
    }

    /// What looks at builds of this site for what their roles may not see.
    pub(super) fn auditor(&self) -> Auditor<'a> {
        audit::auditor(self.loaded, &self.printer.theme)
    }

    /// From now on every build is looked at.
    pub(super) fn audit(&mut self) {
        self.auditor = Some(self.auditor());
    }

    /// From now on sheets are taken from the last builds where they would be the same.
    pub(super) fn reprint(&mut self, bases: Option<Bases<'a>>) {
        self.bases = bases;
    }

    /// A role's build; `None` where it could not be finished.
    pub(super) fn build<'o>(
        &self,
        role: &Role,
        output: &'o Output,
        timings: &mut Timings,
        diagnostics: &mut Diagnostics,
    ) -> Option<Pressed<'o>> {
        #[cfg(feature = "trial")]
        let leak = Seeded::new(self.loaded.input(), role);
        let slice = scope::slice(self.loaded.input(), role);
        #[cfg(feature = "trial")]
        let slice = leak.slice(slice);
        timings.lap("scope");
        let figures = exposure::count(&slice);
        #[cfg(feature = "trial")]
        let figures = leak.figures(&slice, figures);
        timings.lap("exposure");
        let before = diagnostics.count(Severity::Error);
        let listing = Listing::of(&slice, diagnostics);
        let portal = Portal::new(&slice, &figures, &listing);
        let plates = self.bases.as_ref().and_then(|bases| bases.plates(&role.name));
        let basis = self.bases.as_ref().and_then(|bases| bases.basis(&slice));
        let staging = told(output.stage_after(&role.name, plates.as_ref().map(Plates::kept)), diagnostics)?;
        let run = Run {
            printer: &self.printer,
            portal,
            staging: &staging,
            last: plates.as_ref().zip(basis.as_ref()),
            #[cfg(feature = "trial")]
            leak: &leak,
        };
        let impressions = run.print(diagnostics);
        timings.lap("render");
        if diagnostics.count(Severity::Error) > before {
            return None;
        }
        let sealed = told(staging.seal(self.loaded.as_of, self.auditor.is_some()), diagnostics)?;
        #[cfg(feature = "trial")]
        leak.tree(sealed.dir());
        timings.lap("publish");
        if let Some(auditor) = &self.auditor {
            diagnostics.append(auditor.look(role, sealed.dir(), &output.place(&role.name)).diagnostics);
            timings.lap("audit");
        }
        let printed = self.bases.is_some().then(|| Printed::of(basis, impressions, plates));
        Some(Pressed { sealed, printed })
    }
}

/// Tells of the theme's files that no build can hold, once and not for every role.
fn place(printer: &Printer, diagnostics: &mut Diagnostics) {
    let mut paths = Paths::default();
    for file in printer.theme.static_files() {
        if let Err(problem) = paths.take_file(&file.path) {
            diagnostics.push(problem.in_file(format!("themes/{}/{}", printer.name, file.path)));
        }
    }
}

/// What a build would complain of beyond what reading the site tells: names that clash, a
/// theme that does not load or whose templates do not render.
pub(super) fn rehearse(loaded: &Loaded, console: &Console, timings: &mut Timings, diagnostics: &mut Diagnostics) {
    let press = Press::set(loaded, diagnostics);
    timings.lap("theme");
    let printer = press.as_ref().map(|press| &press.printer);
    // The built-in templates render whatever there is.
    let tried = printer.filter(|printer| printer.theme.has_own_templates());
    let mut rendered = BTreeSet::new();
    let mut links = DeadLinks::default();
    for role in &loaded.site.roles {
        console.step(format!("checking {}", role.name));
        let slice = scope::slice(loaded.input(), role);
        timings.lap("scope");
        let figures = Figures::of(&slice, None);
        timings.lap("exposure");
        let listing = Listing::of(&slice, diagnostics);
        let portal = Portal::new(&slice, &figures, &listing);
        links.gather(&loaded.library, role, &portal, printer);
        timings.lap("pages");
        if let Some(printer) = tried {
            let mut samples = portal.samples();
            samples.retain(|route| rendered.insert(route.kind()));
            render(printer, &portal, &samples, diagnostics);
            timings.lap("render");
        }
    }
    links.tell(diagnostics);
}

/// Tells what is wrong with the theme, as far as some pages show it.
fn render(printer: &Printer, portal: &Portal<'_>, routes: &[Route], diagnostics: &mut Diagnostics) {
    let renderer = Renderer::new(portal, &printer.theme, &printer.templates);
    for problem in renderer.sheet(*portal, routes).filter_map(Result::err) {
        diagnostics.push_new(problem);
    }
}

/// The value, or `None` and the problem told.
pub(super) fn told<T>(result: Result<T, Diagnostic>, diagnostics: &mut Diagnostics) -> Option<T> {
    result.map_err(|problem| diagnostics.push(problem)).ok()
}

/// Does `work` on so many threads, or one per core.
pub(super) fn on_threads<T: Send>(
    jobs: Option<u16>,
    diagnostics: &mut Diagnostics,
    work: impl FnOnce(&mut Diagnostics) -> Option<T> + Send,
) -> Option<T> {
    match rayon::ThreadPoolBuilder::new().num_threads(jobs.map_or(0, usize::from)).build() {
        Ok(pool) => pool.install(|| work(diagnostics)),
        Err(error) => {
            let message = format!("cannot start the threads: {error}");
            diagnostics.push(Diagnostic::error(Code::Disk, message).hint("give a smaller --jobs"));
            None
        }
    }
}
