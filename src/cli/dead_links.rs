//! Links from one text to another page, or a heading on it, that some reader of the text does not have.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::config::Role;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source, visible};
use crate::pages::{Portal, Route, Way};
use crate::render::{Printer, Renderer, escape};
use crate::report::{Document, Library};
use crate::scope::markdown::Destination;

/// Where a link stands: its file and its bytes.
type Place = (String, usize, usize);

/// Every link inside the site that leads nowhere in some role's build.
#[derive(Default)]
pub(super) struct DeadLinks {
    links: BTreeMap<Place, DeadLink>,
}

struct DeadLink {
    source: Arc<Source>,
    span: Range<usize>,
    destination: String,
    /// The roles that see the link and do not have the page.
    without: Vec<String>,
    /// The roles that see the link and have the page, but not the place on it.
    beside: Vec<String>,
    /// Whether the page shows an author's text, whose places stay while data comes and goes.
    is_text: bool,
    /// Whether another role that sees the link has it.
    alive: bool,
}

impl DeadLinks {
    /// Follows every link that a role sees, on pages that are printed where a link leads to a place on one.
    pub(super) fn gather<'a>(
        &mut self,
        library: &Library,
        role: &'a Role,
        portal: &'a Portal<'a>,
        printer: Option<&'a Printer>,
    ) {
        let slice = portal.slice();
        let renderer = printer.map(|printer| Renderer::new(portal, &printer.theme, &printer.templates));
        let mut reader = Reader { role, portal, renderer, printed: BTreeMap::new() };
        for report in &library.reports {
            if let Some(visible) = slice.report(&report.facts.slug) {
                let base = format!("threats/{}/", visible.slug);
                self.follow(&report.origin.source, &visible.document, &base, &mut reader);
            }
        }
        for page in &library.pages {
            if let Some(visible) = slice.pages().iter().find(|visible| visible.name == page.name) {
                let base = format!("pages/{}/", visible.name);
                self.follow(&page.origin.source, &visible.document, &base, &mut reader);
            }
        }
    }

    /// Follows the links of a text, whose own page stands at `base`.
    fn follow(&mut self, source: &Arc<Source>, text: &Document, base: &str, reader: &mut Reader<'_>) {
        for link in text.links() {
            let Some(Destination::Relative(path)) = Destination::read(&link.destination) else { continue };
            let place = (source.name().to_owned(), link.span.start, link.span.end);
            let found = self.links.entry(place).or_insert_with(|| DeadLink {
                source: Arc::clone(source),
                span: link.span.clone(),
                destination: path.clone(),
                without: Vec::new(),
                beside: Vec::new(),
                is_text: false,
                alive: false,
            });
            match reader.portal.resolve(base, &path) {
                Some(way) if !reader.has(&way) => {
                    found.beside.push(reader.role.name.clone());
                    found.is_text = way.route.is_text();
                }
                Some(_) => found.alive = true,
                None => found.without.push(reader.role.name.clone()),
            }
        }
    }

    /// Warns of each link once, in the order of files, with the roles that see its text alone.
    pub(super) fn tell(self, diagnostics: &mut Diagnostics) {
        for link in self.links.into_values() {
            link.tell(diagnostics);
        }
    }
}

impl DeadLink {
    fn tell(&self, diagnostics: &mut Diagnostics) {
        let destination = visible(&self.destination);
        let warning = |message| Diagnostic::warning(Code::DeadLink, message).at(&self.source, self.span.clone());
        if !self.without.is_empty() {
            let who = who(&self.without);
            let problem = warning(format!("{who} no `{destination}`: there, only the link's text is shown"));
            let read = self.alive || !self.beside.is_empty();
            diagnostics.push(match (read, self.leads_to_a_file()) {
                (true, _) => problem
                    .hint("nothing of the page is told; if the text alone tells too much, put it into a scope block"),
                (false, true) => problem
                    .hint("only images are published from beside a text: write short files into it, in a code fence")
                    .strict(),
                (false, false) => problem.hint("no reader of this text has that page: correct the link").strict(),
            });
        }
        if !self.beside.is_empty() {
            let lacks = if self.is_text { "no such heading" } else { "nothing with that id" };
            let problem = warning(format!("{} the page of `{destination}`, but {lacks} on it", who(&self.beside)));
            diagnostics.push(match (self.is_text, self.alive) {
                (true, true) => {
                    problem.hint("the heading stands in a scope block: there, the link leads to the page's top")
                }
                (true, false) => {
                    problem.hint("correct what follows the `#`; it is the heading's id on that page").strict()
                }
                (false, true) => problem.hint("they have nothing to show there: the link leads to the page's top"),
                (false, false) => problem.hint("correct what follows the `#`, or link to the page"),
            });
        }
    }

    /// Whether what is meant looks like a file beside the text, and not like a text or a page.
    fn leads_to_a_file(&self) -> bool {
        let path = self.destination.split(['#', '?']).next().unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or_default();
        name.contains('.') && !name.ends_with(".md") && !name.ends_with(".html")
    }
}

/// A role, and its pages.
struct Reader<'a> {
    role: &'a Role,
    portal: &'a Portal<'a>,
    /// `None` without a theme, when nothing is known of what pages hold.
    renderer: Option<Renderer<'a>>,
    /// The pages that links lead to a place on, each printed once.
    printed: BTreeMap<Route, Option<String>>,
}

impl Reader<'_> {
    /// Whether a link that leads to a page leads to a place that it has.
    fn has(&mut self, way: &Way) -> bool {
        let Some(anchor) = way.anchor.as_deref().filter(|anchor| !anchor.is_empty() && !way.is_written) else {
            return true;
        };
        let Some(renderer) = &self.renderer else { return true };
        let printed = self.printed.entry(way.route.clone()).or_insert_with(|| {
            let bytes = renderer.file(&way.route.file()).ok()??;
            String::from_utf8(bytes).ok()
        });
        let id = escape(anchor);
        printed.as_ref().is_none_or(|html| html.contains(&format!(" id=\"{id}\"")))
    }
}

/// The roles, and the verb that goes with them.
fn who(roles: &[String]) -> String {
    let names = roles.iter().map(|role| format!("`{role}`")).collect::<Vec<_>>().join(", ");
    if roles.len() == 1 { format!("role {names} has") } else { format!("roles {names} have") }
}
