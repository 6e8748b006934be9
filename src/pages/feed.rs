//! The feed: reports as their authors published and updated them. A rebuild never makes an
//! entry look new.

use super::portal::{Portal, Threat};
use super::route::{Route, Tab};
use jiff::Timestamp;

/// How many reports the feed holds, the latest.
const ENTRIES: usize = 100;

/// A feed. Its addresses are absolute.
#[derive(Clone, Debug)]
pub struct Feed {
    /// The title.
    pub title: String,
    /// The language.
    pub language: String,
    /// The address of the site, with a `/` at the end.
    pub site: String,
    /// The address of the feed, which is also its id.
    pub address: String,
    /// When an author last changed anything; absent where no report is.
    pub updated: Option<Timestamp>,
    /// The entries, the latest first.
    pub entries: Vec<FeedEntry>,
}

/// A report in a feed.
#[derive(Clone, Debug)]
pub struct FeedEntry {
    /// The title.
    pub title: String,
    /// The report's address, which is also its id.
    pub address: String,
    /// When it was published.
    pub published: Timestamp,
    /// When an author last changed it.
    pub updated: Timestamp,
    /// Its summary, and what changed last.
    pub summary: String,
    /// Its authors.
    pub authors: Vec<String>,
    /// Its type and tags.
    pub categories: Vec<String>,
    /// Its TLP label.
    pub rights: String,
}

/// `/feed.xml`.
pub(super) fn feed(portal: &Portal) -> Feed {
    let slice = portal.slice;
    let site = slice.role().base_url.clone();
    let latest = portal.latest.iter().take(ENTRIES).filter_map(|at| portal.threat_at(*at));
    let entries: Vec<FeedEntry> = latest.map(|threat| entry(&site, threat)).collect();
    Feed {
        title: slice.site().title.clone(),
        language: slice.site().language.clone(),
        address: format!("{site}feed.xml"),
        updated: entries.iter().map(|entry| entry.updated).max(),
        entries,
        site,
    }
}

fn entry(site: &str, threat: Threat) -> FeedEntry {
    let report = threat.report;
    let change = report.changes.first().map(|change| format!(" {}: {}", change.date, change.summary));
    FeedEntry {
        title: report.title.clone(),
        address: format!("{site}{}", Route::Report(report.slug.clone(), Tab::Overview).directory()),
        published: report.published.instant(),
        updated: report.latest(),
        summary: format!("{}{}", report.summary, change.unwrap_or_default()),
        authors: report.authors.clone(),
        categories: std::iter::once(report.kind.label().to_owned()).chain(report.tags.iter().cloned()).collect(),
        rights: report.tlp.label().to_owned(),
    }
}
