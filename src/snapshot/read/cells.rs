//! Columns of any type to texts: a value is written as CSV would have it.

use arrow::array::{Array, ArrayRef, AsArray, DictionaryArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Int32Type, Int64Type, TimeUnit};
use jiff::civil::Date;
use jiff::{Span, Timestamp};

use super::batch::{DictionaryColumn, Encoder};
use super::{Dialect, nested};
use crate::diagnostics::visible;

/// Why the values of a column have no text; `None` where they have. Those of lists and structures have one where
/// other programs write them: their JSON.
pub(in crate::snapshot) fn no_text(field: &Field, dialect: Dialect<'_>) -> Option<String> {
    let kind = field.data_type();
    if kind.is_nested() && !dialect.is_foreign() {
        return Some(format!("the column `{}` has lists or structures", visible(field.name())));
    }
    let (way, kind) = nested::no_json(kind)?;
    let (name, kind) = (visible(&format!("{}{way}", field.name())), visible(&kind.to_string()));
    Some(format!("the column `{name}` has values of the type {kind}"))
}

/// Whether values of a type have a text of their own. Lists and structures have none.
pub(super) fn has_text(kind: &DataType) -> bool {
    use DataType::*;
    match kind {
        Dictionary(_, values) => has_text(values),
        Null | Boolean | Utf8 | LargeUtf8 | Utf8View | Binary | LargeBinary | BinaryView => true,
        Date32 | Date64 | Timestamp(_, _) => true,
        Decimal32(_, _) | Decimal64(_, _) | Decimal128(_, _) | Decimal256(_, _) => true,
        kind => kind.is_integer() || kind.is_floating(),
    }
}

/// A column as its distinct texts.
///
/// # Errors
/// A value that has no text: bytes that are not UTF-8.
pub(in crate::snapshot) fn encode(column: &ArrayRef) -> Result<DictionaryColumn, String> {
    match column.data_type() {
        DataType::Dictionary(keys, values) if **keys == DataType::Int32 && **values == DataType::Utf8 => {
            Ok(from_dictionary(column.as_dictionary()))
        }
        DataType::Dictionary(_, values) => encode(&converted(column, values)?),
        DataType::Null => Ok(DictionaryColumn::empty(column.len())),
        DataType::Timestamp(unit, _) => from_integers(column, |value| instant(value, *unit)),
        DataType::Date32 => from_integers(column, date),
        DataType::Date64 => from_integers(column, |value| date(value.div_euclid(86_400_000))),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => from_bytes(column),
        kind if kind.is_nested() => nested::encode(column),
        _ => {
            let texts = converted(column, &DataType::LargeUtf8)?;
            let mut encoder = Encoder::new();
            texts.as_string::<i64>().iter().for_each(|text| encoder.push(text.unwrap_or_default()));
            Ok(encoder.finish())
        }
    }
}

/// The same values in another type; none may get lost.
pub(super) fn converted(column: &ArrayRef, to: &DataType) -> Result<ArrayRef, String> {
    let converted = cast(column, to).map_err(|error| error.to_string())?;
    if converted.logical_null_count() > column.logical_null_count() {
        return Err(format!("values of the type {} that cannot be read as {to}", column.data_type()));
    }
    Ok(converted)
}

/// With a zone or without, the integers count from 1970 in UTC.
fn instant(value: i64, unit: TimeUnit) -> Option<String> {
    let instant = match unit {
        TimeUnit::Second => Timestamp::from_second(value),
        TimeUnit::Millisecond => Timestamp::from_millisecond(value),
        TimeUnit::Microsecond => Timestamp::from_microsecond(value),
        TimeUnit::Nanosecond => Timestamp::from_nanosecond(value.into()),
    };
    instant.ok().map(|instant| instant.to_string())
}

/// The day so many days after the first of 1970.
fn date(days: i64) -> Option<String> {
    let days = Span::new().try_days(days).ok()?;
    Date::constant(1970, 1, 1).checked_add(days).ok().map(|date| date.to_string())
}

