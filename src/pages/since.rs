//! How figures have moved since the snapshot before.

use jiff::Timestamp;
use serde::Serialize;

use super::cell::shown;
use super::number::grouped;
use super::portal::Portal;
use crate::exposure::{Count, DashboardHistory};
use crate::terms::Moment;

/// How a figure has moved. Of all that is shown with a change, more is worse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Since {
    /// In words, before the day: "3 more than on".
    pub words: String,
    /// The day of that snapshot, in UTC.
    pub day: String,
    /// `worse`, `better` or `same`.
    pub tone: &'static str,
}

impl Since {
    /// From one count to another, if both are known.
    #[must_use]
    pub(super) fn between(before: Count, now: Count, since: Timestamp) -> Option<Self> {
        let (before, now) = (before?, now?);
        let (words, tone) = match now.abs_diff(before) {
            0 => ("As many as on".to_owned(), "same"),
            more if now > before => (format!("{} more than on", grouped(more)), "worse"),
            fewer => (format!("{} fewer than on", grouped(fewer)), "better"),
        };
        Some(Self { words, day: day(since), tone })
    }
}

/// How exposed devices have moved, beside impacted ones: a device that became impacted is exposed no more, and fewer of
/// these are nothing better then.
#[must_use]
pub(super) fn of_exposed(exposed: Option<Since>, impacted: Option<&Since>) -> Option<Since> {
    let hides = |exposed: &Since| exposed.tone == "better" && impacted.is_some_and(|impacted| impacted.tone == "worse");
    exposed.map(|exposed| Since { tone: if hides(&exposed) { "same" } else { exposed.tone }, ..exposed })
}

/// The day of an instant, in UTC.
pub(super) fn day(instant: Timestamp) -> String {
    shown(Moment::Instant(instant)).chars().take("2026-11-09".len()).collect()
}

impl<'a> Portal<'a> {
    /// The dashboard's figures over the snapshot before the current one.
    pub(super) fn before(&self) -> Option<&'a DashboardHistory> {
        let [.., before, _] = self.dashboard().history.as_slice() else { return None };
        Some(before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_in_words() {
        let since = crate::terms::instant("2026-11-09T06:00:00Z").expect("an instant");
        let told = |before, now| Since::between(before, now, since).map(|change| (change.words, change.tone));
        assert_eq!(told(Some(4), Some(7)), Some(("3 more than on".to_owned(), "worse")));
        assert_eq!(told(Some(7), Some(0)), Some(("7 fewer than on".to_owned(), "better")));
        assert_eq!(told(Some(7), Some(7)), Some(("As many as on".to_owned(), "same")));
        let exposed = |impacted| {
            let between = |before, now| Since::between(Some(before), Some(now), since);
            of_exposed(between(7, 6), between(0, impacted).as_ref()).map(|change| change.tone)
        };
        assert_eq!((exposed(0), exposed(1)), (Some("better"), Some("same")));
        assert_eq!(day(since), "2026-11-09");
        assert_eq!(told(None, Some(7)), None);
        assert_eq!(told(Some(7), None), None);
    }
}
