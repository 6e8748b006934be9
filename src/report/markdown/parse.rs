//! The way from a text to a [`Document`], and the guard around the parser.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pulldown_cmark::{BrokenLink, CowStr, LinkType, Options, Parser};

use super::directives::Directive;
use super::opaque::{Opaque, merged};
use super::prose::Prose;
use super::{Document, Event, captions, directives, footnotes, lost_markers, survey};
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::report::blocks::CutText;

/// Contract section 5: no smart punctuation, which would change identifiers. The ids of headings are
/// read by [`prose`](super::prose): the parser would take whatever stands in braces for attributes, and
/// drop what it has no use for.
pub(super) const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_GFM);

const LONGEST: usize = 4 << 20;

/// An event with its bytes in the cut text.
pub(super) type Spanned = (Event, Range<usize>);
/// A problem with its bytes in the cut text.
pub(super) type Problem = (Diagnostic, Range<usize>);

pub(super) fn parse(cut: &CutText, diagnostics: &mut Diagnostics) -> Document {
    let whole = 0..cut.text().len();
    if whole.len() > LONGEST {
        let problem = Diagnostic::error(Code::TooLarge, "a text of more than 4 MiB");
        diagnostics.push(problem.hint("split it into several reports").in_file(cut.source().name()));
        return Document::default();
    }
    let guarded = AssertUnwindSafe(|| {
        #[cfg(feature = "trial")]
        crate::planted::in_text(cut.text());
        read(cut)
    });
    match catch_unwind(guarded) {
        Ok((document, problems)) => {
            for (problem, span) in problems {
                diagnostics.push(cut.place(problem, span));
            }
            document
        }
        Err(_) => {
            let problem = Diagnostic::error(Code::Unparseable, "the Markdown parser could not digest this text");
            let hint = "take parts out until it goes through, and tell the makers of threatpress which part it was";
            diagnostics.push(problem.hint(hint).in_file(cut.source().name()));
            Document::default()
        }
    }
}

fn read(cut: &CutText) -> (Document, Vec<Problem>) {
    let (directives, masked, mut problems) = understand(cut.text());
    let mut prose = Prose::new(&masked, directives);
    let mut broken = Vec::new();
    let note = |link: BrokenLink<'_>| -> Option<(CowStr<'_>, CowStr<'_>)> {
        broken.extend(undefined(&link));
        None
    };
    for (event, range) in Parser::new_with_broken_link_callback(&masked, OPTIONS, Some(note)).into_offset_iter() {
        if prose.take(event.into_static(), range.clone()).is_err() {
            let problem = Diagnostic::error(Code::Unparseable, "lists and quotes nested too deep");
            return (Document::default(), vec![(problem.hint("nest them at most 100 deep"), range)]);
        }
    }
    let (events, said) = prose.end();
    problems.extend(said);
    problems.extend(broken);
    let (body, footnotes) = footnotes::arrange(captions::claim(events), &mut problems);
    let document = survey::survey(cut, body, footnotes, &mut problems);
    (document, problems)
}

/// The directives of a text, the text with them masked, and what is wrong with them.
///
/// What a directive holds may look like Markdown to the parser (a backtick that pairs with one
/// further on), so that where code stands is only sure once the directives are masked. Each
/// round settles more of them; one is enough for nearly every text.
fn understand(text: &str) -> (Vec<Directive>, String, Vec<Problem>) {
    let mut rounds = 8;
    let mut masked = text.to_owned();
    loop {
        let mut opaque = Opaque::of(&masked);
        let lost = lost_markers::find(text, &opaque.blocks);
        opaque.literal = merged([opaque.literal, lost.clone()].concat());
        let found = directives::find(text, &opaque);
        let next = directives::masked(text, &found.directives);
        rounds -= 1;
        if next == masked || rounds == 0 {
            let lost = lost.into_iter().map(|span| (lost_markers::problem(text, &span), span));
            return (found.directives, next, lost.chain(found.problems).collect());
        }
        masked = next;
    }
}

/// A reference without a definition. `[word]` alone is ordinary prose and is not told.
fn undefined(link: &BrokenLink<'_>) -> Option<Problem> {
    let meant = matches!(link.link_type, LinkType::Reference | LinkType::Collapsed);
    let message = format!("no link is defined as `[{}]`", link.reference);
    let problem = Diagnostic::warning(Code::DeadLink, message).hint(
        "define it as `[name]: https://…` where everybody who sees the link sees the definition; to show brackets, \
         write `\\[`",
    );
    meant.then(|| (problem, link.span.clone()))
}
