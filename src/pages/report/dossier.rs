//! The pages of one report, of which each shows much that another shows too.

use std::cell::OnceCell;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Context, Section, TABS, analyst, charts, data, head, key, template};
use crate::pages::page::{Chart, Data, Page, Prose};
use crate::pages::portal::{Portal, Threat};
use crate::pages::route::{Route, Tab};
use crate::pages::table::Table;
use crate::scope::markdown::Embedded;
use crate::terms::Tlp;

/// A report whose pages are made one after another: what they share is made for the first of them that shows it.
pub(in crate::pages) struct Dossier<'a> {
    context: Context<'a>,
    head: OnceCell<Map<String, Value>>,
    /// By the places of their tabs.
    sections: [OnceCell<Section<'a>>; TABS.len()],
    charts: OnceCell<Vec<Arc<Chart>>>,
    data: OnceCell<Arc<Data>>,
}

impl<'a> Dossier<'a> {
    /// The pages of a report, of which none is made yet.
    pub(in crate::pages) fn new(portal: &Portal<'a>, threat: Threat<'a>) -> Self {
        Self {
            context: Context { portal: *portal, threat },
            head: OnceCell::new(),
            sections: Default::default(),
            charts: OnceCell::new(),
            data: OnceCell::new(),
        }
    }

    /// Whether it is that report's.
    pub(in crate::pages) fn is_of(&self, slug: &str) -> bool {
        self.context.threat.report.slug == slug
    }

    /// `/threats/SLUG/` and the pages under it.
    pub(in crate::pages) fn page(&self, tab: Tab) -> Page<'a> {
        let (threat, report) = (self.context.threat, self.context.threat.report);
        let whole = tab == Tab::Print;
        let tabs: &[Tab] = if whole { &TABS } else { std::slice::from_ref(&tab) };
        let label = analyst::label(threat, tabs);
        let mut view =
            Map::from_iter([("head".to_owned(), self.head(tab)), ("stricter".to_owned(), stricter(report.tlp, label))]);
        let mut tables = Vec::new();
        for tab in tabs {
            let section = self.section(*tab);
            view.insert(key(*tab).to_owned(), section.view.clone());
            tables.extend(section.tables.iter().cloned());
        }
        let route = Route::Report(report.slug.clone(), tab);
        let title = if tab == Tab::Overview { &report.title } else { tab.label() };
        let mut page = Page::new(route, template(tab), title, "threats", &Value::Object(view))
            .under("Dashboard", &Route::Dashboard)
            .under("Threats", &Route::Threats)
            .tlp(label)
            .tables(tables)
            .charts(self.charts().iter().cloned());
        if tab != Tab::Overview {
            page = page.under(&report.title, &Route::Report(report.slug.clone(), Tab::Overview)).of(&report.title);
        }
        if whole || tab == Tab::Analyst {
            self.lend(&mut page);
            let text = self.context.portal.text(threat);
            page.prose = Some(Prose {
                document: text.document.clone(),
                base: self.context.home(Tab::Overview),
                media: text.media.clone(),
            });
        }
        if matches!(tab, Tab::Overview | Tab::Analyst | Tab::Print) {
            page.data = Some(Arc::clone(self.data()));
        }
        page
    }

    /// Adds the tables of other tabs that the report's text shows.
    fn lend(&self, page: &mut Page<'a>) {
        let has = |page: &Page, name: &str| page.tables.iter().any(|table| table.name == name);
        let Context { portal, threat } = self.context;
        let embedded = portal.text(threat).document.embedded();
        let wanted: Vec<&str> = embedded
            .filter_map(|embedded| if let Embedded::Table(name) = embedded { Some(name) } else { None })
            .collect();
        for tab in TABS {
            if wanted.iter().all(|name| has(page, name)) {
                return;
            }
            let tables = self.section(tab).tables.iter();
            let lent: Vec<Arc<Table>> =
                tables.filter(|table| wanted.contains(&table.name) && !has(page, table.name)).cloned().collect();
            page.tables.extend(lent);
        }
    }

    fn section(&self, tab: Tab) -> &Section<'a> {
        let at = TABS.iter().position(|other| *other == tab).unwrap_or_default();
        self.sections[at].get_or_init(|| self.context.section(TABS[at]))
    }

    fn head(&self, tab: Tab) -> Value {
        let Context { portal, threat } = &self.context;
        let mut head = self.head.get_or_init(|| head::view(portal, *threat)).clone();
        head.insert("tabs".to_owned(), head::tabs(*threat, tab));
        Value::Object(head)
    }

    fn charts(&self) -> &[Arc<Chart>] {
        let make = || charts::of(self.context.threat, &self.context.home(Tab::Overview));
        self.charts.get_or_init(|| make().into_iter().map(Arc::new).collect())
    }

    fn data(&self) -> &Arc<Data> {
        let Context { portal, threat } = &self.context;
        self.data.get_or_init(|| {
            let path = format!("{}data.json", self.context.home(Tab::Overview));
            Arc::new(Data { path, value: data::report(portal, *threat) })
        })
    }
}

/// Why a page is labelled more strictly than its report, or nothing.
fn stricter(report: Tlp, page: Tlp) -> Value {
    let why = || format!("The report is {}. This page is {}, because of its indicators.", report.label(), page.label());
    super::sentence((page > report).then(why))
}
