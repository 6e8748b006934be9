//! What stands in one cell of a table, or beside one label of a fact card.

use std::borrow::Cow;

use compact_str::CompactString;
use jiff::Timestamp;
use serde::Serialize;
use smallvec::SmallVec;

use super::link::Link;
use super::number::{grouped, percent};
use crate::exposure::{Count, Level};
use crate::terms::{Moment, Severity, Tlp};

/// A piece of text, perhaps a link, perhaps with a tone. A build has millions of them, and nearly all are short: those
/// need no memory beside their own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The text.
    pub text: CompactString,
    /// Where it leads.
    pub link: Option<Link>,
    /// The name of its look: `severity-high`, `tlp-amber`, `id`.
    pub tone: Option<Cow<'static, str>>,
}

impl Part {
    /// Plain text.
    #[must_use]
    pub fn text(text: impl Into<CompactString>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Text that leads somewhere.
    #[must_use]
    pub fn linked(text: impl Into<CompactString>, link: Option<Link>) -> Self {
        Self { text: text.into(), link, tone: None }
    }

    /// An identifier, which does not break.
    #[must_use]
    pub fn id(text: impl Into<CompactString>, link: Option<Link>) -> Self {
        Self { text: text.into(), link, tone: Some(Cow::Borrowed("id")) }
    }

    /// A word with a colour of its own.
    #[must_use]
    pub fn toned(text: impl Into<CompactString>, tone: String) -> Self {
        Self { text: text.into(), link: None, tone: Some(Cow::Owned(tone)) }
    }

    /// A severity.
    #[must_use]
    pub fn severity(severity: Severity) -> Self {
        Self::toned(capital(severity.word()), format!("severity-{}", severity.word()))
    }

    /// A TLP label.
    #[must_use]
    pub fn tlp(tlp: Tlp) -> Self {
        Self::toned(tlp.label(), format!("tlp-{}", tlp.word().replace('+', "-")))
    }

    /// An exposure level.
    #[must_use]
    pub fn level(level: Level) -> Self {
        Self::toned(capital(level.word()), format!("level-{}", level.word()))
    }
}

/// A part of a whole, as a bar draws it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Share {
    /// The part.
    pub part: u64,
    /// The whole.
    pub whole: u64,
    /// The bar's length in hundredths: something is never drawn as nothing.
    pub width: u64,
    /// The name of its colour: `fill`, or a state of devices.
    pub tone: &'static str,
}

impl Share {
    /// A part of a whole, unless there is no whole.
    #[must_use]
    pub fn of(part: u64, whole: u64) -> Option<Self> {
        let width = u128::from(part) * 100 / u128::from(whole).max(1);
        let width = u64::try_from(width).unwrap_or(100).clamp(u64::from(part > 0), 100);
        (whole > 0).then_some(Self { part, whole, width, tone: "fill" })
    }
}

/// One cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// What is shown, one after another.
    pub parts: SmallVec<[Part; 1]>,
    /// The count, where it is one.
    pub number: Option<u64>,
    /// The date or instant in RFC 3339, where it is one.
    pub datetime: Option<CompactString>,
    /// What part of a whole it is, drawn as a bar beside it.
    pub share: Option<Share>,
    /// The count in the last snapshots, this one last, drawn as a line beside it; empty for none.
    pub course: Vec<u64>,
    /// Whether the value is not available, which is not the same as zero or empty.
    pub missing: bool,
    /// Whether it is an identifier, set in a fixed-width face.
    pub code: bool,
    /// The value of the CSV where it is neither the number nor the date, nor the text.
    pub raw: Option<CompactString>,
}

impl Cell {
    /// Several pieces.
    #[must_use]
    pub fn parts(parts: impl IntoIterator<Item = Part>) -> Self {
        Self { parts: parts.into_iter().collect(), ..Self::default() }
    }

    /// One piece.
    #[must_use]
    pub fn part(part: Part) -> Self {
        Self::parts([part])
    }

