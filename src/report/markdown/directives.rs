//! Directives, found in the source text: `:figure[…]`, `::chart[…]`, `::table[…]` and `:::image …:::`.
//!
//! They are found before the text is parsed for good, and blanked out in what is parsed, so
//! that Markdown's own signs inside them (an `_` in a file's name, a `|` in an alternative text)
//! mean nothing.

use std::ops::Range;

use super::opaque::{Opaque, holds};
use super::{Embedded, FigurePath, Image};
use super::{embedded, learn_image};
use crate::diagnostics::{Code, Diagnostic, nearest};

/// A directive and its bytes.
#[derive(Debug)]
pub(super) struct Directive {
    pub(super) span: Range<usize>,
    pub(super) kind: Kind,
}

/// What stands in the directive's place.
#[derive(Debug)]
pub(super) enum Kind {
    Figure(FigurePath),
    Image(Image),
    Embedded(Embedded),
    /// Nothing at all: the `:::image-end:::` of Microsoft Learn.
    Nothing,
}

/// What was found, in the order of the text.
#[derive(Default)]
pub(super) struct Found {
    pub(super) directives: Vec<Directive>,
    pub(super) problems: Vec<(Diagnostic, Range<usize>)>,
}

/// Finds the directives of a text.
pub(super) fn find(text: &str, opaque: &Opaque) -> Found {
    let mut found = Found::default();
    let mut at = 0;
    while let Some(start) = memchr::memchr(b':', &text.as_bytes()[at..]).map(|offset| at + offset) {
        let colons = text[start..].bytes().take_while(|b| *b == b':').count();
        at = start + colons;
        if holds(&opaque.literal, start) || is_escaped(text, start) {
            continue;
        }
        match read(text, start, colons) {
            Read::Nothing => {}
            // A directive in a link's text: the colons may also belong to its URL.
            Read::Directive(_) if holds(&opaque.links, start) => {
                let problem = Diagnostic::error(Code::InvalidDirective, "a directive inside a link or image");
                found.problems.push((problem.hint("write it outside of the link"), start..at));
            }
            Read::Directive(directive) => {
                at = directive.span.end;
                found.directives.push(directive);
            }
            Read::Problem(..) if holds(&opaque.links, start) => {}
            Read::Problem(problem, span) => {
                at = at.max(span.end);
                found.problems.push((problem, span));
            }
        }
    }
    found
}

/// The text with the directives' bytes turned into letters, as long as before.
pub(super) fn masked(text: &str, directives: &[Directive]) -> String {
    let mut out = String::with_capacity(text.len());
    for Directive { span, .. } in directives {
        out.push_str(&text[out.len()..span.start]);
        out.extend(std::iter::repeat_n('x', span.len()));
    }
    out.push_str(&text[out.len()..]);
    out
}

/// Whether the sign there is one that a backslash makes text of.
pub(super) fn is_escaped(text: &str, at: usize) -> bool {
    text[..at].bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 1
}

pub(super) enum Read {
    Nothing,
    Directive(Directive),
    Problem(Diagnostic, Range<usize>),
}

/// Reads what begins with the colons at `start`.
fn read(text: &str, start: usize, colons: usize) -> Read {
    let before = text[..start].chars().next_back();
    let after = start + colons;
    let gap = if colons >= 3 && starts_line(text, start) { blank(&text[after..]) } else { 0 };
    let name = name(&text[after + gap..]);
    let end = after + gap + name.len();
    let bracket = text[end..].starts_with('[');
    match (colons, name) {
        (_, "") => Read::Nothing,
        (1, "figure") if bracket && !before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') => {
            figure(text, start..end)
        }
        (2, "chart" | "table") if bracket => embedded::read(text, start..end),
        (3, "image") if gap == 0 => learn_image::read(text, start..end),
        (3, "image-end") if gap == 0 => {
            let end = end + if text[end..].starts_with(":::") { 3 } else { 0 };
            Read::Directive(Directive { span: start..end, kind: Kind::Nothing })
        }
        (1 | 2, _) if !bracket => Read::Nothing,
        _ if before.is_some_and(is_inside_a_word) => Read::Nothing,
        _ => unknown(colons, name, start..end),
    }
}

fn blank(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

fn name(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(text.len());
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) { &text[..end] } else { "" }
}

/// `std::vec[0]`, `C:/x:y[`, `(?:a[bc])`: what goes on after these is no directive.
fn is_inside_a_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '\\' | '/' | '.' | '?' | '$' | '%' | ')' | ']')
}

/// Whether nothing but the marks of lists and quotes stands before `at` on its line.
pub(super) fn starts_line(text: &str, at: usize) -> bool {
    let mark = |c: &char| matches!(c, ' ' | '\t' | '>' | '-' | '+' | '*' | '.' | ')') || c.is_ascii_digit();
    text[..at].chars().rev().find(|c| !mark(c)).is_none_or(|c| matches!(c, '\n' | '\r'))
}

