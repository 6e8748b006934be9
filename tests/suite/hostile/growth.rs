//! Texts and tables that are made to keep a reader busy.
//!
//! No time is asserted, for machines differ. Each pattern is parsed at two lengths, and the
//! processor's time for the longer may be so many times that for the shorter that linear work passes
//! on a busy machine and quadratic work does not.

use std::cell::Cell;
use std::fs;
#[cfg(feature = "trial")]
use std::process::Command;
use std::time::Duration;

use crate::bad_input::{A, REPORT, build, messages, put, refused, site};
use crate::bench::{home, note};
use threatpress::diagnostics::{Diagnostics, Source};
use threatpress::highlight;
use threatpress::report::blocks::{Blocks, CutText};
use threatpress::report::{Defaults, Document, Indicator, LiveIndicators, load};
use threatpress::snapshot;
use threatpress::terms::{IndicatorType, Tlp};

/// What is repeated, before and after what.
const PATTERNS: [(&str, &str, &str); 62] = [
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
    ("", "::table[", ""),
    ("", "::chart[device-states]\n\n", ""),
    ("", "::: scope tlp=\"red\"\n", ""),
    ("", "T1059 ", ""),
    ("", "https://a.", ""),
    ("", "a {#b", "}"),
    ("# ", "{#", "}"),
    ("# ", "\\{#a} ", ""),
    ("# a {#", "b", "}"),
    ("", "# a {#b}\n", ""),
    ("", "a {#b}\n---\n", ""),
    ("", "Table: a\n\n", "|b|\n|-|\n"),
    ("", "Table: a\n\n|b|\n|-|\n\n", ""),
    ("Table: ", "a *b* ", "\n\n|b|\n|-|\n"),
    ("Table: ", "a\n", "\n|b|\n|-|\n"),
    ("# ", "|a|\n|-|\n\n", ""),
    ("", "::table[indicators]\n\n", ""),
    ("", "::chart[x]\n", ""),
    ("", "<https://evil.example/> ", ""),
    ("", "[evil.example](https://a.evil.example) ", ""),
    ("[", "evil.example ", "](https://evil.example)"),
    ("<https://", "a.", "evil.example>"),
];

fn parse(text: &str) -> (Document, Diagnostics) {
    let mut told = Diagnostics::new();
    let source = Source::new("a.md", text);
    let blocks = Blocks::find(&source, 0..text.len(), &mut told);
    drop(blocks);
    let document = Document::parse(&CutText::whole(&source, 0..text.len()), &mut told);
    let document = document.disarmed(&live()).unwrap_or(document);
    (document, told)
}

/// An indicator that links of the patterns lead to.
fn live() -> LiveIndicators {
    let indicator = Indicator::new(IndicatorType::Domain, "evil.example");
    LiveIndicators::of([indicator].iter())
}

/// How long the processor has worked for this thread, whatever else runs on the machine.
fn worked() -> Duration {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(text.split_whitespace().next().unwrap().parse().unwrap())
}

fn time(work: impl FnOnce()) -> Duration {
    let start = worked();
    work();
    worked() - start
}

/// How many times as long the larger work takes as the smaller, of which it is four times as much.
fn ratio(what: &str, small: impl Fn() -> Duration, large: impl Fn() -> Duration) -> u32 {
    // Four times the length is 4 times linear work and 16 times quadratic work.
    const MOST: u32 = 11;
    // Less than two ticks of the scheduler, which counts the time, is too little to be measured.
    let small = small().min(small()).max(Duration::from_millis(8));
    // What else runs on the machine only adds to a time, so that one that is short enough needs no second.
    let first = large();
    let large = if first > small * MOST { first.min(large()) } else { first };
    assert!(large <= small * MOST, "{what} takes {small:?}, and {large:?} for four times as much");
    (large.as_micros() / small.as_micros()) as u32
}

