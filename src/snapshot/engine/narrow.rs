//! What an engine is asked: never more columns than are read, and of the contract's large tables no row that no figure
//! needs.
//!
//! Ids and names are compared by rules of our own (white space, capitals, the whole of Unicode), which no two
//! engines' functions keep to alike. So the distinct spellings are asked for first; which of them are meant is
//! decided here, and the rows are asked for by exactly those.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{Array as _, AsArray as _, LargeStringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Schema};

use super::fault::Fault;
use super::query::{Columns, Query};
use super::session::Session;
use super::sql::{Quote, is_one_of, relation};
use super::{Engine, Entry, Use};
use crate::fleet::Wanted;
use crate::snapshot::read::{Dialect, Request, Seen, locate, no_text};
use crate::snapshot::tables;
use crate::terms::{ConfigurationId, CveId};

/// A table of an engine, whose columns are known.
pub(super) struct Question<'a> {
    session: &'a Session<'a>,
    engine: &'a Engine,
    quote: Quote,
    table: &'a str,
    /// Whether it is another program's, of whose rows and columns nothing more is known here.
    is_foreign: bool,
    /// What stands behind FROM.
    from: String,
    columns: Vec<Column<'a>>,
    pub(super) seen: Seen,
}

/// A column of a batch.
struct Column<'a> {
    name: &'a str,
    /// How the engine spells it, where it has it.
    spelt: Option<String>,
    is_text: bool,
    is_nested: bool,
}

impl<'a> Question<'a> {
    /// Asks which columns there are.
    pub(super) async fn of(
        session: &'a Session<'a>,
        quote: Quote,
        request: &Request<'a>,
        entry: &Entry,
        engine: &'a Engine,
    ) -> Result<Self, Fault> {
        let from = relation(&entry.text, quote);
        let nothing = format!("SELECT * FROM {from} WHERE 1 = 0");
        let schema: Schema = session.again(async |tries| session.schema(&nothing, tries).await).await?;
        let names: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
        let found = locate(&engine.place(request.table), request, &names).map_err(Fault::Table)?;
        let field = |place: &Option<usize>| place.and_then(|place| schema.fields().get(place));
        if let Some(why) = found.places.iter().filter_map(field).find_map(|field| no_text(field, request.dialect)) {
            return Err(Fault::Column(why));
        }
        let columns = request.decoded().zip(&found.places).map(|(name, place)| Column {
            name,
            spelt: field(place).map(|field| field.name().clone()),
            is_text: field(place).is_some_and(|field| is_text(field.data_type())),
            is_nested: field(place).is_some_and(|field| field.data_type().is_nested()),
        });
        let columns = columns.collect();
        let is_foreign = matches!(request.dialect, Dialect::Foreign(_));
        Ok(Self { session, engine, quote, table: request.table, is_foreign, from, columns, seen: found.seen })
    }

    /// The queries whose answers together are the table, as far as it is needed.
    pub(super) async fn queries(&self, purpose: Use) -> Result<Vec<Query>, Fault> {
        if self.is_foreign {
            // Not every engine compares lists and structures.
            let is_distinct = purpose == Use::Distinct && self.columns.iter().all(|column| !column.is_nested);
            return Ok(vec![self.select(is_distinct, |_| true, None).unwrap_or_else(|| self.count())]);
        }
        let narrow = match (purpose, self.table, &self.engine.wanted) {
            (Use::Figures, "vulnerabilities", Some(wanted)) => self.vulnerabilities(wanted).await?,
            (Use::Figures, "configurations", Some(wanted)) => self.configurations(wanted).await?,
            (Use::Figures, "software", _) => self.software().await?,
            _ => None,
        };
        // Each row names a product and its version, which figures do not: without them most rows repeat another.
        let is_repetitive = purpose == Use::Figures && matches!(self.table, "vulnerabilities" | "software");
        Ok(narrow.unwrap_or_else(|| self.select(is_repetitive, |_| true, None).into_iter().collect()))
    }

