//! From a grammar's many scopes to the few classes that a theme has colours for.

use std::sync::LazyLock;

use syntect::parsing::{Scope, ScopeStack};

/// Each class with a scope that has it. Of several that a scope begins with, the first counts.
const CLASSES: [(&str, &str); 23] = [
    ("comment", "comment"),
    ("constant.character.escape", "escape"),
    ("constant.numeric", "number"),
    ("constant", "constant"),
    ("entity.name.function", "function"),
    ("entity.name.macro", "function"),
    ("entity.name.tag", "keyword"),
    ("entity.name", "type"),
    ("entity.other.attribute-name", "variable"),
    ("keyword.operator.word", "keyword"),
    ("keyword.operator.logical", "keyword"),
    ("keyword.operator", "operator"),
    ("keyword", "keyword"),
    ("markup.deleted", "deleted"),
    ("markup.inserted", "inserted"),
    ("storage", "keyword"),
    ("string", "string"),
    ("support.function", "function"),
    ("support.type", "type"),
    ("support.class", "type"),
    ("support.constant", "constant"),
    ("variable.function", "function"),
    ("variable", "variable"),
];

static SCOPES: LazyLock<Vec<(Scope, &'static str)>> =
    LazyLock::new(|| CLASSES.iter().filter_map(|(scope, class)| Some((Scope::new(scope).ok()?, *class))).collect());

/// The class of what stands inside these scopes: that of the innermost which has one.
pub(super) fn of(scopes: &ScopeStack) -> Option<&'static str> {
    scopes
        .as_slice()
        .iter()
        .rev()
        .find_map(|scope| SCOPES.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope)).map(|(_, class)| *class))
}
