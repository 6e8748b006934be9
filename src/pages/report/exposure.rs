//! Endpoint exposure: which devices are open to the threat, and of which nobody knows.

use serde_json::json;

use super::{Context, Section, caveats, sentence};
use crate::exposure::ReportFigures;
use crate::pages::cell::{Cell, Part, capital};
use crate::pages::devices::{self, Extra};
use crate::pages::groups;
use crate::pages::number::{agreeing, counted, grouped};
use crate::pages::portal::Threat;
use crate::pages::reason;
use crate::pages::route::Tab;
use crate::pages::table::{Kind, Table, columns};
use crate::pages::tile::Tile;
use crate::scope::{DeviceSet, Ordinal};
use crate::terms::{Moment, Severity};

pub(super) fn section<'a>(context: &Context<'a>) -> Section<'a> {
    let (ground, threat) = (context.portal.ground, context.threat);
    let home = context.home(Tab::Exposure);
    let untracked = (!threat.tracks_anything())
        .then(|| "Not available: this report tracks no vulnerability and no configuration.".to_owned());
    let mut tables = vec![history(threat, &home)];
    if untracked.is_none() && ground.fleet().is_some() {
        tables.extend([
            axes(threat, &home),
            causes(context, &home),
            groups::states(&context.portal, &home, &threat.figures.groups),
            reasons(threat, &home),
            exposed(context, &home),
            unavailable(context, &home),
        ]);
    }
    let view = json!({
        "tiles": tiles(context),
        "untracked": sentence(untracked),
        "caveats": caveats::of(threat),
        "level": level(threat),
    });
    Section::new(view, tables)
}

fn tiles(context: &Context) -> Vec<Tile> {
    let (ground, threat) = (context.portal.ground, context.threat);
    let figures = threat.figures;
    let total = figures.devices.total;
    let unavailable = figures.devices.unavailable.filter(|_| threat.tracks_anything());
    vec![
        Tile::word(
            "Exposure level",
            figures.exposure.level.map(Part::level),
            "Severity and breadth together.",
            threat.without_level(ground),
        ),
        Tile::count(
            "Exposed devices",
            figures.exposed(),
            "Open to it, and not yet impacted.",
            threat.without_level(ground),
        )
        .of(total)
        .since(context.exposed_since())
        .toned("exposed"),
        Tile::count(
            "Misconfigured devices",
            figures.configuration.as_ref().map(|axis| axis.devices.exposed),
            "A tracked configuration is not in place.",
            threat.without_configuration(ground),
        )
        .of(total)
        .since(
            context
                .since(|before| before.misconfigured, figures.configuration.as_ref().map(|axis| axis.devices.exposed)),
        )
        .toned("exposed"),
        Tile::count(
            "Vulnerable devices",
            figures.vulnerability.as_ref().map(|axis| axis.devices.exposed),
            "A tracked vulnerability is open.",
            threat.without_vulnerability(ground),
        )
        .of(total)
        .since(context.since(
            |before| before.vulnerability.map(|found| found.exposed),
            figures.vulnerability.as_ref().map(|axis| axis.devices.exposed),
        ))
        .toned("exposed"),
        Tile::count(
            "Unavailable devices",
            unavailable,
            "Not reporting, or not assessed for it: nobody can vouch for them.",
            threat.without_level(ground),
        )
        .of(total)
        .since(context.since(|before| before.devices.unavailable, unavailable))
        .toned("unavailable"),
    ]
}

fn level(threat: Threat) -> Option<String> {
    let exposure = threat.figures.exposure;
    let (level, score) = (exposure.level?, exposure.score?);
    let (weight, population) = (exposure.weight?, exposure.population?);
    Some(format!(
        "The level is {}: the weights of the exposed devices add up to {}; over {} and that the threat could concern, that is a score of {score} of 100.",
        level.word(),
        grouped(weight),
        counted(population, "device that reports", "devices that report"),
    ))
}

