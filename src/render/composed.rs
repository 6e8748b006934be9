//! What is set in type once, and stands on several pages that are printed one after another.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use tera::Value;

use crate::pages::{Chart, Table};
use crate::scope::Document;

/// What pages have shown so far that others may show too.
#[derive(Default)]
pub(super) struct Composed<'a> {
    /// The way to the root from the pages whose links this holds: from others it is another.
    root: String,
    tables: Kept<Table<'a>>,
    charts: Kept<Chart>,
    texts: Kept<Document>,
    /// Drawings have no links.
    drawings: Kept<Chart>,
}

impl<'a> Composed<'a> {
    /// The same for a page from which this is the way to the root.
    pub(super) fn at(&mut self, root: &str) -> &mut Self {
        if self.root != root {
            let drawings = std::mem::take(&mut self.drawings);
            *self = Self { root: root.to_owned(), drawings, ..Self::default() };
        }
        self
    }

    /// A table as it was set, or as `set` does it.
    pub(super) fn table(&mut self, table: &Arc<Table<'a>>, set: impl FnOnce() -> Value) -> Value {
        self.tables.get_or(table, set)
    }

    /// A chart as it was set, or as `set` does it with its drawing.
    pub(super) fn chart(
        &mut self,
        chart: &Arc<Chart>,
        draw: impl FnOnce() -> Value,
        set: impl FnOnce(Value) -> Value,
    ) -> Value {
        let drawings = &mut self.drawings;
        self.charts.get_or(chart, || set(drawings.get_or(chart, draw)))
    }

    /// A text as it was set, or as `set` does it: with tables, charts and figures in it, which are the same wherever a
    /// report shows its text (`pages::report::Dossier` lends a page those it lacks).
    pub(super) fn text(&mut self, text: &Arc<Document>, set: impl FnOnce() -> Value) -> Value {
        self.texts.get_or(text, set)
    }
}

/// Values by what they were made of, which is kept with them, so that nothing else can come to stand in its place.
struct Kept<T>(FxHashMap<*const T, (Arc<T>, Value)>);

impl<T> Kept<T> {
    fn get_or(&mut self, of: &Arc<T>, set: impl FnOnce() -> Value) -> Value {
        self.0.entry(Arc::as_ptr(of)).or_insert_with(|| (Arc::clone(of), set())).1.clone()
    }
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(FxHashMap::default())
    }
}
