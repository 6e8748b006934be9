//! `epss.csv`: FIRST's estimates of how probable it is that a vulnerability is exploited within thirty
//! days.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use jiff::Timestamp;

use super::decimal::units;
use super::load::{EPSS, HOME};
use super::problems::Problems;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source, visible};
use crate::snapshot::read::{
    Batch, Column, Dialect, DictionaryColumn, Request, TableFile, read_table, remark, table_files,
};
use crate::terms::{CveId, instant};

/// The scores of one day, or the part of them that somebody needs.
#[derive(Clone, Debug, Default)]
pub struct Scores {
    /// The file, from the root of the site.
    pub file: String,
    /// The model's version, as `v2025.03.14`.
    pub model: Option<String>,
    /// When they were computed; files of 2021 do not say it.
    pub scored: Option<Timestamp>,
    /// The scores, by vulnerability.
    pub scores: BTreeMap<CveId, Score>,
}

/// What EPSS says of a vulnerability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Score {
    /// How probable it is that it is exploited within thirty days.
    pub probability: Probability,
    /// The share of all scored vulnerabilities whose score is not higher.
    pub percentile: Probability,
}

/// A number from 0 to 1, in billionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Probability(u64);

impl Probability {
    /// In billionths.
    const ONE: u64 = 1_000_000_000;

    /// Reads a decimal fraction; digits after the ninth are cut.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        units(text.trim(), 9).filter(|units| *units <= Self::ONE).map(Self)
    }

    /// In per cent with one decimal, cut: what is not quite nothing reads "<0.1 %", what is not quite
    /// all ">99.9 %".
    #[must_use]
    pub fn percent(self) -> String {
        match self.0 / (Self::ONE / 1000) {
            0 if self.0 > 0 => "<0.1 %".to_owned(),
            tenths if tenths == 999 && self.0 > Self::ONE / 1000 * 999 => ">99.9 %".to_owned(),
            tenths => format!("{}.{} %", tenths / 10, tenths % 10),
        }
    }
}

/// The number in decimals, as `0.94358`.
impl fmt::Display for Probability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = format!("{:09}", self.0 % Self::ONE);
        match decimals.trim_end_matches('0') {
            "" => write!(f, "{}", self.0 / Self::ONE),
            decimals => write!(f, "{}.{decimals}", self.0 / Self::ONE),
        }
    }
}

const COLUMNS: [Column; 3] = [Column::required("cve"), Column::required("epss"), Column::required("percentile")];

/// A row that somebody needs, or what is wrong with one, with its place.
type Row = ((u64, Option<u64>), Result<(CveId, Score), String>);

pub(super) fn load(root: &Path, named: &BTreeSet<CveId>, diagnostics: &mut Diagnostics) -> Option<Scores> {
    let mut files = files(root, diagnostics).into_iter();
    let file = files.next()?.with_remark();
    if let Some(other) = files.next() {
        let message = format!("the scores are read from `{}`, and not from this file", file.shown());
        let told = Diagnostic::warning(Code::InvalidKnowledge, message).in_file(other.shown());
        diagnostics.push(told.hint("keep the file of one day only").strict());
    }
    let said = remark(&file).map_err(|told| diagnostics.push(told)).ok()?;
    let request = Request { table: "epss", columns: &COLUMNS, dialect: Dialect::Own };
    let (rows, told) = read_table(std::slice::from_ref(&file), &request, |batch| rows(&batch, named));
    let broken = told.has_errors();
    diagnostics.append(told);
    if broken {
        return None;
    }
    let mut problems = Problems::of(file.shown(), diagnostics);
    let (model, scored) = header(said.as_deref(), &file, &mut problems);
    let mut rows: Vec<Row> = rows.into_iter().flatten().collect();
    rows.sort_by_key(|(place, _)| *place);
    let mut scores = BTreeMap::new();
    for ((row, line), outcome) in rows {
        let wrong = match outcome {
            Ok((id, score)) => match scores.get(&id) {
                None => {
                    scores.insert(id, score);
                    continue;
                }
                Some(_) => format!("{id} has a score already"),
            },
            Err(wrong) => wrong,
        };
        let told = Diagnostic::warning(Code::InvalidKnowledge, wrong).in_row(file.shown(), row, line);
        problems.tell(told.hint("fetch the file anew; as it is, the row is left out").strict());
    }
    Some(Scores { file: file.shown().to_owned(), model, scored, scores })
}

