//! Mitigations: what is tracked on devices, and what cannot be measured.

use serde::Serialize;
use serde_json::json;

use super::{Context, Section, caveats, sentence};
use crate::exposure::{ConfigurationRow, UpdateRow, VulnerabilityRow};
use crate::pages::cell::{Cell, Part};
use crate::pages::number::{counted, grouped, percent};
use crate::pages::portal::Threat;
use crate::pages::route::Tab;
use crate::pages::table::{Kind, Table, columns};
use crate::pages::tile::Tile;
use crate::pages::vulnerabilities::{Known, patchable};
use crate::pages::{sources, worklist};
use crate::scope::{CatalogueEntry, DeviceSet};
use crate::terms::Moment;

/// How to put a configuration in place, as the catalogue says.
#[derive(Serialize)]
struct Remedy<'a> {
    name: &'a str,
    text: &'a str,
}

pub(super) fn section(context: &Context) -> Section<'static> {
    let (ground, threat) = (context.portal.ground, context.threat);
    let found = &threat.figures.mitigations;
    let home = context.home(Tab::Mitigations);
    let mut tables = Vec::new();
    if let Some(rows) = &found.updates {
        tables.push(updates(context, &home, rows));
    }
    tables.push(vulnerabilities(context, &home));
    tables.push(configurations(context, &home));
    tables.push(untracked(threat, &home));
    if threat.tracks_anything() && ground.fleet().is_some() {
        tables.push(worklist::table(&context.portal, threat, &home));
    }
    let view = json!({
        "tiles": tiles(context),
        "caveats": caveats::of(threat),
        "no_vulnerability": sentence(threat.without_vulnerability(ground)),
        "no_configuration": sentence(threat.without_configuration(ground)),
        "remedies": remedies(context),
    });
    Section::new(view, tables)
}

fn entry<'a>(context: &'a Context, row: &ConfigurationRow) -> Option<&'a CatalogueEntry> {
    context.portal.ground.fleet()?.catalogue.get(&row.key)
}

fn remedies<'a>(context: &'a Context) -> Vec<Remedy<'a>> {
    let rows = context.threat.figures.mitigations.configurations.iter();
    rows.filter_map(|row| Some(Remedy { name: &row.name, text: entry(context, row)?.remediation.as_deref()? }))
        .collect()
}

fn tiles(context: &Context) -> Vec<Tile> {
    let (ground, threat) = (context.portal.ground, context.threat);
    let axis = threat.figures.configuration.as_ref();
    let share = axis.and_then(|axis| percent(axis.pairs_secure, axis.pairs_secure + axis.pairs_exposed));
    let settings = share.map_or_else(
        || "No tracked configuration applies to a device.".to_owned(),
        |share| format!("{share} of the settings on devices are in place."),
    );
    let patched = threat.figures.vulnerability.as_ref().map(|axis| axis.devices);
    let updates = threat.figures.mitigations.updates.as_ref();
    vec![
        Tile::count(
            "Configurations implemented",
            axis.map(|axis| axis.implemented),
            settings,
            threat.without_configuration(ground),
        )
        .of(axis.map(|axis| axis.applicable)),
        Tile::count(
            "Devices patched",
            patched.map(|devices| devices.patched),
            "Of those that are patched or exposed.",
            threat.without_vulnerability(ground),
        )
        .of(patched.map(|devices| devices.patched + devices.exposed)),
        Tile::count(
            "Updates to install",
            updates.map(|rows| rows.len() as u64),
            updates_note(threat),
            threat.without_vulnerability(ground),
        )
        .toned("exposed"),
        Tile::count(
            "Not measured",
            Some(threat.report.mitigations.len() as u64),
            "Mitigations that no data can confirm.",
            None,
        ),
    ]
}

fn updates_note(threat: Threat) -> String {
    let waiting: u64 = threat
        .figures
        .mitigations
        .updates
        .iter()
        .flatten()
        .map(|row| &row.exposed_devices)
        .collect::<DeviceSet>()
        .len();
    format!("On {}.", counted(waiting, "device", "devices"))
}

fn updates(context: &Context, home: &str, rows: &[UpdateRow]) -> Table<'static> {
    let portal = &context.portal;
    let columns = columns([
        ("Update", Kind::Text),
        ("ID", Kind::Text),
        ("Devices that need it", Kind::Number),
        ("Answers", Kind::Link),
    ]);
    let total = context.threat.figures.devices.total;
    let cells = rows.iter().map(|row| {
        let answers = row.vulnerabilities.iter().map(|id| Part::id(id.as_str(), portal.vulnerability_link(id)));
        vec![
            Cell::text(&row.name),
            Cell::code(&row.id),
            Cell::state("exposed", Some(row.exposed), total),
            Cell::parts(answers),
        ]
    });
    let distinct = rows.iter().map(|row| &row.exposed_devices).collect::<DeviceSet>().len();
    let table = Table::new(home, "mitigations.updates", "Updates, by devices that need them", columns)
        .rows(cells)
        .empty("No device of yours has an open finding that names an update.");
    if rows.len() > 1 {
        table.note(format!("Rows overlap: together {}.", counted(distinct, "distinct device", "distinct devices")))
    } else {
        table
    }
}

