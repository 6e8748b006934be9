//! A name or a find, as letters and where its words end.

use super::fold::fold;
use super::scan::{Gap, Words};
use super::table::{Hash, Opening};

/// Names of more words are compared by so many of them.
pub(super) const LONGEST: usize = 64;
/// Names of fewer letters and digits stand in any text by chance.
const SHORTEST: usize = 6;

/// A text by which two spellings of one name are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// The folded letters and digits.
    pub(super) letters: String,
    /// Where each word ends in `letters`.
    pub(super) ends: Vec<usize>,
    /// Whether more than a dash, dot or colon stands between some of its words.
    pub(super) is_phrase: bool,
}

/// Why a name is not looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Blind {
    /// It has fewer than six letters and digits.
    Short,
    /// It has digits alone.
    Digits,
    /// It is one word of letters alone.
    Word,
    /// The program or its own theme says it on every page.
    Program,
    /// Its letters and digits are those of a name that is seen, and only its words end elsewhere.
    Alike,
}

impl Blind {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Short => "shorter than six letters and digits",
            Self::Digits => "digits alone",
            Self::Word => "a plain word",
            Self::Program => "words of the program's own",
            Self::Alike => "spelt with the letters and digits of a name that it sees",
        }
    }
}

impl Shape {
    pub(super) fn of(text: &str) -> Self {
        let text = fold(text);
        let mut shape = Self { letters: String::new(), ends: Vec::new(), is_phrase: false };
        for word in Words::of(&text).take(LONGEST) {
            shape.is_phrase |= !shape.ends.is_empty() && word.gap == Gap::Loose;
            shape.letters.extend(word.text.chars().map(|c| c.to_ascii_lowercase()));
            shape.ends.push(shape.letters.len());
        }
        shape
    }

    /// The key by which it is looked up.
    pub(super) fn key(&self) -> u64 {
        Hash::EMPTY.and(self.letters.as_bytes()).key()
    }

    /// How it begins.
    pub(super) fn opening(&self) -> Opening {
        Opening::default().and(self.letters.as_bytes())
    }

    /// The words, one after another.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).filter_map(|(start, end)| self.letters.get(start..*end))
    }

    /// Why the name would be found everywhere, if it would.
    pub(super) fn blind(&self) -> Option<Blind> {
        let has_letter = self.letters.contains(char::is_alphabetic);
        if self.letters.chars().count() < SHORTEST && !self.is_address() {
            Some(Blind::Short)
        } else if !has_letter && !self.is_address() {
            Some(Blind::Digits)
        } else if self.ends.len() == 1 && !self.letters.contains(char::is_numeric) {
            Some(Blind::Word)
        } else {
            None
        }
    }

    /// Four numbers, as an IPv4 address has.
    fn is_address(&self) -> bool {
        !self.is_phrase && self.ends.len() == 4 && self.words().all(|word| word.parse::<u8>().is_ok())
    }

    /// Whether `found` is a spelling of this name. The letters are the same and so are the
    /// words; or one of the two writes it as a single word, which a bare number may not.
    pub(super) fn is_spelt(&self, found: &Self) -> bool {
        let distinct = self.letters.contains(char::is_alphabetic) && self.letters.contains(char::is_numeric);
        self.letters == found.letters
            && (self.ends == found.ends || (distinct && (self.ends.len() == 1 || found.ends.len() == 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelt(name: &str, found: &str) -> bool {
        Shape::of(name).is_spelt(&Shape::of(found))
    }

    #[test]
    fn separators_and_case_do_not_count_but_words_do() {
        for (name, found) in [
            ("HOST-A01", "host_a01"),
            ("HOST-A01", "hosta01"),
            ("00:1a:2b:3c:4d:5e", "00-1A-2B-3C-4D-5E"),
            ("10.1.2.3", "10[.]1[.]2[.]3"),
            ("EMEA Servers", "emea-servers"),
            ("9f86d081e3a0", "9f86-d081-e3a0"),
        ] {
            assert!(spelt(name, found), "{name} {found}");
        }
        for (name, found) in [("10.1.2.3", "10.12.3"), ("10.1.2.3", "10123"), ("emea-it", "eme-ait"), ("a", "b")] {
            assert!(!spelt(name, found), "{name} {found}");
        }
    }

    #[test]
    fn what_stands_everywhere_is_not_looked_for() {
        let blind = |name| Shape::of(name).blind();
        assert_eq!(blind("srv1"), Some(Blind::Short));
        assert_eq!(blind("2026-11-16"), Some(Blind::Digits));
        assert_eq!(blind("leadership"), Some(Blind::Word));
        for name in ["10.1.2.3", "1.1.1.1", "host-a01", "plant-floor", "Tier 00", "da637551"] {
            assert_eq!(blind(name), None, "{name}");
        }
    }
}
