//! What the audit costs with ten million names, measured by hand.

use std::fmt::Write as _;
use std::time::Instant;

use rayon::prelude::*;

use super::content::{self, Viewer};
use super::lexicon::Lexicon;
use super::search::Search;

/// How many names, half of them hexadecimal ids.
const NAMES: u64 = 10_000_000;
/// How large each file is, and how many there are: one gigabyte.
const FILE: usize = 16 << 20;
const FILES: u64 = 64;

/// The `n`th number of a fixed sequence that looks random (splitmix64).
fn number(n: u64) -> u64 {
    let mut bits = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

fn name(n: u64) -> String {
    match n % 2 {
        0 => format!("emea-ws-{:08x}", number(n) as u32),
        _ => format!("{:016x}{:016x}{:08x}", number(n), number(n + NAMES), number(n) as u32),
    }
}

/// Rows of a device table, as a page has them. Every thousandth names a device of the table.
fn page(file: u64) -> String {
    let mut out = String::with_capacity(FILE + 512);
    let mut n = file << 32;
    while out.len() < FILE {
        n += 1;
        let shown = if n.is_multiple_of(1000) { name(number(n) % NAMES) } else { name(n + NAMES) };
        let _ = writeln!(
            out,
            "<tr><td><a href=\"https://security.example/machines/{id}\">{shown}</a></td><td>EMEA Workstations</td>\
             <td>Windows 11</td><td>10.0.{}.{}</td><td class=\"number\">{}</td><td>Exposed &amp; active</td></tr>",
            number(n) % 30_000,
            number(n) % 9_000,
            number(n) % 100,
            id = name(n * 2 + 1 + NAMES),
        );
    }
    out
}

/// The most memory this process ever had, in megabytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse::<u64>().ok()).unwrap_or_default() / 1024
}

#[test]
#[ignore = "a measurement that takes a minute; docs/performance.md says how to run it"]
#[allow(clippy::print_stderr, reason = "a measurement is read, not asserted")]
fn ten_million_names_in_a_gigabyte() {
    let begun = Instant::now();
    let mut lexicon = Lexicon::default();
    (0..NAMES).for_each(|n| lexicon.add(&name(n)));
    let gathered = begun.elapsed();
    let mut search = Search::new(&lexicon, lexicon.nothing_seen());
    (0..NAMES).for_each(|n| search.seek(&name(n)));
    let after_names = peak();
    let pages: Vec<(u64, u64, f64)> = (0..FILES)
        .into_par_iter()
        .map(|file| {
            let page = page(file);
            let begun = Instant::now();
            let mut hits = 0;
            let mut look = |view: &str, _| hits += search.hidden_in(view).len() as u64;
            let opened = content::open("page.html", page.as_bytes(), &mut Viewer::new(&mut look));
            assert!(opened.is_ok());
            (page.len() as u64, hits, begun.elapsed().as_secs_f64())
        })
        .collect();
    let bytes: u64 = pages.iter().map(|page| page.0).sum();
    let hits: u64 = pages.iter().map(|page| page.1).sum();
    let spent: f64 = pages.iter().map(|page| page.2).sum();
    eprintln!(
        "{NAMES} names in {:.1} s, {after_names} MB; {:.2} GB in {spent:.1} s of one thread, {hits} hits; peak {} MB",
        gathered.as_secs_f64(),
        bytes as f64 / 1e9,
        peak(),
    );
    assert!(hits >= 3 * FILES, "each page names some of them, in each of its forms");
}
