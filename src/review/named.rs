//! The ids that a text names.

use std::ops::Range;

use crate::report::markdown::Mention;

/// Each id with its place: all that front matter lists, and those of prose where they are said first.
pub(super) fn named<'a, Id>(
    listed: &'a [(Id, Range<usize>)],
    mentions: &'a [Mention<Id>],
) -> impl Iterator<Item = (&'a Id, &'a Range<usize>)> {
    let said = mentions.iter().map(|mention| (&mention.id, &mention.span));
    listed.iter().map(|(id, span)| (id, span)).chain(said)
}
