//! What a page is made of: values and ready numbers, no markup.

use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use super::cell::Part;
use super::feed::Feed;
use super::link::Link;
use super::route::Route;
use super::table::Table;
use crate::exposure::{Count, DeviceStates};
use crate::scope::{Attachment, Document};
use crate::terms::Tlp;

/// A page, ready to be put into its template.
#[derive(Clone, Debug)]
pub struct Page<'a> {
    /// Which page.
    pub route: Route,
    /// The template, as `report/overview.html`.
    pub template: &'static str,
    /// The title, as its heading says it.
    pub title: String,
    /// What stands after the heading in the document's title, so that no two pages share one: the
    /// report of a tab, the kind of a name.
    pub subject: Option<String>,
    /// How far the page may travel; none on the page for what is not there.
    pub tlp: Option<Tlp>,
    /// The part of the navigation it belongs to.
    pub section: &'static str,
    /// The way to it.
    pub crumbs: Vec<Crumb>,
    /// What its template shows.
    pub view: Value,
    /// Its text.
    pub prose: Option<Prose>,
    /// Its tables, and those its text may show.
    pub tables: Vec<Arc<Table<'a>>>,
    /// Tables that are files beside it and not shown.
    pub files: Vec<Arc<Table<'a>>>,
    /// What may be followed of it, in `feed.xml` beside it.
    pub feed: Option<Feed>,
    /// Its charts, and those its text may show.
    pub charts: Vec<Arc<Chart>>,
    /// The figures in the contract's form, for `data.json` beside the page and for live figures
    /// in its text.
    pub data: Option<Arc<Data>>,
}

/// Figures in the contract's form.
#[derive(Clone, Debug)]
pub struct Data {
    /// The path from the root of the file that holds them.
    pub path: String,
    /// The figures.
    pub value: Value,
}

/// A step of the way to a page.
#[derive(Clone, Debug, Serialize)]
pub struct Crumb {
    /// Its title.
    pub title: String,
    /// Where it leads.
    pub link: Link,
}

/// A text, and what is needed to show it.
#[derive(Clone, Debug)]
pub struct Prose {
    /// The text.
    pub document: Arc<Document>,
    /// The directory of the text from the root, against which its relative links and images
    /// stand: `threats/SLUG/`.
    pub base: String,
    /// The images that are published for it.
    pub media: Vec<Attachment>,
}

/// A drawing, with its numbers in a table.
#[derive(Clone, Debug)]
pub struct Chart {
    /// Its name in prose and templates, as `device-states`.
    pub name: &'static str,
    /// What it shows.
    pub title: String,
    /// What it says, in a sentence.
    pub description: String,
    /// What is drawn.
    pub drawing: Drawing,
    /// The same numbers.
    pub table: Arc<Table<'static>>,
}

/// What a chart draws.
#[derive(Clone, Debug)]
pub enum Drawing {
    /// Devices by headline state, as a stacked bar.
    States(DeviceStates),
    /// Counts over days, oldest first.
    Course {
        /// The days.
        days: Vec<Date>,
        /// The counts.
        lines: Vec<Line>,
    },
    /// Counts of devices, a bar for each row, all on one scale.
    Bars(Vec<Bar>),
}

/// A row of a chart of bars.
#[derive(Clone, Debug)]
pub struct Bar {
    /// What it is about.
    pub label: String,
    /// What it counts, part by part.
    pub parts: Vec<BarPart>,
}

/// A part of a bar.
#[derive(Clone, Copy, Debug)]
pub struct BarPart {
    /// What is counted, in a word or two.
    pub word: &'static str,
    /// Its look: the name of a state of devices, or `scope`.
    pub look: &'static str,
    /// How many.
    pub count: u64,
}

/// Counts over days.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its look: `active`, `resolved`, `impacted`, `exposed`.
    pub look: &'static str,
    /// What is counted, in a word.
    pub word: &'static str,
    /// The count of each day; none where it is not known.
    pub counts: Vec<Count>,
    /// Whether the last count is what stands now, and is told beside the word.
    pub stands: bool,
}

/// A line of a fact card.
#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    /// What.
    pub label: &'static str,
    /// The facts.
    pub parts: Vec<Part>,
}

impl Fact {
    /// A fact, unless there is nothing to tell.
    #[must_use]
    pub fn new(label: &'static str, parts: Vec<Part>) -> Option<Self> {
        (!parts.is_empty()).then_some(Self { label, parts })
    }
}

impl<'a> Page<'a> {
    /// A page with a title and a view, so far without anything that hangs on it.
    #[must_use]
    pub fn new(
        route: Route,
        template: &'static str,
        title: impl Into<String>,
        section: &'static str,
        view: &impl Serialize,
    ) -> Self {
        Self {
            route,
            template,
            title: title.into(),
            subject: None,
            tlp: None,
            section,
            crumbs: Vec::new(),
            // The views have string keys only, so that this cannot fail.
            view: serde_json::to_value(view).unwrap_or_default(),
            prose: None,
            tables: Vec::new(),
            files: Vec::new(),
            feed: None,
            charts: Vec::new(),
            data: None,
        }
    }

    /// With a label.
    #[must_use]
    pub fn tlp(mut self, tlp: Tlp) -> Self {
        self.tlp = Some(tlp);
        self
    }

    /// With what tells its title from that of another page.
    #[must_use]
    pub fn of(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// With a step of the way to it.
    #[must_use]
    pub fn under(mut self, title: impl Into<String>, route: &Route) -> Self {
        self.crumbs.push(Crumb { title: title.into(), link: Link::inside(&route.directory()) });
        self
    }

    /// With tables.
    #[must_use]
    pub fn tables(mut self, tables: impl IntoIterator<Item = impl Into<Arc<Table<'a>>>>) -> Self {
        self.tables.extend(tables.into_iter().map(Into::into));
        self
    }

    /// With charts.
    #[must_use]
    pub fn charts(mut self, charts: impl IntoIterator<Item = impl Into<Arc<Chart>>>) -> Self {
        self.charts.extend(charts.into_iter().map(Into::into));
        self
    }

    /// With figures, in `data.json` beside it.
    #[must_use]
    pub fn data(mut self, value: Value) -> Self {
        let path = format!("{}data.json", self.route.directory());
        self.data = Some(Arc::new(Data { path, value }));
        self
    }
}
