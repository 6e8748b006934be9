//! Draws the reports' front matter.

use jiff::Timestamp;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::alerts::ALERT_IDS;
use super::moments::{shift, spell};
use super::pools::{ACTORS, CONFIGURATION_IDS, CVES, DETECTORS, FAMILIES, TITLES, TLPS, any_case, word};
use super::roles::ROLE_NAMES;
use super::{Report, ReportFile, ScopeBlock, Selectors, Tracked};

/// A report before its place in the site, the roles and T are known.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// Slug (by name or said inside), tags and redirects follow the place; this is the rest.
    report: Report,
    dates: Dates,
    /// Half of the roles a report could name may not exist in this site.
    audience: Option<Vec<&'static str>>,
    redirected: bool,
}

#[derive(Clone, Debug)]
struct Dates {
    published: Day,
    updated: Option<Day>,
    /// Seconds after T.
    publish_at: Option<i64>,
}

/// Days before T's, and the way it is spelt: few of each, so that reports tie.
#[derive(Clone, Debug)]
struct Day {
    ago: i64,
    spelling: u8,
}

fn day() -> impl Strategy<Value = Day> {
    (0i64..4, 0u8..6).prop_map(|(ago, spelling)| Day { ago, spelling })
}

fn dates() -> impl Strategy<Value = Dates> {
    let publish_at = prop_oneof![
        8 => Just(None),
        1 => select(vec![-86_400i64, 0]).prop_map(Some),
        1 => select(vec![1i64, 86_400]).prop_map(Some),
    ];
    (day(), option::of(day()), publish_at).prop_map(|(published, updated, publish_at)| Dates {
        published,
        updated,
        publish_at,
    })
}

impl Day {
    fn write(&self, now: Timestamp) -> String {
        let midnight = shift(now, -now.as_second().rem_euclid(86_400));
        spell(shift(midnight, -self.ago * 86_400), self.spelling).trim().to_owned()
    }
}

fn tracked() -> impl Strategy<Value = Vec<Tracked>> {
    let name = option::weighted(0.3, word(&["Turn it on", "Äußerst: wichtig"]));
    let entry = (any_case(&CONFIGURATION_IDS), name).prop_map(|(id, name)| Tracked { id: id.trim().to_owned(), name });
    vec(entry, 0..4).prop_map(|mut all| {
        // A second mention of an id has no name of its own: which of two names stands is not said.
        for at in 1..all.len() {
            let id = all[at].id.to_lowercase();
            if all[..at].iter().any(|before| before.id.to_lowercase() == id) {
                all[at].name = None;
            }
        }
        all
    })
}

fn vulnerabilities() -> impl Strategy<Value = Vec<String>> {
    vec(any_case(&CVES).prop_map(|id| id.trim().to_owned()), 0..5)
}

fn selectors() -> impl Strategy<Value = Selectors> {
    (
        vec(word(&ALERT_IDS), 0..3),
        prop_oneof![1 => vec(any_case(&TITLES), 0..=0), 3 => vec(any_case(&TITLES), 1..=3)],
        vec(any_case(&DETECTORS), 0..2),
        vec(any_case(&FAMILIES), 0..2),
        vec(any_case(&ACTORS), 0..2),
    )
        .prop_map(|(ids, titles, detectors, families, actors)| Selectors {
            ids,
            titles,
            detectors,
            families,
            actors,
        })
}

/// A key that is left out, or present with what the strategy draws (which may be an empty list).
fn key<S: Strategy>(value: S) -> impl Strategy<Value = Option<S::Value>> {
    option::weighted(0.8, value)
}

/// A block for some, in some texts.
pub(crate) fn block() -> impl Strategy<Value = Option<ScopeBlock>> {
    let groups = subsequence(vec!["Alpha", "Beta Servers", "ungrouped"], 0..=2)
        .prop_map(|names| names.into_iter().map(str::to_owned).collect::<Vec<_>>());
    let tlp = option::of(word(&TLPS));
    option::weighted(
        0.4,
        (groups, tlp)
            .prop_filter("a block says at least one of the two", |(g, t)| !g.is_empty() || t.is_some())
            .prop_map(|(groups, tlp)| ScopeBlock { groups, tlp, text: "Only some read this.".to_owned() }),
    )
}

