//! From a text to its words, and to the runs of words that may be a name.

use std::ops::Range;

use super::table::{Hash, Opening, Openings};

/// What stands between two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// A dash, dot, colon or the like, as inside an identifier.
    Tight,
    /// Anything else.
    Loose,
}

/// Letters and digits without anything between them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'t> {
    pub(super) text: &'t str,
    pub(super) start: usize,
    /// What stands before it.
    pub(super) gap: Gap,
}

/// The words of a folded text.
pub(super) struct Words<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Words<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// Where, from `at`, the first character stands that is (or is not) of a word.
    fn run_end(&self, at: usize, words: bool) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = at;
        while let Some(byte) = bytes.get(at) {
            if byte.is_ascii() {
                if byte.is_ascii_alphanumeric() != words {
                    break;
                }
                at += 1;
            } else {
                let Some(c) = self.text.get(at..).and_then(|rest| rest.chars().next()) else { break };
                if c.is_alphanumeric() != words {
                    break;
                }
                at += c.len_utf8();
            }
        }
        at
    }
}

impl<'t> Iterator for Words<'t> {
    type Item = Word<'t>;

    fn next(&mut self) -> Option<Word<'t>> {
        let start = self.run_end(self.at, false);
        let end = self.run_end(start, true);
        let gap = gap(self.text.get(self.at..start)?);
        self.at = end;
        let text = self.text.get(start..end).filter(|text| !text.is_empty())?;
        Some(Word { text, start, gap })
    }
}

/// A gap is tight when it is a few of the marks that identifiers have between their parts, also
/// where a line was broken after a dash.
fn gap(between: &str) -> Gap {
    let is_mark = |b: &u8| matches!(b, b'-' | b'_' | b'.' | b':' | b'[' | b']' | b'(' | b')' | b'{' | b'}');
    let bytes = between.as_bytes();
    let (marks, rest) = bytes.split_at(bytes.iter().take_while(|b| is_mark(b)).count());
    let is_wrapped = || marks.last() == Some(&b'-') && rest.contains(&b'\n') && rest.trim_ascii().is_empty();
    match (1..=3).contains(&marks.len()) && (rest.is_empty() || is_wrapped()) {
        true => Gap::Tight,
        false => Gap::Loose,
    }
}

/// How many words of a text a name may have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lengths {
    /// A name whose words stand close together.
    pub(super) tight: usize,
    /// A name with spaces in it.
    pub(super) phrase: usize,
}

/// Words that follow each other, from the first to the one read last.
struct Window {
    start: usize,
    words: usize,
    opening: Opening,
    hash: Hash,
    /// Whether some phrase begins with its first two words.
    phrase: bool,
}

/// Gives every run of words in a folded text that may be a name: one word, several that stand
/// close together, or as many as a phrase has that begins like it. Names begin with one of
/// `openings`; `begins` tells whether a phrase begins with two words of that hash.
pub(super) fn runs(
    text: &str,
    lengths: Lengths,
    openings: &Openings,
    begins: impl Fn(u64) -> bool,
    mut give: impl FnMut(Range<usize>, Hash),
) {
    let mut open: Vec<Window> = Vec::new();
    for word in Words::of(text) {
        let end = word.start + word.text.len();
        open.retain_mut(|window| {
            // A second word after a loose gap has to be looked at before it can be told.
            if word.gap == Gap::Loose && window.words > 1 && !window.phrase {
                return false;
            }
            window.opening = window.opening.and(word.text.as_bytes());
            if !openings.may_begin(window.opening) {
                return false;
            }
            window.hash = window.hash.and(word.text.as_bytes());
            window.words += 1;
            if window.words == 2 {
                window.phrase = begins(window.hash.key());
                if word.gap == Gap::Loose && !window.phrase {
                    return false;
                }
            }
            give(window.start..end, window.hash);
            window.words < if window.phrase { lengths.phrase.max(lengths.tight) } else { lengths.tight }
        });
        let opening = Opening::default().and(word.text.as_bytes());
        if openings.may_begin(opening) {
            let hash = Hash::EMPTY.and(word.text.as_bytes());
            give(word.start..end, hash);
            open.push(Window { start: word.start, words: 1, opening, hash, phrase: false });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str, phrases: &[&str]) -> Vec<String> {
        let key = |text: &str| Words::of(text).fold(Hash::EMPTY, |hash, word| hash.and(word.text.as_bytes())).key();
        let begins: Vec<u64> = phrases.iter().map(|phrase| key(phrase)).collect();
        let mut found = Vec::new();
        let lengths = Lengths { tight: 3, phrase: 4 };
        let mut openings = Openings::default();
        Words::of(text).for_each(|word| {
            let after = text.get(word.start..).unwrap_or_default();
            let letters: String = after.chars().filter(|c| c.is_alphanumeric()).collect();
            openings.insert(Opening::default().and(letters.as_bytes()));
        });
        runs(text, lengths, &openings, |pair| begins.contains(&pair), |range, _| found.push(text[range].to_owned()));
        found
    }

    #[test]
    fn words_close_together_are_runs_and_others_are_not() {
        assert_eq!(given("a-b c", &[]), ["a", "a-b", "b", "c"]);
        assert_eq!(given("a.b.c.d", &[]).len(), 4 + 3 + 2);
        assert_eq!(given("x[.]y, z", &[]), ["x", "x[.]y", "y", "z"]);
        assert_eq!(given("a-\n   b", &[]), ["a", "a-\n   b", "b"]);
        assert_eq!(given("é|日本", &[]), ["é", "日本"]);
        assert!(given(" .,-", &[]).is_empty());
    }

    #[test]
    fn a_phrase_is_followed_where_one_begins() {
        assert_eq!(given("red fox ran off far", &["red fox"]).iter().filter(|run| run.starts_with("red")).count(), 4);
        assert_eq!(given("red fox", &["fox red"]), ["red", "fox"]);
        assert!(given("storm-2603 hits", &["storm-2603"]).contains(&"storm-2603 hits".to_owned()));
    }
}
