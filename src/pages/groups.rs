//! Device groups: the page that the people who run a group's devices keep open.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::json;

use super::advice::Advice;
use super::cell::{Cell, Part, capital};
use super::number::counted;
use super::page::Page;
use super::portal::{Portal, to};
use super::reason::{absent_from, why_unavailable};
use super::route::Route;
use super::since::Since;
use super::table::{Kind, Table, columns};
use super::tile::Tile;
use super::{charts, entries, feed, since};
use crate::exposure::{Count, DashboardHistory, DeviceStates, GroupHistory};
use crate::scope::Group;

/// The devices of a group.
pub(super) fn size(group: &Group) -> Count {
    Some(u64::from(group.range.end.saturating_sub(group.range.start)))
}

fn group<'a>(portal: &Portal<'a>, name: &str) -> Option<&'a Group> {
    portal.ground.fleet()?.groups.iter().find(|group| group.name == name)
}

/// `/groups/`.
pub(super) fn index(portal: &Portal) -> Page<'static> {
    let view =
        json!({ "intro": "The device groups of your role. Every count on this site is of devices in these groups." });
    Page::new(Route::Groups, "index.html", "Device groups", "groups", &view)
        .tlp(portal.strictest())
        .under("Dashboard", &Route::Dashboard)
        .tables([table(portal)])
}

fn table(portal: &Portal) -> Table<'static> {
    let history = &portal.dashboard().history;
    let alerts_known = portal.dashboard().totals.impacted_devices.is_some();
    let columns = columns([
        ("Device group", Kind::Link),
        ("Devices", Kind::Number),
        ("Impacted devices", Kind::Number),
        ("Exposed devices", Kind::Number),
    ]);
    let rows = portal.names.groups.iter().map(|(url, name)| {
        let link = Cell::linked(name, Some(to(&Route::Group(url.clone()))));
        // A group that the snapshot does not have has no device: that is known.
        let count = |of: fn(&GroupHistory) -> Count| history.last().and_then(|now| now.group(name).map_or(Some(0), of));
        let devices = count(|group| Some(group.devices));
        let impacted = count(|group| group.impacted).filter(|_| alerts_known);
        vec![
            link,
            Cell::count(devices),
            Cell::state("impacted", impacted, devices),
            Cell::state("exposed", count(|group| Some(group.exposed)), devices)
                .with_course(history.iter().map(|entry| Some(entry.group(name)?.exposed))),
        ]
    });
    Table::new("groups/", "groups", "Your device groups", columns)
        .rows(rows)
        .empty(no_group(portal))
        .note("Impacted and exposed: of at least one threat. A device can be both, of different threats.")
}

fn no_group(portal: &Portal) -> String {
    match (portal.ground.fleet(), portal.ground.role().sees_all) {
        (None, _) => absent_from(portal.ground, "devices"),
        (Some(_), true) => "No device group has a device.".to_owned(),
        (Some(_), false) => "Your role sees no device group.".to_owned(),
    }
}

/// `/groups/NAME/`.
pub(super) fn page(portal: &Portal, url: &str) -> Option<Page<'static>> {
    let name = portal.names.groups.get(url)?;
    let route = Route::Group(url.to_owned());
    let home = route.directory();
    let known = group(portal, name);
    let view = json!({
        "kind": "Device group",
        "intro": intro(portal, name, known),
        "facts": [],
        "tiles": tiles(portal, name),
        "more": known.map(|_| Part::linked("Worklist of this group", Some(to(&Route::GroupWorklist(url.to_owned()))))),
        "notice": null,
    });
    let tables = known.map(|group| {
        [
            threats(portal, &home, group),
            actions(portal, &home, group),
            silent(portal, &home, group),
            systems(portal, &home, group),
        ]
    });
    let feed = known.map(|group| feed::of_group(portal, &route, &group.name));
    let mut page = Page::new(route, "entity.html", name, "groups", &view)
        .of("Device group")
        .tlp(portal.strictest())
        .under("Dashboard", &Route::Dashboard)
        .under("Device groups", &Route::Groups)
        .charts(known.and_then(|group| charts::burn_down(&points(portal, group), &home)))
        .tables(tables.into_iter().flatten());
    page.feed = feed;
    Some(page)
}

