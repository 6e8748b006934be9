//! A diagnostic as text for a terminal, as a JSON line, and as a GitHub annotation.

use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::Serialize;

use super::{Diagnostic, Place, Severity, Source, visible};

/// For people: header, place, the quoted text and the hint, as rustc writes them.
#[must_use]
pub fn text(diagnostic: &Diagnostic, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let message = visible(&diagnostic.message);
    let title = level.primary_title(&message).id(diagnostic.code.to_string());
    let hint = diagnostic.hint.as_deref().map(visible);
    let mut group = match &diagnostic.place {
        Place::Span { source, span } => Group::with_title(title).element(excerpt(source, span)),
        place => {
            let origin = origin(place);
            let group = Group::with_title(title);
            match origin {
                Some(origin) => group.element(annotate_snippets::Origin::path(origin)),
                None => group,
            }
        }
    };
    if let (Some(hint), Place::Nowhere) = (&hint, &diagnostic.place) {
        // Without an excerpt the hint needs no gutter.
        return format!("{}\n  = help: {hint}", renderer.render(&[group]));
    }
    if let Some(hint) = &hint {
        group = group.element(Level::HELP.message(hint.as_str()));
    }
    renderer.render(&[group])
}

/// Only the lines that are meant, so that a message about a large file stays cheap.
fn excerpt<'a>(source: &'a Source, span: &std::ops::Range<usize>) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    const LINES: usize = 4;
    let start = source.floor(span.start);
    let end = source.floor(span.end).max(start);
    let first = source.position(start).line;
    let last = source.position(end).line.min(first + LINES - 1);
    let window = source.line(first).start..source.line(last).end;
    let meant = start.min(window.end) - window.start..end.min(window.end) - window.start;
    Snippet::source(&source.text()[window])
        .line_start(first)
        .path(visible(source.name()))
        .annotation(AnnotationKind::Primary.span(meant))
}

fn origin(place: &Place) -> Option<String> {
    let file = visible(place.file()?);
    Some(match place {
        Place::Row { row, line: Some(line), .. } => format!("{file}:{line}:1 (row {row})"),
        Place::Row { row, line: None, .. } => format!("{file}: row {row}"),
        _ => file,
    })
}

#[derive(Serialize)]
struct Line<'a> {
    code: String,
    severity: &'static str,
    message: &'a str,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<u64>,
    hint: Option<&'a str>,
}

/// For programs: one JSON object on one line.
#[must_use]
pub fn json(diagnostic: &Diagnostic) -> String {
    let position = diagnostic.place.position();
    let line = Line {
        code: diagnostic.code.to_string(),
        severity: diagnostic.severity.word(),
        message: &diagnostic.message,
        file: diagnostic.place.file(),
        line: position.map(|p| p.line),
        column: position.map(|p| p.column),
        row: match diagnostic.place {
            Place::Row { row, .. } => Some(row),
            _ => None,
        },
        hint: diagnostic.hint.as_deref(),
    };
    serde_json::to_string(&line).unwrap_or_default()
}

/// For GitHub: a workflow command that becomes an annotation in a pull request.
#[must_use]
pub fn github(diagnostic: &Diagnostic) -> String {
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut out = format!("::{level} title={}", diagnostic.code);
    if let Some(file) = diagnostic.place.file() {
        let _ = write!(out, ",file={}", property(file));
    }
    if let Some(position) = diagnostic.place.position() {
        let _ = write!(out, ",line={},col={}", position.line, position.column);
    }
    let hint = diagnostic.hint.as_ref().map(|hint| format!("\n{hint}")).unwrap_or_default();
    let _ = write!(out, "::{}", data(&format!("{}{hint}", diagnostic.message)));
    out
}

/// The escapes GitHub documents for the text of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Code;

    fn sample() -> Diagnostic {
        let source = Source::new("a.md", "---\ntitel: x\n---\n");
        Diagnostic::error(Code::UnknownKey, "unknown key `titel`").at(&source, 4..9).hint("did you mean `title`?")
    }

    #[test]
    fn text_has_code_place_excerpt_and_hint() {
        let text = text(&sample(), false);
        for part in ["error[TP0005]: unknown key `titel`", "a.md:2:1", "titel: x", "^^^^^", "did you mean `title`?"] {
            assert!(text.contains(part), "{part} is missing in:\n{text}");
        }
    }

    #[test]
    fn json_is_one_line_with_the_place() {
        let line = json(&sample());
        let value: serde_json::Value = serde_json::from_str(&line).expect("a JSON object");
        assert_eq!((value["line"].as_u64(), value["column"].as_u64()), (Some(2), Some(1)));
        assert!(!line.contains('\n'));
    }

    #[test]
    fn a_github_annotation_cannot_be_broken_out_of() {
        let diagnostic = Diagnostic::warning(Code::BadRow, "a\n::error::b").in_file("x,y:z");
        assert_eq!(github(&diagnostic), "::warning title=TP0405,file=x%2Cy%3Az::a%0A::error::b");
    }
}
