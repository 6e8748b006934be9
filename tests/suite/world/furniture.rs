//! Sites with everything in them that no figure counts: names, indicators, texts with headings,
//! footnotes and images, scope blocks, free pages.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::pools::TLPS;
use super::reports::block;
use super::scene::small_worlds;
use super::{Guide, Image, Indicator, Names, ReportFile, World};

/// Texts, each of which something in a hidden block could disturb: a heading or a footnote of the
/// same name, a definition of the link.
const TEXTS: [&str; 3] = [
    "What happened, and what to do. See [the advisory][x].",
    "## A heading\n\nT1059.001 and CVE-2025-1001 were seen[^1]. [Away][x].\n\n[^1]: By one team.\n\n## A heading\n\nMore.",
    "| a | b |\n|---|---|\n| 1 | 2 |\n\n:figure[devices.exposed] devices.",
];
const GUIDE_TEXTS: [&str; 2] = ["## How to read\n\nFrom top to bottom[^1].\n\n[^1]: Twice.", "Plain words. [Away][x]."];

/// What is put into a report.
#[derive(Clone, Debug)]
struct Furniture {
    text: &'static str,
    names: Names,
    indicators: Vec<Indicator>,
    images: bool,
}

fn some(pool: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    let drawn = subsequence(pool, 0..=pool.len());
    drawn.prop_map(|names| names.into_iter().map(str::to_owned).collect())
}

fn names() -> impl Strategy<Value = Names> {
    (
        some(&["Gold Salem"]),
        some(&["Storm-2603", "Übel"]),
        some(&["Warlock"]),
        some(&["Internet-facing server"]),
        some(&["T1190", "T1059.001"]),
        some(&["Queries added"]),
    )
        .prop_map(|(aliases, actors, malware, attack_surfaces, techniques, changes)| Names {
            aliases,
            actors,
            malware,
            attack_surfaces,
            techniques,
            changes,
        })
}

fn furniture() -> impl Strategy<Value = Furniture> {
    let indicator = (select(vec!["evil.example", "bad.example"]), option::of(select(&TLPS[..])))
        .prop_map(|(value, tlp)| Indicator { value: value.to_owned(), tlp: tlp.map(str::to_owned) });
    (select(&TEXTS[..]), names(), vec(indicator, 0..3), any::<bool>())
        .prop_map(|(text, names, indicators, images)| Furniture { text, names, indicators, images })
}

fn guide() -> impl Strategy<Value = Guide> {
    let tlp = option::of(select(&TLPS[..]).prop_map(str::to_owned));
    let draft = option::weighted(0.1, Just(true));
    (select(vec!["About us", "How to read"]), tlp, draft, select(&GUIDE_TEXTS[..]), block()).prop_map(
        |(title, tlp, draft, text, hidden)| Guide {
            title: title.to_owned(),
            tlp,
            draft,
            text: text.to_owned(),
            hidden,
            ..Guide::default()
        },
    )
}

/// Any site with furniture; small ones, since thousands are built.
pub(crate) fn furnished_worlds() -> impl Strategy<Value = World> {
    (small_worlds(), vec(furniture(), 4), vec(guide(), 0..3)).prop_map(|(mut world, furniture, guides)| {
        // Shrinking may leave fewer reports, never more than are furnished at least once.
        for (report, furniture) in world.reports.iter_mut().zip(furniture.iter().cycle()) {
            report.text = furniture.text.to_owned();
            report.names = furniture.names.clone();
            report.indicators = furniture.indicators.clone();
            if furniture.images && matches!(report.file, ReportFile::Folder) {
                report.text.push_str("\n\n![The chain](seen.png)");
                report.images.push(Image { name: "seen.png".to_owned(), grey: 9 });
            }
        }
        for (at, guide) in guides.into_iter().enumerate() {
            world.guides.push(Guide { name: format!("guide-{at}"), ..guide });
        }
        world
    })
}
