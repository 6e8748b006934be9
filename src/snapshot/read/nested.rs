//! Lists, structures and maps as JSON: what would stand there if the same rows had been written as JSON.
//!
//! A value inside has the text that it has in a column of its own, and keeps its digits. No value is a member that is
//! not there, or a `null` in a list, so that the other elements keep their places.

use std::ops::Range;

use arrow::array::{Array, ArrayRef, AsArray, LargeStringArray, OffsetSizeTrait};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::DataType;
use serde_json::Value as Json;

use super::batch::{DictionaryColumn, Encoder};
use super::cells::{self, converted, has_text};

/// How many rows are looked at together where lists and structures are read: each has a text of its own, and a long
/// one.
pub(in crate::snapshot) const NESTED_ROWS: usize = 1 << 12;

/// What in a type has no JSON, with the way to it; `None` where all of it has.
pub(super) fn no_json(kind: &DataType) -> Option<(String, &DataType)> {
    let behind = |way: String, kind| no_json(kind).map(|(rest, kind)| (way + &rest, kind));
    match kind {
        kind if has_text(kind) => None,
        DataType::Dictionary(_, values) => no_json(values),
        DataType::List(field)
        | DataType::LargeList(field)
        | DataType::ListView(field)
        | DataType::LargeListView(field)
        | DataType::FixedSizeList(field, _)
        | DataType::Map(field, _) => behind("[]".to_owned(), field.data_type()),
        DataType::Struct(fields) => {
            fields.iter().find_map(|field| behind(format!(".{}", field.name()), field.data_type()))
        }
        kind => Some((String::new(), kind)),
    }
}

/// A column as its distinct texts, each of them JSON.
///
/// # Errors
/// A value that has no text: bytes that are not UTF-8.
pub(super) fn encode(column: &ArrayRef) -> Result<DictionaryColumn, String> {
    let values = Values::of(column)?;
    let mut encoder = Encoder::new();
    let mut json = String::new();
    for row in 0..column.len() {
        json.clear();
        if !values.is_null(row) {
            values.write(row, &mut json);
        }
        encoder.push(&json);
    }
    Ok(encoder.finish())
}

/// The values of an array, ready to be written one by one.
struct Values {
    nulls: Option<NullBuffer>,
    kind: Kind,
}

enum Kind {
    /// Texts, as they are.
    Texts(LargeStringArray),
    /// Numbers, times and the like: the JSON of each distinct one. An empty one has none.
    Others(DictionaryColumn),
    /// The elements of each are those between two offsets.
    Lists(OffsetBuffer<i64>, Box<Values>),
    /// The members, each with its name as JSON.
    Structures(Vec<(String, Values)>),
    /// The entries of each are those between two offsets.
    Maps(OffsetBuffer<i32>, Box<[Values; 2]>),
}

impl Values {
    fn of(array: &ArrayRef) -> Result<Self, String> {
        let kind = match array.data_type() {
            DataType::Dictionary(_, values) => return Self::of(&converted(array, values)?),
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
                Kind::Texts(converted(array, &DataType::LargeUtf8)?.as_string().clone())
            }
            DataType::List(element)
            | DataType::LargeList(element)
            | DataType::ListView(element)
            | DataType::LargeListView(element)
            | DataType::FixedSizeList(element, _) => {
                let lists = converted(array, &DataType::LargeList(element.clone()))?;
                let lists = lists.as_list::<i64>();
                Kind::Lists(lists.offsets().clone(), Box::new(Self::of(&used(lists.offsets(), lists.values()))?))
            }
            DataType::Struct(fields) => {
                let columns = fields.iter().zip(array.as_struct().columns());
                let members = columns.map(|(field, column)| Ok((quoted(field.name()), Self::of(column)?)));
                Kind::Structures(members.collect::<Result<_, String>>()?)
            }
            DataType::Map(_, _) => {
                let maps = array.as_map();
                let entries = |of: &ArrayRef| Self::of(&used(maps.offsets(), of));
                Kind::Maps(maps.offsets().clone(), Box::new([entries(maps.keys())?, entries(maps.values())?]))
            }
            kind => {
                let mut column = cells::encode(array)?;
                let is_json = |text: &str| is_json(kind, text);
                column.values.iter_mut().skip(1).filter(|text| !is_json(text)).for_each(|text| *text = quoted(text));
                Kind::Others(column)
            }
        };
        Ok(Self { nulls: array.logical_nulls(), kind })
    }

    fn is_null(&self, row: usize) -> bool {
        let has_none = matches!(&self.kind, Kind::Others(column) if column.keys.get(row).is_none_or(|key| *key == 0));
        has_none || self.nulls.as_ref().is_some_and(|nulls| nulls.is_null(row))
    }

    fn write(&self, row: usize, json: &mut String) {
        match &self.kind {
            _ if self.is_null(row) => json.push_str("null"),
            Kind::Texts(texts) => json.push_str(&quoted(texts.value(row))),
            Kind::Others(column) => json.push_str(column.text(row)),
            Kind::Lists(offsets, elements) => {
                let rows = between(offsets, row);
                write_all(['[', ']'], rows, json, |element, json| elements.write(element, json));
            }
            Kind::Structures(members) => {
                let members = members.iter().filter(|(_, values)| !values.is_null(row));
                write_all(['{', '}'], members, json, |(name, values), json| {
                    json.push_str(name);
                    json.push(':');
                    values.write(row, json);
                });
            }
            Kind::Maps(offsets, entries) => {
                let [keys, values] = entries.as_ref();
                write_all(['{', '}'], between(offsets, row), json, |entry, json| {
                    let mut key = String::new();
                    keys.write(entry, &mut key);
                    json.push_str(&if key.starts_with('"') { key } else { quoted(&key) });
                    json.push(':');
                    values.write(entry, json);
                });
            }
        }
    }
}