    /// Rows of the vulnerabilities that are wanted and, since an update is called by the first of its names, of
    /// every other that names one of their updates; and of every device that it has any row at all.
    async fn vulnerabilities(&self, wanted: &Wanted) -> Result<Option<Vec<Query>>, Fault> {
        if !self.are_texts(&["cve_id", "update_id"]) {
            return Ok(None);
        }
        let pairs = self.spellings(&["cve_id", "update_id"]).await?;
        let update = |pair: &[String]| pair.get(1).cloned().unwrap_or_default();
        let is_wanted = |pair: &&Vec<String>| {
            pair.first().is_some_and(|cve| wanted.vulnerabilities.contains(&CveId::from_scanner(cve)))
        };
        let meant: Vec<&Vec<String>> = pairs.iter().filter(is_wanted).collect();
        let cves: BTreeSet<String> = meant.iter().filter_map(|pair| pair.first().cloned()).collect();
        let answers: BTreeSet<String> = meant.iter().map(|pair| update(pair).trim().to_owned()).collect();
        let updates = pairs.iter().map(|pair| update(pair));
        let is_answer = |update: &String| !update.trim().is_empty() && answers.contains(update.trim());
        let updates: BTreeSet<String> = updates.filter(is_answer).collect();
        // A row that cannot be used assesses nothing: what makes it so has to come with it.
        let inventory = self.select(true, |column| matches!(column, "device_id" | "update_available"), None);
        if cves.is_empty() {
            return Ok(Some(inventory.into_iter().collect()));
        }
        let (of_cves, of_updates) = (self.holds("cve_id", cves), self.holds("update_id", updates));
        let (Some(of_cves), Some(of_updates)) = (of_cves, of_updates) else { return Ok(None) };
        let filter = [of_cves, of_updates].into_iter().flatten().collect::<Vec<_>>().join(" OR ");
        let rows = self.select(true, |_| true, Some(&filter));
        Ok(Some(inventory.into_iter().chain(rows).collect()))
    }

    /// Rows of the configurations that are wanted.
    async fn configurations(&self, wanted: &Wanted) -> Result<Option<Vec<Query>>, Fault> {
        if !self.are_texts(&["configuration_id"]) {
            return Ok(None);
        }
        let ids = self.spellings(&["configuration_id"]).await?.into_iter().flatten();
        let is_wanted = |id: &String| wanted.configurations.contains(&ConfigurationId::fold(id));
        let filter = self.holds("configuration_id", ids.filter(is_wanted).collect());
        Ok(filter.map(|filter| match filter {
            Some(filter) => self.select(false, |_| true, Some(&filter)).into_iter().collect(),
            None => Vec::new(),
        }))
    }

    /// Rows of the products that some wanted vulnerability affects; and of every device that it has any row at all.
    async fn software(&self) -> Result<Option<Vec<Query>>, Fault> {
        let affected = self.affected().await?;
        // Rows of devices alone would be taken for rows of a product without a name.
        if affected.contains(&(String::new(), String::new())) || !self.are_texts(&["vendor", "product"]) {
            return Ok(None);
        }
        let inventory = self.select(true, |column| column == "device_id", None);
        let pairs = if affected.is_empty() { Vec::new() } else { self.spellings(&["vendor", "product"]).await? };
        let meant = pairs.into_iter().filter_map(|pair| match pair.as_slice() {
            [vendor, name] if affected.contains(&product(vendor, name)) => Some(name.clone()),
            _ => None,
        });
        let Some(filter) = self.holds("product", meant.collect()) else { return Ok(None) };
        let rows = filter.and_then(|filter| self.select(true, |_| true, Some(&filter)));
        Ok(Some(inventory.into_iter().chain(rows).collect()))
    }

    /// The products that wanted vulnerabilities affect, folded.
    async fn affected(&self) -> Result<BTreeSet<(String, String)>, Fault> {
        const TABLE: &str = "affected_software";
        let declared = tables::all().into_iter().find(|table| table.name == TABLE);
        let (Some(entry), Some(declared)) = (self.engine.entry(TABLE), declared) else {
            return Ok(BTreeSet::new());
        };
        let request = Request { table: TABLE, columns: declared.columns, dialect: Dialect::Own };
        let question = Question::of(self.session, self.quote, &request, entry, self.engine).await?;
        let rows = question.spellings(&["cve_id", "vendor", "product"]).await?;
        let is_wanted = |cve: &str| {
            let has = |wanted: &Wanted| wanted.vulnerabilities.contains(&CveId::from_scanner(cve));
            !cve.trim().is_empty() && self.engine.wanted.as_ref().is_none_or(has)
        };
        let affected = rows.iter().filter_map(|row| match row.as_slice() {
            [cve, vendor, name] if is_wanted(cve) => Some(product(vendor, name)),
            _ => None,
        });
        Ok(affected.collect())
    }

