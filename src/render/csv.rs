//! A table as CSV (RFC 4180), safe to open in a spreadsheet.

use std::borrow::Cow;
use std::io;

use crate::diagnostics::is_unprintable;
use crate::pages::{Cell, Table};

/// Writes all rows of a table, in UTF-8.
pub(super) fn write(table: &Table, out: &mut dyn io::Write) -> io::Result<()> {
    let mut writer = ::csv::WriterBuilder::new().flexible(true).terminator(::csv::Terminator::CRLF).from_writer(out);
    record(&mut writer, table.columns.iter().map(|column| Cow::Borrowed(column.label)))?;
    table.rows.shown.iter().try_for_each(|row| record(&mut writer, row.iter().map(Cell::plain)))?;
    table.rows.rest(|row| record(&mut writer, row.iter().map(Cell::plain)))?;
    writer.flush()
}

fn record<'v, W: io::Write>(
    writer: &mut ::csv::Writer<W>,
    mut values: impl Iterator<Item = Cow<'v, str>>,
) -> io::Result<()> {
    let fields = values.try_for_each(|value| writer.write_field(safe(&value).as_bytes()));
    fields.and_then(|()| writer.write_record(None::<&[u8]>)).map_err(refusal)
}

/// What the file said: that the disk is full, say, is told as such.
fn refusal(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    }
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

    /// A disk with room for so many bytes.
    struct Full(usize);

    impl io::Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let room = self.0.min(bytes.len());
            self.0 -= room;
            if room == 0 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(room) }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_is_told_as_one() {
        let rows = (0..10_000).map(|at| vec![Cell::count(Some(at))]);
        let built = Table::new("x/", "t", "", columns([("Number", Kind::Number)])).rows(rows);
        for room in [0, 10_000] {
            let refused = write(&built, &mut Full(room)).expect_err("no room");
            assert_eq!(refused.kind(), io::ErrorKind::StorageFull, "{room}");
        }
    }

    #[test]
    fn a_spreadsheet_sees_text_only() {
        let rows =
            ["=1+1", "+1", "-1", "@x", "\tx", "\r=1", " =1", "\u{0}=1", "\u{a0}@x", "a\u{0}b", "a,\"b\"", "é", "7"]
                .map(|text| vec![Cell::text(text)]);
        let built = Table::new("x/", "t", "", columns([("Name", Kind::Text)])).rows(rows);
        let mut bytes = Vec::new();
        write(&built, &mut bytes).expect("written");
        let text = String::from_utf8(bytes).expect("UTF-8");
        let expected = "Name\r\n'=1+1\r\n'+1\r\n'-1\r\n'@x\r\n'x\r\n'=1\r\n' =1\r\n'=1\r\n'\u{a0}@x\r\nab\r\n\"a,\"\"b\"\"\"\r\né\r\n7\r\n";
        assert_eq!(text, expected);
    }
}
