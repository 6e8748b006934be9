//! Rows of JSON as Arrow has them, with the types that a lakehouse would give them.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, ListArray, RecordBatch, StringArray, StructArray,
    TimestampMicrosecondArray,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{Field, FieldRef};
use parquet::arrow::ArrowWriter;
use serde_json::{Map, Value};

/// How times are held.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Times {
    /// As the rows have them: numbers of milliseconds, or texts.
    Given,
    /// As times.
    Typed,
}

/// The rows of a file: CSV, an array of JSON objects, a page of them, or one on each line.
pub(crate) fn rows(text: &str) -> Vec<Value> {
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        let rows = ["value", "Results"].iter().find_map(|key| value.get(key).cloned()).unwrap_or(value);
        return rows.as_array().cloned().unwrap_or_else(|| vec![rows]);
    }
    if text.starts_with('{') {
        return text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    }
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names = reader.headers().unwrap().clone();
    let cell = |(name, value): (&str, &str)| {
        (name.to_owned(), if value.is_empty() { Value::Null } else { Value::from(value) })
    };
    let row = |record: csv::StringRecord| Value::Object(names.iter().zip(&record).map(cell).collect());
    reader.records().map(|record| row(record.unwrap())).collect()
}

/// Rows as one batch.
pub(crate) fn batch(rows: &[Value], times: Times) -> RecordBatch {
    let rows: Vec<&Value> = rows.iter().collect();
    RecordBatch::from(structure(&rows, times).expect("columns"))
}

/// Writes a batch as Parquet, in several row groups.
pub(crate) fn write(rows: &RecordBatch, path: &Path) {
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), rows.schema(), None).unwrap();
    for at in (0..rows.num_rows()).step_by(3) {
        writer.write(&rows.slice(at, (rows.num_rows() - at).min(3))).unwrap();
        writer.flush().unwrap();
    }
    writer.close().unwrap();
}

/// What stands in a column: of one kind, or the text of each.
fn array(values: &[&Value], times: Times) -> ArrayRef {
    let there = || values.iter().copied().filter(|value| !value.is_null());
    let all = |is: fn(&Value) -> bool| there().next().is_some() && there().all(is);
    if all(Value::is_object) {
        return structure(values, times).map_or_else(|| nothing(values.len()), |structure| Arc::new(structure));
    }
    if all(Value::is_array) {
        let elements: Vec<&Value> = there().filter_map(Value::as_array).flatten().collect();
        let offsets = OffsetBuffer::from_lengths(values.iter().map(|list| list.as_array().map_or(0, Vec::len)));
        let elements = array(&elements, times);
        let field = Arc::new(Field::new("item", elements.data_type().clone(), true));
        return Arc::new(ListArray::new(field, offsets, elements, nulls(values)));
    }
    if times == Times::Typed && all(|value| moment(value).is_some()) {
        let times = values.iter().map(|value| moment(value));
        return Arc::new(times.collect::<TimestampMicrosecondArray>().with_timezone("+02:00"));
    }
    if all(Value::is_i64) {
        return Arc::new(values.iter().map(|value| value.as_i64()).collect::<Int64Array>());
    }
    if all(Value::is_number) {
        return Arc::new(values.iter().map(|value| value.as_f64()).collect::<Float64Array>());
    }
    if all(Value::is_boolean) {
        return Arc::new(values.iter().map(|value| value.as_bool()).collect::<BooleanArray>());
    }
    let text = |value: &&Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    Arc::new(values.iter().map(text).collect::<StringArray>())
}

/// Microseconds since 1970, of a time of this century.
fn moment(value: &Value) -> Option<i64> {
    let number = value.as_i64().filter(|number| *number > 1_000_000_000_000).map(|number| number * 1000);
    number.or_else(|| value.as_str()?.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_microsecond))
}

fn nothing(rows: usize) -> ArrayRef {
    Arc::new(std::iter::repeat_n(None::<&str>, rows).collect::<StringArray>())
}

fn nulls(values: &[&Value]) -> Option<NullBuffer> {
    Some(NullBuffer::from_iter(values.iter().map(|value| !value.is_null())))
}

/// Objects side by side; `None` where they have no member. Members are one whatever the case of their names.
fn structure(values: &[&Value], times: Times) -> Option<StructArray> {
    let objects: Vec<Option<&Map<String, Value>>> = values.iter().map(|value| value.as_object()).collect();
    let folded = |name: &str| name.to_lowercase().replace('_', "");
    let mut names: Vec<&String> = Vec::new();
    for name in objects.iter().flatten().flat_map(|object| object.keys()) {
        if !names.iter().any(|known| folded(known) == folded(name)) {
            names.push(name);
        }
    }
    let member = |name: &&String| -> (FieldRef, ArrayRef) {
        let of = |object: &Option<&Map<String, Value>>| -> Value {
            let mut members = object.iter().flat_map(|object| object.iter());
            members.find(|(known, _)| folded(known) == folded(name)).map_or(Value::Null, |(_, value)| value.clone())
        };
        let column: Vec<Value> = objects.iter().map(of).collect();
        let column = array(&column.iter().collect::<Vec<_>>(), times);
        (Arc::new(Field::new(name.as_str(), column.data_type().clone(), true)), column)
    };
    let (fields, columns): (Vec<FieldRef>, Vec<ArrayRef>) = names.iter().map(member).unzip();
    (!fields.is_empty()).then(|| StructArray::new(fields.into(), columns, nulls(values)))
}
