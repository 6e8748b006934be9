//! A table as CSV (RFC 4180), safe to open in a spreadsheet.

use std::borrow::Cow;

use crate::diagnostics::is_unprintable;
use crate::pages::{Cell, Table};

/// All rows of a table, in UTF-8.
pub(super) fn table(table: &Table) -> Vec<u8> {
    let mut writer =
        ::csv::WriterBuilder::new().flexible(true).terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory does not fail.
    let _ = writer.write_record(table.columns.iter().map(|column| safe(column.label).into_owned()));
    table.rows.shown.iter().for_each(|row| record(&mut writer, row.iter().map(Cell::plain)));
    table.rows.rest.iter().for_each(|row| record(&mut writer, row.iter().map(|value| Cow::Borrowed(value.as_str()))));
    writer.into_inner().unwrap_or_default()
}

fn record<'r>(writer: &mut ::csv::Writer<Vec<u8>>, values: impl Iterator<Item = Cow<'r, str>>) {
    for value in values {
        let _ = writer.write_field(safe(&value).as_bytes());
    }
    let _ = writer.write_record(None::<&[u8]>);
}

/// A value that no spreadsheet takes for a formula: control characters go, and what begins like
/// a formula gets an apostrophe in front, whatever white or invisible stands before it.
fn safe(value: &str) -> Cow<'_, str> {
    // Nothing before a letter or digit can make a formula of it.
    if value.bytes().all(|byte| matches!(byte, b' '..=b'~')) && value.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return Cow::Borrowed(value);
    }
    let begins_with_control = value.trim_start_matches(' ').starts_with(['\t', '\r', '\n']);
    let text: String = value.chars().filter(|c| !c.is_control()).collect();
    let begins_formula = text
        .trim_start_matches(|c: char| c.is_whitespace() || is_unprintable(c))
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    Cow::Owned(if begins_with_control || begins_formula { format!("'{text}") } else { text })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::{Kind, columns};

    #[test]
    fn a_spreadsheet_sees_text_only() {
        let rows =
            ["=1+1", "+1", "-1", "@x", "\tx", "\r=1", " =1", "\u{0}=1", "\u{a0}@x", "a\u{0}b", "a,\"b\"", "é", "7"]
                .map(|text| vec![Cell::text(text)]);
        let built = Table::new("x/", "t", "", columns([("Name", Kind::Text)])).rows(rows);
        let text = String::from_utf8(table(&built)).expect("UTF-8");
        let expected = "Name\r\n'=1+1\r\n'+1\r\n'-1\r\n'@x\r\n'x\r\n'=1\r\n' =1\r\n'=1\r\n'\u{a0}@x\r\nab\r\n\"a,\"\"b\"\"\"\r\né\r\n7\r\n";
        assert_eq!(text, expected);
    }
}
