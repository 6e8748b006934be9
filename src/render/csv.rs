//! A table as CSV (RFC 4180), safe to open in a spreadsheet.

use crate::pages::Table;

/// All rows of a table, in UTF-8.
pub(super) fn table(table: &Table) -> Vec<u8> {
    let mut writer =
        ::csv::WriterBuilder::new().flexible(true).terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    let heading = table.columns.iter().map(|column| safe(column.label));
    let rows = table.rows.all.iter().map(|row| row.iter().map(|cell| safe(&cell.plain())).collect());
    for record in std::iter::once(heading.collect::<Vec<String>>()).chain(rows) {
        // Writing to memory does not fail.
        let _ = writer.write_record(record);
    }
    writer.into_inner().unwrap_or_default()
}

/// A value that no spreadsheet takes for a formula: control characters go, and what begins like
/// a formula gets an apostrophe in front.
fn safe(value: &str) -> String {
    let risky =
        value.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let text: String = value.chars().filter(|c| !c.is_control()).collect();
    if risky { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::{Cell, Kind, columns};

    #[test]
    fn a_spreadsheet_sees_text_only() {
        let rows = ["=1+1", "+1", "-1", "@x", "\tx", "\r=1", " =1", "a\u{0}b", "a,\"b\"", "é", "7"]
            .map(|text| vec![Cell::text(text)]);
        let built = Table::new("x/", "t", "", columns([("Name", Kind::Text)])).rows(rows);
        let text = String::from_utf8(table(&built)).expect("UTF-8");
        let expected = "Name\r\n'=1+1\r\n'+1\r\n'-1\r\n'@x\r\n'x\r\n'=1\r\n' =1\r\nab\r\n\"a,\"\"b\"\"\"\r\né\r\n7\r\n";
        assert_eq!(text, expected);
    }
}
