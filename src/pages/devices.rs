//! Tables of devices.

use super::cell::{Cell, Part};
use super::link::Link;
use super::portal::Portal;
use super::table::{Column, Kind, Table};
use crate::scope::{Device, DeviceSet, FleetSlice, Ordinal};

/// A further column of a table of devices: its heading, kind, and the cell of each device.
pub(super) struct Extra<'a> {
    pub(super) label: &'static str,
    pub(super) kind: Kind,
    pub(super) cell: Box<dyn Fn(Ordinal) -> Cell + Send + Sync + 'a>,
}

impl<'a> Extra<'a> {
    pub(super) fn new(label: &'static str, kind: Kind, cell: impl Fn(Ordinal) -> Cell + Send + Sync + 'a) -> Self {
        Self { label, kind, cell: Box::new(cell) }
    }
}

/// A table of the devices of a set, by group and id: name and group, the further columns, and
/// what the snapshot says of the device.
pub(super) fn table<'a>(
    portal: &Portal<'a>,
    place: (&str, &'static str),
    caption: &str,
    devices: &DeviceSet,
    extras: impl Into<Vec<Extra<'a>>>,
) -> Table<'a> {
    let (total, devices) = (devices.len(), devices.clone());
    listed(portal, place, caption, (total, move || devices.clone().into_iter()), extras)
}

/// The same of devices in an order of its own, with their number.
pub(super) fn listed<'a, N: Iterator<Item = Ordinal> + 'a>(
    portal: &Portal<'a>,
    (home, name): (&str, &'static str),
    caption: &str,
    (total, devices): (u64, impl Fn() -> N + Send + Sync + 'a),
    extras: impl Into<Vec<Extra<'a>>>,
) -> Table<'a> {
    let (portal, extras) = (*portal, extras.into());
    let table = Table::new(home, name, caption, headings(&extras));
    let Some(fleet) = portal.ground.fleet() else { return table };
    table.limited(total, portal.limits(), devices, move |ordinal| row(&portal, fleet, ordinal, &extras))
}

fn headings(extras: &[Extra]) -> Vec<Column> {
    let column = |label, kind| Column { label, kind };
    let mut columns = vec![column("Device", Kind::Link), column("Device group", Kind::Link)];
    columns.extend(extras.iter().map(|extra| column(extra.label, extra.kind)));
    columns.extend([
        column("Operating system", Kind::Text),
        column("Last seen", Kind::Date),
        column("Criticality", Kind::Text),
        column("Internet-facing", Kind::Text),
        column("Device ID", Kind::Text),
    ]);
    columns
}

fn row(portal: &Portal, fleet: &FleetSlice, ordinal: Ordinal, extras: &[Extra]) -> Vec<Cell> {
    let Some(device) = fleet.devices.get(ordinal as usize) else { return Vec::new() };
    let group = fleet.group_of(ordinal).map(|group| group.name.as_str()).unwrap_or_default();
    let mut row = vec![named(portal, device), Cell::linked(group, portal.group_link(group))];
    row.extend(extras.iter().map(|extra| (extra.cell)(ordinal)));
    row.extend([
        Cell::text(system(device)),
        Cell::instant(device.last_seen),
        Cell::text(device.criticality.map(|criticality| criticality.label()).unwrap_or_default()),
        Cell::text(device.internet_facing.map(|facing| if facing { "Yes" } else { "No" }).unwrap_or_default()),
        Cell::code(device.id.clone()),
    ]);
    row
}

fn named(portal: &Portal, device: &Device) -> Cell {
    Cell::part(called(portal, device)).with_raw(device.name.clone())
}

fn called(portal: &Portal, device: &Device) -> Part {
    let name = if device.name.is_empty() { &device.id } else { &device.name };
    Part::linked(name.clone(), Link::of(portal.ground.site().links.device.as_ref(), &device.id))
}

/// A device by its name, leading to where it is at home.
pub(super) fn part(portal: &Portal, fleet: &FleetSlice, ordinal: Ordinal) -> Part {
    fleet.devices.get(ordinal as usize).map(|device| called(portal, device)).unwrap_or_default()
}

fn system(device: &Device) -> String {
    let parts = [device.os.as_deref(), device.os_version.as_deref()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}