/// The files that are there. A table may have other forms, and parts in a directory; the scores are
/// published in these two, and what else is called so is noted as what nothing reads.
fn files(root: &Path, diagnostics: &mut Diagnostics) -> Vec<TableFile> {
    let home = root.join(HOME);
    if !home.is_dir() {
        return Vec::new();
    }
    let is_published = |name: &str| name.strip_prefix(EPSS).is_some_and(|end| ["", ".gz"].contains(&end));
    let mut told = Diagnostics::new();
    let files = table_files(&home, HOME, "epss", &mut told).unwrap_or_default();
    let ours = told.iter().filter(|told| told.place.file().is_some_and(|file| file == HOME || is_published(file)));
    ours.cloned().for_each(|told| diagnostics.push(told));
    files.into_iter().filter(|file| is_published(file.shown())).collect()
}

/// The rows of a batch that somebody needs, and those that are wrong. Every row is looked at: one that
/// is not in its form may be the one that is missed.
fn rows(batch: &Batch, named: &BTreeSet<CveId>) -> Vec<Row> {
    let [ids, scores, percentiles] = batch.columns.as_slice() else { return Vec::new() };
    let number = |column: &DictionaryColumn, row: usize, name: &str| {
        let text = column.text(row);
        Probability::parse(text).ok_or_else(|| format!("`{name}` is no number from 0 to 1: `{}`", visible(text)))
    };
    let read = |row: usize| {
        let text = ids.text(row);
        let id = CveId::parse(text).ok_or_else(|| format!("`{}` is not a CVE id", visible(text)))?;
        let score =
            Score { probability: number(scores, row, "epss")?, percentile: number(percentiles, row, "percentile")? };
        Ok((id, score))
    };
    let good = (0..batch.rows).filter_map(|row| match read(row) {
        Ok((id, _)) if !named.contains(&id) => None,
        outcome => Some((batch.place(row), outcome)),
    });
    let bad = batch.bad.iter().map(|bad| ((bad.row, bad.line), Err(bad.why.clone())));
    good.chain(bad).collect()
}

/// The model and the time that the remark tells: `model_version:…,score_date:…`.
fn header(said: Option<&str>, file: &TableFile, problems: &mut Problems<'_>) -> (Option<String>, Option<Timestamp>) {
    let value = |key: &str| {
        let parts = said.into_iter().flat_map(|said| said.split(','));
        let mut found = parts.filter_map(|part| part.trim().strip_prefix(key)?.strip_prefix(':'));
        found.next().map(str::trim).filter(|value| !value.is_empty())
    };
    let date = value("score_date");
    let scored = date.and_then(|date| instant(&zoned(date)));
    if scored.is_none() {
        let message = match date {
            Some(date) => format!("`score_date` is no date and time: `{}`", visible(date)),
            None => "the first line does not say of which day the scores are".to_owned(),
        };
        let line = Source::new(file.shown(), said.map(|said| format!("#{said}")).unwrap_or_default());
        let told = Diagnostic::warning(Code::InvalidKnowledge, message).at(&line, line.line(1));
        let hint = "as published it is `#model_version:…,score_date:…`; as it is, the scores are shown without a date";
        problems.tell(told.hint(hint).strict());
    }
    (value("model_version").map(str::to_owned), scored)
}

/// A time with its zone as RFC 3339 writes it: `+0000` is seen as well.
fn zoned(date: &str) -> String {
    let sign = date.rfind(['+', '-']).filter(|at| date.contains('T') && date.len() - at == "+0000".len());
    match sign.and_then(|at| date.split_at_checked(at + "+00".len())) {
        Some((rest, minutes)) => format!("{rest}:{minutes}"),
        None => date.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_are_shown_as_they_are_and_never_flatter() {
        let shown = |text| Probability::parse(text).map(|read| (read.percent(), read.to_string()));
        for (text, percent, number) in [
            ("0.94358", "94.3 %", "0.94358"),
            ("0.99960", ">99.9 %", "0.9996"),
            ("5e-05", "<0.1 %", "0.00005"),
            ("0.9999", ">99.9 %", "0.9999"),
            ("1", "100.0 %", "1"),
            ("0", "0.0 %", "0"),
        ] {
            assert_eq!(shown(text), Some((percent.to_owned(), number.to_owned())), "{text}");
        }
        assert_eq!(Probability::parse("1.1"), None);
    }

    #[test]
    fn both_ways_to_write_a_zone_are_read() {
        for date in ["2025-09-24T12:55:00Z", "2025-09-24T12:55:00+0000", "2025-09-24T12:55:00+00:00"] {
            assert_eq!(instant(&zoned(date)), instant("2025-09-24T12:55:00Z"), "{date}");
        }
        assert_eq!(zoned("2025-09-24"), "2025-09-24");
    }
}
