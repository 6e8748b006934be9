//! JSON Schemas (draft 2020-12) for editors: of the configuration, of front matter, of snapshots.
//!
//! They are made of the declarations that the readers themselves use, so that a key the reader
//! knows is in the schema. What a schema accepts, the reader reads; what only the reader can know
//! (whether a role exists, whether two slugs clash) stays its business. Only keywords that draft
//! 7 knows as well are used, for editors that know no later one.

mod form;
mod row;

use serde_json::{Map, Value, json};

use crate::{config, report, snapshot};
use form::mapping;
use row::row;

/// Of `threatpress.yaml`.
#[must_use]
pub fn configuration() -> Value {
    document("Threatpress: the configuration of a site (threatpress.yaml)", mapping(&config::CONFIGURATION))
}

/// Of a report's front matter.
#[must_use]
pub fn report() -> Value {
    document("Threatpress: the front matter of a report", mapping(&report::REPORT))
}

/// Of a free page's front matter.
#[must_use]
pub fn page() -> Value {
    document("Threatpress: the front matter of a free page", mapping(&report::PAGE))
}

/// Of `snapshot.yaml`; under `$defs`, of a row of each table in JSON.
#[must_use]
pub fn snapshot() -> Value {
    let mut schema = mapping(&snapshot::SNAPSHOT);
    let rows: Map<String, Value> =
        snapshot::tables().into_iter().map(|table| (table.name.to_owned(), row(&table))).collect();
    schema.insert("$defs".to_owned(), Value::Object(rows));
    schema.insert("allOf".to_owned(), Value::Array(tables_of_engines()));
    document("Threatpress: a snapshot (snapshot.yaml)", schema)
}

/// Which tables an engine can hold of each source; a profile of the site's own says so itself.
fn tables_of_engines() -> Vec<Value> {
    let named = |tables: &[&str], devices: &[&str]| {
        let needed: Vec<Value> = devices.iter().map(|table| json!({"required": [table]})).collect();
        json!({"properties": {"tables": {"propertyNames": {"enum": tables}, "anyOf": needed}}})
    };
    let contract: Vec<&str> = snapshot::tables().iter().map(|table| table.name).collect();
    // Left out, the source is the native one.
    let native = json!({"properties": {"source": {"enum": ["native", null]}}});
    let mut all = vec![json!({"if": native, "then": named(&contract, &["devices"])})];
    for source in snapshot::shipped_sources() {
        let [tables, devices] =
            [&source.tables, &source.devices].map(|names| names.iter().map(String::as_str).collect::<Vec<_>>());
        let is_it = json!({"properties": {"source": {"const": source.name}}, "required": ["source"]});
        all.push(json!({"if": is_it, "then": named(&tables, &devices)}));
    }
    all
}

fn document(title: &str, mut schema: Map<String, Value>) -> Value {
    schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".to_owned(), json!(title));
    Value::Object(schema)
}