fn front_matter() -> impl Strategy<Value = Report> {
    let heading = (
        word(&["Storm over", "Storm: \"over\" #1", "<b>Quiet</b> & calm", "Über alles"]),
        word(&["activity", "actor", "core-threat", "technique", "tool", "vulnerability", "osint"]),
        option::of(word(&TLPS)),
        option::of(word(&["informational", "low", "medium", "high", "critical"])),
        option::of(subsequence(vec!["ransomware".to_owned(), "Web shell".to_owned()], 0..=2)),
    );
    let file = prop_oneof![Just(ReportFile::Flat), Just(ReportFile::Folder), Just(ReportFile::SaidInside)];
    let axes = (key(vulnerabilities()), key(tracked()), key(selectors()));
    let draft = prop_oneof![8 => Just(None), 1 => Just(Some(false)), 1 => Just(Some(true))];
    (heading, file, axes, draft, block()).prop_map(|((title, kind, tlp, severity, tags), file, axes, draft, hidden)| {
        Report {
            file,
            title,
            kind,
            tlp,
            severity,
            tags,
            vulnerabilities: axes.0,
            configurations: axes.1,
            alerts: axes.2,
            draft,
            hidden,
            text: "What happened, and what to do.".to_owned(),
            ..Report::default()
        }
    })
}

fn drafts_of_one() -> impl Strategy<Value = Draft> {
    let audience = prop_oneof![
        7 => Just(None),
        2 => subsequence(ROLE_NAMES.to_vec(), 0..=ROLE_NAMES.len()).prop_map(Some),
    ];
    (front_matter(), dates(), audience, prop::bool::weighted(0.2))
        .prop_map(|(report, dates, audience, redirected)| Draft { report, dates, audience, redirected })
}

/// Reports everybody reads that track nothing but the two configurations of a calm snapshot.
pub(crate) fn calm_drafts() -> impl Strategy<Value = Vec<Draft>> {
    let tracked = subsequence(vec!["scid-1", "scid-20"], 1..=2);
    let draft = (drafts_of_one(), tracked).prop_map(|(draft, ids)| {
        let tracked = |id: &str| Tracked { id: id.to_owned(), name: None };
        let report = Report {
            tlp: Some("clear".to_owned()),
            draft: None,
            vulnerabilities: None,
            configurations: Some(ids.into_iter().map(tracked).collect()),
            ..draft.report
        };
        Draft { report, dates: Dates { publish_at: None, ..draft.dates }, audience: None, ..draft }
    });
    vec(draft, 1..=4)
}

/// A handful.
pub(crate) fn few_drafts() -> impl Strategy<Value = Vec<Draft>> {
    vec(drafts_of_one(), 1..=3)
}

/// Mostly a handful; now and then more than the ten that a dashboard's list holds.
pub(crate) fn drafts() -> impl Strategy<Value = Vec<Draft>> {
    prop_oneof![
        9 => vec(drafts_of_one(), 1..=4),
        1 => vec(drafts_of_one(), 11..=13),
    ]
}

impl Draft {
    /// The report at its place in the site.
    pub(crate) fn finish(self, place: usize, roles: &[String], now: Timestamp) -> Report {
        let named = |names: Vec<&'static str>| {
            let known = names.into_iter().filter(|name| roles.iter().any(|role| role == name));
            known.map(str::to_owned).collect::<Vec<_>>()
        };
        let redirects = if self.redirected { vec![format!("old-threat-{place}")] } else { Vec::new() };
        Report {
            slug: format!("threat-{place}"),
            audience: self.audience.map(named),
            published: self.dates.published.write(now),
            updated: self.dates.updated.map(|day| day.write(now)),
            publish_at: self.dates.publish_at.map(|seconds| spell(shift(now, seconds), 0)),
            redirects,
            ..self.report
        }
    }
}
