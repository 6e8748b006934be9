//! What is probably not what was meant, though every row of it can be read.

use jiff::{SignedDuration, Timestamp};

use super::{Known, Surveyed};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, visible};
use crate::fleet::{Device, Health};
use crate::terms::UNGROUPED;

/// A device that nobody heard of for so long is probably gone.
const LONG_SILENCE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Tables that are so far apart were probably not exported together.
const FAR_APART: SignedDuration = SignedDuration::from_hours(48);

/// Everything that is doubtful about a snapshot.
#[must_use]
pub fn doubts(known: Known<'_>) -> Diagnostics {
    let mut told = Diagnostics::new();
    devices(known, &mut told);
    inventory(known, &mut told);
    empty_columns(known, &mut told);
    far_apart(known, &mut told);
    told
}

impl<'a> Known<'a> {
    fn table(self, name: &str) -> Option<&'a Surveyed> {
        self.tables.iter().find(|table| table.table == name)
    }

    fn doubt(self, table: &str, message: String) -> Diagnostic {
        Diagnostic::warning(Code::Doubt, message).in_file(self.snapshot.place(table))
    }
}

fn devices(known: Known<'_>, told: &mut Diagnostics) {
    let Some(fleet) = known.fleet else { return };
    let all = fleet.devices.len();
    if all == 0 {
        let doubt = known.doubt("devices", "there is no device".to_owned());
        told.push(doubt.hint("every figure is 0: was the export filtered, or cut off?"));
        return;
    }
    let ungrouped = fleet.groups.iter().find(|group| group.name == UNGROUPED);
    if let Some(count) = ungrouped.map(|group| group.range.end - group.range.start) {
        let doubt = known.doubt(
            "devices",
            format!("{count} of {all} devices {} in no group", if count == 1 { "is" } else { "are" }),
        );
        told.push(doubt.hint("only roles that list `ungrouped`, or all groups, see them"));
    }
    let since = fleet.as_of - LONG_SILENCE;
    let silent = fleet.devices.iter().filter(|device| device.last_seen.is_some_and(|seen| seen < since)).count();
    if silent > 0 {
        let message = format!("nothing was heard of {silent} of {all} devices for 30 days before the snapshot's as_of");
        told.push(known.doubt("devices", message).hint("they count as unavailable: leave out what is gone"));
    }
    // A sensor's health vouches for a device of which no time is known.
    let is_unseen =
        |device: &&Device| device.last_seen.is_none() && matches!(device.health, None | Some(Health::Unknown));
    let unseen = fleet.devices.iter().filter(is_unseen).count();
    if unseen > 0 {
        let have = if unseen == 1 { "has" } else { "have" };
        let message = format!("{unseen} of {all} devices {have} no `last_seen` and no known health");
        told.push(known.doubt("devices", message).hint("they count as never seen, and so as unavailable"));
    }
}

fn inventory(known: Known<'_>, told: &mut Diagnostics) {
    let Some(table) = known.table("vulnerabilities").filter(|table| table.rows > 0) else { return };
    if table.distinct.get("cve_id").is_none_or(|ids| *ids == 0) {
        let message = format!("none of the {} row(s) of `vulnerabilities` names a vulnerability", table.rows);
        let hint = "rows without one are inventory, and every device would count as free of findings";
        told.push(known.doubt("vulnerabilities", message).hint(hint));
    }
}

fn empty_columns(known: Known<'_>, told: &mut Diagnostics) {
    for table in known.tables.iter().filter(|table| !table.empty.is_empty()) {
        let names: Vec<String> = table.empty.iter().map(|name| format!("`{}`", visible(name))).collect();
        let message = format!("no row of `{}` has anything in {}", table.table, names.join(", "));
        let doubt = known.doubt(table.table, message);
        told.push(doubt.hint("was the column left out of the export, or is it called otherwise?"));
    }
}

/// Compares the latest time of each table that is written again and again with the snapshot's own.
fn far_apart(known: Known<'_>, told: &mut Diagnostics) {
    let latest = |table: &str, column: &str| known.table(table).and_then(|table| table.latest.get(column)).copied();
    for (table, column) in [("devices", "last_seen"), ("configurations", "at")] {
        let Some(time) = latest(table, column) else { continue };
        if known.snapshot.as_of.duration_since(time) > FAR_APART {
            let message = format!(
                "the latest `{column}` of `{table}` is {time}, {} before the snapshot's as_of",
                days(known.snapshot.as_of, time)
            );
            let hint = "export all tables at one time, and set `as_of` to that";
            told.push(known.doubt(table, message).hint(hint));
        }
    }
    if let (Some(seen), Some(at)) = (latest("devices", "last_seen"), latest("configurations", "at")) {
        let (earlier, later) = if seen < at { (seen, at) } else { (at, seen) };
        if later.duration_since(earlier) > FAR_APART {
            let message = format!("`devices` and `configurations` were exported {} apart", days(later, earlier));
            told.push(known.doubt("configurations", message).hint("export all tables at one time"));
        }
    }
}

fn days(later: Timestamp, earlier: Timestamp) -> String {
    let days = later.duration_since(earlier).as_hours() / 24;
    format!("{days} day{}", if days == 1 { "" } else { "s" })
}