fn axes(threat: Threat, home: &str) -> Table<'static> {
    let columns = columns([
        ("Tracked", Kind::Text),
        ("Exposed", Kind::Number),
        ("Secure or patched", Kind::Number),
        ("Unavailable", Kind::Number),
        ("Not exposed", Kind::Number),
        ("Not applicable", Kind::Number),
    ]);
    let count = |count: u64| Cell::count(Some(count));
    let configuration = threat.figures.configuration.as_ref().map(|axis| {
        let devices = axis.devices;
        vec![
            Cell::text("Configurations"),
            count(devices.exposed),
            count(devices.secure),
            count(devices.unavailable),
            Cell::missing(),
            count(devices.not_applicable),
        ]
    });
    let vulnerability = threat.figures.vulnerability.as_ref().map(|axis| {
        let devices = axis.devices;
        vec![
            Cell::text("Vulnerabilities"),
            count(devices.exposed),
            count(devices.patched),
            count(devices.unavailable),
            count(devices.not_exposed),
            count(devices.not_applicable),
        ]
    });
    Table::new(home, "axes", "Devices by what is tracked", columns)
        .rows(vulnerability.into_iter().chain(configuration))
        .empty("The snapshot does not hold the findings that this report tracks.")
        .note("Each row adds up to all your devices. Not exposed: patched or never affected, the data cannot tell which; there is no such state of a configuration.")
}

/// Why devices are open to the threat, cause by cause, the widest first.
fn causes(context: &Context, home: &str) -> Table<'static> {
    let found = &context.threat.figures.mitigations;
    let vulnerabilities = found.vulnerabilities.iter().map(|row| {
        let link = context.portal.vulnerability_link(&row.id);
        (row.exposed, Part::id(row.id.as_str(), link), "Vulnerable software")
    });
    let configurations =
        found.configurations.iter().map(|row| (row.exposed, Part::text(&row.name), "Wrong configuration"));
    let mut causes: Vec<_> = vulnerabilities.chain(configurations).filter(|(count, ..)| *count > Some(0)).collect();
    // They stand by devices within their kind, and the sort is stable.
    causes.sort_by_key(|(count, ..)| std::cmp::Reverse(*count));
    let rows = causes.into_iter().map(|(count, cause, kind)| {
        let cell = Cell::state("exposed", count, context.threat.figures.devices.total);
        vec![Cell::part(cause), Cell::text(kind), cell]
    });
    let columns = columns([("Cause", Kind::Link), ("Kind", Kind::Text), ("Devices", Kind::Number)]);
    Table::new(home, "causes", "Why devices are open to the threat, the widest cause first", columns)
        .rows(rows)
        .empty(nothing(context, "Nothing that the report tracks is known to be open on a device of yours."))
        .note("Rows overlap: a device can be open for several causes.")
}

fn reasons(threat: Threat, home: &str) -> Table<'static> {
    let rows = reason::why_unavailable(&threat.figures.unavailable_reasons)
        .into_iter()
        .map(|(word, count)| vec![Cell::text(capital(word)), Cell::share(count, threat.figures.devices.unavailable)]);
    Table::new(
        home,
        "unavailable.reasons",
        "Why devices are unavailable",
        columns([("Reason", Kind::Text), ("Devices", Kind::Number)]),
    )
    .rows(rows)
    .note("Of each device the first reason that holds.")
}