    /// Plain text; empty text is an empty cell.
    #[must_use]
    pub fn text(text: impl Into<CompactString>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::default() } else { Self::part(Part::text(text)) }
    }

    /// Text that leads somewhere.
    #[must_use]
    pub fn linked(text: impl Into<CompactString>, link: Option<Link>) -> Self {
        Self::part(Part::linked(text, link))
    }

    /// An identifier.
    #[must_use]
    pub fn code(text: impl Into<CompactString>) -> Self {
        Self { code: true, ..Self::text(text) }
    }

    /// Something that is not available.
    #[must_use]
    pub fn missing() -> Self {
        Self { missing: true, ..Self::default() }
    }

    /// A count, or "not available".
    #[must_use]
    pub fn count(count: Count) -> Self {
        count.map_or_else(Self::missing, |value| Self { number: Some(value), ..Self::text(grouped(value)) })
    }

    /// A count of a whole, with a bar.
    #[must_use]
    pub fn share(part: Count, whole: Count) -> Self {
        let share = part.zip(whole).and_then(|(part, whole)| Share::of(part, whole));
        Self { share, ..Self::count(part) }
    }

    /// A count of a whole, with a bar in the colour of a state of devices.
    #[must_use]
    pub fn state(tone: &'static str, part: Count, whole: Count) -> Self {
        let mut cell = Self::share(part, whole);
        cell.share = cell.share.filter(|share| share.part > 0).map(|share| Share { tone, ..share });
        cell
    }

    /// The same cell with the counts of the last snapshots, if they are all known.
    #[must_use]
    pub fn with_course(mut self, counts: impl DoubleEndedIterator<Item = Count>) -> Self {
        const SNAPSHOTS: usize = 12;
        let mut course: Vec<u64> = counts.rev().take(SNAPSHOTS).collect::<Option<_>>().unwrap_or_default();
        course.reverse();
        let tells = course.len() > 1 && course.iter().any(|count| *count > 0);
        self.course = if tells { course } else { Vec::new() };
        self
    }

    /// A share in per cent, or "not available" where there is nothing to share.
    #[must_use]
    pub fn percent(part: Count, whole: Count) -> Self {
        let shown = part.zip(whole).and_then(|(part, whole)| percent(part, whole));
        shown.map_or_else(Self::missing, Self::text)
    }

    /// A date or an instant.
    #[must_use]
    pub fn moment(moment: Option<Moment>) -> Self {
        moment.map_or_else(Self::default, |moment| Self::dated(shown(moment), moment.to_string()))
    }

    /// An instant.
    #[must_use]
    pub fn instant(instant: Option<Timestamp>) -> Self {
        Self::moment(instant.map(Moment::Instant))
    }

    fn dated(text: String, datetime: String) -> Self {
        Self { datetime: Some(datetime.into()), ..Self::text(text) }
    }

    /// The same cell with another value in the CSV.
    #[must_use]
    pub fn with_raw(mut self, raw: impl Into<CompactString>) -> Self {
        self.raw = Some(raw.into());
        self
    }

    /// What the CSV holds.
    #[must_use]
    pub fn plain(&self) -> Cow<'_, str> {
        let written = self.raw.as_deref().or(self.datetime.as_deref());
        match (written, self.number, self.parts.as_slice()) {
            (Some(written), ..) => Cow::Borrowed(written),
            (None, Some(number), _) => Cow::Owned(number.to_string()),
            (None, None, []) => Cow::Borrowed(""),
            (None, None, [only]) => Cow::Borrowed(&only.text),
            (None, None, several) => {
                Cow::Owned(several.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join("; "))
            }
        }
    }
}

/// A date as it is, an instant to the minute and in UTC.
#[must_use]
pub fn shown(moment: Moment) -> String {
    match moment {
        Moment::Date(date) => date.to_string(),
        Moment::Instant(instant) => instant.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    }
}

/// A word with a capital first letter.
#[must_use]
pub(super) fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
