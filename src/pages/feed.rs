//! The feed: reports as their authors published and updated them. A rebuild never makes an
//! entry look new.

use super::number::{counted, grouped};
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
    let ground = portal.ground;
    let site = ground.role().base_url.clone();
    let latest = portal.latest().take(ENTRIES);
    let entries: Vec<FeedEntry> = latest.map(|threat| entry(&site, threat)).collect();
    Feed {
        title: ground.site().title.clone(),
        language: ground.site().language.clone(),
        address: format!("{site}feed.xml"),
        updated: entries.iter().map(|entry| entry.updated).max(),
        entries,
        site,
    }
}

/// `/groups/NAME/feed.xml`: the threats that some device of the group is impacted by or exposed to.
/// A threat that reaches the group comes as a new entry; one that leaves it is no longer there.
pub(super) fn of_group(portal: &Portal, route: &Route, name: &str) -> Feed {
    let whole = feed(portal);
    let page = format!("{}{}", whole.site, route.directory());
    let latest = portal.latest();
    let concerned = latest.filter_map(|threat| {
        let states = threat.figures.groups.iter().find(|group| group.name == name)?.devices;
        let (impacted, exposed) = (states.impacted.unwrap_or_default(), states.exposed.unwrap_or_default());
        let counts =
            format!("{name}: {} impacted, {} exposed. ", counted(impacted, "device", "devices"), grouped(exposed));
        let own = entry(&whole.site, threat);
        (impacted + exposed > 0).then(|| FeedEntry { summary: format!("{counts}{}", own.summary), ..own })
    });
    let entries: Vec<FeedEntry> = concerned.take(ENTRIES).collect();
    Feed {
        title: format!("{}: {name}", whole.title),
        address: format!("{page}feed.xml"),
        updated: entries.iter().map(|entry| entry.updated).max(),
        entries,
        site: page,
        language: whole.language,
    }
}

fn entry(site: &str, threat: Threat) -> FeedEntry {
    let report = threat.report;
    let change = report.changes.first().map(|change| format!(" {}: {}", change.date, change.summary));
    FeedEntry {
        title: report.title.clone(),
        address: format!("{site}{}", Route::Report(report.slug.clone(), Tab::Overview).directory()),
        published: report.published.instant(),
        updated: threat.latest(),
        summary: format!("{}{}", report.summary, change.unwrap_or_default()),
        authors: report.authors.clone(),
        categories: std::iter::once(report.kind.label().to_owned()).chain(report.tags.iter().cloned()).collect(),
        rights: report.tlp.label().to_owned(),
    }
}
