//! How another program's tables become those of the contract, declared in a file.
//!
//! ```text
//! raw tables, by name and column ── feed ──> rows of a table of the contract ──> tables
//!                                    │ spread (a row for each element of a list)
//!                                    │ conditions, lookups in other raw tables
//!                                    │ values (which column fills which, and what its words mean)
//!                                    └ ranking (of several rows of one thing, which of them count)
//! ```
//!
//! A table is never held: a batch of the source becomes a batch of the contract, with the places of its rows. What is
//! held is one key for each thing where several rows compete, the rows that are looked into, and the ids that merged.

mod column;
mod keys;
mod lookup;
mod merged;
mod path;
mod plan;
mod ranking;
mod read;
mod rules;
mod shipped;
mod spread;
mod supply;
mod translation;
mod values;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use regex::Regex;

use path::Path;

pub(super) use merged::Merged;
pub(super) use read::read;
pub(super) use shipped::{NAMES, shipped};
pub use shipped::{ShippedSource, shipped_sources};

/// Where the rows of a snapshot's tables come from.
#[derive(Debug, Default)]
pub(super) struct Profile {
    /// The sources of each table of the contract; the first that knows of an id tells of it.
    feeds: BTreeMap<&'static str, Vec<Feed>>,
    merged: Option<MergedFrom>,
}

/// Where it stands which devices became others.
#[derive(Debug)]
struct MergedFrom {
    from: Vec<String>,
    id: Path,
    into: Path,
}

/// A source of a table.
#[derive(Debug, Default)]
struct Feed {
    /// The source tables that are read as one.
    from: Vec<String>,
    /// The lists for each of whose elements there is a row.
    each: Vec<Place>,
    filter: Filter,
    newest: Option<Newest>,
    prefer: Option<Prefer>,
    joins: Vec<Join>,
    columns: BTreeMap<&'static str, Value>,
    /// Whether some row has what `when` asks for, once it was looked for.
    is_met: OnceLock<bool>,
}

/// Which rows count.
#[derive(Debug, Default)]
struct Filter {
    /// All of these hold.
    when: Vec<Condition>,
    /// None of these holds.
    unless: Vec<Condition>,
}

/// That a value is what is wanted.
#[derive(Clone, Debug)]
struct Condition {
    place: Place,
    wanted: Wanted,
}

/// What a condition wants a value to be.
#[derive(Clone, Debug)]
enum Wanted {
    /// One of these words, folded; the empty word is no value.
    OneOf(Vec<String>),
    Anything,
}

/// Of rows that have `by` in common, the newest count.
#[derive(Debug)]
struct Newest {
    /// Empty: the id of the table.
    by: Vec<Place>,
    of: Value,
    /// Where one of these holds for the newest, none counts.
    unless: Vec<Condition>,
}

/// Of rows that have `by` in common, those for which `when` holds, if there are any.
#[derive(Debug)]
struct Prefer {
    by: Vec<Place>,
    when: Vec<Condition>,
}

/// A source table that is looked into.
#[derive(Debug)]
struct Join {
    name: String,
    from: Vec<String>,
    key: Path,
    /// What the row has that `key` is compared with.
    by: Place,
    filter: Filter,
    newest: Option<Path>,
    /// What is asked of it; a [`Place::Joined`] has the place in this list.
    wanted: Vec<Path>,
}

/// Where a value stands.
#[derive(Clone, Debug)]
enum Place {
    /// In the row.
    Row(Path),
    /// In the element of the list with this number that the row was made for; the path is the whole one.
    Element(usize, Path),
    /// In the row of the join with this number: its wanted value of the second number.
    Joined(usize, usize),
}

/// What fills a column.
#[derive(Debug)]
enum Value {
    At(Place),
    /// The first that gives anything.
    First(Vec<Value>),
    Always(String),
    /// What the expression finds.
    Found(Box<Value>, Regex),
    /// A number of so many nanoseconds since 1970, as a time.
    Since1970(Box<Value>, i128),
    Mapped {
        of: Box<Value>,
        /// By folded word.
        words: BTreeMap<String, String>,
        other: Option<String>,
    },
}

impl Feed {
    /// Every place that decides which rows count.
    fn deciding(&self) -> Vec<&Place> {
        let mut conditions: Vec<&Condition> = self.filter.when.iter().chain(&self.filter.unless).collect();
        let mut places = Vec::new();
        if let Some(Newest { by, of, unless }) = &self.newest {
            places.extend(by.iter().chain(of.places()));
            conditions.extend(unless);
        }
        if let Some(Prefer { by, when }) = &self.prefer {
            places.extend(by);
            conditions.extend(when);
        }
        places.extend(conditions.into_iter().map(|condition| &condition.place));
        places
    }
}

impl Value {
    /// Every place that it looks at.
    fn places(&self) -> Vec<&Place> {
        match self {
            Self::At(place) => vec![place],
            Self::First(values) => values.iter().flat_map(Self::places).collect(),
            Self::Always(_) => Vec::new(),
            Self::Found(of, _) | Self::Since1970(of, _) | Self::Mapped { of, .. } => of.places(),
        }
    }

    /// Whether it may give something where the file itself has no column for it.
    fn needs_no_column(&self) -> bool {
        match self {
            Self::At(place) => matches!(place, Place::Joined(..)),
            Self::First(values) => values.iter().any(Self::needs_no_column),
            Self::Always(_) => true,
            Self::Found(of, _) | Self::Since1970(of, _) | Self::Mapped { of, .. } => of.needs_no_column(),
        }
    }
}

impl Place {
    /// The path in the file itself.
    fn path(&self) -> Option<&Path> {
        match self {
            Self::Row(path) | Self::Element(_, path) => Some(path),
            Self::Joined(..) => None,
        }
    }
}

/// The id by which rows of a table are about one thing, where two sources must not tell of one.
fn id_of(table: &str) -> Option<&'static str> {
    match table {
        "devices" => Some("device_id"),
        "alerts" => Some("alert_id"),
        "incidents" => Some("incident_id"),
        "configuration_catalog" => Some("configuration_id"),
        _ => None,
    }
}
