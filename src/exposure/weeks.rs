//! Incidents by the week in which they began (figures.md, "On pages alone").

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Span, Timestamp};

use super::LinkedIncident;

/// How many weeks are told: some ninety days.
const WEEKS: i64 = 13;

/// A week, from Monday to Sunday in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Week {
    /// Its Monday.
    pub begins: Date,
    /// Incidents that began in it.
    pub begun: u64,
    /// Of those, the ones that are active now.
    pub active: u64,
}

/// The weeks up to the one of `now`, oldest first. An incident that several lists hold is one, active
/// when it is in any; one whose beginning is not known, or earlier than all of these weeks, is in none.
pub(super) fn weeks<'a>(incidents: impl Iterator<Item = &'a LinkedIncident>, now: Timestamp) -> Vec<Week> {
    let mut distinct: BTreeMap<&str, (Option<Timestamp>, bool)> = BTreeMap::new();
    for incident in incidents {
        distinct.entry(&incident.id).or_insert((incident.first, false)).1 |= incident.active;
    }
    let last = monday(now);
    let mut weeks: Vec<Week> = (0..WEEKS)
        .rev()
        .filter_map(|back| last.checked_sub(Span::new().weeks(back)).ok())
        .map(|begins| Week { begins, begun: 0, active: 0 })
        .collect();
    for (first, active) in distinct.into_values() {
        // What is dated after now counts as now, as everywhere.
        let Some(begins) = first.map(|first| monday(first.min(now))) else { continue };
        if let Some(week) = weeks.iter_mut().find(|week| week.begins == begins) {
            week.begun += 1;
            week.active += u64::from(active);
        }
    }
    weeks
}

/// The Monday of the week of an instant, in UTC.
fn monday(instant: Timestamp) -> Date {
    let date = Offset::UTC.to_datetime(instant).date();
    let days = i64::from(date.weekday().to_monday_zero_offset());
    date.checked_sub(Span::new().days(days)).unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::{Severity, instant};

    fn incident(id: &str, first: &str, active: bool) -> LinkedIncident {
        LinkedIncident {
            id: id.to_owned(),
            title: String::new(),
            severity: Severity::Unknown,
            status: None,
            active,
            first: instant(first),
            last: None,
            alerts: Vec::new(),
            devices: crate::scope::DeviceSet::new(),
        }
    }

    #[test]
    fn an_incident_counts_once_in_the_week_of_its_beginning() {
        let incidents = [
            // A Sunday's last second, and the Monday after it.
            incident("a", "2026-11-15T23:59:59Z", true),
            incident("b", "2026-11-16T00:00:00Z", false),
            // Once more through another report, where it is active.
            incident("b", "2026-11-16T00:00:00Z", true),
            // After now: counts as now.
            incident("c", "2027-01-01T00:00:00Z", false),
            // The first second of the thirteen weeks, and the last one before.
            incident("d", "2026-08-24T00:00:00Z", false),
            incident("e", "2026-08-23T23:59:59Z", true),
            incident("f", "", true),
        ];
        let weeks = weeks(incidents.iter(), instant("2026-11-16T06:00:00Z").expect("a time"));
        assert_eq!(weeks.len(), 13);
        let told: Vec<_> = weeks.iter().map(|week| (week.begins.to_string(), week.begun, week.active)).collect();
        assert_eq!(told[0], ("2026-08-24".to_owned(), 1, 0));
        assert_eq!(told[11], ("2026-11-09".to_owned(), 1, 1));
        assert_eq!(told[12], ("2026-11-16".to_owned(), 2, 1));
        assert_eq!(told.iter().map(|(_, begun, _)| begun).sum::<u64>(), 4);
    }
}
