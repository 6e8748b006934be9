//! Worklists: what the people who run a group's devices have to do, device by device. One for each
//! report and group, and one for each group over all reports.

mod open;

use std::sync::Arc;

use serde_json::json;

use super::cell::{Cell, Part};
use super::devices::{self, Extra};
use super::groups::size;
use super::number::counted;
use super::page::Page;
use super::portal::{Portal, Threat, to};
use super::route::{Route, Tab};
use super::table::{Kind, Table, columns};
use super::tile::Tile;
use crate::scope::{DeviceSet, Group, Ordinal};
use crate::terms::url_name;
use open::{Open, Task, Tasks, Update, in_order};

/// So many ids or names stand in a cell of a page; its CSV has them all.
const SHOWN: usize = 8;
/// A file whose name would be longer is not written.
const LONGEST: usize = 100;

/// `/threats/SLUG/worklist/GROUP/`: what a report asks of a group's devices.
pub(super) fn of_report<'a>(portal: &Portal<'a>, slug: &str, url: &str) -> Option<Page<'a>> {
    let threat = portal.threat(slug)?;
    let group = group(portal, url)?;
    let route = Route::Worklist(slug.to_owned(), url.to_owned());
    let title = format!("Worklist of {}", group.name);
    let intro = format!(
        "What is open on the devices of {} for \u{201c}{}\u{201d}, the worst first.",
        group.name, threat.report.title
    );
    let page = page(portal, route, (&title, &intro), group, &Open::over(std::iter::once(threat)));
    Some(
        page.of(&threat.report.title)
            .tlp(threat.report.tlp)
            .under("Dashboard", &Route::Dashboard)
            .under("Threats", &Route::Threats)
            .under(&threat.report.title, &Route::Report(slug.to_owned(), Tab::Overview))
            .under(Tab::Mitigations.label(), &Route::Report(slug.to_owned(), Tab::Mitigations)),
    )
}

/// `/groups/NAME/worklist/`: what all reports ask of a group's devices.
pub(super) fn of_group<'a>(portal: &Portal<'a>, url: &str) -> Option<Page<'a>> {
    let group = group(portal, url)?;
    let route = Route::GroupWorklist(url.to_owned());
    let title = format!("Worklist of {}", group.name);
    let intro = format!("What is open on the devices of {} over all threats, the worst first.", group.name);
    let page = page(portal, route, (&title, &intro), group, &Open::over(portal.threats()));
    Some(
        page.of("All threats")
            .tlp(portal.strictest())
            .under("Dashboard", &Route::Dashboard)
            .under("Device groups", &Route::Groups)
            .under(&group.name, &Route::Group(url.to_owned())),
    )
}

fn group<'a>(portal: &Portal<'a>, url: &str) -> Option<&'a Group> {
    let name = portal.names.groups.get(url)?;
    portal.ground.fleet()?.groups.iter().find(|group| group.name == *name)
}

/// The groups with a worklist for a report, by name in the URL.
pub(super) fn groups_of<'a>(portal: &Portal<'a>, threat: Threat<'a>) -> Vec<(String, &'a Group)> {
    let sets = &threat.figures.sets;
    let open = &sets.misconfigured | &sets.vulnerable;
    let groups = portal.ground.fleet().map(|fleet| fleet.groups.as_slice()).unwrap_or_default();
    let concerned = groups.iter().filter(|group| open.len_in(&group.range) > 0);
    concerned
        .map(|group| (url_name(&group.name), group))
        .filter(|(url, _)| portal.names.groups.contains_key(url))
        .collect()
}

fn page<'a>(
    portal: &Portal<'a>,
    route: Route,
    (title, intro): (&str, &str),
    group: &Group,
    open: &Open<'a>,
) -> Page<'a> {
    let home = route.directory();
    let section = if matches!(route, Route::GroupWorklist(_)) { "groups" } else { "threats" };
    let tasks = Arc::new(open.tasks(&group.range));
    let files: Vec<Table<'a>> =
        open.updates.iter().filter_map(|(url, update)| file(portal, &home, group, url, update, &tasks)).collect();
    let view = json!({
        "kind": "Worklist",
        "intro": intro,
        "facts": [],
        "tiles": tiles(group, open, &tasks),
        "notice": null,
    });
    let mut page = Page::new(route, "entity.html", title, section, &view)
        .tables([everything(portal, &home, &tasks), updates(&home, group, open, &files)]);
    page.files = files.into_iter().map(Arc::new).collect();
    page
}

fn tiles(group: &Group, open: &Open, tasks: &Tasks) -> Vec<Tile> {
    let count = |test: fn(&Task) -> bool| Some(tasks.values().filter(|task| test(task)).count() as u64);
    let needed = open.updates.values().filter(|update| update.devices.len_in(&group.range) > 0).count() as u64;
    vec![
        Tile::count("Devices to work on", count(|_| true), "With anything open.", None)
            .of(size(group))
            .toned("exposed"),
        Tile::count("Updates to install", Some(needed), "That a device of the group needs.", None).toned("exposed"),
        Tile::count(
            "Vulnerable",
            count(|task| !task.vulnerabilities.is_empty()),
            "Devices with an open vulnerability.",
            None,
        )
        .of(size(group)),
        Tile::count(
            "Misconfigured",
            count(|task| !task.configurations.is_empty()),
            "Devices with a wrong configuration.",
            None,
        )
        .of(size(group)),
    ]
}

