//! A report: its head, and its tabs, each a page. The whole report for print is all of them.
//!
//! A [`Dossier`] makes what two pages show once.

mod analyst;
mod assets;
mod caveats;
mod contradictions;
mod dossier;
mod exposure;
mod head;
mod incidents;
mod mitigations;
mod overview;

use std::sync::Arc;

use serde_json::{Value, json};

use super::portal::{Portal, Threat};
use super::route::{Route, Tab};
use super::since::{Since, of_exposed};
use super::table::Table;
use super::{charts, data};
use crate::exposure::{Count, HistoryEntry};
pub(super) use dossier::Dossier;

/// The tabs. The page for print holds what stands on all of them.
const TABS: [Tab; 6] = [Tab::Overview, Tab::Analyst, Tab::Incidents, Tab::Assets, Tab::Exposure, Tab::Mitigations];

/// What a tab adds to a page.
pub(super) struct Section<'a> {
    /// What its template shows.
    view: Value,
    /// Its tables.
    tables: Vec<Arc<Table<'a>>>,
}

impl<'a> Section<'a> {
    fn new(view: Value, tables: Vec<Table<'a>>) -> Self {
        Self { view, tables: tables.into_iter().map(Arc::new).collect() }
    }
}

/// A report as its tabs see it.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) portal: Portal<'a>,
    pub(super) threat: Threat<'a>,
}

impl<'a> Context<'a> {
    /// The directory of a tab.
    pub(super) fn home(&self, tab: Tab) -> String {
        Route::Report(self.threat.report.slug.clone(), tab).directory()
    }

    /// How a count has moved since the snapshot before.
    pub(super) fn since(&self, count: fn(&HistoryEntry) -> Count, now: Count) -> Option<Since> {
        let [.., before, _] = self.threat.figures.history.as_slice() else { return None };
        Since::between(count(before), now, before.as_of)
    }

    /// How exposed devices have moved since then.
    pub(super) fn exposed_since(&self) -> Option<Since> {
        let now = self.threat.figures;
        let impacted = self.since(|before| before.devices.impacted, now.devices.impacted);
        of_exposed(self.since(HistoryEntry::exposed, now.exposed()), impacted.as_ref())
    }

    fn section(&self, tab: Tab) -> Section<'a> {
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
    use crate::pages::{Listing, Page};
    use crate::scope::markdown::Embedded;
    use crate::{exposure, scope};

    #[test]
    fn texts_can_name_every_chart_and_table_and_no_other() {
        let slice = scope::sample::sample();
        let figures = exposure::sample::sample(&slice);
        let listing = Listing::of(&slice, &mut Diagnostics::new());
        let portal = Portal::new(&slice, &figures, &listing);
        let whole = |threat| Dossier::new(&portal, threat).page(Tab::Print);
        let pages: Vec<Page> = portal.threats().map(whole).collect();
        let tables: BTreeSet<&str> = pages.iter().flat_map(|page| &page.tables).map(|table| table.name).collect();
        let charts: BTreeSet<&str> = pages.iter().flat_map(|page| &page.charts).map(|chart| chart.name).collect();
        assert_eq!(tables, Embedded::TABLES.iter().copied().collect());
        assert_eq!(charts, Embedded::CHARTS.iter().copied().collect());
    }
}