#[test]
fn four_times_the_text_is_about_four_times_the_work() {
    const LENGTH: usize = 64 << 10;
    let mut worst = (0, "");
    for (before, pattern, after) in PATTERNS {
        let text = |length: usize| format!("{before}{}{after}", pattern.repeat(length / pattern.len()));
        let time = |length: usize| {
            let text = text(length);
            time(|| drop(parse(&text)))
        };
        worst = worst.max((ratio(pattern, || time(LENGTH), || time(4 * LENGTH)), pattern));
    }
    note(&format!(
        "{} patterns of {LENGTH} and {} bytes; the worst, {:?}, took {} times as long",
        PATTERNS.len(),
        4 * LENGTH,
        worst.1,
        worst.0
    ));
}

/// Where a word is wanted, a text that no other row has; read by one thread, whose work can be told.
#[test]
fn four_times_the_words_are_about_four_times_the_work() {
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let time = |rows: usize| {
        let site = site();
        let rows = (0..rows).map(|row| format!("d{row},n,EMEA,text {row}\n"));
        let devices =
            std::iter::once("device_id,name,device_group,health\n".to_owned()).chain(rows).collect::<String>();
        put(site.path(), "content/snapshots/1/devices.csv", devices.as_bytes());
        let directory = site.path().join("content/snapshots/1");
        alone.install(|| {
            time(|| {
                let mut told = Diagnostics::new();
                let snapshot = snapshot::open(&directory, "1".to_owned(), site.path(), &mut told).unwrap();
                assert!(snapshot::fleet(&snapshot, &[], &mut told).is_some());
                assert_eq!(told.iter().count(), 10, "{told:?}");
            })
        })
    };
    note(&format!("words took {} times as long", ratio("words", || time(10_000), || time(40_000))));
}

/// The lists of front matter, in which nothing counts twice. A library is read on other threads than this one; here
/// there is one, and its work is measured.
#[test]
fn four_times_the_names_are_about_four_times_the_work() {
    type Name = fn(usize) -> String;
    const LISTS: [(&str, Name); 4] = [
        ("tags", |number| format!("t{number}")),
        ("vulnerabilities", |number| format!("CVE-2026-{number:05}")),
        ("configurations", |number| format!("scid-{number}")),
        ("alerts", |number| format!("da{number}")),
    ];
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    for (key, name) in LISTS {
        let time = |count: usize| {
            let names = (0..count).map(name).collect::<Vec<_>>().join(", ");
            let list = if key == "alerts" { format!("{{ids: [{names}]}}") } else { format!("[{names}]") };
            let site = home();
            put(site.path(), A, REPORT.replace("tlp: amber", &format!("tlp: amber\n{key}: {list}")).as_bytes());
            let read = || {
                let mut told = Diagnostics::new();
                let library = load(site.path(), Defaults { tlp: Tlp::Red, roles: &[] }, &mut told);
                assert!(library.reports.len() == 1 && told.is_empty(), "{told:?}");
            };
            one.install(|| time(read))
        };
        ratio(key, || time(8_000), || time(32_000));
    }
}

/// What opens something in a grammar of ours, so that it never closes or closes at once.
const CODE: [&str; 24] = [
    "\"", "'", "@'", "@\"", "`", "```", "/*", "//", "<#", "#", "(", "{", "[", "$(", "${", "{ 4D ", "/a", "\\",
    "| where ", "a", "1.", "-a ", "rule a ", "$a = ",
];

/// In lines that are short, and as long as lines in colours may be: within a line, a grammar may try every
/// pattern at every place, and that is why a longer one is shown plain.
#[test]
fn four_times_the_code_is_about_four_times_the_work() {
    let mut worst = (0, String::new());
    // The same code is cut only once: each time it has another last line.
    let last = Cell::new(0);
    for language in ["kql", "spl", "yara", "powershell"] {
        for pattern in CODE {
            for (small, large) in [((32, 500), (128, 500)), ((8, 2000), (32, 2000))] {
                let time = |(lines, width): (usize, usize)| {
                    let line = format!("{}\n", pattern.repeat(width / pattern.len()));
                    last.set(last.get() + 1);
                    let text = format!("{}{}\n", line.repeat(lines), last.get());
                    time(|| assert!(highlight::pieces(language, &text).is_some()))
                };
                let what = format!("{pattern} in {language}");
                worst = worst.max((ratio(&what, || time(small), || time(large)), what));
            }
        }
    }
    note(&format!("{} patterns of code; the worst, {}, took {} times as long", CODE.len(), worst.1, worst.0));
}

