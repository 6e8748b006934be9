//! Related incidents, and the alerts they consist of.

use serde_json::json;

use super::{Context, Section, contradictions, sentence};
use crate::exposure::LinkedIncident;
use crate::pages::cell::{Cell, Part};
use crate::pages::link::Link;
use crate::pages::number::{agreeing, grouped};
use crate::pages::route::Tab;
use crate::pages::since;
use crate::pages::table::{Kind, Table, columns};
use crate::pages::tile::Tile;
use crate::scope::{Alert, FleetSlice};

pub(super) fn section<'a>(context: &Context<'a>) -> Section<'a> {
    let (ground, threat) = (context.portal.ground, context.threat);
    let without_alerts = threat.without_alerts(ground);
    let without_incidents = threat.without_incidents(ground);
    let home = context.home(Tab::Incidents);
    let mut tables = Vec::new();
    if without_incidents.is_none() {
        tables.extend([statuses(context, &home), incidents(context, &home)]);
    }
    if let (None, Some(fleet)) = (&without_alerts, ground.fleet()) {
        tables.push(alerts(context, fleet, &home));
        tables.extend(contradictions::table(context, fleet, &home));
    }
    let view = json!({
        "tiles": tiles(context),
        "no_incidents": sentence(without_incidents),
        "no_alerts": sentence(without_alerts),
    });
    Section::new(view, tables)
}

fn tiles(context: &Context) -> Vec<Tile> {
    let figures = context.threat.figures;
    let ground = context.portal.ground;
    let false_positive = figures.alerts.map_or(0, |alerts| alerts.false_positive);
    let resolved = match false_positive {
        0 => "None of them is a false positive.".to_owned(),
        count => {
            format!("{} of them {}.", grouped(count), agreeing(count, "is a false positive", "are false positives"))
        }
    };
    vec![
        Tile::count(
            "Active incidents",
            figures.incidents.map(|incidents| incidents.active),
            "Not resolved, with an active linked alert.",
            context.threat.without_incidents(ground),
        )
        .of(figures.incidents.map(|incidents| incidents.total))
        .since(context.since(|before| before.active_incidents, figures.incidents.map(|incidents| incidents.active)))
        .toned("impacted"),
        Tile::count(
            "Active alerts",
            figures.alerts.map(|alerts| alerts.active),
            "Not yet resolved.",
            context.threat.without_alerts(ground),
        )
        .of(figures.alerts.map(|alerts| alerts.total))
        .since(context.since(|before| before.active_alerts, figures.alerts.map(|alerts| alerts.active)))
        .toned("impacted"),
        Tile::count(
            "Resolved alerts",
            figures.alerts.map(|alerts| alerts.resolved),
            resolved,
            context.threat.without_alerts(ground),
        )
        .of(figures.alerts.map(|alerts| alerts.total)),
    ]
}

/// Incidents by status and severity.
fn statuses(context: &Context, home: &str) -> Table<'static> {
    let columns = columns([
        ("Status", Kind::Text),
        ("Incidents", Kind::Number),
        ("Critical", Kind::Number),
        ("High", Kind::Number),
        ("Medium", Kind::Number),
        ("Low", Kind::Number),
        ("Informational", Kind::Number),
        ("Severity not known", Kind::Number),
    ]);
    let rows = context.threat.figures.detail.statuses.iter().flatten().map(|row| {
        let by = row.by_severity;
        let counts = [row.total, by.critical, by.high, by.medium, by.low, by.informational, by.unknown];
        let status = Cell::text(row.status.map_or("Not said", |status| status.label()));
        std::iter::once(status).chain(counts.map(|count| Cell::count(Some(count)))).collect()
    });
    Table::new(home, "incidents.statuses", "Incidents by status and severity", columns)
        .rows(rows)
        .empty("No incident on your devices has an alert that is linked to this report.")
}

fn incidents<'a>(context: &Context<'a>, home: &str) -> Table<'a> {
    let columns = columns([
        ("Incident ID", Kind::Link),
        ("Incident", Kind::Text),
        ("Severity", Kind::Text),
        ("Status", Kind::Text),
        ("Linked alerts", Kind::Number),
        ("Devices", Kind::Number),
        ("Device groups", Kind::Link),
        ("First activity", Kind::Date),
        ("Last activity", Kind::Date),
    ]);
    let mut incidents: Vec<&LinkedIncident> = context.threat.figures.get().sets.incidents.iter().collect();
    // They stand by id, and the sort is stable.
    incidents.sort_by_key(|incident| std::cmp::Reverse((incident.active, incident.severity)));
    let (context, total) = (*context, incidents.len() as u64);
    Table::new(home, "incidents", "Incidents, the active and most severe first", columns)
        .limited(
            total,
            context.portal.limits(),
            move || incidents.clone().into_iter(),
            move |incident| incident_row(&context, incident),
        )
        .empty(format!(
            "No incident on your devices has an alert that is linked to this report. {}",
            looked_at(&context)
        ))
}