/// Whether the text of a value of a type is JSON as it stands. What JSON has no sign for, or whose last digits its
/// readers would drop, is written as a text.
fn is_json(kind: &DataType, text: &str) -> bool {
    match kind {
        DataType::Boolean => true,
        kind if kind.is_floating() => !text.contains(['n', 'N']),
        kind => kind.is_integer(),
    }
}

/// The elements that there are offsets for: a part of an array shares those of the whole.
fn used<O: OffsetSizeTrait>(offsets: &OffsetBuffer<O>, elements: &ArrayRef) -> ArrayRef {
    let (first, end) = (offsets[0].as_usize(), offsets[offsets.len() - 1].as_usize());
    elements.slice(first, end - first)
}

/// The places of a row's elements among those.
fn between<O: OffsetSizeTrait>(offsets: &OffsetBuffer<O>, row: usize) -> Range<usize> {
    let place = |at: usize| (offsets[at] - offsets[0]).as_usize();
    place(row)..place(row + 1)
}

/// What `write` writes of each item, with commas between and brackets around.
fn write_all<T>(
    [open, close]: [char; 2],
    items: impl IntoIterator<Item = T>,
    json: &mut String,
    write: impl Fn(T, &mut String),
) {
    json.push(open);
    for (number, item) in items.into_iter().enumerate() {
        if number > 0 {
            json.push(',');
        }
        write(item, json);
    }
    json.push(close);
}

