//! Every name that can be looked for, as hashes; and which of them a role may see.

use std::ops::Range;

use super::fold::fold;
use super::scan::{Lengths, Words, runs};
use super::shape::{LONGEST, Shape};
use super::table::{Hash, Marks, Openings, Table};

/// The hashes of names, for every role the same.
#[derive(Debug)]
pub(super) struct Lexicon {
    names: Table,
    openings: Openings,
    /// The first two words of each phrase.
    begins: Table,
    lengths: Lengths,
}

impl Default for Lexicon {
    fn default() -> Self {
        // An id that is written as one word may be found in the five parts of a GUID.
        Self {
            names: Table::default(),
            openings: Openings::default(),
            begins: Table::default(),
            lengths: Lengths { tight: 8, phrase: 2 },
        }
    }
}

impl Lexicon {
    /// Adds a name; one that would be found everywhere is passed over.
    pub(super) fn add(&mut self, name: &str) {
        let shape = Shape::of(name);
        if shape.blind().is_some() {
            return;
        }
        self.names.insert(shape.key());
        self.openings.insert(shape.opening());
        let length = if shape.is_phrase { &mut self.lengths.phrase } else { &mut self.lengths.tight };
        *length = shape.ends.len().max(*length).min(LONGEST);
        if shape.is_phrase {
            let pair = shape.words().take(2).fold(Hash::EMPTY, |hash, word| hash.and(word.as_bytes()));
            self.begins.insert(pair.key());
        }
    }

    /// No name marked as seen.
    pub(super) fn nothing_seen(&self) -> Marks {
        Marks::on(&self.names)
    }

    /// Marks a name as seen.
    pub(super) fn see(&self, seen: &mut Marks, name: &str) {
        if let Some(place) = self.names.find(key(name)) {
            seen.set(place);
        }
    }

    /// Whether a name may be looked for and is not marked as seen.
    pub(super) fn is_sought(&self, seen: &Marks, key: u64) -> bool {
        self.names.find(key).is_some_and(|place| !seen.has(place))
    }

    /// Whether a name is made of names that are seen and of bare numbers. Those stand side by side
    /// in tables and lists by chance: "Storm", and that it has 2 alerts.
    pub(super) fn is_composed(&self, seen: &Marks, name: &Shape) -> bool {
        let words: Vec<&str> = name.words().collect();
        let is_part = |words: &[&str]| {
            let hash = words.iter().fold(Hash::EMPTY, |hash, word| hash.and(word.as_bytes()));
            let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
            matches!(words, [word] if is_number(word)) || self.names.find(hash.key()).is_some_and(|at| seen.has(at))
        };
        // Whether the words before each place are such parts.
        let mut made = vec![true];
        for end in 1..=words.len() {
            let ends_a_part = |(start, is_made): (usize, &bool)| *is_made && words.get(start..end).is_some_and(is_part);
            let is_made = made.iter().enumerate().any(ends_a_part);
            made.push(is_made);
        }
        made.last() == Some(&true)
    }

    /// Marks every name that a text says.
    pub(super) fn see_all_of(&self, seen: &mut Marks, text: &str) {
        let text = fold(text);
        self.each(&text, |_, place, _| seen.set(place));
    }

    /// Every name in a folded text, with its place and its key.
    pub(super) fn each(&self, text: &str, give: impl FnMut(Range<usize>, usize, u64)) {
        self.each_of(&self.openings, text, give);
    }

    /// The same of names that begin with one of `openings`.
    pub(super) fn each_of(&self, openings: &Openings, text: &str, mut give: impl FnMut(Range<usize>, usize, u64)) {
        runs(
            text,
            self.lengths,
            openings,
            |pair| self.begins.find(pair).is_some(),
            |range, hash| {
                if let Some(place) = self.names.find(hash.key()) {
                    give(range, place, hash.key());
                }
            },
        );
    }
}

/// The key by which a name is looked up: names of the same letters and digits have one.
pub(super) fn key(name: &str) -> u64 {
    hashed(name, b"")
}

/// A key that names have in common only where their words end in the same places, too.
pub(super) fn key_of_words(name: &str) -> u64 {
    hashed(name, b" ")
}

/// The hash of a name's words with an `end` behind each.
fn hashed(name: &str, end: &[u8]) -> u64 {
    let folded = fold(name);
    let words = Words::of(&folded).take(LONGEST);
    words.fold(Hash::EMPTY, |hash, word| hash.and(word.text.as_bytes()).and(end)).key()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_come_together_by_chance() {
        let mut lexicon = Lexicon::default();
        ["Storm over", "EMEA Servers", "Storm over 1"].iter().for_each(|name| lexicon.add(name));
        let mut seen = lexicon.nothing_seen();
        ["Storm over", "EMEA Servers"].iter().for_each(|name| lexicon.see(&mut seen, name));
        for composed in ["Storm: \"over\" #1", "EMEA Servers, storm over", "2 EMEA Servers 3"] {
            assert!(lexicon.is_composed(&seen, &Shape::of(composed)), "{composed}");
        }
        for other in ["Storm", "Storm over x1", "EMEA Servers over", "Storm over EMEA"] {
            assert!(!lexicon.is_composed(&seen, &Shape::of(other)), "{other}");
        }
    }
}
