//! The keys of a mapping, declared once: the reader of the mapping refuses every other key, and
//! the JSON Schemas for editors are made of the same declaration.

/// The keys that a mapping can have.
#[derive(Debug)]
pub struct Keys {
    /// What such a mapping is called in messages.
    pub what: &'static str,
    /// Each key, in the order in which people are told of them.
    pub list: &'static [Key],
}

impl Keys {
    /// The key of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'static Key> {
        self.list.iter().find(|key| key.name == name)
    }

    /// The names of the keys.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.list.iter().map(|key| key.name)
    }
}

/// A key: how it is spelt, what it means, what can stand after its colon.
#[derive(Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What can stand there.
    pub form: Form,
    /// What it means, in a phrase.
    pub meaning: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// Whether nothing at all may stand after the colon. It may not where the key decides who
    /// reads: nothing could be taken for more than was meant.
    pub may_be_empty: bool,
    /// A value, as JSON; empty where none would teach anything.
    pub example: &'static str,
}

impl Key {
    /// A key that may be left out, and may stand there without a value.
    #[must_use]
    pub const fn new(name: &'static str, form: Form, meaning: &'static str) -> Self {
        Self { name, form, meaning, required: false, may_be_empty: true, example: "" }
    }

    /// The same key, which must be there.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { required: true, may_be_empty: false, ..self }
    }

    /// The same key, which must not stand there without a value.
    #[must_use]
    pub const fn never_empty(self) -> Self {
        Self { may_be_empty: false, ..self }
    }

    /// The same key with an example of its value, as JSON.
    #[must_use]
    pub const fn example(self, example: &'static str) -> Self {
        Self { example, ..self }
    }
}

/// What can stand after a colon.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// Any text.
    Text,
    /// A text that is more than white space.
    Given,
    /// A text of at most so many characters that is more than white space.
    Short(u16),
    /// A text that matches this regular expression, in the dialect of JSON Schema.
    Pattern(&'static str),
    /// One of these words.
    Word(fn() -> Vec<&'static str>),
    /// One of these words in any case, which the prefix may precede.
    Label(&'static str, fn() -> Vec<&'static str>),
    /// A whole number, from the first to the second.
    Number(u32, u32),
    /// A number, with or without decimals, from the first to the second.
    Decimal(u32, u32),
    /// `true` or `false`.
    Boolean,
    /// An RFC 3339 date or date-time.
    Moment,
    /// A list; one value alone is a list of one.
    List(&'static Form),
    /// A mapping.
    Mapping(&'static Keys),
    /// A mapping of names, which match the regular expression, to mappings. There is at least one.
    Named(&'static str, &'static Keys),
    /// A mapping of any names to this.
    Each(&'static Form),
    /// One of these.
    Either(&'static [Form]),
    /// Nothing yet: the key is known, and refused with a message of its own.
    Refused,
}
