//! What threads bring in.

use std::sync::{Mutex, PoisonError};

/// What many threads bring in, in no particular order.
pub(in crate::snapshot) struct Harvest<T>(Mutex<Vec<T>>);

impl<T> Default for Harvest<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Harvest<T> {
    /// Takes one more.
    pub(in crate::snapshot) fn add(&self, value: T) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(value);
    }

    /// All of it.
    pub(in crate::snapshot) fn into_vec(self) -> Vec<T> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}
