//! A diagnostic as text for a terminal, as a JSON line, and as a GitHub annotation.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde::Serialize;

use super::{Diagnostic, Place, Position, Severity, Source, is_unprintable, quiet_json, visible, visible_up_to};

/// For people: header, place, the quoted text and the hint, as rustc writes them.
#[must_use]
pub fn text(diagnostic: &Diagnostic, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let message = visible_up_to(&diagnostic.message, SENTENCE);
    let title = level.primary_title(&message).id(diagnostic.code.to_string());
    let hint = diagnostic.hint.as_deref().map(|hint| visible_up_to(hint, SENTENCE));
    let mut group = Group::with_title(title);
    match &diagnostic.place {
        Place::Span { source, span } => {
            let (snippet, is_cut) = excerpt(source, span);
            let path = visible(source.name());
            group = if is_cut {
                let Position { line, column } = source.position(span.start);
                group.element(Origin::path(path).line(line).char_column(column)).element(snippet)
            } else {
                group.element(snippet.path(path))
            };
        }
        place => {
            if let Some(origin) = origin(place) {
                group = group.element(Origin::path(origin));
            }
        }
    }
    if let (Some(hint), Place::Nowhere) = (&hint, &diagnostic.place) {
        // Without an excerpt the hint needs no gutter.
        return format!("{}\n  = help: {hint}", renderer.render(&[group]));
    }
    if let Some(hint) = &hint {
        group = group.element(Level::HELP.message(hint.as_str()));
    }
    renderer.render(&[group])
}

/// The quoted text alone, with what is meant marked beneath; nothing where no text is meant.
#[must_use]
pub fn quoted(diagnostic: &Diagnostic) -> Option<String> {
    let Place::Span { source, span } = &diagnostic.place else { return None };
    let (snippet, _) = excerpt(source, span);
    Some(Renderer::plain().render(&[Group::with_level(Level::ERROR).element(snippet)]))
}

/// A message or a hint is shown so far: all that is our own fits, and what a stranger's file puts into it fills no screen.
const SENTENCE: usize = 2_000;

/// A text is shown so far before and after the place that is meant, when it is all one line.
const AROUND: usize = 200;

/// Only the lines that are meant, and of very long ones only what stands near, so that a message
/// about a large file stays cheap. Where the start of a line is left out, the snippet cannot tell
/// the column.
fn excerpt(source: &Source, span: &Range<usize>) -> (Snippet<'static, Annotation<'static>>, bool) {
    const LINES: usize = 4;
    let start = source.floor(span.start);
    let end = source.floor(span.end).max(start);
    let first = source.position(start).line;
    let last = source.position(end).line.min(first + LINES - 1);
    let lines = source.line(first).start..source.line(last).end;
    let is_long = lines.len() > 10 * AROUND;
    let window = if is_long {
        let end = end.min(start + AROUND) + AROUND;
        source.floor(start.saturating_sub(AROUND)).max(lines.start)..source.floor(end).min(lines.end).max(start)
    } else {
        lines
    };
    let (start, end) = (start.min(window.end), end.min(window.end).max(start));
    let parts = [window.start..start, start..end, end..window.end];
    let [before, meant, after] = parts.map(|part| harmless(&source.quoted(part)));
    let span = before.len()..before.len() + meant.len();
    let snippet = Snippet::source([before, meant, after].concat()).line_start(first);
    let is_cut = is_long || (window.start == 0 && source.start().column > 1);
    (snippet.annotation(AnnotationKind::Primary.span(span)), is_cut)
}

/// The text with what could steer a terminal replaced, character by character.
fn harmless(text: &str) -> String {
    let shown = |c: char| if is_unprintable(c) && !matches!(c, '\n' | '\t') { '\u{fffd}' } else { c };
    text.chars().map(shown).collect()
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
    quiet_json(&serde_json::to_string(&line).unwrap_or_default())
}