/// Values that are integers inside. What has no text (a year that jiff does not know) stays a
/// number, which is no time for anybody who reads it.
fn from_integers(column: &ArrayRef, text: impl Fn(i64) -> Option<String>) -> Result<DictionaryColumn, String> {
    let narrow =
        if column.data_type() == &DataType::Date32 { converted(column, &DataType::Int32)? } else { column.clone() };
    let integers = converted(&narrow, &DataType::Int64)?;
    let mut encoder = Encoder::new();
    let mut last = None;
    for value in integers.as_primitive::<Int64Type>() {
        let key = match (value, last) {
            (None, _) => 0,
            // Exports often have one time for many rows.
            (Some(value), Some((seen, key))) if value == seen => key,
            (Some(value), _) => {
                let key = encoder.key(&text(value).unwrap_or_else(|| value.to_string()));
                last = Some((value, key));
                key
            }
        };
        encoder.push_key(key);
    }
    Ok(encoder.finish())
}

/// Bytes: old writers do not mark texts as such.
fn from_bytes(column: &ArrayRef) -> Result<DictionaryColumn, String> {
    let bytes = converted(column, &DataType::LargeBinary)?;
    let mut encoder = Encoder::new();
    for value in bytes.as_binary::<i64>() {
        let text = std::str::from_utf8(value.unwrap_or_default()).map_err(|_| "bytes that are not UTF-8 text")?;
        encoder.push(text);
    }
    Ok(encoder.finish())
}

fn from_dictionary(column: &DictionaryArray<Int32Type>) -> DictionaryColumn {
    const UNUSED: u32 = u32::MAX;
    let values = column.values().as_string::<i32>();
    let mut encoder = Encoder::new();
    // Trimming may make one value of two, so that keys are made anew; and only for values that
    // these rows use, since all batches of a row group share its dictionary.
    let mut keys = vec![UNUSED; values.len()];
    for key in column.keys() {
        let place = key.and_then(|key| usize::try_from(key).ok()).filter(|place| values.is_valid(*place));
        let Some((place, known)) = place.and_then(|place| Some((place, keys.get_mut(place)?))) else {
            encoder.push_key(0);
            continue;
        };
        if *known == UNUSED {
            *known = encoder.key(values.value(place));
        }
        encoder.push_key(*known);
    }
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{
        BinaryArray, Date32Array, Date64Array, Decimal128Array, Int8Array, Int64Array, LargeStringArray, NullArray,
        StringViewArray, TimestampNanosecondArray, TimestampSecondArray, UInt64Array,
    };

    use super::*;

    fn texts(column: impl Array + 'static) -> Result<Vec<String>, String> {
        let column: ArrayRef = Arc::new(column);
        assert!(has_text(column.data_type()));
        let column = encode(&column)?;
        Ok(column.keys.iter().map(|key| column.values[*key as usize].clone()).collect())
    }

    fn is(column: impl Array + 'static, wanted: &[&str]) {
        assert_eq!(texts(column).expect("texts"), wanted);
    }

    #[test]
    fn every_type_has_its_text() {
        is(Int8Array::from(vec![Some(-1), None]), &["-1", ""]);
        is(UInt64Array::from(vec![u64::MAX]), &["18446744073709551615"]);
        is(LargeStringArray::from(vec![" a ", ""]), &["a", ""]);
        is(StringViewArray::from(vec![Some("b"), None]), &["b", ""]);
        is(BinaryArray::from_vec(vec!["é".as_bytes()]), &["é"]);
        is(NullArray::new(2), &["", ""]);
        is(Decimal128Array::from(vec![150]).with_precision_and_scale(5, 2).expect("a decimal"), &["1.50"]);
        is(Date32Array::from(vec![Some(-1), None, Some(20_773)]), &["1969-12-31", "", "2026-11-16"]);
        is(Date64Array::from(vec![86_400_000]), &["1970-01-02"]);
        is(TimestampSecondArray::from(vec![60]), &["1970-01-01T00:01:00Z"]);
        is(TimestampNanosecondArray::from(vec![1]).with_timezone("+02:00"), &["1970-01-01T00:00:00.000000001Z"]);
        let keys = Int8Array::from(vec![Some(1), None, Some(0)]);
        let values: ArrayRef = Arc::new(Int64Array::from(vec![7, 8]));
        is(DictionaryArray::try_new(keys, values).expect("a dictionary"), &["8", "", "7"]);
    }

    #[test]
    fn what_has_no_text_gets_not_lost() {
        assert!(texts(BinaryArray::from_vec(vec![&[0xff]])).is_err());
        is(TimestampSecondArray::from(vec![i64::MAX]), &[&i64::MAX.to_string()]);
        is(Date32Array::from(vec![i32::MAX]), &[&i32::MAX.to_string()]);
        assert!(!has_text(&DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::FixedSizeBinary(16)))));
    }
}
