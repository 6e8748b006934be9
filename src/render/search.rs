//! The search index as files. A query fetches the few that it touches: terms and ids by their
//! first two characters, documents by hundreds (`static/scripts/search-index.js`).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::File;
use super::html::printable;
use crate::pages::{SearchDocument, SearchIndex, bare};

/// How the files of the index end.
pub(super) const ENDING: &str = ".json";
/// So many documents share a file.
const CHUNK: usize = 512;

/// Every file of the index, each made when it is taken, and what it was made of let go.
pub(super) fn files<'a>(index: SearchIndex) -> impl Iterator<Item = File<'a>> {
    let SearchIndex { documents, terms, ids, indicators, stricter } = index;
    let terms = sharded(terms, shard);
    let [mut ids, mut indicators, mut stricter] =
        [ids, indicators, stricter].map(|list| sharded(list, |id| shard(&bare(id))));
    let names: BTreeSet<String> = [&ids, &indicators, &stricter].into_iter().flat_map(Shards::keys).cloned().collect();
    let summary = json!({
        "schema": 1,
        "documents": documents.len(),
        "chunk": CHUNK,
        "terms": terms.keys().collect::<Vec<_>>(),
        "ids": names,
    });
    let chunks = (0..documents.len()).step_by(CHUNK).enumerate();
    let documents = chunks.map(move |(at, from)| {
        let rows: Vec<Value> = documents.iter().skip(from).take(CHUNK).map(row).collect();
        file(&format!("documents/{at}"), &json!(rows))
    });
    let terms =
        terms.into_iter().map(|(name, held)| file(&format!("terms/{name}"), &entries(held, |found| steps(&found))));
    let ids = names.into_iter().map(move |name| {
        let list = |of: &mut Shards<Vec<u32>>| entries(of.remove(&name).unwrap_or_default(), |numbers| json!(numbers));
        let held = json!({
            "ids": list(&mut ids),
            "indicators": list(&mut indicators),
            "stricter": list(&mut stricter),
        });
        file(&format!("ids/{name}"), &held)
    });
    std::iter::once_with(move || file("index", &summary)).chain(documents).chain(terms).chain(ids)
}

fn file<'a>(name: &str, value: &Value) -> File<'a> {
    File::new(format!("search/{name}.json"), format!("{value}\n").into_bytes())
}

fn row(document: &SearchDocument) -> Value {
    json!([document.kind, plain(&document.title), document.path, plain(&document.note)])
}

/// A text as pages show it: scripts put it into them as it is.
fn plain(text: &str) -> String {
    text.chars().map(printable).collect()
}

/// Entries by their shards.
type Shards<T> = BTreeMap<String, Vec<(String, T)>>;

fn sharded<T>(entries: BTreeMap<String, T>, shard: impl Fn(&str) -> String) -> Shards<T> {
    let mut shards = Shards::new();
    for (key, value) in entries {
        let shard = shard(&key);
        if !shard.is_empty() {
            shards.entry(shard).or_default().push((key, value));
        }
    }
    shards
}

/// The entries of a shard as an object, in the order of their keys.
fn entries<T>(entries: Vec<(String, T)>, value: impl Fn(T) -> Value) -> Value {
    json!(entries.into_iter().map(|(key, held)| (plain(&key), value(held))).collect::<BTreeMap<_, _>>())
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
            stricter: BTreeMap::from([("cve[.]example".to_owned(), vec![1])]),
        };
        let files: Vec<_> = files(index).map(File::into_parts).collect();
        let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        let expected = ["index", "documents/0", "documents/1", "terms/re", "ids/cv"];
        assert_eq!(paths, expected.map(|name| format!("search/{name}.json")));
        let first = String::from_utf8_lossy(&files[1].1);
        assert!(first.starts_with("[[\"report\",\"Report\u{fffd} 0\",\"threats/0/\",\"\"],"), "{first}");
        let held = String::from_utf8_lossy(&files[4].1);
        assert_eq!(
            held,
            "{\"ids\":{\"CVE-2025-1\":[1]},\"indicators\":{\"cv[.]example\":[0]},\"stricter\":{\"cve[.]example\":[1]}}\n"
        );
    }
}
