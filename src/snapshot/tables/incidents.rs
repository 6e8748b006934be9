//! `incidents`.

use std::collections::{BTreeMap, BTreeSet};

use super::Source;
use super::cells::{self, Cell, Cells};
use super::contradictions::Subject;
use super::harvest::Harvest;
use crate::diagnostics::Diagnostics;
use crate::fleet::{Incident, IncidentStatus};
use crate::snapshot::read::{Batch, Column};
use crate::terms::{Severity, instant, word};

pub(super) const COLUMNS: [Column<'static>; 7] = [
    Column::required("incident_id"),
    Column::required("title"),
    Column::required("status"),
    Column::required("severity"),
    Column::optional("created"),
    Column::optional("updated"),
    Column::optional("redirect_to"),
];

/// Reads the table; `None` when it is absent.
pub(in crate::snapshot) fn incidents(
    source: &Source<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<BTreeMap<String, Incident>> {
    let rows = source.read("incidents", &COLUMNS, diagnostics, rows)?;
    let mut incidents: BTreeMap<String, Incident> = BTreeMap::new();
    let mut contradicted = BTreeSet::new();
    for (id, incident) in rows.into_iter().flatten() {
        match incidents.get(&id) {
            Some(known) if *known != incident => {
                contradicted.insert(id);
            }
            Some(_) => {}
            None => {
                incidents.insert(id, incident);
            }
        }
    }
    let subject = Subject { table: "incidents", what: "incident", columns: &COLUMNS, fold: str::to_owned };
    subject.tell(source, &contradicted, diagnostics);
    Some(incidents)
}

fn rows(batch: &Batch, harvest: &mut Harvest) -> Vec<(String, Incident)> {
    let column = |at: usize| &batch.columns[at];
    let statuses = cells::words(column(2), "status", harvest, IncidentStatus::parse, None);
    let severity = |text: &str| Severity::parse(&word(text));
    let severities = cells::words(column(3), "severity", harvest, severity, Some(Severity::Unknown));
    // No figure rests on these times: one that does not parse is only not shown.
    let time = |text: &str| instant(text).map_or(Cell::Absent, Cell::Value);
    let (created, updated) = (Cells::of(column(4), "created", time), Cells::of(column(5), "updated", time));
    let mut rows = Vec::new();
    for row in 0..batch.rows {
        let Ok(id) = cells::id(batch, 0, "incident_id", row, harvest) else { continue };
        let incident = Incident {
            title: cells::text(column(1), row).to_owned(),
            status: statuses.value(batch, row, harvest).ok().flatten().copied(),
            severity: severities.value(batch, row, harvest).ok().flatten().copied().unwrap_or_default(),
            created: created.value(batch, row, harvest).ok().flatten().copied(),
            updated: updated.value(batch, row, harvest).ok().flatten().copied(),
            redirect_to: cells::some_text(column(6), row),
        };
        rows.push((id.to_owned(), incident));
    }
    rows
}