/// Every device that is exposed on an axis: those with the headline "exposed", and the impacted
/// ones that are open as well.
fn exposed<'a>(context: &Context<'a>, home: &str) -> Table<'a> {
    let (portal, figures) = (context.portal, context.threat.figures.get());
    let (sets, found) = (&figures.sets, &figures.mitigations);
    let open = &sets.misconfigured | &sets.vulnerable;
    let impacted = sets.impacted.common_len(&open);
    let state = move |ordinal| Cell::text(if sets.impacted.contains(ordinal) { "Impacted" } else { "Exposed" });
    let vulnerabilities = move |ordinal: Ordinal| {
        let rows = found.vulnerabilities.iter().filter(|row| row.exposed_devices.contains(ordinal));
        Cell::parts(rows.map(|row| Part::id(row.id.as_str(), portal.vulnerability_link(&row.id))))
    };
    let configurations = move |ordinal: Ordinal| {
        let rows = found.configurations.iter().filter(|row| row.exposed_devices.contains(ordinal));
        Cell::parts(rows.map(|row| Part::text(&row.name)))
    };
    let antivirus =
        move |ordinal| Cell::text(if sets.other_antivirus.contains(ordinal) { "Another product" } else { "" });
    let extras = [
        Extra::new("State", Kind::Text, state),
        Extra::new("Open vulnerabilities", Kind::Link, vulnerabilities),
        Extra::new("Open configurations", Kind::Text, configurations),
        Extra::new("Antivirus", Kind::Text, antivirus),
    ];
    let also = (impacted > 0).then(|| {
        format!(
            "{} of them also {}.",
            grouped(impacted),
            agreeing(
                impacted,
                "has an active alert and is counted as impacted",
                "have an active alert and are counted as impacted"
            )
        )
    });
    let order = worst_first(figures, &open);
    let all = (open.len(), move || order.clone().into_iter().flatten());
    let caption = "Devices that are open to the threat: the impacted first, then by their worst open vulnerability";
    devices::listed(&portal, (home, "devices.exposed"), caption, all, extras)
        .empty(nothing(context, "No device of yours is known to be open to it."))
        .maybe_note(also)
}

/// Open devices as a page lists them, which may show no more than the first: the impacted ones, then the others, both by
/// the severity of their worst open vulnerability. Those of one set stand by group and id.
fn worst_first(figures: &ReportFigures, open: &DeviceSet) -> Vec<DeviceSet> {
    let rows = &figures.mitigations.vulnerabilities;
    let impacted = open & &figures.sets.impacted;
    let others = open - &impacted;
    let mut order = Vec::new();
    for mut left in [impacted, others] {
        for severity in Severity::ALL {
            let worst = rows.iter().filter(|row| row.severity == severity).map(|row| &row.exposed_devices);
            let worst = &left & &worst.collect();
            left -= &worst;
            order.push(worst);
        }
        order.push(left);
    }
    order
}

fn unavailable<'a>(context: &Context<'a>, home: &str) -> Table<'a> {
    let sets = &context.threat.figures.get().sets;
    let why = move |ordinal: Ordinal| {
        let found = sets.reasons.iter().find(|(_, devices)| devices.contains(ordinal));
        Cell::text(found.map(|(why, _)| capital(reason::word(*why))).unwrap_or_default())
    };
    let extras = [Extra::new("Reason", Kind::Text, why)];
    let place = (home, "devices.unavailable");
    devices::table(&context.portal, place, "Unavailable devices, by device group", &sets.unavailable, extras)
        .empty(nothing(context, "Every device of yours reports and was assessed."))
}

/// What is said in the place of no rows: that nothing is there, if that is known.
fn nothing(context: &Context, sentence: &str) -> String {
    context.threat.without_findings(context.portal.ground).unwrap_or_else(|| sentence.to_owned())
}

fn history(threat: Threat, home: &str) -> Table<'static> {
    let columns = columns([
        ("Snapshot", Kind::Date),
        ("Impacted", Kind::Number),
        ("Exposed", Kind::Number),
        ("Unavailable", Kind::Number),
        ("Mitigated", Kind::Number),
        ("Vulnerable devices", Kind::Number),
        ("Settings in place", Kind::Number),
    ]);
    let rows = threat.figures.history.iter().rev().map(|entry| {
        let devices = entry.devices;
        let pairs = entry.configuration.map(|pairs| (pairs.pairs_secure, pairs.pairs_secure + pairs.pairs_exposed));
        vec![
            Cell::moment(Some(Moment::Instant(entry.as_of))),
            Cell::count(devices.impacted),
            Cell::count(devices.exposed),
            Cell::count(devices.unavailable),
            Cell::count(devices.mitigated),
            Cell::count(entry.vulnerability.map(|found| found.exposed)),
            Cell::percent(pairs.map(|(secure, _)| secure), pairs.map(|(_, whole)| whole)),
        ]
    });
    Table::new(home, "history", "Over the snapshots, the newest first", columns)
        .rows(rows)
        .empty("There is no snapshot yet.")
        .note("Today's report and role over each snapshot's own devices.")
}
