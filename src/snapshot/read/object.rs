//! JSON objects to rows.

use std::borrow::Cow;
use std::fmt;

use rustc_hash::FxHashMap;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::Request;
use super::batch::Rows;
use super::columns::Seen;

/// Why a text is no row.
pub(super) enum NoRow {
    /// It is not JSON.
    Syntax(serde_json::Error),
    /// It is, but no row of a table.
    Bad(String),
}

/// Reads the objects of one block.
pub(super) struct Objects<'r> {
    request: &'r Request<'r>,
    /// The number of each key, as it is spelled. The first numbers are those of the asked columns.
    spellings: FxHashMap<String, usize>,
    /// The number of each key, folded.
    names: FxHashMap<String, usize>,
    /// For each key, the last object that had it.
    last: Vec<u64>,
    /// For each asked column, its place among the decoded ones.
    places: Vec<Option<usize>>,
    /// How many columns are decoded.
    decoded: usize,
    /// How many objects were read.
    count: u64,
    unknown: Vec<String>,
}

/// What the objects of a block, or a file, told about its columns.
pub(super) struct Told {
    pub(super) objects: u64,
    pub(super) seen: Seen,
}

impl<'r> Objects<'r> {
    pub(super) fn new(request: &'r Request<'r>) -> Self {
        let mut decoded = 0;
        let mut place = |is_decoded: bool| {
            decoded += usize::from(is_decoded);
            is_decoded.then(|| decoded - 1)
        };
        let places: Vec<Option<usize>> = request.columns.iter().map(|column| place(column.decoded)).collect();
        let names = request.columns.iter().enumerate();
        let names = names.map(|(number, column)| (request.fold(column.name), number)).collect();
        Self {
            request,
            spellings: FxHashMap::default(),
            names,
            last: vec![0; places.len()],
            places,
            decoded,
            count: 0,
            unknown: Vec::new(),
        }
    }

    /// Adds the object that `text` is as the next row.
    ///
    /// # Errors
    /// It is none; no row was added.
    pub(super) fn read(&mut self, text: &str, line: u64, rows: &mut Rows) -> Result<(), NoRow> {
        let mut json = serde_json::Deserializer::from_str(text);
        if !text.trim_ascii_start().starts_with('{') {
            json.deserialize_ignored_any(IgnoredAny).and_then(|_| json.end()).map_err(NoRow::Syntax)?;
            return Err(NoRow::Bad("not a JSON object".to_owned()));
        }
        self.count += 1;
        let mut object = Object { values: vec![Cow::Borrowed(""); self.decoded], objects: self, bad: None };
        json.deserialize_map(&mut object).and_then(|()| json.end()).map_err(NoRow::Syntax)?;
        match object.bad {
            Some(why) => Err(NoRow::Bad(why)),
            None => {
                rows.add(line, object.values.iter().map(|value| &**value));
                Ok(())
            }
        }
    }

    /// The number of a key.
    fn number(&mut self, key: &str) -> usize {
        if let Some(number) = self.spellings.get(key) {
            return *number;
        }
        let name = self.request.fold(key);
        let next = self.last.len();
        let number = *self.names.entry(name.clone()).or_insert(next);
        if number == next {
            self.last.push(0);
            self.unknown.push(if self.request.dialect.is_foreign() { key.trim().to_owned() } else { name });
        }
        self.spellings.insert(key.to_owned(), number);
        number
    }

    pub(super) fn finish(self) -> Told {
        let asked = self.last.iter().take(self.places.len()).map(|last| *last > 0).collect();
        let mut seen = Seen { asked, ..Seen::default() };
        for name in self.unknown.into_iter().filter(|name| !name.is_empty()) {
            seen.add_unknown(name);
        }
        Told { objects: self.count, seen }
    }
}

/// One object, as it is read.
struct Object<'o, 'r, 'de> {
    objects: &'o mut Objects<'r>,
    values: Vec<Cow<'de, str>>,
    /// Why it is no row; the rest is still checked to be JSON.
    bad: Option<String>,
}

impl<'de> Object<'_, '_, 'de> {
    fn entry<A: MapAccess<'de>>(&mut self, number: usize, map: &mut A) -> Result<(), A::Error> {
        let object = self.objects.count;
        let twice = self.objects.last.get_mut(number).is_some_and(|last| std::mem::replace(last, object) == object);
        let place = self.objects.places.get(number).copied().flatten();
        let Some(value) = place.and_then(|place| self.values.get_mut(place)) else {
            map.next_value::<IgnoredAny>()?;
            if twice {
                self.complain(number, "stands there twice");
            }
            return Ok(());
        };
        match text(map.next_value()?, self.objects.request.dialect.is_foreign()) {
            _ if twice => self.complain(number, "stands there twice"),
            Ok(text) => *value = text,
            Err(why) => self.complain(number, why),
        }
        Ok(())
    }

    fn complain(&mut self, number: usize, why: &str) {
        let name = self.objects.names.iter().find(|(_, of)| **of == number).map(|(name, _)| name.as_str());
        let name = crate::diagnostics::visible(name.unwrap_or_default());
        self.bad.get_or_insert_with(|| format!("the key `{name}` {why}"));
    }
}

impl<'de> Visitor<'de> for &mut Object<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(number) = map.next_key_seed(Key(self.objects))? {
            self.entry(number, &mut map)?;
        }
        Ok(())
    }
}

/// A key, read as its number.
struct Key<'o, 'r>(&'o mut Objects<'r>);

impl<'de> DeserializeSeed<'de> for Key<'_, '_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_, '_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<usize, E> {
        Ok(self.0.number(key))
    }
}

/// The text of a single value: numbers keep their digits. Where it may be nested, a list or an object is its JSON.
fn text<'de>(raw: &'de RawValue, may_be_nested: bool) -> Result<Cow<'de, str>, &'static str> {
    let raw = raw.get();
    match raw.as_bytes() {
        [b'"', inner @ .., b'"'] if memchr::memchr(b'\\', inner).is_none() => {
            Ok(Cow::Borrowed(raw.get(1..raw.len() - 1).unwrap_or_default()))
        }
        [b'"', ..] => serde_json::from_str(raw).map(Cow::Owned).map_err(|_| "has half a surrogate pair"),
        [b'{' | b'[', ..] if may_be_nested => Ok(Cow::Borrowed(raw)),
        [b'{', ..] => Err("has an object where a single value is wanted"),
        [b'[', ..] => Err("has a list where a single value is wanted"),
        [b'n', ..] => Ok(Cow::Borrowed("")),
        _ => Ok(Cow::Borrowed(raw)),
    }
}
