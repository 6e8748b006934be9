//! Strings that can be found again, whatever became of them.

use std::collections::BTreeSet;

use regex::Regex;

/// Strings by number. Each is written as itself and a mark with its number after it, so that
/// wherever the mark is met, the string has to stand before it.
pub(super) struct Marked {
    strings: Vec<String>,
    mark: Regex,
}

impl Marked {
    pub(super) fn new(strings: Vec<String>) -> Self {
        Self { strings, mark: Regex::new("⟧([0-9]+)⟧").unwrap() }
    }

    pub(super) fn len(&self) -> usize {
        self.strings.len()
    }

    /// A string with its mark.
    pub(super) fn value(&self, number: usize) -> String {
        let number = number % self.strings.len();
        format!("{}⟧{number}⟧", self.strings[number])
    }

    /// Four strings in one text, for fields of which every page has one.
    pub(super) fn four(&self, number: usize) -> String {
        let values: Vec<String> = (0..4).map(|step| self.value(4 * number + step)).collect();
        values.join(" ")
    }

    /// As many strings as far as they may stand in a name: without what is invisible, and not too
    /// long.
    pub(super) fn names<const N: usize>(&self, number: usize) -> String {
        let one = |number: usize| format!("{}⟧{number}⟧", named(&self.strings[number]));
        let names: Vec<String> = (0..N).map(|step| one((N * number + step) % self.strings.len())).collect();
        names.join(" ")
    }

    /// Holds every mark in `text` against what stands before it, which is a string as `shown`
    /// shows it, or a name. Tells the marks.
    pub(super) fn check(&self, place: &str, text: &str, shown: impl Fn(&str) -> String, seen: &mut BTreeSet<usize>) {
        for found in self.mark.captures_iter(text) {
            let number: usize = found[1].parse().unwrap();
            let before = &text[..found.get(0).unwrap().start()];
            let string = &self.strings[number];
            let stands = |text: &str| before.ends_with(&shown(text.trim_start()));
            assert!(
                stands(string) || stands(&named(string)),
                "{place}: string {number}, {string:?}, stands there as {before:?}"
            );
            seen.insert(number);
        }
    }
}

fn named(string: &str) -> String {
    const LONGEST: usize = 24;
    string.chars().filter(|c| !is_invisible(*c)).take(LONGEST).collect()
}

/// Control characters, those that turn the direction of text, and those without a form.
pub(super) fn is_invisible(c: char) -> bool {
    let ranges = [
        '\0'..='\u{1f}',
        '\u{7f}'..='\u{9f}',
        '\u{61c}'..='\u{61c}',
        '\u{180e}'..='\u{180e}',
        '\u{200b}'..='\u{200f}',
        '\u{2028}'..='\u{202e}',
        '\u{2060}'..='\u{206f}',
        '\u{feff}'..='\u{feff}',
        '\u{fff9}'..='\u{fffb}',
        '\u{e0000}'..='\u{e007f}',
    ];
    ranges.iter().any(|range| range.contains(&c))
}

/// A text as pages show it: what steers is replaced.
pub(super) fn printable(text: &str) -> String {
    let steers = |c: char| {
        let control = matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}') && c != '\n' && c != '\t';
        control || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
    };
    let shown = |c: char| match c {
        '\r' => '\n',
        c if steers(c) => '\u{fffd}',
        c => c,
    };
    text.chars().map(shown).collect()
}
