//! Where a relative link of a text leads in this build, if anywhere.

use super::Link;
use super::portal::Portal;

/// Where, beneath a report's own page, its text stands.
const ANALYST_REPORT: &str = "analyst-report/";

impl Portal<'_> {
    /// The page that a text standing in the directory `base` means by `destination`: a path from
    /// the root (`/threats/OTHER/`), one from the text's own page (`../OTHER/`), or a file beside
    /// the text's own (`OTHER.md`, `../pages/NAME.md`).
    ///
    /// An anchor that is a heading or table of a report leads to where the report's text stands.
    ///
    /// `None` where this build has no such page: then nothing but the link's text may be left,
    /// for a reader must not learn what else there is.
    #[must_use]
    pub fn resolve(&self, base: &str, destination: &str) -> Option<Link> {
        let (path, anchor) =
            destination.split_once('#').map_or((destination, None), |(path, anchor)| (path, Some(anchor)));
        let path = path.split('?').next().unwrap_or_default();
        let directory = match path.strip_suffix(".md") {
            Some(file) => self.written(file)?,
            None => joined(base, path).filter(|directory| self.route_in(directory).is_some())?,
        };
        let Some(anchor) = anchor else { return Some(Link::inside(&directory)) };
        let elsewhere = directory.starts_with("threats/") && !directory.ends_with(ANALYST_REPORT);
        let tab = if elsewhere && self.is_heading(&directory, anchor) == Some(true) { ANALYST_REPORT } else { "" };
        Some(Link::inside(&format!("{directory}{tab}#{anchor}")))
    }

    /// Whether the text of a report or page, whose own page stands in `directory`, has a heading or table with
    /// the id `anchor`, with or without the `h-` that ids have in pages. `None` for other pages, whose
    /// ids no author makes.
    #[must_use]
    pub fn is_heading(&self, directory: &str, anchor: &str) -> Option<bool> {
        let (home, name) = directory.strip_suffix('/')?.split_once('/')?;
        let document = match home {
            "threats" => {
                let threat = self.threat(name.strip_suffix("/analyst-report").unwrap_or(name))?;
                &self.text(threat).document
            }
            "pages" => &self.ground.pages().iter().find(|page| page.name == name)?.document,
            _ => return None,
        };
        Some(document.anchor(anchor.strip_prefix("h-").unwrap_or(anchor)).is_some())
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
        let lead = |text| portal.resolve("threats/clickfix/", text).map(|link| link.href);
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
