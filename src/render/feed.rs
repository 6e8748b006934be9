//! The feed as Atom (RFC 4287).

use atom_syndication::{Category, Entry, Feed, FixedDateTime, Generator, Link, Person, Text};
use jiff::Timestamp;

use super::html::printable;
use crate::pages;

/// The feed as XML.
pub(super) fn atom(feed: &pages::Feed) -> Vec<u8> {
    let atom = Feed {
        title: plain(&feed.title),
        id: feed.address.clone(),
        updated: time(feed.updated.unwrap_or(Timestamp::UNIX_EPOCH)),
        generator: Some(Generator { value: "Threatpress".to_owned(), ..Generator::default() }),
        links: vec![link(&feed.address, "self", "application/atom+xml"), link(&feed.site, "alternate", "text/html")],
        lang: Some(visible(&feed.language)),
        entries: feed.entries.iter().map(entry).collect(),
        ..Feed::default()
    };
    // Writing to memory does not fail.
    let mut bytes = atom.write_to(Vec::new()).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn entry(entry: &pages::FeedEntry) -> Entry {
    Entry {
        title: plain(&entry.title),
        id: entry.address.clone(),
        updated: time(entry.updated),
        published: Some(time(entry.published)),
        authors: authors(entry),
        categories: entry
            .categories
            .iter()
            .map(|term| Category { term: visible(term), ..Category::default() })
            .collect(),
        links: vec![link(&entry.address, "alternate", "text/html")],
        rights: Some(plain(&entry.rights)),
        summary: Some(plain(&entry.summary)),
        ..Entry::default()
    }
}

/// An entry must have an author; where the report names none, that is said.
fn authors(entry: &pages::FeedEntry) -> Vec<Person> {
    let person = |name: &str| Person { name: visible(name), ..Person::default() };
    if entry.authors.is_empty() {
        vec![person("Unnamed")]
    } else {
        entry.authors.iter().map(|name| person(name)).collect()
    }
}

fn link(address: &str, rel: &str, kind: &str) -> Link {
    Link { href: address.to_owned(), rel: rel.to_owned(), mime_type: Some(kind.to_owned()), ..Link::default() }
}

fn plain(text: &str) -> Text {
    Text::plain(visible(text))
}

fn visible(text: &str) -> String {
    text.chars().map(printable).collect()
}

fn time(instant: Timestamp) -> FixedDateTime {
    // jiff writes RFC 3339, which the other side reads.
    FixedDateTime::parse_from_rfc3339(&instant.to_string()).unwrap_or_default()
}
