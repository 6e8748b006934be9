//! Code in colours: a text cut into pieces, each with the class that a theme colours it by.
//!
//! The pieces together are the text, byte for byte: nothing is added, moved or left out.

mod classes;
mod grammars;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use syntect::parsing::{ParseState, ScopeStack, SyntaxReference, SyntaxSet};
use syntect::util::LinesWithEndings;

/// A longer text is shown plain: nobody reads it for its colours.
const LONGEST: usize = 64 << 10;
/// So is one with a longer line, on which a grammar may try every pattern at every place.
const WIDEST: usize = 2 << 10;

/// A stretch of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The class, without the prefix that the page gives it; `None` for code like any other.
    pub class: Option<&'static str>,
    /// Its length in bytes.
    pub length: usize,
}

/// The pieces of a text in a language, which is named as behind a code fence, in lower case.
/// `None` for a language that is not known, and for a text that is very long. A text that the highlighter
/// cannot digest is one piece.
#[must_use]
pub fn pieces(language: &str, text: &str) -> Option<Arc<[Piece]>> {
    if text.len() > LONGEST || text.lines().any(|line| line.len() > WIDEST) {
        return None;
    }
    let (set, syntax) = grammars::of(language)?;
    Some(remembered(&syntax.name, text, || guarded(set, syntax, text)))
}

/// A text on which the highlighter panics is shown plain: no page is to fail for its colours.
fn guarded(set: &SyntaxSet, syntax: &SyntaxReference, text: &str) -> Vec<Piece> {
    let coloured = catch_unwind(AssertUnwindSafe(|| {
        #[cfg(feature = "trial")]
        crate::planted::in_code(text);
        cut(set, syntax, text)
    }));
    coloured.unwrap_or_else(|_| {
        let mut plain = Pieces::default();
        plain.push(None, text.len());
        plain.list
    })
}

/// The same block stands on several pages of the builds of several roles, and cutting is slow.
/// What is remembered depends on nothing but what it is asked with.
fn remembered(name: &str, text: &str, cut: impl FnOnce() -> Vec<Piece>) -> Arc<[Piece]> {
    /// So many blocks, of at most 64 KiB and mostly of one, are kept.
    const MOST: usize = 20_000;
    type Memory = BTreeMap<(String, String), Arc<[Piece]>>;
    static MEMORY: Mutex<Memory> = Mutex::new(Memory::new());
    let key = (name.to_owned(), text.to_owned());
    if let Some(known) = MEMORY.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Arc::clone(known);
    }
    let pieces: Arc<[Piece]> = cut().into();
    let mut memory = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
    if memory.len() < MOST {
        memory.insert(key, Arc::clone(&pieces));
    }
    pieces
}

fn cut(set: &SyntaxSet, syntax: &SyntaxReference, text: &str) -> Vec<Piece> {
    let mut pieces = Pieces::default();
    let mut state = ParseState::new(syntax);
    let mut scopes = ScopeStack::new();
    for line in LinesWithEndings::from(text) {
        // What a grammar cannot read is code like any other.
        let changes = state.parse_line(line, set).unwrap_or_default();
        let mut at = 0;
        for (offset, change) in changes {
            pieces.push(classes::of(&scopes), offset.saturating_sub(at));
            at = at.max(offset);
            // A grammar that takes away more than it put there leaves the stack as it is.
            let _ = scopes.apply(&change);
        }
        pieces.push(classes::of(&scopes), line.len().saturating_sub(at));
    }
    pieces.list
}

/// Pieces in the making, neighbours of one class united.
#[derive(Default)]
struct Pieces {
    list: Vec<Piece>,
}

impl Pieces {
    fn push(&mut self, class: Option<&'static str>, length: usize) {
        match self.list.last_mut() {
            _ if length == 0 => {}
            Some(last) if last.class == class => last.length += length,
            _ => self.list.push(Piece { class, length }),
        }
    }
}

#[cfg(test)]
mod tests;
