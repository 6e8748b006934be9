//! Where a relative link of a text leads in this build, if anywhere.

use percent_encoding::percent_decode_str;

use super::portal::Portal;
use super::route::{Route, Tab};
use super::{Link, link};
use crate::terms::percent_encoded;

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The page.
    pub route: Route,
    /// What follows the `?`, as written: what the script of a page is asked for. That of a text is asked for nothing.
    query: Option<String>,
    /// The id on the page.
    pub anchor: Option<String>,
    /// Whether the id is known to be one of the text that an author wrote for the page. The page has others,
    /// which its template gives.
    pub is_written: bool,
}

impl Way {
    /// The address.
    #[must_use]
    pub fn link(&self) -> Link {
        let mut link = Link::inside(&self.route.directory());
        let further = [('?', &self.query, link::IN_QUERY), ('#', &self.anchor, b"")];
        for (mark, text, kept) in further {
            link.href.extend(text.iter().flat_map(|text| [mark.to_string(), percent_encoded(text, kept)]));
        }
        link
    }
}

impl Portal<'_> {
    /// The page that a text standing in the directory `base` means by `destination`: a path from
    /// the root (`/threats/OTHER/`), one from the text's own page (`../OTHER/`), or a file beside
    /// the text's own (`OTHER.md`, `../pages/NAME.md`).
    ///
    /// A former address leads to where the report stands now, an anchor that is a place in a report's text to
    /// where that stands.
    ///
    /// `None` where this build has no such page: then nothing but the link's text may be left,
    /// for a reader must not learn what else there is.
    #[must_use]
    pub fn resolve(&self, base: &str, destination: &str) -> Option<Way> {
        let (path, anchor) = parted(destination, '#');
        let (path, query) = parted(path, '?');
        // Somebody may have copied it from a browser.
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let path = decoded(path);
        let directory = match path.strip_suffix(".md") {
            Some(file) => self.written(file)?,
            None => joined(base, &path)?,
        };
        let route = match self.route_in(&directory)? {
            Route::Redirect(_, slug) => Route::Report(slug, Tab::Overview),
            route => route,
        };
        let query = query.filter(|_| !route.is_text()).map(str::to_owned);
        let anchor = anchor.map(decoded);
        let id = anchor.as_deref().and_then(|anchor| self.written_id(&route, anchor));
        let route = match route {
            Route::Report(slug, Tab::Overview) if id.is_some() => Route::Report(slug, Tab::Analyst),
            route => route,
        };
        Some(Way { route, query, is_written: id.is_some(), anchor: id.or(anchor) })
    }

    /// The id on its page of the place that `anchor` means in the text which an author wrote for `route`.
    fn written_id(&self, route: &Route, anchor: &str) -> Option<String> {
        let document = match route {
            Route::Report(slug, Tab::Overview | Tab::Analyst | Tab::Print) => &self.text(self.threat(slug)?).document,
            Route::Guide(name) => &self.ground.pages().iter().find(|page| page.name == *name)?.document,
            _ => return None,
        };
        document.anchor(anchor).map(str::to_owned)
    }

    /// The directory of the text in a file of the site's content.
    fn written(&self, file: &str) -> Option<String> {
        let stem = file.strip_suffix("/index").unwrap_or(file);
        let (place, name) = stem.rsplit_once('/').unwrap_or(("", stem));
        let pages = place.rsplit('/').next() == Some("pages");
        let homes = if pages { ["pages", "threats"] } else { ["threats", "pages"] };
        homes.iter().map(|home| format!("{home}/{name}/")).find(|directory| self.route_in(directory).is_some())
    }
}

/// A text before and after a mark.
fn parted(text: &str, mark: char) -> (&str, Option<&str>) {
    text.split_once(mark).map_or((text, None), |(text, rest)| (text, Some(rest)))
}

/// A path from a directory, without `.` and `..` and with a `/` at the end; `None` where it
/// leaves the build.
fn joined(base: &str, path: &str) -> Option<String> {
    let from = if path.starts_with('/') { "" } else { base };
    let mut parts: Vec<&str> = Vec::new();
    for part in from.split('/').chain(path.split('/')) {
        match part {
            "" | "." | "index.html" => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.iter().map(|part| format!("{part}/")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Diagnostics;
    use crate::pages::{Listing, Route};
    use crate::{exposure, scope};

    #[test]
    fn links_lead_to_what_is_there_and_nowhere_else() {
        let slice = scope::sample::sample();
        let figures = exposure::sample::sample(&slice);
        let listing = Listing::of(&slice, &mut Diagnostics::new());
        let portal = Portal::new(&slice, &figures, &listing);
        for route in portal.routes().into_iter().filter(|route| *route != Route::Missing) {
            assert_eq!(portal.route_in(&route.directory()), Some(route));
        }
        let lead = |text| portal.resolve("threats/clickfix/", text).map(|way| way.link().href);
        let leads = [
            ("/threats/octo-tempest/", "threats/octo-tempest/"),
            ("/threats/octo-tempest", "threats/octo-tempest/"),
            ("../octo-tempest/#a", "threats/octo-tempest/#a"),
            ("octo-tempest.md", "threats/octo-tempest/"),
            ("../octo-tempest/index.md#b", "threats/octo-tempest/#b"),
            ("../../pages/how-to-read.md", "pages/how-to-read/"),
            ("/pages/how-to-read/", "pages/how-to-read/"),
            ("exposure/", "threats/clickfix/exposure/"),
            ("/groups/zürich-research/", "groups/z%C3%BCrich-research/"),
            ("/groups/z%C3%BCrich-research/", "groups/z%C3%BCrich-research/"),
            ("/threats/?severity=High&q=%22a+b%22#list", "threats/?severity=High&q=%22a+b%22#list"),
            ("/about/#states", "about/#states"),
            ("exposure/#groups", "threats/clickfix/exposure/#groups"),
            ("octo-tempest.md?x#a", "threats/octo-tempest/#a"),
            ("?//x.example", "threats/clickfix/"),
            ("octo-tempest.md#%E6%BC%A2", "threats/octo-tempest/#%E6%BC%A2"),
            ("/", ""),
        ];
        for (text, expected) in leads {
            assert_eq!(lead(text).as_deref(), Some(expected), "{text}");
        }
        for nowhere in ["/threats/secret/", "secret.md", "../../../x/", "../secret/", "/static/theme.css"] {
            assert_eq!(lead(nowhere), None, "{nowhere}");
        }
    }
}
