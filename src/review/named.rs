//! The ids that a text names.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::report::markdown::Mention;

/// Each id with its place: all that front matter lists, and those of prose where they are said first.
pub(super) fn named<'a, Id: Ord>(
    listed: &'a [(Id, Range<usize>)],
    mentions: &'a [Mention<Id>],
) -> impl Iterator<Item = (&'a Id, &'a Range<usize>)> {
    let mut said = BTreeSet::new();
    let first = mentions.iter().filter(move |mention| said.insert(&mention.id));
    listed.iter().map(|(id, span)| (id, span)).chain(first.map(|mention| (&mention.id, &mention.span)))
}
