//! What is wrong with one file.

use crate::diagnostics::{Code, Diagnostic, Diagnostics};

/// A file may be all mistakes: so many are told one by one.
const MOST: usize = 1000;

/// What is wrong with a file, entry by entry. An entry with a mistake is left out; the rest stands.
pub(super) struct Problems<'a> {
    diagnostics: &'a mut Diagnostics,
    file: String,
    told: usize,
}

impl<'a> Problems<'a> {
    pub(super) fn of(file: &str, diagnostics: &'a mut Diagnostics) -> Self {
        Self { diagnostics, file: file.to_owned(), told: 0 }
    }

    /// What was understood; what was not is told.
    pub(super) fn sound<T>(&mut self, understood: Result<T, Diagnostic>) -> Option<T> {
        understood.map_err(|told| self.tell(told)).ok()
    }

    pub(super) fn tell(&mut self, problem: Diagnostic) {
        self.told += 1;
        if self.told <= MOST {
            self.diagnostics.push(problem);
        }
    }
}

impl Drop for Problems<'_> {
    fn drop(&mut self) {
        if self.told > MOST {
            let message = format!("{} more entries of this file are not in their form", self.told - MOST);
            let rest = Diagnostic::warning(Code::InvalidKnowledge, message).in_file(&*self.file).strict();
            self.diagnostics.push(rest.hint("fetch the file anew from where it is published"));
        }
    }
}
