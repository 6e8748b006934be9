//! The columns that are asked for, among those a file has.

use std::collections::BTreeSet;

use arrow::datatypes::{FieldRef, Fields};
use rustc_hash::FxHashMap;

use super::{Dialect, Request};
use crate::diagnostics::{Code, Diagnostic, nearest, visible};

/// How many unknown columns are remembered.
const MOST_UNKNOWN: usize = 50;

/// Where the asked columns stand in a file.
#[derive(Clone, Debug)]
pub(in crate::snapshot) struct Columns {
    /// For each decoded column, its place, if the file has it.
    pub(in crate::snapshot) places: Vec<Option<usize>>,
    /// How many columns there are.
    pub(super) count: usize,
    pub(in crate::snapshot) seen: Seen,
}

impl Columns {
    /// Those of a file's fields that are decoded.
    pub(super) fn asked<'f>(&self, fields: &'f Fields) -> impl Iterator<Item = &'f FieldRef> {
        self.places.iter().flatten().filter_map(|place| fields.get(*place))
    }
}

/// Which columns files have.
#[derive(Clone, Debug, Default)]
pub(in crate::snapshot) struct Seen {
    /// For each asked column, whether it was there.
    pub(super) asked: Vec<bool>,
    /// The columns that nobody asks for, folded where the dialect is our own: the first of them by name.
    pub(super) unknown: BTreeSet<String>,
}

impl Seen {
    pub(super) fn of(request: &Request<'_>) -> Self {
        Self { asked: vec![false; request.columns.len()], unknown: BTreeSet::new() }
    }

    pub(super) fn has_unknown(&self) -> bool {
        !self.unknown.is_empty()
    }

    pub(super) fn add_unknown(&mut self, name: String) {
        self.unknown.insert(name);
        if self.unknown.len() > MOST_UNKNOWN {
            self.unknown.pop_last();
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        for (mine, theirs) in self.asked.iter_mut().zip(other.asked) {
            *mine |= theirs;
        }
        for name in other.unknown {
            self.add_unknown(name);
        }
    }

    /// Complains of required columns that are not there; `shown` is the file's path as messages show it.
    pub(super) fn lacking(&self, shown: &str, request: &Request<'_>) -> Option<Diagnostic> {
        let asked = || request.columns.iter().zip(&self.asked);
        let mut lacking: Vec<&str> =
            asked().filter(|(column, there)| column.required && !**there).map(|(column, _)| column.name).collect();
        if let Dialect::Foreign(groups) = request.dialect {
            let is_there = |at: &usize| self.asked.get(*at) == Some(&true);
            let without = groups.iter().filter(|group| !group.iter().any(is_there));
            lacking.extend(without.filter_map(|group| request.columns.get(*group.first()?)).map(|column| column.name));
        }
        let found: Vec<&str> = asked()
            .filter(|(_, there)| **there)
            .map(|(column, _)| column.name)
            .chain(self.unknown.iter().map(String::as_str))
            .collect();
        (!lacking.is_empty()).then(|| {
            let message = match lacking.as_slice() {
                [one] => format!("the required column `{one}` is missing"),
                several => format!("required columns are missing: `{}`", several.join("`, `")),
            };
            let diagnostic = Diagnostic::error(Code::MissingColumn, message).in_file(shown);
            diagnostic.hint(self.advice(&lacking, &found, request.dialect))
        })
    }

    fn advice(&self, lacking: &[&str], found: &[&str], dialect: Dialect<'_>) -> String {
        if let [one] = found
            && let Some(mark) = [';', '\t', '|'].into_iter().find(|mark| one.contains(*mark))
        {
            return format!("the columns seem to be separated by {mark:?}: export the file with commas");
        }
        let unknown = || self.unknown.iter().map(String::as_str);
        let near = lacking.iter().find_map(|name| nearest(name, unknown()).map(|near| (name, near)));
        let found = if found.is_empty() { "none".to_owned() } else { visible(&found.join(", ")) };
        match near {
            // What others export is theirs to name: a profile of one's own is as easily corrected.
            Some((name, near)) if dialect.is_foreign() => format!(
                "is `{}` meant? The profile reads `{name}`: correct the one or the other. The columns found are {found}",
                visible(near)
            ),
            Some((name, near)) => {
                format!("is `{}` meant? Rename it to `{name}`. The columns found are {found}", visible(near))
            }
            None => format!("the columns found are {found}"),
        }
    }
}

/// Finds the asked columns among those that a file, or an engine's table, names; `shown` is its place as messages
/// show it.
///
/// # Errors
/// A column that stands there twice, or required ones that do not.
pub(in crate::snapshot) fn locate(shown: &str, request: &Request<'_>, names: &[String]) -> Result<Columns, Diagnostic> {
    let mut places = FxHashMap::default();
    for (place, name) in names.iter().enumerate() {
        let name = request.fold(name);
        if !name.is_empty() && places.insert(name, place).is_some() {
            let message = format!("the column `{}` stands there twice", visible(names[place].trim()));
            let problem = Diagnostic::error(Code::DamagedFile, message).in_file(shown);
            return Err(problem.hint("remove or rename one of them"));
        }
    }
    let asked: Vec<Option<usize>> =
        request.columns.iter().map(|column| places.remove(&request.fold(column.name))).collect();
    let mut seen = Seen { asked: asked.iter().map(Option::is_some).collect(), unknown: BTreeSet::new() };
    let is_foreign = request.dialect.is_foreign();
    let unknown = |(folded, place): (String, usize)| if is_foreign { names[place].trim().to_owned() } else { folded };
    places.into_iter().map(unknown).for_each(|name| seen.add_unknown(name));
    if let Some(problem) = seen.lacking(shown, request) {
        return Err(problem);
    }
    let decoded = request.columns.iter().zip(asked).filter(|(column, _)| column.decoded);
    Ok(Columns { places: decoded.map(|(_, place)| place).collect(), count: names.len(), seen })
}

/// One note for all the columns of a table that nothing reads.
pub(in crate::snapshot) fn note_unknown(seen: &Seen, request: &Request<'_>, shown: &str) -> Option<Diagnostic> {
    if !seen.has_unknown() {
        return None;
    }
    let names: Vec<String> = seen.unknown.iter().map(|name| format!("`{}`", visible(name))).collect();
    let more = if names.len() == MOST_UNKNOWN { ", …" } else { "" };
    let message = format!("columns of `{}` that nothing reads: {}{more}", request.table, names.join(", "));
    let absent =
        || request.columns.iter().zip(&seen.asked).filter(|(_, there)| !**there).map(|(column, _)| column.name);
    let meant = seen.unknown.iter().find_map(|name| nearest(name, absent()).map(|near| (name, near)));
    let hint = match meant {
        Some((name, near)) => format!("is `{near}` meant by `{}`? As it is, the column is ignored", visible(name)),
        None => "they are ignored; docs/snapshots.md lists the columns that are read".to_owned(),
    };
    Some(Diagnostic::note(Code::IgnoredColumns, message).in_file(shown).hint(hint))
}
