//! `devices`: the roster every other table is read against.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;
use jiff::Timestamp;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Source;
use super::cells::{self, BadCell, Cells};
use super::harvest::Harvest;
use super::source::TOLD_ONE_BY_ONE;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity, visible};
use crate::fleet::{AntivirusMode, Criticality, Device, Group, Health, Onboarding, Ordinal};
use crate::snapshot::read::{Batch, Column, DictionaryColumn};
use crate::terms::{ALL_GROUPS, NO_DEVICE, UNGROUPED};

/// The devices in the fleet's order, and the way from an id to its place.
pub(in crate::snapshot) struct Roster {
    pub(in crate::snapshot) groups: Vec<Group>,
    pub(in crate::snapshot) devices: Vec<Device>,
    ordinals: FxHashMap<CompactString, Ordinal>,
}

impl Roster {
    /// The place of a device, whatever the case of its id.
    pub(super) fn ordinal(&self, id: &str) -> Option<Ordinal> {
        // Most ids are folded already; asking for them as they are saves a copy.
        self.ordinals.get(id).or_else(|| self.ordinals.get(id.to_lowercase().as_str())).copied()
    }

    /// For each distinct id of a column, its place.
    pub(super) fn ordinals(&self, column: &DictionaryColumn) -> Vec<Option<Ordinal>> {
        column.values.iter().map(|id| self.ordinal(id)).collect()
    }

    /// How many devices there are.
    pub(super) fn len(&self) -> usize {
        self.devices.len()
    }
}

/// Whether a group's name stands for none.
fn is_no_group(name: &str) -> bool {
    ["", "unassigned", "none"].contains(&name.to_lowercase().as_str())
}

/// The groups that rows about devices name, held against the devices' own.
pub(super) struct NamedGroups<'b> {
    column: &'b DictionaryColumn,
    /// For each distinct name, whether it says anything: an empty one is not given.
    names: Vec<&'b str>,
}

impl<'b> NamedGroups<'b> {
    pub(super) fn of(column: &'b DictionaryColumn) -> Self {
        let name = |name: &'b String| if !name.is_empty() && is_no_group(name) { UNGROUPED } else { name };
        Self { column, names: column.values.iter().map(name).collect() }
    }

    /// Tells of a row about a device that names another group. The device's own counts.
    pub(super) fn compare(&self, roster: &Roster, device: Ordinal, row: usize, harvest: &mut Harvest) {
        let named = self.names[self.column.key(row)];
        let own = || roster.groups.partition_point(|group| group.range.end <= device);
        if !named.is_empty()
            && let Some(own) = roster.groups.get(own()).filter(|own| own.name != named)
            && let Some(device) = roster.devices.get(device as usize)
        {
            harvest.stranger(&device.id, &own.name, named);
        }
    }
}

pub(super) const COLUMNS: [Column<'static>; 12] = [
    Column::required("device_id"),
    Column::required("name"),
    Column::required("device_group"),
    Column::optional("os"),
    Column::optional("os_version"),
    Column::optional("onboarding"),
    Column::optional("health"),
    Column::optional("last_seen"),
    Column::optional("antivirus_mode"),
    Column::optional("excluded"),
    Column::optional("criticality"),
    Column::optional("internet_facing"),
];

/// A row, with its group as written: it decides between rows that are otherwise equal.
struct Row {
    folded: CompactString,
    group: CompactString,
    excluded: Option<bool>,
    device: Device,
}

/// Reads the table. `None` when it is absent or its devices cannot be told apart.
pub(in crate::snapshot) fn devices(
    source: &Source<'_>,
    group_ranks: &[String],
    diagnostics: &mut Diagnostics,
) -> Option<Roster> {
    let now = source.as_of();
    let before = diagnostics.count(Severity::Error);
    let Some(batches) = source.read("devices", &COLUMNS, diagnostics, |batch, harvest| rows(batch, now, harvest))
    else {
        diagnostics.push(
            Diagnostic::error(Code::InvalidSnapshot, "the table `devices` is missing").in_file(source.shown()).hint(
                "a snapshot needs devices.csv (or .ndjson, .json, .parquet) with device_id, name and device_group",
            ),
        );
        return None;
    };
    if diagnostics.count(Severity::Error) > before {
        // Half a roster would make orphans of everything else.
        return None;
    }
    let mut rows: Vec<Row> = batches.into_iter().flatten().collect();
    rows.par_sort_unstable_by(|a, b| a.folded.cmp(&b.folded).then_with(|| b.precedes(a)));
    reserved_groups(source, &rows, diagnostics);
    let mut kept: Vec<(CompactString, Row)> = Vec::with_capacity(rows.len());
    let mut torn = Vec::new();
    let mut rows = rows.into_iter().peekable();
    while let Some(first) = rows.next() {
        let mut same = vec![first];
        while let Some(next) = rows.next_if(|next| next.folded == same[0].folded) {
            same.push(next);
        }
        kept.extend(winner(same, group_ranks, &mut torn));
    }
    two_groups(source, torn, diagnostics);
    kept.par_sort_unstable_by(|(a_group, a), (b_group, b)| (a_group, &a.folded).cmp(&(b_group, &b.folded)));
    Some(roster(kept))
}

