//! Markdown that is made to keep a parser busy.
//!
//! No time is asserted, for machines differ. Each pattern is parsed at two lengths, and the
//! processor's time for the longer may be so many times that for the shorter that linear work passes
//! on a busy machine and quadratic work does not.

use std::fs;
use std::time::Duration;

use threatpress::diagnostics::{Diagnostics, Source};
use threatpress::report::Document;
use threatpress::report::blocks::{Blocks, CutText};

/// What is repeated, before and after what.
const PATTERNS: [(&str, &str, &str); 44] = [
    ("", "*", ""),
    ("", "**a ", ""),
    ("", "*a **b ", ""),
    ("", "_a_", ""),
    ("", "a*_", ""),
    ("", "~~a ", ""),
    ("", "~", ""),
    ("", "[", "]"),
    ("", "[a](", ""),
    ("", "![", ""),
    ("", "[a][", ""),
    ("", "[]", ""),
    ("", "![[]()", ""),
    ("", "](", ""),
    ("", "<", ""),
    ("", "<a ", ""),
    ("", "<!--", ""),
    ("", "<![CDATA[", ""),
    ("", "<?", ""),
    ("", "<a href=\"", ""),
    ("", "`a``", ""),
    ("", "\\", ""),
    ("", "&", ""),
    ("", "&#", ""),
    ("", "> ", "a"),
    ("", ">", "a"),
    ("", "- ", "a"),
    ("", "1. ", "a"),
    ("", "- a\n  ", ""),
    ("", "# a\n", ""),
    ("", "a\n", "==="),
    ("", "a\n\n", ""),
    ("", "[a]: b\n", "[a]"),
    ("", "[^a]: b\n", "[^a]"),
    ("", "[^", ""),
    ("", "| a ", "\n|---\n"),
    ("|a|\n|-|\n", "|b|\n", ""),
    ("", "```\n", ""),
    ("", ":::image ", ""),
    ("", ":figure[", ""),
    ("", "::: scope tlp=\"red\"\n", ""),
    ("", "T1059 ", ""),
    ("", "https://a.", ""),
    ("", "a {#b", "}"),
];

fn parse(text: &str) -> (Document, Diagnostics) {
    let mut told = Diagnostics::new();
    let source = Source::new("a.md", text);
    let blocks = Blocks::find(&source, 0..text.len(), &mut told);
    drop(blocks);
    let document = Document::parse(&CutText::whole(&source, 0..text.len()), &mut told);
    (document, told)
}

/// How long the processor has worked for this thread, whatever else runs on the machine.
fn worked() -> Duration {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(text.split_whitespace().next().unwrap().parse().unwrap())
}

fn time(text: &str) -> Duration {
    let run = || {
        let start = worked();
        let _ = parse(text);
        worked() - start
    };
    run().min(run()).min(run())
}

#[test]
fn four_times_the_text_is_about_four_times_the_work() {
    const LENGTH: usize = 16 << 10;
    // Four times the length is 4 times linear work and 16 times quadratic work.
    const MOST: u32 = 11;
    let mut worst = (0, "");
    for (before, pattern, after) in PATTERNS {
        let text = |length: usize| format!("{before}{}{after}", pattern.repeat(length / pattern.len()));
        let (small, large) = (time(&text(LENGTH)), time(&text(4 * LENGTH)));
        // Less than this is too little to be measured.
        let small = small.max(Duration::from_millis(2));
        let ratio = (large.as_micros() / small.as_micros()) as u32;
        assert!(ratio <= MOST, "{pattern:?} takes {small:?}, and {large:?} for four times as much");
        if ratio > worst.0 {
            worst = (ratio, pattern);
        }
    }
    println!(
        "{} patterns of {LENGTH} and {} bytes; the worst, {:?}, took {} times as long",
        PATTERNS.len(),
        4 * LENGTH,
        worst.1,
        worst.0
    );
}

/// Bytes on which the parser is known to panic, with and without what stands around them.
#[test]
fn where_the_parser_panics_the_author_is_told() {
    let known = b"\xEF\xBF\xBD\xEF\xBF\xBD  2\n:<\n  {}\n -\n";
    let text = std::str::from_utf8(known).unwrap();
    for text in [text.to_owned(), format!("a\n\n{text}\nb"), format!("> {}", text.replace('\n', "\n> "))] {
        let (document, told) = parse(&text);
        assert!(!document.body().is_empty() || told.has_errors(), "{text:?} vanished");
    }
}

#[test]
fn depth_has_a_cap() {
    for text in [">".repeat(100_000), "- ".repeat(100_000), "1. ".repeat(50_000)] {
        let (document, told) = parse(&text);
        assert!(document.body().is_empty() && told.has_errors(), "{}", &text[..8]);
    }
}
