//! Which branches of the text the rows of a test reached. The twin says so where it takes one;
//! `coverage.rs` asks that random worlds take them all.

use std::cell::RefCell;
use std::collections::BTreeSet;

thread_local! {
    static SEEN: RefCell<BTreeSet<&'static str>> = const { RefCell::new(BTreeSet::new()) };
}

/// Notes that a branch was taken.
pub(crate) fn mark(branch: &'static str) {
    SEEN.with(|seen| seen.borrow_mut().insert(branch));
}

/// Every branch taken on this thread so far.
pub(crate) fn seen() -> BTreeSet<&'static str> {
    SEEN.with(|seen| seen.borrow().clone())
}
