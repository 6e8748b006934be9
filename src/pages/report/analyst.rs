//! The analyst report: the text, and the lists that front matter holds.

use serde::Serialize;

use super::{Context, Section};
use crate::pages::cell::{Cell, Part, shown};
use crate::pages::changes;
use crate::pages::link::Link;
use crate::pages::portal::Threat;
use crate::pages::route::Tab;
use crate::pages::table::{Kind, Table, columns};
use crate::pages::techniques;
use crate::scope::Indicator;
use crate::terms::{Tlp, defanged};

#[derive(Serialize)]
struct View {
    references: Vec<Source>,
}

#[derive(Serialize)]
struct Source {
    part: Part,
    accessed: Option<String>,
}

pub(super) fn section(context: &Context) -> Section<'static> {
    let references = &context.threat.report.references;
    let source = |reference: &crate::scope::Reference| Source {
        part: Part::linked(&reference.title, reference.url.as_deref().and_then(Link::outside)),
        accessed: reference.accessed.map(shown),
    };
    let view = View { references: references.iter().map(source).collect() };
    let home = context.home(Tab::Analyst);
    let tables = vec![
        techniques_table(context, &home),
        detections(context, &home),
        indicators(context, &home),
        changes::of(&home, &context.threat.report.changes),
    ];
    Section::new(serde_json::to_value(&view).unwrap_or_default(), tables)
}

/// The label of a page with some tabs of a report: indicators may be stricter than the report.
pub(super) fn label(threat: Threat, tabs: &[Tab]) -> Tlp {
    let report = threat.report;
    if !tabs.contains(&Tab::Analyst) {
        return report.tlp;
    }
    report.indicators.iter().filter_map(|indicator| indicator.tlp).fold(report.tlp, Tlp::max)
}

fn techniques_table(context: &Context, home: &str) -> Table<'static> {
    let portal = &context.portal;
    let columns = columns([("ID", Kind::Link), ("Technique", Kind::Text), ("Tactics", Kind::Text)]);
    let rows = context.threat.all_techniques().into_iter().map(|id| {
        vec![
            Cell { code: true, ..Cell::linked(id.as_str(), portal.technique_link(&id)) },
            Cell::text(techniques::name(portal, &id).unwrap_or_default()),
            Cell::text(techniques::tactics(portal, &id).join(", ")),
        ]
    });
    Table::new(home, "techniques", "MITRE ATT&CK techniques", columns)
        .rows(rows)
        .empty("The report names no technique.")
}

fn detections(context: &Context, home: &str) -> Table<'static> {
    let columns = columns([("Detection", Kind::Text), ("Product", Kind::Text), ("Kind", Kind::Text)]);
    let detections = &context.threat.report.detections;
    let rows = detections.iter().map(|detection| {
        let kind = if detection.generic {
            "Generic: fires on other threats too, never counted"
        } else {
            "Specific to this threat"
        };
        vec![
            Cell::text(&detection.name),
            Cell::text(detection.product.as_deref().unwrap_or_default()),
            Cell::text(kind),
        ]
    });
    Table::new(home, "detections", "Detections", columns).rows(rows).empty("The report names no detection.")
}

fn indicators(context: &Context, home: &str) -> Table<'static> {
    let report = context.threat.report;
    let columns = columns([
        ("Indicator", Kind::Text),
        ("Type", Kind::Text),
        ("Meaning", Kind::Text),
        ("First seen", Kind::Date),
        ("Last seen", Kind::Date),
        ("Confidence", Kind::Number),
        ("TLP", Kind::Text),
    ]);
    let table = Table::new(home, "indicators", "Indicators", columns)
        .rows(report.indicators.iter().map(|indicator| indicator_row(indicator, report.tlp)))
        .empty("The report holds no indicator that you may see.");
    if report.indicators.is_empty() {
        table
    } else {
        table.note("Shown defanged, so that nobody follows them by mistake; the CSV holds the live values.")
    }
}

fn indicator_row(indicator: &Indicator, report: Tlp) -> Vec<Cell> {
    vec![
        Cell::code(defanged(indicator.kind, &indicator.value)).with_raw(&indicator.value),
        Cell::text(indicator.kind.label()).with_raw(indicator.kind.word()),
        Cell::text(indicator.description.as_deref().unwrap_or_default()),
        Cell::moment(indicator.first_seen),
        Cell::moment(indicator.last_seen),
        indicator.confidence.map_or_else(Cell::default, |confidence| Cell::count(Some(u64::from(confidence)))),
        Cell::part(Part::tlp(indicator.tlp.unwrap_or(report))),
    ]
}