/// What is known of a group in each snapshot; in one without a device of the group, nothing.
fn points(portal: &Portal, group: &Group) -> Vec<charts::Point> {
    let history = portal.dashboard().history.iter();
    let point = |entry: &DashboardHistory| {
        let known = entry.group(&group.name);
        charts::Point {
            as_of: entry.as_of,
            impacted: known.and_then(|known| known.impacted),
            exposed: known.map(|known| known.exposed),
        }
    };
    history.map(point).collect()
}

fn intro(portal: &Portal, name: &str, known: Option<&Group>) -> String {
    match (portal.ground.fleet(), known) {
        (None, _) => absent_from(portal.ground, "devices"),
        (Some(_), None) => emptied(portal, name),
        (Some(_), Some(group)) => {
            format!("{} in the current snapshot.", counted(size(group).unwrap_or_default(), "device", "devices"))
        }
    }
}

/// What is told of a group without devices: since when, where an earlier snapshot had some.
fn emptied(portal: &Portal, name: &str) -> String {
    let history = &portal.dashboard().history;
    let last = history.iter().rposition(|entry| entry.group(name).is_some());
    let had = last.and_then(|at| Some((history.get(at)?.group(name)?.devices, history.get(at + 1)?)));
    had.map_or_else(
        || "No snapshot up to this one has a device in this group.".to_owned(),
        |(devices, empty)| {
            format!(
                "No devices since the snapshot of {}; the one before it had {}.",
                since::day(empty.as_of),
                counted(devices, "device", "devices")
            )
        },
    )
}

/// What is known of a group in the current snapshot; nothing where it has no device in it.
fn current<'a>(portal: &Portal<'a>, name: &str) -> Option<&'a GroupHistory> {
    portal.dashboard().history.last()?.group(name)
}

fn tiles(portal: &Portal, name: &str) -> Vec<Tile> {
    let Some(now) = current(portal, name) else { return Vec::new() };
    let reason = Some(absent_from(portal.ground, "alerts"));
    let moved = |count: fn(&GroupHistory) -> Count| {
        let before = portal.before()?;
        Since::between(count(before.group(name)?), count(now), before.as_of)
    };
    let impacted = moved(|group| group.impacted);
    let exposed = moved(|group| Some(group.exposed));
    let all = Some(now.devices);
    vec![
        Tile::count("Impacted devices", now.impacted, "With an active alert of at least one threat.", reason)
            .of(all)
            .since(impacted.clone())
            .toned("impacted"),
        Tile::count("Exposed devices", Some(now.exposed), "Open to at least one threat and not impacted by it.", None)
            .of(all)
            .since(since::of_exposed(exposed, impacted.as_ref()))
            .toned("exposed")
            .defined("states"),
        Tile::count(
            "Not reporting",
            Some(now.not_reporting()),
            "Nobody can vouch for them, whatever the threat.",
            None,
        )
        .of(all)
        .since(moved(|group| Some(group.not_reporting())))
        .toned("unavailable")
        .defined("states"),
    ]
}

/// Why devices of the group do not report.
fn silent(portal: &Portal, home: &str, group: &Group) -> Table<'static> {
    let silent = current(portal, &group.name).map(|now| now.silent).unwrap_or_default();
    let rows = why_unavailable(&silent).into_iter().filter(|(_, count)| *count > Some(0));
    let columns = columns([("Reason", Kind::Text), ("Devices", Kind::Number), ("Share of the group", Kind::Number)]);
    Table::new(home, "silent", "Devices that do not report", columns)
        .rows(rows.map(|(word, count)| {
            vec![
                Cell::text(capital(word)),
                Cell::state("unavailable", count, size(group)),
                Cell::percent(count, size(group)),
            ]
        }))
        .empty("Every device of this group reports.")
        .note("Of each device the first reason that holds.")
}

