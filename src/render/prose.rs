//! The text of a report or page as markup: where its links, images, figures and ids lead.

use serde::Serialize;
use serde_json::Value;

use super::Html;
use super::embedded::{self, Around};
use super::markdown::{self, Context, ImageTarget, Target};
use crate::pages::{Link, Page, Portal, Prose, grouped};
use crate::scope::markdown::{Embedded, FigurePath};
use crate::terms::{CveId, TechniqueId};

/// The markup of a page's text. `root` is the way from the page to the root.
pub(super) fn html(portal: &Portal<'_>, page: &Page, prose: &Prose, root: &str) -> Html {
    markdown::html(&prose.document, &Place { portal, page, prose, root })
}

/// A line of a contents list.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    /// From 1, for the highest heading of the text.
    level: u8,
    id: String,
    text: String,
}

/// The headings of a text, down to the second level. One without a word would be a link without one.
pub(super) fn contents(prose: &Prose) -> Vec<Entry> {
    const DEPTH: u8 = 2;
    let headings = prose.document.headings();
    let highest = headings.iter().map(|heading| heading.level).min().unwrap_or(1);
    headings
        .iter()
        .map(|heading| Entry { level: heading.level - highest + 1, id: heading.id.clone(), text: heading.text.clone() })
        .filter(|entry| entry.level <= DEPTH && !entry.text.trim().is_empty())
        .collect()
}

/// Where a text stands.
struct Place<'a> {
    portal: &'a Portal<'a>,
    page: &'a Page<'a>,
    prose: &'a Prose,
    root: &'a str,
}

impl Place<'_> {
    fn url(&self, link: &Link) -> String {
        if link.outside { link.href.clone() } else { format!("{}{}", self.root, link.href) }
    }
}

impl Context for Place<'_> {
    fn link(&self, destination: &str) -> Option<String> {
        self.portal.resolve(&self.prose.base, destination).map(|way| self.url(&way.link()))
    }

    fn image(&self, source: &str) -> Option<ImageTarget> {
        let media = self.prose.media.iter().find(|media| media.is_meant_by(source))?;
        let link = Link::inside(&format!("{}media/{}", self.prose.base, media.name));
        Some(ImageTarget { url: self.url(&link), size: media.size })
    }

    fn figure(&self, path: &FigurePath) -> Option<String> {
        match path.read(&self.page.data.as_ref()?.value)? {
            Value::Number(number) => Some(number.as_u64().map_or_else(|| number.to_string(), grouped)),
            // A title or a group's name may be all digits.
            word => word.as_str().map(str::to_owned),
        }
    }

    fn embedded(&self, embedded: Embedded, prefix: &str) -> Option<Html> {
        let around = Around { prefix, root: self.root, language: &self.portal.ground().site().language };
        match embedded {
            Embedded::Chart(name) => {
                let chart = self.page.charts.iter().find(|chart| chart.name == name)?;
                Some(embedded::chart(chart, around))
            }
            Embedded::Table(name) => {
                let table = self.page.tables.iter().find(|table| table.name == name)?;
                Some(embedded::table(table, around))
            }
        }
    }

    fn technique(&self, id: &TechniqueId) -> Option<Target> {
        let link = self.portal.technique_link(id)?;
        let known = self.portal.ground().knowledge().techniques.get(id);
        Some(Target { url: self.url(&link), title: known.map(|technique| technique.name.clone()) })
    }

    fn vulnerability(&self, id: &CveId) -> Option<Target> {
        let link = self.portal.vulnerability_link(id)?;
        Some(Target { url: self.url(&link), title: self.portal.vulnerability_name(id).map(str::to_owned) })
    }
}
