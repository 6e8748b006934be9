//! Links, as far as they are allowed.

use super::writer::{Closing, Writer};
use crate::scope::markdown::Destination;

/// A link that may be written.
struct Way {
    url: String,
    external: bool,
}

/// Whether a URL that a context gave may be written.
pub(super) fn is_safe(url: &str) -> bool {
    Destination::read(url).is_some()
}

impl<'a> Writer<'a> {
    /// Where a link of the text leads on this page.
    fn destination(&self, destination: &str) -> Option<Way> {
        let inside = |url| Way { url, external: false };
        match Destination::read(destination)? {
            Destination::External(url) => Some(Way { url, external: true }),
            Destination::Mail(url) => Some(inside(url)),
            Destination::Anchor(anchor) => self.document.anchor(&anchor).map(|id| inside(format!("#{id}"))),
            Destination::Relative(path) => self.context.link(&path).filter(|url| is_safe(url)).map(inside),
        }
    }

    pub(super) fn link(&mut self, destination: &str, title: &str) -> Closing<'a> {
        let Some(way) = self.destination(destination).filter(|_| !self.in_link) else {
            return Closing::Tags("");
        };
        self.in_link = true;
        self.out.tags("<a").url("href", &way.url);
        if !title.is_empty() {
            self.out.attribute("title", title);
        }
        self.out.tags(if way.external { " class=\"external\" rel=\"noopener noreferrer\">" } else { ">" });
        Closing::Link("</a>")
    }
}