fn rows(batch: &Batch, now: Timestamp, harvest: &mut Harvest) -> Vec<Row> {
    let column = |at: usize| &batch.columns[at];
    let unknown_health = Some(Health::Unknown);
    let parsed = Parsed {
        onboarding: cells::words(column(5), "onboarding", harvest, Onboarding::parse, None),
        health: cells::words(column(6), "health", harvest, Health::parse, unknown_health),
        last_seen: cells::times(column(7), "last_seen"),
        antivirus_mode: cells::words(
            column(8),
            "antivirus_mode",
            harvest,
            AntivirusMode::parse,
            Some(AntivirusMode::Unknown),
        ),
        excluded: cells::booleans(column(9), "excluded"),
        criticality: cells::words(column(10), "criticality", harvest, Criticality::parse, None),
        internet_facing: cells::words(column(11), "internet_facing", harvest, cells::boolean, None),
    };
    (0..batch.rows).filter_map(|row| parsed.row(batch, row, now, harvest).ok()).collect()
}

/// The typed columns of a batch.
struct Parsed<'b> {
    onboarding: Cells<'b, Onboarding>,
    health: Cells<'b, Health>,
    last_seen: Cells<'b, Timestamp>,
    antivirus_mode: Cells<'b, AntivirusMode>,
    excluded: Cells<'b, bool>,
    criticality: Cells<'b, Criticality>,
    internet_facing: Cells<'b, bool>,
}

impl Parsed<'_> {
    fn row(&self, batch: &Batch, row: usize, now: Timestamp, harvest: &mut Harvest) -> Result<Row, BadCell> {
        let id = cells::id(batch, 0, "device_id", row, harvest)?;
        let last_seen = self.last_seen.value(batch, row, harvest)?.copied();
        let excluded = self.excluded.value(batch, row, harvest)?.copied();
        if last_seen.is_some_and(|seen| seen > now) {
            harvest.after_now("last_seen");
        }
        let device = Device {
            id: id.into(),
            name: cells::text(&batch.columns[1], row).into(),
            os: cells::some_text(&batch.columns[3], row),
            os_version: cells::some_text(&batch.columns[4], row),
            onboarding: self.onboarding.value(batch, row, harvest)?.copied(),
            health: self.health.value(batch, row, harvest)?.copied(),
            last_seen,
            antivirus_mode: self.antivirus_mode.value(batch, row, harvest)?.copied(),
            excluded: excluded.unwrap_or(false),
            criticality: self.criticality.value(batch, row, harvest)?.copied(),
            internet_facing: self.internet_facing.value(batch, row, harvest)?.copied(),
        };
        let group = cells::text(&batch.columns[2], row).into();
        Ok(Row { folded: id.to_lowercase().into(), group, excluded, device })
    }
}

impl Row {
    /// The group meant: none, in any spelling, is `ungrouped`.
    fn group(&self) -> &str {
        if is_no_group(&self.group) { UNGROUPED } else { &self.group }
    }

    /// Of two rows of one device the greater one wins: the newest, then the greatest in the
    /// canonical text of the columns in their order.
    fn precedes(&self, other: &Self) -> Ordering {
        self.says().cmp(&other.says())
    }

    fn says(&self) -> (Option<Timestamp>, [&str; 11]) {
        fn boolean(value: Option<bool>) -> &'static str {
            value.map_or("", |value| if value { "true" } else { "false" })
        }
        let device = &self.device;
        let texts: [&str; 11] = [
            &device.name,
            &self.group,
            device.os.as_deref().unwrap_or_default(),
            device.os_version.as_deref().unwrap_or_default(),
            device.onboarding.map_or("", Onboarding::word),
            device.health.map_or("", Health::word),
            device.antivirus_mode.map_or("", AntivirusMode::word),
            boolean(self.excluded),
            device.criticality.map_or("", Criticality::word),
            boolean(device.internet_facing),
            // Two spellings of one id say the same; one of them has to be shown.
            &device.id,
        ];
        (device.last_seen, texts)
    }
}

