//! Tables: one model, shown on a page and written as CSV beside it.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use super::cell::Cell;
use super::link::Link;
use super::number::{counted, grouped};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Words.
    Text,
    /// Counts, set flush.
    Number,
    /// Dates and instants.
    Date,
    /// Something to follow.
    Link,
}

/// A column.
#[derive(Clone, Debug, Serialize)]
pub struct Column {
    /// Its heading.
    pub label: &'static str,
    /// What it holds.
    pub kind: Kind,
}

/// Columns from headings and kinds.
#[must_use]
pub fn columns<const N: usize>(columns: [(&'static str, Kind); N]) -> Vec<Column> {
    columns.into_iter().map(|(label, kind)| Column { label, kind }).collect()
}

/// Rows, of which a page may show only the first.
#[derive(Clone, Debug, Default)]
pub struct Rows<'a> {
    /// Those of the page.
    pub shown: Vec<Vec<Cell>>,
    /// How many there are, where the page does not show them all.
    pub all: Option<u64>,
    rest: Option<Arc<dyn Supply + 'a>>,
}

impl Rows<'_> {
    /// Whether there is none at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty() && self.rest.is_none()
    }

    /// Hands over those that stand in the CSV alone, until one is refused. There may be millions: each is made when it
    /// is handed over, and anew each time.
    ///
    /// # Errors
    /// That of the refusal.
    pub fn rest<E>(&self, mut take: impl FnMut(&[Cell]) -> Result<(), E>) -> Result<(), E> {
        let mut outcome = Ok(());
        if let Some(supply) = &self.rest {
            supply.each(&mut |row| {
                outcome = take(row);
                outcome.is_ok()
            });
        }
        outcome
    }
}

/// What rows are made of.
trait Supply: fmt::Debug + Send + Sync {
    /// Hands them over as long as `take` answers that it wants more.
    fn each(&self, take: &mut dyn FnMut(&[Cell]) -> bool);
}

/// Some of the rows that items make.
struct Rest<I, R> {
    items: I,
    row: R,
    skipped: usize,
    taken: usize,
}

impl<T, I, N, R> Supply for Rest<I, R>
where
    I: Fn() -> N + Send + Sync,
    N: Iterator<Item = T>,
    R: Fn(T) -> Vec<Cell> + Send + Sync,
{
    fn each(&self, take: &mut dyn FnMut(&[Cell]) -> bool) {
        let mut rows = (self.items)().skip(self.skipped).take(self.taken).map(&self.row);
        while rows.next().is_some_and(|row| take(&row)) {}
    }
}

impl<I, R> fmt::Debug for Rest<I, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rest").field("skipped", &self.skipped).field("taken", &self.taken).finish_non_exhaustive()
    }
}

/// A table.
#[derive(Clone, Debug)]
pub struct Table<'a> {
    /// Its name in prose and templates, as `mitigations.configurations`.
    pub name: &'static str,
    /// Its anchor, and its file's stem.
    pub id: String,
    /// What it shows.
    pub caption: String,
    /// Its columns; the first heads its rows.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Rows<'a>,
    /// The sentence that stands in the place of no rows.
    pub empty: String,
    /// What a reader must know to read it rightly.
    pub notes: Vec<String>,
    /// The CSV with all its rows.
    pub download: Link,
    /// The directory of the CSV: the page that the table belongs to.
    pub home: String,
}

impl<'a> Table<'a> {
    /// A table of the page at `home`, so far without rows.
    #[must_use]
    pub fn new(home: &str, name: &'static str, caption: impl Into<String>, columns: Vec<Column>) -> Self {
        let id = name.replace('.', "-");
        let download = Link::inside(&format!("{home}{id}.csv"));
        let caption = caption.into();
        Self {
            name,
            id,
            caption,
            columns,
            rows: Rows::default(),
            empty: String::new(),
            notes: Vec::new(),
            download,
            home: home.to_owned(),
        }
    }

    /// Under an anchor and a file of its own, where a page has several of a kind.
    #[must_use]
    pub fn called(mut self, id: String) -> Self {
        self.download = Link::inside(&format!("{}{id}.csv", self.home));
        self.id = id;
        self
    }

    /// With rows, all of which the page shows.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = Vec<Cell>>) -> Self {
        self.rows.shown = rows.into_iter().collect();
        self
    }

    /// With the sentence for no rows.
    #[must_use]
    pub fn empty(mut self, sentence: impl Into<String>) -> Self {
        self.empty = sentence.into();
        self
    }

    /// With a note.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// With a note on what the dash means, if there is one in a cell.
    #[must_use]
    pub fn explained(self) -> Self {
        let missing = self.rows.shown.iter().flatten().any(|cell| cell.missing);
        self.maybe_note(missing.then(|| {
            "— means not available: the report links or tracks nothing of the kind, or the snapshot does not hold it.".to_owned()
        }))
    }

    /// With a note, if there is one.
    #[must_use]
    pub fn maybe_note(self, note: Option<String>) -> Self {
        match note {
            Some(note) => self.note(note),
            None => self,
        }
    }

    /// The path of the CSV.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}{}.csv", self.home, self.id)
    }

    /// With the first of `total` rows: the page shows `limits.page` of them and says so, the CSV has up to
    /// `limits.download`. `items` gives the same each time, and `row` is asked for a row whenever it is wanted.
    #[must_use]
    pub fn limited<T, N>(
        mut self,
        total: u64,
        limits: Limits,
        items: impl Fn() -> N + Send + Sync + 'a,
        row: impl Fn(T) -> Vec<Cell> + Send + Sync + 'a,
    ) -> Self
    where
        T: 'a,
        N: Iterator<Item = T> + 'a,
    {
        self.rows.shown = items().take(limits.page.min(limits.download)).map(&row).collect();
        let (shown, download) = (self.rows.shown.len() as u64, limits.download as u64);
        if total > shown {
            self.rows.all = Some(total);
            let taken = limits.download.saturating_sub(self.rows.shown.len());
            if taken > 0 {
                self.rows.rest = Some(Arc::new(Rest { items, row, skipped: self.rows.shown.len(), taken }));
            }
            let csv = if download < total {
                format!("the CSV stops after {}", grouped(download))
            } else {
                "the CSV has them all".to_owned()
            };
            self.notes.push(format!(
                "The first {} of {} are shown; {csv}.",
                grouped(shown),
                counted(total, "row", "rows")
            ));
        }
        self
    }
}

/// How many rows of a long table go where.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// On the page.
    pub page: usize,
    /// In the CSV.
    pub download: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_table_says_how_long_it_is() {
        let table = |page, download| {
            Table::new("x/", "devices", "", columns([("A", Kind::Text)])).limited(
                5,
                Limits { page, download },
                || 0..5,
                |n| vec![Cell::count(Some(n))],
            )
        };
        let cut = table(2, 4);
        let mut rest = Vec::new();
        let refused = cut.rows.rest(|row| {
            rest.extend(row.iter().map(|cell| cell.plain().into_owned()));
            if rest.len() < 2 { Ok(()) } else { Err("enough") }
        });
        assert_eq!((cut.rows.shown.len(), rest), (2, vec!["2".to_owned(), "3".to_owned()]));
        assert_eq!(refused, Err("enough"));
        assert_eq!((cut.rows.all, table(5, 9).rows.all), (Some(5), None));
        assert_eq!(cut.notes, ["The first 2 of 5 rows are shown; the CSV stops after 4."]);
        assert_eq!(table(2, 9).notes, ["The first 2 of 5 rows are shown; the CSV has them all."]);
        assert!(table(5, 9).notes.is_empty());
    }
}
