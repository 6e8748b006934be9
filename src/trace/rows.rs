//! The rows that say something of a device.

use std::fmt::Write as _;

use crate::diagnostics::{Diagnostic, visible};
use crate::snapshot::Snapshot;
use crate::snapshot::rows::{Row, Table};

/// Writes the rows of a table whose value in `column` passes `test`, and of which `also` holds: file,
/// row and line, and every value that is not empty.
pub(super) fn tell(
    out: &mut String,
    snapshot: &Snapshot,
    table: &Table,
    column: &str,
    test: impl Fn(&str) -> bool + Sync,
    also: impl Fn(Row<'_>) -> bool + Sync,
) -> Result<(), Diagnostic> {
    let mut found: Vec<(String, u64, String)> = Vec::new();
    snapshot.visit(table, |rows| {
        for row in rows.whose(column, &test).filter(|row| also(*row)) {
            let (file, number, line) = row.place();
            let line = line.map(|line| format!(" (line {line})")).unwrap_or_default();
            let values = table.columns().zip(row.values()).filter(|(_, value)| !value.is_empty());
            let values: Vec<String> = values.map(|(column, value)| format!("{column}={}", visible(value))).collect();
            found.push((file.to_owned(), number, format!("row {number}{line}: {}", values.join(", "))));
        }
    })?;
    found.sort();
    for (file, _, text) in &found {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "  {}, {text}", visible(file));
    }
    Ok(())
}
