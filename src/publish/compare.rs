//! Two builds side by side: paths, kinds, modes, bytes.

use std::path::Path;

use rayon::prelude::*;
use serde_json::Value;

use super::disk;
use super::tree::{Kind, Node, is_hidden, tree};
use crate::diagnostics::Diagnostic;

/// How many bytes of a file are quoted before a difference, and after it.
const EXCERPT: usize = 40;

/// What two builds differ in.
#[derive(Debug)]
pub struct Comparison {
    /// The differences, by path: at most as many as were asked for.
    pub differences: Vec<Difference>,
    /// How many more there are.
    pub more: usize,
    /// How many paths both builds have, equal or not.
    pub common: usize,
}

/// A path at which two builds differ.
#[derive(Debug)]
pub struct Difference {
    /// The path, with `/`; `.` is the build's own directory.
    pub path: String,
    /// In what they differ.
    pub unlike: Unlike,
}

/// In what two builds differ at a path.
#[derive(Debug)]
pub enum Unlike {
    /// Only the first build has it.
    OnlyFirst,
    /// Only the second build has it.
    OnlySecond,
    /// A file in one and something else in the other.
    Kind,
    /// Permissions.
    Mode(u32, u32),
    /// Bytes.
    Bytes(Box<Bytes>),
    /// Nobody can tell: why one of them cannot be read.
    Unread(String),
}

/// The first difference between two files.
#[derive(Debug)]
pub struct Bytes {
    /// The first byte that differs, from 0.
    pub at: usize,
    /// Its line, from 1.
    pub line: usize,
    /// What the first build has around it.
    pub first: String,
    /// What the second build has around it.
    pub second: String,
    /// In two JSON files: the path of the first value that differs (RFC 6901), and the two
    /// values, `None` where one has none.
    pub value: Option<(String, Option<Value>, Option<Value>)>,
}

/// Compares the builds in two directories and tells at most `limit` differences. No link is
/// followed.
///
/// # Errors
/// `Disk` when there is no build to read.
pub fn compare(first: &Path, second: &Path, limit: usize) -> Result<Comparison, Diagnostic> {
    let (first, second) = (tree(first)?, tree(second)?);
    let mut pairs: Vec<(&String, Option<&Node>, Option<&Node>)> =
        first.iter().map(|(name, node)| (name, Some(node), second.get(name))).collect();
    pairs.extend(
        second.iter().filter(|(name, _)| !first.contains_key(*name)).map(|(name, node)| (name, None, Some(node))),
    );
    pairs.retain(|(name, ..)| !is_hidden(&first, name) && !is_hidden(&second, name));
    pairs.sort_by_key(|(name, ..)| *name);
    let common = pairs.iter().filter(|(_, one, two)| one.is_some() && two.is_some()).count();
    let unlike: Vec<Vec<Unlike>> = pairs.par_iter().map(|(name, one, two)| at(name, *one, *two)).collect();
    let mut differences = Vec::new();
    for ((name, ..), unlike) in pairs.iter().zip(unlike) {
        differences.extend(unlike.into_iter().map(|unlike| Difference { path: (*name).clone(), unlike }));
    }
    let more = differences.len().saturating_sub(limit);
    differences.truncate(limit);
    Ok(Comparison { differences, more, common })
}

fn at(name: &str, one: Option<&Node>, two: Option<&Node>) -> Vec<Unlike> {
    let (one, two) = match (one, two) {
        (Some(one), Some(two)) => (one, two),
        (Some(_), None) => return vec![Unlike::OnlyFirst],
        (None, _) => return vec![Unlike::OnlySecond],
    };
    if let Some(why) = one.closed.as_ref().or(two.closed.as_ref()) {
        return vec![Unlike::Unread(why.clone())];
    }
    if one.kind != two.kind {
        return vec![Unlike::Kind];
    }
    let mut unlike = Vec::new();
    if let (Some(one), Some(two)) = (one.mode, two.mode)
        && one != two
    {
        unlike.push(Unlike::Mode(one, two));
    }
    if one.kind == Kind::File {
        match disk::read(&one.path).and_then(|one| Ok((one, disk::read(&two.path)?))) {
            Ok((one, two)) => unlike.extend(bytes(name, &one, &two).map(|bytes| Unlike::Bytes(Box::new(bytes)))),
            Err(refusal) => unlike.push(Unlike::Unread(refusal.error.to_string())),
        }
    }
    unlike
}

