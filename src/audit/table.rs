//! A compact set of 64-bit hashes, in which ten million names take 134 MB.

/// The hash of a name: of its folded letters and digits, whatever stands between them.
///
/// FNV-1a, since it can go on from word to word without caring where a word ends; its weak
/// upper bits are mixed before they choose a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hash(u64);

impl Hash {
    pub(super) const EMPTY: Self = Self(0xcbf2_9ce4_8422_2325);

    /// The hash of what was hashed before and `word`; ASCII letters count in lower case.
    #[inline]
    pub(super) fn and(self, word: &[u8]) -> Self {
        Self(word.iter().fold(self.0, |hash, byte| {
            (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0000_0100_0000_01b3)
        }))
    }

    /// The bits mixed, and never 0, which marks a free place.
    #[inline]
    pub(super) fn key(self) -> u64 {
        let mut bits = self.0;
        bits = (bits ^ (bits >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        bits = (bits ^ (bits >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        (bits ^ (bits >> 33)).max(1)
    }
}

/// How many letters tell whether it is worth while to hash what follows.
const OPENING: usize = 3;
/// Bits for a letter or digit of an opening.
const LETTER_BITS: usize = 6;

/// The first letters and digits of some words.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Opening {
    bits: usize,
    length: usize,
}

impl Opening {
    /// The opening of what was before and `word`.
    #[inline]
    pub(super) fn and(mut self, word: &[u8]) -> Self {
        for byte in word.iter().take(OPENING - self.length) {
            let letter = match byte.to_ascii_lowercase() {
                digit @ b'0'..=b'9' => digit - b'0',
                letter @ b'a'..=b'z' => letter - b'a' + 10,
                other => 36 + other % 28,
            };
            self.bits = self.bits << LETTER_BITS | usize::from(letter);
            self.length += 1;
        }
        self
    }
}

/// The openings of names. Few words of a text begin like a name, so that most are passed over
/// before anything is hashed.
#[derive(Debug)]
pub(super) struct Openings(Marks);

impl Default for Openings {
    fn default() -> Self {
        Self(Marks::of(1 << (OPENING * LETTER_BITS)))
    }
}

impl Openings {
    pub(super) fn insert(&mut self, opening: Opening) {
        self.0.set(opening.bits);
    }

    /// Whether a name may begin so; it may as long as too few letters are there to tell.
    #[inline]
    pub(super) fn may_begin(&self, opening: Opening) -> bool {
        opening.length < OPENING || self.0.has(opening.bits)
    }
}

/// A set of keys with open addressing; each key keeps its place once all are in.
#[derive(Debug)]
pub(super) struct Table {
    /// A power of two of places; 0 is free.
    places: Vec<u64>,
    filled: usize,
}

impl Default for Table {
    fn default() -> Self {
        Self { places: vec![0; 64], filled: 0 }
    }
}

impl Table {
    /// Adds a key. Places change: they may be asked for only when all keys are in.
    pub(super) fn insert(&mut self, key: u64) {
        // At four fifths full, a look-up still ends after a few places that lie side by side.
        if (self.filled + 1) * 5 > self.places.len() * 4 {
            self.grow();
        }
        let place = self.probe(key);
        if let Some(free) = self.places.get_mut(place).filter(|free| **free == 0) {
            *free = key;
            self.filled += 1;
        }
    }

    /// The place of a key, if it is in the set.
    #[inline]
    pub(super) fn find(&self, key: u64) -> Option<usize> {
        let place = self.probe(key);
        (self.places.get(place) == Some(&key)).then_some(place)
    }

    /// How many places there are.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Where `key` stands, or the free place where it would.
    #[inline]
    fn probe(&self, key: u64) -> usize {
        let mask = self.places.len() - 1;
        // The mixed bits of any part of the key are as good as any other.
        let mut place = key as usize & mask;
        while self.places.get(place).is_some_and(|found| *found != 0 && *found != key) {
            place = (place + 1) & mask;
        }
        place
    }

    fn grow(&mut self) {
        let larger = vec![0; self.places.len() * 2];
        for key in std::mem::replace(&mut self.places, larger) {
            if key != 0 {
                let place = self.probe(key);
                if let Some(free) = self.places.get_mut(place) {
                    *free = key;
                }
            }
        }
    }
}

/// A mark on some of a row of places, such as a table's.
#[derive(Clone, Debug)]
pub(super) struct Marks(Vec<u64>);

impl Marks {
    pub(super) fn on(table: &Table) -> Self {
        Self::of(table.len())
    }

    fn of(places: usize) -> Self {
        Self(vec![0; places.div_ceil(64)])
    }

    pub(super) fn set(&mut self, place: usize) {
        if let Some(bits) = self.0.get_mut(place / 64) {
            *bits |= 1 << (place % 64);
        }
    }

    pub(super) fn has(&self, place: usize) -> bool {
        self.0.get(place / 64).is_some_and(|bits| bits >> (place % 64) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn key(words: &[&str]) -> u64 {
        words.iter().fold(Hash::EMPTY, |hash, word| hash.and(word.as_bytes())).key()
    }

    #[test]
    fn a_hash_knows_neither_case_nor_where_words_end() {
        assert_eq!(key(&["HOST", "A01"]), key(&["hosta", "01"]));
        assert_ne!(key(&["host", "a01"]), key(&["host", "a02"]));
    }

    proptest! {
        #[test]
        fn what_is_in_is_found_and_nothing_else(
            within in prop::collection::btree_set(1u64.., 0..400),
            others in prop::collection::vec(1u64.., 0..100),
        ) {
            let mut table = Table::default();
            // Keys that all want one place, beside those that want any.
            let crowd: BTreeSet<u64> = within.iter().map(|key| (key << 32).max(1)).chain(within.clone()).collect();
            for key in crowd.iter().chain(&crowd) {
                table.insert(*key);
            }
            prop_assert_eq!(table.filled, crowd.len());
            let places: BTreeSet<_> = crowd.iter().map(|key| table.find(*key)).collect();
            prop_assert!(!places.contains(&None));
            prop_assert_eq!(places.len(), crowd.len());
            for other in others {
                prop_assert_eq!(table.find(other).is_some(), crowd.contains(&other));
            }
        }
    }

    #[test]
    fn an_opening_goes_over_words_and_knows_no_case() {
        let mut openings = Openings::default();
        let opening = |words: &[&str]| words.iter().fold(Opening::default(), |all, word| all.and(word.as_bytes()));
        openings.insert(opening(&["host-a01"]));
        for begins in [&["HOST"][..], &["h", "o", "x"], &["ho", "st"]] {
            assert_eq!(openings.may_begin(opening(begins)), begins != ["h", "o", "x"], "{begins:?}");
        }
        assert!(openings.may_begin(opening(&["x"])) && !openings.may_begin(opening(&["x", "yz"])));
    }

    #[test]
    fn marks_are_kept_apart() {
        let mut table = Table::default();
        table.insert(7);
        let mut marks = Marks::on(&table);
        marks.set(63);
        assert!(marks.has(63) && !marks.has(62) && !marks.has(7) && !marks.has(1 << 20));
    }
}