/// Reads `:figure[…]`, whose name ends at `opening.end`.
fn figure(text: &str, opening: Range<usize>) -> Read {
    let start = opening.end + 1;
    // Only so far, that a text full of open brackets stays cheap.
    let near = &text[start..text.floor_char_boundary(start + FigurePath::LONGEST + 1)];
    let Some(length) = near.find([']', '\n', '\r']).filter(|end| near[*end..].starts_with(']')) else {
        let problem = Diagnostic::error(Code::InvalidDirective, "a figure's path that is not closed");
        return Read::Problem(problem.hint("write it as `:figure[devices.exposed]`"), opening);
    };
    let path = &text[start..start + length];
    match FigurePath::parse(path) {
        Ok(path) => Read::Directive(Directive { span: opening.start..start + length + 1, kind: Kind::Figure(path) }),
        Err(advice) => {
            let message = format!("a report's data has no figure `{path}`");
            Read::Problem(Diagnostic::error(Code::UnknownFigure, message).hint(advice), start..start + length)
        }
    }
}

fn unknown(colons: usize, name: &str, span: Range<usize>) -> Read {
    const FORMS: [(&str, &str); 5] = [
        ("chart", "::chart[alerts-over-time]"),
        ("figure", ":figure[devices.exposed]"),
        ("image", ":::image …:::"),
        ("scope", "::: scope …"),
        ("table", "::table[mitigations.configurations]"),
    ];
    let written = format!("{}{name}", ":".repeat(colons.min(4)));
    let meant = nearest(name, FORMS.map(|(name, _)| name));
    let form = FORMS.iter().find(|(name, _)| Some(*name) == meant);
    let hint = match form {
        Some((_, form)) => format!("did you mean `{form}`?"),
        None => "to show it as text, put it into backticks or write `\\:`".to_owned(),
    };
    Read::Problem(Diagnostic::error(Code::UnknownDirective, format!("unknown directive `{written}`")).hint(hint), span)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(Code, String)> {
        let found = find(text, &Opaque::of(text));
        found.problems.into_iter().map(|(problem, span)| (problem.code, text[span].to_owned())).collect()
    }

    #[test]
    fn prose_is_no_directive() {
        for text in [
            r"C:\foo and C:\foo[0]",
            "std::vec[0]",
            "a:b[c]",
            "10:30",
            "::1 and [::1] and fe80::1",
            ":warning:",
            "a ::",
            "(?:abc[0-9])",
            "`:foo[x]`",
            "```\n:::row:::\n```",
            "    ::x[y]",
            r"\:foo[x]",
            "[a](:foo[x])",
            "|:---:|",
            "[System.IO.FileInfo]::new[0]",
            "see: [a](b)",
            "note:[a](b)",
            "<a b=\":x[y]\">",
            "x:figure[y]",
            ": a[b]",
        ] {
            assert_eq!(told(text), [], "{text}");
        }
    }

    #[test]
    fn unknown_directives_are_told() {
        let unknown = |text: &str| [(Code::UnknownDirective, text.to_owned())];
        assert_eq!(told("a :figur[devices.total]"), unknown(":figur"));
        assert_eq!(told(":::row:::"), unknown(":::row"));
        assert_eq!(told("::: moniker range=\"x\""), unknown("::: moniker"));
        assert_eq!(told("(::note[x])"), unknown("::note"));
        assert_eq!(told("::chart[a]"), [(Code::UnknownFigure, "a".into())]);
        assert_eq!(told("::table[indicators"), [(Code::InvalidDirective, "::table".into())]);
        assert_eq!(told("a ::table[indicators]"), [(Code::InvalidDirective, "::table[indicators]".into())]);
        assert_eq!(told("::chrt[device-states]"), unknown("::chrt"));
        assert_eq!(told("- ::chart[device-states]\n\n::table[indicators]  \n"), []);
        assert_eq!(told("[:figure[devices.total]](x)"), [(Code::InvalidDirective, ":".into())]);
    }

    #[test]
    fn figures_are_found_in_prose_of_any_script() {
        for text in ["**:figure[devices.total]**", "影响:figure[devices.total]台设备", "(:figure[groups.A*_b.name])"]
        {
            let found = find(text, &Opaque::of(text));
            assert_eq!(found.directives.len(), 1, "{text}");
            assert_eq!(masked(text, &found.directives).len(), text.len());
        }
        assert_eq!(told(":figure[devices.exposd]"), [(Code::UnknownFigure, "devices.exposd".into())]);
        assert_eq!(told(":figure[devices.total"), [(Code::InvalidDirective, ":figure".into())]);
    }
}
