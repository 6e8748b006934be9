//! Every name that can be looked for, as hashes; and which of them a role may see.

use std::ops::Range;

use super::fold::fold;
use super::scan::{Lengths, Words, runs};
use super::shape::{LONGEST, Shape};
use super::table::{Hash, Marks, Opening, Openings, Table};

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
        self.names.insert(Hash::EMPTY.and(shape.letters.as_bytes()).key());
        self.openings.insert(Opening::default().and(shape.letters.as_bytes()));
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
        self.each(&text, |_, place| seen.set(place));
    }

    /// The names in a folded text that are not marked as seen, each with its key: those that
    /// stand inside a longer name that is seen are that name's.
    pub(super) fn hidden_in(&self, text: &str, seen: &Marks) -> Vec<(Range<usize>, u64)> {
        let (mut hidden, mut shown) = (Vec::new(), Vec::new());
        runs(
            text,
            self.lengths,
            &self.openings,
            |pair| self.begins.find(pair).is_some(),
            |range, hash| match self.names.find(hash.key()) {
                Some(place) if seen.has(place) => shown.push(range),
                Some(_) => hidden.push((range, hash.key())),
                None => {}
            },
        );
        if !hidden.is_empty() && !shown.is_empty() {
            let covers = Covers::of(shown);
            hidden.retain(|(range, _)| !covers.hold(range));
        }
        hidden
    }

    fn each(&self, text: &str, mut give: impl FnMut(Range<usize>, usize)) {
        runs(
            text,
            self.lengths,
            &self.openings,
            |pair| self.begins.find(pair).is_some(),
            |range, hash| {
                if let Some(place) = self.names.find(hash.key()) {
                    give(range, place);
                }
            },
        );
    }
}

/// The key by which a name is looked up.
pub(super) fn key(name: &str) -> u64 {
    let folded = fold(name);
    Words::of(&folded).take(LONGEST).fold(Hash::EMPTY, |hash, word| hash.and(word.text.as_bytes())).key()
}

/// Ranges that may hold others.
struct Covers {
    /// By start, each with the furthest end so far.
    ends: Vec<(usize, usize)>,
}

impl Covers {
    fn of(mut ranges: Vec<Range<usize>>) -> Self {
        ranges.sort_by_key(|range| range.start);
        let mut furthest = 0;
        let ends = ranges.into_iter().map(|range| {
            furthest = furthest.max(range.end);
            (range.start, furthest)
        });
        Self { ends: ends.collect() }
    }

    fn hold(&self, range: &Range<usize>) -> bool {
        let before = self.ends.partition_point(|(start, _)| *start <= range.start);
        before.checked_sub(1).and_then(|last| self.ends.get(last)).is_some_and(|(_, end)| *end >= range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(names: &[&str], seen: &[&str], text: &str) -> Vec<String> {
        let mut lexicon = Lexicon::default();
        names.iter().chain(seen).for_each(|name| lexicon.add(name));
        let mut marks = lexicon.nothing_seen();
        seen.iter().for_each(|name| lexicon.see(&mut marks, name));
        let folded = fold(text);
        lexicon.hidden_in(&folded, &marks).into_iter().map(|(range, _)| folded[range].to_owned()).collect()
    }

    #[test]
    fn names_are_found_between_other_words() {
        let names = ["zrh-dc-01", "EMEA Servers", "c0f5d09ac0ed82133e68"];
        let text = "On ZRH-DC-01.corp.example, of /groups/emea-servers/: C0F5D09A-C0ED-8213-3E68; zrh-dc-011";
        assert_eq!(hidden(&names, &[], text), ["ZRH-DC-01", "emea-servers", "C0F5D09A-C0ED-8213-3E68"]);
    }

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

    #[test]
    fn what_a_seen_name_holds_is_its_own() {
        let text = "emea-srv-0001 and srv-0001x";
        assert_eq!(hidden(&["srv-0001"], &[], text), ["srv-0001"]);
        assert!(hidden(&["srv-0001"], &["emea-srv-0001"], text).is_empty());
        assert_eq!(hidden(&["srv-0001"], &["emea-srv-0001"], "srv-0001, emea-srv-0001"), ["srv-0001"]);
        assert!(hidden(&["srv-0001"], &["srv-0001"], "srv-0001").is_empty());
    }
}