fn quoted(text: &str) -> String {
    Json::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{
        BinaryArray, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, FixedSizeListArray, Float64Array,
        Int8Array, Int64Array, ListArray, ListViewArray, MapArray, StringArray, StructArray, TimestampMillisecondArray,
        UInt64Array,
    };
    use arrow::buffer::ScalarBuffer;
    use arrow::datatypes::{Field, Int64Type};

    use super::*;
    use crate::snapshot::read::{Dialect, no_text};

    fn texts(column: ArrayRef) -> Result<Vec<String>, String> {
        let field = Field::new("c", column.data_type().clone(), true);
        assert_eq!(no_text(&field, Dialect::Foreign(&[])), None);
        assert!(no_text(&field, Dialect::Own).is_some_and(|why| why.contains("lists or structures")));
        let column = encode(&column)?;
        Ok((0..column.keys.len()).map(|row| column.text(row).to_owned()).collect())
    }

    fn is(column: impl Array + 'static, wanted: &[&str]) {
        assert_eq!(texts(Arc::new(column)).expect("texts"), wanted);
    }

    /// Structures of one member, each of them there.
    fn of(column: impl Array + 'static) -> StructArray {
        let field = Field::new("m", column.data_type().clone(), true);
        StructArray::new(vec![field].into(), vec![Arc::new(column)], None)
    }

    fn item(kind: DataType) -> Arc<Field> {
        Arc::new(Field::new("item", kind, true))
    }

    #[test]
    fn values_are_what_they_are_in_a_column_of_their_own() {
        is(of(StringArray::from(vec![Some(" a\"\n"), Some(""), None])), &[r#"{"m":" a\"\n"}"#, r#"{"m":""}"#, "{}"]);
        is(of(Int64Array::from(vec![i64::MIN])), &[r#"{"m":-9223372036854775808}"#]);
        is(of(UInt64Array::from(vec![u64::MAX])), &[r#"{"m":18446744073709551615}"#]);
        is(of(BooleanArray::from(vec![Some(false), None])), &[r#"{"m":false}"#, "{}"]);
        is(of(Float64Array::from(vec![9.8, 1e300, f64::NAN])), &[r#"{"m":9.8}"#, r#"{"m":1e300}"#, r#"{"m":"NaN"}"#]);
        is(of(Float64Array::from(vec![f64::NEG_INFINITY])), &[r#"{"m":"-inf"}"#]);
        let ids = Decimal128Array::from(vec![12_345_678_901_234_567_890_123_456]);
        is(of(ids.with_precision_and_scale(38, 0).expect("a decimal")), &[r#"{"m":"12345678901234567890123456"}"#]);
        let times = TimestampMillisecondArray::from(vec![1_794_805_200_000]).with_timezone("+02:00");
        is(of(times), &[r#"{"m":"2026-11-16T05:00:00Z"}"#]);
        is(of(Date32Array::from(vec![20_773])), &[r#"{"m":"2026-11-16"}"#]);
        is(of(BinaryArray::from_vec(vec!["é".as_bytes()])), &[r#"{"m":"é"}"#]);
        assert!(texts(Arc::new(of(BinaryArray::from_vec(vec![&[0xff]])))).is_err());
        let values: ArrayRef = Arc::new(StringArray::from(vec!["x", "y"]));
        let dictionary = DictionaryArray::try_new(Int8Array::from(vec![Some(1), None]), values).expect("a dictionary");
        is(of(dictionary), &[r#"{"m":"y"}"#, "{}"]);
    }

    #[test]
    fn lists_keep_the_places_of_what_is_missing() {
        let list = ListArray::from_iter_primitive::<Int64Type, _, _>([Some(vec![Some(1), None]), None, Some(vec![])]);
        is(list.slice(1, 2), &["", "[]"]);
        is(list, &["[1,null]", "", "[]"]);
        let list = ListArray::from_iter_primitive::<Int64Type, _, _>((0..4).map(|row| Some(vec![Some(row), Some(7)])));
        is(list.slice(2, 1), &["[2,7]"]);
        let values: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3, 4]));
        let fixed = FixedSizeListArray::new(item(DataType::Int64), 2, Arc::clone(&values), None);
        is(fixed.slice(1, 1), &["[3,4]"]);
        let (offsets, sizes) = (ScalarBuffer::from(vec![2, 0]), ScalarBuffer::from(vec![2, 1]));
        is(ListViewArray::new(item(DataType::Int64), offsets, sizes, values, None), &["[3,4]", "[1]"]);
    }

    #[test]
    fn structures_and_maps_are_objects() {
        let inner = of(StringArray::from(vec!["a", "b"]));
        let offsets = OffsetBuffer::from_lengths([2, 0]);
        let list = ListArray::new(item(inner.data_type().clone()), offsets, Arc::new(inner), None);
        is(of(list), &[r#"{"m":[{"m":"a"},{"m":"b"}]}"#, r#"{"m":[]}"#]);
        let none = StructArray::new(
            vec![Field::new("m", DataType::Int64, true)].into(),
            vec![Arc::new(Int64Array::from(vec![1, 2]))],
            Some(NullBuffer::from(vec![false, true])),
        );
        is(none.clone(), &["", r#"{"m":2}"#]);
        is(of(none), &["{}", r#"{"m":{"m":2}}"#]);
        let entries = StructArray::from(vec![
            (Arc::new(Field::new("keys", DataType::Int64, false)), Arc::new(Int64Array::from(vec![7, 8])) as ArrayRef),
            (Arc::new(Field::new("values", DataType::Utf8, true)), Arc::new(StringArray::from(vec![Some("x"), None]))),
        ]);
        let field = Arc::new(Field::new("entries", entries.data_type().clone(), false));
        let offsets = OffsetBuffer::from_lengths([2, 0]);
        let maps = MapArray::new(field, offsets, entries, None, false);
        is(maps.slice(1, 1), &["{}"]);
        is(maps, &[r#"{"7":"x","8":null}"#, "{}"]);
    }

    #[test]
    fn what_has_no_json_is_told_with_its_way() {
        let inner = Field::new("raw", DataType::FixedSizeBinary(16), true);
        let list = DataType::List(item(DataType::Struct(vec![inner].into())));
        let told = no_text(&Field::new("device", list, true), Dialect::Foreign(&[]));
        assert_eq!(told.as_deref(), Some("the column `device[].raw` has values of the type FixedSizeBinary(16)"));
    }
}
