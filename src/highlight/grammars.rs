//! The languages: those that come with `syntect`, and ours where it has none.

use std::sync::LazyLock;

use syntect::parsing::{SyntaxDefinition, SyntaxReference, SyntaxSet, SyntaxSetBuilder};

/// The grammars of this room. Written for it; `syntect` comes without these languages.
pub(super) const OWN: [&str; 4] = [
    include_str!("grammars/kusto.sublime-syntax"),
    include_str!("grammars/powershell.sublime-syntax"),
    include_str!("grammars/splunk.sublime-syntax"),
    include_str!("grammars/yara.sublime-syntax"),
];

static OURS: LazyLock<SyntaxSet> = LazyLock::new(|| {
    let mut set = SyntaxSetBuilder::new();
    for text in OWN {
        // That each of them loads is for the tests to hold; a reader loses no more than colours.
        if let Ok(grammar) = SyntaxDefinition::load_from_str(text, true, None) {
            set.add(grammar);
        }
    }
    set.build()
});

static THEIRS: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

/// Names that authors use, and those that grammars go by.
const ALIASES: [(&str, &str); 13] = [
    ("batch", "bat"),
    ("c#", "cs"),
    ("cmd", "bat"),
    ("console", "sh"),
    ("csharp", "cs"),
    ("golang", "go"),
    ("jsonc", "json"),
    ("ps", "ps1"),
    ("shell", "sh"),
    ("sigma", "yaml"),
    ("stix", "json"),
    ("tsql", "sql"),
    ("typescript", "js"),
];

/// The grammar of a language, with the set that it is part of.
pub(super) fn of(language: &str) -> Option<(&'static SyntaxSet, &'static SyntaxReference)> {
    let name = ALIASES.iter().find(|(alias, _)| *alias == language).map_or(language, |(_, name)| name);
    // `text` is code like any other.
    if matches!(name, "" | "text" | "txt" | "plain" | "plaintext" | "output") {
        return None;
    }
    // One after the other: theirs take a while to load, and most code is of ours.
    [&OURS, &THEIRS].into_iter().find_map(|set| Some((&**set, set.find_syntax_by_token(name)?)))
}