    /// Whether those of these columns that are there hold texts, which can be compared with texts.
    fn are_texts(&self, columns: &[&str]) -> bool {
        let mut asked = self.columns.iter().filter(|column| columns.contains(&column.name));
        asked.all(|column| column.is_text || column.spelt.is_none())
    }

    /// The condition that a column holds one of these spellings, or `Some(None)` for none of them; `None` where
    /// that cannot be said so that every engine understands it.
    fn holds(&self, column: &str, spellings: BTreeSet<String>) -> Option<Option<String>> {
        if spellings.is_empty() {
            return Some(None);
        }
        let column = self.quote.name(self.columns.iter().find(|known| known.name == column)?.spelt.as_ref()?);
        // No value and an empty text are the same to us, and not to an engine.
        if spellings.contains("") {
            return None;
        }
        is_one_of(&column, &spellings.into_iter().collect::<Vec<_>>()).map(Some)
    }

    /// A query for some of the columns, as far as they are there; the others of a batch stay empty.
    fn select(&self, is_distinct: bool, is_asked: impl Fn(&str) -> bool, filter: Option<&str>) -> Option<Query> {
        let mut columns = Columns::default();
        for column in &self.columns {
            let spelt = column.spelt.as_ref().filter(|_| is_asked(column.name));
            columns.places.push(spelt.map(|_| columns.names.len()));
            columns.names.extend(spelt.cloned());
        }
        let distinct = if is_distinct { "DISTINCT " } else { "" };
        let asked: Vec<String> = columns.names.iter().map(|name| self.quote.name(name)).collect();
        let filter = filter.map(|filter| format!(" WHERE {filter}")).unwrap_or_default();
        let text = format!("SELECT {distinct}{} FROM {}{filter}", asked.join(", "), self.from);
        (!asked.is_empty()).then(|| Query { text, columns: Arc::new(columns) })
    }

    /// A query that tells nothing of rows but how many there are.
    fn count(&self) -> Query {
        let columns = Columns { names: vec!["a".to_owned()], places: vec![None; self.columns.len()] };
        let text = format!("SELECT 1 AS {} FROM {}", self.quote.name("a"), self.from);
        Query { text, columns: Arc::new(columns) }
    }

    /// The distinct rows of some columns as the engine spells them, in the order that the columns have in a batch.
    async fn spellings(&self, columns: &[&str]) -> Result<Vec<Vec<String>>, Fault> {
        let Some(query) = self.select(true, |column| columns.contains(&column), None) else {
            return Ok(Vec::new());
        };
        let mut rows = Vec::new();
        for batch in self.session.again(async |tries| self.session.rows(&query.text, tries).await).await? {
            query.columns.check(batch.schema_ref())?;
            let texts = batch.columns().iter().map(|column| cast(column, &DataType::LargeUtf8));
            let texts = texts.collect::<Result<Vec<_>, _>>().map_err(|error| Fault::Strange(error.to_string()))?;
            let texts: Vec<_> = texts.iter().map(|column| column.as_string::<i64>()).collect();
            let text = |column: &&LargeStringArray, row| match column.is_null(row) {
                true => String::new(),
                false => column.value(row).to_owned(),
            };
            rows.extend((0..batch.num_rows()).map(|row| texts.iter().map(|column| text(column, row)).collect()));
        }
        Ok(rows)
    }
}

fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => is_text(values),
        kind => matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View),
    }
}

/// Vendor and product as `tables` folds them.
fn product(vendor: &str, product: &str) -> (String, String) {
    (vendor.trim().to_lowercase(), product.trim().to_lowercase())
}
