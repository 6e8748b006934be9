//! Links from one text to another page, or a heading on it, that some reader of the text does not have.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use percent_encoding::percent_decode_str;

use crate::config::Role;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source, visible};
use crate::pages::{Link, Portal};
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
    /// The roles that see the link and have the page, but not the heading.
    beside: Vec<String>,
    /// Whether another role that sees the link has it.
    alive: bool,
}

impl DeadLinks {
    /// Follows every link that a role sees.
    pub(super) fn gather(&mut self, library: &Library, role: &Role, portal: &Portal<'_>) {
        let slice = portal.slice();
        for report in &library.reports {
            if let Some(visible) = slice.report(&report.facts.slug) {
                let base = format!("threats/{}/", visible.slug);
                self.follow(&report.origin.source, &visible.document, &base, role, portal);
            }
        }
        for page in &library.pages {
            if let Some(visible) = slice.pages().iter().find(|visible| visible.name == page.name) {
                let base = format!("pages/{}/", visible.name);
                self.follow(&page.origin.source, &visible.document, &base, role, portal);
            }
        }
    }

    fn follow(&mut self, source: &Arc<Source>, text: &Document, base: &str, role: &Role, portal: &Portal<'_>) {
        for link in text.links() {
            let Some(Destination::Relative(path)) = Destination::read(&link.destination) else { continue };
            let place = (source.name().to_owned(), link.span.start, link.span.end);
            let found = self.links.entry(place).or_insert_with(|| DeadLink {
                source: Arc::clone(source),
                span: link.span.clone(),
                destination: path.clone(),
                without: Vec::new(),
                beside: Vec::new(),
                alive: false,
            });
            match portal.resolve(base, &path) {
                Some(way) if leads_beside(portal, &way) => found.beside.push(role.name.clone()),
                Some(_) => found.alive = true,
                None => found.without.push(role.name.clone()),
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
            let problem =
                warning(format!("{} the page of `{destination}`, but no such heading on it", who(&self.beside)));
            diagnostics.push(match self.alive {
                true => problem.hint("the heading stands in a scope block: there, the link leads to the page's top"),
                false => problem.hint("correct what follows the `#`; it is the heading's id on that page").strict(),
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

/// Whether a link leads to a page whose headings are an author's, and to none of them.
fn leads_beside(portal: &Portal<'_>, way: &Link) -> bool {
    let parts = way.href.split_once('#').filter(|(_, anchor)| !anchor.is_empty());
    parts.is_some_and(|(directory, anchor)| {
        let [directory, anchor] = [directory, anchor].map(|part| percent_decode_str(part).decode_utf8_lossy());
        portal.is_heading(&directory, &anchor) == Some(false)
    })
}

/// The roles, and the verb that goes with them.
fn who(roles: &[String]) -> String {
    let names = roles.iter().map(|role| format!("`{role}`")).collect::<Vec<_>>().join(", ");
    if roles.len() == 1 { format!("role {names} has") } else { format!("roles {names} have") }
}