/// Among which alerts linked ones were looked for, and by what.
fn looked_at(context: &Context) -> String {
    let selectors = &context.threat.report.selectors;
    let by = [
        (&selectors.ids, "id"),
        (&selectors.titles, "title"),
        (&selectors.detectors, "detector"),
        (&selectors.families, "malware family"),
        (&selectors.actors, "actor"),
    ];
    let by: Vec<&str> = by.into_iter().filter(|(values, _)| !values.is_empty()).map(|(_, what)| what).collect();
    if by.is_empty() {
        return "The report names nothing by which alerts are linked.".to_owned();
    }
    let portal = context.portal;
    let period = match portal.first_alert() {
        Some(first) => format!("from {} to {}", since::day(first), since::day(portal.ground.as_of())),
        None => "in the snapshot, of which there is none".to_owned(),
    };
    format!("Looked at were your alerts {period}; linked are those whose {} the report names.", by.join(" or "))
}

fn incident_row(context: &Context, incident: &LinkedIncident) -> Vec<Cell> {
    let link = Link::of(context.portal.ground.site().links.incident.as_ref(), &incident.id);
    vec![
        Cell { code: true, ..Cell::linked(&incident.id, link) },
        Cell::text(&incident.title),
        Cell::part(Part::severity(incident.severity)),
        Cell::text(incident.status.map(|status| status.label()).unwrap_or_default()),
        Cell::count(Some(incident.alerts.len() as u64)),
        Cell::count(Some(incident.devices.len())),
        Cell::parts(touched(context, incident)),
        Cell::instant(incident.first),
        Cell::instant(incident.last),
    ]
}

/// The groups of the role that an incident's devices stand in.
fn touched(context: &Context, incident: &LinkedIncident) -> Vec<Part> {
    let groups = context.portal.ground.fleet().map(|fleet| fleet.groups.as_slice()).unwrap_or_default();
    let touched = groups.iter().filter(|group| incident.devices.len_in(&group.range) > 0);
    touched.map(|group| Part::linked(&group.name, context.portal.group_link(&group.name))).collect()
}

fn alerts<'a>(context: &Context<'a>, fleet: &'a FleetSlice, home: &str) -> Table<'a> {
    let columns = columns([
        ("Alert ID", Kind::Link),
        ("Alert", Kind::Text),
        ("Severity", Kind::Text),
        ("Status", Kind::Text),
        ("Classification", Kind::Text),
        ("Devices", Kind::Number),
        ("Raised", Kind::Date),
        ("Resolved", Kind::Date),
    ]);
    let places = &context.threat.figures.sets.alerts;
    let mut alerts: Vec<&Alert> = places.iter().filter_map(|at| fleet.alerts.get(*at)).collect();
    // They stand by id, and the sort is stable.
    alerts.sort_by_key(|alert| (std::cmp::Reverse((alert.is_active(), alert.severity)), alert.created));
    let (context, total) = (*context, alerts.len() as u64);
    Table::new(home, "alerts", "Linked alerts, the active and most severe first", columns)
        .limited(
            total,
            context.portal.limits(),
            move || alerts.clone().into_iter(),
            move |alert| alert_row(&context, alert),
        )
        .empty(format!("No alert on your devices is linked to this report. {}", looked_at(&context)))
}

fn alert_row(context: &Context, alert: &Alert) -> Vec<Cell> {
    let link = Link::of(context.portal.ground.site().links.alert.as_ref(), &alert.id);
    vec![
        Cell { code: true, ..Cell::linked(&alert.id, link) },
        Cell::text(&alert.title),
        Cell::part(Part::severity(alert.severity)),
        Cell::text(alert.status.label()),
        Cell::text(alert.classification.map(|found| found.label()).unwrap_or_default()),
        Cell::count(Some(alert.devices.len())),
        Cell::instant(Some(alert.created)),
        Cell::instant(alert.resolved),
    ]
}