fn everything<'a>(portal: &Portal<'a>, home: &str, tasks: &Arc<Tasks<'a>>) -> Table<'a> {
    let order = in_order(tasks);
    let devices = (order.len() as u64, move || order.clone().into_iter());
    devices::listed(portal, (home, "worklist"), "Devices to work on, the worst first", devices, extras(tasks))
        .empty("Nothing is known to be open on a device of this group.")
}

/// The CSV of the devices that need one update; none where its id cannot name a file.
fn file<'a>(
    portal: &Portal<'a>,
    home: &str,
    group: &Group,
    url: &str,
    update: &Update<'a>,
    tasks: &Arc<Tasks<'a>>,
) -> Option<Table<'a>> {
    let devices: DeviceSet = update.devices.iter_in(&group.range).collect();
    if url.is_empty() || url.len() > LONGEST || devices.is_empty() {
        return None;
    }
    let table = devices::table(portal, (home, "update"), update.name, &devices, extras(tasks));
    Some(table.called(format!("update-{url}")))
}

fn extras<'a>(tasks: &Arc<Tasks<'a>>) -> [Extra<'a>; 4] {
    let listed = |part: for<'t> fn(&'t Task) -> &'t [&'t str]| {
        let tasks = Arc::clone(tasks);
        move |ordinal: Ordinal| tasks.get(&ordinal).map_or_else(Cell::default, |task| list(part(task)))
    };
    [
        Extra::new("Updates to install", Kind::Text, listed(|task| &task.updates)),
        Extra::new("Open vulnerabilities", Kind::Text, listed(|task| &task.vulnerabilities)),
        Extra::new("Wrong configurations", Kind::Text, listed(|task| &task.configurations)),
        Extra::new("Threats", Kind::Text, listed(|task| &task.reports)),
    ]
}

/// The first of many on the page, all of them in the CSV.
fn list(names: &[&str]) -> Cell {
    let mut shown: Vec<String> = names.iter().take(SHOWN).map(|name| (*name).to_owned()).collect();
    if names.len() > SHOWN {
        shown.push(format!("{} more", names.len() - SHOWN));
    }
    Cell::text(shown.join(", ")).with_raw(names.join("; "))
}

fn updates(home: &str, group: &Group, open: &Open, files: &[Table]) -> Table<'static> {
    let mut rows: Vec<(u64, &String, &Update)> = open
        .updates
        .iter()
        .map(|(url, update)| (update.devices.len_in(&group.range), url, update))
        .filter(|(devices, ..)| *devices > 0)
        .collect();
    rows.sort_by_key(|(devices, ..)| std::cmp::Reverse(*devices));
    let rows = rows.into_iter().map(|(devices, url, update)| {
        let file = files.iter().find(|table| table.id == format!("update-{url}"));
        let link = file.map(|table| table.download.clone());
        let words = counted(devices, "device", "devices");
        vec![
            Cell::text(update.name),
            Cell::code(update.id),
            Cell::state("exposed", Some(devices), size(group)),
            Cell::text(update.answers.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(", ")),
            Cell::part(Part::linked(format!("CSV of {words}"), link)),
        ]
    });
    let columns = columns([
        ("Update", Kind::Text),
        ("ID", Kind::Text),
        ("Devices that need it", Kind::Number),
        ("Answers", Kind::Text),
        ("Devices", Kind::Link),
    ]);
    Table::new(home, "updates", "Updates to install, by devices of this group", columns)
        .rows(rows)
        .empty("No device of this group has an open finding that names an update.")
}

/// The worklists of a report, as its page of mitigations lists them.
pub(super) fn table(portal: &Portal, threat: Threat, home: &str) -> Table<'static> {
    let open = Open::over(std::iter::once(threat));
    let rows = groups_of(portal, threat).into_iter().map(|(url, group)| {
        let route = Route::Worklist(threat.report.slug.clone(), url);
        let updates = open.updates.values().filter(|update| update.devices.len_in(&group.range) > 0).count();
        vec![
            Cell::linked(&group.name, Some(to(&route))),
            Cell::state("exposed", Some(open.devices(&group.range).len()), size(group)),
            Cell::count(Some(updates as u64)),
        ]
    });
    let columns = columns([
        ("Device group", Kind::Link),
        ("Devices to work on", Kind::Number),
        ("Updates to install", Kind::Number),
    ]);
    Table::new(home, "worklists", "Worklists, by device group", columns)
        .rows(rows)
        .empty("Nothing that the report tracks is known to be open on a device of yours.")
}
