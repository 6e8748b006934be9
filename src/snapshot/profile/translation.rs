//! A batch of a source to a batch of a table.

use std::sync::Arc;

use super::Feed;
use super::column::Columns;
use super::lookup::Lookup;
use super::merged::Merged;
use super::plan::Plan;
use super::ranking::{Best, Judge};
use super::spread::Sight;
use crate::snapshot::read::{Batch, DictionaryColumn, Spelt};

/// Everything that turns a source's rows into a table's.
pub(super) struct Translation<'a> {
    pub(super) judge: &'a Judge<'a>,
    pub(super) plan: &'a Plan,
    pub(super) lookups: &'a [Lookup],
}

impl<'a> Translation<'a> {
    fn feed(&self) -> &'a Feed {
        self.judge.feed
    }

    fn columns(&self) -> Columns<'a> {
        Columns { joins: &self.feed().joins, lookups: self.lookups, merged: self.judge.merged }
    }

    /// The rows that count, one for each element of the source's lists.
    fn sight<'b>(&'b self, batch: &'b Batch) -> Sight<'b> {
        let columns = self.columns();
        let mut sight = Sight::all(self.plan, batch);
        sight.select(&self.feed().each, &self.feed().filter, |sight, place| columns.at(sight, place));
        sight
    }

    /// The best rank of each thing that the rows are about.
    pub(super) fn best(&self, batch: &Batch) -> Best {
        let sight = self.sight(batch);
        let mut best = Best::default();
        best.add(self.judge.ranks(&sight, &self.columns()).into_iter().flatten());
        best
    }

    /// The batch of the table, with these of its columns: the rows that are best.
    pub(super) fn batch(&self, batch: Batch, asked: &[&str], best: Option<&Best>, spelt: &Arc<Spelt>) -> Batch {
        let mut sight = self.sight(&batch);
        let columns = self.columns();
        if let Some(best) = best {
            let ranks = self.judge.ranks(&sight, &columns);
            sight.keep(|row| ranks[row].as_ref().is_none_or(|ranked| best.is(ranked)));
        }
        for condition in self.feed().newest.iter().flat_map(|newest| &newest.unless) {
            let column = columns.at(&sight, &condition.place);
            sight.judge(condition, &column, false);
        }
        let filled = |name: &&str| self.filled(&sight, &columns, name, self.judge.merged);
        let made: Vec<DictionaryColumn> = asked.iter().map(filled).collect();
        let Sight { rows, excess, .. } = sight;
        batch
            .remade(rows, made, Arc::clone(spelt))
            .without(excess, "the lists of the row make too many rows of the table")
    }

    fn filled(&self, sight: &Sight<'_>, columns: &Columns<'_>, name: &str, merged: &Merged) -> DictionaryColumn {
        let Some(value) = self.feed().columns.get(name) else { return DictionaryColumn::empty(sight.rows.len()) };
        merged.counted(name, columns.filled(sight, value))
    }
}
