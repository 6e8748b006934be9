//! A row of a snapshot's table, as JSON Schema.
//!
//! A schema of rows asks for the canonical form: the words as documentation spells them, real
//! Booleans, no further column. Whoever writes an export holds it against this; the reader is
//! more lenient, and says in a note what it did not understand.

use serde_json::{Map, Value, json};

use super::form::{alternatives, any_of};
use crate::fleet::{AlertStatus, AntivirusMode, Classification, Criticality, Health, IncidentStatus, Onboarding};
use crate::snapshot::Table;
use crate::terms::Severity;
use crate::yaml::Form;

/// A row of `table`: the columns that the reader reads, and no others.
pub(super) fn row(table: &Table) -> Value {
    let mut properties = Map::new();
    for column in table.columns {
        let (form, meaning) = describe(table.name, column.name());
        let mut schema = alternatives(&form);
        if !may_not_be_empty(table.name, column.name()) {
            schema.push(json!({"type": "null"}));
        }
        let mut schema = any_of(schema);
        schema.insert("description".to_owned(), json!(meaning));
        properties.insert(column.name().to_owned(), Value::Object(schema));
    }
    let required: Vec<&str> =
        table.columns.iter().filter(|column| column.is_required()).map(|column| column.name()).collect();
    json!({
        "description": format!("A row of the table `{}`.", table.name),
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// Whether a row without this value is a bad row.
fn may_not_be_empty(table: &str, column: &str) -> bool {
    match column {
        "device_id" => table != "alerts",
        "alert_id" | "configuration_id" => true,
        "incident_id" => table == "incidents",
        "created" => table == "alerts",
        _ => false,
    }
}

const ID: Form = Form::Given;
const SEVERITY: Form = Form::Word(|| Severity::ALL.map(Severity::word).to_vec());

macro_rules! words {
    ($enumeration:ty) => {
        Form::Word(|| <$enumeration>::ALL.iter().map(|value| value.word()).collect())
    };
}

/// What can stand in a column, and what it means.
fn describe(table: &str, column: &str) -> (Form, &'static str) {
    match (table, column) {
        (_, "device_id") => (ID, "The device's id; compared in any case."),
        (_, "cve_id") => (Form::Text, "The CVE id; a row without one is inventory."),
        (_, "configuration_id") => (ID, "The configuration's id; compared in any case."),
        (_, "alert_id") => (ID, "The alert's id."),
        ("incidents", "incident_id") => (ID, "The incident's id."),
        (_, "incident_id") => (Form::Text, "The incident that the alert belongs to."),
        ("devices", "name") => (Form::Text, "The device's name."),
        (_, "name") => (Form::Text, "What it is called."),
        ("vulnerabilities" | "configurations" | "software", "device_group") => {
            (Form::Text, "The group that the row itself names; the one in `devices` counts.")
        }
        (_, "device_group") => (Form::Text, "The device's group; none is `ungrouped`."),
        (_, "os" | "os_version") => (Form::Text, "The operating system, or its version."),
        (_, "onboarding") => (words!(Onboarding), "How far it is onboarded; none counts as onboarded."),
        (_, "health") => (words!(Health), "The state of its sensor."),
        (_, "last_seen") => (Form::Moment, "When it was last heard of."),
        (_, "antivirus_mode") => (words!(AntivirusMode), "What the vendor's antivirus does on it."),
        (_, "excluded") => (Form::Boolean, "Taken out of vulnerability management on purpose."),
        (_, "criticality") => (words!(Criticality), "How much it matters."),
        (_, "internet_facing") => (Form::Boolean, "Whether the internet reaches it."),
        (_, "severity") => (SEVERITY, "How bad it is."),
        ("vulnerabilities", "status") => (
            Form::Word(|| vec!["exposed", "patched", "pending_restart", "not_applicable"]),
            "The state of the finding; none counts as exposed.",
        ),
        ("alerts", "status") => (words!(AlertStatus), "Everything but `resolved` is active, no value too."),
        (_, "status") => (words!(IncidentStatus), "The incident's status."),
        (_, "classification") => (words!(Classification), "What the alert turned out to be."),
        (_, "update_id") => (Form::Text, "The update that answers it."),
        (_, "update_name") => (Form::Text, "What that update is called."),
        (_, "update_available") => (Form::Boolean, "`false`: there is no update yet."),
        (_, "cvss") => (Form::Text, "The CVSS score; no figure uses it."),
        (_, "vendor") => (Form::Text, "Who makes the product; compared in any case."),
        (_, "product") => (Form::Text, "The product; compared in any case."),
        (_, "version") => (Form::Text, "The product's version; no figure uses it."),
        (_, "first_seen") => (Form::Moment, "When it was first found; no figure uses it."),
        (_, "applicable") => (Form::Boolean, "Whether it applies to the device; none counts as true."),
        (_, "compliant") => (Form::Boolean, "Whether it is as recommended; none is not assessed."),
        (_, "at") => (Form::Moment, "When it was assessed; the newest row counts."),
        (_, "category" | "subcategory") => (Form::Text, "Where it belongs."),
        (_, "impact") => (Form::Decimal(1, 10), "How much it matters; none counts as 5."),
        (_, "remediation") => (Form::Text, "What to do."),
        (_, "title") => (Form::Text, "The title; reports select alerts by it."),
        (_, "created") => (Form::Moment, "When it was raised."),
        (_, "updated") => (Form::Moment, "When it was last changed."),
        (_, "resolved") => (Form::Moment, "When it was resolved."),
        (_, "detector_id") => (Form::Text, "What raised it; reports select alerts by it."),
        (_, "threat_family") => (Form::Text, "The malware's family; reports select alerts by it."),
        (_, "actor") => (Form::Text, "The actor; reports select alerts by it."),
        (_, "techniques") => (Form::Text, "ATT&CK ids, separated by `;`."),
        (_, "redirect_to") => (Form::Text, "The incident that this one was merged into."),
        _ => (Form::Text, "A column that is read."),
    }
}