/// Bytes on which the parser is known to panic, with and without what stands around them.
#[test]
fn where_the_parser_panics_the_author_is_told() {
    let known = std::str::from_utf8(b"\xEF\xBF\xBD\xEF\xBF\xBD  2\n:<\n  {}\n -\n").unwrap();
    let (front, _) = REPORT.split_once("## ").unwrap();
    let site = site();
    for text in [known.to_owned(), format!("a\n\n{known}\nb"), format!("> {}", known.replace('\n', "\n> "))] {
        put(site.path(), A, format!("{front}{text}").as_bytes());
        let output = build(site.path(), &[]);
        // Nothing but messages is said, and no panic that was caught.
        let told = messages(&output);
        match told.first() {
            None => assert!(output.status.success()),
            Some(first) => assert_eq!((&first["code"], &first["file"]), (&"TP0307".into(), &A.into()), "{told:?}"),
        }
    }
}

/// Whatever the parser panics on, the rest of the site is checked as ever.
#[cfg(feature = "trial")]
#[test]
fn a_panic_of_the_parser_is_a_problem_of_its_text() {
    let site = site();
    put(site.path(), A, format!("{REPORT}\nstumbling-block\n").as_bytes());
    put(site.path(), "content/reports/b.md", REPORT.replace("tlp: amber", "tlp: grey").as_bytes());
    let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
    command.args(["check", "--format", "json", "--site"]).arg(site.path());
    let told = messages(&command.env("THREATPRESS_FAULT_IN_TEXT", "stumbling-block").output().unwrap());
    let codes: Vec<_> =
        told.iter().map(|line| (line["code"].as_str().unwrap(), line["file"].as_str().unwrap())).collect();
    assert!(codes.contains(&("TP0307", A)) && codes.contains(&("TP0008", "content/reports/b.md")), "{told:?}");
}

/// Whatever the highlighter panics on is shown without colours, and the rest with them.
#[cfg(feature = "trial")]
#[test]
fn a_panic_of_the_highlighter_leaves_the_code_plain() {
    let site = site();
    let code = |word: &str| format!("```kql\n// {word}\nDeviceEvents | take 5\n```\n");
    put(site.path(), A, format!("{REPORT}\n{}\n{}", code("stumbling-block"), code("stepping-stone")).as_bytes());
    let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
    command.args(["build", "--site"]).arg(site.path()).env("THREATPRESS_FAULT_IN_CODE", "stumbling-block");
    let output = command.output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && !told.contains("fault"), "{told}");
    let page = fs::read_to_string(site.path().join("output/soc/threats/a/analyst-report/index.html")).unwrap();
    let plain = "<code class=\"language-kql\">// stumbling-block\nDeviceEvents | take 5\n</code>";
    assert!(page.contains(plain), "{page}");
    assert!(page.contains("<span class=\"hl-comment\">// stepping-stone"), "{page}");
}

/// Of a text that is all mistakes, as many are told as a person could read.
#[test]
fn mistakes_do_not_add_up() {
    let site = site();
    for mistake in [":figure[", "![a](b.png) "] {
        put(site.path(), A, format!("{REPORT}{}", mistake.repeat(20_000)).as_bytes());
        let told = messages(&build(site.path(), &[]));
        assert_eq!(told.len(), 1001);
        assert!(told[1000]["message"].as_str().unwrap().starts_with("19000 more problems"), "{}", told[1000]);
    }
}

#[test]
fn depth_has_a_cap() {
    for text in [">", "- ", "1. "].map(|mark| format!("{}a", mark.repeat(100_000))) {
        let (document, told) = parse(&text);
        assert!(document.body().is_empty() && told.has_errors(), "{}", &text[..8]);
    }
}

#[test]
fn length_has_a_cap() {
    let text = format!("{REPORT}{}", "a b\n".repeat(1 << 20));
    refused(A, text.as_bytes(), "TP0003", (A, None), "a text may have 4194304");
}
