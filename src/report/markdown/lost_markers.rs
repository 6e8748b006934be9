//! Scope markers that nobody took for one: indented, in a list, in raw HTML, misspelt.
//!
//! What such a line was meant to hide would be shown to everybody, so each is an error. This is
//! also the net under [`blocks`](crate::report::blocks), which reads fences line by line: where
//! the parser sees no code and `blocks` did, the marker is found here.

use std::ops::Range;

use super::opaque::holds;
use crate::diagnostics::{Code, Diagnostic, is_unprintable, nearest};
use crate::report::blocks::is_marker;

/// The lines of `text` that look like a scope marker and stand outside the code blocks `code`.
pub(super) fn find(text: &str, code: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let start = at;
        at += line.len();
        if let Some(marker) = marker(line).filter(|offset| !holds(code, start + offset)) {
            found.push(start + marker..start + line.trim_end().len().max(marker));
        }
    }
    found
}

/// Where in a line something stands that a person would take for a marker.
fn marker(line: &str) -> Option<usize> {
    let blank = |c: char| c.is_whitespace() || is_unprintable(c);
    let container = |c: char| blank(c) || c.is_ascii_digit() || matches!(c, '>' | '-' | '+' | '*' | '.' | ')' | '|');
    let colon = |c: char| matches!(c, ':' | '：');
    let text = line.trim_start_matches(container);
    let rest = text.trim_start_matches(colon);
    let colons = text[..text.len() - rest.len()].chars().count();
    let rest = rest.trim_matches(blank);
    let word = &rest[..rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len())];
    let meant = match colons {
        0 => false,
        1 => word.eq_ignore_ascii_case("scope") && has_condition(rest),
        2 => word.eq_ignore_ascii_case("scope") || has_condition(rest),
        _ => rest.is_empty() || nearest(word, ["scope"]).is_some() || has_condition(rest),
    };
    meant.then(|| line.len() - text.len())
}

fn has_condition(rest: &str) -> bool {
    ["groups=", "group=", "tlp="].iter().any(|name| rest.contains(name))
}

/// What is told about the one at a place of `text`.
pub(super) fn problem(text: &str, span: &Range<usize>) -> Diagnostic {
    let marker = &text[span.clone()];
    let starts_line = span.start == 0 || text[..span.start].ends_with(['\n', '\r']);
    if starts_line && !is_marker(marker) {
        let is_closing = marker.chars().all(|c| c == ':' || c.is_whitespace());
        let meant = if is_closing { ":::" } else { "::: scope groups=\"…\" tlp=\"…\"" };
        return Diagnostic::error(Code::InvalidDirective, "a misspelt scope marker, which hides nothing")
            .hint(format!("did you mean `{meant}`? To show it as text, put it into a code fence"));
    }
    Diagnostic::error(Code::InvalidDirective, "a scope marker that hides nothing where it stands").hint(
        "write `::: scope …` and `:::` at the very start of a line, outside lists, quotes and raw HTML; \
         to show one, put it into a code fence",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_looks_like_a_marker_is_found() {
        for line in [
            " ::: scope tlp=\"red\"",
            "> ::: scope tlp=\"red\"",
            "- :::",
            "1. ::: scope",
            "\u{feff}::: scope",
            "\u{a0}:::",
            ":::Scope groups=\"A\"",
            "::: scoope",
            ":::: scope",
            "::::",
            ":: scope",
            "：：：scope",
            "::: groups=\"A\"",
            ": scope tlp=\"red\"",
            "<div>\n:::",
        ] {
            assert_eq!(find(line, &[]).len(), 1, "{line}");
        }
    }

    #[test]
    fn other_colons_are_left_alone() {
        for line in [
            "a ::: scope",
            "::1",
            "::ffff:10.0.0.1",
            ":::image source=\"a\":::",
            "|:::|",
            ":---:",
            ": scope",
            "10:30",
            "::",
        ] {
            assert!(find(line, &[]).is_empty(), "{line}");
        }
        assert!(find("```\n:::\n```", std::slice::from_ref(&(0..11))).is_empty());
    }
}
