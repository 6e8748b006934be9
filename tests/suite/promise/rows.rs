//! Changing rows of a table where they stand.

use crate::twin::lower;
use crate::world::Table;

impl Table {
    pub(super) fn rows_where(&self, wanted: impl Fn(&Table, &[String]) -> bool) -> Vec<usize> {
        (0..self.rows.len()).filter(|at| wanted(self, &self.rows[*at])).collect()
    }

    /// Sets cells of a row; a column that the file does not have stays away.
    pub(super) fn alter(&mut self, row: usize, values: &[(&str, &str)]) {
        for (column, value) in values {
            if let Some(at) = self.columns.iter().position(|name| name == column) {
                self.rows[row][at] = (*value).to_owned();
            }
        }
    }

    /// Sets cells of every row whose id is this one; ids of devices ignore case.
    pub(super) fn alter_where(&mut self, column: &str, id: &str, values: &[(&str, &str)]) {
        let same = |raw: &str| if column == "device_id" { lower(raw) == id } else { raw.trim() == id };
        for row in self.rows_where(|table, row| same(table.cell(row, column))) {
            self.alter(row, values);
        }
    }

    /// Has a row ten times, the new ones at the end.
    pub(super) fn repeat(&mut self, row: usize) {
        let copies = std::iter::repeat_n(self.rows[row].clone(), 9);
        self.rows.extend(copies);
    }

    pub(super) fn remove_device(&mut self, id: &str) {
        let gone = self.rows_where(|table, row| lower(table.cell(row, "device_id")) == id);
        gone.into_iter().rev().for_each(|row| drop(self.rows.remove(row)));
    }
}
