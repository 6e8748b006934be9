//! A report: its head, and its tabs, each a page. The whole report for print is all of them.

mod analyst;
mod assets;
mod caveats;
mod contradictions;
mod exposure;
mod head;
mod incidents;
mod mitigations;
mod overview;

use serde_json::{Map, Value, json};

use super::page::{Data, Page, Prose};
use super::portal::{Portal, Threat};
use super::route::{Route, Tab};
use super::since::Since;
use super::table::{Limits, Table};
use super::{charts, data};
use crate::exposure::{Count, HistoryEntry};
use crate::scope::markdown::Embedded;

/// What a tab adds to a page.
pub(super) struct Section {
    /// What its template shows.
    pub(super) view: Value,
    /// Its tables.
    pub(super) tables: Vec<Table>,
}

/// A report as its tabs see it.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) portal: &'a Portal<'a>,
    pub(super) threat: Threat<'a>,
    pub(super) limits: Limits,
}

impl Context<'_> {
    /// The directory of a tab.
    pub(super) fn home(&self, tab: Tab) -> String {
        Route::Report(self.threat.report.slug.clone(), tab).directory()
    }

    /// How a count has moved since the snapshot before.
    pub(super) fn since(&self, count: fn(&HistoryEntry) -> Count, now: Count) -> Option<Since> {
        let [.., before, _] = self.threat.figures.history.as_slice() else { return None };
        Since::between(count(before), now, before.as_of)
    }

    fn section(&self, tab: Tab) -> Section {
        match tab {
            Tab::Overview | Tab::Print => overview::section(self),
            Tab::Analyst => analyst::section(self),
            Tab::Incidents => incidents::section(self),
            Tab::Assets => assets::section(self),
            Tab::Exposure => exposure::section(self),
            Tab::Mitigations => mitigations::section(self),
        }
    }
}

/// `/threats/SLUG/` and the pages under it.
pub(super) fn page<'a>(portal: &'a Portal<'a>, threat: Threat<'a>, tab: Tab) -> Page {
    let whole = tab == Tab::Print;
    let mut limits = portal.limits();
    if whole {
        // No CSV is written beside it: the tabs have them.
        limits.held = limits.page.min(limits.download);
    }
    let context = Context { portal, threat, limits };
    let report = threat.report;
    let tabs: &[Tab] = if whole { &Tab::ALL[..6] } else { std::slice::from_ref(&tab) };
    let mut view = Map::from_iter([("head".to_owned(), head::view(portal, threat, tab))]);
    let mut tables = Vec::new();
    for tab in tabs {
        let section = context.section(*tab);
        view.insert(key(*tab).to_owned(), section.view);
        tables.extend(section.tables);
    }
    let route = Route::Report(report.slug.clone(), tab);
    let title = if tab == Tab::Overview { &report.title } else { tab.label() };
    let mut page = Page::new(route, template(tab), title, "threats", &Value::Object(view))
        .under("Dashboard", &Route::Dashboard)
        .under("Threats", &Route::Threats)
        .tlp(analyst::label(threat, tabs))
        .tables(tables)
        .charts(charts::of(threat, &context.home(Tab::Overview)));
    if tab != Tab::Overview {
        page = page.under(&report.title, &Route::Report(report.slug.clone(), Tab::Overview)).of(&report.title);
    }
    if whole || tab == Tab::Analyst {
        lend(&mut page, &context);
        page.prose = Some(Prose {
            document: report.document.clone(),
            base: context.home(Tab::Overview),
            media: report.media.clone(),
        });
    }
    if matches!(tab, Tab::Overview | Tab::Analyst | Tab::Print) {
        let path = format!("{}data.json", context.home(Tab::Overview));
        page.data = Some(Data { path, value: data::report(portal, threat) });
    }
    page
}

/// Adds the tables of other tabs that the report's text shows.
fn lend(page: &mut Page, context: &Context) {
    let has = |page: &Page, name: &str| page.tables.iter().any(|table| table.name == name);
    let wanted: Vec<&str> = context
        .threat
        .report
        .document
        .embedded()
        .filter_map(|embedded| if let Embedded::Table(name) = embedded { Some(name) } else { None })
        .collect();
    for tab in &Tab::ALL[..6] {
        if wanted.iter().all(|name| has(page, name)) {
            return;
        }
        let tables = context.section(*tab).tables.into_iter();
        let lent: Vec<Table> = tables.filter(|table| wanted.contains(&table.name) && !has(page, table.name)).collect();
        page.tables.extend(lent);
    }
}

fn key(tab: Tab) -> &'static str {
    match tab {
        Tab::Overview | Tab::Print => "overview",
        Tab::Analyst => "analyst",
        Tab::Incidents => "incidents",
        Tab::Assets => "assets",
        Tab::Exposure => "exposure",
        Tab::Mitigations => "mitigations",
    }
}

fn template(tab: Tab) -> &'static str {
    match tab {
        Tab::Overview => "report/overview.html",
        Tab::Analyst => "report/analyst.html",
        Tab::Incidents => "report/incidents.html",
        Tab::Assets => "report/assets.html",
        Tab::Exposure => "report/exposure.html",
        Tab::Mitigations => "report/mitigations.html",
        Tab::Print => "report/print.html",
    }
}

/// A sentence that a template shows where there are no figures, or nothing.
pub(super) fn sentence(reason: Option<String>) -> Value {
    json!(reason)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::diagnostics::Diagnostics;
    use crate::pages::Listing;
    use crate::{exposure, scope};

    #[test]
    fn texts_can_name_every_chart_and_table_and_no_other() {
        let slice = scope::sample::sample();
        let figures = exposure::sample::sample(&slice);
        let listing = Listing::of(&slice, &mut Diagnostics::new());
        let portal = Portal::new(&slice, &figures, &listing);
        let whole = |threat| page(&portal, threat, Tab::Print);
        let pages: Vec<Page> = portal.threats().map(whole).collect();
        let tables: BTreeSet<&str> = pages.iter().flat_map(|page| &page.tables).map(|table| table.name).collect();
        let charts: BTreeSet<&str> = pages.iter().flat_map(|page| &page.charts).map(|chart| chart.name).collect();
        assert_eq!(tables, Embedded::TABLES.iter().copied().collect());
        assert_eq!(charts, Embedded::CHARTS.iter().copied().collect());
    }
}
