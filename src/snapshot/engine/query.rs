//! What an engine is asked, and whether it answered that.

use std::sync::Arc;

use arrow::datatypes::Schema;

use super::fault::Fault;
use crate::diagnostics::visible;

/// A query for rows.
pub(super) struct Query {
    pub(super) text: String,
    pub(super) columns: Arc<Columns>,
}

/// The columns that a query asks for.
#[derive(Default)]
pub(super) struct Columns {
    /// What the engine calls them, in the order that they have in its answer.
    pub(super) names: Vec<String>,
    /// For each column of a batch, its place among them, where it has one.
    pub(super) places: Vec<Option<usize>>,
}

impl Columns {
    /// Complains about an answer with other columns: they are known by their places from here on. Capitals are as the
    /// engine likes them.
    pub(super) fn check(&self, answer: &Schema) -> Result<(), Fault> {
        let (came, asked) = (answer.fields().len(), self.names.len());
        if came != asked {
            return Err(Fault::Strange(format!("it has {came} column(s), and {asked} were asked for")));
        }
        let names = answer.fields().iter().map(|field| field.name()).zip(&self.names);
        match names.into_iter().find(|(came, asked)| came.to_lowercase() != asked.to_lowercase()) {
            Some((came, asked)) => {
                let (came, asked) = (visible(came), visible(asked));
                Err(Fault::Strange(format!("it has a column `{came}` where `{asked}` was asked for")))
            }
            None => Ok(()),
        }
    }
}
