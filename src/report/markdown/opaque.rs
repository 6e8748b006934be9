//! Where nothing is interpreted: code, links, raw HTML.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

use super::parse::OPTIONS;

/// The bytes of a text that directives keep out of; each list is ascending, without overlaps.
#[derive(Debug, Default)]
pub(super) struct Opaque {
    /// Code blocks.
    pub(super) blocks: Vec<Range<usize>>,
    /// Code blocks, inline code, raw HTML, and the definitions of links.
    pub(super) literal: Vec<Range<usize>>,
    /// Links and images, with their text.
    pub(super) links: Vec<Range<usize>>,
}

impl Opaque {
    /// Parses a text to see what is what in it.
    pub(super) fn of(text: &str) -> Self {
        let parser = Parser::new_ext(text, OPTIONS);
        // The definitions come in no order; they are sorted below.
        #[allow(clippy::iter_over_hash_type)]
        let mut literal: Vec<_> = parser.reference_definitions().iter().map(|(_, link)| link.span.clone()).collect();
        let (mut blocks, mut links) = (Vec::new(), Vec::new());
        for (event, range) in parser.into_offset_iter() {
            match event {
                Event::Start(Tag::CodeBlock(_)) => {
                    literal.push(range.clone());
                    blocks.push(range);
                }
                Event::Code(_) | Event::InlineHtml(_) | Event::Html(_) => literal.push(range),
                Event::Start(Tag::Link { .. } | Tag::Image { .. }) => links.push(range),
                _ => {}
            }
        }
        Self { blocks: merged(blocks), literal: merged(literal), links: merged(links) }
    }
}

/// The same bytes as ascending ranges that do not touch.
pub(super) fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| range.start);
    let mut out: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match out.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => out.push(range),
        }
    }
    out
}

/// Whether one of such ranges holds `at`.
pub(super) fn holds(ranges: &[Range<usize>], at: usize) -> bool {
    ranges[..ranges.partition_point(|range| range.start <= at)].last().is_some_and(|range| at < range.end)
}
