//! A node of the tree.

use std::ops::Range;

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