/// For GitHub: a workflow command that becomes an annotation in a pull request. Files are told from the site's directory;
/// an annotation wants them from where the run began, which is the repository's.
#[must_use]
pub fn github(diagnostic: &Diagnostic, site: &Path) -> String {
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut out = format!("::{level} title={}", diagnostic.code);
    if let Some(file) = diagnostic.place.file() {
        let _ = write!(out, ",file={}", property(&from_repository(file, site)));
    }
    if let Some(position) = diagnostic.place.position() {
        let _ = write!(out, ",line={},col={}", position.line, position.column);
    }
    // An annotation has no field for it, and not every row has a line of its own.
    let row = match diagnostic.place {
        Place::Row { row, .. } => format!("row {row}: "),
        _ => String::new(),
    };
    let hint = diagnostic.hint.as_ref().map(|hint| format!("\n{hint}")).unwrap_or_default();
    let _ = write!(out, "::{}", data(&format!("{row}{}{hint}", diagnostic.message)));
    out
}

/// A file's path with the site's before it, where that is the way to it.
fn from_repository(file: &str, site: &Path) -> String {
    let way = site.join(file);
    let is_way = site.is_relative() && Path::new(file).is_relative() && way.exists();
    let way = way.components().filter(|part| *part != Component::CurDir).collect::<PathBuf>();
    if is_way { way.display().to_string() } else { file.to_owned() }
}

/// The escapes GitHub documents for the text of a workflow command. Logs are read on terminals
/// too, so that nothing else in it may steer one.
fn data(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => out.push_str("%25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            c if is_unprintable(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
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
    fn excerpts_cannot_steer_a_terminal() {
        let source = Source::new("a.md", "a\u{200b}\u{85}b\u{e0041}: \u{1b}[31mx\n");
        let text = text(&Diagnostic::error(Code::UnknownKey, "x").at(&source, 0..7), false);
        assert!(text.chars().all(|c| c == '\n' || !is_unprintable(c)), "{text:?}");
        assert!(text.contains("a��b�: �[31mx") && text.contains("^^^^"), "{text}");
    }

    #[test]
    fn of_a_very_long_line_what_stands_near_is_shown() {
        let source = Source::new("a.md", format!("---\n{}here{}\n", "é".repeat(500_000), "b".repeat(500_000)));
        let text = text(&Diagnostic::error(Code::UnknownKey, "x").at(&source, 1_000_004..1_000_008), false);
        assert!(text.contains("a.md:2:500001") && text.contains("here") && text.len() < 2_000, "{text}");
    }

    #[test]
    fn of_a_part_the_place_in_its_file_is_told() {
        let part = Source::part("a.json", "\"x\" tru,", Position { line: 3, column: 900 });
        let problem = Diagnostic::error(Code::DamagedFile, "not JSON").at(&part, 4..5);
        let text = text(&problem, false);
        assert!(text.contains("a.json:3:904") && text.contains("3 | \"x\" tru,"), "{text}");
        assert!(json(&problem).contains("\"line\":3,\"column\":904"));
    }

    #[test]
    fn our_own_sentences_are_whole_and_a_strangers_word_fills_no_screen() {
        let long = format!("one of: {}", "a-known-word, ".repeat(40));
        let told = text(&Diagnostic::error(Code::UnknownKey, "x".repeat(1 << 20)).hint(long.clone()), false);
        assert!(told.contains(long.trim_end()) && told.len() < 3_000, "{}", told.len());
    }

    #[test]
    fn json_is_one_line_with_the_place() {
        let line = json(&sample());
        let value: serde_json::Value = serde_json::from_str(&line).expect("a JSON object");
        assert_eq!((value["line"].as_u64(), value["column"].as_u64()), (Some(2), Some(1)));
        assert!(!line.contains('\n'));
    }

    #[test]
    fn a_github_annotation_names_the_row() {
        let diagnostic = Diagnostic::warning(Code::BadRow, "`id` is empty").in_row("d.parquet", 7, None);
        assert_eq!(github(&diagnostic, Path::new(".")), "::warning title=TP0405,file=d.parquet::row 7: `id` is empty");
    }

    #[test]
    fn a_github_annotation_cannot_be_broken_out_of() {
        let diagnostic = Diagnostic::warning(Code::BadRow, "a\n::error::b").in_file("x,y:z");
        assert_eq!(github(&diagnostic, Path::new(".")), "::warning title=TP0405,file=x%2Cy%3Az::a%0A::error::b");
    }
}