fn bytes(name: &str, one: &[u8], two: &[u8]) -> Option<Bytes> {
    if one == two {
        return None;
    }
    let at = one.iter().zip(two).take_while(|(one, two)| one == two).count();
    let line = memchr::memchr_iter(b'\n', one.get(..at).unwrap_or_default()).count() + 1;
    let value = name.ends_with(".json").then(|| values(one, two)).flatten();
    Some(Bytes { at, line, first: excerpt(one, at), second: excerpt(two, at), value })
}

/// The bytes around a place on its line, as text.
fn excerpt(bytes: &[u8], at: usize) -> String {
    let before = bytes.get(at.saturating_sub(EXCERPT)..at).unwrap_or_default();
    let before = memchr::memrchr(b'\n', before).and_then(|end| before.get(end + 1..)).unwrap_or(before);
    let after = bytes.get(at..bytes.len().min(at + EXCERPT)).unwrap_or_default();
    let after = memchr::memchr(b'\n', after).and_then(|end| after.get(..end)).unwrap_or(after);
    String::from_utf8_lossy(&[before, after].concat()).into_owned()
}

fn values(one: &[u8], two: &[u8]) -> Option<(String, Option<Value>, Option<Value>)> {
    let (one, two) = (serde_json::from_slice(one).ok()?, serde_json::from_slice(two).ok()?);
    let mut path = String::new();
    let (one, two) = first_unlike(&one, &two, &mut path)?;
    Some((path, one.cloned(), two.cloned()))
}

/// The first value at which two differ, and in `path` the way to it.
fn first_unlike<'v>(
    one: &'v Value,
    two: &'v Value,
    path: &mut String,
) -> Option<(Option<&'v Value>, Option<&'v Value>)> {
    let length = path.len();
    let mut step = |key: &str, one: Option<&'v Value>, two: Option<&'v Value>| {
        path.truncate(length);
        path.push('/');
        path.push_str(&key.replace('~', "~0").replace('/', "~1"));
        match (one, two) {
            (Some(one), Some(two)) => first_unlike(one, two, path),
            _ => Some((one, two)),
        }
    };
    match (one, two) {
        (Value::Object(one), Value::Object(two)) => {
            let keys = one.keys().chain(two.keys().filter(|key| !one.contains_key(*key)));
            keys.into_iter().find_map(|key| step(key, one.get(key), two.get(key)))
        }
        (Value::Array(one), Value::Array(two)) => {
            (0..one.len().max(two.len())).find_map(|at| step(&at.to_string(), one.get(at), two.get(at)))
        }
        _ => (one != two).then_some((Some(one), Some(two))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_unlike_value_is_named() {
        let unlike = |one: &str, two: &str| values(one.as_bytes(), two.as_bytes()).map(|(path, ..)| path);
        assert_eq!(unlike(r#"{"a":[1,{"b/c":2}]}"#, r#"{"a":[1,{"b/c":3}]}"#).as_deref(), Some("/a/1/b~1c"));
        assert_eq!(unlike(r#"{"a":1}"#, r#"{"a":1,"z":2}"#).as_deref(), Some("/z"));
        assert_eq!(unlike("[1,2]", "[1]").as_deref(), Some("/1"));
        assert_eq!(unlike(r#"{"a":1}"#, r#"{ "a": 1 }"#), None);
        assert_eq!(unlike("1", "2").as_deref(), Some(""));
    }

    #[test]
    fn a_difference_is_placed_and_quoted() {
        let found = bytes("a.html", b"one\ntwo three\nfour", b"one\ntwo tree\nfour").expect("a difference");
        assert_eq!((found.at, found.line), (9, 2));
        assert_eq!((found.first.as_str(), found.second.as_str()), ("two three", "two tree"));
        assert!(bytes("a", b"x", b"x").is_none());
        assert_eq!(bytes("a", b"x", b"xy").expect("longer").at, 1);
    }
}