fn vulnerabilities(context: &Context, home: &str) -> Table<'static> {
    let mut columns = columns([
        ("CVE", Kind::Link),
        ("Severity", Kind::Text),
        ("Exposed", Kind::Number),
        ("Patched", Kind::Number),
        ("Share patched", Kind::Number),
        ("Unavailable", Kind::Number),
        ("Not exposed", Kind::Number),
        ("Not applicable", Kind::Number),
        ("No update yet", Kind::Number),
        ("Waiting for a restart", Kind::Number),
    ]);
    columns.extend(Known::urgent_columns(&context.portal));
    let rows = &context.threat.figures.mitigations.vulnerabilities;
    let table = Table::new(home, "mitigations.vulnerabilities", "Vulnerability patching, by devices exposed", columns)
        .rows(rows.iter().map(|row| vulnerability(context, row)))
        .empty("The report tracks no vulnerability.");
    let table = if rows.is_empty() { table } else { table.maybe_note(sources::note(&context.portal)) };
    match context.threat.figures.vulnerability.as_ref() {
        Some(axis) => table.note(format!(
            "Rows overlap: {}. Not exposed: patched or never affected, the data cannot tell which.",
            counted(axis.devices.exposed, "distinct device is vulnerable", "distinct devices are vulnerable")
        )),
        None => table,
    }
}

fn vulnerability(context: &Context, row: &VulnerabilityRow) -> Vec<Cell> {
    let mut cells = vec![
        Cell { code: true, ..Cell::linked(row.id.as_str(), context.portal.vulnerability_link(&row.id)) },
        Cell::part(Part::severity(row.severity)),
        Cell::state("exposed", row.exposed, context.threat.figures.devices.total),
        Cell::count(row.patched),
        Cell::percent(row.patched, patchable(row)),
        Cell::count(row.unavailable),
        Cell::count(row.not_exposed),
        Cell::count(row.not_applicable),
        Cell::count(row.no_update),
        Cell::count(row.pending_restart),
    ];
    cells.extend(Known::of(&context.portal, &row.id).urgent_cells());
    cells
}

fn configurations(context: &Context, home: &str) -> Table<'static> {
    let columns = columns([
        ("Configuration", Kind::Text),
        ("ID", Kind::Text),
        ("Exposed", Kind::Number),
        ("Secure", Kind::Number),
        ("Share implemented", Kind::Number),
        ("Unavailable", Kind::Number),
        ("Not applicable", Kind::Number),
        ("Exposed, with another antivirus", Kind::Number),
        ("Category", Kind::Text),
        ("Impact", Kind::Number),
    ]);
    let rows = &context.threat.figures.mitigations.configurations;
    let table = Table::new(home, "mitigations.configurations", "Secure configuration, by devices exposed", columns)
        .rows(rows.iter().map(|row| configuration(context, row)))
        .empty("The report tracks no configuration.");
    match context.threat.figures.configuration.as_ref() {
        Some(axis) => table.note(format!(
            "Rows overlap: {}.",
            counted(axis.devices.exposed, "distinct device is misconfigured", "distinct devices are misconfigured")
        )),
        None => table,
    }
}

fn configuration(context: &Context, row: &ConfigurationRow) -> Vec<Cell> {
    let entry = entry(context, row);
    let whole = row.secure.zip(row.exposed).map(|(secure, exposed)| secure + exposed);
    let category =
        [entry.and_then(|entry| entry.category.as_deref()), entry.and_then(|entry| entry.subcategory.as_deref())];
    vec![
        Cell::text(&row.name),
        Cell::code(&row.id),
        Cell::state("exposed", row.exposed, context.threat.figures.devices.total),
        Cell::count(row.secure),
        Cell::percent(row.secure, whole),
        Cell::count(row.unavailable),
        Cell::count(row.not_applicable),
        Cell::count(row.other_antivirus),
        Cell::text(category.into_iter().flatten().collect::<Vec<_>>().join(" / ")),
        Cell::text(entry.and_then(|entry| entry.impact_tenths).map(impact).unwrap_or_default()),
    ]
}

/// An impact of 1 to 10 from its tenths.
fn impact(tenths: u32) -> String {
    match tenths % 10 {
        0 => grouped(u64::from(tenths / 10)),
        rest => format!("{}.{rest}", tenths / 10),
    }
}

fn untracked(threat: Threat, home: &str) -> Table<'static> {
    let columns = columns([("Action", Kind::Text), ("Owner", Kind::Text), ("Due", Kind::Date), ("State", Kind::Text)]);
    let rows = threat.report.mitigations.iter().map(|advice| {
        let due: Option<Moment> = advice.due;
        vec![
            Cell::text(&advice.action),
            Cell::text(advice.owner.as_deref().unwrap_or_default()),
            Cell::moment(due),
            Cell::part(Part::toned("Not measured", "untracked".to_owned())),
        ]
    });
    Table::new(home, "mitigations.untracked", "Mitigations that cannot be measured on devices", columns)
        .rows(rows)
        .empty("The report advises nothing beyond what is tracked.")
}
