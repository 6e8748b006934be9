//! The search index as files. A query fetches the few that it touches: terms and ids by their
//! first two characters, documents by hundreds (`static/scripts/search-index.js`).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::File;
use super::html::printable;
use crate::pages::{SearchDocument, SearchIndex, bare};

/// How the files of the index end.
pub(super) const ENDING: &str = ".json";
/// So many documents share a file.
const CHUNK: usize = 512;

/// Every file of the index.
pub(super) fn files(index: &SearchIndex) -> Vec<File> {
    let terms = sharded(index.terms.iter().map(|(term, found)| (shard(term), term, steps(found))));
    let ids = sharded(index.ids.iter().map(|(id, numbers)| (shard(&bare(id)), id, json!(numbers))));
    let indicators = sharded(index.indicators.iter().map(|(id, numbers)| (shard(&bare(id)), id, json!(numbers))));
    let both: BTreeMap<&String, Value> = ids
        .keys()
        .chain(indicators.keys())
        .map(|name| {
            let list = |of: &BTreeMap<String, Value>| of.get(name).cloned().unwrap_or_else(|| json!({}));
            (name, json!({ "ids": list(&ids), "indicators": list(&indicators) }))
        })
        .collect();
    let summary = json!({
        "schema": 1,
        "documents": index.documents.len(),
        "chunk": CHUNK,
        "terms": terms.keys().collect::<Vec<_>>(),
        "ids": both.keys().collect::<Vec<_>>(),
    });
    let documents = index.documents.chunks(CHUNK).enumerate().map(|(at, chunk)| {
        let rows: Vec<Value> = chunk.iter().map(row).collect();
        file(&format!("documents/{at}"), &json!(rows))
    });
    let terms = terms.iter().map(|(name, held)| file(&format!("terms/{name}"), held));
    let both = both.iter().map(|(name, held)| file(&format!("ids/{name}"), held));
    std::iter::once(file("index", &summary)).chain(documents).chain(terms).chain(both).collect()
}

fn file(name: &str, value: &Value) -> File {
    File { path: format!("search/{name}.json"), bytes: format!("{value}\n").into_bytes() }
}

fn row(document: &SearchDocument) -> Value {
    json!([document.kind, plain(&document.title), document.path, plain(&document.note)])
}

/// A text as pages show it: scripts put it into them as it is.
fn plain(text: &str) -> String {
    text.chars().map(printable).collect()
}

/// Entries by their shards, each shard an object with its entries in order.
fn sharded<'a>(entries: impl Iterator<Item = (String, &'a String, Value)>) -> BTreeMap<String, Value> {
    let mut shards: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
    for (shard, key, value) in entries.filter(|(shard, ..)| !shard.is_empty()) {
        shards.entry(shard).or_default().insert(plain(key), value);
    }
    shards.into_iter().map(|(shard, entries)| (shard, json!(entries))).collect()
}

/// The shard of a folded text: its first two characters. Others than a-z and 0-9 stand as their
/// codes, so that every system and host can name the file.
fn shard(text: &str) -> String {
    let name = |c: char| if c.is_ascii_alphanumeric() { c.to_string() } else { format!("u{:x}", u32::from(c)) };
    text.chars().take(2).map(name).collect()
}

/// Numbers and weights in one list; of each number only the step from the one before.
fn steps(found: &[(u32, u32)]) -> Value {
    let mut last = 0;
    let mut steps = Vec::with_capacity(found.len() * 2);
    for (number, weight) in found {
        steps.extend([number - last, *weight]);
        last = *number;
    }
    json!(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_is_named_by_its_first_characters() {
        for (text, name) in [("evil.example", "ev"), ("/x", "u2fx"), ("été", "ue9t"), ("a", "a"), ("", "")] {
            assert_eq!(shard(text), name, "{text}");
        }
    }

    #[test]
    fn numbers_are_told_by_steps() {
        assert_eq!(steps(&[(3, 8), (4, 1), (10, 2)]), json!([3, 8, 1, 1, 6, 2]));
    }

    #[test]
    fn a_query_needs_few_files() {
        let document = |at: usize| SearchDocument {
            kind: "report",
            title: format!("Report\u{202e} {at}"),
            path: format!("threats/{at}/"),
            note: String::new(),
        };
        let index = SearchIndex {
            documents: (0..CHUNK + 1).map(document).collect(),
            terms: BTreeMap::from([("report".to_owned(), vec![(0, 8), (512, 8)])]),
            ids: BTreeMap::from([("CVE-2025-1".to_owned(), vec![1])]),
            indicators: BTreeMap::from([("cv[.]example".to_owned(), vec![0])]),
        };
        let files = files(&index);
        let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        let expected = ["index", "documents/0", "documents/1", "terms/re", "ids/cv"];
        assert_eq!(paths, expected.map(|name| format!("search/{name}.json")));
        let first = String::from_utf8_lossy(&files[1].bytes);
        assert!(first.starts_with("[[\"report\",\"Report\u{fffd} 0\",\"threats/0/\",\"\"],"), "{first}");
        let held = String::from_utf8_lossy(&files[4].bytes);
        assert_eq!(held, "{\"ids\":{\"CVE-2025-1\":[1]},\"indicators\":{\"cv[.]example\":[0]}}\n");
    }
}
