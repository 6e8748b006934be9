//! Where in a text a name stands.

use std::ops::Range;

use super::content::{self, Viewer};
use super::search::Search;

impl Search<'_> {
    /// The keys of hidden names that a text says in any form.
    pub(super) fn keys(&self, text: &str) -> Vec<u64> {
        let mut keys = Vec::new();
        // What cannot be looked into says nothing that could be pointed at.
        let mut look = |view: &str, _| keys.extend(self.hidden_in(view).into_iter().map(|(_, key)| key));
        let _ = content::whole(text, 0, &mut Viewer::new(&mut look));
        keys
    }

    /// The bytes of a text at which it says the name of `key`: the spelling where it stands so,
    /// or else its line; the first line where the name goes over several.
    pub(super) fn find(&self, text: &str, key: u64, spelling: &str) -> Range<usize> {
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            if self.keys(line).contains(&key) {
                let low = line.to_ascii_lowercase();
                let within = low.find(&spelling.to_ascii_lowercase()).map(|at| at..at + spelling.len());
                let within = within.unwrap_or_else(|| trimmed(line));
                return start + within.start..start + within.end;
            }
            start += line.len();
        }
        trimmed(text.lines().next().unwrap_or_default())
    }
}

fn trimmed(line: &str) -> Range<usize> {
    let start = line.len() - line.trim_start().len();
    start..start + line.trim().len()
}
