//! A node of the tree.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

/// A value and the bytes of the source it stands on.
#[derive(Clone, Debug)]
pub struct Node {
    /// The bytes.
    pub span: Range<usize>,
    /// The value.
    pub kind: Kind,
}

impl Node {
    /// A value of ours, which stands in no source.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self { span: 0..0, kind }
    }

    /// The text, where it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// The keys and values, where it is a mapping.
    #[must_use]
    pub fn entries(&self) -> &[(Self, Self)] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The value of a key of a mapping.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|(name, _)| name.text() == Some(key)).map(|(_, value)| value)
    }
}

/// A value.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Nothing, `~` or `null`.
    Null,
    /// Text, as typed.
    Scalar(String),
    /// A list.
    List(Vec<Node>),
    /// Keys and values, in the author's order; keys are unique.
    Map(Vec<(Node, Node)>),
}

impl Kind {
    /// What it is, for a message.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Scalar(_) => "a single value",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
        }
    }
}

/// What serde hands over: scalars that YAML resolved to something else than text are read
/// again from the source, by their span.
pub(super) enum Raw {
    Null,
    Typed,
    Text(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<Raw>, Spanned<Raw>)>),
}

impl Raw {
    /// The tree over `text`, whose bytes begin at `base` of the whole source.
    pub(super) fn into_node(raw: Spanned<Self>, text: &str, base: usize) -> Node {
        let span = bytes(&raw.referenced, text);
        let kind = match raw.value {
            Self::Null => Kind::Null,
            Self::Typed => Kind::Scalar(text[span.clone()].trim().to_owned()),
            Self::Text(text) => Kind::Scalar(text),
            Self::List(items) => Kind::List(items.into_iter().map(|item| Self::into_node(item, text, base)).collect()),
            Self::Map(entries) => {
                let entry = |(key, value)| (Self::into_node(key, text, base), Self::into_node(value, text, base));
                Kind::Map(entries.into_iter().map(entry).collect())
            }
        };
        Node { span: span.start + base..span.end + base, kind }
    }
}

/// The bytes of a location, kept inside the text and on character boundaries.
pub(super) fn bytes(location: &Location, text: &str) -> Range<usize> {
    let offset = |value: Option<u64>| value.and_then(|value| usize::try_from(value).ok()).unwrap_or(0);
    let span = location.span();
    // Where the text itself is at fault, the parser tells line and column only.
    let start = span.byte_offset().map_or_else(|| at(location, text), |start| offset(Some(start)));
    let start = text.floor_char_boundary(start.min(text.len()));
    let end = text.floor_char_boundary((start + offset(span.byte_len())).min(text.len()));
    start..end.max(start)
}

/// The byte of a line and column, both from 1.
fn at(location: &Location, text: &str) -> usize {
    let before = |number: u64| usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
    let mut lines = text.split_inclusive('\n');
    let start: usize = lines.by_ref().take(before(location.line())).map(str::len).sum();
    let line = lines.next().unwrap_or_default().trim_end_matches('\n');
    start + line.chars().take(before(location.column())).map(char::len_utf8).sum::<usize>()
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

macro_rules! typed {
    ($($method:ident $type:ty),+) => {$(
        fn $method<E>(self, _: $type) -> Result<Raw, E> { Ok(Raw::Typed) }
    )+};
}

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    typed! { visit_bool bool, visit_i64 i64, visit_i128 i128, visit_u64 u64, visit_u128 u128, visit_f64 f64 }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}
