//! The tables of a snapshot through its profile.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::lookup::Lookup;
use super::merged::Merged;
use super::plan::Plan;
use super::ranking::{Best, Judge};
use super::spread::Sight;
use super::translation::Translation;
use super::{Condition, Feed, Filter, Place, Profile, Value};
use crate::diagnostics::Diagnostics;
use crate::snapshot::Snapshot;
use crate::snapshot::engine::Use;
use crate::snapshot::read::{Batch, Column, Dialect, Request, Spelt};
use crate::snapshot::tables::{Table, all};
use crate::terms::word;

/// The tables of a snapshot as they are kept: by whatever names and columns they have.
#[derive(Clone, Copy)]
pub(super) struct Raw<'a>(&'a Snapshot);

impl Raw<'_> {
    /// What `map` makes of every batch of the source tables with these names; `None` where there is none of them.
    pub(super) fn read<T: Send>(
        self,
        names: &[String],
        plan: &Plan,
        purpose: Use,
        diagnostics: &mut Diagnostics,
        map: impl Fn(Batch) -> T + Sync,
    ) -> Option<Vec<T>> {
        let columns = plan.columns();
        let table = names.first().map_or("", String::as_str);
        let request = Request { table, columns: &columns, dialect: Dialect::Foreign(&plan.groups) };
        self.0.supply_raw(names, &request, purpose, diagnostics, map)
    }
}

impl Profile {
    /// The sources of a table that the snapshot has, with their numbers.
    fn present<'a>(&'a self, snapshot: &Snapshot, table: &str, told: &mut Diagnostics) -> Vec<(usize, &'a Feed)> {
        let feeds = self.feeds.get(table).into_iter().flatten().enumerate();
        feeds.filter(|(_, feed)| snapshot.holds_raw(&feed.from, told) && feed.is_met(Raw(snapshot))).collect()
    }

    /// Whether some source of a table is there.
    pub(in crate::snapshot) fn holds(&self, snapshot: &Snapshot, table: &str) -> bool {
        !self.present(snapshot, table, &mut Diagnostics::new()).is_empty()
    }

    /// The name of each source table that something is read of.
    pub(in crate::snapshot) fn names(&self) -> Vec<&str> {
        let feeds = || self.feeds.values().flatten();
        let joined = feeds().flat_map(|feed| &feed.joins).flat_map(|join| &join.from);
        let merged = self.merged.iter().flat_map(|merged| &merged.from);
        let mut names: BTreeMap<String, &str> = BTreeMap::new();
        for name in feeds().flat_map(|feed| &feed.from).chain(joined).chain(merged) {
            names.entry(word(name)).or_insert(name);
        }
        names.into_values().collect()
    }

    /// The names of the source tables that a table is read from.
    pub(in crate::snapshot) fn sources(&self, table: &str) -> BTreeSet<&str> {
        let feeds = self.feeds.get(table).into_iter().flatten();
        feeds.flat_map(|feed| &feed.from).map(String::as_str).collect()
    }

    /// For each source table, everything that something reads of it.
    pub(in crate::snapshot) fn plans(&self) -> Vec<(Vec<String>, Plan)> {
        let mut plans: BTreeMap<String, (Vec<String>, Plan)> = BTreeMap::new();
        let mut of = |names: &[String], add: &dyn Fn(&mut Plan)| {
            for name in names {
                let (_, plan) = plans.entry(word(name)).or_insert_with(|| (vec![name.clone()], Plan::default()));
                add(plan);
            }
        };
        for feed in self.feeds.values().flatten() {
            of(&feed.from, &|plan| plan.feed(feed, feed.columns.keys().copied()));
            for join in &feed.joins {
                of(&join.from, &|plan| plan.join(join));
            }
        }
        if let Some(merged) = &self.merged {
            of(&merged.from, &|plan| {
                plan.add(&merged.id);
                plan.add(&merged.into);
            });
        }
        plans.into_values().collect()
    }

    /// The devices of a snapshot that became others.
    pub(in crate::snapshot) fn merged(&self, snapshot: &Snapshot) -> Merged {
        self.merged.as_ref().map(|from| Merged::read(Raw(snapshot), from)).unwrap_or_default()
    }

    /// What `map` makes of every batch of a table; `None` when no source of it is there.
    pub(in crate::snapshot) fn supply<T: Send>(
        &self,
        snapshot: &Snapshot,
        merged: &Merged,
        request: &Request<'_>,
        purpose: Use,
        diagnostics: &mut Diagnostics,
        map: impl Fn(Batch) -> T + Sync,
    ) -> Option<Vec<T>> {
        let table = all().into_iter().find(|table| table.name == request.table)?;
        let mut told = Diagnostics::new();
        let feeds = self.present(snapshot, table.name, &mut told);
        if feeds.is_empty() {
            diagnostics.append_new(told);
            return None;
        }
        let asked: Vec<&str> = request.columns.iter().filter(|column| column.is_decoded()).map(Column::name).collect();
        let mut sources = Vec::new();
        for (number, feed) in feeds {
            let judge = Judge { table: table.name, feed, number, merged };
            sources.push(Source {
                raw: Raw(snapshot),
                judge,
                lookups: lookups(Raw(snapshot), feed, &asked, merged, &mut told),
            });
        }
        let best = best(&sources);
        let mut values = Vec::new();
        for source in &sources {
            values.extend(source.rows(&table, &asked, best.as_ref(), purpose, &mut told, &map));
        }
        if table.name == "devices" {
            told.append(merged.told.clone());
        }
        diagnostics.append_new(told);
        Some(values)
    }
}