fn threats(portal: &Portal, home: &str, group: &Group) -> Table<'static> {
    let columns = columns([
        ("Threat", Kind::Link),
        ("Severity", Kind::Text),
        ("Impacted", Kind::Number),
        ("Exposed", Kind::Number),
        ("Unavailable", Kind::Number),
        ("Mitigated", Kind::Number),
        ("Not applicable", Kind::Number),
    ]);
    let mut rows: Vec<_> = portal
        .threats()
        .filter_map(|threat| {
            Some((threat, threat.figures.groups.iter().find(|states| states.name == group.name)?.devices))
        })
        .collect();
    rows.sort_by_key(|(_, states)| (Reverse(states.impacted), Reverse(states.exposed)));
    let rows = rows.into_iter().map(|(threat, states)| {
        [entries::title(&threat), entries::severity(&threat)].into_iter().chain(by_state(&states)).collect()
    });
    Table::new(home, "threats", "Threats, by impacted and exposed devices of this group", columns)
        .rows(rows)
        .empty("No report is published for your role yet.")
        .note("Each row adds up to the devices of the group; where impacted is not available, the other states do.")
}

/// What to do first: updates and configurations by the devices of the group that need them.
fn actions(portal: &Portal, home: &str, group: &Group) -> Table<'static> {
    let open = Advice::over(portal.threats()).into_iter();
    let open = open.filter_map(|one| Some((one.devices.as_ref()?.len_in(&group.range), one)));
    let mut open: Vec<_> = open.filter(|(devices, _)| *devices > 0).collect();
    open.sort_by_key(|(devices, one)| (Reverse(*devices), one.kind, one.key));
    let rows = open.into_iter().map(|(devices, one)| {
        vec![
            Cell::part(Part::linked(one.name, Some(one.link))),
            Cell::text(one.kind),
            Cell::code(one.key),
            Cell::share(Some(devices), size(group)),
        ]
    });
    let columns = columns([
        ("Mitigation", Kind::Link),
        ("Kind", Kind::Text),
        ("ID", Kind::Text),
        ("Devices that need it", Kind::Number),
    ]);
    Table::new(home, "mitigations", "Open mitigations, by devices of this group", columns)
        .rows(rows)
        .empty("No tracked mitigation is known to be open on a device of this group.")
        .note("A device can need several; rows overlap.")
}

fn systems(portal: &Portal, home: &str, group: &Group) -> Table<'static> {
    let devices =
        portal.ground.fleet().and_then(|fleet| fleet.devices.get(group.range.start as usize..group.range.end as usize));
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for device in devices.unwrap_or_default() {
        *counts.entry(device.os.as_deref().unwrap_or("Not known")).or_default() += 1;
    }
    let rows =
        counts.into_iter().map(|(system, count)| vec![Cell::text(system), Cell::share(Some(count), size(group))]);
    Table::new(
        home,
        "systems",
        "Operating systems",
        columns([("Operating system", Kind::Text), ("Devices", Kind::Number)]),
    )
    .rows(rows)
    .empty("No device.")
}

/// A cell for every headline state, the worst first.
fn by_state(states: &DeviceStates) -> [Cell; 5] {
    let cell = |tone, count| Cell::state(tone, count, states.total);
    [
        cell("impacted", states.impacted),
        cell("exposed", states.exposed),
        cell("unavailable", states.unavailable),
        cell("mitigated", states.mitigated),
        cell("not-applicable", states.not_applicable),
    ]
}

/// The headline states of every group of a report.
pub(super) fn states(portal: &Portal, home: &str, groups: &[crate::exposure::GroupStates]) -> Table<'static> {
    let columns = columns([
        ("Device group", Kind::Link),
        ("Devices", Kind::Number),
        ("Impacted", Kind::Number),
        ("Exposed", Kind::Number),
        ("Unavailable", Kind::Number),
        ("Mitigated", Kind::Number),
        ("Not applicable", Kind::Number),
    ]);
    let rows = groups.iter().map(|group| {
        let name = Cell::linked(&group.name, portal.group_link(&group.name));
        [name, Cell::count(group.devices.total)].into_iter().chain(by_state(&group.devices)).collect()
    });
    Table::new(home, "groups", "Devices by group and state", columns)
        .rows(rows)
        .empty("No device group of yours has a device.")
}
