//! Links from one text to another that some reader of the first does not have.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::config::Role;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source, visible};
use crate::pages::Portal;
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
                alive: false,
            });
            match portal.resolve(base, &path) {
                Some(_) => found.alive = true,
                None => found.without.push(role.name.clone()),
            }
        }
    }

    /// Warns of each link once, in the order of files, with the roles that see its text alone.
    pub(super) fn tell(self, diagnostics: &mut Diagnostics) {
        for link in self.links.into_values().filter(|link| !link.without.is_empty()) {
            let roles = link.without.iter().map(|role| format!("`{role}`")).collect::<Vec<_>>().join(", ");
            let (plural, have) = if link.without.len() == 1 { ("", "has") } else { ("s", "have") };
            let message = format!(
                "role{plural} {roles} {have} no `{}`: there, only the link's text is shown",
                visible(&link.destination)
            );
            let warning = Diagnostic::warning(Code::DeadLink, message).at(&link.source, link.span);
            diagnostics.push(match link.alive {
                true => warning
                    .hint("nothing of the page is told; if the text alone tells too much, put it into a scope block"),
                false => warning.hint("no reader of this text has that page: correct the link").strict(),
            });
        }
    }
}