/// A source of a table that is there.
struct Source<'a> {
    raw: Raw<'a>,
    judge: Judge<'a>,
    lookups: Vec<Lookup>,
}

/// Which of the rows of several sources count; `None` where all of them do.
fn best(sources: &[Source<'_>]) -> Option<Best> {
    let is_ranked = sources.iter().any(|source| source.judge.is_needed(sources.len() - 1));
    is_ranked.then(|| {
        let mut best = Best::default();
        for Source { raw, judge, lookups } in sources.iter().filter(|source| source.judge.can_compete()) {
            let plan = Plan::of(judge.feed, judge.columns().into_iter());
            let translation = Translation { judge, plan: &plan, lookups };
            // What is wrong with the files is told when they are read for their rows.
            let mut again = Diagnostics::new();
            let parts = raw.read(&judge.feed.from, &plan, Use::Figures, &mut again, |batch| translation.best(&batch));
            parts.into_iter().flatten().for_each(|part| best.merge(part));
        }
        best
    })
}

impl Source<'_> {
    /// What `map` makes of every batch of the table, with these of its columns.
    fn rows<T: Send>(
        &self,
        table: &Table,
        asked: &[&str],
        best: Option<&Best>,
        purpose: Use,
        told: &mut Diagnostics,
        map: &(impl Fn(Batch) -> T + Sync),
    ) -> Vec<T> {
        let Self { raw, judge, lookups } = self;
        let best = best.filter(|_| judge.can_compete());
        let ranking = judge.columns().into_iter().filter(|_| best.is_some());
        let mut plan = Plan::of(judge.feed, asked.iter().copied().chain(ranking));
        for column in table.columns.iter().filter(|column| column.is_required()) {
            let value = judge.feed.columns.get(column.name());
            value.into_iter().for_each(|value| plan.require(value, &judge.feed.filter));
        }
        let purpose = if purpose == Use::Figures && judge.is_repetitive() { Use::Distinct } else { purpose };
        let translation = Translation { judge, plan: &plan, lookups };
        let spelt = Arc::new(spelt(judge.feed));
        let translated = |batch| map(translation.batch(batch, asked, best, &spelt));
        raw.read(&judge.feed.from, &plan, purpose, told, translated).unwrap_or_default()
    }
}

impl Feed {
    /// Whether some row is what `when` asks for. One source may hold the rows of many tables; where it has none of
    /// this one, nothing is known of the table, which is not the same as that nothing was found.
    fn is_met(&self, raw: Raw<'_>) -> bool {
        if self.filter.when.is_empty() {
            return true;
        }
        *self.is_met.get_or_init(|| {
            let of_file = self.filter.when.iter().filter(|condition| condition.place.path().is_some());
            let filter = Filter { when: of_file.cloned().collect(), unless: Vec::new() };
            let is_of_element = |condition: &Condition| matches!(condition.place, Place::Element(..));
            let each: &[Place] = if filter.when.iter().any(is_of_element) { &self.each } else { &[] };
            let plan = Plan::presence(each, &filter);
            let mut told = Diagnostics::new();
            let parts = raw.read(&self.from, &plan, Use::Distinct, &mut told, |batch| {
                let mut sight = Sight::all(&plan, &batch);
                sight.select(each, &filter, Sight::column);
                !sight.rows.is_empty()
            });
            // What is wrong with a file is told by whoever reads its rows.
            told.has_errors() || parts.into_iter().flatten().any(|is_met| is_met)
        })
    }
}

/// The tables that a source is joined with, where something that is asked for, or that decides which rows count, looks
/// into them.
fn lookups(raw: Raw<'_>, feed: &Feed, asked: &[&str], merged: &Merged, told: &mut Diagnostics) -> Vec<Lookup> {
    let values = asked.iter().filter_map(|column| feed.columns.get(*column)).flat_map(Value::places);
    let is_needed = feed.deciding().into_iter().chain(values).any(|place| matches!(place, Place::Joined(..)));
    feed.joins.iter().filter(|_| is_needed).map(|join| Lookup::read(raw, join, merged, told)).collect()
}

/// What a source calls the columns of its table.
fn spelt(feed: &Feed) -> Spelt {
    let first = |value: &Value| value.places().into_iter().find_map(Place::path).map(ToString::to_string);
    feed.columns.iter().filter_map(|(column, value)| Some((*column, first(value)?))).collect()
}
