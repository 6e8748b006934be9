//! Lines as Markdown counts them, and the fences that make code of them.

use std::ops::Range;

/// The lines of `text[body]`, each with its line end: `\n`, `\r\n` or a lone `\r`, which
/// CommonMark takes for one too.
pub(super) fn lines(text: &str, body: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut at = body.start;
    std::iter::from_fn(move || {
        let rest = text.get(at..body.end).filter(|rest| !rest.is_empty())?;
        let length = match rest.find(['\n', '\r']) {
            Some(end) if rest[end..].starts_with("\r\n") => end + 2,
            Some(end) => end + 1,
            None => rest.len(),
        };
        at += length;
        Some(at - length..at)
    })
}

/// An open code fence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fence {
    mark: char,
    length: usize,
    indent: usize,
}

impl Fence {
    /// The fence that a line opens, if it opens one.
    pub(super) fn opened_by(line: &str) -> Option<Self> {
        let (indent, mark, length, rest) = run(line)?;
        let opens = indent <= 3 && length >= 3 && !(mark == '`' && rest.contains('`'));
        opens.then_some(Self { mark, length, indent })
    }

    /// Whether a line closes it. A fence inside a list may be indented by what the list's text
    /// is, so three more than its own indent are allowed.
    pub(super) fn is_closed_by(&self, line: &str) -> bool {
        run(line).is_some_and(|(indent, mark, length, rest)| {
            indent <= self.indent + 3 && mark == self.mark && length >= self.length && rest.trim().is_empty()
        })
    }
}

fn run(line: &str) -> Option<(usize, char, usize, &str)> {
    let text = line.trim_start_matches(' ');
    let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let rest = text.trim_start_matches(mark);
    Some((line.len() - text.len(), mark, text.len() - rest.len(), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_ends_a_line() {
        let text = "a\nb\r\nc\rd\n\ne";
        let found: Vec<_> = lines(text, 0..text.len()).map(|line| &text[line]).collect();
        assert_eq!(found, ["a\n", "b\r\n", "c\r", "d\n", "\n", "e"]);
    }

    #[test]
    fn fences_open_and_close_as_in_markdown() {
        for opens in ["```", "````kql\n", "   ~~~ a`b", "~~~~"] {
            assert!(Fence::opened_by(opens).is_some(), "{opens}");
        }
        for no in ["``", "    ```", "``` a`b", "text", "\t```", ""] {
            assert!(Fence::opened_by(no).is_none(), "{no}");
        }
        let fence = Fence::opened_by("````").expect("a fence");
        assert!(fence.is_closed_by("   `````  \r\n"));
        for no in ["```", "~~~~", "```` kql", "    ````"] {
            assert!(!fence.is_closed_by(no), "{no}");
        }
    }
}
