//! Declared keys as JSON Schema.

use serde_json::{Map, Value, json};

use crate::yaml::{Form, Key, Keys};

/// An RFC 3339 date, alone or with a time; no zone is UTC. `format` knows no such choice.
const MOMENT: &str = "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])\
                      (?:[Tt ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?\
                      (?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?)?$";

/// A mapping with these keys and no others.
pub(super) fn mapping(keys: &Keys) -> Map<String, Value> {
    let properties: Map<String, Value> = keys.list.iter().map(|key| (key.name.to_owned(), property(key))).collect();
    let required: Vec<&str> = keys.list.iter().filter(|key| key.required).map(|key| key.name).collect();
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("properties".to_owned(), Value::Object(properties));
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema.insert("additionalProperties".to_owned(), json!(false));
    schema
}

fn property(key: &Key) -> Value {
    let mut alternatives = alternatives(&key.form);
    if key.may_be_empty && !matches!(key.form, Form::Refused) {
        alternatives.push(json!({"type": "null"}));
    }
    let mut schema = any_of(alternatives);
    schema.insert("description".to_owned(), json!(key.meaning));
    if let Ok(example) = serde_json::from_str::<Value>(key.example) {
        schema.insert("examples".to_owned(), json!([example]));
    }
    Value::Object(schema)
}

/// Everything that `form` allows, side by side.
pub(super) fn alternatives(form: &Form) -> Vec<Value> {
    match form {
        Form::Text => vec![json!({"type": SCALARS})],
        Form::Given => vec![json!({"type": SCALARS, "pattern": r"\S"})],
        Form::Short(most) => vec![json!({"type": SCALARS, "pattern": r"\S", "maxLength": most})],
        Form::Pattern(pattern) => vec![json!({"type": "string", "pattern": pattern})],
        Form::Word(words) => vec![json!({"enum": words()})],
        Form::Label(prefix, words) => {
            vec![json!({"enum": words()}), json!({"type": "string", "pattern": in_any_case(prefix, &words())})]
        }
        Form::Number(least, most) => vec![json!({"type": "integer", "minimum": least, "maximum": most})],
        Form::Decimal(least, most) => vec![json!({"type": "number", "minimum": least, "maximum": most})],
        Form::Boolean => vec![json!({"type": "boolean"})],
        Form::Moment => vec![json!({"type": "string", "pattern": MOMENT})],
        Form::List(item) => {
            let mut all = alternatives(item);
            all.push(json!({"type": "array", "items": any_of(alternatives(item))}));
            all
        }
        Form::Mapping(keys) => vec![Value::Object(mapping(keys))],
        Form::Named(name, keys) => {
            let value = any_of(vec![Value::Object(mapping(keys)), json!({"type": "null"})]);
            vec![json!({
                "type": "object", "minProperties": 1, "propertyNames": {"pattern": name}, "additionalProperties": value,
            })]
        }
        Form::Each(value) => {
            vec![json!({"type": "object", "additionalProperties": any_of(alternatives(value))})]
        }
        Form::Either(forms) => forms.iter().flat_map(alternatives).collect(),
        Form::Refused => vec![json!({"not": {}})],
    }
}

/// What YAML makes of a text without quotes: `2026` is a number to it, and a fine title.
const SCALARS: [&str; 3] = ["string", "number", "boolean"];

/// One of the alternatives.
pub(super) fn any_of(mut alternatives: Vec<Value>) -> Map<String, Value> {
    match alternatives.as_mut_slice() {
        [Value::Object(only)] => std::mem::take(only),
        _ => Map::from_iter([("anyOf".to_owned(), Value::Array(alternatives))]),
    }
}

/// A regular expression for the words in any case, with or without the prefix.
fn in_any_case(prefix: &str, words: &[&str]) -> String {
    let fold = |text: &str| -> String {
        let letter = |c: char| match c {
            'a'..='z' => format!("[{}{c}]", c.to_ascii_uppercase()),
            c if c.is_ascii_alphanumeric() => c.to_string(),
            c => format!("[{c}]"),
        };
        text.chars().map(letter).collect()
    };
    let words: Vec<String> = words.iter().map(|word| fold(word)).collect();
    format!("^(?:{})?(?:{})$", fold(prefix), words.join("|"))
}
