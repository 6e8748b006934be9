//! What is looked for in one role's build.

use std::ops::Range;

use super::lexicon::Lexicon;
use super::shape::Shape;
use super::table::{Marks, Openings};

/// The names that a role may not see, as they are looked for in texts.
#[derive(Debug)]
pub(super) struct Search<'l> {
    lexicon: &'l Lexicon,
    /// All the others.
    seen: Marks,
    /// How the names begin; `None` where there are none.
    openings: Option<Openings>,
}

impl<'l> Search<'l> {
    /// A search for nothing, so far; the names that are not marked as seen are to be sought.
    pub(super) fn new(lexicon: &'l Lexicon, seen: Marks) -> Self {
        Self { lexicon, seen, openings: None }
    }

    /// From now on a name is looked for, unless it is seen under another kind of thing.
    pub(super) fn seek(&mut self, name: &str) {
        let shape = Shape::of(name);
        if self.lexicon.is_sought(&self.seen, shape.key()) {
            self.openings.get_or_insert_default().insert(shape.opening());
        }
    }

    /// Whether anything is looked for: from a role that sees everything nothing is hidden.
    pub(super) fn is_for_anything(&self) -> bool {
        self.openings.is_some()
    }

    /// Whether a name is made of names that are seen and of bare numbers.
    pub(super) fn is_composed(&self, name: &Shape) -> bool {
        self.lexicon.is_composed(&self.seen, name)
    }

    /// The names in a folded text that are sought, each with its key: those that stand inside a longer name that is
    /// seen are that name's.
    pub(super) fn hidden_in(&self, text: &str) -> Vec<(Range<usize>, u64)> {
        let (mut hidden, mut shown) = (Vec::new(), Vec::new());
        let Some(openings) = &self.openings else { return hidden };
        self.lexicon.each_of(openings, text, |range, place, key| {
            if !self.seen.has(place) {
                hidden.push((range, key));
            }
        });
        // Few texts have any: only those are searched for the names that are seen as well.
        if !hidden.is_empty() {
            self.lexicon.each(text, |range, place, _| {
                if self.seen.has(place) {
                    shown.push(range);
                }
            });
            let covers = Covers::of(shown);
            hidden.retain(|(range, _)| !covers.hold(range));
        }
        hidden
    }
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
    use super::super::fold::fold;
    use super::*;

    fn hidden(names: &[&str], seen: &[&str], text: &str) -> Vec<String> {
        let mut lexicon = Lexicon::default();
        names.iter().chain(seen).for_each(|name| lexicon.add(name));
        let mut marks = lexicon.nothing_seen();
        seen.iter().for_each(|name| lexicon.see(&mut marks, name));
        let mut search = Search::new(&lexicon, marks);
        names.iter().for_each(|name| search.seek(name));
        let folded = fold(text);
        search.hidden_in(&folded).into_iter().map(|(range, _)| folded[range].to_owned()).collect()
    }

    #[test]
    fn names_are_found_between_other_words() {
        let names = ["zrh-dc-01", "EMEA Servers", "c0f5d09ac0ed82133e68"];
        let text = "On ZRH-DC-01.corp.example, of /groups/emea-servers/: C0F5D09A-C0ED-8213-3E68; zrh-dc-011";
        assert_eq!(hidden(&names, &[], text), ["ZRH-DC-01", "emea-servers", "C0F5D09A-C0ED-8213-3E68"]);
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