/// The row of a device that counts, with its group. `same` is not empty and has the greatest
/// row first.
fn winner(same: Vec<Row>, group_ranks: &[String], torn: &mut Vec<Torn>) -> Option<(CompactString, Row)> {
    let groups: BTreeSet<&str> = same.iter().map(Row::group).collect();
    let group = if groups.len() == 1 {
        CompactString::from(same[0].group())
    } else {
        let rank = |group: &&&str| group_ranks.iter().position(|ranked| ranked == **group);
        if groups.iter().any(|group| rank(&group).is_none()) {
            let groups = groups.iter().map(|group| (*group).to_owned()).collect();
            torn.push(Torn { device: same[0].device.id.to_string(), groups });
        }
        CompactString::from(*groups.iter().min_by_key(rank)?)
    };
    let row = same.into_iter().find(|row| row.group() == group)?;
    Some((group, row))
}

/// A device in groups that are not ranked.
struct Torn {
    device: String,
    groups: Vec<String>,
}

fn two_groups(source: &Source<'_>, torn: Vec<Torn>, diagnostics: &mut Diagnostics) {
    let more = torn.len().saturating_sub(TOLD_ONE_BY_ONE);
    let tell = |message: String| Diagnostic::error(Code::DeviceInTwoGroups, message).in_file(source.place("devices"));
    let told: Vec<Torn> = torn.into_iter().take(TOLD_ONE_BY_ONE).collect();
    let rows = first_rows(source, &told);
    for Torn { device, groups } in told {
        let groups: Vec<String> = groups.iter().map(|group| format!("`{}`", visible(group))).collect();
        let message = format!("device `{}` has rows in the groups {}", visible(&device), groups.join(", "));
        let hint = "a device belongs to one group: correct the export, or rank these groups under `group_ranks`";
        let problem = tell(message).hint(hint);
        diagnostics.push(match rows.get(&device.to_lowercase()) {
            Some((file, row, line)) => problem.in_row(file, *row, *line),
            None => problem,
        });
    }
    if more > 0 {
        diagnostics.push(tell(format!("{more} more devices have rows in several groups")));
    }
}

/// Where the first row of each of these devices stands: file, row and line. That is looked for when it has to be told,
/// so that nobody else pays for it.
fn first_rows(source: &Source<'_>, torn: &[Torn]) -> BTreeMap<String, (String, u64, Option<u64>)> {
    if torn.is_empty() {
        return BTreeMap::new();
    }
    let wanted: BTreeSet<String> = torn.iter().map(|torn| torn.device.to_lowercase()).collect();
    let found = source.read("devices", &[Column::required("device_id")], &mut Diagnostics::new(), |batch, _| {
        let ids = &batch.columns[0];
        let is_wanted: Vec<bool> = ids.values.iter().map(|id| wanted.contains(&id.to_lowercase())).collect();
        let rows = (0..batch.rows).filter(|row| is_wanted[ids.key(*row)]);
        let place = |row: usize| {
            let (number, line) = batch.place(row);
            (ids.text(row).to_lowercase(), (batch.file.to_string(), number, line))
        };
        rows.map(place).collect::<Vec<_>>()
    });
    let mut first = BTreeMap::new();
    for (device, place) in found.into_iter().flatten().flatten() {
        let known = first.entry(device).or_insert_with(|| place.clone());
        *known = place.min(std::mem::take(known));
    }
    first
}

fn reserved_groups(source: &Source<'_>, rows: &[Row], diagnostics: &mut Diagnostics) {
    let reserved = [ALL_GROUPS, UNGROUPED, NO_DEVICE];
    let found: BTreeMap<&str, &str> = rows
        .iter()
        .filter(|row| reserved.contains(&row.group.as_str()))
        .map(|row| (row.group.as_str(), row.device.id.as_str()))
        .collect();
    for (group, device) in found {
        diagnostics.push(
            Diagnostic::error(
                Code::ReservedGroup,
                format!("a device group is called `{group}` (device `{}`)", visible(device)),
            )
            .in_file(source.place("devices"))
            .hint("that word means something else in threatpress.yaml: rename the group in the export"),
        );
    }
}

fn roster(kept: Vec<(CompactString, Row)>) -> Roster {
    let mut roster =
        Roster { groups: Vec::new(), devices: Vec::with_capacity(kept.len()), ordinals: FxHashMap::default() };
    roster.ordinals.reserve(kept.len());
    for (ordinal, (group, row)) in (0..).zip(kept) {
        match roster.groups.last_mut() {
            Some(last) if last.name == group => last.range.end = ordinal + 1,
            _ => roster.groups.push(Group { name: group.into(), range: ordinal..ordinal + 1 }),
        }
        roster.ordinals.insert(row.folded, ordinal);
        roster.devices.push(row.device);
    }
    roster
}
