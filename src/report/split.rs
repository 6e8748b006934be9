//! A file's text to front matter and body.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source};

const FENCE: &str = "---";

/// The bytes of the front matter (between the fences) and of the body (after them).
pub fn split(source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<(Range<usize>, Range<usize>)> {
    let text = source.text();
    let first = source.line(1);
    if text[first.clone()].trim_end() != FENCE {
        diagnostics.push(
            Diagnostic::error(Code::NoFrontMatter, "there is no front matter")
                .at(source, first)
                .hint("the first line has to be `---`, then keys such as `title:`, then another `---`"),
        );
        return None;
    }
    let start = (first.end + 1).min(text.len());
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if line.trim_end() == FENCE {
            return Some((start..at, at + line.len()..text.len()));
        }
        at += line.len();
    }
    diagnostics.push(
        Diagnostic::error(Code::UnclosedFrontMatter, "the front matter is not closed")
            .at(source, first)
            .hint("put a line `---` after the last key"),
    );
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Result<(String, String), Vec<Code>> {
        let mut diagnostics = Diagnostics::new();
        let source = Source::new("a.md", text);
        match split(&source, &mut diagnostics) {
            Some((front, body)) => Ok((text[front].to_owned(), text[body].to_owned())),
            None => Err(diagnostics.iter().map(|d| d.code).collect()),
        }
    }

    #[test]
    fn front_matter_ends_at_the_first_fence() {
        assert_eq!(parts("---\na: 1\n---\nb\n---\n"), Ok(("a: 1\n".into(), "b\n---\n".into())));
        assert_eq!(parts("---\n---"), Ok((String::new(), String::new())));
    }

    #[test]
    fn none_and_unclosed_are_told() {
        assert_eq!(parts("# A"), Err(vec![Code::NoFrontMatter]));
        assert_eq!(parts(""), Err(vec![Code::NoFrontMatter]));
        assert_eq!(parts("---\na: 1\n"), Err(vec![Code::UnclosedFrontMatter]));
        assert_eq!(parts("---"), Err(vec![Code::UnclosedFrontMatter]));
    }
}
